#include "lint/cms_maker.hpp"

#include <algorithm>

#include "unit.hpp"

namespace idchip::lint::maker {

using test::good;
using tlv::element;

namespace {

constexpr auto content_type_id = "1.2.840.113549.1.9.3", message_digest_id = "1.2.840.113549.1.9.4",
               signing_time_id = "1.2.840.113549.1.9.5";
constexpr auto sod_type = "2.23.136.1.1.1", master_list_type = "2.23.136.1.1.2", deviation_list_type = "2.23.136.1.1.7";

// Short signatures in the middle of the period of the clean signers' keys.
const Bytes signed_at = text(der::utc_time, "261121120000Z");

Signer signer(const Bytes& sid, std::int64_t version) {
    Signer s{ds_key(),
             algorithm(crypto::Scheme::ecdsa, crypto::HashAlg::sha256),
             crypto::HashAlg::sha256,
             version,
             sid,
             {},
             {},
             true,
             {},
             {},
             {signed_at},
             {},
             true,
             {},
             {}};
    return s;
}

Bytes by_serial() { return sequence({csca_name(), der::write_integer(0x1234567)}); }
Bytes by_key() { return element(der::context(0), pki::key_id(ds_key().public_key())); }

SignedData signed_data(std::string_view type, const Bytes& content, Signer by, const std::vector<Bytes>& certificates) {
    SignedData d;
    d.digest_algorithms = {identifier("2.16.840.1.101.3.4.2.1")};
    d.type = type;
    d.certificates = certificates;
    by.content_type = {oid(type)};
    d.signers = {std::move(by)};
    d.contain(content);
    return d;
}

}  // namespace

Bytes attribute(std::string_view id, const std::vector<Bytes>& values) {
    return der::sequence_of({oid(id), element(der::set, joined(values))});
}

Bytes Signer::der(ByteView content) const {
    std::vector<Bytes> attributes = more;
    if (!content_type.empty()) attributes.push_back(attribute(content_type_id, content_type));
    if (!message_digest.empty()) attributes.push_back(attribute(message_digest_id, message_digest));
    if (!signing_time.empty()) attributes.push_back(attribute(signing_time_id, signing_time));
    std::sort(attributes.begin(), attributes.end());
    if (!sorted) std::reverse(attributes.begin(), attributes.end());
    auto set = element(der::set, joined(attributes));
    auto signature = good(key.sign(algorithm, with_attributes ? ByteView(set) : content));
    if (edit_signature) edit_signature(signature);
    set[0] = static_cast<Byte>(der::context_constructed(0));
    return sequence({der::write_integer(version), sid,
                     digest_identifier.empty() ? der::sequence_of({der::write(crypto::oid(digest))}) : digest_identifier,
                     with_attributes ? set : Bytes(), stated_algorithm.empty() ? algorithm.encode() : stated_algorithm,
                     der::write_octet_string(signature), unsigned_attributes});
}

void SignedData::contain(Bytes new_content) {
    content = std::move(new_content);
    for (auto& s : signers) s.message_digest = {der::write_octet_string(crypto::hash(s.digest, content))};
}

Bytes SignedData::der() const {
    const auto octets = segmented ? element(0x24, der::write_octet_string(content)) : der::write_octet_string(content);
    std::vector<Bytes> infos;
    for (const auto& s : signers) infos.push_back(s.der(content));
    const auto list = certificates.empty() ? Bytes() : element(der::context_constructed(0), joined(certificates));
    const auto data =
        sequence({version, element(der::set, joined(digest_algorithms)),
                  sequence({oid(type), element(der::context_constructed(0), octets)}), list, crls, element(der::set, joined(infos))});
    const auto info = sequence({oid("1.2.840.113549.1.7.2"), element(der::context_constructed(0), data)});
    return concat({in_77 ? element(0x77, info) : info, trailing});
}

Bytes SecurityObject::der() const {
    std::vector<Bytes> list;
    for (const auto& [group, hash] : hashes) list.push_back(sequence({der::write_integer(group), der::write_octet_string(hash)}));
    return sequence({der::write_integer(version), algorithm, sequence(list), with_version_info ? sequence(version_info) : Bytes()});
}

SignedData sod_of(const SecurityObject& object) {
    auto d = signed_data(sod_type, object.der(), signer(by_serial(), 1), {document_signer().der()});
    d.in_77 = true;
    return d;
}
SignedData sod() { return sod_of({}); }

SignedData master_list_of(const std::vector<Bytes>& members, std::int64_t version) {
    const auto content = sequence({der::write_integer(version), element(der::set, joined(members))});
    return signed_data(master_list_type, content, signer(by_key(), 3), {list_signer(id::mls).der(), root().der()});
}
SignedData master_list() {
    std::vector<Bytes> members = {root().der(), maker::link().der()};
    std::sort(members.begin(), members.end());
    return master_list_of(members);
}

SignedData deviation_list() {
    const auto content = sequence({der::write_integer(0), element(der::set, Bytes())});
    return signed_data(deviation_list_type, content, signer(by_key(), 3), {list_signer(id::dls).der(), root().der()});
}

}  // namespace idchip::lint::maker
