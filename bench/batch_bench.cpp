// Work of a day: 100,000 documents signed ahead of need, as `idchip sod sign` does it, and a country's master list taken into a store.
#include <benchmark/benchmark.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/pki/master_list.hpp>
#include <idchip/signer/batch.hpp>
#include <idchip/signer/test_pki.hpp>
#include <idchip/trust/store.hpp>

#include "folder.hpp"

namespace {

using namespace idchip;
using bench::Folder;
using bench::resident_mib;

const Instant now = start_of({2026, 11, 21});

signer::Rotation rotation(const std::filesystem::path& folder) {
    signer::TestPkiOptions options;
    options.now = now;
    options.ec_encoding = crypto::EcEncoding::named;
    options.ds_curve = crypto::Curve::p256;
    auto pki = signer::make_test_pki(options, system_rng()).value();
    std::vector<std::unique_ptr<signer::DocumentSigner>> signers;
    signers.push_back(signer::DocumentSigner::make(pki.ds, std::make_shared<crypto::PrivateKey>(std::move(pki.ds_key)), true, {},
                                                   folder / "signatures.json")
                          .value());
    return signer::Rotation(std::move(signers));
}

// One signature and its check take what `bare_openssl/p256` without the hashes of data groups takes.
void sods_ahead_of_need(benchmark::State& state) {
    constexpr std::uint64_t documents = 100'000;
    double grown = 0;
    for (auto _ : state) {
        const Folder folder;
        auto signers = rotation(folder.path);
        auto output = signer::BatchOutput::open(folder.path / "sods.jsonl").value();
        signer::BatchOptions options;
        options.threads = static_cast<unsigned>(state.range(0));
        options.now = now;
        options.job = "bench";
        std::uint64_t at = 0;
        const auto before = resident_mib();
        options.progress = [&](std::uint64_t) { grown = std::max(grown, resident_mib() - before); };
        const auto next = [&]() -> Result<std::optional<signer::BatchItem>> {
            if (at == documents) return std::nullopt;
            signer::BatchItem item;
            item.id = "document-" + std::to_string(at++);
            for (const int dg : {1, 2, 13, 14, 15}) item.object.data_group_hashes[dg] = Bytes(32, static_cast<Byte>(at));
            return std::optional(std::move(item));
        };
        const auto result = signer::sign_batch(next, signers, output, options);
        if (!result || result->signed_now != documents) return state.SkipWithError("not signed");
    }
    state.counters["grown_MiB"] = grown;
    state.SetItemsProcessed(static_cast<std::int64_t>(documents) * state.iterations());
}
BENCHMARK(sods_ahead_of_need)->Arg(1)->Arg(2)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();

// The German master list of August 2024: 541 certificates, each signature checked, the store written.
void master_list_import(benchmark::State& state) {
    const auto content = read_file(IDCHIP_SHARED "/masterlists/DE_ML_2024-08-07-07-38-24.ml");
    if (!content) return state.SkipWithError(content.error().message().c_str());
    const auto list = pki::MasterList::parse(*content).value();
    const auto root = std::find_if(list.certificates.begin(), list.certificates.end(), [](const pki::Certificate& c) {
        return c.subject.country() == "DE" && c.self_issued() && date_of(c.not_before).year == 2013;
    });
    for (auto _ : state) {
        const Folder folder;
        auto store = trust::Store::open(folder.path).value();
        trust::ImportOptions options;
        options.now = now;
        options.pin = true;
        if (root == list.certificates.end() || !store.import(root->raw, "root", options)) return state.SkipWithError("no root");
        options.pin = false;
        const auto report = store.import(*content, "list", options);
        if (!report || report->items[0].added < 500 || !store.save()) return state.SkipWithError("not imported");
    }
}
BENCHMARK(master_list_import)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
