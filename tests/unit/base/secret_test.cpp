#include "unit/unit.hpp"

#include <algorithm>
#include <type_traits>

#include <idchip/base/secret.hpp>

using namespace idchip;
using namespace idchip::test;

TEST_CASE("wipe zeroes every byte of a buffer and nothing beside it", "[base]") {
    Bytes buffer(34, 0xAA);
    wipe(std::span<Byte>(buffer).subspan(1, 32));
    CHECK(std::all_of(buffer.begin() + 1, buffer.end() - 1, [](Byte b) { return b == 0; }));
    CHECK(buffer.front() == 0xAA);
    CHECK(buffer.back() == 0xAA);
    wipe({});
}

TEST_CASE("a secret cannot be copied by accident", "[base]") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Secret>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Secret>);
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Secret>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, Bytes>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<ByteView, Secret>);
}

TEST_CASE("a secret moves as a whole and leaves nothing behind", "[base]") {
    Secret a("0102030405060708"_hex);
    const Secret copy = a.clone();
    Secret b(std::move(a));
    CHECK(a.empty());  // NOLINT: what is left is the point
    CHECK(equal(b.view(), copy.view()));
    Secret c("FFFF"_hex);
    c = std::move(b);
    CHECK(b.empty());  // NOLINT
    CHECK(equal(c.view(), copy.view()));
    auto& same = c;
    c = std::move(same);
    CHECK(equal(c.view(), copy.view()));
}

TEST_CASE("a secret takes bytes over without a second copy, and can be wiped in place", "[base]") {
    Bytes source(32, 0x5A);
    const auto* memory = source.data();
    Secret taken(std::move(source));
    CHECK(source.empty());  // NOLINT
    CHECK(taken.view().data() == memory);
    Secret moved;
    moved = std::move(taken);
    CHECK(moved.view().data() == memory);
    CHECK(moved.size() == 32);
    wipe(moved.writable());
    CHECK(std::all_of(moved.view().begin(), moved.view().end(), [](Byte b) { return b == 0; }));
}

TEST_CASE("the system's randomness fills everything and does not repeat", "[base]") {
    auto& rng = system_rng();
    const auto a = rng.bytes(64);
    const auto b = rng.bytes(64);
    CHECK(a != b);
    CHECK(a.size() == 64);
    CHECK(rng.bytes(0).empty());
    CHECK(rng.secret(16).size() == 16);
    // Each byte position takes many values: none is left at zero.
    Bytes seen(300);
    for (int round = 0; round < 20; ++round) {
        const auto more = rng.bytes(seen.size());
        for (std::size_t i = 0; i < seen.size(); ++i) seen[i] = static_cast<Byte>(seen[i] | more[i]);
    }
    CHECK(std::count(seen.begin(), seen.end(), Byte{0}) == 0);
}
