// Block modes and MACs against published values, and against the other of the two libraries: what idchip computes with
// OpenSSL is checked with Botan here, and the other way round.
#include "unit/unit.hpp"

#include <bit>

#include <botan/block_cipher.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <idchip/crypto/cipher.hpp>
#include <idchip/crypto/hash.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::Cipher;

namespace {

constexpr Cipher all[] = {Cipher::tdes, Cipher::aes128, Cipher::aes192, Cipher::aes256};

std::string hex(const Result<Bytes>& result) { return to_hex(good(result)); }

// CBC by hand over Botan's block cipher.
Bytes botan_cbc(Cipher cipher, ByteView key, ByteView iv, ByteView data) {
    const char* names[] = {"TripleDES", "AES-128", "AES-192", "AES-256"};
    const auto block = Botan::BlockCipher::create_or_throw(names[static_cast<std::size_t>(cipher)]);
    const auto full = cipher == Cipher::tdes ? concat({key, key.first(8)}) : to_bytes(key);
    block->set_key(full.data(), full.size());
    auto chain = to_bytes(iv);
    Bytes out;
    for (std::size_t at = 0; at < data.size(); at += chain.size()) {
        for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = static_cast<Byte>(chain[i] ^ data[at + i]);
        block->encrypt(chain.data());
        append(out, chain);
    }
    return out;
}

// Single DES out of OpenSSL's triple DES: encrypt and decrypt with one key cancel out.
Bytes openssl_des(ByteView key, ByteView block, bool encrypt) {
    const auto triple = concat({key, key, key});
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "DES-EDE3-ECB", nullptr);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    Bytes out(16);
    int n = 0;
    REQUIRE(EVP_CipherInit_ex2(context, cipher, triple.data(), nullptr, encrypt ? 1 : 0, nullptr) == 1);
    EVP_CIPHER_CTX_set_padding(context, 0);
    REQUIRE(EVP_CipherUpdate(context, out.data(), &n, block.data(), 8) == 1);
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
    out.resize(8);
    return out;
}

// ISO/IEC 9797-1, algorithm 3, in its own words: a DES chain under K, the last block decrypted under K' and encrypted under K.
Bytes openssl_retail_mac(ByteView key, ByteView padded) {
    Bytes h(8);
    for (std::size_t at = 0; at < padded.size(); at += 8) {
        for (std::size_t i = 0; i < 8; ++i) h[i] = static_cast<Byte>(h[i] ^ padded[at + i]);
        h = openssl_des(key.first(8), h, true);
    }
    return openssl_des(key.first(8), openssl_des(key.last(8), h, false), true);
}

Bytes openssl_cmac(ByteView key, ByteView message) {
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "CMAC", nullptr);
    EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
    std::string cipher = "AES-" + std::to_string(key.size() * 8) + "-CBC";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher.data(), 0), OSSL_PARAM_construct_end()};
    Bytes out(16);
    std::size_t size = 0;
    REQUIRE(EVP_MAC_init(context, key.data(), key.size(), params) == 1);
    REQUIRE(EVP_MAC_update(context, message.data(), message.size()) == 1);
    REQUIRE(EVP_MAC_final(context, out.data(), &size, out.size()) == 1);
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
    return out;
}

}  // namespace

TEST_CASE("AES-CBC gives the values of NIST SP 800-38A, F.2", "[crypto]") {
    const auto iv = "000102030405060708090A0B0C0D0E0F"_hex;
    const auto plain =
        "6BC1BEE22E409F96E93D7E117393172A AE2D8A571E03AC9C9EB76FAC45AF8E51 30C81C46A35CE411E5FBC1191A0A52EF F69F2445DF4F9B17AD2B417BE66C3710"_hex;
    struct Case {
        Cipher cipher;
        std::string_view key, cipher_text;
    };
    const Case cases[] = {
        {Cipher::aes128, "2B7E151628AED2A6ABF7158809CF4F3C",
         "7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B273BED6B8E3C1743B7116E69E222295163FF1CAA1681FAC09120ECA307586E1A7"},
        {Cipher::aes192, "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B",
         "4F021DB243BC633D7178183A9FA071E8B4D9ADA9AD7DEDF4E5E738763F69145A571B242012FB7AE07FA9BAAC3DF102E008B0E27988598881D920A9E64F5615CD"},
        {Cipher::aes256, "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4",
         "F58C4C04D6E5F1BA779EABFB5F7BFBD69CFC4E967EDB808D679F777BC6702C7D39F23369A9D9BACFA530E26304231461B2EB05E2C39BE9FCDA6C19078C6A9D1B"}};
    for (const auto& c : cases) {
        const auto key = good(from_hex(c.key));
        CHECK(hex(crypto::cbc_encrypt(c.cipher, key, iv, plain)) == c.cipher_text);
        CHECK(good(crypto::cbc_decrypt(c.cipher, key, iv, good(from_hex(c.cipher_text)))) == plain);
    }
}

