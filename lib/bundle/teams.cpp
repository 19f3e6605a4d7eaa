#include <idchip/bundle/bundle.hpp>

#include <idchip/pki/certificate_folder.hpp>

#include "base/try.hpp"
#include "bundle/content.hpp"
#include "pki/common_name.hpp"

namespace idchip::bundle {

Result<std::string> team_name(const pki::Certificate& certificate) {
    auto name = pki::common_name(certificate.subject);
    if (!name || !is_team_name(*name))
        return fail(Errc::pki_refused, certificate.subject.text(),
                    "the certificate of a team has one common name (CN), of 1 to 64 bytes, without slash and fit for the name of a file");
    return std::move(*name);
}

Result<std::vector<pki::Certificate>> load_teams(const std::filesystem::path& folder) {
    std::vector<pki::Certificate> teams;
    for (auto& [file, certificate] : TRY(pki::read_certificate_folder(folder))) {
        if (const auto name = team_name(certificate); !name) return fail(Error(name.error()).inside(file.string()));
        teams.push_back(std::move(certificate));
    }
    return teams;
}

}  // namespace idchip::bundle
