#include "unit/unit.hpp"

#include <sys/stat.h>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/card_keys/card_keys.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::card_keys;

namespace {

constexpr auto k16 = "404142434445464748494A4B4C4D4E4F";
constexpr auto k32 = "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F";
// RFC 3394 under 00 01 .. 1F, recomputed with python3-cryptography (aes_key_wrap).
constexpr auto wrapped16 = "519646F4BDF99980FAC81386E9DDD7B1D0F7993CE819C40F";
constexpr auto wrapped32 = "BD2A276AE8C7464C7E8B396674AC6E0E9558C84C6009B3FA413CF06A67A200823E4D720DF2419FA9";

Result<Secret> kek() {
    Secret key(32);
    for (Byte i = 0; i < 32; ++i) key.writable()[i] = i;
    return key;
}

// One kind of quote is enough for the tests.
std::string json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

class Files {
public:
    std::filesystem::path write(const std::string& text, mode_t mode = 0600) const {
        const auto path = folder_ / "keys.json";
        good(write_text(path, json(text), FileMode::secret));
        ::chmod(path.c_str(), mode);
        return path;
    }
    Result<std::unique_ptr<Source>> open(const std::string& text, const KeyEncryptionKey& key = {}) const {
        return open_file(write(text), key);
    }
    // "cardkey.bad" and the detail behind it, which must hold `wanted`; and no key in the message.
    void refuses(const std::string& text, const std::string& error, const std::string& wanted, const KeyEncryptionKey& key = {}) const {
        CAPTURE(text);
        const auto opened = open(text, key);
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().name() == error);
        const auto message = opened.error().message();
        CHECK_THAT(message, Catch::Contains(wanted));
        CHECK(message.find("40414243") == std::string::npos);
        CHECK(message.find("519646F4") == std::string::npos);
    }

private:
    TempFolder folder_;
};

std::string three(const std::string& key) { return fmt::format("'enc': '{0}', 'mac': '{0}', 'dek': '{0}'", key); }
std::string master(const std::string& more = "", const std::string& key = k16) {
    return "{'schema': 1, 'algorithm': 'aes', 'diversification': 'kdf3', " + three(key) + more + "}";
}
std::string list(const std::string& cards, const std::string& more = "") {
    return "{'schema': 1, 'algorithm': 'aes'" + more + ",\n'cards': [" + cards + "]}";
}
std::string card(const std::string& id, const std::string& more = "", const std::string& key = k16) {
    return "\n{'card': '" + id + "', " + three(key) + more + "}";
}

}  // namespace

TEST_CASE("a master set diversifies for the card that it is asked for", "[card_keys]") {
    const Files files;
    const auto source = good(files.open("{'schema': 1, 'algorithm': 'tdes', 'version': 32, 'diversification': 'visa2', " + three(k16) +
                                        ", 'check_values': {'enc': '8BAF47', 'mac': '8baf47', 'dek': '8BAF47'}}"));
    CHECK(source->algorithm() == Algorithm::tdes);
    const auto keys = good(source->keys("00010203040506070809"_hex));
    CHECK(keys.version == 32);
    CHECK(to_hex(keys.enc.view()) == "8510FC973208218CA86888BCEC203635");
    CHECK(to_hex(keys.mac.view()) == "1068B5FB6F06C78C7A4DFC343B21C78F");
    CHECK(to_hex(keys.dek.view()) == "2DAEE809C71405FF259C3BE695A1F66E");
    CHECK(error_of(source->keys("0001020304050607"_hex)) == "cardkey.missing");
}

TEST_CASE("a master set without diversification opens every card", "[card_keys]") {
    const Files files;
    const auto source = good(files.open("{'schema': 1, 'algorithm': 'aes', 'diversification': 'none', " + three(k32) + "}"));
    const auto keys = good(source->keys({}));
    CHECK(keys.version == 0);
    CHECK(to_hex(keys.dek.view()) == k32);
}

