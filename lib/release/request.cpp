#include <idchip/release/release.hpp>

#include <array>
#include <charconv>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"

namespace idchip::release {
namespace {

constexpr std::string_view first_line = "idchip release 1";
constexpr std::array<std::string_view, 6> keys = {"kind", "subject", "reason", "at", "until", "nonce"};

Failure bad(std::string_view line, std::string detail) { return fail(Errc::bad_field, std::string(line), std::move(detail)); }

// Nothing that would look like another line, or like other text, to whoever reads before signing.
Result<void> check_text(std::string_view key, const std::string& value) {
    if (value.empty() || value.size() > longest_value || !is_printable(value) || trim(value) != value)
        return bad(key, fmt::format("want one line of 1 to {} bytes, without control characters, not padded", longest_value));
    return {};
}

bool is_bytes(const std::string& hex, std::size_t size) {
    const auto bytes = from_hex(hex);
    return bytes && bytes->size() == size && to_hex(*bytes) == hex;
}

Result<void> check_values(const Request& r) {
    if (r.kind != reprint && r.kind != key_use) return bad("kind", fmt::format("want {} or {}", reprint, key_use));
    TRY(check_text("subject", r.subject));
    TRY(check_text("reason", r.reason));
    if (r.kind == key_use) TRY(KeyUse::parse(r.subject));
    if (r.until <= r.at || r.until > r.at + longest_days * seconds_per_day)
        return bad("until", fmt::format("want a time after `at`, by {} days at most", longest_days));
    if (!is_bytes(r.nonce, 16)) return bad("nonce", "want 32 digits, upper-case hexadecimal");
    return {};
}

}  // namespace

std::string Request::statement() const {
    return fmt::format("{}\nkind {}\nsubject {}\nreason {}\nat {}\nuntil {}\nnonce {}\n", first_line, kind, subject, reason, to_iso(at),
                       to_iso(until), nonce);
}

std::string Request::digest() const { return to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(statement()))); }

Result<Request> Request::parse(std::string_view statement) {
    if (statement.size() > largest_file) return fail(Errc::too_large, "statement");
    const auto lines = split(statement, '\n');
    if (lines.front() != first_line) return bad("statement", fmt::format("want \"{}\" as the first line", first_line));
    std::array<std::string, keys.size()> values;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto prefix = std::string(keys[i]) + " ";
        if (lines.size() <= i + 1 || !lines[i + 1].starts_with(prefix)) return bad(keys[i], fmt::format("want it in line {}", i + 2));
        values[i] = lines[i + 1].substr(prefix.size());
    }
    Request r;
    r.kind = values[0];
    r.subject = values[1];
    r.reason = values[2];
    r.at = TRY(parse_iso_instant(values[3]));
    r.until = TRY(parse_iso_instant(values[4]));
    r.nonce = values[5];
    TRY(check_values(r));
    // Other spellings of a time, bytes behind the last line: what is signed has one form.
    if (r.statement() != statement) return bad("statement", "not in the form that idchip writes");
    return r;
}

Result<Request> make_request(std::string_view kind, const std::string& subject, const std::string& reason, Instant at, std::int64_t days,
                             Rng& rng) {
    if (days < 1 || days > longest_days) return bad("days", fmt::format("want 1 to {}", longest_days));
    Request r;
    r.kind = kind;
    r.subject = subject;
    r.reason = reason;
    r.at = at;
    r.until = at + days * seconds_per_day;
    r.nonce = to_hex(rng.bytes(16));
    return Request::parse(r.statement());
}

std::string KeyUse::subject() const { return fmt::format("key {} up to {} signatures", certificate, most); }

Result<KeyUse> KeyUse::parse(std::string_view subject) {
    KeyUse use;
    const auto words = split(subject, ' ');
    if (words.size() == 6) {
        use.certificate = words[1];
        std::from_chars(words[4].data(), words[4].data() + words[4].size(), use.most);
    }
    if (use.most == 0 || !is_bytes(use.certificate, 32) || use.subject() != subject)
        return bad("subject", "want \"key FINGERPRINT up to N signatures\", the fingerprint in upper-case hexadecimal");
    return use;
}

}  // namespace idchip::release
