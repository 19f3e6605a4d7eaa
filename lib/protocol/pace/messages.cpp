#include "protocol/pace/messages.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace idchip::pace {

Result<std::vector<tlv::Element>> read_dynamic_data(ByteView data) {
    tlv::Reader outer(data, tlv::Rules::ber, "GENERAL AUTHENTICATE");
    auto r = outer.enter(TRY(outer.expect(dynamic_authentication_data)));
    TRY(outer.expect_end());
    std::vector<tlv::Element> objects;
    while (!r.at_end()) {
        const auto e = TRY(r.next());
        const bool twice = std::any_of(objects.begin(), objects.end(), [&e](const tlv::Element& o) { return o.tag == e.tag; });
        if (twice) return r.error(Errc::tlv_duplicate, tlv::tag_text(e.tag));
        objects.push_back(e);
    }
    return objects;
}

Result<std::optional<ByteView>> read_only_object(ByteView data, std::uint32_t tag) {
    const auto objects = TRY(read_dynamic_data(data));
    if (objects.empty()) return std::optional<ByteView>();
    if (objects.size() > 1 || objects[0].tag != tag)
        return fail(Errc::tlv_unexpected, "GENERAL AUTHENTICATE/7C", tlv::tag_text(objects[0].tag));
    return std::optional(objects[0].value);
}

Result<SetAt> parse_set_at(ByteView data) {
    const auto bad = [](const char* detail) { return fail(Errc::apdu_malformed, "MSE:Set AT", detail); };
    SetAt set_at;
    bool protocol = false;
    tlv::Reader r(data, tlv::Rules::ber, "MSE:Set AT");
    while (!r.at_end()) {
        const auto e = r.next();
        if (!e) return bad("no data objects");
        if (e->tag == 0x80) {
            auto oid = der::Oid::from_contents(e->value);
            if (!oid) return bad("DO80 is no object identifier");
            set_at.protocol = std::move(*oid);
            protocol = true;
        } else if (e->tag == 0x83) {
            if (e->value.size() != 1) return bad("DO83 is not one byte");
            set_at.password = e->value[0];
        } else if (e->tag == 0x84) {
            if (e->value.empty() || e->value.size() > 4) return bad("DO84 of wrong length");
            set_at.parameter_id = static_cast<std::int64_t>(read_be(e->value));
        } else if (e->tag == 0x7F4C) {
            set_at.authorization_template = true;
        }
    }
    if (!protocol || set_at.password == 0) return bad("DO80 or DO83 missing");
    return set_at;
}

}  // namespace idchip::pace