TEST_CASE("a list gives each card its own keys, and no other card any", "[card_keys]") {
    const Files files;
    const auto source = good(files.open(list(card("00010203040506070809", ", 'version': 48") + "," + card("0A", "", k32))));
    CHECK(source->algorithm() == Algorithm::aes);
    const auto first = good(source->keys("00010203040506070809"_hex));
    CHECK(first.version == 48);
    CHECK(to_hex(first.enc.view()) == k16);
    CHECK(to_hex(good(source->keys("0A"_hex)).mac.view()) == k32);
    CHECK(good(source->keys("0A"_hex)).version == 0);
    for (const auto& other : {"0B"_hex, ""_hex, "000A"_hex, "0A00"_hex, "000102030405060708"_hex})
        CHECK(error_of(source->keys(other)) == "cardkey.missing");
    CHECK_THAT(source->keys("0B"_hex).error().message(), Catch::Contains("card 0B"));
}

TEST_CASE("wrapped keys open under their key encryption key only", "[card_keys]") {
    const Files files;
    const auto wrapped =
        list(card("0A", ", 'check_values': {'enc': '504A77'}", wrapped16) + "," + card("0B", "", wrapped32), ", 'wrapped': true");
    SECTION("whoever may read the file") {
        const auto path = files.write(wrapped, 0644);
        int asked = 0;
        const auto source = good(open_file(path, [&] {
            ++asked;
            return kek();
        }));
        CHECK(asked == 1);
        CHECK(to_hex(good(source->keys("0A"_hex)).enc.view()) == k16);
        CHECK(to_hex(good(source->keys("0B"_hex)).dek.view()) == k32);
    }
    SECTION("and a master set likewise, wherever the word stands") {
        const auto source = good(files.open(master(", 'wrapped': true", wrapped32), kek));
        CHECK(to_hex(good(source->keys("00010203040506070809"_hex)).enc.view()) ==
              "7E227C0F6D736A2492A356F83872F6814D3D38831E224DB731AAB0D1B51FAAF3");
    }
    SECTION("not under another, nor without one") {
        files.refuses(wrapped, "cardkey.bad", "no key encryption key was given");
        files.refuses(wrapped, "cardkey.bad", "line 3: not a valid file of card keys (card 0A: enc: it does not open",
                      [] { return Result<Secret>(Secret(32)); });
        files.refuses(wrapped, "cardkey.bad", "has 31 bytes", [] { return Result<Secret>(Secret(31)); });
        files.refuses(wrapped, "token.wrong_pin", "", []() -> Result<Secret> { return fail(Errc::token_wrong_pin); });
    }
    SECTION("nor are keys in clear taken for wrapped ones") {
        files.refuses(list(card("0A"), ", 'wrapped': true"), "cardkey.bad", "card 0A: enc: 16 bytes; a wrapped key has", kek);
        // The word "wrapped" forgotten: what is wrapped here is as long as an AES-192 key. The check value tells.
        files.refuses(list(card("0A", ", 'check_values': {'enc': '504A77'}", wrapped16)), "cardkey.check_value", "card 0A: enc", kek);
        files.refuses(list(card("0A", "", wrapped32)), "cardkey.bad", "40 bytes; an AES key has", kek);
    }
}

TEST_CASE("keys in clear stand in a file that nobody else reads", "[card_keys]") {
    const Files files;
    for (const mode_t mode : {0640U, 0604U, 0660U, 0644U, 0610U}) {
        const auto opened = open_file(files.write(master(), mode));
        CHECK(error_of(opened) == "cardkey.bad");
        CHECK_THAT(opened.error().message(), Catch::Contains(fmt::format("mode {:04o}", mode)));
    }
    for (const mode_t mode : {0600U, 0400U, 0700U}) CHECK(error_of(open_file(files.write(master(), mode))) == "none");
}

