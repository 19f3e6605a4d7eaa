#include "bundle_maker.hpp"

#include <numeric>

using namespace idchip;
using namespace idchip::test;
using bundle::Store;

namespace {

template <class T>
void shuffle(std::vector<T>& v, TestRng& rng) {
    for (std::size_t i = v.size(); i > 1; --i) std::swap(v[i - 1], v[rng.below(i)]);
}

}  // namespace

TEST_CASE("bundles of three teams give the same records in any order, any number of times", "[bundle]") {
    Team north("north"), south("south"), sea("sea");
    const Centre centre({&north, &south, &sea});
    // Records that two teams, or one team twice, have sent.
    std::vector<Bytes> bundles = {
        north.pack(centre.holder, {1, 2, 3, 4}), north.pack(centre.holder, {3, 5}), south.pack(centre.holder, {4, 6, 7}),
        south.pack(centre.holder, {1, 8}),       sea.pack(centre.holder, {9}),      sea.pack(centre.holder, {9, 2, 10})};
    const TempFolder reference;
    for (const auto& b : bundles) good(centre.merge(reference / "store", b));
    const auto expected = contents_of(reference / "store");
    CHECK(expected.size() == 20);
    TestRng rng(3);
    for (int round = 0; round < 12; ++round) {
        auto order = bundles;
        for (std::size_t again = rng.below(5); again > 0; --again) order.push_back(bundles[rng.below(bundles.size())]);
        shuffle(order, rng);
        const TempFolder folder;
        std::optional<Store> store;
        std::uint64_t taken = 0, seen = 0;
        for (const auto& b : order) {
            if (!store || rng.below(2) == 0) {
                store.reset();  // two at once are locked out
                store.emplace(good(Store::open(folder / "store")));
                CHECK(store->cut_off() == 0);
            }
            const auto report = good(centre.merge(*store, b));
            CHECK(report.refused == 0);
            CHECK(report.taken + report.known == report.manifest.count);
            if (!report.merged_before) {
                taken += report.taken;
                seen += report.manifest.count;
            }
        }
        CHECK(taken == 10);
        CHECK(seen == 15);
        CHECK(store->missing().empty());
        CHECK((contents_of(folder / "store") == expected));
    }
}

TEST_CASE("a bundle that comes again changes nothing, and is reported as it was the first time", "[bundle]") {
    Team north("north"), south("south");
    const Centre centre({&north, &south});
    const auto first = north.pack(centre.holder, {1, 2, 3});
    const auto second = south.pack(centre.holder, changed(person_line(2), "surname", "Khác") + person_line(3) + person_line(4));
    const TempFolder folder;
    good(centre.merge(folder / "store", first));
    const auto report = good(centre.merge(folder / "store", second));
    CHECK_FALSE(report.merged_before);
    CHECK(report.taken == 1);
    CHECK(report.known == 1);
    CHECK(codes(report) == "2:S5-000002 record record.merged_otherwise");
    const auto before = good(read_text(folder / "store/records.jsonl")) + good(read_text(folder / "store/merged.jsonl"));
    const auto again = good(centre.merge(folder / "store", second));
    CHECK(again.merged_before);
    CHECK(again.taken == 1);
    CHECK(again.known == 1);
    CHECK(again.refused == 1);
    REQUIRE(again.corrections.size() == 1);
    CHECK(again.corrections[0].problem == report.corrections[0].problem);
    CHECK(good(read_text(folder / "store/records.jsonl")) + good(read_text(folder / "store/merged.jsonl")) == before);
    // Others' corrections are not mixed in, whoever looks.
    const auto third = north.pack(centre.holder, changed(person_line(4), "surname", "Khác"));
    {
        auto store = good(Store::open(folder / "store"));
        for (const auto& once : {third, second, third})
            CHECK(codes(good(centre.merge(store, once))).find(once == second ? "2:S5-000002" : "2:S5-000004") == 0);
        CHECK(codes(good(centre.merge(store, first))).empty());
    }
    CHECK(codes(good(centre.merge(folder / "store", second))) == "2:S5-000002 record record.merged_otherwise");
    // The same records in a new bundle are known.
    const auto repacked = good(centre.merge(folder / "store", north.pack(centre.holder, {3, 2, 1})));
    CHECK_FALSE(repacked.merged_before);
    CHECK(repacked.known == 3);
}

