// A whole inspection without the chip's time: PACE, chip authentication, the files, active authentication, then the verdict. The terminal's
// random numbers are the same in each turn, so the chip's answers of the first turn are played back to it.
#include <benchmark/benchmark.h>

#include <idchip/cards/cards.hpp>
#include <idchip/inspect/judge.hpp>
#include <idchip/inspect/reader.hpp>
#include <idchip/mrz/mrz.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/sim/emrtd.hpp>

namespace {

using namespace idchip;

const Instant now = start_of({2026, 11, 21});

// Different numbers at each call, the same in each turn (xorshift).
class RepeatedRng final : public Rng {
public:
    void fill(std::span<Byte> out) override {
        for (auto& b : out) {
            state_ ^= state_ << 13U;
            state_ ^= state_ >> 7U;
            state_ ^= state_ << 17U;
            b = static_cast<Byte>(state_ >> 24U);
        }
    }

private:
    std::uint64_t state_ = 0x9303'2026;
};

struct Scene {
    signer::TestPki pki;
    pki::TrustStore trust;
    inspect::ReadRequest request;
    transport::Recording recording;
    inspect::Verdict verdict;
    inspect::WireCounters wire;

    // A card like a ready-made one, with a portrait of 15 kB.
    explicit Scene(const std::string& like)
        : pki(signer::make_test_pki({.ec_encoding = crypto::EcEncoding::named, .now = now}, system_rng()).value()),
          trust{{pki.csca}, {pki.crl}, {}, "bench"} {
        const auto ds = signer::make_software_signer(pki.ds, pki.ds_key).value();
        cards::LoadOptions options;
        options.signer = ds.get();
        options.now = now;
        auto card = cards::parse(R"({"schema": 1, "like": ")" + like + R"(", "document": {"portrait_bytes": 15000, "fingerprints": null},
            "terminal_authentication": null})",
                                 {}, options)
                        .value();
        std::string zone;
        for (const auto& line : card.zone) zone += line + "\n";
        request.mrz_information = mrz::mrz_information(mrz::parse_strict(zone).value()).value();
        sim::Emrtd chip(std::move(card.config), system_rng());
        const auto recorded = std::make_shared<transport::Recording>();
        inspect_once(*transport::with_recording(transport::in_process(chip), recorded));
        recording = std::move(*recorded);
    }

    void inspect_once(transport::Transport& transport) {
        RepeatedRng rng;
        const auto evidence = inspect::read_chip(transport, request, rng, now).value();
        wire = evidence.wire;
        verdict = inspect::judge(evidence, trust, now);
    }
};

void inspection(benchmark::State& state, const std::string& like) {
    Scene scene(like);
    for (auto _ : state) {
        const auto played = transport::replay(scene.recording);
        scene.inspect_once(*played);
        if (scene.verdict.overall != inspect::Overall::accept) return state.SkipWithError("the document is not accepted");
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["commands"] = static_cast<double>(scene.wire.commands);
    state.counters["bytes"] = static_cast<double>(scene.wire.bytes_to_chip + scene.wire.bytes_from_chip);
}
BENCHMARK_CAPTURE(inspection, pace_ca_aa_pa, "vn-cccd-2021")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inspection, pace_cam_pa, "pace-cam")->Unit(benchmark::kMillisecond);

// What of it is key agreement and cannot be saved: five powers of PACE with generic mapping, two of chip authentication.
void inspection_powers(benchmark::State& state) {
    const auto domain = crypto::Domain::ecdh(crypto::Curve::bp256r1);
    const auto peer = crypto::KeyPair::generate(domain, system_rng()).value();
    const auto own = domain.draw_private(system_rng());
    for (auto _ : state) {
        for (int i = 0; i < 3; ++i) benchmark::DoNotOptimize(domain.public_value(own.view()));
        for (int i = 0; i < 4; ++i) benchmark::DoNotOptimize(domain.power(peer.public_value, own.view()));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(inspection_powers)->Unit(benchmark::kMillisecond);

}  // namespace
