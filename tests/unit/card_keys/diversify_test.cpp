// Against values that others made. "Recomputed" ones were made with python3-cryptography 48 (TripleDES, AES, CMAC), not with this library.
#include "unit/unit.hpp"

#include <idchip/card_keys/card_keys.hpp>
#include <idchip/crypto/cipher.hpp>

#include "card_keys/diversify.hpp"

using namespace idchip;
using namespace idchip::test;
using namespace idchip::card_keys;

namespace {

const auto key16 = "404142434445464748494A4B4C4D4E4F"_hex;
const auto key24 = "404142434445464748494A4B4C4D4E4F5051525354555657"_hex;
const auto key32 = "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F"_hex;
const auto kdd = "00010203040506070809"_hex;

struct Case {
    Diversification method;
    Algorithm algorithm;
    Bytes master;
    std::array<const char*, 3> check_values, keys;
};

}  // namespace

TEST_CASE("diversified keys have the check values that GlobalPlatformPro publishes", "[card_keys]") {
    // Check values: GlobalPlatformPro, library/src/test/.../TestPlaintextKeys.java. Keys behind them: recomputed.
    const Case cases[] = {{Diversification::emv_cps,
                           Algorithm::tdes,
                           key16,
                           {"C33013", "6F4CA6", "BB8179"},
                           {"0EF59FCBF8019B62E62AF6EA20B8BF25", "3E383EB6F2762B88155F76BDFED05A02", "64021E43C0C7D264A1C7C6D01E1C8761"}},
                          {Diversification::visa2,
                           Algorithm::tdes,
                           key16,
                           {"2BE598", "58DA38", "3C328E"},
                           {"8510FC973208218CA86888BCEC203635", "1068B5FB6F06C78C7A4DFC343B21C78F", "2DAEE809C71405FF259C3BE695A1F66E"}},
                          {Diversification::kdf3,
                           Algorithm::aes,
                           key16,
                           {"E79C05", "D1BD77", "3FDE8C"},
                           {"808BC985A1069AD2A9AC94E0FE7B8843", "65942E0BF4F3F32AEFACBA5671456275", "6A74F6F6040CCA10D8A3FDC7914FD7CC"}},
                          {Diversification::kdf3,
                           Algorithm::aes,
                           key24,
                           {"1DE8EA", "47C00C", "C04D76"},
                           {"7C5E0EB1D8F19C63D51CFD20174D8F903C5C0AB035FB1F81", "DBCAADD8612534A5428BB2ECC61C734C7F214510E31F07E2",
                            "E724FF4857153DDF66F75A99CC32B8C04739A0FBFF1C9AFC"}},
                          {Diversification::kdf3,
                           Algorithm::aes,
                           key32,
                           {"2972D2", "036F94", "5D57B8"},
                           {"7E227C0F6D736A2492A356F83872F6814D3D38831E224DB731AAB0D1B51FAAF3",
                            "4653585CCC5697947F08B821014966E30E885A5422B665CE96EDC25651B1D8D9",
                            "2E4446700FA96B1010D2E5DA69E6BE3AF2431D4E27EB4B77D9239509899A358C"}}};
    for (const auto& c : cases)
        for (Byte k = 1; k <= 3; ++k) {
            CAPTURE(name(c.method), c.master.size(), k);
            const auto key = good(diversify(c.method, c.algorithm, c.master, kdd, k));
            CHECK(to_hex(key.view()) == c.keys[k - 1U]);
            CHECK(to_hex(good(check_value(c.algorithm, key.view()))) == c.check_values[k - 1U]);
        }
}

TEST_CASE("kdf3 gives the whole key that GlobalPlatformPro was tested against", "[card_keys]") {
    // tool/src/test/java/pro/javacard/gp/TestSCP03.java, in versions of the tool module up to its move: the whole key, not its check value.
    const auto master = "8C72C72CF908411653018807950D82FBAD947562F0828A0B10B8B9606ABF3BCD"_hex;
    const auto enc = good(diversify(Diversification::kdf3, Algorithm::aes, master, "D9B1DE5D0362DEDCE4FB"_hex, 1));
    CHECK(to_hex(enc.view()) == "9AAC5D0B3601F89438A0D9D0B6B256CFB47E6462DFA5228D3420C4AC7C224781");
}

TEST_CASE("EMV CPS with three master keys", "[card_keys]") {
    // Master keys and KDD of javacardos.com, forum thread 862, which works the derivation out by hand; results recomputed.
    const auto data = "000002004540C882DE13"_hex;
    const auto derive = [&](const Bytes& master, Byte k) {
        return to_hex(good(diversify(Diversification::emv_cps, Algorithm::tdes, master, data, k)).view());
    };
    CHECK(derive("101112131415161718191A1B1C1D1E1F"_hex, 1) == "96CD33A176C6A34B0789AE4821DC34F1");
    CHECK(derive("202122232425262728292A2B2C2D2E2F"_hex, 2) == "3A29886AF25FA2F0DF65422691AC2D86");
    CHECK(derive("303132333435363738393A3B3C3D3E3F"_hex, 3) == "94B25EA2311468EF3F16A5D448E6CDC2");
}

