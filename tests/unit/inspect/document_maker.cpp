#include "inspect/document_maker.hpp"

#include <fmt/format.h>

#include <idchip/signer/sod.hpp>
#include <idchip/signer/software.hpp>

#include "catch.hpp"

namespace idchip::inspect::maker {
namespace {

using tlv::element;

pki::ContentSigner& clean_signer() {
    static const auto signer = must(signer::make_software_signer(vietnam().ds, vietnam().ds_key));
    return *signer;
}

}  // namespace

SecurityObjectMaker::SecurityObjectMaker(const lds::Files& files, crypto::HashAlg hash) : algorithm(hash_id(hash)) {
    for (const auto& [ef, content] : files)
        if (lds::is_data_group(ef)) hashes.emplace_back(lds::dg_number(ef), crypto::hash(hash, content));
}

Bytes SecurityObjectMaker::der() const {
    Bytes list;
    for (const auto& [number, hash] : hashes) append(list, der::sequence_of({der::write_integer(number), der::write_octet_string(hash)}));
    const auto info =
        versions ? der::sequence_of({der::write_printable(versions->first), der::write_printable(versions->second)}) : Bytes();
    return der::sequence_of({der::write_integer(version), algorithm, element(der::sequence, list), info});
}

// --- files

mrz::Mrz td1() {
    mrz::Mrz m;
    m.format = mrz::Format::td1;
    m.document_code = "ID";
    m.issuing_state = m.nationality = "VNM";
    m.document_number = "099000017";
    m.birth = "990515";
    m.sex = 'M';
    m.expiry = "390515";
    m.primary = "NGUYEN";
    m.secondary = "VAN<MAU";
    return m;
}

mrz::Mrz td3() {
    auto m = td1();
    m.format = mrz::Format::td3;
    m.document_code = "P";
    m.document_number = "C1234567";
    return m;
}

Bytes dg1(const mrz::Mrz& m) { return lds::Dg1::encode(must(mrz::write(m))); }
Bytes dg1_of(std::string_view zone) { return element(0x61, element(0x5F1F, as_bytes(zone))); }

// A frame header is all that is ever looked at (ITU-T T.81, B.2.2).
Bytes jpeg(unsigned width, unsigned height) {
    auto image = must(from_hex("FFD8 FFE00010 4A46494600 0101 00 0001 0001 00 00 FFC0 0011 08"));
    append_be(image, height, 2);
    append_be(image, width, 2);
    append(image, must(from_hex("03 012200 021101 031101 FFD9")));
    return image;
}

// ISO/IEC 15444-1, annex I and A.5.1: signature, file type, codestream with its SIZ.
Bytes jp2(unsigned width, unsigned height) {
    auto image =
        must(from_hex("0000000C 6A502020 0D0A870A 00000014 66747970 6A703220 00000000 6A703220 00000035 6A703263"
                      "FF4F FF51 0029 0000"));
    for (const unsigned field : {width, height, 0U, 0U, width, height, 0U, 0U}) append_be(image, field, 4);
    append(image, must(from_hex("0001 07 01 01 FFD9")));
    return image;
}

Bytes face_record(ByteView image, Byte data_type) {
    image::FaceImage face;
    face.data_type = data_type;
    face.width = 240;
    face.height = 320;
    face.image = image;
    return image::encode_face_record(face);
}

Bytes dg2(ByteView image) { return dg2_of(1, {face_template(face_record(image))}); }

Bytes dg2_of(unsigned count, const std::vector<Bytes>& templates) {
    return element(0x75, element(0x7F61, {element(0x02, Bytes{static_cast<Byte>(count)}), joined(templates)}));
}

Bytes face_template(ByteView record) {
    const auto header =
        element(0xA1, {element(0x80, Bytes{1, 1}), element(0x81, Bytes{2}), element(0x87, Bytes{1, 1}), element(0x88, Bytes{0, 8})});
    return element(0x7F60, {header, element(0x5F2E, record)});
}

Bytes dg14() {
    const auto chip_authentication = der::sequence_of({oid("0.4.0.127.0.7.2.2.3.2.2"), der::write_integer(1)});
    const auto key = ec_key("chip authentication").public_key().to_spki(crypto::EcEncoding::explicit_parameters);
    return element(0x6E, element(der::set, concat({chip_authentication, der::sequence_of({oid("0.4.0.127.0.7.2.2.1.2"), key})})));
}

Bytes dg14_with_pace() {
    const auto pace = der::sequence_of({oid("0.4.0.127.0.7.2.2.4.2.2"), der::write_integer(2), der::write_integer(13)});
    return element(0x6E, element(der::set, pace));
}

Bytes dg15() { return element(0x6F, ec_key("active authentication").public_key().to_spki(crypto::EcEncoding::named)); }

lds::Files files_of(const mrz::Mrz& m) { return {{lds::Ef::dg1, dg1(m)}, {lds::Ef::dg2, dg2(jpeg())}}; }
lds::Files clean_files() { return files_of(td1()); }

lds::Files with_sod(lds::Files groups, Bytes sod) {
    std::vector<lds::Ef> list;
    for (const auto& [ef, content] : groups) list.push_back(ef);
    groups[lds::Ef::com] = lds::EfCom::of(list).encode();
    groups[lds::Ef::sod] = std::move(sod);
    return groups;
}

lds::Files with_sod(lds::Files groups, const CmsMaker& cms) { return with_sod(std::move(groups), cms.file()); }

lds::Files sign(lds::Files groups, crypto::HashAlg hash, int version) {
    auto sod = must(signer::sign_sod(groups, clean_signer(), {hash, version, today + -hour}));
    return with_sod(std::move(groups), std::move(sod));
}

CmsMaker cms_over(const lds::Files& groups, crypto::HashAlg hash) { return CmsMaker(SecurityObjectMaker(groups, hash).der()); }

// --- evidence, trust, verdict

Evidence evidence_of(const lds::Files& files) {
    Evidence e;
    e.read_at = today;
    e.reader = "test";
    e.access = "bac";
    e.live = true;
    for (const auto& [ef, content] : files) e.files[ef] = {content, 0x9000, true, 0, {}};
    return e;
}

Evidence clean() { return evidence_of(sign(clean_files())); }

Evidence signed_by(const pki::Certificate& certificate) {
    return signed_by(certificate, vietnam().ds_key, signer::default_algorithm(vietnam().ds_key.public_key().info()));
}

Evidence signed_by(const pki::Certificate& certificate, const crypto::PrivateKey& key, const crypto::SignatureAlgorithm& algorithm) {
    auto cms = cms_over(clean_files());
    cms.signer(certificate, key);
    cms.algorithm = algorithm;
    cms.digest = algorithm.hash;
    return evidence_of(with_sod(clean_files(), cms.file()));
}

Verdict judged_with(lds::Ef ef, Bytes content) {
    auto groups = clean_files();
    groups[ef] = std::move(content);
    return judged(evidence_of(sign(std::move(groups))));
}

Evidence refused(Evidence evidence, lds::Ef ef, std::uint16_t sw) {
    evidence.files[ef] = {std::nullopt, sw, true, 0, {}};
    return evidence;
}

Evidence broken(Evidence evidence, lds::Ef ef, std::string error) {
    evidence.files[ef] = {std::nullopt, 0, false, 0, std::move(error)};
    return evidence;
}

pki::TrustStore trust() { return {{vietnam().csca}, {vietnam().crl}, {}, "test"}; }
pki::TrustStore trust_of(const pki::Certificate& csca) { return {{csca}, {vietnam().crl}, {}, "test"}; }

const crypto::PrivateKey& csca_key_of(const std::string& two_letters) { return ec_key("CSCA of " + two_letters); }

Country country(const std::string& two_letters) {
    const auto& key = csca_key_of(two_letters);
    const auto csca = csca_of(key, name("C=" + two_letters + ", CN=CSCA SPECIMEN")).make();
    auto ds = ds_under(csca, key);
    ds.subject = name("C=" + two_letters + ", CN=Document Signer SPECIMEN").raw;
    CrlMaker crl;
    crl.issuer = csca.subject.raw;
    crl.key = key;
    return {csca, ds.make(), {{csca}, {crl.make()}, {}, "test"}};
}

CmsMaker Country::sign(const lds::Files& groups) const {
    auto cms = cms_over(groups);
    cms.signer(ds, vietnam().ds_key);
    return cms;
}

Verdict judged(const Evidence& evidence, const pki::TrustStore& store, Instant now, const Policy& policy) {
    return judge(evidence, store, now, policy);
}

const Finding* find(const Verdict& verdict, std::string_view id, Outcome outcome, std::string_view case_id) {
    for (const auto& f : verdict.findings)
        if (f.id == id && f.outcome == outcome && (case_id.empty() || f.case_id == case_id)) return &f;
    return nullptr;
}

std::string listing(const Verdict& verdict) {
    std::string text(name(verdict.overall));
    for (const auto& f : verdict.findings)
        text += fmt::format("\n  {:7} {:8} {:4} {}: {} ({})", name(f.outcome), name(f.overall), f.case_id, f.id, f.text, f.detail);
    return text;
}

void check(const Verdict& verdict, Overall overall, Outcome outcome, std::string_view id, std::string_view case_id, int line) {
    INFO("line " << line << ": want " << name(overall) << ", " << name(outcome) << " " << id << " " << case_id << "\n" << listing(verdict));
    CHECK(name(verdict.overall) == name(overall));
    const auto* finding = find(verdict, id, outcome, case_id);
    CHECK(finding != nullptr);
    if (finding != nullptr && outcome == Outcome::fail) CHECK(finding->overall >= Overall::refer);
}

// What every document here may have to say: nothing proves that it is no copy; how the chip wanted to be read.
static bool harmless(const Finding& f) { return f.id == "chip.genuine" || f.id.starts_with("quirk."); }

void check_clean(const Verdict& verdict, int line) {
    INFO("line " << line << "\n" << listing(verdict));
    CHECK(name(verdict.overall) == name(Overall::accept_with_notes));
    for (const auto& f : verdict.findings) CHECK((f.outcome == Outcome::pass || harmless(f)));
}

void check_noted(const Verdict& verdict, Outcome outcome, std::string_view id, std::string_view case_id, int line) {
    check(verdict, Overall::accept_with_notes, outcome, id, case_id, line);
    const auto* finding = find(verdict, id, outcome, case_id);
    if (finding != nullptr && outcome != Outcome::not_applicable) CHECK(finding->overall == Overall::accept_with_notes);
    INFO("line " << line << "\n" << listing(verdict));
    for (const auto& f : verdict.findings) CHECK((f.outcome == Outcome::pass || harmless(f) || f.id == id));
}

}  // namespace idchip::inspect::maker
