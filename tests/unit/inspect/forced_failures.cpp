#include "inspect/forced_failures.hpp"

#include "inspect/deviation_maker.hpp"

#include "inspect/protocol_maker.hpp"

namespace idchip::inspect::maker {
namespace {

using lds::Ef;
using List = std::vector<Forced>;

void add(List& list, std::string id, std::string case_id, Evidence evidence, pki::TrustStore store = trust()) {
    list.push_back({std::move(id), std::move(case_id), std::move(evidence), std::move(store)});
}

Evidence over(const CmsMaker& cms) { return evidence_of(with_sod(clean_files(), cms)); }
Evidence over_object(const SecurityObjectMaker& object) { return over(CmsMaker(object.der())); }

Evidence with_group(Ef ef, Bytes content) {
    auto groups = clean_files();
    groups[ef] = std::move(content);
    return evidence_of(sign(groups));
}

Evidence with_clone_defence() { return with_group(Ef::dg15, dg15()); }

Evidence with_file(Ef ef, Bytes content) {
    auto evidence = clean();
    evidence.files[ef] = {std::move(content), 0x9000, true, 0, {}};
    return evidence;
}

CmsMaker cms_with(const std::function<void(CmsMaker&)>& change) {
    auto cms = cms_over(clean_files());
    change(cms);
    return cms;
}

Evidence by_ds(const std::function<void(CertificateMaker&)>& change) {
    auto ds = ds_like();
    change(ds);
    return signed_by(ds.make());
}

pki::TrustStore by_csca(const std::function<void(CertificateMaker&)>& change) {
    auto csca = csca_like();
    change(csca);
    return trust_of(csca.make());
}

void add_access(List& list) {
    auto evidence = with_group(Ef::dg14, dg14_with_pace());
    evidence.access = "none";
    add(list, "access.control", "A26", evidence);
    const std::string gm = "id-PACE-ECDH-GM-AES-CBC-CMAC-128";
    auto refused_first = opened_by_bac(dg14_of({pace_info()}), card_access_of({pace_info()}));
    refused_first.attempts = {attempt(gm, "pace.refused", "MSE:Set AT", 0x6A80), attempt("BAC")};
    add(list, "access.downgrade", "A01", refused_first);
    refused_first.attempts[0].where = "GENERAL AUTHENTICATE step 2";
    add(list, "access.downgrade", "A02", refused_first);
    add(list, "access.downgrade", "A05", opened_by_bac(dg14_of({pace_info()}), std::nullopt));
    add(list, "access.card_access", "A06", opened_by_pace(dg14_of({pace_info()}), card_access_of({})));
    add(list, "access.card_access", "A07", opened_by_pace(dg14(), card_access_of({pace_info()})));
    auto open = opened_by_pace(dg14_of({pace_info()}), card_access_of({pace_info()}));
    open.opens_without_access_control = true;
    add(list, "access.open", "A26", open);
    Evidence nothing;
    nothing.read_at = today;
    nothing.access = "failed";
    nothing.attempts = {attempt(gm, "pace.bad_answer", "GENERAL AUTHENTICATE step 4")};
    add(list, "access.control", "A12", nothing);
    nothing.attempts = {attempt("BAC", "bac.bad_answer", "EXTERNAL AUTHENTICATE")};
    add(list, "access.control", "A24", nothing);
}

void add_card_security(List& list) {
    const auto right = card_security_of({chip_key_info(parameter_p256)});
    auto altered = right;
    altered[altered.size() - 5] ^= 1;
    add(list, "file.EF.CardSecurity", "A23", mapped(altered, {}));
    add(list, "file.EF.CardSecurity", "A23", mapped({0x30, 0x00}, {}));
    const auto signed_over = [](const std::function<void(CmsMaker&)>& change) {
        CmsMaker cms(lds::SecurityInfos::of({chip_key_info(parameter_p256)}).encode());
        cms.content_type = lds::oid_security_object();
        change(cms);
        return mapped(cms.content_info(), {});
    };
    add(list, "file.EF.CardSecurity", "A23", signed_over([](CmsMaker& m) { m.content_type = lds::oid_lds_security_object(); }));
    add(list, "file.EF.CardSecurity", "A23", signed_over([](CmsMaker& m) { m.with_signer = false; }));
    add(list, "file.EF.CardSecurity", "A23", signed_over([](CmsMaker& m) { m.content = {0x04, 0x00}; }));
    add(list, "file.EF.CardSecurity", "A23", signed_over([](CmsMaker& m) {
            auto elvis = ds_like();
            elvis.issuer_key = ec_key("attacker");
            elvis.algorithm = ecdsa(crypto::HashAlg::sha256);
            m.signer(elvis.make(), vietnam().ds_key);
        }));
    CrlMaker crl;
    crl.revoked = {{vietnam().ds.serial, today, {}}};
    add(list, "file.EF.CardSecurity", "D33", mapped(), {{vietnam().csca}, {crl.make()}, {}, "test"});
}

void add_terminal(List& list) {
    auto e = with_group(Ef::dg3, tlv::element(0x63, tlv::element(0x7F61, tlv::element(0x02, Bytes{0}))));
    TerminalAuthentication run;
    run.error = "ta.refused";
    run.sw = 0x6300;
    e.terminal_authentication = run;
    add(list, "terminal.authentication", "F01", e);
}

void add_genuine(List& list) {
    auto run = proven_run();
    run.proven = false;
    run.error = "ca.refused";
    add(list, "chip.chip_authentication", "E03", chip_authenticated(run));
    run.error = "sm.broken";
    add(list, "chip.chip_authentication", "E04", chip_authenticated(run));
    auto active = actively_authenticated(rsa_key("active authentication RSA"), crypto::HashAlg::sha256);
    auto other_challenge = active;
    other_challenge.active_authentication->challenge[0] ^= 1;
    add(list, "chip.active_authentication", "E08", other_challenge);
    active.active_authentication->response.clear();
    add(list, "chip.active_authentication", "E17", active);
    active.active_authentication->sw = 0x6D00;
    add(list, "chip.active_authentication", "E02", active);
    auto mapping = mapped();
    mapping.mapping_proof->ca_ic->back() ^= 1;
    add(list, "chip.mapping", "A20", mapping);
    mapping.mapping_proof->ca_ic.reset();
    add(list, "chip.mapping", "A20", mapping);
    const auto other = must(crypto::KeyPair::generate(crypto::Domain::ecdh(crypto::Curve::p256), system_rng()));
    const auto spki = crypto::AgreementKey{crypto::Domain::ecdh(crypto::Curve::p256), other.public_value}.to_spki();
    add(list, "chip.mapping", "A22", mapped(card_security_of({chip_key_info(parameter_p256)}), {chip_key_info(parameter_p256, spki)}));
}

void add_files(List& list) {
    add(list, "file.DG15", "B01", refused(with_clone_defence(), Ef::dg15, 0x6A82));
    add(list, "file.DG15", "B02", refused(with_clone_defence(), Ef::dg15, 0x6982));
    add(list, "file.DG11", "B03", with_file(Ef::dg11, tlv::element(0x6B, Bytes{1, 1, 1})));
    add(list, "file.EF.SOD", "B03", refused(clean(), Ef::sod, 0x6A82));
    add(list, "file.EF.COM.unsigned", "B04", with_file(Ef::com, lds::EfCom::of({Ef::dg1, Ef::dg2, Ef::dg7}).encode()));
    auto other_version = evidence_of(sign(clean_files(), crypto::HashAlg::sha256, 1));
    other_version.files[Ef::com].content = lds::EfCom::of({Ef::dg1, Ef::dg2}).encode();
    add(list, "file.EF.COM.version", "B06", other_version);
    auto changed = clean();
    changed.files[Ef::dg2].content->back() ^= 1;
    add(list, "pa.hash.DG2", "B07", changed);
    add(list, "file.DG2", "B08", refused(clean(), Ef::dg2, 0x6A82));
    add(list, "file.DG2", "B16", broken(clean(), Ef::dg2, "tlv.truncated"));
    add(list, "file.DG1", "B16", with_group(Ef::dg1, {0x61, 0x02, 0x5F, 0x1F}));
    add(list, "file.DG2", "B16", with_group(Ef::dg2, {0x75, 0x01, 0x00}));
    add(list, "file.EF.SOD", "B16", broken(clean(), Ef::sod, "tlv.truncated"));
    add(list, "file.EF.SOD", "B16", with_file(Ef::sod, {0x30, 0x00}));
    add(list, "file.EF.SOD", "B16", with_file(Ef::sod, {0x77, 0x02, 0x30, 0x00}));
}

void add_security_object(List& list) {
    SecurityObjectMaker object(clean_files());
    auto short_hash = object;
    short_hash.hashes[0].second.resize(20);
    add(list, "pa.security_object", "B10", over_object(short_hash));
    auto number = object;
    number.hashes.emplace_back(17, Bytes(32));
    add(list, "pa.security_object", "B12", over_object(number));
    auto few = object;
    few.hashes.pop_back();
    add(list, "pa.security_object", "C35", over_object(few));
    auto other = object;
    other.hashes[1].first = 15;
    add(list, "pa.security_object", "C35", over_object(other));
}

void add_signature(List& list) {
    add(list, "pa.signature", "C01", over(cms_with([](CmsMaker& m) { m.with_signer = false; })));
    add(list, "pa.signature", "C01", over(cms_with([](CmsMaker& m) { m.key = ec_key("attacker"); })));
    add(list, "pa.signature", "C03", over(cms_with([](CmsMaker& m) { m.octets = der::write_octet_string(Bytes(40)); })));
    const auto without = [](std::ptrdiff_t index) {
        return cms_with([index](CmsMaker& m) {
            m.attributes = m.made_attributes();
            m.attributes.erase(m.attributes.begin() + index);
        });
    };
    add(list, "pa.signature", "C04", over(without(1)));
    add(list, "pa.signature", "C05", over(without(0)));
    add(list, "pa.signature", "C09", over(cms_with([](CmsMaker& m) { m.with_attributes = false; })));
    add(list, "pa.signer_certificate", "C16", over(cms_with([](CmsMaker& m) {
            m.certificates.push_back(vietnam().csca.raw);
            m.sid = sid_by_key(Bytes{1});
        })));
    add(list, "pa.content_type", "C08", over(cms_with([](CmsMaker& m) { m.content_type = der::Oid("2.23.136.1.1.2"); })));
    add(list, "pa.signing_time", "C36", over(cms_with([](CmsMaker& m) {
            m.attributes = m.made_attributes();
            m.attributes.push_back(attribute("1.2.840.113549.1.9.5", der::write_time(today)));
        })));
}

void add_algorithms(List& list) {
    const auto bad_pss = der::sequence_of({tlv::element(0xA3, der::write_integer(2))});
    add(list, "pa.signature", "C21",
        over(cms_with([&](CmsMaker& m) { m.stated_algorithm = algorithm_id("1.2.840.113549.1.1.10", bad_pss); })));
    add(list, "pa.signature", "C30", over(cms_with([](CmsMaker& m) { m.digest_algorithm = algorithm_id("1.2.840.113549.2.5"); })));
    const auto by_spki = [](Bytes spki) {
        return over(cms_with([&](CmsMaker& m) {
            auto ds = ds_like();
            ds.spki = std::move(spki);
            m.certificates = {ds.der()};
        }));
    };
    const auto weak = der::sequence_of({der::write_unsigned(Bytes(64, 0x77)), der::write_integer(3)});
    add(list, "pa.signature", "C28",
        by_spki(der::sequence_of({algorithm_id("1.2.840.113549.1.1.1", der::write_null()), der::write_bit_string(weak)})));
    add(list, "pa.signature", "C25",
        by_spki(der::sequence_of(
            {algorithm_id("1.2.840.10045.2.1", der::write(crypto::oid(crypto::Curve::p256))), der::write_bit_string(Bytes(65, 4))})));
    add(list, "pa.signer_certificate", "D21", over(cms_with([](CmsMaker& m) { m.certificates = {der::sequence_of({})}; })));
    auto md5 = ds_like();
    md5.stated_algorithm = algorithm_id("1.2.840.113549.1.1.4", der::write_null());
    add(list, "pki.chain", "C30", signed_by(md5.make()));
}

void add_chain(List& list) {
    auto elvis = ds_like();
    elvis.issuer_key = ec_key("attacker");
    elvis.algorithm = ecdsa(crypto::HashAlg::sha256);
    add(list, "pki.chain", "D02", signed_by(elvis.make()));
    elvis.key(ec_key("attacker").public_key());
    add(list, "pki.chain", "D01", signed_by(elvis.make(), ec_key("attacker"), elvis.algorithm));
    auto between = ds_like();
    between.subject = name("C=VN, CN=Between").raw;
    between.key(ec_key("between").public_key());
    const auto below = ds_under(between.make(), ec_key("between")).make();
    add(list, "pki.chain", "D14", over(cms_with([&](CmsMaker& m) {
            m.signer(below, vietnam().ds_key);
            m.certificates.push_back(between.der());
        })));
    auto withdrawn = trust();
    withdrawn.withdrawn.push_back({withdrawn.csca.front(), "not on the list any more"});
    withdrawn.csca.clear();
    add(list, "pki.chain", "D46", clean(), withdrawn);
    const auto leaked = pki::DeviationDescription::of(pki::DeviationKind::cert_or_key_aa_key_compromised);
    add(list, "chip.genuine", "D44", clean(), with({{of_signer(), {leaked}}}));
    add(list, "document.issuer", "D04", evidence_of(with_sod(clean_files(), country("FR").sign(clean_files()))), country("FR").trust);
}

void add_profiles(List& list) {
    add(list, "pki.signer_profile", "D14", over(cms_with([](CmsMaker& m) { m.signer(vietnam().csca, vietnam().csca_key); })));
    add(list, "pki.signer_profile", "D17", by_ds([](CertificateMaker& m) { m.key_usage({1}); }));
    add(list, "pki.signer_profile", "D19",
        by_ds([](CertificateMaker& m) { m.set(ext::extended_key_usage, true, der::sequence_of({oid("2.23.136.1.1.3")})); }));
    add(list, "pki.signer_profile", "D21", by_ds([](CertificateMaker& m) { m.set("1.2.3", true, der::write_null()); }));
    add(list, "document.type", "D31", by_ds([](CertificateMaker& m) { m.document_types({"AR"}); }));
    add(list, "pki.csca", "D16", clean(), by_csca([](CertificateMaker& m) { m.key_usage({0}); }));
    add(list, "pki.csca", "D21", clean(), by_csca([](CertificateMaker& m) { m.set("1.2.3", true, der::write_null()); }));
    add(list, "pki.country", "D49", by_ds([](CertificateMaker& m) { m.subject = name("C=LA, CN=DS").raw; }));
    CertificateMaker link(vietnam().csca, ec_key("attacker"));
    link.key(ec_key("next CSCA").public_key());
    link.subject_key(ec_key("next CSCA").public_key());
    const auto next = csca_of(ec_key("next CSCA"), vietnam().csca.subject).make();
    add(list, "pki.csca_link", "D13", signed_by(ds_under(next, ec_key("next CSCA")).make()),
        {{vietnam().csca, link.make()}, {vietnam().crl}, {}, "test"});
}

void add_times(List& list) {
    add(list, "pki.signer_validity", "D22", by_ds([](CertificateMaker& m) { m.not_after = today + -60; }));
    add(list, "pki.signer_validity", "D23", by_ds([](CertificateMaker& m) { m.not_before = today + -60; }));
    add(list, "pki.signer_validity", "D28", by_ds([](CertificateMaker& m) { m.private_key_usage(today + -60, today + day); }));
    add(list, "pki.signer_validity", "D24", over(cms_with([](CmsMaker& m) {
            auto ds = ds_like();
            ds.not_before = today + day;
            m.signer(ds.make(), vietnam().ds_key);
            m.signing_time.reset();
        })));
    add(list, "pki.csca", "D30", clean(), by_csca([](CertificateMaker& m) { m.not_before = today; }));
    CrlMaker crl;
    crl.revoked = {{vietnam().ds.serial, today, {}}};
    add(list, "pki.revocation", "D33", clean(), {{vietnam().csca}, {crl.make()}, {}, "test"});
    crl.revoked = {{vietnam().csca.serial, today, {}}};
    add(list, "pki.csca", "D38", clean(), {{vietnam().csca}, {crl.make()}, {}, "test"});
}

void add_zone(List& list) {
    auto zone = to_bytes(ByteView(dg1(td1())).subspan(5));
    zone[14] = static_cast<Byte>(zone[14] == '9' ? '0' : zone[14] + 1);
    add(list, "mrz.check_digits", "G02", with_group(Ef::dg1, dg1_of(as_text(zone))));
    auto expired = td1();
    expired.expiry = "200101";
    add(list, "document.expiry", "G05", with_group(Ef::dg1, dg1(expired)));
    auto other = clean();
    other.expected = ExpectedDocument{{}, "X", "990515", "390515"};
    add(list, "document.printed", "G01", other);
    add(list, "file.DG1", "G12", with_group(Ef::dg1, dg1_of("p")));
}

}  // namespace

const std::vector<Forced>& forced_failures() {
    static const auto all = [] {
        List list;
        for (const auto add_some : {add_access, add_card_security, add_terminal, add_genuine, add_files, add_security_object, add_signature,
                                    add_algorithms, add_chain, add_profiles, add_times, add_zone})
            add_some(list);
        return list;
    }();
    return all;
}

}  // namespace idchip::inspect::maker
