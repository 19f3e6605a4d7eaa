#include "unit/unit.hpp"

#include <idchip/crypto/hash.hpp>
#include <idchip/profile/expression.hpp>

using namespace idchip;
using namespace idchip::test;
using profile::evaluate;
using profile::Value;
using profile::Variables;

namespace {

const Variables variables = {{"a", Value::of(ByteView("AABB"_hex))},
                             {"mrz.document_number", Value::of(as_bytes("X1"))},
                             {"n", Value::of(258)},
                             {"empty", Value::of(ByteView())}};

std::string value(std::string_view expression) {
    const auto result = evaluate(expression, variables);
    return result ? to_hex(*result) : std::string(result.error().name());
}

}  // namespace

TEST_CASE("literals, names and functions are concatenated", "[profile]") {
    CHECK(value("0xAB") == "AB");
    CHECK(value("0xab 0xCD a") == "ABCDAABB");
    CHECK(value("") == "");
    CHECK(value("   ") == "");
    CHECK(value("0x") == "");
    CHECK(value("mrz.document_number") == "5831");
    CHECK(value(" a  a ") == "AABBAABB");
    CHECK(value("empty") == "");
    CHECK(value("a be(n, 2) a") == "AABB0102AABB");
}

TEST_CASE("each function does what its name says", "[profile]") {
    CHECK(value("tlv(0x04, a)") == "0402AABB");
    CHECK(value("tlv(0x5F1F, a, 0x01, a)") == "5F1F05AABB01AABB");
    CHECK(value("tlv(0x62)") == "6200");
    CHECK(value("tlv(0x62, tlv(0x04, a), tlv(0x04, ))") == "62060402AABB0400");
    CHECK(value("be(5, 1)") == "05");
    CHECK(value("be(n, 2)") == "0102");
    CHECK(value("be(n, 8)") == "0000000000000102");
    CHECK(value("be(size(a), 2)") == "0002");
    CHECK(value("right_pad(a, 4, 0x3C)") == "AABB3C3C");
    CHECK(value("left_pad(a, 4, 0x00)") == "0000AABB");
    CHECK(value("right_pad(a, 2, 0x3C)") == "AABB");
    CHECK(value("right_pad(a, 1, 0x3C)") == "AABB");  // padding never cuts
    CHECK(value("first(a, 1)") == "AA");
    CHECK(value("first(a, 0)") == "");
    CHECK(value("sha1(a)") == to_hex(crypto::hash(crypto::HashAlg::sha1, "AABB"_hex)));
    CHECK(value("sha256(a 0x01)") == to_hex(crypto::hash(crypto::HashAlg::sha256, "AABB01"_hex)));
    CHECK(value("tlv(0x04,right_pad(mrz.document_number,9,0x3C))") == "040958313C3C3C3C3C3C3C");
}

TEST_CASE("what makes no sense is refused, and nothing is dropped silently", "[profile]") {
    for (const auto* expression : {"unknown",
                                   "a b",
                                   "5",
                                   "n",
                                   "be(n, 1)",
                                   "be(256, 1)",
                                   "be(1, 9)",
                                   "be(a, 2)",
                                   "be(1)",
                                   "be(1, 2, 3)",
                                   "be(,1)",
                                   "0xA",
                                   "0xGG",
                                   "0x12_",
                                   "5 0x01",
                                   "0x01 5",
                                   "be(1 0x02, 1)",
                                   "tlv()",
                                   "tlv(5, a)",
                                   "tlv(0x0102030405, a)",
                                   "tlv(, a)",
                                   "tlv(0x04, 5)",
                                   "tlv(0x04, a, n)",
                                   "tlv(0x04, size(a))",
                                   "size()",
                                   "size(5)",
                                   "size(a, a)",
                                   "first(a, 3)",
                                   "first(a)",
                                   "first(5, 1)",
                                   "right_pad(a, 4)",
                                   "right_pad(a, 4, 0x)",
                                   "right_pad(a, 4, 0x0102)",
                                   "right_pad(a, 65536, 0x00)",
                                   "right_pad(a, a, 0x00)",
                                   "sha1(a, a)",
                                   "sha1(5)",
                                   "sha512(a)",
                                   "a)",
                                   "(a)",
                                   "a,",
                                   "tlv(0x04, a",
                                   "tlv(",
                                   "tlv",
                                   "tlv 0x04",
                                   "a;a",
                                   "a+a",
                                   "\"a\"",
                                   "$",
                                   "1234567890",
                                   "99999999999999999999",
                                   "a\n",
                                   "tlv(0x04, a))",
                                   "\xC3\xA9"}) {
        CAPTURE(expression);
        CHECK(value(expression) == "profile.bad");
    }
}

TEST_CASE("an error names the place in the expression", "[profile]") {
    const auto failed = evaluate("a a unknown", variables);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().offset == 11U);
    CHECK(failed.error().detail == "unknown name 'unknown'");
}

TEST_CASE("nesting has a limit and no recursion beyond it", "[profile]") {
    const auto nested = [](std::size_t depth) {
        std::string text = "a";
        for (std::size_t i = 0; i < depth; ++i) text = "tlv(0x04, " + text + ")";
        return text;
    };
    CHECK(value(nested(16)) != "profile.bad");
    CHECK(value(nested(17)) == "profile.bad");
    std::string open;
    for (int i = 0; i < 100'000; ++i) open += "tlv(";
    CHECK(value(open) == "profile.bad");
}
