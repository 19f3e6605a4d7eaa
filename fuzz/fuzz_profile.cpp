// Card profiles and their expressions. An input that begins with '{' is a profile, any other an expression.
#include "fuzz.hpp"

#include <idchip/profile/plan.hpp>

using namespace idchip;
using profile::Value;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text({data, size});
    static const profile::Variables variables = {{"mrz.document_number", Value::of(as_bytes("L898902C"))},
                                                 {"mrz.birth", Value::of(as_bytes("690806"))},
                                                 {"mrz.expiry", Value::of(as_bytes("940623"))},
                                                 {"n", Value::of(258)}};
    if (!text.starts_with("{")) {
        const auto value = profile::evaluate(text, variables);
        if (!value) FUZZ_CHECK(value.error().code == Errc::profile_bad);
        return 0;
    }
    const auto p = profile::parse_profile(text);
    if (!p) {
        FUZZ_CHECK(p.error().code == Errc::profile_bad || p.error().code == Errc::bad_json || p.error().code == Errc::bad_hex);
        return 0;
    }
    FUZZ_CHECK(p->max_write > 0);
    const lds::Files files = {{lds::Ef::dg1, Bytes(300, 0x61)}, {lds::Ef::com, Bytes(20, 0x60)}};
    const auto plan = profile::make_plan(*p, variables, files);
    if (!plan) return 0;
    static_cast<void>(profile::to_text(*plan, true));
    for (const auto& command : plan->write) static_cast<void>(command.apdu.encode());
    return 0;
}
