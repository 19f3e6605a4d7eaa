#include <fmt/format.h>

#include "base/try.hpp"
#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

constexpr auto place_of_key = "subjectPublicKeyInfo";

bool uncompressed(ByteView point) { return !point.empty() && point[0] == 4; }

struct Spki {
    der::Oid algorithm;
    tlv::Reader parameters;
    ByteView key;
};
Result<Spki> read_spki(ByteView spki) {
    tlv::Reader outer(spki, lenient, place_of_key);
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    auto parameters = r.enter(TRY(r.expect(der::sequence)));
    auto id = TRY(der::read_oid(parameters));
    const auto key = TRY(der::read_bit_string(TRY(r.expect(der::bit_string))));
    return Spki{std::move(id), std::move(parameters), key};
}

// RFC 3279, 2.3.5: ECParameters, as far as the profile says anything of them.
Result<void> check_written_out(tlv::Reader r, Findings& f) {
    TRY(der::read_integer(r));
    TRY(r.expect(der::sequence));  // field
    TRY(r.expect(der::sequence));  // curve
    f.want(uncompressed(TRY(der::read_octet_string(r))), Rule::key_ec_generator, place_of_key);
    TRY(r.expect(der::integer));  // order
    f.want(!r.at_end(), Rule::key_ec_cofactor, place_of_key);
    return {};
}

// Doc 9303-12, 4.1.6.3. Whether the parameters are those of a known curve, `crypto` finds out.
Result<void> check_ec(Spki& spki, Findings& f) {
    f.want(uncompressed(spki.key), Rule::key_ec_point, place_of_key);
    if (spki.parameters.at_end()) {
        f.add(Rule::key_ec_implicit, place_of_key);
        return {};
    }
    const auto e = TRY(spki.parameters.next());
    if (e.tag == der::sequence) return check_written_out(spki.parameters.enter(e), f);
    if (e.tag == der::oid) f.add(Rule::key_ec_named, place_of_key, TRY(der::Oid::from_contents(e.value)).dotted());
    else f.add(Rule::key_ec_implicit, place_of_key);
    return {};
}

// The text names no sizes, but wants catalogues taken into account: 112 bits of security are the least that NIST SP 800-131A allows,
// 120 what BSI TR-02102-1 recommends; a CSCA's key has to last longest.
void check_size(const crypto::PublicKeyInfo& key, bool csca, Findings& f) {
    const auto bits = fmt::format("{} bits", key.bits);
    if (key.type == crypto::KeyType::ec) {
        if (key.bits < 224) f.add(Rule::key_ec_small, place_of_key, bits);
        else f.want(!csca || key.bits >= 256, Rule::key_ec_csca, place_of_key, bits);
        return;
    }
    if (key.bits < 2048) f.add(Rule::key_rsa_small, place_of_key, bits);
    else f.want(!csca || key.bits >= 3072, Rule::key_rsa_csca, place_of_key, bits);
    const bool small = key.e.size() <= 8 && read_be(key.e) < 65537;
    f.want(!small, Rule::key_rsa_exponent, place_of_key, small ? std::to_string(read_be(key.e)) : "");
}

bool is_rsa(const der::Oid& algorithm) { return algorithm == oids::rsa_encryption() || algorithm == oids::rsa_pss(); }

// Whether the key is of a kind whose numbers can be judged.
Result<bool> check_form(ByteView raw, bool ec_only, Findings& f) {
    auto spki = TRY(read_spki(raw));
    const bool ec = spki.algorithm == oids::ec_public_key();
    f.want(ec || !ec_only, Rule::key_not_ec, place_of_key, spki.algorithm.dotted());
    if (ec) {
        TRY(check_ec(spki, f));
        return uncompressed(spki.key);
    }
    if (spki.algorithm == oids::rsa_encryption())
        f.want(equal(spki.parameters.rest(), der::write_null()), Rule::key_rsa_parameters, place_of_key);
    else if (spki.algorithm == oids::dsa()) f.add(Rule::alg_dsa, place_of_key);
    else f.want(is_rsa(spki.algorithm), Rule::key_algorithm, place_of_key, spki.algorithm.dotted());
    return is_rsa(spki.algorithm);
}

}  // namespace

std::optional<crypto::PublicKey> check_key(ByteView spki, Profile profile, Findings& f) {
    // Doc 9303-12, 4.1.7 and 4.1.8
    const auto judged = check_form(spki, profile == Profile::lds2_signer || profile == Profile::bar_code_signer, f);
    if (!judged) f.add(Rule::key_unusable, place_of_key, brief(judged.error()));
    if (!judged || !*judged) return std::nullopt;
    auto key = crypto::PublicKey::from_spki(spki);
    if (!key) {
        f.add(Rule::key_unusable, place_of_key, brief(key.error()));
        return std::nullopt;
    }
    check_size(key->info(), profile == Profile::root || profile == Profile::link, f);
    return std::move(*key);
}

}  // namespace idchip::lint
