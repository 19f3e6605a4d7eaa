// Master keys in SoftHSM2, compared with the same diversification in memory, which has published values of its own.
#include "pkcs11/soft_token.hpp"

#include <atomic>
#include <thread>

#include <idchip/card_keys/card_keys.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::card_keys;
using pkcs11::SecretKey;

#ifdef IDCHIP_SOFTHSM

namespace {

const auto kdd = "D9B1DE5D0362DEDCE4FB"_hex;

// Three different keys of this length.
std::array<Bytes, 3> make_masters(std::size_t size) {
    TestRng rng(size);
    return {rng.bytes(size), rng.bytes(size), rng.bytes(size)};
}

void import(pkcs11::Token& token, SecretKey::Kind kind, const std::string& name, const std::array<Bytes, 3>& masters) {
    good(token.import_secret_key(kind, name + "-enc", masters[0]));
    good(token.import_secret_key(kind, name + "-mac", masters[1]));
    good(token.import_secret_key(kind, name + "-dek", masters[2]));
}

Result<std::unique_ptr<Source>> open(const std::string& name, Algorithm algorithm, Diversification method) {
    return open_token(SoftToken::uri(name), SoftToken::pin(), algorithm, method, 0x20);
}

void check_same(Source& source, Diversification method, const std::array<Bytes, 3>& masters) {
    CAPTURE(name(method), masters[0].size());
    for (const auto& card : {kdd, "00010203040506070809"_hex}) {
        const auto keys = good(source.keys(card));
        CHECK(keys.version == 0x20);
        const std::array<ByteView, 3> found = {keys.enc.view(), keys.mac.view(), keys.dek.view()};
        for (std::size_t i = 0; i < 3; ++i) {
            const auto wanted = good(diversify(method, source.algorithm(), masters[i], card, static_cast<Byte>(i + 1)));
            CHECK(to_hex(found[i]) == to_hex(wanted.view()));
        }
    }
    CHECK(error_of(source.keys("0A"_hex)) == "cardkey.missing");
}

}  // namespace

TEST_CASE("master keys diversify in the token as they do in memory", "[card_keys][pkcs11]") {
    const SoftToken soft;
    const auto token = good(SoftToken::open());
    const auto tdes = make_masters(16);
    import(*token, SecretKey::Kind::tdes, "kmc", tdes);
    for (const auto method : {Diversification::emv_cps, Diversification::visa2}) {
        const auto source = good(open("kmc", Algorithm::tdes, method));
        CHECK(source->algorithm() == Algorithm::tdes);
        check_same(*source, method, tdes);
    }
    for (const std::size_t size : {16U, 24U, 32U}) {
        const auto aes = make_masters(size);
        const auto name = "aes" + std::to_string(size);
        import(*token, SecretKey::Kind::aes, name, aes);
        check_same(*good(open(name, Algorithm::aes, Diversification::kdf3)), Diversification::kdf3, aes);
    }
}

TEST_CASE("a token gives the published keys", "[card_keys][pkcs11]") {
    const SoftToken soft;
    const auto token = good(SoftToken::open());
    const auto test_key = "404142434445464748494A4B4C4D4E4F"_hex;
    import(*token, SecretKey::Kind::tdes, "gp", {test_key, test_key, test_key});
    const auto emv = good(open("gp", Algorithm::tdes, Diversification::emv_cps));
    const auto keys = good(emv->keys("00010203040506070809"_hex));
    CHECK(to_hex(good(check_value(Algorithm::tdes, keys.enc.view()))) == "C33013");  // GlobalPlatformPro, TestPlaintextKeys
    CHECK(to_hex(good(check_value(Algorithm::tdes, keys.mac.view()))) == "6F4CA6");
    CHECK(to_hex(good(check_value(Algorithm::tdes, keys.dek.view()))) == "BB8179");
    const auto master = "8C72C72CF908411653018807950D82FBAD947562F0828A0B10B8B9606ABF3BCD"_hex;
    import(*token, SecretKey::Kind::aes, "kdf3", {master, master, master});
    const auto kdf3 = good(open("kdf3", Algorithm::aes, Diversification::kdf3));
    CHECK(to_hex(good(kdf3->keys(kdd)).enc.view()) == "9AAC5D0B3601F89438A0D9D0B6B256CFB47E6462DFA5228D3420C4AC7C224781");  // TestSCP03
}

