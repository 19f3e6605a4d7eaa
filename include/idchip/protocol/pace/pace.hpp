// Password authenticated connection establishment of Doc 9303-11, 4.4: both roles. No I/O: commands go out, responses come in.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/crypto/key_agreement.hpp>
#include <idchip/lds/security_infos.hpp>
#include <idchip/protocol/sm/secure_messaging.hpp>

namespace idchip::pace {

enum class Mapping { generic, integrated, chip_authentication };

// What the object identifier of a PACEInfo stands for (9.2.3).
struct Suite {
    der::Oid protocol;
    Mapping mapping = Mapping::generic;
    bool ecdh = true;
    crypto::Cipher cipher = crypto::Cipher::aes128;

    // Nothing for an identifier that is none of PACE.
    static std::optional<Suite> of(const der::Oid& protocol);
    std::string name() const;  // "id-PACE-ECDH-GM-AES-CBC-CMAC-128"
    bool operator==(const Suite&) const = default;
};
// All that Doc 9303-11 defines.
const std::vector<Suite>& suites();
// Whether the suite's mapping is defined in this group (4.4.3.3.2: the integrated one wants p = 3 mod 4).
bool defined_on(const Suite& suite, const crypto::Domain& domain);

// By the reference that MSE:Set AT gives in DO'83' (4.4.4.1; 3 and 4: BSI TR-03110-3, B.11).
enum class PasswordKind : Byte { mrz = 1, can = 2, pin = 3, puk = 4 };
std::string_view name(PasswordKind kind);  // "MRZ"

// 9.7.3: K = f(password).
class Password {
public:
    static Password mrz(std::string_view mrz_information);  // SHA-1 of it
    // As printed or remembered. Errors: input.bad_field (empty, or characters outside ISO/IEC 8859-1).
    static Result<Password> can(std::string_view text);
    static Result<Password> pin(std::string_view text);
    static Result<Password> puk(std::string_view text);
    Password(PasswordKind kind, Secret k) : kind_(kind), k_(std::move(k)) {}

    PasswordKind kind() const { return kind_; }
    ByteView k() const { return k_.view(); }
    Password clone() const { return {kind_, k_.clone()}; }

private:
    PasswordKind kind_;
    Secret k_;
};
// K_pi = KDF(K, 3)
Secret derive_k_pi(const Password& password, crypto::Cipher cipher);

// One way to run PACE with a chip.
struct Choice {
    Suite suite;
    crypto::Domain domain;
    std::optional<std::int64_t> parameter_id;  // as the chip names it
    bool ambiguous = false;                    // several parameter sets are offered: DO'84' says which one is meant
    bool parameters_assumed = false;           // the chip states none
};
// What the chip offers and this program can do, best first: chip authentication mapping, then the stronger cipher, then the larger
// group. An offer that cannot be used is a note: pace.explicit_parameters, pace.unknown_parameters, pace.unknown_version,
// pace.parameters_assumed.
std::vector<Choice> choices(const lds::SecurityInfos& infos, Notes& notes);

// Everything random in one run. `fresh` draws what the suite needs.
struct Randoms {
    Secret nonce;          // s: the chip's
    Secret map_private;    // generic mapping
    Bytes nonce_t;         // integrated mapping: the terminal's
    Secret agree_private;  // on the mapped generator
    static Randoms fresh(const Choice& choice, Rng& rng);
};
std::size_t nonce_size(crypto::Cipher cipher);    // bytes of s
std::size_t nonce_t_size(crypto::Cipher cipher);  // bytes of t

// What both sides have at the end.
struct Established {
    sm::Session session;
    Bytes pk_ic, pk_ifd;  // ephemeral keys on the mapped generator
    // Chip authentication mapping: the mapping key that CA_IC must explain.
    Bytes pk_map_ic;
    std::optional<Bytes> ca_ic;  // terminal: nothing where the chip sent none that decrypts
    std::vector<std::string> certification_authority_references;
};

class Terminal {
public:
    Terminal(Choice choice, const Password& password, Randoms randoms);

