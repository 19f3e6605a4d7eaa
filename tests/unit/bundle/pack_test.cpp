#include "bundle_maker.hpp"

#include <idchip/pki/enveloped.hpp>

using namespace idchip;
using namespace idchip::test;
using bundle::Packer;
using bundle::Store;

namespace {

std::string refused(const bundle::PackOptions& o) {
    const auto packer = Packer::create(o);
    return error_of(packer);
}

std::string text_of(const Holder& centre, ByteView sealed) {
    const auto signed_data = good(pki::SignedData::parse(good(pki::open(sealed, centre.certificate, centre.private_key()))));
    return as_text(signed_data.content);
}

}  // namespace

TEST_CASE("what a team packs, the centre has word for word, and personalize can read it", "[bundle]") {
    for (const auto& kind : {HolderOptions{}, HolderOptions{.curve = std::nullopt}, HolderOptions{.curve = crypto::Curve::bp384r1}}) {
        Team north("north", valid_then(kind));
        const Centre centre({&north}, valid_then(kind));
        const auto sealed = north.pack(centre.holder, {1, 2, 3});
        CHECK(as_text(sealed).find("Nguy") == std::string::npos);
        const TempFolder folder;
        auto store = good(Store::open(folder / "store"));
        const auto report = good(centre.merge(store, sealed));
        CHECK(report.manifest.team == "north");
        CHECK(report.manifest.number == 1);
        CHECK(report.manifest.count == 3);
        CHECK(report.taken == 3);
        CHECK(report.known + report.refused == 0);
        CHECK(store.records() == 3);
        const auto file = (folder / "store/records.jsonl").string();
        const auto source = good(record::open_records(file));
        record::RawRecord raw, original;
        for (std::uint64_t i = 1; i <= 3; ++i) {
            REQUIRE(good(source->next(raw)));
            record::read_json(person_line(i), original);
            for (const auto& field : record::all_fields()) {
                if (field.field == record::Field::portrait) continue;
                CHECK(raw[field.field] == original[field.field]);
                CHECK(raw.has(field.field) == original.has(field.field));
            }
            CHECK(record::check(raw, {{}, bundle_today}).record);
            const auto portrait = raw[record::Field::portrait];
            CHECK(portrait == "portraits/" + to_hex(crypto::hash(crypto::HashAlg::sha256, marked_portrait(i))) + ".jpg");
            CHECK(good(read_file(folder / "store" / portrait)) == marked_portrait(i));
        }
        CHECK_FALSE(good(source->next(raw)));
        using std::filesystem::perms;
        for (const auto* name : {"records.jsonl", "merged.jsonl"})
            CHECK((std::filesystem::status(folder / "store" / name).permissions() & (perms::group_all | perms::others_all)) == perms::none);
    }
}

TEST_CASE("records with errors stay with the team, with warnings they go", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    const auto lines = person_line(1) + changed(person_line(2), "birth_date", "1999-02-30") + "no record\n" +
                       changed(person_line(1), "surname", "Khác") + changed(person_line(3), "surname", " Nguyễn") + person_line(4);
    good(write_text(north.laptop / "r.jsonl", lines));
    for (const std::uint64_t i : {1U, 2U, 3U, 4U}) good(write_file(north.laptop / fmt::format("p{}.jpg", i), marked_portrait(i)));
    auto packer = good(Packer::create(north.options(centre.holder)));
    const auto file = (north.laptop / "r.jsonl").string();
    const auto source = good(record::open_records(file));
    std::vector<bool> ready;
    good(packer.add(*source, file, [&](const record::Checked& c) -> Result<void> {
        ready.push_back(c.record.has_value());
        return {};
    }));
    CHECK(ready == std::vector<bool>{true, false, false, false, true, true});
    CHECK(packer.totals().all.with_errors == 3);
    const auto made = good(packer.finish());
    REQUIRE(made.size() == 1);
    CHECK(made[0].manifest.count == 3);
    const auto text = text_of(centre.holder, good(read_file(made[0].file)));
    CHECK(text.find("S5-000004") != std::string::npos);
    CHECK(text.find("S5-000002") == std::string::npos);
    CHECK(text.find("Khác") == std::string::npos);
    const TempFolder folder;
    CHECK(good(centre.merge(folder / "store", good(read_file(made[0].file)))).taken == 3);
}

