#include <idchip/personalize/chip_keys.hpp>

#include <charconv>

#include <idchip/lds/dg15.hpp>
#include <idchip/lds/security_infos.hpp>
#include <idchip/protocol/chip_auth/chip_auth.hpp>
#include <idchip/protocol/pace/pace.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

using lds::SecurityInfo;
using profile::Value;

Failure bad(std::string where, std::string detail) { return fail(Errc::profile_bad, std::move(where), std::move(detail)); }

// "RSA-2048": 2048. Nothing: not RSA.
std::optional<std::size_t> rsa_bits(std::string_view kind) {
    if (!kind.starts_with("RSA-")) return std::nullopt;
    std::size_t bits = 0;
    std::from_chars(kind.data() + 4, kind.data() + kind.size(), bits);
    return bits;
}

Result<crypto::Curve> curve_of(const std::string& kind, const char* where) {
    const auto curve = crypto::curve_by_name(kind);
    if (!curve) return bad(where, "no kind of key is called " + kind);
    return *curve;
}

der::Oid protocol(std::string_view name) { return *lds::protocol_by_name(name); }

Result<der::Oid> known_protocol(const std::string& name, const char* where) {
    const auto oid = lds::protocol_by_name(name);
    if (!oid) return bad(where, "no protocol is called " + name);
    return *oid;
}

// Doc 9303-11, 9.2.4: with ECDSA the chip's algorithm is told; BSI TR-03111, 5.2.1.1: ecdsa-plain-SHA256.
SecurityInfo aa_info() {
    static const der::Oid ecdsa_plain_sha256("0.4.0.127.0.7.1.1.4.1.3");
    return SecurityInfo::of(protocol("id-icao-mrtd-security-aaProtocolObject"), lds::ActiveAuthenticationInfo{1, ecdsa_plain_sha256});
}

Result<std::vector<SecurityInfo>> pace_infos(const profile::Features& f) {
    if (f.pace.empty()) return std::vector<SecurityInfo>();
    const auto oid = TRY(known_protocol(f.pace, "chip/pace/protocol"));
    if (!pace::Suite::of(oid)) return bad("chip/pace/protocol", f.pace + " is not PACE");
    return std::vector{SecurityInfo::of(oid, lds::PaceInfo{2, f.pace_parameter_id})};
}

Result<std::vector<SecurityInfo>> dg14_infos(const Document& d, const profile::Features& f, const ChipKeys& keys) {
    std::vector<SecurityInfo> infos;
    if (d.terminal_authentication) infos.push_back(SecurityInfo::of(protocol("id-TA"), lds::TerminalAuthenticationInfo{1, {}, {}}));
    if (keys.ca_public) {
        const auto oid = TRY(known_protocol(f.ca_protocol, "chip/chip_authentication/protocol"));
        if (!chip_auth::Suite::of(oid)) return bad("chip/chip_authentication/protocol", f.ca_protocol + " is not chip authentication");
        infos.push_back(SecurityInfo::of(oid, lds::ChipAuthenticationInfo{1, {}}));
        infos.push_back(SecurityInfo::of(protocol("id-PK-ECDH"), lds::ChipAuthenticationPublicKeyInfo{keys.ca_public->to_spki(), {}}));
    }
    if (keys.aa_public && keys.aa_public->info().type == crypto::KeyType::ec) infos.push_back(aa_info());
    // Doc 9303-11, 9.2.11: what EF.CardAccess offers is signed in DG14.
    if (!infos.empty() || !f.pace.empty())
        for (auto& info : TRY(pace_infos(f))) infos.push_back(std::move(info));
    return infos;
}

void give(Document& d, const std::string& name, ByteView bytes) { d.variables[name] = Value::of(bytes); }

Result<void> give_aa(Document& d, const crypto::PrivateKey& key) {
    const auto secret = TRY(key.secret_number());
    const auto& info = key.public_key().info();
    if (info.type == crypto::KeyType::rsa) {
        give(d, "aa.modulus", info.n);
        give(d, "aa.public_exponent", info.e);
        give(d, "aa.private_exponent", secret.view());
    } else {
        give(d, "aa.private_key", secret.view());
    }
    return {};
}

