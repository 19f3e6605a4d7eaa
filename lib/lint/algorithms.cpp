#include <fmt/format.h>

#include "base/try.hpp"
#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

using crypto::HashAlg;
using crypto::Scheme;
using crypto::SignatureAlgorithm;

struct Identifier {
    der::Oid id;
    ByteView parameters;
};
Result<Identifier> read_identifier(ByteView identifier) {
    tlv::Reader outer(identifier, lenient, "AlgorithmIdentifier");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    auto id = TRY(der::read_oid(r));
    return Identifier{std::move(id), r.rest()};
}

bool is_null(ByteView parameters) { return equal(parameters, der::write_null()); }

// X.690, 11.5: RFC 4055, 3.1 has the salt of 20 bytes and the trailer 1 as defaults.
bool encodes_pss_default(ByteView parameters) {
    tlv::Reader outer(parameters, lenient, "RSASSA-PSS-params");
    const auto sequence = outer.next();
    if (!sequence || sequence->tag != der::sequence) return false;
    auto r = outer.enter(*sequence);
    while (!r.at_end()) {
        const auto e = r.next();
        if (!e) return false;
        if (e->tag == der::context_constructed(3)) return true;
        if (e->tag == der::context_constructed(2) && equal(e->value, der::write_integer(20))) return true;
    }
    return false;
}

void check_pss(const SignatureAlgorithm& a, ByteView parameters, const std::string& where, Findings& f) {
    f.want(a.mgf_hash == a.hash, Rule::alg_pss_mgf, where, fmt::format("{} and {}", name(a.mgf_hash), name(a.hash)));
    f.want(a.salt_length == crypto::digest_size(a.hash), Rule::alg_pss_salt, where,
           fmt::format("{} bytes with {}", a.salt_length, name(a.hash)));
    f.want(!encodes_pss_default(parameters), Rule::der_default, where, "RSASSA-PSS-params");
    if (a.mgf_hash != a.hash) f.want(a.mgf_hash != HashAlg::sha1, Rule::alg_hash, where, "SHA-1 in the mask generation function");
}

void check_known(const SignatureAlgorithm& a, const Identifier& identifier, const std::string& where, Findings& f) {
    f.want(a.hash != HashAlg::sha1, Rule::alg_hash, where, a.text());
    const auto& parameters = identifier.parameters;
    if (a.scheme == Scheme::rsa_pss) check_pss(a, parameters, where, f);
    else
        f.want(a.scheme == Scheme::ecdsa ? parameters.empty() : is_null(parameters), Rule::alg_parameters, where,
               parameters.empty() ? "none" : fmt::format("{} bytes", parameters.size()));
    f.want(a.scheme != Scheme::rsa_pkcs1, Rule::alg_pkcs1, where);
}

// RFC 3279, 2.2.3: Ecdsa-Sig-Value. Some issuers write the two numbers side by side.
Result<void> read_ecdsa_value(ByteView signature) {
    tlv::Reader outer(signature, tlv::Rules::der, "signature");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    for (int i = 0; i < 2; ++i)
        if (const auto number = TRY(der::read_big_integer(r)); number[0] >= 0x80 || (number.size() == 1 && number[0] == 0))
            return r.error(Errc::der_bad_value, "not positive");
    return r.expect_end();
}

// RFC 5758, 3.2 and RFC 8017: DSA and bare key algorithms aside, what `crypto` does not know is not permitted.
void check_unknown(const Identifier& identifier, const Error& error, const std::string& where, Findings& f) {
    if (identifier.id.starts_with(oids::dsa_with_sha2())) f.add(Rule::alg_dsa, where);
    else f.add(error.detail.find("MD5") != std::string::npos ? Rule::alg_hash : Rule::alg_unknown, where, error.detail);
}

}  // namespace

std::optional<SignatureAlgorithm> check_algorithm(ByteView identifier, const std::string& where, Findings& f, bool in_cms) {
    const auto read = read_identifier(identifier);
    const auto element = tlv::parse_single(identifier, lenient);
    if (!read || !element) {
        f.add(Rule::alg_unknown, where, brief(read ? element.error() : read.error()));
        return std::nullopt;
    }
    const auto a = SignatureAlgorithm::parse(*element, lenient);
    if (!a) {
        check_unknown(*read, a.error(), where, f);
        return std::nullopt;
    }
    if (a->hash_unstated) f.add(in_cms ? Rule::cms_hash_unstated : Rule::alg_unknown, where, a->text());
    else check_known(*a, *read, where, f);
    return *a;
}

void check_hash(const der::Oid& hash, const std::string& where, Findings& f) {
    const auto known = crypto::hash_by_oid(hash);
    f.want(known && *known != HashAlg::sha1, Rule::alg_hash, where, known ? std::string(name(*known)) : hash.dotted());
}

std::optional<SignatureAlgorithm> check_signed(const RawSigned& object, Findings& f) {
    f.want(object.trailing == 0, Rule::der_trailing, "", fmt::format("{} bytes", object.trailing));
    f.want(equal(object.inner_algorithm, object.outer_algorithm), Rule::sig_algorithms_differ, "signatureAlgorithm");
    const auto a = check_algorithm(object.outer_algorithm, "signatureAlgorithm", f);
    if (a && a->scheme == Scheme::ecdsa)
        if (const auto value = read_ecdsa_value(object.signature); !value)
            f.add(Rule::sig_ecdsa_form, "signatureValue", brief(value.error()));
    return a;
}

bool check_fit(const SignatureAlgorithm& a, const crypto::PublicKeyInfo& key, const std::string& where, Findings& f) {
    const bool fits = (a.scheme == Scheme::ecdsa) == (key.type == crypto::KeyType::ec);
    f.want(fits, Rule::alg_key_mismatch, where, a.text() + " and " + key.text());
    // The longest hash there is must do for the curves of 512 and 521 bits.
    if (fits && a.scheme == Scheme::ecdsa && !a.hash_unstated)
        f.want(8 * crypto::digest_size(a.hash) >= std::min<std::size_t>(key.bits, 512), Rule::alg_weaker, where,
               a.text() + " and " + key.text());
    return fits;
}

}  // namespace idchip::lint
