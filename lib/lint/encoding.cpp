#include <algorithm>

#include <fmt/format.h>

#include "lint/checks.hpp"

namespace idchip::lint {
namespace {

// X.690, 8.3.2: not all of the first nine bits alike.
bool shortest(ByteView integer) {
    return !integer.empty() &&
           (integer.size() == 1 || !((integer[0] == 0 && integer[1] < 0x80) || (integer[0] == 0xFF && integer[1] >= 0x80)));
}

// X.690, 10.2: only SEQUENCE and SET are constructed among the universal types met here.
bool string_in_pieces(const tlv::Element& e) { return e.constructed && e.tag < 0x40 && e.tag != der::sequence && e.tag != der::set; }

// X.690, 11.6: shorter ones padded with zeros, which compares as the bytes themselves do: no encoding is a prefix of another.
bool ascending(tlv::Reader members) {
    ByteView last;
    while (!members.at_end()) {
        const auto e = members.next();
        if (!e) return true;  // said elsewhere
        if (std::lexicographical_compare(e->raw.begin(), e->raw.end(), last.begin(), last.end())) return false;
        last = e->raw;
    }
    return true;
}

// Each rule once an object, at its first place.
class Once {
public:
    Once(const std::string& where, Findings& f) : where_(where), f_(f) {}
    void want(bool kept, Rule rule, const tlv::Element& e) {
        if (kept || std::find(said_.begin(), said_.end(), rule) != said_.end()) return;
        said_.push_back(rule);
        f_.add(rule, where_, fmt::format("tag {} at byte {}", tlv::tag_text(e.tag), e.offset));
    }

private:
    const std::string& where_;
    Findings& f_;
    std::vector<Rule> said_;
};

void check_element(const tlv::Element& e, const tlv::Reader& parent, ByteView serial, Once& once) {
    once.want(e.minimal_length && !e.indefinite && !string_in_pieces(e), Rule::der_encoding, e);
    if (e.tag == der::boolean) once.want(e.value.size() == 1 && (e.value[0] == 0 || e.value[0] == 0xFF), Rule::der_boolean, e);
    if (e.tag == der::integer && e.value.data() != serial.data()) once.want(shortest(e.value), Rule::der_integer, e);
    if (e.tag == der::set) once.want(ascending(parent.enter(e)), Rule::der_set_order, e);
}

}  // namespace

void check_der(ByteView object, const std::string& where, Findings& f, ByteView serial) {
    Once once(where, f);
    std::vector<tlv::Reader> open;
    open.emplace_back(object, lenient, "");
    while (!open.empty()) {
        auto& r = open.back();
        if (r.at_end()) {
            open.pop_back();
            continue;
        }
        const auto e = r.next();
        if (!e) {
            // A limit of ours is no fault of the file.
            f.want(e.error().code == Errc::tlv_too_many, Rule::der_encoding, where, brief(e.error()));
            return;
        }
        check_element(*e, r, serial, once);
        if (e->constructed) {
            auto inner = r.enter(*e);
            open.push_back(std::move(inner));
        }
    }
}

void check_number(ByteView contents, const NumberRules& rules, const std::string& where, Findings& f) {
    f.want(contents.empty() || contents[0] < 0x80, rules.negative, where);
    f.want(contents.size() <= 20, rules.too_long, where, fmt::format("{} octets", contents.size()));
    f.want(shortest(contents), rules.shortest, where);
}

}  // namespace idchip::lint