TEST_CASE("a check value that differs closes the file", "[card_keys]") {
    const Files files;
    const auto checks = [](const std::string& value) { return ", 'check_values': {'dek': '" + value + "'}"; };
    CHECK(error_of(files.open(master(checks("504A77")))) == "none");
    CHECK(error_of(files.open(master(checks("189956")))) == "none");  // over zeros: some makers
    files.refuses(master(checks("504A78")), "cardkey.check_value", "dek: the file states 504A78");
    // Every card, before the first one is touched.
    files.refuses(list(card("0A", checks("504A77")) + "," + card("0B", checks("8BAF47"))), "cardkey.check_value",
                  "line 4: the key check value differs (card 0B: dek");
    files.refuses(master(checks("504A")), "cardkey.bad", "three bytes");
    files.refuses(master(checks("504A7X")), "cardkey.bad", "three bytes");
}

TEST_CASE("every fault of a file has its own words and its place", "[card_keys]") {
    const Files files;
    const auto bad = [&](const std::string& text, const std::string& wanted) { files.refuses(text, "cardkey.bad", wanted); };
    SECTION("cards") {
        bad(list(card("0A") + "," + card("0B") + "," + card("0a")),
            "line 5: not a valid file of card keys (card 0A stands on line 3 already");
        bad(list(""), "no card in it");
        bad(list("\n{" + three(k16) + "}"), "\"card\" is missing");
        bad(list(card("")), "card: 1 to 32 bytes");
        bad(list(card("0")), "card: not hexadecimal");
        bad(list(card("0A 0B")), "card: not hexadecimal");
        bad(list(card(std::string(66, '0'))), "card: 1 to 32 bytes");
    }
    SECTION("keys") {
        bad(list(card("0A", "", "404142")), "line 3: not a valid file of card keys (card 0A: enc: 3 bytes; an AES key has 16, 24 or 32");
        bad(list(card("0A", "", std::string(k16) + "4")), "enc: not hexadecimal");
        bad(list(card("0A", "", std::string(k16) + "4041424344454G")), "enc: not hexadecimal");
        bad(list(card("0A", "", std::string(k32) + k16)), "no key is that long");
        bad(list(card("0A", "", "")), "enc: empty");
        bad(list("\n{'card': '0A', 'enc': '" + std::string(k16) + "'}"), "card 0A: mac: missing");
        bad("{'schema': 1, 'algorithm': 'aes', 'diversification': 'kdf3', 'enc': '" + std::string(k16) + "', 'mac': '" + k32 +
                "', 'dek': '" + k32 + "'}",
            "mac: not as long as enc");
        bad("{'schema': 1, 'algorithm': 'tdes', 'diversification': 'emv_cps', " + three(std::string(k16) + "4041424344454647") + "}",
            "24 bytes; a 3DES key of a card has 16");
    }
    SECTION("version") {
        bad(list(card("0A", ", 'version': 128")), "version 128 is out of range");
        bad(list(card("0A", ", 'version': 256")), "version 256 is out of range");
        bad(list(card("0A", ", 'version': -1")), "a whole number");
        bad(list(card("0A", ", 'version': 1.5")), "a whole number");
        bad(list(card("0A", ", 'version': '30'")), "a whole number");
        for (const auto* v : {"0", "1", "127", "255"})
            CHECK(error_of(files.open(list(card("0A", fmt::format(", 'version': {}", v))))) == "none");
    }
    SECTION("form") {
        bad("{'schema': 2}", "this program knows schema 1");
        bad("{'algorithm': 'aes', 'cards': [" + card("0A") + "]}", "\"schema\" is missing");
        bad("{'schema': 1, 'cards': [" + card("0A") + "]}", "\"algorithm\" is missing");
        bad("{'schema': 1, 'algorithm': 'AES'}", "neither \"aes\" nor \"tdes\"");
        bad("{'schema': 1, 'algorithm': 'aes', " + three(k16) + "}", "neither \"cards\" nor a master set");
        bad("{'schema': 1, 'algorithm': 'aes', 'diversification': 'emv', " + three(k16) + "}", "none of none, emv_cps, visa2, kdf3");
        bad("{'schema': 1, 'algorithm': 'aes', 'diversification': 'emv_cps', " + three(k16) + "}", "emv_cps is not defined for AES");
        bad("{'schema': 1, 'algorithm': 'tdes', 'diversification': 'kdf3', " + three(k16) + "}", "kdf3 is not defined for 3DES");
        bad(list(card("0A"), ", 'diversification': 'kdf3'"), "\"diversification\" does not stand beside \"cards\"");
        bad(list(card("0A"), ", 'version': 1"), "\"version\" does not stand beside \"cards\"");
        bad("{'schema': 1, 'algorithm': 'aes', 'cards': {}}", "a list");
        bad("{'schema': 1, 'algorithm': 'aes', 'cards': ['" + std::string(k16) + "']}", "an object");
        bad("[]", "an object");
        bad("{'schema': '1'}", "a whole number");
        bad(list(card("0A"), ", 'wrapped': 'yes'"), "true or false");
    }
    SECTION("members") {
        bad(master(", 'key': '" + std::string(k16) + "'"), "unknown member \"key\"");
        bad(master(", '" + std::string(k16) + "': 1"), "unknown member (not shown)");
        bad(list(card("0A", ", 'kek': '00'")), "line 3: not a valid file of card keys (unknown member \"kek\"");
        bad(master(", 'check_values': {'kek': '504A77'}"), "unknown member \"kek\"");
        bad(master(", 'enc': '" + std::string(k16) + "'"), "\"enc\" stands twice");
        bad(list(card("0A", ", 'card': '0B'")), "\"card\" stands twice");
        bad(list(card("0A"), ", 'cards': []"), "\"cards\" stands twice");
        bad(master(", 'check_values': {'enc': '504A77', 'enc': '504A77'}"), "\"enc\" stands twice");
    }
}

