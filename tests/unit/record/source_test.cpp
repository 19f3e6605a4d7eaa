#include "record_maker.hpp"

using namespace idchip;
using namespace idchip::test;
using record::Field;
using record::RawRecord;

namespace {

struct Line {
    std::size_t line = 0;
    bool readable = true;
    std::string id, surname, problems;
};

std::vector<Line> read_all(const std::filesystem::path& path) {
    const auto source = good(record::open_records(path.string()));
    std::vector<Line> lines;
    RawRecord raw;
    while (good(source->next(raw))) lines.push_back({raw.line, raw.readable, raw[Field::record], raw[Field::surname], codes(raw.problems)});
    CHECK(source->bytes_read() == source->total_bytes());
    return lines;
}

std::vector<Line> read_text_as(const char* name, std::string_view text) {
    const TempFolder folder;
    good(write_text(folder / name, text));
    return read_all(folder / name);
}

std::string refused(const char* name, std::string_view text) {
    const TempFolder folder;
    good(write_text(folder / name, text));
    return error_of(record::open_records((folder / name).string()));
}

}  // namespace

TEST_CASE("JSON Lines give one record a line, and a bad line stops nothing", "[record]") {
    const auto lines = read_text_as("r.jsonl",
                                    "{\"record\": \"a\", \"surname\": \"M\\u1EABu\"}\n"
                                    "\n"
                                    "{\"record\": \"b\", \n"
                                    "[1, 2]\r\n"
                                    "{\"record\": 5, \"surname\": {\"x\": [1, {\"surname\": \"no\"}]}, \"Height\": 180}\r\n"
                                    "{\"record\": \"c\", \"record\": \"d\", \"surname\": null}\n"
                                    "{\"record\": \"\xC0\x80\"}\n"
                                    "{\"record\": \"e\"} {}\n"
                                    "{\"record\": \"f\"}");
    REQUIRE(lines.size() == 8);
    CHECK(lines[0].id == "a");
    CHECK(lines[0].surname == "Mẫu");
    CHECK(lines[0].problems.empty());
    CHECK(lines[1].line == 3);
    CHECK_FALSE(lines[1].readable);
    CHECK(lines[1].problems == " record.bad_row");
    CHECK_FALSE(lines[2].readable);
    CHECK(lines[3].problems == "record record.not_text; surname record.not_text; Height record.unknown_field");
    CHECK(lines[4].problems == "record record.doubled_field");
    CHECK(lines[5].problems == " record.not_utf8");
    CHECK_FALSE(lines[6].readable);
    CHECK(lines[7].id == "f");
    CHECK(lines[7].line == 9);
}

TEST_CASE("CSV takes quotes, line ends in cells, any usual separator and a byte order mark", "[record]") {
    for (const auto* separator : {",", ";", "\t"}) {
        std::string text =
            "\xEF\xBB\xBFrecord,surname,residence\r\na,Mẫu,\"Phường Mẫu, Hà Nội\"\r\n\r\nb,\"Ông \"\"Thử\"\"\",\"eins\nzwei\"\r\nc,X,y\n";
        if (*separator != ',') {
            const auto quoted = text.find('"');
            for (std::size_t i = 0; i < text.size(); ++i)
                if (text[i] == ',' && !(i > quoted && i < text.find('"', quoted + 1))) text[i] = *separator;
        }
        INFO(separator);
        const auto lines = read_text_as("r.csv", text);
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].id == "a");
        CHECK(lines[0].surname == "Mẫu");
        CHECK(lines[0].line == 2);
        CHECK(lines[1].surname == "Ông \"Thử\"");
        CHECK(lines[1].line == 4);
        CHECK(lines[2].id == "c");
        CHECK(lines[2].line == 6);
    }
    // Without a name that says so
    CHECK(read_text_as("records", "record,surname\na,b\n").size() == 1);
}

TEST_CASE("a row of CSV that cannot be read is reported with its line", "[record]") {
    const auto lines = read_text_as("r.csv", "record,surname,wrong\na,b\nc,\"d\"e,f\ng,\xFF,h\ni,j,k\nl,\"open");
    REQUIRE(lines.size() == 5);
    for (const auto i : {0U, 1U, 2U, 4U}) CHECK_FALSE(lines[i].readable);
    CHECK(lines[0].problems == " record.bad_row");
    CHECK(lines[2].problems == " record.not_utf8");
    CHECK(lines[3].problems == "wrong record.unknown_field");
    CHECK(lines[3].surname == "j");
    CHECK(refused("r.csv", "surname,sex\na,b\n") == "input.bad_field");
    CHECK(refused("r.csv", "record,sex,sex\na,b,c\n") == "input.bad_field");
    CHECK(refused("r.csv", "") == "input.bad_field");
}

