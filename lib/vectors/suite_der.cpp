// ITU-T X.690: the values of primitive types.
#include <idchip/tlv/der.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

Result<Bytes> data_of(const Inputs& in) { return in.bytes("data"); }

Result<tlv::Element> element_of(ByteView data) { return tlv::parse_single(data, tlv::Rules::der); }

// Dotted text that `der::Oid` takes without aborting: its arguments are constants elsewhere, here they come from a file.
bool is_oid_text(const std::string& text) {
    std::uint64_t arcs = 0, digits = 0;
    for (const char c : text) {
        if (c != '.' && (c < '0' || c > '9')) return false;
        if (c == '.' && digits == 0) return false;
        digits = c == '.' ? 0 : digits + 1;
        if (digits > 18) return false;
        arcs += c == '.' ? 1 : 0;
    }
    return arcs >= 1 && digits > 0 && text[0] <= '2';
}

Result<Outputs> read_oid(const Inputs& in) {
    const auto data = TRY(data_of(in));
    tlv::Reader r(data, tlv::Rules::der);
    const auto id = TRY(der::read_oid(r));
    return Outputs{{"oid", id.dotted()}, {"contents", binary(id.contents())}};
}

Result<Outputs> write_oid(const Inputs& in) {
    const auto text = TRY(in.text("oid"));
    if (!is_oid_text(text)) return bad("in.oid", "want an object identifier in dotted form");
    return Outputs{{"data", binary(der::write(der::Oid(text)))}};
}

Result<Outputs> read_integer(const Inputs& in) {
    const auto data = TRY(data_of(in));
    tlv::Reader r(data, tlv::Rules::der);
    return Outputs{{"value", TRY(der::read_integer(r))}};
}

Result<Outputs> read_big_integer(const Inputs& in) {
    const auto data = TRY(data_of(in));
    tlv::Reader r(data, tlv::Rules::der);
    return Outputs{{"contents", binary(TRY(der::read_big_integer(r)))}};
}

Result<Outputs> write_integer(const Inputs& in) { return Outputs{{"data", binary(der::write_integer(TRY(in.number("value"))))}}; }

Result<Outputs> write_unsigned(const Inputs& in) { return Outputs{{"data", binary(der::write_unsigned(TRY(in.bytes("magnitude"))))}}; }

Result<Outputs> read_boolean(const Inputs& in) {
    const auto data = TRY(data_of(in));
    return Outputs{{"value", TRY(der::read_boolean(TRY(element_of(data))))}};
}

Result<Outputs> read_string(const Inputs& in) {
    const auto data = TRY(data_of(in));
    return Outputs{{"text", TRY(der::read_string(TRY(element_of(data))))}};
}

Result<Outputs> read_time(const Inputs& in) {
    const auto data = TRY(data_of(in));
    return Outputs{{"time", to_iso(TRY(der::read_time(TRY(element_of(data)))))}};
}

Result<Outputs> write_time(const Inputs& in) {
    const auto time = parse_iso_instant(TRY(in.text("time")));
    if (!time) return bad("in.time", "want YYYY-MM-DDThh:mm:ssZ");
    return Outputs{{"data", binary(der::write_time(*time))}};
}

Result<Outputs> read_bit_string(const Inputs& in) {
    const auto data = TRY(data_of(in));
    return Outputs{{"contents", binary(TRY(der::read_bit_string(TRY(element_of(data)))))}};
}

Result<Outputs> read_named_bits(const Inputs& in) {
    const auto data = TRY(data_of(in));
    const auto bits = TRY(der::read_named_bits(TRY(element_of(data))));
    Json set = Json::array();
    for (std::size_t i = 0; i < bits.size(); ++i)
        if (bits[i]) set.push_back(i);
    return Outputs{{"bits", set}, {"length", bits.size()}};
}

Result<Outputs> write_named_bits(const Inputs& in) {
    const auto bits = TRY(in.numbers("bits"));
    if (bits.empty() || bits.size() > 2 || bits.front() > 255 || bits.back() > 255) return bad("in.bits", "want one or two bits up to 255");
    const auto first = static_cast<unsigned>(bits.front()), last = static_cast<unsigned>(bits.back());
    return Outputs{{"data", binary(der::write_named_bits({first, last}))}};
}

Result<Outputs> set_of(const Inputs& in) { return Outputs{{"data", binary(der::set_of(TRY(in.byte_list("members"))))}}; }

}  // namespace

Suite der_suite() {
    return {"der",
            {{"read_oid", read_oid},
             {"write_oid", write_oid},
             {"read_integer", read_integer},
             {"read_big_integer", read_big_integer},
             {"write_integer", write_integer},
             {"write_unsigned", write_unsigned},
             {"read_boolean", read_boolean},
             {"read_string", read_string},
             {"read_time", read_time},
             {"write_time", write_time},
             {"read_bit_string", read_bit_string},
             {"read_named_bits", read_named_bits},
             {"write_named_bits", write_named_bits},
             {"set_of", set_of}}};
}

}  // namespace idchip::vectors