TEST_CASE("secret keys of a token encrypt and MAC as the standards say", "[card_keys][pkcs11]") {
    const SoftToken soft;
    const auto token = good(SoftToken::open());
    // FIPS 197, appendix C.1 and C.3.
    good(token->import_secret_key(SecretKey::Kind::aes, "c1", "000102030405060708090A0B0C0D0E0F"_hex));
    const auto c1 = good(token->secret_key("c1"));
    CHECK(c1->kind() == SecretKey::Kind::aes);
    CHECK(c1->size() == 16);
    CHECK(to_hex(good(c1->encrypt("00112233445566778899AABBCCDDEEFF"_hex)).view()) == "69C4E0D86A7B0430D8CDB78070B4C55A");
    good(token->import_secret_key(SecretKey::Kind::aes, "c3", "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"_hex));
    CHECK(to_hex(good(good(token->secret_key("c3"))->encrypt("00112233445566778899AABBCCDDEEFF"_hex)).view()) ==
          "8EA2B7CA516745BFEAFC49904B496089");
    // SP 800-38B, D.1, examples 1 and 2.
    good(token->import_secret_key(SecretKey::Kind::aes, "d1", "2B7E151628AED2A6ABF7158809CF4F3C"_hex));
    const auto d1 = good(token->secret_key("d1"));
    CHECK(to_hex(good(d1->aes_cmac({})).view()) == "BB1D6929E95937287FA37D129B756746");
    CHECK(to_hex(good(d1->aes_cmac("6BC1BEE22E409F96E93D7E117393172A"_hex)).view()) == "070A16B46B4D4144F79BDD9DD04A287C");
    // 8 zero bytes under the test key of GlobalPlatform: its check value, to the end.
    good(token->import_secret_key(SecretKey::Kind::tdes, "gp", "404142434445464748494A4B4C4D4E4F"_hex));
    const auto gp = good(token->secret_key("gp"));
    CHECK(gp->kind() == SecretKey::Kind::tdes);
    CHECK(to_hex(good(gp->encrypt(Bytes(8))).view()) == "8BAF473F2F8FD094");
    CHECK(error_of(gp->aes_cmac({})) == "crypto.bad_key");
    CHECK(error_of(gp->encrypt(Bytes(12))) == "crypto.bad_input");
    CHECK(error_of(gp->encrypt({})) == "crypto.bad_input");
    CHECK(error_of(c1->encrypt(Bytes(8))) == "crypto.bad_input");
    CHECK(error_of(token->import_secret_key(SecretKey::Kind::aes, "c1", Bytes(16))) == "io.exists");
    CHECK(error_of(token->import_secret_key(SecretKey::Kind::aes, "new", Bytes(15))) == "crypto.bad_key");
    CHECK(error_of(token->import_secret_key(SecretKey::Kind::tdes, "new", Bytes(32))) == "crypto.bad_key");
    CHECK(error_of(token->import_secret_key(SecretKey::Kind::aes, "", Bytes(16))) == "input.bad_field");
}

