#include <idchip/signer/software.hpp>

#include <idchip/base/file.hpp>

#include "base/try.hpp"
#include "signer/same_key.hpp"

namespace idchip::signer {
namespace {

class SoftwareSigner final : public pki::ContentSigner {
public:
    SoftwareSigner(pki::Certificate certificate, crypto::PrivateKey key)
        : certificate_(std::move(certificate)), key_(std::move(key)), algorithm_(default_algorithm(key_.public_key().info())) {}
    const pki::Certificate& certificate() const override { return certificate_; }
    crypto::SignatureAlgorithm algorithm() const override { return algorithm_; }
    Result<Bytes> sign(ByteView message) override { return key_.sign(algorithm_, message); }

private:
    pki::Certificate certificate_;
    crypto::PrivateKey key_;
    crypto::SignatureAlgorithm algorithm_;
};

}  // namespace

crypto::SignatureAlgorithm default_algorithm(const crypto::PublicKeyInfo& key) {
    using crypto::HashAlg;
    if (key.type == crypto::KeyType::rsa) return {crypto::Scheme::rsa_pss, HashAlg::sha256, HashAlg::sha256, 32, false};
    const auto hash = key.bits > 384 ? HashAlg::sha512 : key.bits > 256 ? HashAlg::sha384 : HashAlg::sha256;
    return {crypto::Scheme::ecdsa, hash, hash, crypto::digest_size(hash), false};
}

Result<std::unique_ptr<pki::ContentSigner>> make_software_signer(pki::Certificate certificate, crypto::PrivateKey key) {
    const auto where = certificate.subject.text();
    if (where.find("SPECIMEN") == std::string::npos)
        return fail(Errc::signer_refused, where, "a key in a file signs only under a certificate marked SPECIMEN");
    if (!certificate.public_key || !same_key(certificate.public_key->info(), key.public_key().info()))
        return fail(Errc::signer_refused, where, "key and certificate do not belong together");
    if (!certificate.allows(pki::KeyUsage::digital_signature))
        return fail(Errc::signer_refused, where, "the certificate lacks key usage digitalSignature");
    return std::make_unique<SoftwareSigner>(std::move(certificate), std::move(key));
}

Result<std::unique_ptr<pki::ContentSigner>> load_software_signer(const std::filesystem::path& folder) {
    const auto certificate_file = folder / "ds.cer";
    const auto key_file = folder / "ds.SPECIMEN.key.pem";
    auto certificate = pki::Certificate::parse_any(TRY(read_file(certificate_file)));
    if (!certificate) return fail(std::move(certificate.error()).inside(certificate_file.string()));
    auto pem = TRY(read_text(key_file));
    auto key = crypto::PrivateKey::from_pem(pem);
    wipe({reinterpret_cast<Byte*>(pem.data()), pem.size()});
    if (!key) return fail(std::move(key.error()).inside(key_file.string()));
    return make_software_signer(std::move(*certificate), std::move(*key));
}

}  // namespace idchip::signer
