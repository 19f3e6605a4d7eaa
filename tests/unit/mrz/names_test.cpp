#include "catch.hpp"

#include <algorithm>
#include <random>

#include <idchip/mrz/names.hpp>

using namespace idchip;
using namespace idchip::mrz;

namespace {

std::size_t width_of(Format format) { return format == Format::td1 ? 30 : format == Format::td2 ? 31 : 39; }

std::vector<std::string> words_of(const std::string& part) {
    std::vector<std::string> words(1);
    for (const char c : part) {
        if (c == '<') words.emplace_back();
        else words.back() += c;
    }
    std::erase(words, std::string());
    return words;
}

// Every word of `cut` begins the word of `whole` in the same place.
bool are_prefixes(const std::string& cut, const std::string& whole) {
    const auto a = words_of(cut);
    const auto b = words_of(whole);
    if (a.size() > b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!b[i].starts_with(a[i])) return false;
    return true;
}

struct Example {
    Format format;
    std::string primary, secondary;
    std::vector<std::string> permitted;
};

const std::string nilavadhanananda = "NILAVADHANANANDA";
const std::string dingo = "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WARNAMBOOL";

// Doc 9303-4, -5, -6, 4.2.3: what the standard prints.
const std::vector<Example> examples = {
    {Format::td3, nilavadhanananda, "CHAYAPA<DEJTHAMRONG<KRASUANG", {"NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"}},
    {Format::td3, nilavadhanananda, "ARNPOL<PETCH<CHARONGUANG", {"NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU"}},
    {Format::td3,
     dingo,
     "DINGO<POTOROO",
     {"BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI", "BENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO", "BENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO"}},
    {Format::td3, "PAPANDROPOULOUS", "JONATHON<WARREN<TREVOR", {"PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR"}},
    {Format::td3, "ERIKSSON", "ANNA<MARIA", {"ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"}},
    {Format::td3, "SATRIYA<SUDARPA", "", {"SATRIYA<SUDARPA<<<<<<<<<<<<<<<<<<<<<<<<"}},
    {Format::td1, nilavadhanananda, "CHAYAPA<DEJTHAMRONG<KRASUANG", {"NILAVADHANANANDA<<CHAYAPA<DE<K"}},
    {Format::td1,
     dingo,
     "DINGO<POTOROO",
     {"BENNELONG<WOOLOOMOOLOO<W<W<<DI", "BENNELONG<WOOLOOM<WA<WARN<<D<P", "BENNE<WOOLO<WARRA<WARNA<<DIN<P"}},
    {Format::td1, "PAPANDROPOULOUS", "JONATHON<ALEC", {"PAPANDROPOULOUS<<JONATHON<ALEC"}},
    {Format::td1, "VILARCHAO<FERNANDEZ", "JOSE<RAMON", {"VILARCHAO<FERNANDEZ<<JOSE<RAMO"}},
    {Format::td1, "AL<BASRI", "HUDA<MUHAMMAD<JAWAD", {"AL<BASRI<<HUDA<MUHAMMAD<JAWAD<"}},
    {Format::td1, "ARKFREITH", "", {"ARKFREITH<<<<<<<<<<<<<<<<<<<<<"}},
    {Format::td2, nilavadhanananda, "CHAYAPA<DEJTHAMRONG<KRASUANG", {"NILAVADHANANANDA<<CHAYAPA<DEJ<K"}},
    {Format::td2,
     dingo,
     "DINGO<POTOROO",
     {"BENNELONG<WOOLOOMOOLOO<W<W<<D<P", "BENNELONG<WOOLOOM<WAR<WARN<<D<P", "BENNEL<WOOLO<WARRA<WARNA<<DIN<P"}},
    {Format::td2, "PAPANDROPOULOUS", "JONATHOON<ALEC", {"PAPANDROPOULOUS<<JONATHOON<ALEC"}},
    {Format::td2, "VILARCHAO<FERNANDEZ", "JOSE<RAMON", {"VILARCHAO<FERNANDEZ<<JOSE<RAMON"}},
};

}  // namespace

