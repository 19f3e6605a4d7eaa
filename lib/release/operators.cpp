#include <idchip/release/release.hpp>

#include <idchip/base/text.hpp>
#include <idchip/pki/certificate_folder.hpp>

#include "base/try.hpp"
#include "pki/common_name.hpp"

namespace idchip::release {

Result<std::string> operator_name(const pki::Certificate& certificate) {
    auto name = pki::common_name(certificate.subject);
    if (!name || name->empty() || name->size() > 64 || !is_printable(*name))
        return fail(Errc::pki_refused, certificate.subject.text(),
                    "the certificate of an operator has one common name (CN), of 1 to 64 bytes that can be printed");
    return std::move(*name);
}

Result<std::vector<pki::Certificate>> load_operators(const std::filesystem::path& folder) {
    std::vector<pki::Certificate> operators;
    for (auto& [file, certificate] : TRY(pki::read_certificate_folder(folder))) {
        if (const auto name = operator_name(certificate); !name) return fail(Error(name.error()).inside(file.string()));
        operators.push_back(std::move(certificate));
    }
    return operators;
}

}  // namespace idchip::release
