// ISO/IEC 7816-4, 5.1 to 5.3: command and response APDUs.
#include <idchip/iso7816/apdu.hpp>
#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

Result<Outputs> encode_command(const Inputs& in) {
    const auto header = TRY(in.bytes("header"));
    if (header.size() != 4) return bad("in.header", "want four bytes");
    CommandApdu c{header[0], header[1], header[2], header[3], {}, {}, TRY(in.flag("extended"))};
    if (in.has("data")) c.data = TRY(in.bytes("data"));
    if (in.has("le")) c.le = static_cast<std::uint32_t>(TRY(in.number_up_to("le", 0xFFFFFFFF)));
    return Outputs{{"apdu", binary(TRY(c.encode()))}};
}

Result<Outputs> parse_command(const Inputs& in) {
    const auto c = TRY(CommandApdu::parse(TRY(in.bytes("apdu"))));
    Outputs out{{"header", binary(c.header())}, {"data", binary(c.data)}, {"extended", c.extended}, {"le", nullptr}};
    if (c.le) out["le"] = *c.le;
    return out;
}

Result<Outputs> encode_response(const Inputs& in) {
    const auto data = in.has("data") ? TRY(in.bytes("data")) : Bytes();
    const auto sw = TRY(in.bytes("sw"));
    if (sw.size() != 2) return bad("in.sw", "want two bytes");
    return Outputs{{"apdu", binary(ResponseApdu{data, static_cast<std::uint16_t>(read_be(sw))}.encode())}};
}

Result<Outputs> parse_response(const Inputs& in) {
    const auto r = TRY(ResponseApdu::parse(TRY(in.bytes("apdu"))));
    return Outputs{{"data", binary(r.data)}, {"sw", hex4(r.sw)}, {"ok", r.ok()}, {"text", iso7816::sw::describe(r.sw)}};
}

}  // namespace

Suite apdu_suite() {
    return {"apdu",
            {{"encode_command", encode_command},
             {"parse_command", parse_command},
             {"encode_response", encode_response},
             {"parse_response", parse_response}}};
}

}  // namespace idchip::vectors
