#include <idchip/base/file.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/try.hpp"

namespace idchip {
namespace {

Failure system_failure(const std::filesystem::path& path, int error) {
    const Errc code = error == ENOENT || error == ENOTDIR                    ? Errc::not_found
                      : error == ENOSPC || error == EDQUOT || error == EFBIG ? Errc::disk_full
                                                                             : Errc::io_error;
    return fail(code, path.string(), std::generic_category().message(error));
}

Result<void> write_all(int fd, ByteView content, const std::filesystem::path& path) {
    while (!content.empty()) {
        const auto n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return system_failure(path, errno);
        content = content.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

// Devices and pipes take bytes; to put a file in their place would do harm.
bool is_special(const std::filesystem::path& path) {
    struct stat status = {};
    return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

mode_t permissions(FileMode mode) { return mode == FileMode::secret ? 0600 : 0644; }

std::filesystem::path folder_of(const std::filesystem::path& path) { return path.has_parent_path() ? path.parent_path() : "."; }

Result<void> sync_folder(const std::filesystem::path& folder) {
    const Descriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (dir.get() < 0 || ::fsync(dir.get()) != 0) return system_failure(folder, errno);
    return {};
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit) {
    const bool from_stdin = path == "-";
    const Descriptor file(from_stdin ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return system_failure(path, errno);
    Bytes bytes;
    struct stat status = {};
    if (::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode)) {
        if (static_cast<std::size_t>(status.st_size) > limit) return fail(Errc::too_large, path.string());
        bytes.reserve(static_cast<std::size_t>(status.st_size));
    }
    std::array<Byte, 65536> block{};
    for (;;) {
        const auto n = ::read(file.get(), block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return system_failure(path, errno);
        if (n == 0) return bytes;
        append(bytes, ByteView(block).first(static_cast<std::size_t>(n)));
        if (bytes.size() > limit) return fail(Errc::too_large, path.string());
    }
}

Result<std::string> read_text(const std::filesystem::path& path, std::size_t limit) { return as_text(TRY(read_file(path, limit))); }

Result<void> write_file(const std::filesystem::path& path, ByteView content, FileMode mode) {
    if (is_special(path)) {
        const Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (device.get() < 0) return system_failure(path, errno);
        return write_all(device.get(), content, path);
    }
    auto beside = path;
    beside += ".part" + std::to_string(::getpid());
    ::unlink(beside.c_str());  // what a killed run left has permissions of its own, and could be a link
    Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions(mode)));
    if (file.get() < 0) return system_failure(path, errno);
    auto written = write_all(file.get(), content, path);
    if (written && ::fsync(file.get()) != 0) written = system_failure(path, errno);
    if (file.close() != 0 && written) written = system_failure(path, errno);
    if (written && ::rename(beside.c_str(), path.c_str()) != 0) written = system_failure(path, errno);
    if (!written) {
        ::unlink(beside.c_str());
        return written;
    }
    return sync_folder(folder_of(path));
}

Result<void> write_text(const std::filesystem::path& path, std::string_view text, FileMode mode) {
    return write_file(path, as_bytes(text), mode);
}

Result<void> append_line(const std::filesystem::path& path, std::string_view line, FileMode mode) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, permissions(mode)));
    struct stat status = {};
    // Who else appends waits, so that what a full disk has cut short can be taken back.
    if (file.get() < 0 || ::flock(file.get(), LOCK_EX) != 0 || ::fstat(file.get(), &status) != 0) return system_failure(path, errno);
    auto written = write_all(file.get(), as_bytes(std::string(line) + "\n"), path);
    if (written && ::fsync(file.get()) != 0) written = system_failure(path, errno);
    if (!written && ::ftruncate(file.get(), status.st_size) != 0) return system_failure(path, errno);
    TRY(std::move(written));
    return sync_folder(folder_of(path));
}

Result<void> move_file(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_failure(from, errno);
    TRY(sync_folder(to.parent_path()));
    return sync_folder(from.parent_path());
}

Result<void> destroy_file(const std::filesystem::path& path) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    struct stat status = {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return system_failure(path, errno);
    TRY(write_all(file.get(), Bytes(static_cast<std::size_t>(status.st_size)), path));
    if (::fsync(file.get()) != 0 || ::unlink(path.c_str()) != 0) return system_failure(path, errno);
    return sync_folder(path.parent_path());
}

Result<void> make_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return system_failure(path, error.value());
    return {};
}

}  // namespace idchip
