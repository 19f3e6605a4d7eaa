#include "bundle/growing_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace idchip::bundle {
namespace {

Failure system_failure(const std::filesystem::path& path, int error) {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return fail(full ? Errc::disk_full : Errc::io_error, path.string(), std::generic_category().message(error));
}

}  // namespace

Failure GrowingFile::failure() const { return system_failure(path_, errno); }

Result<GrowingFile> GrowingFile::open(const std::filesystem::path& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC));
    struct stat status = {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return system_failure(path, errno);
    return GrowingFile(path, std::move(file), static_cast<std::uint64_t>(status.st_size));
}

Result<void> GrowingFile::append(std::string_view text) {
    while (!text.empty()) {
        const auto n = ::write(file_.get(), text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failure();
        size_ += static_cast<std::uint64_t>(n);
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(file_.get()) != 0) return failure();
    return {};
}

Result<void> GrowingFile::cut(std::uint64_t size) {
    if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0 || ::fsync(file_.get()) != 0) return failure();
    size_ = size;
    return {};
}

Result<std::string> GrowingFile::read(std::uint64_t from, std::size_t size) const {
    std::string text(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const auto n = ::pread(file_.get(), text.data() + done, size - done, static_cast<off_t>(from + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failure();
        if (n == 0) break;
        done += static_cast<std::size_t>(n);
    }
    text.resize(done);
    return text;
}

Result<Descriptor> lock_file(const std::filesystem::path& path, bool wait) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (file.get() < 0) return system_failure(path, errno);
    if (::flock(file.get(), wait ? LOCK_EX : LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? fail(Errc::io_error, path.string(), "another run has it open") : system_failure(path, errno);
    return file;
}

}  // namespace idchip::bundle
