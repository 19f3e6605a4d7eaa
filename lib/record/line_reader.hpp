// Lines of a file or of standard input, with a limit.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include <idchip/base/result.hpp>

namespace idchip::record {

class LineReader {
public:
    // Errors: input.not_found, io.failed.
    static Result<LineReader> open(const std::string& path);

    // Without its line end (LF or CR LF). Nothing at the end. Errors: io.failed, input.too_large.
    Result<std::optional<std::string_view>> next();
    // The first character that is not white space or a byte order mark, without consuming anything; 0 for an empty file.
    Result<char> peek();
    std::uint64_t bytes_read() const { return bytes_read_; }
    std::uint64_t total_bytes() const { return total_; }
    std::size_t line_number() const { return line_number_; }  // of the line given last; after a seek it counts from there
    std::uint64_t position() const { return position_; }      // of its first character: bytes from the beginning of the file
    // The next line is the one that begins there. Errors: io.failed (standard input).
    Result<void> seek(std::uint64_t position);

private:
    struct Close {
        void operator()(std::FILE* f) const {
            if (f != stdin) std::fclose(f);
        }
    };
    Result<bool> fill();

    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;
    std::string buffer_;
    std::size_t at_ = 0;
    std::uint64_t bytes_read_ = 0, total_ = 0, position_ = 0;
    std::size_t line_number_ = 0;
    bool ended_ = false;
};

}  // namespace idchip::record
