#include "inspect/document_maker.hpp"

#include <map>

#include <fmt/format.h>

#include <idchip/signer/sod.hpp>
#include <idchip/signer/software.hpp>

#include "catch.hpp"

namespace idchip::inspect::maker {
namespace {

using tlv::element;

// The value, or the end of the test.
template <class T>
T must(Result<T> result) {
    if (!result) FAIL(result.error().message());
    return std::move(*result);
}

Bytes der_of(const pki::Extension& e) {
    return der::sequence_of({der::write(e.id), e.critical ? der::write_boolean(true) : Bytes(), der::write_octet_string(e.value)});
}

Bytes der_of(const std::vector<pki::Extension>& list) {
    Bytes contents;
    for (const auto& e : list) append(contents, der_of(e));
    return element(der::sequence, contents);
}

Bytes joined(const std::vector<Bytes>& parts) {
    Bytes all;
    for (const auto& part : parts) append(all, part);
    return all;
}

Bytes generalized(unsigned tag, Instant when) {
    auto time = der::write_generalized_time(when);
    time[0] = static_cast<Byte>(der::context(tag));
    return time;
}

Bytes hash_id(crypto::HashAlg hash) { return der::sequence_of({der::write(crypto::oid(hash))}); }

pki::ContentSigner& clean_signer() {
    static const auto signer = must(signer::make_software_signer(pki().ds, pki().ds_key));
    return *signer;
}

}  // namespace

const crypto::PrivateKey& ec_key(const std::string& name, crypto::Curve curve) {
    static std::map<std::pair<std::string, crypto::Curve>, crypto::PrivateKey> keys;
    const auto at = std::pair(name, curve);
    if (!keys.contains(at)) keys.emplace(at, must(crypto::PrivateKey::generate_ec(curve)));
    return keys.at(at);
}

const crypto::PrivateKey& rsa_key(const std::string& name, std::size_t bits) {
    static std::map<std::pair<std::string, std::size_t>, crypto::PrivateKey> keys;
    const auto at = std::pair(name, bits);
    if (!keys.contains(at)) keys.emplace(at, must(crypto::PrivateKey::generate_rsa(bits)));
    return keys.at(at);
}

crypto::SignatureAlgorithm ecdsa(crypto::HashAlg hash) {
    return {crypto::Scheme::ecdsa, hash, hash, crypto::digest_size(hash), false};
}
crypto::SignatureAlgorithm pkcs1(crypto::HashAlg hash) {
    return {crypto::Scheme::rsa_pkcs1, hash, hash, crypto::digest_size(hash), false};
}
crypto::SignatureAlgorithm pss(crypto::HashAlg hash, crypto::HashAlg mgf_hash, std::size_t salt) {
    return {crypto::Scheme::rsa_pss, hash, mgf_hash, salt, false};
}

const signer::TestPki& pki() {
    static const auto made = [] {
        signer::TestPkiOptions options;
        options.now = today;
        return must(signer::make_test_pki(options, system_rng()));
    }();
    return made;
}

pki::Name name(std::string_view text) { return must(pki::Name::of(text)); }
Bytes oid(std::string_view dotted) { return der::write(der::Oid(dotted)); }

// --- certificates

CertificateMaker::CertificateMaker(const pki::Certificate& like, const crypto::PrivateKey& signed_with)
    : version(like.version), serial(like.serial), issuer(like.issuer.raw), subject(like.subject.raw), not_before(like.not_before),
      not_after(like.not_after), spki(like.spki), extensions(like.extensions),
      algorithm(signer::default_algorithm(signed_with.public_key().info())), issuer_key(signed_with) {}

void CertificateMaker::drop(std::string_view id) {
    std::erase_if(extensions, [wanted = der::Oid(id)](const pki::Extension& e) { return e.id == wanted; });
}

void CertificateMaker::set(std::string_view id, bool critical, ByteView value) {
    drop(id);
    extensions.push_back({der::Oid(id), critical, to_bytes(value)});
}

void CertificateMaker::key(const crypto::PublicKey& key, crypto::EcEncoding encoding) { spki = key.to_spki(encoding); }

void CertificateMaker::authority(const crypto::PublicKey& key) {
    set(ext::authority_key_id, false, der::sequence_of({element(der::context(0), pki::key_id(key))}));
}

void CertificateMaker::subject_key(const crypto::PublicKey& key) {
    set(ext::subject_key_id, false, der::write_octet_string(pki::key_id(key)));
}

void CertificateMaker::key_usage(std::initializer_list<unsigned> bits) { set(ext::key_usage, true, der::write_named_bits(bits)); }

void CertificateMaker::private_key_usage(Instant from, Instant until) {
    set(ext::private_key_usage, false, der::sequence_of({generalized(0, from), generalized(1, until)}));
}

void CertificateMaker::document_types(const std::vector<std::string>& types) {
    std::vector<Bytes> members;
    for (const auto& type : types) members.push_back(der::write_printable(type));
    set(ext::document_types, false, der::sequence_of({der::write_integer(0), der::set_of(std::move(members))}));
}

Bytes CertificateMaker::der() const {
    const auto identifier = stated_algorithm.empty() ? algorithm.encode() : stated_algorithm;
    const auto stated_version = version == 1 ? Bytes() : element(der::context_constructed(0), der::write_integer(version - 1));
    const auto list = extensions.empty() ? Bytes() : element(der::context_constructed(3), der_of(extensions));
    const auto tbs = der::sequence_of({stated_version, element(der::integer, serial), identifier, issuer,
                                       der::sequence_of({der::write_time(not_before), der::write_time(not_after)}), subject, spki, list});
    return der::sequence_of({tbs, identifier, der::write_bit_string(must(issuer_key.sign(algorithm, tbs)))});
}

pki::Certificate CertificateMaker::make() const { return must(pki::Certificate::parse(der())); }

CertificateMaker ds_like() { return {pki().ds, pki().csca_key}; }
CertificateMaker csca_like() { return {pki().csca, pki().csca_key}; }

CertificateMaker csca_of(const crypto::PrivateKey& key, const pki::Name& own_name) {
    CertificateMaker m(pki().csca, key);
    m.issuer = m.subject = own_name.raw;
    m.key(key.public_key());
    m.authority(key.public_key());
    m.subject_key(key.public_key());
    return m;
}

CertificateMaker ds_under(const pki::Certificate& csca, const crypto::PrivateKey& csca_key) {
    CertificateMaker m(pki().ds, csca_key);
    m.issuer = csca.subject.raw;
    if (csca.public_key) m.authority(*csca.public_key);
    return m;
}

// --- revocation lists

CrlMaker::CrlMaker()
    : issuer(pki().csca.subject.raw), this_update(today + -day), next_update(today + 30 * day), key(pki().csca_key) {}

pki::Crl CrlMaker::make() const {
    const auto algorithm = signer::default_algorithm(key.public_key().info());
    Bytes entries;
    for (const auto& e : revoked) {
        Bytes reason;
        if (e.reason)
            reason = element(der::sequence, der_of({der::Oid("2.5.29.21"), false,
                                                    element(der::enumerated, Bytes{static_cast<Byte>(*e.reason)})}));
        append(entries, der::sequence_of({element(der::integer, e.serial), der::write_time(e.when), reason}));
    }
    const auto tbs = der::sequence_of({der::write_integer(1), algorithm.encode(), issuer, der::write_time(this_update),
                                       der::write_time(next_update), entries.empty() ? Bytes() : element(der::sequence, entries),
                                       extensions.empty() ? Bytes() : element(der::context_constructed(0), der_of(extensions))});
    return must(pki::Crl::parse(der::sequence_of({tbs, algorithm.encode(), der::write_bit_string(must(key.sign(algorithm, tbs)))})));
}

// --- CMS

Bytes attribute(std::string_view id, ByteView value) { return attribute_of(id, {value}); }

Bytes attribute_of(std::string_view id, std::initializer_list<ByteView> values) {
    return der::sequence_of({oid(id), element(der::set, values)});
}

Bytes sid_by_serial(const pki::Certificate& c) {
    return der::sequence_of({c.issuer.raw, element(der::integer, c.serial)});
}

Bytes sid_by_key(ByteView key_id) { return element(der::context(0), key_id); }
Bytes algorithm_id(std::string_view id, ByteView parameters) { return der::sequence_of({oid(id), parameters}); }

CmsMaker::CmsMaker(Bytes signed_content) : content(std::move(signed_content)), key(pki().ds_key) { signer(pki().ds, pki().ds_key); }

void CmsMaker::signer(const pki::Certificate& certificate, const crypto::PrivateKey& with) {
    certificates = {certificate.raw};
    sid = sid_by_serial(certificate);
    key = with;
    algorithm = signer::default_algorithm(with.public_key().info());
    digest = algorithm.hash;
}

std::vector<Bytes> CmsMaker::made_attributes() const {
    std::vector<Bytes> made = {attribute("1.2.840.113549.1.9.3", der::write(content_type)),
                               attribute("1.2.840.113549.1.9.4", der::write_octet_string(crypto::hash(digest, content)))};
    if (signing_time) made.push_back(attribute("1.2.840.113549.1.9.5", der::write_time(*signing_time)));
    return made;
}

Bytes CmsMaker::signer_info() const {
    auto set = der::set_of(attributes.empty() ? made_attributes() : attributes);
    auto signature = must(key.sign(algorithm, with_attributes ? set : content));
    if (edit_attributes) edit_attributes(set);
    if (edit_signature) edit_signature(signature);
    set[0] = static_cast<Byte>(der::context_constructed(0));
    return der::sequence_of({der::write_integer(signer_version), sid, digest_algorithm.empty() ? hash_id(digest) : digest_algorithm,
                             with_attributes ? set : Bytes(), stated_algorithm.empty() ? algorithm.encode() : stated_algorithm,
                             der::write_octet_string(signature), unsigned_attributes});
}

Bytes CmsMaker::content_info() const {
    const auto wrapped = octets.empty() ? der::write_octet_string(content) : octets;
    const auto encapsulated = der::sequence_of({der::write(content_type), element(der::context_constructed(0), wrapped)});
    const auto list = certificates.empty() ? Bytes() : element(der::context_constructed(0), joined(certificates));
    const auto signed_data =
        der::sequence_of({der::write_integer(version), element(der::set, digest_algorithm.empty() ? hash_id(digest) : digest_algorithm),
                          encapsulated, list, crls, element(der::set, {signer_info(), joined(more_signers)})});
    return der::sequence_of({type, element(der::context_constructed(0), signed_data)});
}

Bytes CmsMaker::file() const { return lds::EfSod::encode(content_info()); }

SecurityObjectMaker::SecurityObjectMaker(const lds::Files& files, crypto::HashAlg hash) : algorithm(hash_id(hash)) {
    for (const auto& [ef, content] : files)
        if (lds::is_data_group(ef)) hashes.emplace_back(lds::dg_number(ef), crypto::hash(hash, content));
}

Bytes SecurityObjectMaker::der() const {
    Bytes list;
    for (const auto& [number, hash] : hashes)
        append(list, der::sequence_of({der::write_integer(number), der::write_octet_string(hash)}));
    const auto info = versions ? der::sequence_of({der::write_printable(versions->first), der::write_printable(versions->second)}) : Bytes();
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
    auto image = must(from_hex("0000000C 6A502020 0D0A870A 00000014 66747970 6A703220 00000000 6A703220 00000035 6A703263"
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
    const auto header = element(0xA1, {element(0x80, Bytes{1, 1}), element(0x81, Bytes{2}), element(0x87, Bytes{1, 1}),
                                       element(0x88, Bytes{0, 8})});
    return element(0x7F60, {header, element(0x5F2E, record)});
}

Bytes dg14() {
    const auto chip_authentication = der::sequence_of({oid("0.4.0.127.0.7.2.2.3.2.2"), der::write_integer(1)});
    return element(0x6E, element(der::set, chip_authentication));
}

Bytes dg14_with_pace() {
    const auto pace = der::sequence_of({oid("0.4.0.127.0.7.2.2.4.2.2"), der::write_integer(2), der::write_integer(13)});
    return element(0x6E, element(der::set, pace));
}

Bytes dg15() { return element(0x6F, ec_key("active authentication").public_key().to_spki(crypto::EcEncoding::named)); }

lds::Files clean_files() { return {{lds::Ef::dg1, dg1(td1())}, {lds::Ef::dg2, dg2(jpeg())}}; }

lds::Files with_sod(lds::Files groups, Bytes sod) {
    std::vector<lds::Ef> list;
    for (const auto& [ef, content] : groups) list.push_back(ef);
    groups[lds::Ef::com] = lds::EfCom::of(list).encode();
    groups[lds::Ef::sod] = std::move(sod);
    return groups;
}

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
    for (const auto& [ef, content] : files) e.files[ef] = {content, 0x9000, true, 0, {}};
    return e;
}

Evidence clean() { return evidence_of(sign(clean_files())); }

Evidence signed_by(const pki::Certificate& certificate) {
    return signed_by(certificate, pki().ds_key, signer::default_algorithm(pki().ds_key.public_key().info()));
}

Evidence signed_by(const pki::Certificate& certificate, const crypto::PrivateKey& key, const crypto::SignatureAlgorithm& algorithm) {
    auto cms = cms_over(clean_files());
    cms.signer(certificate, key);
    cms.algorithm = algorithm;
    cms.digest = algorithm.hash;
    return evidence_of(with_sod(clean_files(), cms.file()));
}

Evidence refused(Evidence evidence, lds::Ef ef, std::uint16_t sw) {
    evidence.files[ef] = {std::nullopt, sw, true, 0, {}};
    return evidence;
}

Evidence broken(Evidence evidence, lds::Ef ef, std::string error) {
    evidence.files[ef] = {std::nullopt, 0, false, 0, std::move(error)};
    return evidence;
}

pki::TrustStore trust() { return {{pki().csca}, {pki().crl}, {}, "test"}; }
pki::TrustStore trust_of(const pki::Certificate& csca) { return {{csca}, {pki().crl}, {}, "test"}; }

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

void check(const Verdict& verdict, Overall overall, Outcome outcome, std::string_view id, std::string_view case_id, Where where) {
    INFO("line " << where.line() << ": want " << name(overall) << ", " << name(outcome) << " " << id << " " << case_id << "\n"
                 << listing(verdict));
    CHECK(name(verdict.overall) == name(overall));
    CHECK(find(verdict, id, outcome, case_id) != nullptr);
}

void check_clean(const Verdict& verdict, Where where) {
    INFO("line " << where.line() << "\n" << listing(verdict));
    CHECK(name(verdict.overall) == name(Overall::accept_with_notes));
    for (const auto& f : verdict.findings) CHECK((f.outcome == Outcome::pass || f.id == "chip.genuine"));
}

void check_noted(const Verdict& verdict, Outcome outcome, std::string_view id, std::string_view case_id, Where where) {
    check(verdict, Overall::accept_with_notes, outcome, id, case_id, where);
    INFO("line " << where.line() << "\n" << listing(verdict));
    for (const auto& f : verdict.findings) CHECK((f.outcome == Outcome::pass || f.id == "chip.genuine" || f.id == id));
}

}  // namespace idchip::inspect::maker
