// A bundle: the records that a mobile team brings to the centre in one file. Its text is signed by the team (CMS SignedData over id-data),
// then encrypted to the centre (CMS EnvelopedData); docs/records.md has the format.
#pragma once

#include <filesystem>
#include <vector>

#include <idchip/pki/certificate.hpp>

namespace idchip::bundle {

inline constexpr std::size_t largest_file = 64U << 20U;   // bytes of a sealed bundle that the centre opens
inline constexpr std::size_t usual_content = 32U << 20U;  // bytes of text in one bundle: a thousand records with portraits, more or less
inline constexpr std::size_t most_records = 100'000;      // in one bundle

// The first line of the text.
struct Manifest {
    std::string bundle;        // 16 random bytes, hexadecimal
    std::string team;          // as its certificate says
    std::uint64_t number = 0;  // of this team's bundles, from 1: the centre sees which are missing
    Instant made_at;           // also the time of the signature
    std::uint64_t count = 0;   // records
};

// A team is called what the one common name (CN) of its certificate says: 1 to 64 bytes that are fit for the name of a file.
// Errors: pki.refused.
Result<std::string> team_name(const pki::Certificate& certificate);

// Every .cer, .crt, .der and .pem file of a folder, DER or PEM. Errors: input.not_found (no folder, no certificate in it),
// pki.refused (no name of a team), those of Certificate::parse_any; they name the file.
Result<std::vector<pki::Certificate>> load_teams(const std::filesystem::path& folder);

}  // namespace idchip::bundle
