#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/signer/batch.hpp>

#include "base/try.hpp"

namespace idchip::signer {
namespace {

using Json = nlohmann::ordered_json;

Failure system_failure(const std::filesystem::path& file, int code) {
    return fail(code == ENOSPC || code == EDQUOT ? Errc::disk_full : Errc::io_error, file.string(), std::strerror(code));
}

}  // namespace

Result<BatchOutput> BatchOutput::open(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) return system_failure(file, errno);
    BatchOutput output(file, fd);
    // Two runs that do not see each other would sign every document twice.
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return fail(Errc::io_error, file.string(), "another run is writing it");
    TRY(output.read_back());
    return output;
}

BatchOutput::BatchOutput(BatchOutput&& other) noexcept
    : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)), ids_(std::move(other.ids_)), lots_(std::move(other.lots_)) {}

BatchOutput::~BatchOutput() {
    if (fd_ >= 0) ::close(fd_);
}

Result<void> BatchOutput::read_back() {
    std::ifstream in(file_, std::ios::binary);
    off_t whole = 0;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        // A line without its end was being written when the run was cut off: it does not count.
        if (in.eof()) break;
        ++number;
        const auto j = Json::parse(line, nullptr, false);
        if (!j.is_object() || !j.contains("id") || !j.contains("lot") || !j["id"].is_string() || !j["lot"].is_string())
            return fail(Errc::bad_json, fmt::format("{} (line {})", file_.string(), number), "not a line of `sod sign`");
        ids_.insert(j["id"].get<std::string>());
        ++lots_[j["lot"].get<std::string>()];
        whole += static_cast<off_t>(line.size()) + 1;
    }
    if (::ftruncate(fd_, whole) != 0) return system_failure(file_, errno);
    return {};
}

std::uint64_t BatchOutput::count_of(const std::string& lot) const {
    const auto it = lots_.find(lot);
    return it == lots_.end() ? 0 : it->second;
}

Result<void> BatchOutput::append(const std::string& signer, const std::string& lot, const std::vector<Line>& lines) {
    std::string text;
    for (const auto& line : lines)
        text += Json{{"id", line.id}, {"signer", signer}, {"lot", lot}, {"sod", to_base64(line.sod)}}.dump() + "\n";
    const auto before = ::lseek(fd_, 0, SEEK_END);
    std::size_t done = 0;
    int code = 0;
    while (done < text.size() && code == 0) {
        const auto n = ::write(fd_, text.data() + done, text.size() - done);
        if (n >= 0) done += static_cast<std::size_t>(n);
        else if (errno != EINTR) code = errno;
    }
    if (code == 0 && ::fdatasync(fd_) != 0) code = errno;
    if (code != 0) {
        // All of the lot, or nothing: what stands there half would be taken for signed.
        if (::ftruncate(fd_, before) != 0 || ::fdatasync(fd_) != 0) return fail(Errc::io_error, file_.string(), "cut off, and not mended");
        return system_failure(file_, code);
    }
    for (const auto& line : lines) ids_.insert(line.id);
    lots_[lot] += lines.size();
    return {};
}

}  // namespace idchip::signer
