#include <idchip/report/csv.hpp>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace idchip::report {

struct CsvFile::Impl {
    std::filesystem::path path, temporary;
    std::FILE* file = nullptr;

    Failure failure() const {
        const int error = errno;
        return fail(error == ENOSPC ? Errc::disk_full : Errc::io_error, path.string(), std::generic_category().message(error));
    }
    bool write(std::string_view text) { return std::fwrite(text.data(), 1, text.size(), file) == text.size(); }
    ~Impl() {
        if (file == nullptr) return;
        std::fclose(file);
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
    }
};

CsvFile::CsvFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CsvFile::CsvFile(CsvFile&&) noexcept = default;
CsvFile& CsvFile::operator=(CsvFile&&) noexcept = default;
CsvFile::~CsvFile() = default;

Result<CsvFile> CsvFile::create(const std::filesystem::path& path, FileMode mode) {
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->temporary = path.string() + ".part";
    // What a killed run has left; nobody else's file is written through its name.
    ::unlink(impl->temporary.c_str());
    const int fd =
        ::open(impl->temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode == FileMode::secret ? 0600 : 0666);
    impl->file = fd < 0 ? nullptr : ::fdopen(fd, "wb");
    if (impl->file == nullptr || !impl->write("\xEF\xBB\xBF")) return impl->failure();
    return CsvFile(std::move(impl));
}

std::string csv_cell(std::string_view text) {
    std::string cell;
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) cell = "'";
    cell += text;
    if (cell.find_first_of(",;\"\r\n\t") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

Result<void> CsvFile::row(std::initializer_list<std::string_view> cells) {
    std::string line;
    for (const auto& cell : cells) {
        if (&cell != cells.begin()) line += ',';
        line += csv_cell(cell);
    }
    line += "\r\n";
    if (!impl_->write(line)) return impl_->failure();
    return {};
}

Result<void> CsvFile::finish() {
    if (std::fflush(impl_->file) != 0 || ::fsync(::fileno(impl_->file)) != 0) return impl_->failure();
    if (std::fclose(std::exchange(impl_->file, nullptr)) != 0) return impl_->failure();
    std::error_code error;
    std::filesystem::rename(impl_->temporary, impl_->path, error);
    if (error) return fail(Errc::io_error, impl_->path.string(), error.message());
    return {};
}

}  // namespace idchip::report