TEST_CASE("the counter mode is the one of SP 800-108", "[card_keys]") {
    // NIST CAVP, KDFCTR_gen.rsp: CMAC_AES128, BEFORE_FIXED, RLEN 8 bits; L of 128, 256 and 160 bits.
    struct Row {
        Bytes key, fixed;
        const char* out;
    };
    const Row rows[] = {
        {"DFF1E50AC0B69DC40F1051D46C2B069C"_hex,
         "C16E6E02C5A3DCC8D78B9AC1306877761310455B4E41469951D9E6C2245A064B33FD8C3B01203A7824485BF0A64060C4648B707D2607935699316EA5"_hex,
         "8BE8F0869B3C0BA97B71863D1B9F7813"},
        {"682E814D872397EBA71170A693514904"_hex,
         "E323CDFA7873A0D72CD86FFB4468744F097DB60498F7D0E3A43BAFD2D1AF675E4A88338723B1236199705357C47BF1D89B2F4617A340980E6331625C"_hex,
         "DAC9B6CA405749CFB065A0F1E42C7C4224D3D5DB32FDAFE9DEE6CA193316F2C7"},
        {"58618D4C998ED1D2EFC2FCFE9BD2B78B"_hex,
         "D02FD07BA3CE8D82B0B561DFED84211E71EEF1AE51C1125490595CC11B8B5AB01DE0D279C36B632CA1F131621883672CFEBEDC821B26093D53ADAFC7"_hex,
         "6141172F887DA52AAA26D844AF28F56C82689A99"}};
    for (const auto& row : rows) {
        const auto cmac = [&](ByteView message) -> Result<Secret> { return Secret(good(crypto::aes_cmac(row.key, message))); };
        CHECK(to_hex(good(counter_kdf(cmac, row.fixed, std::string_view(row.out).size() / 2)).view()) == row.out);
    }
}

TEST_CASE("check values are those of GlobalPlatform", "[card_keys]") {
    CHECK(to_hex(good(check_value(Algorithm::tdes, key16))) == "8BAF47");       // GPC's test key, in every log of GlobalPlatformPro
    CHECK(to_hex(good(check_value(Algorithm::aes, key16))) == "504A77");        // GlobalPlatformPro, TestPlaintextKeys and issue 66
    CHECK(to_hex(good(check_value(Algorithm::aes, key24))) == "FFCD73");        // recomputed
    CHECK(to_hex(good(check_value(Algorithm::aes, key32))) == "ECDCD8");        // recomputed
    CHECK(to_hex(good(check_value(Algorithm::aes, key16, true))) == "189956");  // recomputed
    // Parity bits are no part of a DES key.
    CHECK(to_hex(good(check_value(Algorithm::tdes, "414043424544474649484B4A4D4C4F4E"_hex))) == "8BAF47");
    for (const std::size_t size : {0U, 8U, 15U, 24U, 32U}) CHECK(error_of(check_value(Algorithm::tdes, Bytes(size))) == "crypto.bad_key");
    for (const std::size_t size : {0U, 15U, 17U, 31U, 33U}) CHECK(error_of(check_value(Algorithm::aes, Bytes(size))) == "crypto.bad_key");
}

TEST_CASE("a diversification that is not defined is refused, not guessed", "[card_keys]") {
    const auto tdes = Algorithm::tdes, aes = Algorithm::aes;
    CHECK(error_of(diversify(Diversification::kdf3, tdes, key16, kdd, 1)) == "crypto.bad_input");
    CHECK(error_of(diversify(Diversification::emv_cps, aes, key16, kdd, 1)) == "crypto.bad_input");
    CHECK(error_of(diversify(Diversification::visa2, aes, key16, kdd, 1)) == "crypto.bad_input");
    CHECK(error_of(diversify(Diversification::emv_cps, tdes, key24, kdd, 1)) == "crypto.bad_key");
    CHECK(error_of(diversify(Diversification::kdf3, aes, Bytes(20), kdd, 1)) == "crypto.bad_key");
    for (const auto method : {Diversification::emv_cps, Diversification::visa2})
        for (const std::size_t size : {0U, 8U, 9U, 11U})
            CHECK(error_of(diversify(method, tdes, key16, Bytes(size), 1)) == "crypto.bad_input");
    CHECK(error_of(diversify(Diversification::kdf3, aes, key16, Bytes(9), 1)) == "crypto.bad_input");
    for (const Byte k : {Byte{0}, Byte{4}}) CHECK(error_of(diversify(Diversification::none, aes, key16, kdd, k)) == "crypto.bad_input");
    CHECK(to_hex(good(diversify(Diversification::none, aes, key32, {}, 3)).view()) == to_hex(key32));
}

TEST_CASE("diversifications have names", "[card_keys]") {
    for (const auto method : {Diversification::none, Diversification::emv_cps, Diversification::visa2, Diversification::kdf3})
        CHECK(diversification_by_name(name(method)) == method);
    CHECK_FALSE(diversification_by_name("emv"));
    CHECK_FALSE(diversification_by_name(""));
}
