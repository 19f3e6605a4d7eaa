// Signing in a token (SoftHSM2) against its bare C_Sign, with the same number of sessions. What a key in hardware costs is the token's; what
// stands between is ours.
#include <benchmark/benchmark.h>

#ifdef IDCHIP_SOFTHSM
#include <cstdlib>
#include <filesystem>

#include <idchip/base/file.hpp>
#include <idchip/pkcs11/token.hpp>

#include "pkcs11/module.hpp"

namespace {

using namespace idchip;
namespace fs = std::filesystem;

constexpr std::string_view pin = "271828";

// One token for the whole run: the library reads where it lies when it is loaded.
class SoftToken {
public:
    SoftToken() {
        auto name = (fs::temp_directory_path() / "idchip-bench-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        fs::create_directory(folder_ / "tokens");
        const auto conf = folder_ / "softhsm2.conf";
        const auto text = "directories.tokendir = " + (folder_ / "tokens").string() + "\nobjectstore.backend = file\nlog.level = ERROR\n";
        if (!write_file(conf, as_bytes(text))) std::abort();
        ::setenv("SOFTHSM2_CONF", conf.c_str(), 1);
        const auto command = "softhsm2-util --init-token --free --label bench --so-pin 314159 --pin " + std::string(pin) + " >/dev/null";
        if (std::system(command.c_str()) != 0) std::abort();
        uri_.token = "bench";
        uri_.module_path = IDCHIP_SOFTHSM;
        token_ = pkcs11::Token::open(uri_, [] { return Result<Secret>(Secret(as_bytes(pin))); }).value();
        ec_ = token_->generate_ec(crypto::Curve::p256, "p256").value();
        rsa_ = token_->generate_rsa(2048, "rsa").value();
    }
    ~SoftToken() { fs::remove_all(folder_); }
    SoftToken(const SoftToken&) = delete;
    SoftToken& operator=(const SoftToken&) = delete;

    const crypto::SigningKey& key(bool rsa) const { return rsa ? *rsa_ : *ec_; }

private:
    fs::path folder_;
    pkcs11::Uri uri_;
    std::shared_ptr<pkcs11::Token> token_;
    std::shared_ptr<const crypto::SigningKey> ec_, rsa_;
};

SoftToken& soft_token() {
    static SoftToken token;
    return token;
}

void token_sign(benchmark::State& state, bool rsa) {
    const auto& key = soft_token().key(rsa);
    const crypto::SignatureAlgorithm algorithm{rsa ? crypto::Scheme::rsa_pkcs1 : crypto::Scheme::ecdsa, crypto::HashAlg::sha256,
                                               crypto::HashAlg::sha256, 32, false};
    const Bytes message(100, 1);
    for (auto _ : state)
        if (!key.sign(algorithm, message)) return state.SkipWithError("not signed");
    state.SetItemsProcessed(state.iterations());
}

// A session of its own for each thread, the key by its label.
void token_bare(benchmark::State& state, const char* label, CK_MECHANISM_TYPE type, std::size_t input_size) {
    soft_token();
    const auto module = pkcs11::Module::load(IDCHIP_SOFTHSM).value();
    auto& f = module->f();
    CK_SLOT_ID slots[8];
    CK_ULONG count = 8;
    f.C_GetSlotList(CK_TRUE, slots, &count);
    CK_SESSION_HANDLE session = 0;
    f.C_OpenSession(slots[0], CKF_SERIAL_SESSION, nullptr, nullptr, &session);
    CK_OBJECT_CLASS kind = CKO_PRIVATE_KEY;
    std::string name = label;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &kind, sizeof kind}, {CKA_LABEL, name.data(), name.size()}};
    CK_OBJECT_HANDLE key = 0;
    CK_ULONG found = 0;
    f.C_FindObjectsInit(session, wanted, 2);
    f.C_FindObjects(session, &key, 1, &found);
    f.C_FindObjectsFinal(session);
    if (found != 1) return state.SkipWithError("no key");
    CK_MECHANISM mechanism{type, nullptr, 0};
    Bytes input(input_size, 1), signature(512);
    for (auto _ : state) {
        CK_ULONG size = signature.size();
        if (f.C_SignInit(session, &mechanism, key) != CKR_OK ||
            f.C_Sign(session, input.data(), input.size(), signature.data(), &size) != CKR_OK)
            return state.SkipWithError("not signed");
    }
    f.C_CloseSession(session);
    state.SetItemsProcessed(state.iterations());
}

void both(benchmark::internal::Benchmark* b) { b->Unit(benchmark::kMicrosecond)->UseRealTime()->Threads(1)->Threads(2); }
BENCHMARK_CAPTURE(token_sign, p256, false)->Apply(both);
BENCHMARK_CAPTURE(token_bare, p256, "p256", CKM_ECDSA, 32U)->Apply(both);
BENCHMARK_CAPTURE(token_sign, rsa2048, true)->Apply(both);
BENCHMARK_CAPTURE(token_bare, rsa2048, "rsa", CKM_RSA_PKCS, 51U)->Apply(both);

}  // namespace
#endif
