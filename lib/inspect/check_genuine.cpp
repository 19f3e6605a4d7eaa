// Whether the chip is the one that was issued: family E of docs/inspection-cases.md.
#include <algorithm>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/lds/dg15.hpp>
#include <idchip/lds/security_infos.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>
#include <idchip/protocol/chip_auth/chip_auth.hpp>
#include <idchip/protocol/pace/pace.hpp>

#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

using lds::ChipAuthenticationPublicKeyInfo;
using lds::Ef;

constexpr auto id_genuine = "chip.genuine", id_chip = "chip.chip_authentication", id_active = "chip.active_authentication",
               id_mapping = "chip.mapping";

bool names(const Context& c, Ef ef) { return c.security_object->data_group_hashes.contains(lds::dg_number(ef)); }

// The proofs, each judged by itself; a proof counts as much as the signature over its key (cases E10, I06) and only for the terminal
// that took part in it (E09, E25).
class Genuineness {
public:
    explicit Genuineness(Context& c) : c_(c) {}

    void run() {
        chip_authentication();
        active_authentication();
        mapping();
        summary();
    }

private:
    void proven(const char* id, Ef key_file, bool key_authentic, const char* case_id, const std::string& text, const std::string& detail) {
        if (!key_authentic) {
            c_.findings.inconclusive(id, Overall::accept_with_notes, case_id,
                                     "the chip has proven a key that nobody vouches for: " + lds::name(key_file), detail);
        } else if (!c_.evidence.live) {
            c_.findings.inconclusive(id, Overall::accept_with_notes, "E25",
                                     "the chip has proven itself to the device that read it, not to this one", detail);
        } else {
            c_.findings.pass(id, text, detail);
            proven_ = true;
        }
    }

    void chip_authentication() {
        const auto infos = security_infos(c_, Ef::dg14);
        const bool offered =
            infos && (!infos->all<ChipAuthenticationPublicKeyInfo>().empty() || !infos->all<lds::ChipAuthenticationInfo>().empty());
        if (!offered) return;
        offered_ = true;
        Notes notes;
        static_cast<void>(chip_auth::choices(*infos, notes));
        for (const auto& note : notes)
            if (note.id == "ca.unusable_key")
                c_.findings.inconclusive(id_chip, Overall::refer, "E22", "a key of chip authentication cannot be used", note.detail);
            else c_.findings.tolerances("", {note});
        const auto& run = c_.evidence.chip_authentication;
        if (!run) return;  // the summary says so
        if (run->proven)
            return proven(id_chip, Ef::dg14, is_authentic(c_, Ef::dg14), "E26", "the chip has proven that it is no copy", run->protocol);
        failed_ = true;
        const auto detail =
            fmt::format("{}, {}: {}", run->protocol, run->where, run->sw == 0 ? run->error : iso7816::sw::describe(run->sw));
        if (run->error == "sm.broken")
            c_.findings.refer(id_chip, "E04", "the chip does not know the private key of DG14: it may be a copy", detail);
        else
            c_.findings.refer(id_chip, "E03", "the chip offers chip authentication in signed data, and refuses it: it may be a copy",
                              detail);
    }

    void active_authentication() {
        const auto* file = c_.evidence.content(Ef::dg15);
        if (file == nullptr) return;
        offered_ = true;
        const auto dg15 = lds::Dg15::parse(*file);
        if (!dg15) return;  // check_details says so
        const auto key = active_auth::Key::from_spki(dg15->public_key);
        if (!key)
            return c_.findings.inconclusive(id_active, Overall::refer, "E14", "the key in DG15 cannot be used", key.error().message());
        c_.findings.tolerances("", key->notes);
        const auto& run = c_.evidence.active_authentication;
        if (!run) {
            // Chip authentication proves the same: where it did, nothing is missing.
            if (proven_)
                c_.findings.inconclusive(id_active, Overall::accept, "E06",
                                         "active authentication was offered and not run; the chip is proven");
            return;
        }
        judge_active(*key, *run);
    }

    void judge_active(const active_auth::Key& key, const ActiveAuthentication& run) {
        if (!run.error.empty())
            return c_.findings.unavailable(id_active, Overall::refer, "A44", "the answer to the challenge was not authentic", run.error);
        const auto challenge = active_auth::Challenge::recorded(run.challenge);
        if (!challenge) return c_.findings.inconclusive(id_active, Overall::cannot, "E09", "the saved challenge is not 8 bytes long");
        const auto proof = active_auth::verify(key, algorithm_info(), *challenge, {run.response, run.sw});
        if (proof) {
            c_.findings.tolerances("", proof->notes);
            return proven(id_active, Ef::dg15, is_authentic(c_, Ef::dg15), "E10", "the chip has signed our challenge", proof->algorithm);
        }
        const auto& error = proof.error();
        if (error.code == Errc::crypto_unsupported)
            return c_.findings.inconclusive(id_active, Overall::refer, "E11", "unsupported algorithm of active authentication",
                                            error.message());
        failed_ = true;
        if (error.code == Errc::aa_refused)
            return c_.findings.refer(id_active, run.sw == 0x9000 ? "E17" : "E02",
                                     "the chip has a signed key for active authentication, and does not sign: it may be a copy",
                                     error.message());
        c_.findings.reject(id_active, "E08", "the chip has not signed our challenge with the key in DG15: it is a copy", error.message());
    }

