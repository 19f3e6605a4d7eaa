// Portraits are looked at again where bundles are merged.
#include "bundle_maker.hpp"

#include "unit/codec/child.hpp"

using namespace idchip;
using namespace idchip::test;
using bundle::Store;

namespace {

bundle::MergeOptions looking(const Centre& centre) {
    auto o = centre.options();
    o.portraits = true;
    return o;
}

Bytes drawn(std::uint64_t number) { return good(sample::draw_portrait(sample::make_person(5, number, bundle_today), 5)); }

}  // namespace

TEST_CASE("portraits are packed and merged after a look at their pixels", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    for (const std::uint64_t i : {1U, 2U}) good(write_file(north.laptop / fmt::format("p{}.jpg", i), drawn(i)));
    const auto png = "89504E470D0A1A0A0000000D49484452"_hex;
    good(write_file(north.laptop / "p3.jpg", png));
    auto options = north.options(centre.holder);
    options.intake.portraits = true;
    // The third is no picture behind its first bytes: it stays with the team.
    const auto sealed = north.pack(options, person_line(1) + person_line(2) + person_line(3));
    REQUIRE(sealed.size() == 1);
    const TempFolder folder;
    auto store = good(Store::open(folder / "store"));
    CHECK(good(centre.merge(store, sealed[0], looking(centre))).taken == 2);
}

TEST_CASE("a portrait that a team did not look at is refused at the centre", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    const auto good_one = drawn(1);
    good(write_file(north.laptop / "p1.jpg", good_one));
    good(write_file(north.laptop / "p2.jpg", ByteView(good_one).first(good_one.size() / 2)));
    const auto sealed = north.pack(centre.holder, {1, 2, 3});
    const TempFolder folder;
    auto store = good(Store::open(folder / "store"));
    const auto report = good(centre.merge(store, sealed, looking(centre)));
    CHECK(codes(report) == "3:S5-000002 portrait record.portrait_unreadable; 4:S5-000003 portrait record.portrait_unreadable");
    CHECK(std::distance(std::filesystem::directory_iterator(folder / "store/portraits"), {}) == 1);
}

TEST_CASE("a helper program that is missing is an error, not a bad portrait", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    good(write_file(north.laptop / "p1.jpg", drawn(1)));
    const auto sealed = north.pack(centre.holder, {1});
    const TempFolder folder;
    {
        const OtherChild none("/nowhere/idchip-codec");
        auto store = good(Store::open(folder / "store"));
        CHECK(error_of(centre.merge(store, sealed, looking(centre))) == "codec.unavailable");
        CHECK_FALSE(store.usable());
    }
    auto store = good(Store::open(folder / "store"));
    const auto report = good(centre.merge(store, sealed, looking(centre)));
    CHECK_FALSE(report.merged_before);
    CHECK(report.taken == 1);
}

TEST_CASE("nor is one that fails after it has worked", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    for (const std::uint64_t i : {1U, 2U}) good(write_file(north.laptop / fmt::format("p{}.jpg", i), drawn(i)));
    const auto sealed = north.pack(centre.holder, {1, 2});
    const TempFolder folder;
    {
        const auto script = folder / "works-once";
        good(write_text(script, fmt::format("#!/bin/sh\n/bin/mkdir {} || exit 3\nexec {} \"$@\"\n", (folder / "once").string(),
                                            std::getenv("IDCHIP_CODEC"))));
        std::filesystem::permissions(script, std::filesystem::perms::owner_all);
        const OtherChild failing(script.string());
        auto store = good(Store::open(folder / "store"));
        CHECK(error_of(centre.merge(store, sealed, looking(centre))) == "codec.unavailable");
        CHECK(std::filesystem::exists(folder / "once"));
        CHECK_FALSE(store.usable());
    }
    auto store = good(Store::open(folder / "store"));
    const auto report = good(centre.merge(store, sealed, looking(centre)));
    CHECK_FALSE(report.merged_before);
    CHECK(report.taken == 2);
    CHECK(report.refused == 0);
}
