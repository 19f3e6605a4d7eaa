// EF.SOD at the speed of the mathematics: hash five data groups, build, sign, read back and verify, against the bare hash, signature and check of the
// library that is used on that curve (docs/adr/0006). Passive authentication the same way.
#include <benchmark/benchmark.h>

#include <botan/ecdsa.h>
#include <botan/pubkey.h>
#include <botan/system_rng.h>
#include <openssl/evp.h>

#include <idchip/cards/cards.hpp>
#include <idchip/inspect/judge.hpp>
#include <idchip/signer/sod.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

namespace {

using namespace idchip;

const Instant now = start_of({2026, 11, 21});

lds::Files groups() {
    lds::Files files;
    for (const auto& [ef, size] :
         {std::pair{lds::Ef::dg1, 95U}, {lds::Ef::dg2, 15'000U}, {lds::Ef::dg13, 385U}, {lds::Ef::dg14, 386U}, {lds::Ef::dg15, 298U}})
        files[ef] = Bytes(size, static_cast<Byte>(size));
    return files;
}

signer::TestPki pki_with(const std::string& key) {
    signer::TestPkiOptions options;
    options.now = now;
    options.ec_encoding = crypto::EcEncoding::named;
    if (key == "RSA-2048") options.ds_rsa_bits = 2048;
    else options.ds_curve = *crypto::curve_by_name(key);
    return signer::make_test_pki(options, system_rng()).value();
}

// --- ours

struct Ours {
    signer::TestPki pki;
    std::unique_ptr<pki::ContentSigner> signer;
    lds::Files files = groups();
    explicit Ours(const std::string& key) : pki(pki_with(key)), signer(signer::make_software_signer(pki.ds, pki.ds_key).value()) {}
};

void sod(benchmark::State& state, const std::string& key) {
    static std::map<std::string, std::shared_ptr<Ours>> made;
    static std::mutex mutex;
    std::shared_ptr<Ours> ours;
    {
        const std::scoped_lock lock(mutex);
        if (!made[key]) made[key] = std::make_shared<Ours>(key);
        ours = made[key];
    }
    signer::SodOptions options;
    options.hash_alg = ours->signer->algorithm().hash;
    options.signing_time = now;
    for (auto _ : state) {
        const auto file = signer::sign_sod(ours->files, *ours->signer, options);
        if (!file) return state.SkipWithError("not signed");
        benchmark::DoNotOptimize(*file);
    }
    state.SetItemsProcessed(state.iterations());
}

// --- bare: the same hashes, one signature and one check over 100 bytes, with what is prepared kept

void hash_groups(const lds::Files& files, const EVP_MD* md) {
    unsigned char digest[64];
    for (const auto& [ef, content] : files) {
        EVP_Digest(content.data(), content.size(), digest, nullptr, md, nullptr);
        benchmark::DoNotOptimize(digest);
    }
}

struct EvpKey {
    EVP_PKEY* key;
    explicit EvpKey(const std::string& name)
        : key(name == "RSA-2048" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})
                                 : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", name.c_str())) {}
    ~EvpKey() { EVP_PKEY_free(key); }
    EvpKey(const EvpKey&) = delete;
    EvpKey& operator=(const EvpKey&) = delete;
};

void bare_openssl(benchmark::State& state, const std::string& name) {
    static std::map<std::string, std::shared_ptr<EvpKey>> made;
    static std::mutex mutex;
    std::shared_ptr<EvpKey> key;
    {
        const std::scoped_lock lock(mutex);
        if (!made[name]) made[name] = std::make_shared<EvpKey>(name);
        key = made[name];
    }
    const auto files = groups();
    auto* md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    auto* sign = EVP_PKEY_CTX_new_from_pkey(nullptr, key->key, nullptr);
    auto* verify = EVP_PKEY_CTX_new_from_pkey(nullptr, key->key, nullptr);
    EVP_PKEY_sign_init(sign);
    EVP_PKEY_verify_init(verify);
    EVP_PKEY_CTX_set_signature_md(sign, md);
    EVP_PKEY_CTX_set_signature_md(verify, md);
    unsigned char digest[32] = {1}, signature[512];
    for (auto _ : state) {
        hash_groups(files, md);
        std::size_t size = sizeof signature;
        if (EVP_PKEY_sign(sign, signature, &size, digest, sizeof digest) != 1 ||
            EVP_PKEY_verify(verify, signature, size, digest, sizeof digest) != 1)
            return state.SkipWithError("openssl");
    }
    EVP_PKEY_CTX_free(sign);
    EVP_PKEY_CTX_free(verify);
    EVP_MD_free(md);
    state.SetItemsProcessed(state.iterations());
}

void bare_botan(benchmark::State& state, const char* group, const char* hash) {
    const auto files = groups();
    auto* md = EVP_MD_fetch(nullptr, hash, nullptr);
    Botan::System_RNG rng;
    const Botan::ECDSA_PrivateKey key(rng, Botan::EC_Group(group));
    Botan::PK_Signer signer(key, rng, "Raw");
    Botan::PK_Verifier verifier(key, "Raw");
    const std::vector<std::uint8_t> digest(static_cast<std::size_t>(EVP_MD_get_size(md)), 1);
    for (auto _ : state) {
        hash_groups(files, md);
        const auto signature = signer.sign_message(digest, rng);
        if (!verifier.verify_message(digest, signature)) return state.SkipWithError("botan");
    }
    EVP_MD_free(md);
    state.SetItemsProcessed(state.iterations());
}

void both(benchmark::internal::Benchmark* b) { b->Unit(benchmark::kMicrosecond)->UseRealTime()->Threads(1)->Threads(2); }
BENCHMARK_CAPTURE(sod, p256, "P-256")->Apply(both);
BENCHMARK_CAPTURE(sod, brainpoolP256r1, "brainpoolP256r1")->Apply(both);
BENCHMARK_CAPTURE(sod, brainpoolP384r1, "brainpoolP384r1")->Apply(both);
BENCHMARK_CAPTURE(sod, rsa2048, "RSA-2048")->Apply(both);
BENCHMARK_CAPTURE(bare_openssl, p256, "P-256")->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK_CAPTURE(bare_openssl, rsa2048, "RSA-2048")->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK_CAPTURE(bare_botan, brainpoolP256r1, "brainpool256r1", "SHA256")->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK_CAPTURE(bare_botan, brainpoolP384r1, "brainpool384r1", "SHA384")->Unit(benchmark::kMicrosecond)->UseRealTime();

// --- passive authentication, alone and in a whole verdict, of a document whose document signer has been met before

struct Document {
    signer::TestPki pki = pki_with("P-256");
    inspect::Evidence evidence;
    Document() {
        const auto ds = signer::make_software_signer(pki.ds, pki.ds_key).value();
        cards::LoadOptions options;
        options.signer = ds.get();
        options.now = now;
        const auto card = cards::parse(R"({"schema": 1, "like": "vn-cccd-2021", "terminal_authentication": null,
            "document": {"portrait_bytes": 15000, "fingerprints": null}})",
                                       {}, options)
                              .value();
        evidence.read_at = now;
        evidence.access = "unknown";
        for (const auto& [ef, content] : card.config.files)
            if (lds::info(ef).df == lds::Df::application) evidence.files[ef].content = content;
    }
};

void passive_authentication(benchmark::State& state, decltype(inspect::judge)* judge) {
    const Document document;
    const pki::TrustStore trust{{document.pki.csca}, {document.pki.crl}, {}, "bench"};
    if (judge(document.evidence, trust, now, {}).overall > inspect::Overall::accept_with_notes) return state.SkipWithError("not accepted");
    for (auto _ : state) benchmark::DoNotOptimize(judge(document.evidence, trust, now, {}));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(passive_authentication, alone, inspect::passive_authentication)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(passive_authentication, whole_verdict, inspect::judge)->Unit(benchmark::kMicrosecond);

void passive_authentication_bare(benchmark::State& state) {
    const Document document;
    lds::Files files;
    for (const auto& [ef, file] : document.evidence.files)
        if (lds::dg_number(ef) != 0) files[ef] = *file.content;
    EvpKey key("P-256");
    auto* md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    auto* sign = EVP_PKEY_CTX_new_from_pkey(nullptr, key.key, nullptr);
    auto* verify = EVP_PKEY_CTX_new_from_pkey(nullptr, key.key, nullptr);
    EVP_PKEY_sign_init(sign);
    EVP_PKEY_verify_init(verify);
    unsigned char digest[32] = {1}, signature[128];
    std::size_t size = sizeof signature;
    EVP_PKEY_sign(sign, signature, &size, digest, sizeof digest);
    for (auto _ : state) {
        hash_groups(files, md);
        if (EVP_PKEY_verify(verify, signature, size, digest, sizeof digest) != 1) return state.SkipWithError("openssl");
    }
    EVP_PKEY_CTX_free(sign);
    EVP_PKEY_CTX_free(verify);
    EVP_MD_free(md);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(passive_authentication_bare)->Unit(benchmark::kMicrosecond);

}  // namespace
