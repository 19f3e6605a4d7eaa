#include "line_show.hpp"

#include <chrono>

#include "base/try.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

constexpr std::chrono::milliseconds between_frames{250};

double steady_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// A controller has no use for each of a hundred commands.
bool is_chatter(const line::Event& e) { return e.kind == line::Event::Kind::stage && e.done != 0; }

}  // namespace

LineShow::LineShow(const LineShowOptions& options, ledger::Ledger& ledger)
    : options_(options), ledger_(ledger), board_(ledger.station(), steady_seconds()) {}

LineShow::~LineShow() { end(); }

Result<void> LineShow::begin() {
    const auto status = TRY(ledger_.status());
    const auto count = [&](const char* state) {
        const auto found = status.jobs.find(state);
        return found == status.jobs.end() ? 0 : found->second;
    };
    board_.set_queue(count("issued"), count("queued") + count("in_work"));
    if (options_.json || options_.plain) return {};
    screen_ = std::make_unique<Screen>();
    if (!screen_->shown()) {
        screen_.reset();
        return {};
    }
    painter_ = std::thread([this] {
        std::unique_lock lock(mutex_);
        do {
            const auto size = screen_->size();
            const auto lines = board_.frame(size.width, size.height, steady_seconds(), screen_->colour());
            // A terminal that somebody holds with Ctrl-S holds nobody else.
            lock.unlock();
            screen_->draw(lines);
            lock.lock();
        } while (!ended_.wait_for(lock, between_frames, [this] { return is_over_; }));
    });
    return {};
}

void LineShow::take(const line::Event& event) {
    const std::scoped_lock lock(mutex_);
    board_.take(event, steady_seconds());
    if (screen_) return;
    // Whoever has closed the pipe has seen enough; the cards go on.
    if (options_.json && !is_chatter(event)) (void)print(report::event_json(event, now()) + "\n");
    if (options_.json) return;
    if (const auto line = report::event_line(event, now()); !line.empty()) (void)print(line + "\n");
}

void LineShow::end() {
    {
        const std::scoped_lock lock(mutex_);
        is_over_ = true;
    }
    ended_.notify_all();
    if (painter_.joinable()) painter_.join();
    screen_.reset();
}

void add_line_show_options(CLI::App& verb, LineShowOptions& o) {
    auto* json = verb.add_flag("--json", o.json, "one JSON object an event, for the machine that moves the cards");
    verb.add_flag("--plain", o.plain, "lines, even on a terminal")->excludes(json);
}

}  // namespace idchip::cli