TEST_CASE("a packed record says what it was checked as: the centre does not know the team's options", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    const auto without = [](std::string line, std::string_view member) {
        const auto from = line.find("\"" + std::string(member) + "\":");
        REQUIRE(from != std::string::npos);
        return line.erase(from, line.find(',', from) + 1 - from);
    };
    // What no other card may lack follows from the personal number.
    const auto first = without(without(person_line(1), "card"), "document_number");
    const auto second = changed(without(person_line(2), "document_number"), "card", "icao-td1");
    auto options = north.options(centre.holder);
    CHECK(north.pack(options, first + second).empty());
    options = north.options(centre.holder);
    options.intake.settings.card = record::Card::vn_cccd_2021;
    const auto bundles = north.pack(options, first + second);
    REQUIRE(bundles.size() == 1);
    const TempFolder folder;
    const auto report = good(centre.merge(folder / "store", bundles[0]));
    CHECK(codes(report).empty());
    CHECK(report.taken == 2);
    const auto source = good(record::open_records((folder / "store/records.jsonl").string()));
    record::RawRecord raw;
    for (int i = 0; i < 2; ++i) {
        REQUIRE(good(source->next(raw)));
        CHECK(raw[record::Field::card] == "vn-cccd-2021");
    }
}

TEST_CASE("nothing is made of no records", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    CHECK(north.pack(north.options(centre.holder), "").empty());
    CHECK(north.pack(north.options(centre.holder), "{}\n").empty());
    CHECK_FALSE(std::filesystem::exists(north.laptop / "count"));
}

TEST_CASE("more records than one bundle holds become several, with running numbers", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    auto options = north.options(centre.holder);
    options.most_bytes = 2 * 1000;
    std::string lines;
    for (std::uint64_t i = 0; i < 10; ++i) lines += person_line(i);
    const auto bundles = north.pack(options, lines);
    CHECK(bundles.size() >= 4);
    CHECK(std::filesystem::exists(north.laptop / "day1-1.idb"));
    CHECK_FALSE(std::filesystem::exists(north.laptop / "day1.idb"));
    CHECK(good(read_text(north.laptop / "count")) == fmt::format("{}\n", bundles.size()));
    const TempFolder folder;
    auto store = good(Store::open(folder / "store"));
    for (auto it = bundles.rbegin(); it != bundles.rend(); ++it) good(centre.merge(store, *it));
    CHECK(store.records() == 10);
    CHECK(store.missing().empty());
    // The next day goes on counting; a record too large for the limit has a bundle of its own.
    options = north.options(centre.holder);
    options.most_bytes = 1;
    CHECK(north.pack(options, person_line(11) + person_line(12)).size() == 2);
    CHECK(good(read_text(north.laptop / "count")) == fmt::format("{}\n", bundles.size() + 2));
}

TEST_CASE("what would be refused at the centre is refused in the village, before a record is read", "[bundle]") {
    Team north("north"), other("other");
    const Centre centre({&north});
    const auto with = [&](auto change) {
        auto o = north.options(centre.holder);
        change(o);
        return refused(o);
    };
    CHECK(with([](auto&) {}) == "none");
    CHECK(with([&](auto& o) { o.key = other.holder.key; }) == "pki.refused");
    CHECK(with([](auto& o) { o.now = bundle_now + 31 * seconds_per_day; }) == "pki.refused");
    CHECK(with([](auto& o) { o.now = Instant{0}; }) == "pki.refused");  // a laptop whose clock has lost the time
    CHECK(with([](auto& o) { o.centre = make_holder("Old", {.from = bundle_now + -20, .until = bundle_now + -10}).certificate; }) ==
          "pki.refused");
    CHECK(with([](auto& o) { o.centre = make_holder("Weak", valid_then({.curve = crypto::Curve::p224})).certificate; }) == "pki.refused");
    CHECK(with([](auto& o) { o.centre = make_holder("Signs", valid_then({.usage = {0}})).certificate; }) == "pki.refused");
    CHECK(with([&](auto& o) {
              const auto holder = make_holder("north", valid_then({.usage = {2}}));
              o.team = holder.certificate;
              o.key = holder.key;
          }) == "bundle.untrusted");
    CHECK(with([&](auto& o) {
              const auto holder = make_holder("a/b", valid_then());
              o.team = holder.certificate;
              o.key = holder.key;
          }) == "pki.refused");
    // Nothing is overwritten: it may be the only copy.
    good(write_text(north.laptop / "there.idb", "x"));
    good(write_text(north.laptop / "two-1.idb", "x"));
    CHECK(with([&](auto& o) { o.out = north.laptop / "there.idb"; }) == "io.exists");
    CHECK(with([&](auto& o) { o.out = north.laptop / "two.idb"; }) == "io.exists");
}

