#include <idchip/crypto/key_wrap.hpp>

#include <algorithm>

#include "base/try.hpp"
#include "pki/enveloped_parts.hpp"

namespace idchip::pki {
namespace {

using namespace envelope;

constexpr std::size_t block = 16;

Failure refuse(std::string detail) { return fail(Errc::pki_refused, where, std::move(detail)); }

Result<void> check_recipient(const Certificate& c) {
    if (!c.public_key) return fail(Error(*c.key_error).inside(where));
    const auto& key = c.public_key->info();
    const bool rsa = key.type == crypto::KeyType::rsa;
    if (key.bits < (rsa ? 2048U : 256U)) return refuse(c.subject.text() + ": " + key.text() + " is too weak to encrypt to");
    if (c.key_usage && !c.allows(rsa ? KeyUsage::key_encipherment : KeyUsage::key_agreement))
        return refuse(c.subject.text() + ": the certificate lacks key usage " + (rsa ? "keyEncipherment" : "keyAgreement"));
    return {};
}

Bytes issuer_and_serial(const Certificate& c) { return der::sequence_of({c.issuer.raw, tlv::element(der::integer, c.serial)}); }

// RFC 3560, 3: hash and MGF1 stated, since their defaults are SHA-1; the label's default is the empty one.
Bytes oaep_algorithm() {
    const auto hash = der::sequence_of({der::write(crypto::oid(crypto::HashAlg::sha256)), der::write_null()});
    const auto mask = der::sequence_of({der::write(mgf1()), hash});
    return der::sequence_of({der::write(oaep()), der::sequence_of({tlv::element(der::context_constructed(0), hash),
                                                                   tlv::element(der::context_constructed(1), mask)})});
}

// RFC 5652, 6.2.1: KeyTransRecipientInfo.
Result<Bytes> transport(const Certificate& to, const Secret& content_key) {
    const auto encrypted = TRY(to.public_key->encrypt_oaep(crypto::HashAlg::sha256, content_key.view()));
    return der::sequence_of({der::write_integer(0), issuer_and_serial(to), oaep_algorithm(), der::write_octet_string(encrypted)});
}

// RFC 5652, 6.2.2 and RFC 5753, 3.1.1: KeyAgreeRecipientInfo, with a key of the sender's that lives for this one message.
Result<Bytes> agreement(const Certificate& to, const Secret& content_key, Rng& rng) {
    const auto& key = to.public_key->info();
    const auto domain = crypto::Domain::ecdh(key.curve);
    const auto ephemeral = TRY(crypto::KeyPair::generate(domain, rng));
    const auto shared = TRY(domain.agree(ephemeral.private_value.view(), key.point));
    const auto wrap = der::sequence_of({der::write(aes256_wrap())});
    const auto kek = key_encryption_key(crypto::HashAlg::sha256, shared, wrap, std::nullopt, 32);
    const auto wrapped = TRY(crypto::wrap_key(kek.view(), content_key.view()));
    const auto originator = tlv::element(der::context_constructed(1),
                                         {der::sequence_of({der::write(ec_public_key())}), der::write_bit_string(ephemeral.public_value)});
    const auto recipient = der::sequence_of({issuer_and_serial(to), der::write_octet_string(wrapped)});
    return tlv::element(der::context_constructed(1), {der::write_integer(3), tlv::element(der::context_constructed(0), originator),
                                                      der::sequence_of({der::write(ecdh_sha256()), wrap}), der::sequence_of({recipient})});
}

// RFC 5652, 6.3: as many bytes as are missing to whole blocks, each saying how many; at least one.
Bytes pad(ByteView content) {
    const auto missing = block - content.size() % block;
    Bytes padded;
    padded.reserve(content.size() + missing);
    append(padded, content);
    padded.insert(padded.end(), missing, static_cast<Byte>(missing));
    return padded;
}

Result<Bytes> encrypt(ByteView content, const Secret& content_key, Rng& rng) {
    const auto iv = rng.bytes(block);
    const auto encrypted = TRY(crypto::cbc_encrypt(crypto::Cipher::aes256, content_key.view(), iv, pad(content)));
    return der::sequence_of({der::write(oids::data()), der::sequence_of({der::write(aes256_cbc()), der::write_octet_string(iv)}),
                             tlv::element(der::context(0), encrypted)});
}

}  // namespace

Result<Bytes> seal(ByteView content, std::span<const Certificate> recipients, Rng& rng) {
    if (recipients.empty()) return refuse("nobody to encrypt to");
    const auto content_key = rng.secret(32);
    std::vector<Bytes> infos;
    bool agreed = false;
    for (const auto& to : recipients) {
        TRY(check_recipient(to));
        const bool ec = to.public_key->info().type == crypto::KeyType::ec;
        agreed = agreed || ec;
        infos.push_back(TRY(ec ? agreement(to, content_key, rng) : transport(to, content_key)));
    }
    const auto encrypted = TRY(encrypt(content, content_key, rng));
    // RFC 5652, 6.1: version 0 if all recipients are of version 0, else 2.
    const auto enveloped = der::sequence_of({der::write_integer(agreed ? 2 : 0), der::set_of(std::move(infos)), encrypted});
    return der::sequence_of({der::write(oids::enveloped_data()), tlv::element(der::context_constructed(0), enveloped)});
}

}  // namespace idchip::pki
