// The intake check without portraits, one thread. `parse` is the JSON alone.
#include <benchmark/benchmark.h>

#include <filesystem>

#include <idchip/base/file.hpp>
#include <idchip/record/intake.hpp>
#include <idchip/sample/sample.hpp>

namespace {

using namespace idchip;

constexpr Date today{2026, 11, 22};
constexpr std::uint64_t persons = 2'000;

std::vector<std::string> lines() {
    std::vector<std::string> list;
    for (std::uint64_t i = 0; i < persons; ++i) list.push_back(sample::record_json(sample::make_person(1, i, today), "p.jpg"));
    return list;
}

// Everything but the file system: the records come from memory, one after the other.
class Memory final : public record::Source {
public:
    explicit Memory(const std::vector<std::string>& lines) : lines_(lines) {}
    Result<bool> next(record::RawRecord& raw) override {
        if (at_ == lines_.size()) return false;
        record::read_json(lines_[at_], raw);
        raw.line = ++at_;
        return true;
    }
    std::uint64_t bytes_read() const override { return at_; }

private:
    const std::vector<std::string>& lines_;
    std::size_t at_ = 0;
};

void record_check(benchmark::State& state) {
    const auto input = lines();
    for (auto _ : state) {
        record::IntakeOptions options;
        options.settings.today = today;
        options.portraits = false;
        record::Intake intake(options);
        Memory source(input);
        if (!intake.run(source, "memory", [](const record::Checked&) -> Result<void> { return {}; })) return state.SkipWithError("failed");
        benchmark::DoNotOptimize(intake.totals().all.records);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(persons));
}
BENCHMARK(record_check)->Unit(benchmark::kMillisecond);

void record_parse(benchmark::State& state) {
    const auto input = lines();
    record::RawRecord raw;
    for (auto _ : state)
        for (const auto& line : input) {
            record::read_json(line, raw);
            benchmark::DoNotOptimize(raw);
        }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(persons));
}
BENCHMARK(record_parse)->Unit(benchmark::kMillisecond);

}  // namespace
