#include "unit/unit.hpp"

#include <sys/stat.h>

#include <fmt/format.h>

#include <idchip/card_keys/card_keys.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::card_keys;

namespace {

const std::string k16 = "404142434445464748494A4B4C4D4E4F";
const std::string wrapped16 = "519646F4BDF99980FAC81386E9DDD7B1D0F7993CE819C40F";  // see json_file_test.cpp

Result<Secret> kek() {
    Secret key(32);
    for (Byte i = 0; i < 32; ++i) key.writable()[i] = i;
    return key;
}

std::string three(const std::string& key) { return key + "," + key + "," + key; }
const std::string plain = "card,enc,mac,dek\n";

class Files {
public:
    std::filesystem::path write(const std::string& text, mode_t mode = 0600) const {
        const auto path = folder_ / "keys.csv";
        good(write_text(path, text, FileMode::secret));
        ::chmod(path.c_str(), mode);
        return path;
    }
    Result<std::unique_ptr<Source>> open(const std::string& text, const KeyEncryptionKey& key = {}) const {
        return open_csv(write(text), Algorithm::aes, key);
    }
    void refuses(const std::string& text, const std::string& wanted, const std::string& error = "cardkey.bad",
                 const KeyEncryptionKey& key = {}) const {
        CAPTURE(text);
        const auto opened = open(text, key);
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().name() == error);
        CHECK_THAT(opened.error().message(), Catch::Contains(wanted));
        CHECK(opened.error().message().find("40414243") == std::string::npos);
    }

private:
    TempFolder folder_;
};

}  // namespace

TEST_CASE("a line of CSV is a card", "[card_keys]") {
    const Files files;
    for (const auto& text :
         {"card,version,enc,mac,dek\n0A,48," + three(k16) + "\n0b,0x30," + three(k16) + "\n",
          "\xEF\xBB\xBF"
          "card,version,enc,mac,dek,check_enc,check_mac,check_dek\r\n0A,48," +
              three(k16) + ",504A77,504a77,\r\n\r\n0B,48," + three(k16) + ",,,189956",
          "dek;mac;enc;card;version\n" + k16 + ";" + k16 + " ; " + k16 + ";0A;48\n" + k16 + ";" + k16 + ";" + k16 + ";0B;0X30",
          "version\tcard\tenc\tmac\tdek\n48\t0A\t" + k16 + "\t" + k16 + "\t" + k16 + "\n48\t0B\t" + k16 + "\t" + k16 + "\t" + k16}) {
        CAPTURE(text);
        const auto source = good(files.open(text));
        for (const auto& card : {"0A"_hex, "0B"_hex}) {
            const auto keys = good(source->keys(card));
            CHECK(keys.version == 48);
            for (const auto* key : {&keys.enc, &keys.mac, &keys.dek}) CHECK(to_hex(key->view()) == k16);
        }
        CHECK(error_of(source->keys("0C"_hex)) == "cardkey.missing");
    }
    const auto tdes = good(open_csv(files.write(plain + "0A," + three(k16)), Algorithm::tdes));
    CHECK(tdes->algorithm() == Algorithm::tdes);
    CHECK(good(tdes->keys("0A"_hex)).version == 0);
}

TEST_CASE("columns say that keys are wrapped", "[card_keys]") {
    const Files files;
    const std::string heading = "card,wrapped_enc,wrapped_mac,wrapped_dek,check_enc\n";
    const auto text = heading + "0A," + three(wrapped16) + ",504A77\n";
    const auto source = good(open_csv(files.write(text, 0644), Algorithm::aes, kek));
    CHECK(to_hex(good(source->keys("0A"_hex)).dek.view()) == k16);
    files.refuses(text, "no key encryption key was given");
    files.refuses(text, "line 2: not a valid file of card keys (card 0A: enc: it does not open", "cardkey.bad",
                  [] { return Result<Secret>(Secret(16)); });
    files.refuses(heading + "0A," + three(wrapped16) + ",504A78\n", "card 0A: enc: the file states 504A78", "cardkey.check_value", kek);
    files.refuses("card,enc,wrapped_mac,dek\n", "three columns are wanted");
    files.refuses("card,enc,mac,dek,wrapped_enc,wrapped_mac,wrapped_dek\n", "three columns are wanted");
}

