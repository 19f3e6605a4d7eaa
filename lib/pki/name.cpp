#include <idchip/pki/certificate.hpp>

#include <algorithm>
#include <array>

#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "pki/oids.hpp"

namespace idchip::pki {
namespace {

struct Row {
    std::string_view label;
    der::Oid oid;
    bool printable;  // Doc 9303-12, 7.1: countryName and serialNumber as PrintableString
};

const std::array<Row, 7>& rows() {
    static const std::array<Row, 7> table = {{
        {"C", oids::country(), true},
        {"O", oids::organization(), false},
        {"OU", oids::organizational_unit(), false},
        {"CN", oids::common_name(), false},
        {"L", oids::locality(), false},
        {"ST", oids::state(), false},
        {"serialNumber", oids::serial_number(), true},
    }};
    return table;
}

// RFC 4518 as far as names of certificates need it: ASCII case folded, runs of spaces one space, ends trimmed.
std::string folded(std::string_view text) {
    std::string result;
    for (const char c : trim(text)) {
        if (c == ' ' && !result.empty() && result.back() == ' ') continue;
        result += c;
    }
    return upper_ascii(result);
}

}  // namespace

std::string Name::text() const {
    std::string result;
    for (const auto& a : attributes) {
        const auto row = std::find_if(rows().begin(), rows().end(), [&](const Row& r) { return r.oid == a.type; });
        if (!result.empty()) result += ", ";
        if (row == rows().end()) result += a.type.dotted();
        else result += row->label;
        result += '=';
        result += printable(a.value);
    }
    return result;
}

std::string Name::country() const {
    for (const auto& a : attributes)
        if (a.type == oids::country()) return a.value;
    return {};
}

std::size_t Name::country_count() const {
    std::size_t n = 0;
    for (const auto& a : attributes)
        if (a.type == oids::country()) ++n;
    return n;
}

bool Name::matches(const Name& other) const {
    if (equal(raw, other.raw)) return true;
    if (attributes.size() != other.attributes.size()) return false;
    for (std::size_t i = 0; i < attributes.size(); ++i)
        if (!(attributes[i].type == other.attributes[i].type) || folded(attributes[i].value) != folded(other.attributes[i].value))
            return false;
    return true;
}

Result<Name> Name::parse(ByteView raw) {
    Name name;
    name.raw = to_bytes(raw);
    tlv::Reader outer(raw, tlv::Rules::ber, "Name");
    auto rdns = outer.enter(TRY(outer.expect(der::sequence)));
    while (!rdns.at_end()) {
        auto rdn = rdns.enter(TRY(rdns.expect(der::set)));
        while (!rdn.at_end()) {
            auto attribute = rdn.enter(TRY(rdn.expect(der::sequence)));
            auto type = TRY(der::read_oid(attribute));
            const auto value = TRY(attribute.next());
            auto text = der::read_string(value);
            // An attribute of an unknown string type still takes part in comparison, as hexadecimal.
            name.attributes.push_back({std::move(type), text ? *text : to_hex(value.value)});
        }
    }
    return name;
}

Result<Name> Name::of(std::string_view text) {
    Bytes rdns;
    for (const auto& part : split(text, ',')) {
        const auto piece = trim(part);
        const auto equals = piece.find('=');
        const Row* row = nullptr;
        for (const auto& r : rows())
            if (equals != std::string_view::npos && piece.substr(0, equals) == r.label) row = &r;
        if (row == nullptr) return fail(Errc::bad_field, "name", "want C=.., O=.., OU=.., CN=..");
        const auto value = trim(piece.substr(equals + 1));
        const auto encoded = row->printable ? der::write_printable(value) : der::write_utf8(value);
        append(rdns, der::set_of({der::sequence_of({der::write(row->oid), encoded})}));
    }
    return parse(tlv::element(der::sequence, rdns));
}

}  // namespace idchip::pki
