#include "lint/parts.hpp"

#include "base/try.hpp"

namespace idchip::lint {
namespace {

// The one SEQUENCE that a value is.
Result<tlv::Reader> open_sequence(ByteView value) {
    tlv::Reader outer(value, lenient, "extension");
    auto inner = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    return inner;
}

}  // namespace

Result<AuthorityKeyId> read_authority_key_id(ByteView value) {
    auto r = TRY(open_sequence(value));
    AuthorityKeyId id;
    if (const auto key = TRY(r.take(der::context(0)))) id.key_id = key->value;
    id.issuer = TRY(r.take(der::context_constructed(1))).has_value();
    id.serial = TRY(r.take(der::context(2))).has_value();
    TRY(r.expect_end());
    return id;
}

Result<ByteView> read_subject_key_id(ByteView value) {
    tlv::Reader r(value, lenient, "extension");
    const auto id = TRY(der::read_octet_string(r));
    TRY(r.expect_end());
    if (id.empty()) return r.error(Errc::der_bad_value, "empty identifier");
    return id;
}

Result<KeyUsage> read_key_usage(ByteView value) {
    tlv::Reader r(value, lenient, "extension");
    const auto e = TRY(r.expect(der::bit_string));
    TRY(r.expect_end());
    return KeyUsage{TRY(der::read_named_bits(e))};
}

Result<BasicConstraints> read_basic_constraints(ByteView value) {
    auto r = TRY(open_sequence(value));
    BasicConstraints constraints;
    if (const auto flag = TRY(r.take(der::boolean))) {
        constraints.is_ca = !flag->value.empty() && flag->value[0] != 0;
        constraints.false_stated = !constraints.is_ca;
    }
    if (!r.at_end()) constraints.path_length = TRY(der::read_integer(r));
    TRY(r.expect_end());
    return constraints;
}

Result<std::vector<der::Oid>> read_purposes(ByteView value) {
    auto r = TRY(open_sequence(value));
    std::vector<der::Oid> purposes;
    do purposes.push_back(TRY(der::read_oid(r)));
    while (!r.at_end());
    return purposes;
}

Result<UsagePeriod> read_usage_period(ByteView value) {
    auto r = TRY(open_sequence(value));
    UsagePeriod period;
    period.not_before = TRY(r.take(der::context(0)));
    period.not_after = TRY(r.take(der::context(1)));
    TRY(r.expect_end());
    return period;
}

}  // namespace idchip::lint