    std::optional<lds::ActiveAuthenticationInfo> algorithm_info() const {
        const auto infos = security_infos(c_, Ef::dg14);
        if (!infos) return std::nullopt;
        const auto all = infos->all<lds::ActiveAuthenticationInfo>();
        return all.empty() ? std::nullopt : std::optional(std::get<lds::ActiveAuthenticationInfo>(all.front()->content));
    }

    // 4.4.3.5.2, with the key of EF.CardSecurity that the parameter id names (9.2.1).
    void mapping() {
        const auto& proof = c_.evidence.mapping_proof;
        if (!proof) return;
        offered_ = true;
        if (!proof->ca_ic) {
            failed_ = true;
            return c_.findings.refer(id_mapping, "A20", "the chip has opened by the chip authentication mapping and kept its proof back");
        }
        const auto authentic = key_of(c_.card_security, proof->parameter_id);
        const auto claimed = authentic ? authentic : key_of(unverified_card_security(), proof->parameter_id);
        if (!claimed)
            return c_.findings.inconclusive(id_mapping, Overall::refer, "A21",
                                            "EF.CardSecurity holds no key for the chip authentication mapping",
                                            fmt::format("parameterId {}", proof->parameter_id));
        const auto key = crypto::AgreementKey::from_spki(*claimed);
        if (!key)
            return c_.findings.inconclusive(id_mapping, Overall::refer, "E22", "the key in EF.CardSecurity cannot be used",
                                            key.error().message());
        if (const auto right = pace::verify_chip_authentication(key->domain, key->public_value, *proof->ca_ic, proof->pk_map_ic); !right) {
            failed_ = true;
            return c_.findings.reject(id_mapping, "A20", "the chip does not know the private key of EF.CardSecurity: it is a copy",
                                      right.error().message());
        }
        check_same_key(*claimed, proof->parameter_id);
        proven(id_mapping, Ef::card_security, authentic.has_value(), "A21", "the chip has proven within PACE that it is no copy",
               key->domain.text());
    }

    std::optional<lds::SecurityInfos> unverified_card_security() const {
        const auto* file = c_.evidence.content(Ef::card_security);
        const auto parsed = file != nullptr ? lds::EfCardSecurity::parse(*file) : Result<lds::EfCardSecurity>(fail(Errc::not_found));
        const auto data = parsed ? pki::SignedData::parse(parsed->cms) : Result<pki::SignedData>(fail(Errc::not_found));
        auto infos = data ? lds::SecurityInfos::parse(data->content, "EF.CardSecurity") : Result<lds::SecurityInfos>(fail(Errc::not_found));
        return infos ? std::optional(std::move(*infos)) : std::nullopt;
    }

    static std::optional<Bytes> key_of(const std::optional<lds::SecurityInfos>& infos, std::int64_t id) {
        if (!infos) return std::nullopt;
        for (const auto* entry : infos->all<ChipAuthenticationPublicKeyInfo>())
            if (const auto& key = std::get<ChipAuthenticationPublicKeyInfo>(entry->content); key.key_id == id) return key.public_key;
        return std::nullopt;
    }

    void check_same_key(const Bytes& key, std::int64_t id) {
        const auto other = key_of(security_infos(c_, Ef::dg14), id);
        const auto a = crypto::AgreementKey::from_spki(key);
        const auto b = other ? crypto::AgreementKey::from_spki(*other) : Result<crypto::AgreementKey>(fail(Errc::not_found));
        if (a && b && a->public_value != b->public_value)
            c_.findings.refer(id_mapping, "A22", "EF.CardSecurity and DG14 name different keys under the same id",
                              fmt::format("keyId {}", id));
    }

    // The officer must know whether this may be a copy.
    void summary() {
        if (proven_ || failed_) return;
        const bool signed_offer = names(c_, Ef::dg14) || names(c_, Ef::dg15);
        if (offered_ || signed_offer)
            c_.findings.inconclusive(id_genuine, Overall::accept_with_notes, "E01",
                                     "the chip offers a proof that it is no copy; none was given");
        else if (!c_.object_authentic)
            c_.findings.inconclusive(id_genuine, Overall::accept_with_notes, "I06",
                                     "EF.SOD is not proven; whether this chip could be a copy is open");
        else
            c_.findings.add(id_genuine, Outcome::not_applicable, Overall::accept_with_notes, "E01",
                            "this kind of document cannot prove that its chip is no copy");
    }

    Context& c_;
    bool offered_ = false, proven_ = false, failed_ = false;
};

}  // namespace

void check_genuine(Context& c) {
    if (c.security_object) Genuineness(c).run();
}

}  // namespace idchip::inspect