TEST_CASE("what was refused for a fault of the centre is taken when the bundle comes again", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    const auto birth = [](std::uint64_t i) { return sample::make_person(5, i, bundle_today).birth; };
    const std::uint64_t older = birth(1) < birth(2) ? 1U : 2U, younger = 3 - older;
    REQUIRE(birth(older) < birth(younger));
    const auto sealed = north.pack(centre.holder, person_line(older) + person_line(younger));
    const auto other = north.pack(centre.holder, changed(person_line(older), "surname", "Khác") + person_line(5));
    const TempFolder folder;
    const auto store_folder = folder / "store";
    const auto files = [&] { return good(read_text(store_folder / "records.jsonl")) + good(read_text(store_folder / "merged.jsonl")); };
    auto wrong_clock = centre.options();
    wrong_clock.settings.today = birth(older);
    std::optional<Store> store(good(Store::open(store_folder)));
    const auto first = good(centre.merge(*store, sealed, wrong_clock));
    CHECK(first.taken == 1);
    REQUIRE(first.refused == 1);
    CHECK(first.corrections[0].problem.code == "record.birth_in_future");
    const auto before = files();
    // Nothing is better yet: nothing is written.
    const auto second = good(centre.merge(*store, sealed, wrong_clock));
    CHECK(second.merged_before);
    CHECK(second.taken == 1);
    CHECK(codes(second) == codes(first));
    CHECK(files() == before);
    const auto third = good(centre.merge(*store, sealed));
    CHECK_FALSE(third.merged_before);
    CHECK_FALSE(third.number_seen_before);
    CHECK(third.taken == 1);
    CHECK(third.known == 1);
    CHECK(codes(third).empty());
    CHECK(store->records() == 2);
    const auto after = files();
    CHECK(good(centre.merge(*store, sealed, wrong_clock)).merged_before);
    // Another process sees the same.
    store.reset();
    store.emplace(good(Store::open(store_folder)));
    CHECK(store->records() == 2);
    const auto fourth = good(centre.merge(*store, sealed, wrong_clock));
    CHECK(fourth.merged_before);
    CHECK(fourth.refused == 0);
    CHECK(files() == after);
    // What is refused for the bundle's own sake stays so.
    CHECK(good(centre.merge(*store, other)).refused == 1);
    const auto again = good(centre.merge(*store, other));
    CHECK(again.merged_before);
    CHECK(codes(again) == fmt::format("2:S5-{:06} record record.merged_otherwise", older));
    CHECK(store->missing().empty());
}

TEST_CASE("records that contradict what was merged go back to their team, and say what they contradict", "[bundle]") {
    Team north("north"), south("south");
    const Centre centre({&north, &south});
    const TempFolder folder;
    auto store = good(Store::open(folder / "store"));
    const auto first = good(centre.merge(store, north.pack(centre.holder, {1, 2, 3})));
    const auto other_number = changed(person_line(2), "record", "again");  // and the same portrait
    const auto other_portrait = changed(person_line(9), "portrait", "p3.jpg");
    const auto report = good(centre.merge(store, south.pack(centre.holder, changed(person_line(1), "residence", "Phường Khác, Hà Nội") +
                                                                               other_number + other_portrait + person_line(10))));
    CHECK(report.taken == 1);
    CHECK(report.refused == 3);
    CHECK(codes(report) ==
          "2:S5-000001 record record.merged_otherwise; 3:again personal_number record.duplicate_number; "
          "3:again portrait record.duplicate_portrait; 4:S5-000009 portrait record.duplicate_portrait");
    const auto place = "line 2 of bundle " + first.manifest.bundle + " of north";
    CHECK(report.corrections[0].problem.message.find(place) != std::string::npos);
    CHECK(report.corrections[3].problem.message.find("line 4 of bundle " + first.manifest.bundle + " of north") != std::string::npos);
    CHECK(store.records() == 4);
    // Another process sees the same.
    const auto contradiction = south.pack(centre.holder, changed(person_line(10), "record", "third"));
    { const auto closed = std::move(store); }
    const auto later = good(centre.merge(folder / "store", contradiction));
    CHECK(codes(later) == "2:third personal_number record.duplicate_number; 2:third portrait record.duplicate_portrait");
    CHECK(later.corrections[0].problem.message.find("line 5 of bundle " + report.manifest.bundle + " of south") != std::string::npos);
}