TEST_CASE("names of the standard come out as it prints them") {
    for (const auto& e : examples) {
        const auto field = fit_name(e.primary, e.secondary, e.format);
        CAPTURE(e.primary, e.secondary, field.text);
        CHECK(std::find(e.permitted.begin(), e.permitted.end(), field.text) != e.permitted.end());
        const std::size_t whole = e.primary.size() + (e.secondary.empty() ? 0 : 2 + e.secondary.size());
        CHECK(field.truncated == (whole > width_of(e.format)));
    }
}

TEST_CASE("every way of truncation that the standard prints is a prefix of the name") {
    for (const auto& e : examples)
        for (const auto& text : e.permitted) {
            CAPTURE(text);
            CHECK(text.size() == width_of(e.format));
            const auto parts = split_name(text);
            CHECK(are_prefixes(parts.primary, e.primary));
            CHECK(are_prefixes(parts.secondary, e.secondary));
            CHECK(words_of(parts.primary).size() == words_of(e.primary).size());
        }
}

TEST_CASE("truncation to initials, worked out by hand") {
    // 9303-5 and -6, 4.2.3.1 a, for the name of 4.2.3.1 b.
    CHECK(fit_name(nilavadhanananda, "ARNPOL<PETCH<CHARONGUANG", Format::td1).text == "NILAVADHANANANDA<<ARNPOL<PET<C");
    CHECK(fit_name(nilavadhanananda, "ARNPOL<PETCH<CHARONGUANG", Format::td2).text == "NILAVADHANANANDA<<ARNPOL<PETC<C");
    // A primary identifier cut so far that the short secondary one fits takes the room back: no filler at the end.
    CHECK(fit_name("ABCDEFGHIJKLMNOP<QRSTUVWXYZABCDEF", "X", Format::td1).text == "ABCDEFGHIJKLMNOP<QRSTUVWXYZ<<X");
    CHECK(fit_name(std::string(60, 'A'), "BETA", Format::td1).text == std::string(27, 'A') + "<<B");
    CHECK(fit_name(std::string(60, 'A') + "<B", "", Format::td1).text == std::string(28, 'A') + "<B");
}

TEST_CASE("a last position that would be a filler is used up") {
    // Two positions for D and POTOROO: the primary identifier gives one more.
    const auto field = fit_name(std::string(26, 'A'), "D<POTOROO", Format::td1);
    CHECK(field.text == std::string(25, 'A') + "<<D<P");
    CHECK(field.truncated);
    // Single letters only, in a field of even width: the last two are joined.
    std::string initials = "A";
    for (int i = 0; i < 20; ++i) initials += "<B";
    const auto joined = fit_name(initials, "", Format::td1);
    CHECK(joined.text == initials.substr(0, 29) + "B");
    CHECK(joined.truncated);
    // The same with both identifiers: 39 is odd, but "<<" and initials need an even number.
    const auto both = fit_name(initials, initials, Format::td3);
    CHECK(both.text.size() == 39);
    CHECK(both.text.back() != '<');
    CHECK(both.text.find("<<") != std::string::npos);
}

TEST_CASE("names at the edges") {
    for (const Format format : {Format::td1, Format::td2, Format::td3}) {
        const auto width = width_of(format);
        CHECK(fit_name("", "", format).text == std::string(width, '<'));
        CHECK_FALSE(fit_name("", "", format).truncated);
        CHECK(fit_name("<<<", "<", format).text == std::string(width, '<'));
        CHECK(fit_name("", "ANNA", format).text.substr(0, 5) == "ANNA<");
        CHECK(fit_name("<VAN<<DER<", "<ANNA<<", format).text.substr(0, 14) == "VAN<DER<<ANNA<");
        CHECK(fit_name(std::string(width, 'A'), "", format).text == std::string(width, 'A'));
        CHECK_FALSE(fit_name(std::string(width, 'A'), "", format).truncated);
        CHECK(fit_name(std::string(width + 1, 'A'), "", format).truncated);
        const std::string long_one(1U << 20U, 'A');
        CHECK(fit_name(long_one, long_one, format).text == std::string(width - 3, 'A') + "<<A");
        std::string many;
        for (int i = 0; i < 100000; ++i) many += "AB<";
        CHECK(fit_name(many, many, format).text.size() == width);
    }
}