TEST_CASE("a quote that never closes costs no more than the lines it takes along, and names them", "[record]") {
    std::string text = "record,surname\na,\"open\n";
    for (int i = 0; i < 400'000; ++i) text += "x\n";
    const TempFolder folder;
    good(write_text(folder / "r.csv", text));
    const auto source = good(record::open_records((folder / "r.csv").string()));
    RawRecord raw;
    REQUIRE(good(source->next(raw)));
    CHECK_FALSE(raw.readable);
    CHECK(raw.problems.at(0).message.find("lines 2 to 400002") != std::string::npos);
    CHECK_FALSE(good(source->next(raw)));
}

TEST_CASE("files that are not there or have endless lines are errors", "[record]") {
    const TempFolder folder;
    CHECK(error_of(record::open_records((folder / "none").string())) == "input.not_found");
    CHECK(error_of(record::open_records(folder.path().string())) == "io.failed");
    good(write_text(folder / "long.jsonl", "{\"record\": \"" + std::string(3U << 20U, 'x')));
    const auto source = good(record::open_records((folder / "long.jsonl").string()));
    RawRecord raw;
    CHECK(error_of(source->next(raw)) == "input.too_large");
    CHECK(read_text_as("empty.jsonl", "").empty());
    CHECK(read_text_as("blank.jsonl", "\n \n\r\n").empty());
}

TEST_CASE("what ran over the edge of a buffer is read whole", "[record]") {
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text +=
            "{\"record\": \"r" + std::to_string(i) + "\", \"surname\": \"" + std::string(static_cast<std::size_t>(i % 97), 'x') + "\"}\n";
    const auto lines = read_text_as("many.jsonl", text);
    REQUIRE(lines.size() == 5000);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].id != "r" + std::to_string(i) || lines[i].surname.size() != i % 97 || lines[i].line != i + 1) FAIL("record " << i);
    }
}

TEST_CASE("a record that is written as JSON is read as the same record", "[record][bundle]") {
    auto raw = with(with(good_record(), Field::expiry_date, ""), Field::residence, "\"Số 1\\\n\tPhố\"");
    RawRecord again;
    record::read_json(record::write_json(raw), again);
    CHECK(again.problems.empty());
    CHECK(again.values == raw.values);
    CHECK(again.stated == raw.stated);
    CHECK(record::write_json(RawRecord()) == "{}");
    // In the order of the table, whatever the order of the line.
    record::read_json("{\"sex\": \"M\", \"unknown\": 1, \"record\": \"a\"}", again);
    CHECK(record::write_json(again) == "{\"record\":\"a\",\"sex\":\"M\"}");
}

TEST_CASE("a record is found again by its position", "[record]") {
    const TempFolder folder;
    const std::string bom = "\xEF\xBB\xBF";
    struct {
        const char* name;
        std::string text;
    } files[] = {
        {"a.jsonl", bom + "{\"record\":\"A\"}\r\n\n{\"record\":\"B\",\"surname\":\"N\"}\n{\"record\":\"C\"}"},
        {"a.csv", bom + "record;surname\r\nA;\n\nB;\"two\nlines\"\nC;x\n"},
    };
    for (const auto& [name, text] : files) {
        const auto path = (folder / name).string();
        good(write_text(path, text));
        const auto first = good(record::open_records(path));
        std::vector<record::RawRecord> all;
        for (record::RawRecord raw; good(first->next(raw));) all.push_back(raw);
        REQUIRE(all.size() == 3);
        const auto again = good(record::open_records(path));
        for (const auto i : {2U, 0U, 1U}) {
            good(again->seek(all[i].position));
            record::RawRecord raw;
            REQUIRE(good(again->next(raw)));
            CHECK(raw.values == all[i].values);
            CHECK(record::digest_of(raw) == record::digest_of(all[i]));
        }
        CHECK(record::digest_of(all[0]) != record::digest_of(all[1]));
    }
}
