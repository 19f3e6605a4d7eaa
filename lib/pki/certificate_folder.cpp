#include <idchip/pki/certificate_folder.hpp>

#include <algorithm>
#include <array>

#include <idchip/base/file.hpp>

#include "base/try.hpp"

namespace idchip::pki {

Result<std::vector<CertificateFile>> read_certificate_folder(const std::filesystem::path& folder) {
    constexpr std::array<std::string_view, 4> endings = {".cer", ".crt", ".der", ".pem"};
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        if (std::find(endings.begin(), endings.end(), it->path().extension().string()) != endings.end()) files.push_back(it->path());
    if (error) return fail(Errc::not_found, folder.string(), error.message());
    if (files.empty()) return fail(Errc::not_found, folder.string(), "no certificate in it (.cer, .crt, .der, .pem)");
    std::sort(files.begin(), files.end());
    std::vector<CertificateFile> found;
    for (const auto& file : files) {
        auto certificate = Certificate::parse_any(TRY(read_file(file, 1U << 20U)));
        if (!certificate) return fail(std::move(certificate.error()).inside(file.string()));
        found.push_back({file, std::move(*certificate)});
    }
    return found;
}

}  // namespace idchip::pki
