// A file that grows at its end and is cut there, and a lock that others see.
#pragma once

#include <filesystem>

#include <idchip/base/bytes.hpp>

#include "base/descriptor.hpp"

namespace idchip::bundle {

class GrowingFile {
public:
    // Precondition: the file is there. Errors: io.*.
    static Result<GrowingFile> open(const std::filesystem::path& path);

    std::uint64_t size() const { return size_; }
    // Durable when it returns. Errors: io.*; what was written of it stays, `cut` takes it away.
    Result<void> append(std::string_view text);
    // Precondition: not larger than it is. Durable.
    Result<void> cut(std::uint64_t size);
    // `size` bytes from there on. Errors: io.*.
    Result<std::string> read(std::uint64_t from, std::size_t size) const;

private:
    GrowingFile(std::filesystem::path path, Descriptor file, std::uint64_t size)
        : path_(std::move(path)), file_(std::move(file)), size_(size) {}
    Failure failure() const;

    std::filesystem::path path_;
    Descriptor file_;
    std::uint64_t size_;
};

// Held until it dies. Errors: io.failed, also when somebody else has it and `wait` is not wanted.
Result<Descriptor> lock_file(const std::filesystem::path& path, bool wait);

}  // namespace idchip::bundle
