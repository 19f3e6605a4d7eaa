#include "reader_options.hpp"

#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::cli {
namespace {

std::chrono::milliseconds milliseconds(double seconds) { return std::chrono::milliseconds(std::lround(seconds * 1000)); }

Result<std::string> only_reader() {
    const auto readers = TRY(transport::list_readers());
    if (readers.empty()) return fail(Errc::no_reader, "PC/SC", "no reader is connected");
    const transport::ReaderState* with_card = nullptr;
    for (const auto& r : readers) {
        if (!r.card_present) continue;
        if (with_card != nullptr) return fail(Errc::no_reader, "PC/SC", "cards in several readers: name one with --reader");
        with_card = &r;
    }
    if (with_card != nullptr) return with_card->name;
    if (readers.size() == 1) return readers.front().name;
    return fail(Errc::no_card, "PC/SC", "no card in any reader");
}

}  // namespace

void add_reader_options(CLI::App& verb, ReaderOptions& o) {
    verb.add_option("--reader", o.reader, "PC/SC reader, its full name or the beginning of it (default: the one with a card)");
    verb.add_option("--wait", o.wait, "seconds to wait for a card")->check(CLI::Range(0.0, 86400.0))->capture_default_str();
    verb.add_option("--deadline", o.deadline, "seconds for one answer of the chip")->check(CLI::Range(0.1, 600.0))->capture_default_str();
    verb.add_flag("--trace", o.trace, "print headers, lengths and status words of all commands to standard error");
    verb.add_flag("--trace-unsafe", o.trace_unsafe,
                  "print every byte: keys and personal data, too; IDCHIP_TRACE_UNSAFE=1 must be set as well");
}

Result<std::unique_ptr<transport::Transport>> open_reader(const ReaderOptions& o) {
    const auto name = o.reader.empty() ? TRY(only_reader()) : o.reader;
    auto transport = TRY(transport::open_pcsc(name, {milliseconds(o.deadline), milliseconds(o.wait)}));
    const auto to_stderr = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
    if (o.trace_unsafe) {
        const char* allowed = std::getenv("IDCHIP_TRACE_UNSAFE");
        if (allowed == nullptr || std::string_view(allowed) != "1")
            return fail(Errc::bad_usage, "--trace-unsafe", "IDCHIP_TRACE_UNSAFE=1 is not set: this trace shows keys and personal data");
        fmt::print(stderr, "idchip: WARNING: this trace shows keys and personal data; it is for test cards\n");
        return transport::with_unsafe_trace(std::move(transport), to_stderr);
    }
    if (o.trace) return transport::with_trace(std::move(transport), to_stderr);
    return transport;
}

}  // namespace idchip::cli
