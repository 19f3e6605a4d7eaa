// Terminal authentication version 1 of Doc 9303-11, 7.1: both roles. No I/O: commands go out, responses come in. All of it runs under the
// secure messaging that chip authentication, or PACE with chip authentication mapping, has set up.
#pragma once

#include <idchip/base/random.hpp>
#include <idchip/crypto/key_agreement.hpp>
#include <idchip/iso7816/apdu.hpp>
#include <idchip/pki/cv_chain.hpp>

namespace idchip::term_auth {

// Comp(PK): the x coordinate of a point, SHA-1 of a DH public value (7.1.4.1.3, 7.1.4.2.3). `public_value` is of the domain, as it travels.
Bytes compress(const crypto::Domain& domain, ByteView public_value);

// What the terminal's signature covers beside the challenge (7.1.2, step 4): it is good for this chip and this session only.
struct Binding {
    Bytes id_ic;   // after BAC: `id_ic_of_bac`; after PACE: Comp of the chip's ephemeral key
    Bytes pk_ifd;  // Comp of the terminal's newest ephemeral key of chip authentication or of PACE with its mapping
};
// The document number with its check digit, out of the MRZ information that BAC was run with.
Bytes id_ic_of_bac(std::string_view mrz_information);
// ID_IC || r_IC || Comp(PK_DH,IFD)
Bytes signed_input(const Binding& binding, ByteView r_ic);

constexpr std::size_t challenge_size = 8;

// --- terminal

// What an inspection system brings.
struct Credentials {
    std::vector<pki::CvCertificate> certificates;  // in any order, those that are not needed among them
    std::vector<std::string> holders;              // whose certificates belong to the key, the one that lasts longest first
    pki::CvSigner sign;

    // Errors: ta.no_chain when no terminal's certificate belongs to the key.
    static Result<Credentials> of(std::vector<pki::CvCertificate> certificates, std::shared_ptr<const crypto::SigningKey> key);
    static Result<Credentials> of(std::vector<pki::CvCertificate> certificates, crypto::PrivateKey key) {
        return of(std::move(certificates), std::make_shared<const crypto::PrivateKey>(std::move(key)));
    }
    // To one of the CVCA keys that the chip names. Errors: ta.no_chain.
    Result<std::vector<pki::CvCertificate>> chain_from(const std::vector<std::string>& references) const;
    // Before a chip is troubled: what one would say that stands at this date. Only where the self-signed certificate of the chain's CVCA is
    // among `certificates`; without it nothing can be said, and that is no error. Errors: as CvVerifier::import.
    Result<void> check(const std::vector<pki::CvCertificate>& chain, Date at) const;
};

class Terminal {
public:
    // `chain` begins below a key that the chip trusts and ends with the terminal's certificate. Precondition: it is not empty.
    Terminal(std::vector<pki::CvCertificate> chain, pki::CvSigner sign, Binding binding);

    // MSE:Set DST for the first certificate.
    iso7816::CommandApdu first() const;
    // The next command, or nothing when the chip has accepted the terminal; the first response is the one to `first()`.
    // Errors: ta.refused with status word, step and certificate; chip.nonsense; what the signer reports. The run has ended, secure
    // messaging goes on (7.1.3, note 2).
    Result<std::optional<iso7816::CommandApdu>> next(const iso7816::ResponseApdu& response);
    const std::vector<pki::CvCertificate>& chain() const { return chain_; }

private:
    enum class Step { set_dst, verify_certificate, set_at, get_challenge, external_authenticate, done };
    struct Position {
        Step step = Step::set_dst;
        std::size_t certificate = 0;  // of the first two steps
    };
    Position after(Position position) const;
    std::string name(Position position) const;
    std::string explain(Position position, std::uint16_t sw) const;
    Result<iso7816::CommandApdu> command(Position position, ByteView response_data) const;

    std::vector<pki::CvCertificate> chain_;
    pki::CvSigner sign_;
    Binding binding_;
    Position position_;
};

// --- chip

// One session. Strict: commands in their order, a challenge is good for one answer, one successful run.
class Chip {
public:
    // `trust` must outlive the chip; it changes as certificates are imported, and the caller persists it.
    explicit Chip(pki::CvTrust& trust, pki::CvPolicy policy = {}) : trust_(trust), verifier_(trust, policy) {}

    // Chip authentication, or PACE with its mapping, is done. A newer key takes the place of an older one, and ends what an older one was
    // granted (7.1.3). Precondition: neither part is empty.
    void bind(Binding binding);
    // Data and status word for a command of terminal authentication; nothing for any other command. The session layer has taken secure
    // messaging off and must not pass a plain command.
    std::optional<iso7816::ResponseApdu> process(const iso7816::CommandApdu& command, Rng& rng);
    // The key that authenticated the terminal, with its effective authorization; nothing before that.
    const pki::CvKey* terminal() const { return granted_ ? &*terminal_ : nullptr; }
    // What that terminal may read.
    pki::AccessRights rights() const { return granted_ ? terminal_->rights() : pki::AccessRights(); }

private:
    std::uint16_t set_dst(ByteView data);
    std::uint16_t verify_certificate(ByteView data);
    std::uint16_t set_at(ByteView data);
    iso7816::ResponseApdu get_challenge(const iso7816::CommandApdu& command, Rng& rng);
    std::uint16_t external_authenticate(ByteView signature);

    pki::CvTrust& trust_;
    pki::CvVerifier verifier_;
    std::optional<Binding> binding_;
    std::optional<std::string> selected_;  // by MSE:Set DST
    std::optional<pki::CvKey> terminal_;   // by MSE:Set AT
    Bytes challenge_;
    bool done_ = false, granted_ = false;
};

}  // namespace idchip::term_auth