TEST_CASE("CBC agrees with Botan for every cipher and length, and decrypts what it encrypted", "[crypto]") {
    TestRng rng;
    for (const auto cipher : all) {
        const auto block = crypto::block_size(cipher);
        for (std::size_t blocks = 0; blocks < 20; ++blocks) {
            const auto key = rng.bytes(crypto::key_size(cipher));
            const auto iv = rng.bytes(block);
            const auto plain = rng.bytes(blocks * block);
            const auto encrypted = good(crypto::cbc_encrypt(cipher, key, iv, plain));
            REQUIRE(encrypted == botan_cbc(cipher, key, iv, plain));
            REQUIRE(good(crypto::cbc_decrypt(cipher, key, iv, encrypted)) == plain);
        }
    }
}

TEST_CASE("keys, start values and data of the wrong length are refused", "[crypto]") {
    for (const auto cipher : all) {
        const auto block = crypto::block_size(cipher);
        const auto size = crypto::key_size(cipher);
        for (const auto run : {crypto::cbc_encrypt, crypto::cbc_decrypt}) {
            CHECK(error_of(run(cipher, Bytes(size - 1), Bytes(block), Bytes(block))) == "crypto.bad_input");
            CHECK(error_of(run(cipher, Bytes(size + 8), Bytes(block), Bytes(block))) == "crypto.bad_input");
            CHECK(error_of(run(cipher, Bytes(size), Bytes(block - 1), Bytes(block))) == "crypto.bad_input");
            CHECK(error_of(run(cipher, Bytes(size), Bytes(), Bytes(block))) == "crypto.bad_input");
            CHECK(error_of(run(cipher, Bytes(size), Bytes(block), Bytes(block + 1))) == "crypto.bad_input");
        }
    }
    CHECK(error_of(crypto::retail_mac(Bytes(24), Bytes(8))) == "crypto.bad_input");
    CHECK(error_of(crypto::retail_mac(Bytes(16), Bytes(7))) == "crypto.bad_input");
    CHECK(error_of(crypto::retail_mac(Bytes(16), {})) == "crypto.bad_input");
    CHECK(error_of(crypto::aes_cmac(Bytes(15), Bytes(8))) == "crypto.bad_input");
}

TEST_CASE("CMAC gives the values of RFC 4493 and NIST SP 800-38B", "[crypto]") {
    const auto message =
        "6BC1BEE22E409F96E93D7E117393172A AE2D8A571E03AC9C9EB76FAC45AF8E51 30C81C46A35CE411E5FBC1191A0A52EF F69F2445DF4F9B17AD2B417BE66C3710"_hex;
    const auto first = [&](std::size_t n) { return ByteView(message).first(n); };
    const auto k128 = "2B7E151628AED2A6ABF7158809CF4F3C"_hex;
    CHECK(hex(crypto::aes_cmac(k128, {})) == "BB1D6929E95937287FA37D129B756746");
    CHECK(hex(crypto::aes_cmac(k128, first(16))) == "070A16B46B4D4144F79BDD9DD04A287C");
    CHECK(hex(crypto::aes_cmac(k128, first(40))) == "DFA66747DE9AE63030CA32611497C827");
    CHECK(hex(crypto::aes_cmac(k128, message)) == "51F0BEBF7E3B9D92FC49741779363CFE");
    const auto k192 = "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B"_hex;
    CHECK(hex(crypto::aes_cmac(k192, first(16))) == "9E99A7BF31E710900662F65E617C5184");
    CHECK(hex(crypto::aes_cmac(k192, message)) == "A1D5DF0EED790F794D77589659F39A11");
    const auto k256 = "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4"_hex;
    CHECK(hex(crypto::aes_cmac(k256, first(16))) == "28A7023F452E8F82BD4BF28D8C37C35C");
    CHECK(hex(crypto::aes_cmac(k256, message)) == "E1992190549F6ED5696A2C056C315410");
}

