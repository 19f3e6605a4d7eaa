#include "record/line_reader.hpp"

#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

#include <idchip/record/source.hpp>

#include "base/try.hpp"

namespace idchip::record {
namespace {

constexpr std::size_t chunk = 1U << 16U;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

Result<LineReader> LineReader::open(const std::string& path) {
    LineReader reader;
    reader.path_ = path;
    if (path == "-") {
        reader.file_.reset(stdin);
        return reader;
    }
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return fail(Errc::io_error, path, "it is a folder");
    reader.file_.reset(std::fopen(path.c_str(), "rb"));
    if (!reader.file_)
        return fail(errno == ENOENT ? Errc::not_found : Errc::io_error, path, std::error_code(errno, std::generic_category()).message());
    const auto size = std::filesystem::file_size(path, ignored);
    if (!ignored) reader.total_ = size;
    return reader;
}

// Moves what is left to the front and reads more behind it.
Result<bool> LineReader::fill() {
    if (ended_) return false;
    buffer_.erase(0, at_);
    at_ = 0;
    const auto old = buffer_.size();
    buffer_.resize(old + chunk);
    const auto got = std::fread(buffer_.data() + old, 1, chunk, file_.get());
    if (got < chunk && std::ferror(file_.get()) != 0) return fail(Errc::io_error, path_);
    buffer_.resize(old + got);
    if (bytes_read_ == 0 && buffer_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    bytes_read_ += got;
    ended_ = got == 0;
    return got != 0;
}

Result<std::optional<std::string_view>> LineReader::next() {
    std::size_t searched = at_;
    for (;;) {
        const auto end = buffer_.find('\n', searched);
        if (end != std::string::npos || (ended_ && at_ < buffer_.size())) {
            const auto stop = std::min(end, buffer_.size());
            std::string_view line(buffer_.data() + at_, stop - at_);
            position_ = bytes_read_ - (buffer_.size() - at_);
            at_ = end == std::string::npos ? stop : stop + 1;
            if (line.ends_with('\r')) line.remove_suffix(1);
            ++line_number_;
            return std::optional(line);
        }
        if (ended_) return std::optional<std::string_view>();
        if (buffer_.size() - at_ > Source::longest_line)
            return fail(Errc::too_large, path_, fmt::format("line {} is longer than {} bytes", line_number_ + 1, Source::longest_line));
        const auto pending = buffer_.size() - at_;
        TRY(fill());
        searched = at_ + pending;  // what was there holds no line end
    }
}

Result<void> LineReader::seek(std::uint64_t position) {
    if (path_ == "-" || ::fseeko(file_.get(), static_cast<off_t>(position), SEEK_SET) != 0)
        return fail(Errc::io_error, path_, "it cannot be read from another place");
    buffer_.clear();
    at_ = 0;
    bytes_read_ = position;
    line_number_ = 0;
    ended_ = false;
    return {};
}

Result<char> LineReader::peek() {
    if (buffer_.empty()) TRY(fill());
    const auto first = buffer_.find_first_not_of(" \t\r\n", at_);
    return first == std::string::npos ? '\0' : buffer_[first];
}

}  // namespace idchip::record