void give_ca(Document& d, const crypto::AgreementKey& key, ByteView secret) {
    const auto& p = crypto::parameters(key.domain.curve());
    give(d, "ca.private_key", secret);
    give(d, "ca.public_key", key.public_value);
    give(d, "ca.p", p.p);
    give(d, "ca.a", p.a);
    give(d, "ca.b", p.b);
    give(d, "ca.g", concat({Bytes{0x04}, p.generator_x, p.generator_y}));
    give(d, "ca.n", p.order);
    give(d, "ca.h", Bytes{static_cast<Byte>(p.cofactor)});
}

}  // namespace

Result<ChipKeys> make_chip_keys(const profile::Features& f, Rng& rng) {
    ChipKeys keys;
    if (!f.aa_key.empty()) {
        const auto bits = rsa_bits(f.aa_key);
        if (bits && (*bits < 1024 || *bits > 4096)) return bad("chip/active_authentication", f.aa_key + ": want 1024 to 4096 bits");
        keys.aa_private = bits ? TRY(crypto::PrivateKey::generate_rsa(*bits))
                               : TRY(crypto::PrivateKey::generate_ec(TRY(curve_of(f.aa_key, "chip/active_authentication"))));
        keys.aa_public = keys.aa_private->public_key();
    }
    if (!f.ca_curve.empty()) {
        const auto domain = crypto::Domain::ecdh(TRY(curve_of(f.ca_curve, "chip/chip_authentication/curve")));
        auto pair = TRY(crypto::KeyPair::generate(domain, rng));
        keys.ca_public = crypto::AgreementKey{domain, std::move(pair.public_value)};
        keys.ca_private = std::move(pair.private_value);
    }
    return keys;
}

Result<void> set_chip_keys(Document& d, const profile::Features& f, const ChipKeys& keys) {
    if (auto infos = TRY(pace_infos(f)); !infos.empty())
        d.files[lds::Ef::card_access] = lds::EfCardAccess::encode(lds::SecurityInfos::of(std::move(infos)));
    if (auto infos = TRY(dg14_infos(d, f, keys)); !infos.empty())
        d.files[lds::Ef::dg14] = lds::Dg14::encode(lds::SecurityInfos::of(std::move(infos)));
    // RSA: named by its numbers; EC: Doc 9303-11, 6.1.2.2 wants explicit parameters.
    if (keys.aa_public) d.files[lds::Ef::dg15] = lds::Dg15::encode(keys.aa_public->to_spki(crypto::EcEncoding::explicit_parameters));
    list_in_com(d);
    if (keys.aa_private) TRY(give_aa(d, *keys.aa_private));
    if (keys.ca_public && !keys.ca_private.empty()) give_ca(d, *keys.ca_public, keys.ca_private.view());
    return {};
}

Result<void> take_generated(ChipKeys& keys, const profile::Features& f, profile::KeyPurpose purpose, ByteView answer) {
    constexpr std::uint32_t public_key = 0x7F49, modulus = 0x81, exponent = 0x82, point = 0x86;
    tlv::Reader outer(answer, tlv::Rules::ber, "GENERATE ASYMMETRIC KEY PAIR");
    auto r = outer.enter(TRY(outer.expect(public_key)));
    std::map<std::uint32_t, ByteView> found;
    while (!r.at_end()) {
        const auto e = TRY(r.next());
        found[e.tag] = e.value;
    }
    if (purpose == profile::KeyPurpose::chip_authentication) {
        const auto domain = crypto::Domain::ecdh(TRY(curve_of(f.ca_curve, "chip/chip_authentication/curve")));
        TRY(domain.check(found[point]));
        keys.ca_public = crypto::AgreementKey{domain, to_bytes(found[point])};
        keys.ca_private = Secret();
        return {};
    }
    keys.aa_public = rsa_bits(f.aa_key)
                         ? TRY(crypto::PublicKey::from_rsa(found[modulus], found[exponent]))
                         : TRY(crypto::PublicKey::from_ec_point(TRY(curve_of(f.aa_key, "chip/active_authentication")), found[point]));
    keys.aa_private.reset();
    return {};
}

}  // namespace idchip::personalize