TEST_CASE("MACs agree with OpenSSL over every length", "[crypto]") {
    TestRng rng;
    for (const std::size_t key_size : {16U, 24U, 32U})
        for (std::size_t n = 0; n < 70; ++n) {
            const auto key = rng.bytes(key_size);
            const auto message = rng.bytes(n);
            REQUIRE(good(crypto::aes_cmac(key, message)) == openssl_cmac(key, message));
        }
    for (std::size_t blocks = 1; blocks < 20; ++blocks) {
        const auto key = rng.bytes(16);
        const auto message = rng.bytes(8 * blocks);
        REQUIRE(good(crypto::retail_mac(key, message)) == openssl_retail_mac(key, message));
    }
}

// Doc 9303-11, appendix D.3.
TEST_CASE("the retail MAC gives the value of the worked example of basic access control", "[crypto]") {
    const auto e_ifd = "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"_hex;
    CHECK(hex(crypto::retail_mac("7962D9ECE03D1ACD4C76089DCE131543"_hex, crypto::pad(e_ifd, 8))) == "5F1448EEA8AD90A7");
}

TEST_CASE("padding always adds a byte and reaches a block boundary", "[crypto]") {
    for (const std::size_t block : {8U, 16U})
        for (std::size_t n = 0; n < 3 * block; ++n) {
            const Bytes data(n, 0x80);
            const auto padded = crypto::pad(data, block);
            CHECK(padded.size() % block == 0);
            CHECK(padded.size() > n);
            CHECK(padded.size() - n <= block);
            CHECK(padded[n] == 0x80);
            CHECK(good(crypto::unpad(padded, block)) == data);
        }
}

TEST_CASE("wrong padding is refused", "[crypto]") {
    for (const auto* text : {"", "0000000000000000", "0102030405060708", "80", "800000000000000000000000", "0180000000000001",
                             "8000000000000000 0000000000000000", "0102030405060781"}) {
        CAPTURE(text);
        CHECK(error_of(crypto::unpad(good(from_hex(text)), 8)) == "crypto.bad_input");
    }
    CHECK(good(crypto::unpad("8000000000000000"_hex, 8)).empty());
    CHECK(good(crypto::unpad("8080000000000000"_hex, 8)) == "80"_hex);
}

// Doc 9303-11, appendix D.1 and 9.7.1.
TEST_CASE("keys are derived as in the worked example, and by their definition for AES", "[crypto]") {
    const auto seed = "239AB9CB282DAF66231DC5A4DF6BFBAE"_hex;
    CHECK(to_hex(crypto::derive_key(Cipher::tdes, seed, crypto::counter_enc).view()) == "AB94FDECF2674FDFB9B391F85D7F76F2");
    CHECK(to_hex(crypto::derive_key(Cipher::tdes, seed, crypto::counter_mac).view()) == "7962D9ECE03D1ACD4C76089DCE131543");
    const auto sha1 = crypto::hash(crypto::HashAlg::sha1, {seed, "00000003"_hex});
    const auto sha256 = crypto::hash(crypto::HashAlg::sha256, {seed, "00000003"_hex});
    CHECK(equal(crypto::derive_key(Cipher::aes128, seed, crypto::counter_pace).view(), ByteView(sha1).first(16)));
    CHECK(equal(crypto::derive_key(Cipher::aes192, seed, crypto::counter_pace).view(), ByteView(sha256).first(24)));
    CHECK(equal(crypto::derive_key(Cipher::aes256, seed, crypto::counter_pace).view(), sha256));
}

TEST_CASE("parity adjustment makes every byte odd and changes its last bit only", "[crypto]") {
    Bytes bytes(256);
    for (std::size_t i = 0; i < 256; ++i) bytes[i] = static_cast<Byte>(i);
    crypto::adjust_des_parity(bytes);
    for (std::size_t i = 0; i < 256; ++i) {
        CHECK(std::popcount(bytes[i]) % 2 == 1);
        CHECK((bytes[i] & 0xFEU) == (i & 0xFEU));
    }
}

TEST_CASE("ciphers state their sizes and names", "[crypto]") {
    CHECK(crypto::block_size(Cipher::tdes) == 8);
    CHECK(crypto::block_size(Cipher::aes192) == 16);
    CHECK(crypto::key_size(Cipher::tdes) == 16);
    CHECK(crypto::key_size(Cipher::aes128) == 16);
    CHECK(crypto::key_size(Cipher::aes192) == 24);
    CHECK(crypto::key_size(Cipher::aes256) == 32);
    CHECK(crypto::name(Cipher::tdes) == "3DES");
    CHECK(crypto::name(Cipher::aes256) == "AES-256");
}