TEST_CASE("split_name") {
    const auto check = [](std::string_view text, std::string_view primary, std::string_view secondary) {
        const auto parts = split_name(text);
        CHECK(parts.primary == primary);
        CHECK(parts.secondary == secondary);
    };
    check("ERIKSSON<<ANNA<MARIA<<<<<<<<<<", "ERIKSSON", "ANNA<MARIA");
    check("ARKFREITH<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", "");
    check("ARKFREITH<", "ARKFREITH", "");
    check("ARKFREITH", "ARKFREITH", "");
    check("AL<BASRI<<HUDA<MUHAMMAD<JAWAD<", "AL<BASRI", "HUDA<MUHAMMAD<JAWAD");
    check("A<<B<<C<", "A", "B<<C");
    check("<<<<", "", "");
    check("", "", "");
}

TEST_CASE("random names: exact width, words in order, a letter at the end when truncated") {
    std::mt19937 engine(9303);
    const auto part = [&engine](std::size_t most_words) {
        std::string text;
        for (auto n = engine() % (most_words + 1); n > 0; --n) {
            if (!text.empty()) text += '<';
            for (auto k = 2 + engine() % 12; k > 0; --k) text += static_cast<char>('A' + engine() % 26);
        }
        return text;
    };
    std::size_t truncated = 0;
    for (int i = 0; i < 50000; ++i) {
        const Format format = std::vector{Format::td1, Format::td2, Format::td3}[engine() % 3];
        std::string primary = part(6);
        std::string secondary = part(6);
        const auto field = fit_name(primary, secondary, format);
        CAPTURE(primary, secondary, field.text);
        if (primary.empty()) primary.swap(secondary);
        const std::size_t whole = primary.size() + (secondary.empty() ? 0 : 2 + secondary.size());
        REQUIRE(field.text.size() == width_of(format));
        REQUIRE(field.truncated == (whole > width_of(format)));
        const auto parts = split_name(field.text);
        if (!field.truncated) {
            REQUIRE(parts.primary == primary);
            REQUIRE(parts.secondary == secondary);
            continue;
        }
        ++truncated;
        REQUIRE(field.text.back() != '<');
        REQUIRE(are_prefixes(parts.primary, primary));
        REQUIRE(are_prefixes(parts.secondary, secondary));
        REQUIRE(parts.secondary.empty() == secondary.empty());
        // The primary identifier is touched only when it leaves no room for << and a letter: 4.2.2.
        if (!secondary.empty() && primary.size() + 3 <= width_of(format)) REQUIRE(parts.primary == primary);
        // Words are dropped only when not even their initials have room.
        if (secondary.empty()) REQUIRE(words_of(parts.primary).size() == std::min(words_of(primary).size(), (width_of(format) + 1) / 2));
    }
    CHECK(truncated > 10000);
}

TEST_CASE("a fitted name is accepted by write and comes back") {
    Mrz m;
    m.format = Format::td1;
    m.document_code = "ID";
    m.issuing_state = "UTO";
    m.document_number = "1";
    m.birth = "740812";
    m.expiry = "340415";
    m.nationality = "UTO";
    const auto field = fit_name(dingo, "DINGO<POTOROO", m.format);
    const auto parts = split_name(field.text);
    m.primary = parts.primary;
    m.secondary = parts.secondary;
    const auto lines = write(m);
    REQUIRE(lines);
    CHECK(lines->at(2) == field.text);
}
