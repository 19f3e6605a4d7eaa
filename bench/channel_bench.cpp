// A secure channel at the speed of its ciphers: 224 bytes wrapped and the answer (9000 with its R-MAC) checked, against the same AES blocks through
// bare contexts of OpenSSL that keep their keys.
#include <benchmark/benchmark.h>

#include <openssl/evp.h>

#include <idchip/protocol/scp/scp.hpp>

namespace {

using namespace idchip;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

constexpr std::size_t data_size = 224;
constexpr std::size_t answers_made = 4096;

const CommandApdu store_data{0x80, 0xE2, 0x00, 0x00, Bytes(data_size, 0x5A), {}};

scp::StaticKeys keys() { return {0x30, Secret(Bytes(16, 0x40)), Secret(Bytes(16, 0x41)), Secret(Bytes(16, 0x42))}; }

// The same challenges give the same channel each time, so that a chip's answers can be made beforehand.
struct Exchange {
    scp::Parameters parameters;
    Bytes counter;
    std::vector<ResponseApdu> answers;

    scp::Session open() const {
        return std::move(scp::open_ahead(parameters, keys(), Bytes(8, 0x10), counter, Bytes(7, 0xA0)).value().session);
    }
    Exchange(scp::Parameters p, Bytes sequence_counter) : parameters(p), counter(std::move(sequence_counter)) {
        auto ahead = scp::open_ahead(parameters, keys(), Bytes(8, 0x10), counter, Bytes(7, 0xA0)).value();
        scp::Chip chip(parameters, keys(), Bytes(10), counter, Bytes(7, 0xA0), system_rng());
        if (!chip.initialize_update(ahead.initialize_update).ok() || !chip.external_authenticate(ahead.external_authenticate).ok()) return;
        for (std::size_t i = 0; i < answers_made; ++i) {
            chip.open(ahead.session.wrap(store_data).value()).value();
            answers.push_back(chip.seal(ResponseApdu::of(0x9000)).value());
        }
    }
};

void wrap_unwrap(benchmark::State& state, const Exchange& exchange) {
    if (exchange.answers.empty()) return state.SkipWithError("the chip does not understand");
    auto session = exchange.open();
    std::size_t at = 0;
    for (auto _ : state) {
        if (at == answers_made) {
            state.PauseTiming();
            session = exchange.open();
            at = 0;
            state.ResumeTiming();
        }
        benchmark::DoNotOptimize(session.wrap(store_data));
        if (!session.unwrap(exchange.answers[at++])) return state.SkipWithError("not authentic");
    }
    state.SetItemsProcessed(state.iterations());
}

void scp03_wrap_unwrap(benchmark::State& state) { wrap_unwrap(state, Exchange({scp::Protocol::scp03, 0x70, 0x33}, Bytes(3))); }
BENCHMARK(scp03_wrap_unwrap);

void scp02_wrap_unwrap(benchmark::State& state) { wrap_unwrap(state, Exchange({scp::Protocol::scp02, 0x75, 0x13}, Bytes(2))); }
BENCHMARK(scp02_wrap_unwrap);

// What the SCP03 exchange above needs: the ICV, 15 blocks encrypted, 17 of the C-MAC, 2 of the R-MAC.
void bare_aes(benchmark::State& state) {
    const unsigned char key[16] = {1}, zero[16] = {};
    unsigned char counter[16] = {}, icv[16], body[240] = {}, mac_input[272] = {}, response[32] = {};
    auto* const ecb = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
    auto* const cbc = EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr);
    EVP_CIPHER_CTX *block = EVP_CIPHER_CTX_new(), *enc = EVP_CIPHER_CTX_new(), *mac = EVP_CIPHER_CTX_new(), *rmac = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex2(block, ecb, key, nullptr, nullptr);
    for (auto* context : {enc, mac, rmac}) EVP_EncryptInit_ex2(context, cbc, key, zero, nullptr);
    for (auto _ : state) {
        int n = 0;
        ++counter[15];
        EVP_EncryptUpdate(block, icv, &n, counter, sizeof counter);
        EVP_EncryptInit_ex2(enc, nullptr, nullptr, icv, nullptr);
        EVP_EncryptUpdate(enc, body, &n, body, sizeof body);
        EVP_EncryptInit_ex2(mac, nullptr, nullptr, zero, nullptr);
        EVP_EncryptUpdate(mac, mac_input, &n, mac_input, sizeof mac_input);
        EVP_EncryptInit_ex2(rmac, nullptr, nullptr, zero, nullptr);
        if (EVP_EncryptUpdate(rmac, response, &n, response, sizeof response) != 1) return state.SkipWithError("openssl");
        benchmark::DoNotOptimize(response);
    }
    for (auto* context : {block, enc, mac, rmac}) EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(ecb);
    EVP_CIPHER_free(cbc);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bare_aes);

}  // namespace
