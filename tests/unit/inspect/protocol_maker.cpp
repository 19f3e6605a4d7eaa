#include "inspect/protocol_maker.hpp"

#include <idchip/protocol/active_auth/active_auth.hpp>
#include <idchip/signer/card_security.hpp>
#include <idchip/signer/software.hpp>

namespace idchip::inspect::maker {

using lds::Ef;
using lds::SecurityInfo;
using lds::SecurityInfos;

namespace {

der::Oid protocol_named(const std::string& name) { return lds::protocol_by_name(name).value(); }

const crypto::Domain& p256() {
    static const auto domain = crypto::Domain::ecdh(crypto::Curve::p256);
    return domain;
}

lds::Files with(lds::Files files, Ef ef, Bytes content) {
    files[ef] = std::move(content);
    return files;
}

}  // namespace

SecurityInfo pace_info(const std::string& protocol, std::int64_t parameter_id) {
    return SecurityInfo::of(protocol_named(protocol), lds::PaceInfo{2, parameter_id});
}

const crypto::KeyPair& chip_key() {
    static const auto key = must(crypto::KeyPair::generate(p256(), system_rng()));
    return key;
}

SecurityInfo chip_info(const std::string& protocol) { return SecurityInfo::of(protocol_named(protocol), lds::ChipAuthenticationInfo{}); }

SecurityInfo chip_key_info(std::optional<std::int64_t> key_id, Bytes spki) {
    if (spki.empty()) spki = crypto::AgreementKey{p256(), chip_key().public_value}.to_spki();
    return SecurityInfo::of(protocol_named("id-PK-ECDH"), lds::ChipAuthenticationPublicKeyInfo{std::move(spki), key_id});
}

SecurityInfo active_info(const std::string& algorithm) {
    return SecurityInfo::of(protocol_named("id-icao-mrtd-security-aaProtocolObject"),
                            lds::ActiveAuthenticationInfo{1, der::Oid(algorithm)});
}

Bytes dg14_of(std::vector<SecurityInfo> infos) { return lds::Dg14::encode(SecurityInfos::of(std::move(infos))); }
Bytes card_access_of(std::vector<SecurityInfo> infos) { return lds::EfCardAccess::encode(SecurityInfos::of(std::move(infos))); }

Bytes card_security_of(std::vector<SecurityInfo> infos) {
    const auto ds = must(signer::make_software_signer(vietnam().ds, vietnam().ds_key));
    return must(signer::sign_card_security(SecurityInfos::of(std::move(infos)), *ds, today + -hour));
}

AccessAttempt attempt(std::string protocol, std::string error, std::string where, std::uint16_t sw) {
    AccessAttempt a;
    a.protocol = std::move(protocol);
    a.parameter_id = a.protocol == "BAC" ? std::nullopt : std::optional<std::int64_t>(13);
    a.password = "MRZ";
    a.error = std::move(error);
    a.where = std::move(where);
    a.sw = sw;
    return a;
}

Evidence opened_by_pace(const Bytes& dg14, const Bytes& card_access) {
    auto e = evidence_of(sign(dg14.empty() ? clean_files() : with(clean_files(), Ef::dg14, dg14)));
    e.access = "pace";
    e.attempts = {attempt("id-PACE-ECDH-GM-AES-CBC-CMAC-128")};
    e.files[Ef::card_access] = {card_access, 0x9000, false, 0, {}};
    return e;
}

Evidence opened_by_bac(const Bytes& dg14, std::optional<Bytes> card_access) {
    auto e = evidence_of(sign(dg14.empty() ? clean_files() : with(clean_files(), Ef::dg14, dg14)));
    e.attempts = {attempt("BAC")};
    if (card_access) e.files[Ef::card_access] = {*card_access, 0x9000, false, 0, {}};
    else e.files[Ef::card_access] = {std::nullopt, 0x6A82, false, 0, {}};
    return e;
}

ChipAuthentication proven_run() {
    ChipAuthentication run;
    run.protocol = "id-CA-ECDH-AES-CBC-CMAC-128";
    run.proven = true;
    return run;
}

Evidence chip_authenticated(ChipAuthentication run, std::vector<SecurityInfo> infos) {
    auto e = evidence_of(sign(with(clean_files(), Ef::dg14, dg14_of(std::move(infos)))));
    e.chip_authentication = std::move(run);
    return e;
}

Evidence actively_authenticated(const crypto::PrivateKey& key, crypto::HashAlg hash, std::vector<SecurityInfo> infos) {
    auto files = with(clean_files(), Ef::dg15, tlv::element(0x6F, key.public_key().to_spki(crypto::EcEncoding::named)));
    if (!infos.empty()) files[Ef::dg14] = dg14_of(std::move(infos));
    auto e = evidence_of(sign(std::move(files)));
    ActiveAuthentication run;
    run.challenge = system_rng().bytes(8);
    run.response = must(active_auth::sign(key, run.challenge, hash, system_rng()));
    run.sw = 0x9000;
    e.active_authentication = std::move(run);
    return e;
}

Evidence mapped(Bytes card_security, std::vector<SecurityInfo> in_dg14) {
    const auto map = must(crypto::KeyPair::generate(p256(), system_rng()));
    const auto pace = pace_info("id-PACE-ECDH-CAM-AES-CBC-CMAC-128", parameter_p256);
    in_dg14.push_back(pace);
    auto e = opened_by_pace(dg14_of(std::move(in_dg14)), card_access_of({pace}));
    e.attempts[0].protocol = "id-PACE-ECDH-CAM-AES-CBC-CMAC-128";
    e.mapping_proof = MappingProof{parameter_p256, map.public_value,
                                   to_bytes(must(p256().divide(map.private_value.view(), chip_key().private_value.view())).view())};
    e.files[Ef::card_security] = {std::move(card_security), 0x9000, true, 0, {}};
    return e;
}

Evidence mapped() { return mapped(card_security_of({chip_key_info(parameter_p256)}), {}); }

}  // namespace idchip::inspect::maker
