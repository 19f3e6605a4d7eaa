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
Result<void> make_folder(const std::filesystem::path& path);

}  // namespace idchip
