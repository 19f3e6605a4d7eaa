// A file that holds keys: read into memory that is wiped, in one piece, without copies.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>

#include <idchip/base/secret.hpp>

namespace idchip::card_keys {

class KeyText {
public:
    // `file` "-" is standard input. Errors: input.not_found, input.too_large, io.failed.
    static Result<KeyText> read(const std::filesystem::path& file);
    std::string_view view() const;
    // Keys in clear stand only where nobody else reads them. Errors: cardkey.bad.
    Result<void> check_private() const;

private:
    Secret bytes_;
    std::size_t size_ = 0;
    mode_t mode_ = 0;
    bool regular_ = false;
};

// The bytes behind hexadecimal text, in `out`, which is half as long. False: it is not hexadecimal.
bool decode_hex(std::string_view text, std::span<Byte> out);

// A word out of the file for an error text: only what cannot be a key.
std::string quoted(std::string_view word);

}  // namespace idchip::card_keys