TEST_CASE("a count that cannot be read stops the packing, and is not begun anew", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    for (const auto* text : {"", "x", "-1", "12 13", "99999999999999999999"}) {
        good(write_text(north.laptop / "count", text));
        good(write_text(north.laptop / "r.jsonl", person_line(1)));
        good(write_file(north.laptop / "p1.jpg", marked_portrait(1)));
        auto packer = good(Packer::create(north.options(centre.holder)));
        const auto file = (north.laptop / "r.jsonl").string();
        const auto source = good(record::open_records(file));
        good(packer.add(*source, file, [](const record::Checked&) -> Result<void> { return {}; }));
        CHECK(error_of(packer.finish()) == "input.bad_field");
        CHECK(good(read_text(north.laptop / "count")) == text);
    }
}

TEST_CASE("a portrait that is gone when it is packed stops the packing", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    good(write_text(north.laptop / "r.jsonl", person_line(1)));
    auto packer = good(Packer::create(north.options(centre.holder)));
    const auto file = (north.laptop / "r.jsonl").string();
    const auto source = good(record::open_records(file));
    CHECK(error_of(packer.add(*source, file, [](const record::Checked&) -> Result<void> { return {}; })) == "input.not_found");
}

TEST_CASE("records of CSV go the same way", "[bundle]") {
    Team north("north");
    const Centre centre({&north});
    record::RawRecord raw;
    record::read_json(person_line(7), raw);
    std::string heading, row;
    for (const auto& field : record::all_fields())
        if (!raw[field.field].empty() || field.field == record::Field::expiry_date) {
            heading += (heading.empty() ? "" : ";") + std::string(field.name);
            row += (row.empty() ? "" : ";") + (raw[field.field].empty() ? "none" : raw[field.field]);
        }
    good(write_text(north.laptop / "r.csv", heading + "\n" + row + "\n"));
    good(write_file(north.laptop / "p7.jpg", marked_portrait(7)));
    auto packer = good(Packer::create(north.options(centre.holder)));
    const auto file = (north.laptop / "r.csv").string();
    const auto source = good(record::open_records(file));
    good(packer.add(*source, file, [](const record::Checked&) -> Result<void> { return {}; }));
    const auto made = good(packer.finish());
    REQUIRE(made.size() == 1);
    const TempFolder folder;
    CHECK(good(centre.merge(folder / "store", good(read_file(made[0].file)))).taken == 1);
}

TEST_CASE("teams are loaded from a folder, each with its name", "[bundle]") {
    const TempFolder folder;
    CHECK(error_of(bundle::load_teams(folder / "none")) == "input.not_found");
    CHECK(error_of(bundle::load_teams(folder.path())) == "input.not_found");
    good(write_file(folder / "a.cer", make_holder("Đội 1").certificate.raw));
    good(write_text(folder / "b.pem", pki::to_pem(make_holder("Đội 2").certificate.raw, "CERTIFICATE")));
    good(write_text(folder / "readme.txt", "not looked at"));
    const auto teams = good(bundle::load_teams(folder.path()));
    REQUIRE(teams.size() == 2);
    CHECK(good(bundle::team_name(teams[0])) == "Đội 1");
    good(write_file(folder / "c.crt", make_holder("a, CN=b").certificate.raw));
    CHECK(error_of(bundle::load_teams(folder.path())) == "pki.refused");
    good(write_file(folder / "c.crt", make_holder("..").certificate.raw));
    CHECK(error_of(bundle::load_teams(folder.path())) == "pki.refused");
    good(write_text(folder / "c.crt", "no certificate"));
    const auto bad = bundle::load_teams(folder.path());
    REQUIRE_FALSE(bad);
    CHECK(bad.error().where.find("c.crt") != std::string::npos);
}