    // PACE with the CAN has come before, in this session: a suspended PIN may be tried.
    void resume() { resumed_ = true; }
    // MSE:Set AT. With `for_terminal_authentication` the chip is asked for its certification authority references.
    iso7816::CommandApdu set_at(bool for_terminal_authentication = false) const;
    // The next command, or nothing when PACE is done; the first response is the one to MSE:Set AT.
    // Errors: pace.refused, pace.wrong_password, pace.blocked, pace.bad_answer; each names the step. The run has ended.
    Result<std::optional<iso7816::CommandApdu>> next(const iso7816::ResponseApdu& response);
    // Precondition: `next` has said that PACE is done.
    Established take() { return std::move(*established_); }
    const Choice& choice() const { return choice_; }
    // Tries that a PIN or PUK had left, as MSE:Set AT told.
    std::optional<unsigned> tries_left() const { return tries_left_; }

private:
    enum class Step { set_at, nonce, map, agree, authenticate, done };
    using Response = iso7816::ResponseApdu;
    Result<std::optional<iso7816::CommandApdu>> run(Step step, const Response& response);
    Result<void> check_set_at(const Response& response);
    Result<Bytes> mapping_data();
    Result<void> read_nonce(const Response& response);
    Result<void> read_mapping(const Response& response);
    Result<void> read_public_key(const Response& response);
    Result<void> read_token(const Response& response);

    Choice choice_;
    PasswordKind kind_;
    Secret k_pi_;
    Randoms randoms_;
    Step step_ = Step::set_at;
    Bytes pk_map_ifd_, pk_map_ic_;
    std::optional<crypto::Domain> mapped_;
    Bytes pk_ifd_, pk_ic_;
    sm::SessionKeys keys_;
    std::optional<Established> established_;
    std::optional<unsigned> tries_left_;
    bool resumed_ = false;
};

// 4.4.3.5.2: PK_map_ic = KA(CA_IC, PK_IC) proves that the chip knows the private key of pk_static.
// Errors: pace.cam_failed, crypto.bad_key.
Result<void> verify_chip_authentication(const crypto::Domain& domain, ByteView pk_static, ByteView ca_ic, ByteView pk_map_ic);

// --- chip

// What MSE:Set AT asks for.
struct SetAt {
    der::Oid protocol;
    Byte password = 0;
    std::optional<std::int64_t> parameter_id;
    bool authorization_template = false;  // DO'7F4C': wants certification authority references
};
// Unknown objects are ignored (4.4.4.1, note 2). Errors: apdu.malformed.
Result<SetAt> parse_set_at(ByteView data);

class Chip {
public:
    struct Options {
        Secret chip_authentication_key;  // chip authentication mapping: SK_IC
        std::vector<std::string> certification_authority_references;
    };
    Chip(Choice choice, const Password& password, Randoms randoms, Options options);

    // One GENERAL AUTHENTICATE; `chained` is bit 5 of its CLA. Data and status word of the answer; anything but 9000 ends the run.
    iso7816::ResponseApdu general_authenticate(ByteView data, bool chained);
    // The terminal's token was wrong: it does not know the password.
    bool wrong_password() const { return wrong_password_; }
    // Set once the run has succeeded; the answer to the last command goes out unprotected.
    std::optional<Established>& established() { return established_; }

private:
    enum class Step { nonce, map, agree, authenticate, ended };
    Result<Bytes> answer(ByteView data);
    Result<Bytes> send_nonce(ByteView data);
    Result<Bytes> map(ByteView data);
    Result<Bytes> agree(ByteView data);
    Result<Bytes> authenticate(ByteView data);

    Choice choice_;
    Secret k_pi_;
    Randoms randoms_;
    Options options_;
    Step step_ = Step::nonce;
    Bytes pk_map_ic_;
    std::optional<crypto::Domain> mapped_;
    Bytes pk_ifd_, pk_ic_;
    sm::SessionKeys keys_;
    bool wrong_password_ = false;
    std::optional<Established> established_;
};

}  // namespace idchip::pace
