#include "sim/blank/lifecycle_data.hpp"

#include <algorithm>
#include <set>

#include <idchip/crypto/key.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/tlv/reader.hpp>

namespace idchip::sim::lifecycle {
namespace {

namespace sw = iso7816::sw;

constexpr std::uint32_t tag_scalar = 0x86, tag_cofactor = 0x87, tag_passwords = 0x65, tag_password = 0x66;

const std::map<std::uint32_t, Bytes>& parameters_of_p256() {
    static const auto parameters = [] {
        const auto& p = crypto::parameters(crypto::Curve::p256);
        const auto generator = concat({Bytes{0x04}, p.generator_x, p.generator_y});
        return std::map<std::uint32_t, Bytes>{{0x81, p.p}, {0x82, p.a}, {0x83, p.b}, {0x84, generator}, {0x85, p.order}};
    }();
    return parameters;
}

// As long as the order of the group; empty: longer, or nothing.
Secret padded(ByteView scalar) {
    const auto size = crypto::parameters(crypto::Curve::p256).order.size();
    if (scalar.empty() || scalar.size() > size) return {};
    Secret whole(size);
    std::copy(scalar.begin(), scalar.end(), whole.writable().end() - static_cast<std::ptrdiff_t>(scalar.size()));
    return whole;
}

}  // namespace

Secret scalar_of(ByteView data) {
    const auto& wanted = parameters_of_p256();
    std::set<std::uint32_t> found;
    Secret scalar;
    for (tlv::Reader r(data, tlv::Rules::ber, "PUT DATA 63"); !r.at_end();) {
        const auto e = r.next();
        if (!e) return {};
        const auto parameter = wanted.find(e->tag);
        if (parameter != wanted.end() && equal(e->value, parameter->second)) found.insert(e->tag);
        else if (e->tag == tag_scalar) scalar = padded(e->value);
        else if (e->tag != tag_cofactor) return {};
    }
    return found.size() == wanted.size() ? std::move(scalar) : Secret();
}

bool is_trust_point(ByteView data) {
    static const Bytes rsa_sha1 = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02, 0x01, 0x01},
                       inspection_system = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02, 0x01};
    tlv::Reader outer(data, tlv::Rules::ber, "PUT DATA 64");
    const auto body = outer.expect(0x7F4E);
    if (!body) return false;
    auto r = outer.enter(*body);
    const auto version = r.expect(0x5F29), authority = r.expect(0x42), key = r.expect(0x7F49), holder = r.expect(0x5F20),
               role = r.expect(0x7F4C), from = r.expect(0x5F25), until = r.expect(0x5F24);
    if (!version || !authority || !key || !holder || !role || !from || !until) return false;
    auto k = r.enter(*key), h = r.enter(*role);
    const auto algorithm = k.expect(0x06), modulus = k.expect(0x81), exponent = k.expect(0x82), kind = h.expect(0x06),
               rights = h.expect(0x53);
    if (!algorithm || !modulus || !exponent || !kind || !rights) return false;
    return equal(version->value, Bytes{0x00}) && equal(algorithm->value, rsa_sha1) && equal(kind->value, inspection_system) &&
           rights->value.size() == 1 && from->value.size() == 6 && until->value.size() == 6;
}

PaceSecrets pace_secrets(ByteView data) {
    PaceSecrets secrets;
    const auto wrong = [](std::uint16_t status) { return PaceSecrets{status, {}}; };
    tlv::Reader outer(data, tlv::Rules::ber, "PUT DATA 65");
    const bool wrapped = !data.empty() && data[0] == tag_passwords;
    const auto container = wrapped ? outer.expect(tag_passwords) : Result<tlv::Element>(tlv::Element());
    if (!container || (wrapped && !outer.at_end())) return wrong(sw::wrong_length);
    for (auto r = wrapped ? outer.enter(*container) : outer; !r.at_end();) {
        const auto e = r.next();
        if (!e || e->tag != tag_password) return wrong(sw::wrong_data);
        if (e->value.size() < 2) return wrong(sw::wrong_length);
        if (e->value[0] < 1 || e->value[0] > 4) return wrong(sw::no_precise_diagnosis);
        secrets.passwords[e->value[0]] = Secret(e->value.subspan(1));
    }
    return secrets;
}

}  // namespace idchip::sim::lifecycle
