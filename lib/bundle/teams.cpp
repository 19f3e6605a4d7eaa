#include <idchip/bundle/bundle.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <idchip/base/file.hpp>

#include "base/try.hpp"
#include "bundle/content.hpp"
#include "pki/oids.hpp"

namespace idchip::bundle {

Result<std::string> team_name(const pki::Certificate& certificate) {
    const pki::NameAttribute* found = nullptr;
    std::size_t count = 0;
    for (const auto& attribute : certificate.subject.attributes)
        if (attribute.type == pki::oids::common_name()) {
            found = &attribute;
            ++count;
        }
    if (count != 1 || !is_team_name(found->value))
        return fail(Errc::pki_refused, certificate.subject.text(),
                    "the certificate of a team has one common name (CN), of 1 to 64 bytes, without slash and fit for the name of a file");
    return found->value;
}

Result<std::vector<pki::Certificate>> load_teams(const std::filesystem::path& folder) {
    constexpr std::array<std::string_view, 4> endings = {".cer", ".crt", ".der", ".pem"};
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        if (std::find(endings.begin(), endings.end(), it->path().extension().string()) != endings.end()) files.push_back(it->path());
    if (error) return fail(Errc::not_found, folder.string(), error.message());
    if (files.empty()) return fail(Errc::not_found, folder.string(), "no certificate of a team in it (.cer, .crt, .der, .pem)");
    std::sort(files.begin(), files.end());
    std::vector<pki::Certificate> teams;
    for (const auto& file : files) {
        auto certificate = pki::Certificate::parse_any(TRY(read_file(file, 1U << 20U)));
        if (!certificate) return fail(std::move(certificate.error()).inside(file.string()));
        if (const auto name = team_name(*certificate); !name) return fail(Error(name.error()).inside(file.string()));
        teams.push_back(std::move(*certificate));
    }
    return teams;
}

}  // namespace idchip::bundle