TEST_CASE("what a token lacks is told before the first card", "[card_keys][pkcs11]") {
    const SoftToken soft;
    auto token = good(SoftToken::open());
    const auto aes = make_masters(16);
    import(*token, SecretKey::Kind::aes, "aes", aes);
    CHECK(error_of(open("other", Algorithm::aes, Diversification::kdf3)) == "token.not_found");
    CHECK(error_of(open("", Algorithm::aes, Diversification::kdf3)) == "token.not_found");
    CHECK(error_of(open("aes", Algorithm::tdes, Diversification::emv_cps)) == "token.refused");
    CHECK(error_of(open("aes", Algorithm::aes, Diversification::none)) == "crypto.bad_input");
    CHECK(error_of(open("aes", Algorithm::aes, Diversification::visa2)) == "crypto.bad_input");
    good(token->import_secret_key(SecretKey::Kind::aes, "half-enc", aes[0]));
    good(token->import_secret_key(SecretKey::Kind::aes, "half-mac", Bytes(32)));
    CHECK_THAT(open("half", Algorithm::aes, Diversification::kdf3).error().message(),
               Catch::Contains("half-mac is not as long as half-enc"));
    good(token->import_secret_key(SecretKey::Kind::aes, "two-enc", aes[0]));
    good(token->import_secret_key(SecretKey::Kind::aes, "two-mac", aes[1]));
    CHECK_THAT(open("two", Algorithm::aes, Diversification::kdf3).error().message(), Catch::Contains("two-dek"));
    token.reset();  // a login is the whole program's
    const auto wrong = open_token(SoftToken::uri("aes"), SoftToken::pin("000000"), Algorithm::aes, Diversification::kdf3, 0);
    CHECK(error_of(wrong) == "token.wrong_pin");
}

TEST_CASE("keys that pkcs11-tool put into the token serve", "[card_keys][pkcs11]") {
    if (std::system("pkcs11-tool --version >/dev/null 2>&1; test $? -ne 127") != 0) return;
    const SoftToken soft;
    const auto put = [&](const std::string& label, const Bytes& value, const std::string& type) {
        const auto file = soft.folder() / label;
        good(write_file(file, value, FileMode::secret));
        const auto command = "pkcs11-tool --module " IDCHIP_SOFTHSM " --token-label idchip-test --login --pin " +
                             std::string(SoftToken::right_pin) + " --write-object " + file.string() + " --type secrkey --key-type " + type +
                             " --label " + label + " --sensitive >" + (soft.folder() / "log").string() + " 2>&1";
        if (std::system(command.c_str()) != 0) FAIL("pkcs11-tool cannot write " + label);
    };
    const auto aes = make_masters(32), tdes = make_masters(16);
    const std::array<std::string, 3> names = {"enc", "mac", "dek"};
    for (std::size_t i = 0; i < 3; ++i) {
        put("aes-" + names[i], aes[i], "AES:32");
        // It knows 3DES keys of three parts only: the first stands again at the end. And it does not allow them to derive.
        put("kmc-" + names[i], concat({tdes[i], ByteView(tdes[i]).first(8)}), "DES3:24");
    }
    check_same(*good(open("aes", Algorithm::aes, Diversification::kdf3)), Diversification::kdf3, aes);
    check_same(*good(open("kmc", Algorithm::tdes, Diversification::emv_cps)), Diversification::emv_cps, tdes);
}

TEST_CASE("a token that is pulled out is lost for card keys too", "[card_keys][pkcs11]") {
    const SoftToken soft;
    const auto token = good(SoftToken::open());
    import(*token, SecretKey::Kind::tdes, "kmc", make_masters(16));
    const auto source = good(open("kmc", Algorithm::tdes, Diversification::visa2));
    soft.pull();
    CHECK(error_of(source->keys(kdd)) == "token.lost");
}

TEST_CASE("threads ask one token for keys at the same time", "[card_keys][pkcs11]") {
    const SoftToken soft;
    const auto token = good(SoftToken::open());
    const auto masters = make_masters(16);
    import(*token, SecretKey::Kind::tdes, "kmc", masters);
    const auto source = good(open("kmc", Algorithm::tdes, Diversification::emv_cps));
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (Byte t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (Byte i = 0; i < 25; ++i) {
                auto card = kdd;
                card[8] = t;
                card[9] = i;
                const auto keys = source->keys(card);
                const auto wanted = diversify(Diversification::emv_cps, Algorithm::tdes, masters[1], card, 2);
                if (keys && wanted && equal(keys->mac.view(), wanted->view())) ++right;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(right == 200);
}

#endif