TEST_CASE("two documents of an issuer that numbers documents must differ, two Vietnamese ones only in all twelve digits", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    const TempFolder folder;
    const auto icao = [](const char* id, const char* number, const char* state, const char* portrait) {
        return fmt::format(
            "{{\"record\":\"{}\",\"card\":\"icao-td1\",\"document_code\":\"ID\",\"issuing_state\":\"{}\",\"nationality\":\"UTO\","
            "\"document_number\":\"{}\",\"surname\":\"Eriksson\",\"given_names\":\"Anna {}\",\"sex\":\"F\",\"birth_date\":\"1974-08-12\","
            "\"expiry_date\":\"2032-04-15\",\"portrait\":\"{}\"}}\n",
            id, state, number, id, portrait);
    };
    CHECK(good(centre.merge(folder / "store", north.pack(centre.holder, icao("A", "D23145890", "UTO", "p1.jpg")))).taken == 1);
    const auto report = good(centre.merge(
        folder / "store", north.pack(centre.holder, icao("B", "D23145890", "UTO", "p2.jpg") + icao("C", "D23145890", "XXX", "p3.jpg") +
                                                        icao("E", "D23145891", "UTO", "p4.jpg"))));
    CHECK(codes(report) == "2:B document_number record.duplicate_number");
    CHECK(report.taken == 2);
}

TEST_CASE("the centre checks each record again, on its own day", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    const auto person = sample::make_person(5, 1, bundle_today);
    REQUIRE(person.expiry);
    const auto sealed = north.pack(centre.holder, {1, 2});
    auto options = centre.options();
    options.settings.today = {person.expiry->year + 1, 1, 1};
    const TempFolder folder;
    auto store = good(Store::open(folder / "store"));
    const auto report = good(centre.merge(store, sealed, options));
    CHECK(codes(report).find("2:S5-000001 expiry_date record.expired") == 0);
}

TEST_CASE("a record that is merged is not asked for its age when it comes again", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    const TempFolder folder;
    auto store = good(Store::open(folder / "store"));
    good(centre.merge(store, north.pack(centre.holder, {1})));
    auto options = centre.options();
    options.settings.today = {2150, 1, 1};
    const auto report = good(centre.merge(store, north.pack(centre.holder, {1}), options));
    CHECK(report.known == 1);
    CHECK(report.corrections.empty());
}

TEST_CASE("missing bundles are named, and a count that was lost is noticed", "[bundle]") {
    Team north("north"), south("south");
    const Centre centre({&north, &south});
    std::vector<Bytes> bundles;
    for (std::uint64_t i = 0; i < 7; ++i) bundles.push_back(north.pack(centre.holder, {i}));
    const TempFolder folder;
    auto store = good(Store::open(folder / "store"));
    for (const auto i : {6U, 2U}) good(centre.merge(store, bundles[i]));
    good(centre.merge(store, south.pack(centre.holder, {20})));
    const auto text = [](const std::vector<bundle::Gap>& gaps) {
        std::string s;
        for (const auto& g : gaps) s += fmt::format("{} {}-{};", g.team, g.first, g.last);
        return s;
    };
    CHECK(text(store.missing()) == "north 1-2;north 4-6;");
    for (const auto i : {0U, 1U, 3U, 4U, 5U}) CHECK_FALSE(good(centre.merge(store, bundles[i])).number_seen_before);
    CHECK(store.missing().empty());
    std::filesystem::remove(north.laptop / "count");
    const auto report = good(centre.merge(store, north.pack(centre.holder, {30})));
    CHECK(report.manifest.number == 1);
    CHECK(report.number_seen_before);
    CHECK(report.taken == 1);
}

TEST_CASE("two merges at once: the second is told", "[bundle]") {
    const TempFolder folder;
    auto first = good(Store::open(folder / "store"));
    const auto second = Store::open(folder / "store");
    REQUIRE_FALSE(second);
    CHECK(second.error().message().find("another run has it open") != std::string::npos);
}
