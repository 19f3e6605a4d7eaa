#include "record_maker.hpp"

#include <idchip/codec/portrait.hpp>
#include <idchip/record/intake.hpp>
#include <idchip/report/csv.hpp>
#include <idchip/sample/sample.hpp>

#include "unit/codec/child.hpp"

using namespace idchip;
using namespace idchip::test;
using record::Field;

namespace {

record::IntakeOptions options(bool portraits) {
    record::IntakeOptions o;
    o.settings.today = record_today;
    o.portraits = portraits;
    o.threads = 2;
    return o;
}

struct Run {
    std::vector<record::Checked> records;
    record::Totals totals;
};

Run run(const std::vector<std::filesystem::path>& files, bool portraits) {
    Run result;
    record::Intake intake(options(portraits));
    for (const auto& file : files) {
        const auto source = good(record::open_records(file.string()));
        good(intake.run(*source, file.string(), [&](const record::Checked& c) -> Result<void> {
            result.records.push_back(c);
            return {};
        }));
    }
    result.totals = intake.totals();
    return result;
}

std::string person(std::uint64_t number, std::string_view portrait = "p.jpg") {
    return sample::record_json(sample::make_person(5, number, record_today), portrait) + "\n";
}

// The record with one member replaced.
std::string changed(std::string line, std::string_view member, std::string_view value) {
    const auto key = "\"" + std::string(member) + "\":\"";
    const auto at = line.find(key) + key.size();
    return line.replace(at, line.find('"', at) - at, value);
}

}  // namespace

TEST_CASE("the records that `idchip sample` makes are ready", "[record]") {
    const TempFolder folder;
    std::string text;
    for (std::uint64_t i = 0; i < 300; ++i) text += person(i);
    good(write_text(folder / "r.jsonl", text));
    const auto result = run({folder / "r.jsonl"}, false);
    CHECK(result.totals.all.records == 300);
    CHECK(result.totals.all.with_errors == 0);
    for (const auto& c : result.records)
        for (const auto& p : c.problems)
            if (p.code != "record.name_truncated" && p.code != "vn.number_province") FAIL(c.id << " " << p.field << " " << p.code);
}

TEST_CASE("duplicates of name, number and person are found, across files too", "[record]") {
    const TempFolder folder;
    good(write_text(folder / "a.jsonl", person(1) + person(2) + changed(person(1), "record", "other")));
    good(write_text(folder / "b.jsonl", person(2) + person(3)));
    const auto result = run({folder / "a.jsonl", folder / "b.jsonl"}, false);
    REQUIRE(result.records.size() == 5);
    const auto has = [&](std::size_t i, std::string_view code) {
        return codes(result.records[i].problems).find(code) != std::string::npos;
    };
    for (const auto i : {0U, 1U, 4U}) CHECK_FALSE(has(i, "duplicate"));
    CHECK(has(2, "personal_number record.duplicate_number"));
    CHECK(has(2, "surname record.duplicate_person"));
    CHECK_FALSE(has(2, "record.duplicate_record"));
    CHECK_FALSE(result.records[2].record);
    CHECK(has(3, "record record.duplicate_record"));
    for (const auto& p : result.records[2].problems)
        if (p.code == "record.duplicate_number") CHECK(p.message.find("line 1") != std::string::npos);
    for (const auto& p : result.records[3].problems)
        if (p.code == "record.duplicate_record") CHECK(p.message.find("a.jsonl, line 2") != std::string::npos);
    CHECK(result.totals.all.with_errors == 2);
    CHECK(result.totals.by_code.at("record.duplicate_number") == 2);
}

TEST_CASE("a record with one error is still compared with the others, and its portrait looked at", "[record]") {
    const TempFolder folder;
    good(write_text(folder / "r.jsonl", changed(person(1), "birth_date", "1999-02-30") + person(1, "none.jpg") +
                                            changed(changed(person(1, "none.jpg"), "sex", "?"), "record", "third")));
    const auto result = run({folder / "r.jsonl"}, true);
    CHECK(codes(result.records.at(0).problems) == "birth_date record.bad_date; portrait record.portrait_missing");
    CHECK(codes(result.records.at(1).problems) ==
          "record record.duplicate_record; personal_number record.duplicate_number; portrait record.portrait_missing");
    CHECK(codes(result.records.at(2).problems).find("sex record.bad_value") == 0);
    CHECK(codes(result.records.at(2).problems).find("personal_number record.duplicate_number") != std::string::npos);
    CHECK(codes(result.records.at(2).problems).find("surname record.duplicate_person") != std::string::npos);
}

TEST_CASE("the summary counts each unit once", "[record]") {
    const TempFolder folder;
    std::string text;
    for (std::uint64_t i = 0; i < 50; ++i) text += person(i);
    text += "{}\n";
    good(write_text(folder / "r.jsonl", text));
    const auto totals = run({folder / "r.jsonl"}, false).totals;
    std::uint64_t records = 0, errors = 0;
    for (const auto& [unit, count] : totals.by_unit) {
        records += count.records;
        errors += count.with_errors;
    }
    CHECK(records == 51);
    CHECK(errors == 1);
    CHECK(totals.by_unit.at({"", "", ""}).with_errors == 1);
    CHECK(totals.by_quality[static_cast<std::size_t>(record::Quality::complete)] > 5);
}

