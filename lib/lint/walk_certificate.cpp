#include <algorithm>

#include <idchip/base/text.hpp>
#include <idchip/pki/certificate.hpp>

#include "base/try.hpp"
#include "lint/walk.hpp"

namespace idchip::lint {
namespace {

Result<void> read_tbs(tlv::Reader r, RawCertificate& c) {
    if (const auto version = TRY(r.take(der::context_constructed(0)))) {
        auto v = r.enter(*version);
        c.version = TRY(der::read_integer(v));
    }
    c.serial = TRY(r.expect(der::integer)).value;
    if (c.serial.empty()) return r.error(Errc::der_bad_value, "empty serial number");
    c.inner_algorithm = TRY(r.expect(der::sequence)).raw;
    c.issuer = TRY(read_name(TRY(r.expect(der::sequence)).raw));
    auto validity = r.enter(TRY(r.expect(der::sequence)));
    c.not_before = TRY(validity.next());
    c.not_after = TRY(validity.next());
    c.subject = TRY(read_name(TRY(r.expect(der::sequence)).raw));
    c.spki = TRY(r.expect(der::sequence)).raw;
    for (const unsigned n : {1U, 2U}) c.unique_ids |= TRY(r.take(der::context(n))).has_value();
    if (const auto wrapper = TRY(r.take(der::context_constructed(3)))) {
        auto outer = r.enter(*wrapper);
        c.has_extensions = true;
        c.extensions = TRY(read_extensions(outer, TRY(outer.expect(der::sequence))));
        TRY(outer.expect_end());
    }
    return r.expect_end();
}

}  // namespace

const RawAttribute* RawName::find(const der::Oid& type) const {
    const auto at = std::find_if(attributes.begin(), attributes.end(), [&](const RawAttribute& a) { return a.type == type; });
    return at == attributes.end() ? nullptr : &*at;
}

std::string RawName::text() const {
    const auto name = pki::Name::parse(raw);
    return name ? name->text() : to_hex(raw);
}

bool RawName::matches(const RawName& other) const {
    if (equal(raw, other.raw)) return true;
    const auto a = pki::Name::parse(raw), b = pki::Name::parse(other.raw);
    return a && b && a->matches(*b);
}

Result<RawName> read_name(ByteView name) {
    RawName n;
    n.raw = name;
    tlv::Reader outer(name, lenient, "Name");
    auto rdns = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    while (!rdns.at_end()) {
        auto rdn = rdns.enter(TRY(rdns.expect(der::set)));
        while (!rdn.at_end()) {
            auto attribute = rdn.enter(TRY(rdn.expect(der::sequence)));
            auto type = TRY(der::read_oid(attribute));
            const auto value = TRY(attribute.next());
            TRY(attribute.expect_end());
            n.attributes.push_back({std::move(type), value.tag, value.value});
        }
    }
    return n;
}

bool RawExtension::critical() const { return criticality && !criticality->value.empty() && criticality->value[0] != 0; }

const RawExtension* find(const RawExtensions& extensions, const der::Oid& id) {
    const auto at = std::find_if(extensions.begin(), extensions.end(), [&](const RawExtension& e) { return e.id == id; });
    return at == extensions.end() ? nullptr : &*at;
}

Result<RawExtensions> read_extensions(const tlv::Reader& parent, const tlv::Element& sequence) {
    RawExtensions extensions;
    auto list = parent.enter(sequence);
    while (!list.at_end()) {
        auto r = list.enter(TRY(list.expect(der::sequence)));
        RawExtension e;
        e.id = TRY(der::read_oid(r));
        e.criticality = TRY(r.take(der::boolean));
        e.value = TRY(r.expect(der::octet_string)).value;
        TRY(r.expect_end());
        extensions.push_back(std::move(e));
    }
    return extensions;
}

Result<RawCertificate> read_certificate(ByteView file) {
    RawCertificate c;
    tlv::Reader outer(file, lenient, "certificate");
    const auto whole = TRY(outer.expect(der::sequence));
    c.raw = whole.raw;
    c.trailing = outer.rest().size();
    auto r = outer.enter(whole);
    const auto tbs = TRY(r.expect(der::sequence));
    c.tbs = tbs.raw;
    TRY(read_tbs(r.enter(tbs), c));
    c.outer_algorithm = TRY(r.expect(der::sequence)).raw;
    c.signature = TRY(der::read_bit_string(TRY(r.expect(der::bit_string))));
    TRY(r.expect_end());
    return c;
}

}  // namespace idchip::lint
