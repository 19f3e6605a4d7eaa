#include <idchip/crypto/key.hpp>

#include <array>

namespace idchip::crypto {
namespace {

struct Row {
    Curve curve;
    std::string_view name;
    std::size_t size;
    der::Oid oid;
};

const std::array<Row, 11>& rows() {
    static const std::array<Row, 11> table = {{
        {Curve::p192, "P-192", 24, der::Oid("1.2.840.10045.3.1.1")},
        {Curve::p224, "P-224", 28, der::Oid("1.3.132.0.33")},
        {Curve::p256, "P-256", 32, der::Oid("1.2.840.10045.3.1.7")},
        {Curve::p384, "P-384", 48, der::Oid("1.3.132.0.34")},
        {Curve::p521, "P-521", 66, der::Oid("1.3.132.0.35")},
        {Curve::bp192r1, "brainpoolP192r1", 24, der::Oid("1.3.36.3.3.2.8.1.1.3")},
        {Curve::bp224r1, "brainpoolP224r1", 28, der::Oid("1.3.36.3.3.2.8.1.1.5")},
        {Curve::bp256r1, "brainpoolP256r1", 32, der::Oid("1.3.36.3.3.2.8.1.1.7")},
        {Curve::bp320r1, "brainpoolP320r1", 40, der::Oid("1.3.36.3.3.2.8.1.1.9")},
        {Curve::bp384r1, "brainpoolP384r1", 48, der::Oid("1.3.36.3.3.2.8.1.1.11")},
        {Curve::bp512r1, "brainpoolP512r1", 64, der::Oid("1.3.36.3.3.2.8.1.1.13")},
    }};
    return table;
}

const Row& row(Curve curve) { return rows().at(static_cast<std::size_t>(curve)); }

}  // namespace

std::string_view name(Curve curve) { return row(curve).name; }
const der::Oid& oid(Curve curve) { return row(curve).oid; }
std::size_t field_size(Curve curve) { return row(curve).size; }

std::optional<Curve> curve_by_name(std::string_view wanted) {
    for (const auto& r : rows())
        if (r.name == wanted) return r.curve;
    return std::nullopt;
}

std::optional<Curve> curve_by_oid(const der::Oid& id) {
    for (const auto& r : rows())
        if (r.oid == id) return r.curve;
    return std::nullopt;
}

}  // namespace idchip::crypto
