#include "catch.hpp"

#include <array>
#include <random>

#include <idchip/mrz/mrz.hpp>

using namespace idchip;
using namespace idchip::mrz;

namespace {

std::string run_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line;
    return text;
}

Mrz sample(Format format = Format::td1) {
    Mrz m;
    m.format = format;
    m.document_code = format == Format::td3 ? "P" : "ID";
    m.issuing_state = "UTO";
    m.document_number = "D23145890";
    m.birth = "740812";
    m.sex = 'F';
    m.expiry = "340415";
    m.nationality = "UTO";
    m.primary = "ERIKSSON";
    m.secondary = "ANNA<MARIA";
    return m;
}

// The field that is refused.
std::string write_error(const Mrz& mrz) {
    const auto lines = write(mrz);
    return lines ? "none" : lines.error().where;
}

}  // namespace

TEST_CASE("fields that write refuses") {
    const auto refused = [](auto change, Format format = Format::td1) {
        Mrz m = sample(format);
        change(m);
        return write_error(m);
    };
    CHECK(refused([](Mrz&) {}) == "none");
    CHECK(refused([](Mrz& m) { m.document_code = ""; }) == "document_code");
    CHECK(refused([](Mrz& m) { m.document_code = "1D"; }) == "document_code");
    CHECK(refused([](Mrz& m) { m.document_code = "IDX"; }) == "document_code");
    CHECK(refused([](Mrz& m) { m.document_code = "I<"; }) == "document_code");
    CHECK(refused([](Mrz& m) { m.document_code = "V"; }) == "document_code");
    CHECK(refused([](Mrz& m) { m.issuing_state = ""; }) == "issuing_state");
    CHECK(refused([](Mrz& m) { m.issuing_state = "UTOP"; }) == "issuing_state");
    CHECK(refused([](Mrz& m) { m.issuing_state = "UT0"; }) == "issuing_state");
    CHECK(refused([](Mrz& m) { m.nationality = ""; }) == "nationality");
    CHECK(refused([](Mrz& m) { m.nationality = "uto"; }) == "nationality");
    CHECK(refused([](Mrz& m) { m.document_number = ""; }) == "document_number");
    CHECK(refused([](Mrz& m) { m.document_number = "D2314589<"; }) == "document_number");
    CHECK(refused([](Mrz& m) { m.document_number = "D23145890A<B"; }) == "document_number");
    CHECK(refused([](Mrz& m) { m.document_number = std::string(22, '1'); }) == "none");
    CHECK(refused([](Mrz& m) { m.document_number = std::string(23, '1'); }) == "document_number");
    CHECK(refused([](Mrz& m) { m.document_number = std::string(14, '1'); }, Format::td2) == "none");
    CHECK(refused([](Mrz& m) { m.document_number = std::string(15, '1'); }, Format::td2) == "document_number");
    CHECK(refused([](Mrz& m) { m.document_number = std::string(10, '1'); }, Format::td3) == "document_number");
    CHECK(refused([](Mrz& m) { m.document_number = std::string(1U << 20U, '1'); }) == "document_number");
    CHECK(refused([](Mrz& m) { m.birth = "740230"; }) == "birth");
    CHECK(refused([](Mrz& m) { m.birth = "7408"; }) == "birth");
    CHECK(refused([](Mrz& m) { m.expiry = ""; }) == "expiry");
    CHECK(refused([](Mrz& m) { m.sex = 'X'; }) == "sex");
    CHECK(refused([](Mrz& m) { m.optional_data_1 = std::string(16, 'A'); }) == "optional_data_1");
    CHECK(refused([](Mrz& m) { m.optional_data_1 = "A<"; }) == "optional_data_1");
    // Beside a long number: 15 positions less the rest, its check digit and a filler.
    CHECK(refused([](Mrz& m) {
              m.document_number = "D2314589012";
              m.optional_data_1 = std::string(11, 'A');
          }) == "none");
    CHECK(refused([](Mrz& m) {
              m.document_number = "D2314589012";
              m.optional_data_1 = std::string(12, 'A');
          }) == "optional_data_1");
    CHECK(refused([](Mrz& m) { m.optional_data_1 = std::string("A\0B", 3); }) == "optional_data_1");
    CHECK(refused([](Mrz& m) { m.optional_data_2 = std::string(12, 'A'); }) == "optional_data_2");
    CHECK(refused([](Mrz& m) { m.optional_data_2 = "A"; }, Format::td2) == "optional_data_2");
    CHECK(refused([](Mrz& m) { m.optional_data_2 = "A"; }, Format::td3) == "optional_data_2");
    CHECK(refused([](Mrz& m) { m.primary = ""; }) == "primary");
    CHECK(refused([](Mrz& m) { m.primary = "VAN<<DER"; }) == "primary");
    CHECK(refused([](Mrz& m) { m.primary = "<VAN"; }) == "primary");
    CHECK(refused([](Mrz& m) { m.secondary = "ANNA<"; }) == "secondary");
    CHECK(refused([](Mrz& m) { m.secondary = "<ANNA"; }) == "secondary");
    CHECK(refused([](Mrz& m) { m.primary = "ER1KSSON"; }) == "name");
    CHECK(refused([](Mrz& m) { m.secondary = "anna"; }) == "name");
    CHECK(refused([](Mrz& m) { m.primary = std::string(1U << 20U, 'A'); }) == "name");
    CHECK(refused([](Mrz& m) {
              m.primary = std::string(30, 'A');
              m.secondary = "";
          }) == "none");
    CHECK(refused([](Mrz& m) {
              m.primary = std::string(27, 'A');
              m.secondary = "B";
          }) == "none");
    CHECK(refused([](Mrz& m) {
              m.primary = std::string(28, 'A');
              m.secondary = "B";
          }) == "name");
}

