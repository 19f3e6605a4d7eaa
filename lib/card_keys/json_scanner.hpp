// Just as much JSON as a file of keys has: objects, arrays, texts without escapes, small whole numbers, true and false. The library's
// parser copies what it reads into memory that it does not wipe; this one gives views into the text, and knows the line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <idchip/base/result.hpp>

namespace idchip::card_keys {

// Errors: input.bad_json: no JSON; cardkey.bad: another kind of value than is wanted. Both with the line.
class JsonScanner {
public:
    explicit JsonScanner(std::string_view text) : text_(text) {}

    Result<void> open(char bracket);  // { or [
    // Whether another member follows; else the bracket is closed. `first`: nothing stands before it.
    Result<bool> more(char closing, bool first);
    Result<std::string_view> member();  // a name and its colon
    Result<std::string_view> string();
    Result<unsigned> number();
    Result<bool> boolean();
    Result<void> end();

    std::uint32_t line() const { return line_; }
    std::string place() const { return "line " + std::to_string(line_); }

private:
    char next();
    Failure broken(const char* wanted) const;
    Failure wrong(const char* wanted) const;

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
};

}  // namespace idchip::card_keys