TEST_CASE("what is no JSON is told with its line, and without its keys", "[card_keys]") {
    const Files files;
    const auto whole = list(card("0A") + "," + card("0B", ", 'version': 1, 'check_values': {'enc': '504A77'}"), ", 'wrapped': false");
    REQUIRE(files.open(whole).has_value());
    // Cut anywhere, it never opens, and never says a key.
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto opened = files.open(whole.substr(0, size));
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().name() == "input.bad_json");
        CHECK(opened.error().message().find("40414243") == std::string::npos);
    }
    files.refuses(whole + "x", "input.bad_json", "line 4: ");
    files.refuses(whole + whole, "input.bad_json", "the end");
    files.refuses("{'schema': 1,}", "input.bad_json", "another member");
    files.refuses("{'schema' 1}", "input.bad_json", "a colon");
    files.refuses("{'schema': 01}", "input.bad_json", "leading zeros");
    files.refuses("{'schema': 1 'algorithm': 'aes'}", "input.bad_json", "a comma");
    files.refuses("{'schema': 1\n\n, algorithm: 'aes'}", "input.bad_json", "line 3: ");
    files.refuses("{'schema': 1, 'algorithm': 'a\nes'}", "input.bad_json", "a closing quote");
    files.refuses("{'schema': 1, 'algorithm': 'a\\u0065s'}", "cardkey.bad", "without escapes");
    files.refuses(std::string("\xEF\xBB\xBF{}"), "input.bad_json", "line 1");
}

TEST_CASE("a file that is not there, or is none, is told", "[card_keys]") {
    const TempFolder folder;
    CHECK(error_of(open_file(folder / "no.json")) == "input.not_found");
    CHECK(error_of(open_file(folder.path())) == "io.failed");
    CHECK(error_of(open_csv(folder / "no.csv", Algorithm::aes)) == "input.not_found");
}

TEST_CASE("a pipe is read as well as a file: keys need not lie on a disk", "[card_keys]") {
    const TempFolder folder;
    const auto path = folder / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0644) == 0);
    std::string cards;
    for (int i = 0; i < 2000; ++i) cards += (i == 0 ? "" : ",") + card(fmt::format("{:08X}", i));
    const auto text = json(list(cards));
    REQUIRE(text.size() > 200'000);  // more than the first guess
    good(write_text(folder / "text", text, FileMode::secret));
    REQUIRE(std::system(("cat " + (folder / "text").string() + " >" + path.string() + " &").c_str()) == 0);
    const auto source = good(open_file(path));
    CHECK(to_hex(good(source->keys("000007CF"_hex)).enc.view()) == k16);
}
