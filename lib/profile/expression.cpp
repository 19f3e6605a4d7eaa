#include <idchip/profile/expression.hpp>

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include <idchip/crypto/hash.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"

namespace idchip::profile {
namespace {

constexpr std::size_t max_depth = 16;

class Parser {
public:
    Parser(std::string_view text, const Variables& variables) : text_(text), variables_(variables) {}

    Result<Value> all() {
        auto value = TRY(sequence(0));
        if (at_ != text_.size()) return error("unexpected character");
        return value;
    }

private:
    Failure error(std::string detail) const { return fail(Error(Errc::profile_bad, "expression", std::move(detail)).at(at_)); }
    void skip_space() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    static bool name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

    // Terms up to ',' or ')' or the end. A single number stays a number.
    Result<Value> sequence(std::size_t depth) {
        if (depth > max_depth) return error("nested too deep");
        Value result;
        bool first = true;
        for (skip_space(); at_ < text_.size() && peek() != ',' && peek() != ')'; skip_space()) {
            auto term = TRY(this->term(depth));
            if (!first && (term.number || result.number)) return error("a number stands only by itself, as an argument");
            if (first) result = std::move(term);
            else append(result.bytes, term.bytes);
            first = false;
        }
        return result;
    }

    Result<Value> term(std::size_t depth) {
        const std::size_t start = at_;
        while (at_ < text_.size() && name_char(text_[at_])) ++at_;
        const auto word = text_.substr(start, at_ - start);
        if (word.empty()) return error("want 0xHEX, a number, a name or a function");
        if (word.starts_with("0x")) {
            auto bytes = from_hex(word.substr(2));
            if (!bytes) return error("bad hexadecimal");
            return Value::of(ByteView(*bytes));
        }
        if (word.find_first_not_of("0123456789") == std::string_view::npos) {
            if (word.size() > 9) return error("number too large");
            return Value::of(std::stoull(std::string(word)));
        }
        skip_space();
        if (peek() == '(') return call(std::string(word), depth);
        const auto it = variables_.find(std::string(word));
        if (it == variables_.end()) return error(fmt::format("unknown name '{}'", word));
        return it->second;
    }

    Result<Value> call(const std::string& function, std::size_t depth) {
        ++at_;  // (
        std::vector<Value> arguments;
        for (;;) {
            arguments.push_back(TRY(sequence(depth + 1)));
            if (peek() == ',') {
                ++at_;
                continue;
            }
            if (peek() != ')') return error("want ')'");
            ++at_;
            return apply(function, arguments);
        }
    }

    Result<Value> apply(const std::string& f, const std::vector<Value>& a) const {
        const auto numeric = [&a](std::size_t i) { return i < a.size() && a[i].number.has_value(); };
        const auto binary = [&a](std::size_t i) { return i < a.size() && !a[i].number; };
        const bool all_binary = std::none_of(a.begin(), a.end(), [](const Value& v) { return v.number.has_value(); });
        if (f == "tlv" && all_binary && !a[0].bytes.empty() && a[0].bytes.size() <= 4) {
            Bytes contents;
            for (std::size_t i = 1; i < a.size(); ++i) append(contents, a[i].bytes);
            return Value::of(tlv::element(static_cast<std::uint32_t>(read_be(a[0].bytes)), contents));
        }
        if (f == "be" && a.size() == 2 && numeric(0) && numeric(1) && *a[1].number <= 8) {
            const auto width = static_cast<std::size_t>(*a[1].number);
            if (width < 8 && *a[0].number >> (8 * width) != 0) return error("the number does not fit the width");
            Bytes b;
            append_be(b, *a[0].number, width);
            return Value::of(ByteView(b));
        }
        if (f == "size" && a.size() == 1 && binary(0)) return Value::of(std::uint64_t{a[0].bytes.size()});
        if ((f == "right_pad" || f == "left_pad") && a.size() == 3 && binary(0) && numeric(1) && binary(2) && a[2].bytes.size() == 1 &&
            *a[1].number <= 65535) {
            Bytes b = a[0].bytes;
            const auto width = static_cast<std::size_t>(*a[1].number);
            if (b.size() < width) b.insert(f == "left_pad" ? b.begin() : b.end(), width - b.size(), a[2].bytes[0]);
            return Value::of(ByteView(b));
        }
        if (f == "first" && a.size() == 2 && binary(0) && numeric(1)) {
            if (*a[1].number > a[0].bytes.size()) return error("first() of too few bytes");
            return Value::of(ByteView(a[0].bytes).first(static_cast<std::size_t>(*a[1].number)));
        }
        if (f == "sha1" && a.size() == 1 && binary(0)) return Value::of(ByteView(crypto::hash(crypto::HashAlg::sha1, a[0].bytes)));
        if (f == "sha256" && a.size() == 1 && binary(0)) return Value::of(ByteView(crypto::hash(crypto::HashAlg::sha256, a[0].bytes)));
        return error(fmt::format("no function {} for these arguments", f));
    }

    std::string_view text_;
    const Variables& variables_;
    std::size_t at_ = 0;
};

}  // namespace

Result<Bytes> evaluate(std::string_view expression, const Variables& variables) {
    auto value = TRY(Parser(expression, variables).all());
    if (value.number) return fail(Errc::profile_bad, "expression", "a bare number has no width; use be(number, width)");
    return std::move(value.bytes);
}

}  // namespace idchip::profile
