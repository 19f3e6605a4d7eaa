#include <idchip/profile/expression.hpp>

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include <idchip/crypto/cipher.hpp>
#include <idchip/crypto/hash.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"

namespace idchip::profile {
namespace {

constexpr std::size_t max_depth = 16;

Failure wrong(std::string detail) { return fail(Errc::profile_bad, {}, std::move(detail)); }

// What a function wants: b bytes, n a number, * any more bytes.
struct Function {
    std::string_view name, wants;
    Result<Bytes> (*run)(const std::vector<Value>& arguments);
};

bool fits(const Function& f, const std::vector<Value>& arguments) {
    const bool open = f.wants.ends_with('*');
    const auto fixed = f.wants.size() - (open ? 1 : 0);
    if (arguments.size() < fixed || (!open && arguments.size() > fixed)) return false;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (arguments[i].number.has_value() != (i < fixed && f.wants[i] == 'n')) return false;
    return true;
}

std::size_t number(const Value& v) { return static_cast<std::size_t>(*v.number); }

Result<Bytes> make_tlv(const std::vector<Value>& a) {
    if (a[0].bytes.empty() || a[0].bytes.size() > 4) return wrong("a tag has one to four bytes");
    Bytes contents;
    for (std::size_t i = 1; i < a.size(); ++i) append(contents, a[i].bytes);
    return tlv::element(static_cast<std::uint32_t>(read_be(a[0].bytes)), contents);
}

// EMV Card Personalization Specification 1.1, 3.2: length of one byte, or FF and two.
Result<Bytes> make_dgi(const std::vector<Value>& a) {
    if (a[0].bytes.size() != 2) return wrong("a DGI has two bytes");
    if (a[1].bytes.size() > 0xFFFF) return wrong("a DGI holds up to 65535 bytes");
    Bytes b = a[0].bytes;
    if (a[1].bytes.size() > 0xFE) b.push_back(0xFF);
    append_be(b, a[1].bytes.size(), a[1].bytes.size() > 0xFE ? 2 : 1);
    append(b, a[1].bytes);
    return b;
}

Result<Bytes> make_number(const std::vector<Value>& a) {
    const auto width = number(a[1]);
    if (width > 8) return wrong("a number has up to 8 bytes");
    if (width < 8 && *a[0].number >> (8 * width) != 0) return wrong("the number does not fit the width");
    Bytes b;
    append_be(b, *a[0].number, width);
    return b;
}

Result<Bytes> padded(const std::vector<Value>& a, bool left) {
    if (a[2].bytes.size() != 1 || *a[1].number > 65'535) return wrong("padding wants a width and one byte");
    Bytes b = a[0].bytes;
    if (b.size() < number(a[1])) b.insert(left ? b.begin() : b.end(), number(a[1]) - b.size(), a[2].bytes[0]);
    return b;
}

Result<Bytes> either(const std::vector<Value>& a) {
    if (a[0].bytes.size() != a[1].bytes.size()) return wrong("or() of different lengths");
    Bytes b = a[0].bytes;
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<Byte>(b[i] | a[1].bytes[i]);
    return b;
}

Result<Bytes> part(const std::vector<Value>& a, bool end) {
    const ByteView b = a[0].bytes;
    if (*a[1].number > b.size()) return wrong(fmt::format("{}() of too few bytes", end ? "last" : "first"));
    return to_bytes(end ? b.last(number(a[1])) : b.first(number(a[1])));
}

// Doc 9303-11, 9.7.1.
Result<Bytes> derived(crypto::Cipher cipher, const std::vector<Value>& a) {
    return to_bytes(crypto::derive_key(cipher, a[0].bytes, static_cast<std::uint32_t>(*a[1].number)).view());
}

const std::vector<Function>& functions() {
    using Arguments = const std::vector<Value>&;
    using crypto::HashAlg;
    static const std::vector<Function> table = {
        {"tlv", "b*", make_tlv},
        {"dgi", "bb", make_dgi},
        {"be", "nn", make_number},
        {"left_pad", "bnb", [](Arguments a) { return padded(a, true); }},
        {"right_pad", "bnb", [](Arguments a) { return padded(a, false); }},
        {"pad80", "bn",
         [](Arguments a) -> Result<Bytes> {
             if (*a[1].number == 0 || *a[1].number > 256) return wrong("pad80 to a block of 1 to 256 bytes");
             return crypto::pad(a[0].bytes, number(a[1]));
         }},
        {"or", "bb", either},
        {"first", "bn", [](Arguments a) { return part(a, false); }},
        {"last", "bn", [](Arguments a) { return part(a, true); }},
        {"sha1", "b", [](Arguments a) -> Result<Bytes> { return crypto::hash(HashAlg::sha1, a[0].bytes); }},
        {"sha256", "b", [](Arguments a) -> Result<Bytes> { return crypto::hash(HashAlg::sha256, a[0].bytes); }},
        {"kdf_3des", "bn", [](Arguments a) { return derived(crypto::Cipher::tdes, a); }},
        {"kdf_aes128", "bn", [](Arguments a) { return derived(crypto::Cipher::aes128, a); }},
    };
    return table;
}

class Parser {
public:
    Parser(std::string_view text, const Variables& variables, const Encrypt& encrypt)
        : text_(text), variables_(variables), encrypt_(encrypt) {}

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
        if (peek() == '(') return word == "size" ? size_of(depth) : call(std::string(word), depth);
        const auto it = variables_.find(std::string(word));
        if (it == variables_.end()) return error(fmt::format("unknown name '{}'", word));
        return it->second;
    }

    // The one function that gives a number.
    Result<Value> size_of(std::size_t depth) {
        ++at_;  // (
        const auto value = TRY(sequence(depth + 1));
        if (value.number || peek() != ')') return error("size() wants bytes");
        ++at_;
        return Value::of(std::uint64_t{value.bytes.size()});
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

    Result<Value> apply(const std::string& name, const std::vector<Value>& arguments) const {
        const auto& table = functions();
        const auto f = std::find_if(table.begin(), table.end(), [&](const Function& x) { return x.name == name && fits(x, arguments); });
        auto value = f != table.end() ? f->run(arguments)
                     : name == "dek" && fits({name, "b", nullptr}, arguments)
                         ? encrypt_(arguments[0].bytes)
                         : wrong(fmt::format("no function {} for these arguments", name));
        if (!value) return error(value.error().detail);
        return Value::of(ByteView(*value));
    }

    std::string_view text_;
    const Variables& variables_;
    const Encrypt& encrypt_;
    std::size_t at_ = 0;
};

}  // namespace

Result<Value> evaluate_value(std::string_view expression, const Variables& variables, const Encrypt& encrypt) {
    return Parser(expression, variables, encrypt).all();
}

Result<Bytes> evaluate(std::string_view expression, const Variables& variables, const Encrypt& encrypt) {
    auto value = TRY(evaluate_value(expression, variables, encrypt));
    if (value.number) return fail(Errc::profile_bad, "expression", "a bare number has no width; use be(number, width)");
    return std::move(value.bytes);
}

Result<Bytes> no_channel(ByteView) { return wrong("dek() stands only in what goes through a secure channel"); }

}  // namespace idchip::profile
