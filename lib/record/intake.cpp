#include <idchip/record/intake.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/try.hpp"
#include "record/duplicates.hpp"

namespace idchip::record {
namespace {

constexpr std::size_t batch_size = 256;

bool has(const Problems& problems, Severity severity) {
    return std::any_of(problems.begin(), problems.end(), [severity](const Problem& p) { return p.severity == severity; });
}

}  // namespace

Count& Count::operator+=(const Count& other) {
    records += other.records;
    with_errors += other.with_errors;
    with_warnings += other.with_warnings;
    return *this;
}

struct Intake::Impl {
    struct Item {
        Checked checked;
        PortraitCheck portrait;
    };

    IntakeOptions options;
    Duplicates duplicates;
    Totals totals;
    std::vector<Item> batch;
    RawRecord raw;

    Result<bool> read_batch(Source& source) {
        batch.clear();
        while (batch.size() < batch_size && TRY(source.next(raw))) {
            batch.push_back({check(raw, options.settings), {}});
            if (options.digests) batch.back().checked.digest = digest_of(raw);
        }
        return !batch.empty();
    }

    // Each thread takes the next one; what it writes is its own item.
    void check_portraits(const std::filesystem::path& folder) {
        std::atomic<std::size_t> next = 0;
        const auto work = [&] {
            for (auto i = next++; i < batch.size(); i = next++)
                if (const auto& portrait = batch[i].checked.portrait; !portrait.empty())
                    batch[i].portrait = check_portrait(folder / portrait, options.portrait_rules);
        };
        std::vector<std::jthread> helpers;  // joined when they go out of scope
        try {
            for (unsigned k = 1; k < std::min<std::size_t>(options.threads, batch.size()); ++k) helpers.emplace_back(work);
        } catch (const std::system_error&) {
            // No more threads to be had: those that started, and this one, do the work.
        }
        work();
    }

    void compare(Item& item) {
        auto& problems = item.checked.problems;
        const auto add = [&problems](Problems more) { std::move(more.begin(), more.end(), std::back_inserter(problems)); };
        add(duplicates.add(item.checked));
        add(std::move(item.portrait.problems));
        if (item.portrait.marks) add(duplicates.add_portrait(*item.portrait.marks, item.checked.line));
        if (has(problems, Severity::error)) item.checked.record.reset();
    }

    void count(const Checked& checked) {
        const bool bad = has(checked.problems, Severity::error);
        const Count one{1, bad ? 1U : 0U, !bad && !checked.problems.empty() ? 1U : 0U};
        totals.all += one;
        totals.by_unit[{checked.unit.province, checked.unit.district, checked.unit.commune}] += one;
        for (const auto& p : checked.problems) {
            ++totals.by_code[p.code];
            ++totals.by_quality[static_cast<std::size_t>(quality_of(p.code))];
        }
    }
};

Intake::Intake(IntakeOptions options) : impl_(std::make_unique<Impl>()) { impl_->options = std::move(options); }
Intake::~Intake() = default;
const Totals& Intake::totals() const { return impl_->totals; }

Result<void> Intake::run(Source& source, const std::string& file, const std::function<Result<void>(const Checked&)>& report) {
    auto& impl = *impl_;
    impl.duplicates.begin_file(file);
    const auto folder = file == "-" ? std::filesystem::path(".") : std::filesystem::path(file).parent_path();
    while (TRY(impl.read_batch(source))) {
        if (impl.options.portraits) impl.check_portraits(folder);
        for (auto& item : impl.batch) {
            impl.compare(item);
            impl.count(item.checked);
            TRY(report(item.checked));
        }
    }
    return {};
}

}  // namespace idchip::record
