#include "key_files.hpp"

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/pki/certificate.hpp>

#include "base/try.hpp"

namespace idchip::cli {

Result<std::string> read_passphrase(const std::string& file) {
    if (file.empty()) return std::string();
    auto text = TRY(read_text(file, 4096));
    std::string passphrase(trim(std::string_view(text).substr(0, text.find('\n'))));
    wipe({reinterpret_cast<Byte*>(text.data()), text.size()});
    if (passphrase.empty()) return fail(Errc::bad_field, file, "the first line is to be the passphrase");
    return passphrase;
}

Result<crypto::PrivateKey> read_key(const std::string& file, const std::string& passphrase_file) {
    auto passphrase = TRY(read_passphrase(passphrase_file));
    const Secret content(TRY(read_file(file)));
    const std::string_view text(reinterpret_cast<const char*>(content.view().data()), content.size());
    const bool is_pem = text.find("-----BEGIN") != std::string_view::npos;
    auto pem = is_pem ? std::string(text) : pki::to_pem(content.view(), passphrase.empty() ? "PRIVATE KEY" : "ENCRYPTED PRIVATE KEY");
    auto key = crypto::PrivateKey::from_pem(pem, passphrase);
    wipe({reinterpret_cast<Byte*>(pem.data()), pem.size()});
    wipe({reinterpret_cast<Byte*>(passphrase.data()), passphrase.size()});
    if (!key) return fail(std::move(key.error()).inside(file));
    return key;
}

Result<pki::CvCertificate> read_cv_certificate(const std::string& file) {
    auto c = pki::CvCertificate::parse(TRY(read_file(file)));
    if (!c) return fail(std::move(c.error()).inside(file));
    return c;
}

}  // namespace idchip::cli