TEST_CASE("every fault of a line has its own words and its place", "[card_keys]") {
    const Files files;
    files.refuses("", "the file is empty");
    files.refuses(plain, "no card in it");
    files.refuses("0A," + three(k16) + "\n", "line 1: not a valid file of card keys (unknown column (not shown)");
    files.refuses("card,enc,mac,dek,note\n", "unknown column \"note\"");
    files.refuses("card,enc,mac,dek,enc\n", "column \"enc\" stands twice");
    files.refuses("card,enc,mac\n", "three columns are wanted");
    files.refuses("enc,mac,dek\n", "a column \"card\" is missing");
    files.refuses(plain + "0A," + three(k16) + "\n0B," + three(k16) + "\n0a," + three(k16),
                  "line 4: not a valid file of card keys (card 0A stands on line 2");
    files.refuses(plain + "0A," + three(k16) + "\n\n0B," + k16 + "," + k16,
                  "line 4: not a valid file of card keys (3 cells, the heading has 4");
    files.refuses(plain + "0A," + three(k16) + ",\n", "5 cells, the heading has 4");
    files.refuses(plain + "0A," + k16 + ",\"" + k16 + "\"," + k16, "line 2: not a valid file of card keys (a quote");
    files.refuses(plain + "," + three(k16), "card: 1 to 32 bytes");
    files.refuses(plain + "XY," + three(k16), "card: not hexadecimal");
    files.refuses(plain + "0A," + k16 + "," + k16.substr(2) + "," + k16, "card 0A: mac: 15 bytes; an AES key has");
    files.refuses(plain + "0A," + k16 + "," + k16 + ",", "dek: empty");
    files.refuses(plain + "0A," + k16 + "," + k16 + "4," + k16, "mac: not hexadecimal");
    files.refuses(plain + "0A," + k16 + k16 + "," + three(k16).substr(33), "mac: not as long as enc");
    files.refuses("card,enc,mac,dek,check_mac\n0A," + three(k16) + ",8BAF47", "line 2: the key check value differs (card 0A: mac",
                  "cardkey.check_value");
    files.refuses("card,enc,mac,dek,check_mac\n0A," + three(k16) + ",8BAF", "check value of mac: not three bytes");
    const std::string versions = "card,version,enc,mac,dek\n0A,";
    files.refuses(versions + "128," + three(k16), "version 128 is out of range");
    files.refuses(versions + "0x80," + three(k16), "version 128 is out of range");
    for (const auto* v : {"-1", "3F", "0x", "1.0", "0x1G", "99999999999", "+1", "0x-1"})
        files.refuses(versions + v + "," + three(k16), "line 2: not a valid file of card keys (version: neither");
    CHECK(good(good(files.open(versions + "," + three(k16)))->keys("0A"_hex)).version == 0);
    CHECK(error_of(open_csv(files.write(plain + "0A," + three(k16), 0640), Algorithm::aes)) == "cardkey.bad");
}

TEST_CASE("a list of many cards opens, and each card is found", "[card_keys]") {
    const Files files;
    constexpr int cards = 50'000;
    std::string text = "card,version,enc,mac,dek,check_enc\n";
    for (int i = 0; i < cards; ++i) text += fmt::format("{:020X},1,{},504A77\n", i, three(k16));
    const auto source = good(files.open(text));
    for (int i = 0; i < cards; i += 997) {
        const auto card = good(from_hex(fmt::format("{:020X}", i)));
        CHECK(to_hex(good(source->keys(card)).enc.view()) == k16);
    }
    CHECK(error_of(source->keys(good(from_hex(fmt::format("{:020X}", cards))))) == "cardkey.missing");
}
