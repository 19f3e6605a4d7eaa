#include "lint/maker.hpp"

#include <algorithm>
#include <map>

#include "unit.hpp"

namespace idchip::lint::maker {

using crypto::Curve;
using crypto::HashAlg;
using crypto::Scheme;
using test::good;
using tlv::element;

const crypto::PrivateKey& ec_key(const std::string& name, Curve curve) {
    static auto& keys = *new std::map<std::pair<std::string, Curve>, crypto::PrivateKey>;  // outlives OpenSSL's own end
    const auto at = std::pair(name, curve);
    if (!keys.contains(at)) keys.emplace(at, good(crypto::PrivateKey::generate_ec(curve)));
    return keys.at(at);
}

const crypto::PrivateKey& rsa_key(const std::string& name, std::size_t bits) {
    static auto& keys = *new std::map<std::pair<std::string, std::size_t>, crypto::PrivateKey>;
    const auto at = std::pair(name, bits);
    if (!keys.contains(at)) keys.emplace(at, good(crypto::PrivateKey::generate_rsa(bits)));
    return keys.at(at);
}

const crypto::PrivateKey& csca_key() { return ec_key("csca", Curve::p384); }
const crypto::PrivateKey& ds_key() { return ec_key("ds", Curve::p256); }

crypto::SignatureAlgorithm algorithm(Scheme scheme, HashAlg hash) { return {scheme, hash, hash, crypto::digest_size(hash), false}; }

// --- pieces

Bytes oid(std::string_view dotted) { return der::write(der::Oid(dotted)); }

Bytes joined(const std::vector<Bytes>& parts) {
    Bytes all;
    for (const auto& part : parts) append(all, part);
    return all;
}

Bytes sequence(const std::vector<Bytes>& parts) { return element(der::sequence, joined(parts)); }
Bytes text(std::uint32_t tag, std::string_view value) { return element(tag, as_bytes(value)); }
Bytes identifier(std::string_view id, ByteView parameters) { return der::sequence_of({oid(id), parameters}); }

Bytes name(const std::vector<Attribute>& attributes) {
    Bytes rdns;
    for (const auto& a : attributes) append(rdns, element(der::set, der::sequence_of({oid(a.type), text(a.tag, a.value)})));
    return element(der::sequence, rdns);
}

Bytes csca_name() { return name({{id::country, "VN", der::printable_string}, {id::common_name, "CSCA Lint"}}); }
Bytes ds_name() { return name({{id::country, "VN", der::printable_string}, {id::common_name, "DS Lint 1"}}); }
Bytes key_reference(ByteView key_id) { return sequence({element(der::context(0), key_id)}); }
Bytes usage(std::initializer_list<unsigned> bits) { return der::write_named_bits(bits); }

Bytes period(std::string_view from, std::string_view until) {
    Bytes times;
    if (!from.empty()) append(times, text(der::context(0), from));
    if (!until.empty()) append(times, text(der::context(1), until));
    return element(der::sequence, times);
}

Bytes names_of(const std::vector<Bytes>& general_names) { return sequence(general_names); }
Bytes mail(std::string_view address) { return text(der::context(1), address); }
Bytes directory(const std::vector<Attribute>& attributes) { return element(der::context_constructed(4), name(attributes)); }

Bytes point_of(const std::vector<Bytes>& general_names, ByteView rest) {
    const auto full_name = element(der::context_constructed(0), joined(general_names));
    return der::sequence_of({element(der::context_constructed(0), full_name), rest});
}

Bytes points(const std::vector<std::string_view>& uris) {
    std::vector<Bytes> names;
    for (const auto uri : uris) names.push_back(text(der::context(6), uri));
    return sequence({point_of(names)});
}

Bytes types(const std::vector<Bytes>& members, std::int64_t version) {
    return sequence({der::write_integer(version), element(der::set, joined(members))});
}

Bytes purposes(const std::vector<std::string_view>& ids) {
    Bytes list;
    for (const auto i : ids) append(list, oid(i));
    return element(der::sequence, list);
}

Bytes ec_spki(ByteView parameters, ByteView point) {
    return der::sequence_of({der::sequence_of({oid("1.2.840.10045.2.1"), parameters}), der::write_bit_string(point)});
}

Bytes written_out(Curve curve, bool cofactor, bool compressed_generator) {
    const auto& k = crypto::parameters(curve);
    const auto sign = static_cast<Byte>(2 + (k.generator_y.back() & 1U));
    const auto generator = compressed_generator ? concat({Bytes{sign}, k.generator_x}) : concat({Bytes{4}, k.generator_x, k.generator_y});
    return sequence({der::write_integer(1), sequence({oid("1.2.840.10045.1.1"), der::write_unsigned(k.p)}),
                     sequence({der::write_octet_string(k.a), der::write_octet_string(k.b)}), der::write_octet_string(generator),
                     der::write_unsigned(k.order), cofactor ? der::write_integer(1) : Bytes()});
}

Bytes der_of(const std::vector<Extension>& extensions) {
    Bytes list;
    for (const auto& e : extensions) {
        const auto criticality = !e.criticality.empty() ? e.criticality : e.critical ? der::write_boolean(true) : Bytes();
        append(list, der::sequence_of({oid(e.id), criticality, der::write_octet_string(e.value)}));
    }
    return element(der::sequence, list);
}

void Extensions::drop(std::string_view id) {
    std::erase_if(list, [&](const Extension& e) { return e.id == id; });
}

void Extensions::set(std::string_view id, ByteView value, bool critical) {
    drop(id);
    list.push_back({std::string(id), critical, to_bytes(value), {}});
}

Extension& Extensions::at(std::string_view id) {
    return *std::find_if(list.begin(), list.end(), [&](const Extension& e) { return e.id == id; });
}

// --- what is signed

Signed::Signed(const crypto::PrivateKey& k)
    : algorithm(k.public_key().info().type == crypto::KeyType::rsa ? maker::algorithm(Scheme::rsa_pss, HashAlg::sha256)
                : k.public_key().info().bits > 256                 ? maker::algorithm(Scheme::ecdsa, HashAlg::sha512)
                                                                   : maker::algorithm(Scheme::ecdsa, HashAlg::sha256)),
      key(k) {}

Bytes Signed::sign(ByteView tbs) const {
    auto signature = good(key.sign(algorithm, tbs));
    if (edit_signature) edit_signature(signature);
    const auto whole = der::sequence_of({tbs, outer.empty() ? algorithm.encode() : outer, der::write_bit_string(signature)});
    return concat({whole, trailing});
}

Bytes Certificate::der() const {
    const auto stated = inner.empty() ? (outer.empty() ? algorithm.encode() : outer) : inner;
    const auto wrapper = with_extensions ? element(der::context_constructed(3), der_of(list)) : Bytes();
    return sign(sequence({version, serial, stated, issuer, sequence({not_before, not_after}), subject, spki, unique_id, wrapper}));
}

Bytes Crl::der() const {
    const auto stated = inner.empty() ? (outer.empty() ? algorithm.encode() : outer) : inner;
    const auto wrapper = list.empty() ? Bytes() : element(der::context_constructed(0), der_of(list));
    return sign(sequence({version, stated, issuer, this_update, next_update, revoked, wrapper}));
}

namespace {

Certificate body(const crypto::PrivateKey& signing, const crypto::PublicKey& own, Bytes subject) {
    Certificate c(signing);
    c.version = element(der::context_constructed(0), der::write_integer(2));
    c.serial = der::write_integer(0x1234567);
    c.issuer = csca_name();
    c.subject = std::move(subject);
    c.spki = own.to_spki(crypto::EcEncoding::explicit_parameters);
    c.not_before = text(der::utc_time, "261101000000Z");
    c.not_after = text(der::utc_time, "370201000000Z");
    c.set(id::aki, key_reference(pki::key_id(signing.public_key())));
    return c;
}

void common(Certificate& c, const crypto::PublicKey& own) {
    const auto alternative = names_of({mail(), directory()});
    c.set(id::ski, der::write_octet_string(pki::key_id(own)));
    c.set(id::key_usage, usage({0}), true);
    c.set(id::subject_alt, alternative);
    c.set(id::issuer_alt, alternative);
    c.set(id::crldp, points({"http://example.org/csca.crl"}));
}

void authority(Certificate& c) {
    c.not_after = text(der::utc_time, "411101000000Z");
    c.set(id::key_usage, usage({5, 6}), true);
    c.set(id::usage_period, period("20261101000000Z", "20301101000000Z"));
    c.set(id::constraints, sequence({der::write_boolean(true), der::write_integer(0)}), true);
}

}  // namespace

Certificate root() {
    auto c = body(csca_key(), csca_key().public_key(), csca_name());
    c.serial = der::write_integer(0x11);
    common(c, csca_key().public_key());
    authority(c);
    return c;
}

Certificate link() {
    const auto& old = ec_key("old csca", Curve::p384);
    auto c = body(old, csca_key().public_key(), csca_name());
    c.serial = der::write_integer(0x12);
    common(c, csca_key().public_key());
    authority(c);
    return c;
}

Certificate document_signer() {
    auto c = body(csca_key(), ds_key().public_key(), ds_name());
    common(c, ds_key().public_key());
    c.set(id::usage_period, period("20261101000000Z", "20270201000000Z"));
    c.set(id::doc_types, types({text(der::printable_string, "P"), text(der::printable_string, "ID")}));
    return c;
}

Certificate list_signer(std::string_view purpose) {
    auto c = body(csca_key(), ds_key().public_key(), name({{id::country, "VN", der::printable_string}, {id::common_name, "List signer"}}));
    common(c, ds_key().public_key());
    c.set(id::purposes, purposes({purpose}), true);
    return c;
}

Certificate communication() {
    auto c = list_signer("1.3.6.1.5.5.7.3.2");
    c.drop(id::crldp);
    return c;
}

Certificate short_signer(std::string_view purpose) {
    auto c = body(csca_key(), ds_key().public_key(),
                  name({{id::country, "VN", der::printable_string}, {id::common_name, "AB", der::printable_string}}));
    c.set(id::purposes, purposes({purpose}), true);
    return c;
}

Crl crl() {
    Crl c(csca_key());
    c.version = der::write_integer(1);
    c.issuer = csca_name();
    c.this_update = text(der::utc_time, "261121000000Z");
    c.next_update = text(der::utc_time, "270219000000Z");  // 90 days
    c.set(id::aki, key_reference(pki::key_id(csca_key().public_key())));
    c.set(id::crl_number, der::write_integer(7));
    return c;
}

Bytes entry(std::int64_t serial, std::string_view when, const std::vector<Extension>& extensions) {
    return sequence({der::write_integer(serial), text(der::utc_time, when), extensions.empty() ? Bytes() : der_of(extensions)});
}

Bytes entries(const std::vector<Bytes>& list) { return sequence(list); }

}  // namespace idchip::lint::maker
