// What makes a record a card, beside record, reader and chip: as the verbs that write cards name it.
#pragma once

#include <memory>
#include <set>

#include <CLI/CLI.hpp>

#include <idchip/personalize/key_pool.hpp>
#include <idchip/personalize/run.hpp>

#include "card_key_options.hpp"
#include "signer_folder.hpp"

namespace idchip::cli {

struct IssuanceOptions {
    SignerAccess signer;
    CardKeyOptions keys;
    std::string profile = "jmrtd-applet", pki, stock, reports, pool, pool_passphrase_file, letters, cvca;
};
void add_issuance_options(CLI::App& verb, IssuanceOptions& o);

struct Issuance {
    IssuanceOptions options;
    profile::Profile profile;
    std::unique_ptr<signer::DocumentSigner> signer;
    std::unique_ptr<card_keys::Source> keys;
    std::optional<std::set<std::string>> stock;
    pki::TrustStore trust;
    std::optional<personalize::KeyPool> pool;
    std::optional<pki::CvCertificate> cvca;

    // Folders for letters and reports are made unless it is only `looking`. Errors: of each part.
    static Result<Issuance> open(const IssuanceOptions& options, bool looking = false);

    enum class Letter { either, old_only, not_kept };
    // PIN and PUK, trust point: what was asked for and the profile's chip can take. The letter is on disk before the chip knows what stands
    // in it; a second run gives the chip the same again, and one that resumes makes none. Errors: io.*, input.*, cvc.*, profile.bad.
    Result<void> complete(personalize::Document& document, Letter letter) const;
    // Out of the pool, or fresh. Errors: pool.*, crypto.*, profile.bad.
    Result<personalize::KeyPool::Taken> chip_keys();
    Result<personalize::KeyPool::Taken> fresh_chip_keys() const;
    // The report, if there is a folder for it. Errors: io.*.
    Result<void> report(const personalize::Job& job, const personalize::Outcome& outcome) const;
};

}  // namespace idchip::cli