namespace {

class Dice {
public:
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_); }
    std::string text(std::string_view alphabet, std::size_t least, std::size_t most) {
        std::string result;
        for (std::size_t n = least + below(most - least + 1); n > 0; --n) result += alphabet[below(alphabet.size())];
        return result;
    }
    // As `text`, with fillers inside but not at the end.
    std::string data(std::size_t most) {
        std::string result = text("ABCXYZ0189<", 0, most);
        while (result.ends_with('<')) result.pop_back();
        return result;
    }
    std::string name(std::size_t most) {
        std::string result = text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1, 6);
        while (below(3) != 0) result += "<" + text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1, 6);
        result.resize(std::min(result.size(), most));
        while (result.ends_with('<')) result.pop_back();
        return result;
    }
    std::string date() {
        std::string result;
        for (const std::size_t highest : {99U, 12U, 28U}) {
            result += below(8) == 0 ? "<<" : std::to_string(101 + below(highest)).substr(1);
        }
        return result;
    }

private:
    std::mt19937 engine_{9303};
};

Mrz random_mrz(Dice& dice) {
    struct Room {
        Format format;
        std::size_t number, optional_1, optional_2, name;
    };
    constexpr std::array rooms = {Room{Format::td1, 22, 15, 11, 30}, Room{Format::td2, 14, 7, 0, 31}, Room{Format::td3, 9, 14, 0, 39}};
    const Room& room = rooms.at(dice.below(3));
    Mrz m;
    m.format = room.format;
    m.document_code = dice.text("ACIP", 1, 1) + dice.text("ABDP9", 0, 1);
    m.issuing_state = dice.text("DUTOXN", 1, 3);
    m.document_number = dice.text("ABC0123456789", 1, room.number);
    const std::size_t used = m.document_number.size() > 9 ? m.document_number.size() - 9 + 2 : 0;
    m.optional_data_1 = dice.data(room.optional_1 - used);
    m.optional_data_2 = dice.data(room.optional_2);
    m.birth = dice.date();
    m.expiry = dice.date();
    m.sex = "MF<"[dice.below(3)];
    m.nationality = dice.text("DUTOXN", 1, 3);
    m.primary = dice.name(room.name);
    const std::size_t left = room.name - m.primary.size();
    if (left > 2 && dice.below(4) != 0) m.secondary = dice.name(left - 2);
    if (m.format == Format::td3 && m.optional_data_1.empty()) m.optional_check = "0<"[dice.below(2)];
    return m;
}

}  // namespace

TEST_CASE("parse gives back what write was given") {
    Dice dice;
    std::size_t long_numbers = 0;
    for (int i = 0; i < 20000; ++i) {
        const Mrz m = random_mrz(dice);
        CAPTURE(m.document_number, m.optional_data_1, m.primary, m.secondary, m.birth, m.expiry);
        const auto lines = write(m);
        REQUIRE(lines);
        const auto back = parse_strict(run_of(*lines));
        REQUIRE(back);
        REQUIRE(*back == m);
        long_numbers += m.document_number.size() > 9 ? 1U : 0U;
    }
    CHECK(long_numbers > 1000);
}

TEST_CASE("random zones never crash and, when valid, come back from write") {
    std::mt19937 engine(4711);
    Dice dice;
    constexpr std::string_view alphabet = "ABIPVD0123456789<<<<<<";
    std::size_t parsed_ones = 0;
    std::size_t written = 0;
    for (int i = 0; i < 100000; ++i) {
        auto lines = write(random_mrz(dice)).value();
        for (auto k = engine() % 4; k > 0; --k) {
            auto& line = lines[engine() % lines.size()];
            line[engine() % line.size()] = alphabet[engine() % alphabet.size()];
        }
        const auto parsed = parse(run_of(lines));
        if (!parsed) continue;
        ++parsed_ones;
        if (!parsed->faults.empty()) continue;
        const auto again = write(parsed->mrz);
        if (!again) continue;  // read, but nothing to issue: no name, no number
        ++written;
        REQUIRE(*again == lines);
    }
    CHECK(parsed_ones > 10000);
    CHECK(written > 1000);
}
