#include "card_keys/json_scanner.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace idchip::card_keys {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_value(char c) { return is_digit(c) || std::string_view("{[\"-tfn").find(c) != std::string_view::npos; }

}  // namespace

// The next character that is not white space, without consuming it; 0 at the end.
char JsonScanner::next() {
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '\n') ++line_;
        else if (c != ' ' && c != '\t' && c != '\r') return c;
    }
    return '\0';
}

Failure JsonScanner::broken(const char* wanted) const { return fail(Errc::bad_json, place(), std::string(wanted) + " is wanted here"); }
Failure JsonScanner::wrong(const char* wanted) const { return fail(Errc::cardkey_bad, place(), std::string(wanted) + " is wanted here"); }

Result<void> JsonScanner::open(char bracket) {
    const char c = next();
    const auto* wanted = bracket == '{' ? "an object" : "a list";
    if (c != bracket) return begins_value(c) ? wrong(wanted) : broken(wanted);
    ++at_;
    return {};
}

Result<bool> JsonScanner::more(char closing, bool first) {
    const char c = next();
    if (c == closing) {
        ++at_;
        return false;
    }
    if (first) return true;
    if (c != ',') return broken("a comma or a closing bracket");
    ++at_;
    if (next() == closing) return broken("another member");
    return true;
}

Result<std::string_view> JsonScanner::member() {
    if (next() != '"') return broken("a name in quotes");
    const auto name = TRY(string());
    if (next() != ':') return broken("a colon");
    ++at_;
    return name;
}

Result<std::string_view> JsonScanner::string() {
    const char c = next();
    if (c != '"') return begins_value(c) ? wrong("text in quotes") : broken("text in quotes");
    const auto begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
        if (text_[at_] == '\\') return wrong("text without escapes");
        if (static_cast<unsigned char>(text_[at_]) < 0x20) return broken("a closing quote");
        ++at_;
    }
    if (at_ == text_.size()) return broken("a closing quote");
    return text_.substr(begin, at_++ - begin);
}

Result<unsigned> JsonScanner::number() {
    const char c = next();
    if (!is_digit(c)) return begins_value(c) ? wrong("a whole number, not negative,") : broken("a number");
    const auto begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    const auto digits = text_.substr(begin, at_ - begin);
    if (at_ < text_.size() && std::string_view(".eE").find(text_[at_]) != std::string_view::npos) return wrong("a whole number");
    if (digits.size() > 1 && digits[0] == '0') return broken("a number without leading zeros");
    if (digits.size() > 6) return wrong("a small number");
    unsigned value = 0;
    for (const char d : digits) value = value * 10 + static_cast<unsigned>(d - '0');
    return value;
}

Result<bool> JsonScanner::boolean() {
    const char c = next();
    for (const std::string_view word : {"true", "false"})
        if (text_.substr(std::min(at_, text_.size())).starts_with(word)) {
            at_ += word.size();
            return word == "true";
        }
    return begins_value(c) && c != 't' && c != 'f' ? wrong("true or false") : broken("true or false");
}

Result<void> JsonScanner::end() {
    if (next() != '\0' || at_ < text_.size()) return broken("the end");
    return {};
}

}  // namespace idchip::card_keys
