// idchip sample: synthetic persons with drawn portraits.
#include <memory>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/sample/sample.hpp>

#include "base/try.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    std::uint64_t count = 3, seed = 1;
    std::string out, today;
    bool no_portraits = false;
};

constexpr std::uint64_t most_persons = 1'200'000;

Result<int> run(const Options& o) {
    const std::filesystem::path out(o.out);
    const auto records_file = out / "records.jsonl";
    if (std::filesystem::exists(records_file)) return fail(Errc::already_exists, records_file.string());
    const Date today = o.today.empty() ? date_of(now()) : TRY(parse_iso_date(o.today));
    TRY(make_folder(out / "portraits"));
    std::string records;
    {
        Progress progress("drawing", o.count);
        for (std::uint64_t i = 0; i < o.count; ++i) {
            progress.at(i);
            const auto person = sample::make_person(o.seed, i, today);
            const auto portrait = "portraits/" + person.record + ".jpg";
            if (!o.no_portraits) TRY(write_file(out / portrait, TRY(sample::draw_portrait(person, o.seed))));
            records += sample::record_json(person, portrait) + "\n";
        }
    }
    TRY(write_text(records_file, records));
    TRY(print(fmt::format("{} synthetic persons in {}\n", o.count, records_file.string())));
    return 0;
}

}  // namespace

void add_sample(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("sample", "make synthetic persons with drawn portraits (never a real person's data)");
    const auto o = std::make_shared<Options>();
    verb->add_option("--count", o->count, "how many persons")->check(CLI::Range(std::uint64_t{1}, most_persons))->capture_default_str();
    verb->add_option("--seed", o->seed, "the same seed gives the same persons")->capture_default_str();
    verb->add_option("--out", o->out, "folder for records.jsonl and portraits/")->required();
    verb->add_flag("--no-portraits", o->no_portraits, "records that name portraits, and no portraits: for long lists");
    verb->add_option("--today", o->today, "reference date YYYY-MM-DD for ages and validity (default: today)");
    verb->footer("Example:\n  idchip sample --count 3 --seed 7 --out people/");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