TEST_CASE("portraits are looked at: missing, cut off, wrong kind, doubled, good", "[record]") {
    const TempFolder folder;
    const auto draw = [](std::uint64_t number) { return good(sample::draw_portrait(sample::make_person(5, number, record_today), 5)); };
    const auto first = draw(1);
    good(write_file(folder / "1.jpg", first));
    good(write_file(folder / "2.jpg", draw(2)));
    good(write_file(folder / "cut.jpg", ByteView(first).first(first.size() / 2)));
    good(write_text(folder / "text.jpg", "no picture"));
    good(write_file(folder / "again.jpg", first));
    good(write_text(folder / "r.jsonl", person(1, "1.jpg") + person(2, "2.jpg") + person(3, "none.jpg") + person(4, "cut.jpg") +
                                            person(5, "text.jpg") + person(6, "again.jpg")));
    const auto result = run({folder / "r.jsonl"}, true);
    const auto portrait_codes = [&](std::size_t i) {
        Problems list;
        for (const auto& p : result.records.at(i).problems)
            if (p.field == "portrait") list.push_back(p);
        return codes(list);
    };
    CHECK(portrait_codes(0).empty());
    CHECK(portrait_codes(1).empty());
    CHECK(portrait_codes(2) == "portrait record.portrait_missing");
    CHECK(portrait_codes(3) == "portrait record.portrait_unreadable");
    CHECK(portrait_codes(4) == "portrait record.portrait_unreadable");
    CHECK(portrait_codes(5) == "portrait record.duplicate_portrait");
    CHECK_FALSE(result.records[5].record);
    record::PortraitRules rules;
    rules.most_bytes = 5000;
    rules.least_width = 1000;
    rules.ratio = 0.5;
    CHECK(codes(record::check_portrait(folder / "1.jpg", rules).problems) ==
          "portrait record.portrait_large; portrait record.portrait_small; portrait record.portrait_ratio");
    // A telephone held upright stores the picture lying down, and Exif says so: TIFF with one entry, orientation 6.
    const auto exif = *from_hex("FFE1 0022 457869660000 4D4D002A00000008 0001 01120003 00000001 00060000 00000000");
    good(write_file(folder / "turned.jpg", concat({ByteView(first).first(2), exif, ByteView(first).subspan(2)})));
    CHECK(codes(record::check_portrait(folder / "turned.jpg", {}).problems) == "portrait record.portrait_turned");
}

TEST_CASE("a portrait that was encoded anew is nearly the same, those of other people are not", "[record]") {
    const TempFolder folder;
    std::string text;
    for (std::uint64_t i = 0; i < 12; ++i) {
        const auto name = std::to_string(i) + ".jpg";
        good(write_file(folder / name, good(sample::draw_portrait(sample::make_person(5, i, record_today), 5))));
        text += person(i, name);
    }
    const auto picture = good(codec::decode(good(read_file(folder / "4.jpg"))));
    good(write_file(folder / "again.jpg", good(codec::encode_jpeg(picture, 60))));
    good(write_text(folder / "r.jsonl", text + person(12, "again.jpg")));
    const auto result = run({folder / "r.jsonl"}, true);
    for (std::size_t i = 0; i < 12; ++i) {
        INFO(i);
        CHECK(codes(result.records.at(i).problems).find("similar") == std::string::npos);
    }
    CHECK(codes(result.records.at(12).problems).find("portrait record.similar_portrait") != std::string::npos);
    CHECK(result.records.at(12).record);  // a warning: somebody should look
}

TEST_CASE("a correction list opens in a spreadsheet, and no cell of it is a formula", "[report]") {
    CHECK(report::csv_cell("Nguyễn") == "Nguyễn");
    CHECK(report::csv_cell("a,b") == "\"a,b\"");
    CHECK(report::csv_cell("say \"so\"") == "\"say \"\"so\"\"\"");
    CHECK(report::csv_cell("=1+1") == "'=1+1");
    CHECK(report::csv_cell("@SUM(A1)") == "'@SUM(A1)");
    CHECK(report::csv_cell("two\nlines") == "\"two\nlines\"");
    const TempFolder folder;
    {
        auto csv = good(report::CsvFile::create(folder / "c.csv"));
        good(csv.row({"a", "Mẫu", ""}));
        CHECK_FALSE(std::filesystem::exists(folder / "c.csv"));
        good(csv.finish());
    }
    CHECK(good(read_text(folder / "c.csv")) ==
          "\xEF\xBB\xBF"
          "a,Mẫu,\r\n");
    { auto abandoned = good(report::CsvFile::create(folder / "d.csv")); }
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    CHECK(error_of(report::CsvFile::create(folder / "none/c.csv")) == "io.failed");
}

TEST_CASE("docs/records.md names every field and every problem", "[record]") {
    const auto text = good(read_text(std::string(IDCHIP_SOURCE_DIR) + "/docs/records.md"));
    for (const auto& field : record::all_fields()) {
        INFO(field.name);
        CHECK(text.find("| `" + std::string(field.name) + "` |") != std::string::npos);
    }
    for (const auto& kind : record::all_kinds()) {
        INFO(kind.code);
        CHECK(text.find("| `" + std::string(kind.code) + "` |") != std::string::npos);
    }
}
