#include <idchip/signer/document_signer.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/signer/software.hpp>

#include "base/try.hpp"
#include "signer/same_key.hpp"

namespace idchip::signer {
namespace {

// Doc 9303-12, 7.1.1.6: one letter stands for every type that begins with it.
bool covers(const std::vector<std::string>& types, const std::string& type) {
    return std::any_of(types.begin(), types.end(),
                       [&](const std::string& t) { return t == type || (t.size() == 1 && type.starts_with(t)); });
}

// Doc 9303-12, 7.1.1.3: signers of lists say so, signers of documents say nothing.
bool serves(const pki::Certificate& c, Purpose purpose) {
    if (purpose == Purpose::documents) return c.extended_key_usage.empty();
    const auto& wanted = extended_key_usage_of(purpose);
    return std::any_of(c.extended_key_usage.begin(), c.extended_key_usage.end(), [&](const der::Oid& id) { return id == wanted; });
}

Result<std::shared_ptr<const crypto::SigningKey>> key_in_file(const std::filesystem::path& file, const pkcs11::PinSource& passphrase) {
    auto pem = TRY(read_text(file, 1U << 16U));
    Secret opened;
    if (pem.find("-----BEGIN ENCRYPTED") != std::string::npos && passphrase) opened = TRY(passphrase());
    auto key = crypto::PrivateKey::from_pem(pem, {reinterpret_cast<const char*>(opened.view().data()), opened.size()});
    wipe({reinterpret_cast<Byte*>(pem.data()), pem.size()});
    if (!key) return fail(std::move(key.error()).inside(file.string()));
    return std::make_shared<const crypto::PrivateKey>(std::move(*key));
}

Result<std::shared_ptr<const crypto::SigningKey>> key_in_token(const std::filesystem::path& file, const pki::Certificate& certificate,
                                                               const pkcs11::PinSource& pin) {
    const auto text = TRY(read_text(file, 4096));
    auto uri = pkcs11::Uri::parse(trim(text));
    if (!uri) return fail(std::move(uri.error()).inside(file.string()));
    const auto token = TRY(pkcs11::Token::open(*uri, pin));
    return token->key(*uri, certificate.public_key);
}

}  // namespace

DocumentSigner::DocumentSigner(pki::Certificate certificate, std::shared_ptr<const crypto::SigningKey> key, SigningPolicy policy,
                               std::optional<SignatureCount> count)
    : certificate_(std::move(certificate)),
      key_(std::move(key)),
      algorithm_(default_algorithm(key_->public_key().info())),
      policy_(std::move(policy)),
      count_(std::move(count)) {}

Result<std::unique_ptr<DocumentSigner>> DocumentSigner::make(pki::Certificate certificate, std::shared_ptr<const crypto::SigningKey> key,
                                                             bool in_file, SigningPolicy policy, const std::filesystem::path& count_file,
                                                             Purpose purpose) {
    const auto where = certificate.subject.text();
    const auto refuse = [&](const char* why) { return fail(Errc::signer_refused, where, why); };
    if (in_file && where.find("SPECIMEN") == std::string::npos)
        return refuse("a key in a file signs only under a certificate marked SPECIMEN");
    if (!certificate.public_key || !same_key(certificate.public_key->info(), key->public_key().info()))
        return refuse("key and certificate do not belong together");
    if (!certificate.allows(pki::KeyUsage::digital_signature)) return refuse("the certificate lacks key usage digitalSignature");
    if (!serves(certificate, purpose)) return refuse("the certificate is for another purpose");
    auto count = count_file.empty() ? std::nullopt : std::optional(SignatureCount(count_file, certificate.fingerprint()));
    return std::unique_ptr<DocumentSigner>(new DocumentSigner(std::move(certificate), std::move(key), std::move(policy), std::move(count)));
}

Result<std::unique_ptr<DocumentSigner>> DocumentSigner::load(const std::filesystem::path& folder, const SignerSecrets& secrets,
                                                             Purpose purpose) {
    const auto certificate_file = folder / "ds.cer";
    auto certificate = pki::Certificate::parse_any(TRY(read_file(certificate_file, 1U << 20U)));
    if (!certificate) return fail(std::move(certificate.error()).inside(certificate_file.string()));
    SigningPolicy policy;
    if (const auto file = folder / "policy.json"; std::filesystem::exists(file)) {
        auto parsed = parse_policy(TRY(read_text(file, 1U << 16U)));
        if (!parsed) return fail(std::move(parsed.error()).inside(file.string()));
        policy = std::move(*parsed);
    }
    const auto uri_file = folder / "key.uri";
    const bool in_file = !std::filesystem::exists(uri_file);
    auto key = in_file ? TRY(key_in_file(folder / "ds.SPECIMEN.key.pem", secrets.passphrase))
                       : TRY(key_in_token(uri_file, *certificate, secrets.pin));
    return make(std::move(*certificate), std::move(key), in_file, std::move(policy), folder / "signatures.json", purpose);
}

Result<void> DocumentSigner::may_sign(const std::string& document_type, Instant at) const {
    const auto refuse = [&](const std::string& why) { return fail(Errc::signer_refused, certificate_.subject.text(), why); };
    const auto before = [&](const std::optional<Instant>& t) { return t && at < *t; };
    const auto after = [&](const std::optional<Instant>& t) { return t && at > *t; };
    if (at < certificate_.not_before || before(certificate_.private_key_not_before) || before(policy_.from))
        return refuse("its period of signing has not begun");
    if (at > certificate_.not_after || after(certificate_.private_key_not_after) || after(policy_.until))
        return refuse("its period of signing is over");
    if (document_type.empty()) return {};
    if (!policy_.document_types.empty() && !covers(policy_.document_types, document_type))
        return refuse("the policy lacks documents of type " + document_type);
    if (certificate_.document_types && !covers(*certificate_.document_types, document_type))
        return refuse("the certificate lacks documents of type " + document_type);
    return {};
}

Result<Bytes> DocumentSigner::sign(ByteView message) {
    if (!count_) return key_->sign(algorithm_, message);
    if (prepaid_.fetch_sub(1) > 0) return key_->sign(algorithm_, message);
    prepaid_.fetch_add(1);
    const auto reservation = TRY(count_->reserve(1, policy_.most, "single"));
    auto signature = key_->sign(algorithm_, message);
    TRY(count_->settle(reservation, signature ? 1 : 0));
    return signature;
}

Result<std::unique_ptr<DocumentSigner::Lot>> DocumentSigner::open_lot(std::uint64_t count, const std::string& job) {
    SignatureCount::Reservation reservation{{}, job, count};
    if (count_) reservation = TRY(count_->reserve(count, policy_.most, job));
    return std::make_unique<Lot>(*this, std::move(reservation));
}

Result<void> DocumentSigner::settle_left_open(const std::string& job, const std::function<std::uint64_t(const std::string& lot)>& left) {
    if (!count_) return {};
    for (const auto& reservation : TRY(count_->left_open(job))) TRY(count_->settle(reservation, left(reservation.id)));
    return {};
}

Result<std::uint64_t> DocumentSigner::used() const { return count_ ? count_->used() : Result<std::uint64_t>(0); }

Result<std::optional<std::uint64_t>> DocumentSigner::left() const {
    if (policy_.most == 0) return std::nullopt;
    const auto n = TRY(used());
    return n >= policy_.most ? 0 : policy_.most - n;
}

Result<void> DocumentSigner::raise_limit(std::uint64_t most) {
    if (policy_.most == 0 || most <= policy_.most)
        return fail(Errc::signer_refused, certificate_.subject.text(),
                    policy_.most == 0 ? "its policy has no limit of signatures"
                                      : fmt::format("its policy allows {} signatures already", policy_.most));
    policy_.most = most;
    return {};
}

DocumentSigner::Lot::Lot(DocumentSigner& signer, SignatureCount::Reservation reservation)
    : signer_(signer), reservation_(std::move(reservation)) {
    signer_.prepaid_ = static_cast<std::int64_t>(reservation_.count);
}

Result<void> DocumentSigner::Lot::settle(std::uint64_t left) {
    if (std::exchange(settled_, true)) return {};
    signer_.prepaid_ = 0;
    return signer_.count_ ? signer_.count_->settle(reservation_, left) : Result<void>();
}

DocumentSigner::Lot::~Lot() {
    const auto unused = std::max<std::int64_t>(signer_.prepaid_, 0);
    // What cannot be written stays open, and counts as made.
    static_cast<void>(settle(reservation_.count - std::min(reservation_.count, static_cast<std::uint64_t>(unused))));
}

Result<DocumentSigner*> Rotation::next(const std::string& document_type, std::initializer_list<Instant> times, std::uint64_t count) {
    std::optional<Error> why;
    for (std::size_t i = 0; i < signers_.size(); ++i) {
        auto& signer = *signers_[(turn_ + i) % signers_.size()];
        Result<void> may;
        for (const auto at : times)
            if (may) may = signer.may_sign(document_type, at);
        const auto left = TRY(signer.left());
        if (may && (!left || *left >= count)) {
            turn_ = (turn_ + i + 1) % signers_.size();
            return &signer;
        }
        why = may ? Error(Errc::signer_limit, signer.certificate().subject.text(), fmt::format("{} signatures are left", *left))
                  : may.error();
    }
    return fail(why ? std::move(*why) : Error(Errc::signer_refused, {}, "no signer"));
}

}  // namespace idchip::signer
