#include <idchip/crypto/key_wrap.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "pki/enveloped_parts.hpp"

namespace idchip::pki {
namespace {

using namespace envelope;

constexpr std::size_t max_recipients = 16;

Failure bad(const tlv::Reader& r, std::string detail) { return r.error(Errc::pki_bad_envelope, std::move(detail)); }
// One answer for whatever goes wrong behind a key: which step it was is nobody's business.
Failure undecryptable() { return fail(Errc::pki_undecryptable, where); }

// What is needed to get at the content key, for one recipient who is us.
struct ForUs {
    bool agreed = false;
    crypto::HashAlg hash = crypto::HashAlg::sha256;
    ByteView encrypted_key;
    // Key agreement
    ByteView wrap, ephemeral;  // AlgorithmIdentifier as it stands; point
    std::size_t wrap_size = 0;
    std::optional<ByteView> user_keying_material;
};

// RecipientIdentifier, in both of its forms; [0] is an OCTET STRING, or in key agreement RecipientKeyIdentifier.
Result<bool> names(tlv::Reader& r, const Certificate& own) {
    if (const auto key_id = TRY(r.take(der::context(0)))) return own.subject_key_id && equal(key_id->value, *own.subject_key_id);
    if (const auto key_id = TRY(r.take(der::context_constructed(0)))) {
        auto inner = r.enter(*key_id);
        return own.subject_key_id && equal(TRY(der::read_octet_string(inner)), *own.subject_key_id);
    }
    auto inner = r.enter(TRY(r.expect(der::sequence)));
    const auto issuer = TRY(Name::parse(TRY(inner.expect(der::sequence)).raw));
    const auto serial = TRY(inner.expect(der::integer)).value;
    TRY(inner.expect_end());
    return issuer.matches(own.issuer) && equal(serial, own.serial);
}

Result<crypto::HashAlg> read_hash(tlv::Reader& parent) {
    auto r = parent.enter(TRY(parent.expect(der::sequence)));
    const auto hash = TRY(crypto::hash_by_oid(TRY(der::read_oid(r))));
    if (hash == crypto::HashAlg::sha1 || hash == crypto::HashAlg::sha224)
        return fail(Errc::crypto_unsupported, where, "OAEP with " + std::string(crypto::name(hash)) + "; want SHA-256 or longer");
    return hash;
}

// RFC 4055, 4.1: RSAES-OAEP-params. Both defaults are SHA-1, so both fields must stand there.
Result<crypto::HashAlg> read_oaep(tlv::Reader algorithm) {
    const auto id = TRY(der::read_oid(algorithm));
    if (!(id == oaep())) return fail(Errc::crypto_unsupported, where, "key transport " + id.dotted() + "; want RSAES-OAEP");
    auto r = algorithm.enter(TRY(algorithm.expect(der::sequence)));
    TRY(algorithm.expect_end());
    const auto stated_hash = TRY(r.take(der::context_constructed(0)));
    const auto stated_mask = TRY(r.take(der::context_constructed(1)));
    if (!stated_hash || !stated_mask) return fail(Errc::crypto_unsupported, where, "OAEP with SHA-1; want SHA-256 or longer");
    auto hash_reader = r.enter(*stated_hash), mask_reader = r.enter(*stated_mask);
    const auto hash = TRY(read_hash(hash_reader));
    auto mask = mask_reader.enter(TRY(mask_reader.expect(der::sequence)));
    const auto mask_id = TRY(der::read_oid(mask));
    if (!(mask_id == mgf1()) || TRY(read_hash(mask)) != hash)
        return fail(Errc::crypto_unsupported, where, "OAEP whose mask function is not MGF1 with the same hash");
    if (!r.at_end()) return fail(Errc::crypto_unsupported, where, "OAEP with a label");
    return hash;
}

// RFC 5652, 6.2.1.
Result<std::optional<ForUs>> read_transport(tlv::Reader r, const Certificate& own) {
    TRY(der::read_integer(r));
    if (!TRY(names(r, own))) return std::nullopt;
    ForUs us;
    us.hash = TRY(read_oaep(r.enter(TRY(r.expect(der::sequence)))));
    us.encrypted_key = TRY(der::read_octet_string(r));
    TRY(r.expect_end());
    return us;
}

// OriginatorIdentifierOrKey; only a key that was made for the message is of use. Its parameters may be absent, NULL or the curve
// (RFC 5753, 3.1.1): the curve is the recipient's in any case.
Result<ByteView> read_originator(tlv::Reader r) {
    const auto key = TRY(r.take(der::context_constructed(1)));
    if (!key) return fail(Errc::crypto_unsupported, where, "key agreement with a static key of the sender");
    auto inner = r.enter(*key);
    auto algorithm = inner.enter(TRY(inner.expect(der::sequence)));
    if (!(TRY(der::read_oid(algorithm)) == ec_public_key())) return bad(algorithm, "the sender's key is not of an elliptic curve");
    const auto point = TRY(der::read_bit_string(TRY(inner.expect(der::bit_string))));
    TRY(inner.expect_end());
    return point;
}

// RFC 5652, 6.2.2: one ephemeral key, and the content key wrapped for each of several recipients.
Result<std::optional<ForUs>> read_agreement(tlv::Reader r, const Certificate& own) {
    ForUs us;
    us.agreed = true;
    TRY(der::read_integer(r));
    const auto originator = TRY(r.expect(der::context_constructed(0)));
    if (const auto material = TRY(r.take(der::context_constructed(1)))) {
        auto inner = r.enter(*material);
        us.user_keying_material = TRY(der::read_octet_string(inner));
    }
    const auto algorithm_sequence = TRY(r.expect(der::sequence));
    auto keys = r.enter(TRY(r.expect(der::sequence)));
    TRY(r.expect_end());
    for (std::size_t number = 0; !keys.at_end(); ++number) {
        if (number == max_recipients) return bad(keys, fmt::format("more than {} recipients", max_recipients));
        auto key = keys.enter(TRY(keys.expect(der::sequence)));
        const bool ours = TRY(names(key, own));
        us.encrypted_key = TRY(der::read_octet_string(key));
        if (!ours) continue;
        auto algorithm = r.enter(algorithm_sequence);
        us.hash = TRY(agreement_hash_by_oid(TRY(der::read_oid(algorithm))));
        const auto wrap = TRY(algorithm.expect(der::sequence));
        auto wrap_reader = algorithm.enter(wrap);
        us.wrap = wrap.raw;
        us.wrap_size = TRY(wrap_size_by_oid(TRY(der::read_oid(wrap_reader))));
        us.ephemeral = TRY(read_originator(r.enter(originator)));
        return us;
    }
    return std::nullopt;
}

Result<ForUs> find_us(tlv::Reader recipients, const Certificate& own) {
    for (std::size_t number = 0; !recipients.at_end(); ++number) {
        if (number == max_recipients) return bad(recipients, fmt::format("more than {} recipients", max_recipients));
        const auto info = TRY(recipients.next());
        std::optional<ForUs> us;
        if (info.tag == der::sequence) us = TRY(read_transport(recipients.enter(info), own));
        else if (info.tag == der::context_constructed(1)) us = TRY(read_agreement(recipients.enter(info), own));
        // [2] to [4]: a key held before, a password, others; none is ours.
        if (us) return *us;
    }
    return fail(Errc::pki_not_recipient, where, own.subject.text() + " is not among the recipients");
}

Result<Secret> content_key(const ForUs& us, const crypto::PrivateKey& key) {
    const auto& info = key.public_key().info();
    if (us.agreed != (info.type == crypto::KeyType::ec))
        return fail(Errc::pki_not_recipient, where, "it was made for a key of another type");
    if (!us.agreed) return key.decrypt_oaep(us.hash, us.encrypted_key);
    const auto shared = TRY(crypto::Domain::ecdh(info.curve).agree(TRY(key.secret_number()).view(), us.ephemeral));
    const auto kek = key_encryption_key(us.hash, shared, us.wrap, us.user_keying_material, us.wrap_size);
    return crypto::unwrap_key(kek.view(), us.encrypted_key);
}

struct Encrypted {
    crypto::Cipher cipher = crypto::Cipher::aes256;
    ByteView iv, content;
};
Result<Encrypted> read_encrypted(tlv::Reader r) {
    Encrypted e;
    const auto type = TRY(der::read_oid(r));
    if (!(type == oids::data())) return bad(r, "encrypted content of type " + type.dotted() + "; want id-data");
    auto algorithm = r.enter(TRY(r.expect(der::sequence)));
    e.cipher = TRY(cipher_by_oid(TRY(der::read_oid(algorithm))));
    e.iv = TRY(der::read_octet_string(algorithm));
    TRY(algorithm.expect_end());
    e.content = TRY(r.expect(der::context(0))).value;
    TRY(r.expect_end());
    const auto block = crypto::block_size(e.cipher);
    if (e.iv.size() != block || e.content.empty() || e.content.size() % block != 0)
        return bad(r, "IV or encrypted content of the wrong length");
    return e;
}

// RFC 5652, 6.3.
bool unpad(Bytes& padded, std::size_t block) {
    const std::size_t n = padded.back();
    if (n == 0 || n > block || !std::all_of(padded.end() - static_cast<std::ptrdiff_t>(n), padded.end(), [n](Byte b) { return b == n; }))
        return false;
    padded.resize(padded.size() - n);
    return true;
}

}  // namespace

Result<Bytes> open(ByteView content_info, const Certificate& own, const crypto::PrivateKey& key) {
    tlv::Reader outer(content_info, tlv::Rules::der, where);
    auto info = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    const auto type = TRY(der::read_oid(info));
    if (!(type == oids::enveloped_data())) return bad(info, "content type " + type.dotted() + " is not EnvelopedData");
    auto wrapper = info.enter(TRY(info.expect(der::context_constructed(0))));
    TRY(info.expect_end());
    auto r = wrapper.enter(TRY(wrapper.expect(der::sequence)));
    TRY(wrapper.expect_end());
    TRY(der::read_integer(r));
    const auto recipients = TRY(r.expect(der::set));
    const auto encrypted = TRY(read_encrypted(r.enter(TRY(r.expect(der::sequence)))));
    TRY(r.expect_end());  // unprotected attributes would be a stranger's word
    const auto us = TRY(find_us(r.enter(recipients), own));
    const auto cek = content_key(us, key);
    if (!cek && cek.error().code == Errc::pki_not_recipient) return fail(cek.error());
    if (!cek || cek->size() != crypto::key_size(encrypted.cipher)) return undecryptable();
    auto content = TRY(crypto::cbc_decrypt(encrypted.cipher, cek->view(), encrypted.iv, encrypted.content));
    if (!unpad(content, crypto::block_size(encrypted.cipher))) return undecryptable();
    return content;
}

}  // namespace idchip::pki
