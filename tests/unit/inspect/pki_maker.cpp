#include "inspect/pki_maker.hpp"

#include <map>

#include <idchip/signer/software.hpp>

#include "catch.hpp"

namespace idchip::inspect::maker {
namespace {

using tlv::element;

Bytes der_of(const pki::Extension& e) {
    return der::sequence_of({der::write(e.id), e.critical ? der::write_boolean(true) : Bytes(), der::write_octet_string(e.value)});
}

Bytes der_of(const std::vector<pki::Extension>& list) {
    Bytes contents;
    for (const auto& e : list) append(contents, der_of(e));
    return element(der::sequence, contents);
}

Bytes generalized(unsigned tag, Instant when) {
    auto time = der::write_generalized_time(when);
    time[0] = static_cast<Byte>(der::context(tag));
    return time;
}

}  // namespace

void give_up(const Error& error) {
    FAIL(error.message());
    std::abort();
}

Bytes joined(const std::vector<Bytes>& parts) {
    Bytes all;
    for (const auto& part : parts) append(all, part);
    return all;
}

Bytes hash_id(crypto::HashAlg hash) { return der::sequence_of({der::write(crypto::oid(hash))}); }

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

crypto::SignatureAlgorithm ecdsa(crypto::HashAlg hash) { return {crypto::Scheme::ecdsa, hash, hash, crypto::digest_size(hash), false}; }
crypto::SignatureAlgorithm pkcs1(crypto::HashAlg hash) { return {crypto::Scheme::rsa_pkcs1, hash, hash, crypto::digest_size(hash), false}; }
crypto::SignatureAlgorithm pss(crypto::HashAlg hash, crypto::HashAlg mgf_hash, std::size_t salt) {
    return {crypto::Scheme::rsa_pss, hash, mgf_hash, salt, false};
}

const signer::TestPki& vietnam() {
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
    : version(like.version),
      serial(like.serial),
      issuer(like.issuer.raw),
      subject(like.subject.raw),
      not_before(like.not_before),
      not_after(like.not_after),
      spki(like.spki),
      extensions(like.extensions),
      algorithm(signer::default_algorithm(signed_with.public_key().info())),
      issuer_key(signed_with) {}

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

CertificateMaker ds_like() { return {vietnam().ds, vietnam().csca_key}; }
CertificateMaker csca_like() { return {vietnam().csca, vietnam().csca_key}; }

CertificateMaker csca_of(const crypto::PrivateKey& key, const pki::Name& own_name) {
    CertificateMaker m(vietnam().csca, key);
    m.issuer = m.subject = own_name.raw;
    m.key(key.public_key());
    m.authority(key.public_key());
    m.subject_key(key.public_key());
    return m;
}

CertificateMaker ds_under(const pki::Certificate& csca, const crypto::PrivateKey& csca_key) {
    CertificateMaker m(vietnam().ds, csca_key);
    m.issuer = csca.subject.raw;
    if (csca.public_key) m.authority(*csca.public_key);
    return m;
}

// --- revocation lists

CrlMaker::CrlMaker()
    : issuer(vietnam().csca.subject.raw), this_update(today + -day), next_update(today + 30 * day), key(vietnam().csca_key) {}

pki::Crl CrlMaker::make() const {
    const auto algorithm = signer::default_algorithm(key.public_key().info());
    Bytes entries;
    for (const auto& e : revoked) {
        Bytes reason;
        if (e.reason)
            reason = element(der::sequence,
                             der_of({der::Oid("2.5.29.21"), false, element(der::enumerated, Bytes{static_cast<Byte>(*e.reason)})}));
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

Bytes sid_by_serial(const pki::Certificate& c) { return der::sequence_of({c.issuer.raw, element(der::integer, c.serial)}); }

Bytes sid_by_key(ByteView key_id) { return element(der::context(0), key_id); }
Bytes algorithm_id(std::string_view id, ByteView parameters) { return der::sequence_of({oid(id), parameters}); }

CmsMaker::CmsMaker(Bytes signed_content) : content(std::move(signed_content)), key(vietnam().ds_key) {
    signer(vietnam().ds, vietnam().ds_key);
}

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
                          encapsulated, list, crls, element(der::set, {with_signer ? signer_info() : Bytes(), joined(more_signers)})});
    return der::sequence_of({type, element(der::context_constructed(0), signed_data)});
}

Bytes CmsMaker::file() const { return lds::EfSod::encode(content_info()); }

}  // namespace idchip::inspect::maker
