#include <idchip/release/release.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/unicode.hpp>

#include "base/try.hpp"
#include "pki/common_name.hpp"
#include "pki/oids.hpp"
#include "pki/sha1.hpp"

namespace idchip::release {
namespace {

Failure bad(std::string detail) { return fail(Errc::release_bad, {}, std::move(detail)); }
Failure bad(const Error& why) { return bad(std::string(info(why.code).cause) + (why.detail.empty() ? std::string() : ": " + why.detail)); }

Result<void> stands(const Request& request, Instant now) {
    // It may have been filled in by hand: what it says must read back as what it is.
    TRY(Request::parse(request.statement()));
    if (request.at > now + clock_tolerance) return bad(fmt::format("the request stands from {} on", to_iso(request.at)));
    if (request.until < now) return bad(fmt::format("the request stood until {}", to_iso(request.until)));
    return {};
}

// Whether the holder of this certificate has made this signature, and may.
Result<void> accept(const pki::SignedData& data, const pki::SignerInfo& info, const pki::Certificate& person, Instant now) {
    const auto name = operator_name(person);
    if (!name) return bad(name.error());
    if (!person.public_key) return bad(*person.key_error);
    if (const auto failure = pki::check_signature(data, info, *person.public_key).failure) return bad(*failure);
    if (pki::uses_sha1(info)) return bad("signed with SHA-1");
    // An operator's consent is what non-repudiation was made for (RFC 5280, 4.2.1.3).
    if (person.key_usage && !person.allows(pki::KeyUsage::digital_signature) && !person.allows(pki::KeyUsage::non_repudiation))
        return bad(*name + "'s certificate may not sign");
    if (!person.unknown_critical.empty())
        return bad(fmt::format("{}'s certificate has unknown critical extension {}", *name, person.unknown_critical[0].dotted()));
    // The time that a signature states is its maker's word; the clock here is ours.
    if (now < person.not_before || now > person.not_after)
        return bad(fmt::format("{}'s certificate is valid from {} until {}", *name, to_iso(person.not_before), to_iso(person.not_after)));
    return {};
}

// Of several certificates that the signature names (one key, certified again) one that may is enough.
Result<const pki::Certificate*> signer_of(const pki::SignedData& data, const pki::SignerInfo& info,
                                          std::span<const pki::Certificate> operators, Instant now) {
    Result<void> may = bad(fmt::format("its signer is none of the {} operators", operators.size()));
    for (const auto* named : data.candidates(info)) {
        may = accept(data, info, *named, now);
        if (!may) continue;
        return &*std::find_if(operators.begin(), operators.end(), [&](const auto& c) { return c.raw == named->raw; });
    }
    return fail(std::move(may.error()));
}

// A person may have several certificates, and a key may be certified under several names: neither makes two of one. Nor does another
// spelling of the name: some authorities write capitals, some compose the letters with marks, some do not.
bool are_two(const pki::Certificate& a, const pki::Certificate& b) {
    const auto name = [](const pki::Certificate& c) { return to_folded(*pki::common_name(c.subject)); };
    const auto key = [](const pki::Certificate& c) { return c.public_key->to_spki(crypto::EcEncoding::named); };
    return name(a) != name(b) && key(a) != key(b);
}

}  // namespace

Result<std::vector<const pki::Certificate*>> signers(const Request& request, ByteView release, std::span<const pki::Certificate> operators,
                                                     Instant now) {
    TRY(stands(request, now));
    if (release.size() > largest_file) return bad("larger than any release");
    auto data = pki::SignedData::parse(release);
    if (!data) return bad(data.error());
    if (!(data->content_type == pki::oids::data()) || !equal(data->content, as_bytes(request.statement())))
        return bad("what was signed is not this request");
    if (data->signers.empty()) return bad("nobody has signed it");
    // Certificates that came along prove nothing: only those of the operators are looked at.
    data->certificates.assign(operators.begin(), operators.end());
    std::vector<const pki::Certificate*> found;
    for (const auto& info : data->signers) found.push_back(TRY(signer_of(*data, info, operators, now)));
    return found;
}

Result<Bytes> sign(const Request& request, pki::ContentSigner& signer, Instant now) {
    auto made = TRY(pki::build_signed_data(pki::oids::data(), as_bytes(request.statement()), signer, now));
    TRY(signers(request, made, std::span(&signer.certificate(), 1), now));
    return made;
}

std::string Release::summary() const {
    std::string names;
    for (std::size_t i = 0; i < operators.size(); ++i) names += (i == 0 ? "" : i + 1 == operators.size() ? " and " : ", ") + operators[i];
    return fmt::format("released by {}, request {}", names, digest);
}

Result<Release> check(const Request& request, std::span<const Bytes> releases, std::span<const pki::Certificate> operators, Instant now) {
    TRY(stands(request, now));
    std::vector<const pki::Certificate*> persons;
    for (std::size_t i = 0; i < releases.size(); ++i) {
        const auto found = signers(request, releases[i], operators, now);
        if (!found) return fail(Error(found.error()).inside(fmt::format("release {}", i + 1)));
        persons.insert(persons.end(), found->begin(), found->end());
    }
    Release release;
    release.digest = request.digest();
    bool two = false;
    for (const auto* person : persons) {
        two = two || std::any_of(persons.begin(), persons.end(), [&](const auto* other) { return are_two(*person, *other); });
        auto name = TRY(operator_name(*person));
        if (std::find(release.operators.begin(), release.operators.end(), name) == release.operators.end())
            release.operators.push_back(std::move(name));
    }
    if (two) return release;
    return fail(Errc::release_missing, request.kind,
                release.operators.empty() ? "nobody has signed" : fmt::format("{} alone has signed", fmt::join(release.operators, ", ")));
}

}  // namespace idchip::release
