// ISO/IEC 7816-4, 5.2 and ITU-T X.690, 8 and 10: BER-TLV and DER.
#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

using tlv::Reader;
using tlv::Rules;

Result<Rules> rules_of(const Inputs& in) {
    return in.choice<Rules>("rules", {{"ber", Rules::ber}, {"der", Rules::der}, {"ber_indefinite", Rules::ber_indefinite}});
}

Json describe(const tlv::Element& e, const std::string& parent) {
    return {{"path", (parent.empty() ? "" : parent + "/") + tlv::tag_text(e.tag)},
            {"tag", tlv::tag_text(e.tag)},
            {"constructed", e.constructed},
            {"offset", e.offset},
            {"length", e.value.size()},
            {"value", binary(e.value)},
            {"raw", binary(e.raw)},
            {"minimal", e.minimal_length},
            {"indefinite", e.indefinite}};
}

// Beyond this many the list would cost more than the walk; `count` still says how many there were.
constexpr std::size_t listed = 1000;

// All elements in the order of their first bytes; into constructed ones only when `nested`.
Result<Outputs> walk(const Inputs& in) {
    const auto data = TRY(in.bytes("data"));
    const auto rules = TRY(rules_of(in));
    const bool nested = TRY(in.flag("nested"));
    Json elements = Json::array();
    std::size_t count = 0;
    std::vector<Reader> open{Reader(data, rules)};
    while (!open.empty()) {
        auto& r = open.back();
        if (r.at_end()) {
            open.pop_back();
            continue;
        }
        const auto e = TRY(r.next());
        if (++count <= listed) elements.push_back(describe(e, r.where()));
        if (!nested || !e.constructed) continue;
        auto inner = r.enter(e);
        open.push_back(std::move(inner));
    }
    return Outputs{{"elements", std::move(elements)}, {"count", count}};
}

Result<Outputs> parse_single(const Inputs& in) {
    const auto data = TRY(in.bytes("data"));
    const auto rules = TRY(rules_of(in));
    const auto e = describe(TRY(tlv::parse_single(data, rules)), {});
    Outputs out;
    for (const auto& [key, value] : e.items()) out.emplace(key, value);
    return out;
}

Result<Outputs> announced_size(const Inputs& in) {
    const auto size = TRY(tlv::announced_size(TRY(in.bytes("data"))));
    if (!size) return Outputs{{"needs_more", true}};
    return Outputs{{"needs_more", false}, {"size", *size}};
}

Result<Outputs> encode(const Inputs& in) {
    const auto tag = TRY(in.bytes("tag"));
    const auto value = TRY(in.bytes("value"));
    if (tag.empty() || tag.size() > 4) return bad("in.tag", "want one to four bytes");
    return Outputs{{"data", binary(tlv::element(static_cast<std::uint32_t>(read_be(tag)), value))}};
}

Result<Outputs> encode_length(const Inputs& in) {
    return Outputs{{"data", binary(tlv::encode_length(TRY(in.number_up_to("length", 0xFFFFFFFF))))}};
}

}  // namespace

Suite tlv_suite() {
    return {"tlv",
            {{"walk", walk},
             {"parse_single", parse_single},
             {"announced_size", announced_size},
             {"encode", encode},
             {"encode_length", encode_length}}};
}

}  // namespace idchip::vectors
