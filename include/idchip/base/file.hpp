// Whole files in and out.
#pragma once

#include <filesystem>

#include <idchip/base/bytes.hpp>

namespace idchip {

constexpr std::size_t default_file_limit = 64U << 20U;

// `path` "-" is standard input. Errors: input.not_found, input.too_large, io.failed.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit = default_file_limit);
Result<std::string> read_text(const std::filesystem::path& path, std::size_t limit = default_file_limit);

enum class FileMode { shared, secret };  // secret: readable by the owner only

// Atomic: written beside, synced, renamed; a failure leaves what was there before.
// Errors: io.disk_full, io.failed.
Result<void> write_file(const std::filesystem::path& path, ByteView content, FileMode mode = FileMode::shared);
Result<void> write_text(const std::filesystem::path& path, std::string_view text, FileMode mode = FileMode::shared);
// One line more, whole or not at all, at the end of a file that is made when missing; durable when it returns. `line` has no end of line.
// Errors: input.not_found (no folder), io.disk_full, io.failed.
Result<void> append_line(const std::filesystem::path& path, std::string_view line, FileMode mode = FileMode::shared);
Result<void> make_folder(const std::filesystem::path& path);
// Durable when it returns; of two who try, one has it. Errors: input.not_found (somebody else was faster), io.*.
Result<void> move_file(const std::filesystem::path& from, const std::filesystem::path& to);
// Overwritten where it lies, then removed. What the file system keeps elsewhere it does not reach: what matters must be encrypted as well.
// Errors: input.not_found, io.*.
Result<void> destroy_file(const std::filesystem::path& path);

}  // namespace idchip
