#include "bundle/sealed.hpp"

#include <fmt/format.h>

#include <idchip/pki/enveloped.hpp>

#include "base/try.hpp"
#include "pki/oids.hpp"
#include "pki/sha1.hpp"

namespace idchip::bundle {
namespace {

constexpr auto where = "bundle";
// Clocks of laptops that were off for weeks are wrong, but not by much.
constexpr std::int64_t clock_tolerance = seconds_per_day;

Failure bad(std::string detail) { return fail(Errc::bundle_bad, where, std::move(detail)); }
Error untrusted(std::string detail) { return {Errc::bundle_untrusted, where, std::move(detail)}; }

// The signature, and whether this certificate may have made it then.
std::optional<Error> objection(const pki::SignedData& data, const pki::SignerInfo& info, const pki::Certificate& team, Instant now) {
    if (!team.public_key) return Error(*team.key_error).inside(where);
    if (auto failure = pki::check_signature(data, info, *team.public_key).failure) return std::move(*failure).inside(where);
    if (pki::uses_sha1(info)) return untrusted("signed with SHA-1");
    if (team.key_usage && !team.allows(pki::KeyUsage::digital_signature)) return untrusted("its certificate may not sign");
    if (!team.unknown_critical.empty())
        return untrusted("its certificate has unknown critical extension " + team.unknown_critical[0].dotted());
    const auto at = info.signing_times[0];
    if (at < team.not_before || at > team.not_after)
        return untrusted(fmt::format("signed {}; its certificate is valid from {} until {}", to_iso(at), to_iso(team.not_before),
                                     to_iso(team.not_after)));
    if (at > now + clock_tolerance) return untrusted(fmt::format("signed {}, which is in the future", to_iso(at)));
    return std::nullopt;
}

Result<Opened> verify(ByteView signed_data, std::span<const pki::Certificate> teams, Instant now) {
    auto parsed = pki::SignedData::parse(signed_data);
    if (!parsed) return fail(std::move(parsed.error()).inside(where));
    auto& data = *parsed;
    // What other files from the field are forgiven, a bundle is not: its only maker is this program.
    for (const auto& note : data.notes)
        if (note.id != "cms.version") return bad(note.id);
    if (!(data.content_type == pki::oids::data())) return bad("the signed content is not id-data");
    if (data.signers.size() != 1) return bad(fmt::format("{} signatures", data.signers.size()));
    const auto& info = data.signers[0];
    if (info.signing_times.size() != 1 || info.signing_time_malformed) return bad("the signature states no time");
    // Certificates that came along prove nothing: only those that are pinned are looked at.
    data.certificates.assign(teams.begin(), teams.end());
    auto why = untrusted(fmt::format("the signature names none of the {} certificates of teams", teams.size()));
    for (const auto* team : data.candidates(info)) {
        auto found = objection(data, info, *team, now);
        if (!found) return Opened{std::move(data.content), *team, info.signing_times[0]};
        why = std::move(*found);
    }
    return fail(std::move(why));
}

}  // namespace

Result<Bytes> sign_and_seal(ByteView content, pki::ContentSigner& team, const pki::Certificate& centre, Instant at, Rng& rng) {
    // By the key's identifier a team may be certified anew without being unknown for the time between.
    const auto signed_data =
        TRY(pki::build_signed_data(pki::oids::data(), content, team, at, {.certificates = {}, .signer_by_key_id = true}));
    TRY(verify(signed_data, std::span(&team.certificate(), 1), at));
    return pki::seal(signed_data, std::span(&centre, 1), rng);
}

Result<Opened> open_and_verify(ByteView bundle, const pki::Certificate& own, const crypto::PrivateKey& key,
                               std::span<const pki::Certificate> teams, Instant now) {
    return verify(TRY(pki::open(bundle, own, key)), teams, now);
}

}  // namespace idchip::bundle
