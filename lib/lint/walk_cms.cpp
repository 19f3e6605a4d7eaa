#include "base/try.hpp"
#include "lint/walk.hpp"

namespace idchip::lint {
namespace {

bool plain(const tlv::Element& e) { return e.minimal_length && !e.indefinite; }

Result<std::vector<RawCmsAttribute>> read_attributes(tlv::Reader list) {
    std::vector<RawCmsAttribute> attributes;
    while (!list.at_end()) {
        auto r = list.enter(TRY(list.expect(der::sequence)));
        RawCmsAttribute a;
        a.type = TRY(der::read_oid(r));
        auto values = r.enter(TRY(r.expect(der::set)));
        while (!values.at_end()) a.values.push_back(TRY(values.next()));
        attributes.push_back(std::move(a));
    }
    return attributes;
}

Result<RawSigner> read_signer(ByteView raw, tlv::Reader r) {
    RawSigner s;
    s.raw = raw;
    TRY(der::read_integer(r));
    TRY(r.next());  // sid
    s.digest_algorithm = TRY(r.expect(der::sequence)).raw;
    if (const auto attributes = TRY(r.take(der::context_constructed(0)))) {
        s.signed_attributes = attributes->raw;
        s.attributes = TRY(read_attributes(r.enter(*attributes)));
    }
    s.signature_algorithm = TRY(r.expect(der::sequence)).raw;
    return s;
}

}  // namespace

Result<RawSignedData> read_signed_data(ByteView content_info) {
    RawSignedData data;
    tlv::Reader outer(content_info, lenient, "CMS");
    const auto whole = TRY(outer.expect(der::sequence));
    data.trailing = outer.rest().size();
    auto info = outer.enter(whole);
    TRY(der::read_oid(info));
    const auto wrapper = TRY(info.expect(der::context_constructed(0)));
    auto wrapped = info.enter(wrapper);
    const auto sequence = TRY(wrapped.expect(der::sequence));
    auto r = wrapped.enter(sequence);
    TRY(der::read_integer(r));
    const auto algorithms = TRY(r.expect(der::set));
    auto list = r.enter(algorithms);
    while (!list.at_end()) data.digest_algorithms.push_back(TRY(list.expect(der::sequence)).raw);

    const auto encapsulated = TRY(r.expect(der::sequence));
    auto inner = r.enter(encapsulated);
    TRY(der::read_oid(inner));
    const auto content = TRY(inner.expect(der::context_constructed(0)));
    auto octets = inner.enter(content);
    const auto octet_string = TRY(octets.next());

    for (const auto& e : {whole, wrapper, sequence, algorithms, encapsulated, content, octet_string}) data.is_der &= plain(e);
    data.is_der &= !octet_string.constructed;
    if (const auto certificates = TRY(r.take(der::context_constructed(0)))) {
        data.is_der &= plain(*certificates);
        auto members = r.enter(*certificates);
        while (!members.at_end())
            if (const auto e = TRY(members.next()); e.tag == der::sequence) data.certificates.push_back(e.raw);
    }
    TRY(r.take(der::context_constructed(1)));
    const auto signers = TRY(r.expect(der::set));
    data.is_der &= plain(signers);
    auto infos = r.enter(signers);
    while (!infos.at_end()) {
        const auto e = TRY(infos.expect(der::sequence));
        data.signers.push_back(TRY(read_signer(e.raw, infos.enter(e))));
    }
    return data;
}

}  // namespace idchip::lint
