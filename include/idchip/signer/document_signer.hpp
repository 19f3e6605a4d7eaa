// A document signer: certificate, key, and what the key may sign. The key is a file (SPECIMEN only) or stays in a token.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include <idchip/pkcs11/token.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/signer/authority.hpp>
#include <idchip/signer/signature_count.hpp>

namespace idchip::signer {

// What the issuer wants beyond the certificate: its private key usage period and its document types bind in any case.
struct SigningPolicy {
    std::optional<Instant> from, until;
    std::uint64_t most = 0;                   // signatures; 0: no limit
    std::vector<std::string> document_types;  // as in the zone: "P", "ID"; empty: those of the certificate
};
// {"from": "2026-01-01", "until": "2026-03-31", "most": 100000, "document_types": ["ID"]}. Errors: input.bad_json, input.bad_field.
Result<SigningPolicy> parse_policy(std::string_view json);

// Asked only where there is something to open.
struct SignerSecrets {
    pkcs11::PinSource pin;         // of the token
    pkcs11::PinSource passphrase;  // of an encrypted key in a file
};

class DocumentSigner final : public pki::ContentSigner {
public:
    // A folder with ds.cer, and ds.SPECIMEN.key.pem or key.uri (one line, a PKCS#11 URI); policy.json where there is one. Signatures are
    // counted in signatures.json. Errors: as make, token.*, input.*.
    static Result<std::unique_ptr<DocumentSigner>> load(const std::filesystem::path& folder, const SignerSecrets& secrets,
                                                        Purpose purpose = Purpose::documents);
    // `in_file`: a key that is no token's signs only under a certificate marked SPECIMEN, so that a real document signer never runs from a file.
    // `count_file` empty: not counted. Errors: signer.refused (not SPECIMEN, key and certificate do not belong together, wrong key usage or
    // extended key usage).
    static Result<std::unique_ptr<DocumentSigner>> make(pki::Certificate certificate, std::shared_ptr<const crypto::SigningKey> key,
                                                        bool in_file, SigningPolicy policy, const std::filesystem::path& count_file,
                                                        Purpose purpose = Purpose::documents);

    const pki::Certificate& certificate() const override { return certificate_; }
    crypto::SignatureAlgorithm algorithm() const override { return algorithm_; }
    // Out of a lot that is open, or counted by itself. Errors: signer.limit, signer.bad_counter, io.*, token.*.
    Result<Bytes> sign(ByteView message) override;
    // Errors: signer.refused: period, type.
    Result<void> may_sign(const std::string& document_type, Instant at) const override;

    // Many signatures at once, counted together. Settled by its end, whatever that is.
    class Lot {
    public:
        Lot(DocumentSigner& signer, SignatureCount::Reservation reservation);
        ~Lot();
        Lot(const Lot&) = delete;
        Lot& operator=(const Lot&) = delete;
        const std::string& id() const { return reservation_.id; }
        // The number that left. Without it, every signature that was made counts. Errors: as SignatureCount::settle.
        Result<void> settle(std::uint64_t left);

    private:
        DocumentSigner& signer_;
        SignatureCount::Reservation reservation_;
        bool settled_ = false;
    };
    // One lot at a time. Errors: signer.limit, as SignatureCount.
    Result<std::unique_ptr<Lot>> open_lot(std::uint64_t count, const std::string& job);
    // Lots that earlier runs of this job left open; `left` knows how many documents of a lot there are. Errors: as SignatureCount.
    Result<void> settle_left_open(const std::string& job, const std::function<std::uint64_t(const std::string& lot)>& left);
    // Errors: as SignatureCount.
    Result<std::uint64_t> used() const;
    // Signatures that the policy leaves; nothing: no limit.
    Result<std::optional<std::uint64_t>> left() const;
    const SigningPolicy& policy() const { return policy_; }
    // So many signatures in place of the policy's, for this object only; periods and types bind as before. The caller has two operators'
    // release. Errors: signer.refused (the policy has no limit, or one that is not lower).
    Result<void> raise_limit(std::uint64_t most);

private:
    DocumentSigner(pki::Certificate certificate, std::shared_ptr<const crypto::SigningKey> key, SigningPolicy policy,
                   std::optional<SignatureCount> count);

    pki::Certificate certificate_;
    std::shared_ptr<const crypto::SigningKey> key_;
    crypto::SignatureAlgorithm algorithm_;
    SigningPolicy policy_;
    std::optional<SignatureCount> count_;
    std::atomic<std::int64_t> prepaid_ = 0;  // of the open lot
};

// Several signers that take turns. One that may not sign any more is passed over.
class Rotation {
public:
    explicit Rotation(std::vector<std::unique_ptr<DocumentSigner>> signers) : signers_(std::move(signers)) {}
    // The next one that may sign so many documents of this type at all these times. Errors: of the last one that may not.
    Result<DocumentSigner*> next(const std::string& document_type, std::initializer_list<Instant> times, std::uint64_t count);
    const std::vector<std::unique_ptr<DocumentSigner>>& signers() const { return signers_; }

private:
    std::vector<std::unique_ptr<DocumentSigner>> signers_;
    std::size_t turn_ = 0;
};

}  // namespace idchip::signer
