// A session with one chip: commands, files, and the protocols that open and authenticate it. Retries live here, above secure
// messaging, and only for plain commands.
#pragma once

#include <idchip/chip/quirks.hpp>
#include <idchip/iso7816/card_capabilities.hpp>
#include <idchip/lds/ef_atr_info.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>
#include <idchip/protocol/bac/bac.hpp>
#include <idchip/protocol/chip_auth/chip_auth.hpp>
#include <idchip/protocol/pace/pace.hpp>
#include <idchip/protocol/term_auth/term_auth.hpp>
#include <idchip/transport/transport.hpp>

namespace idchip::chip {

struct Limits {
    std::size_t largest_file = 1U << 20U;
    std::size_t max_read = 0;  // largest Le asked for; 0: as much as an answer holds. Lowered when the chip objects
};

// What the chip said about a file. Under secure messaging `sw` is authenticated; without it, it is hearsay.
struct ReadOutcome {
    std::optional<Bytes> content;
    std::uint16_t sw = 0;           // of the command that ended the reading
    bool protected_status = false;  // the status word came under secure messaging
    Bytes after_end;                // bytes read behind the outer object; what had come, where the reading ended early
};

// How long commands and answers may be: from the ATR and EF.ATR/INFO (Doc 9303-11, 9.3.1.2).
struct ApduSizes {
    bool extended_length = false;   // announced
    bool command_chaining = false;  // announced
    // Whole APDUs; only where they are stated extended length is used for more than key agreement.
    std::optional<lds::EfAtrInfo::ApduLimits> limits;
};

class Session {
public:
    // A fresh chip, its master file selected. `quirks` are known already.
    explicit Session(transport::Transport& transport, Limits limits = {}, Quirks quirks = {});

    // Through secure messaging once it is on. Plain: 61xx is followed, 6Cxx repeated with the right Le.
    // Errors: transport.*, sm.broken, chip.nonsense.
    Result<iso7816::ResponseApdu> send(const iso7816::CommandApdu& command);
    // As `send`, in chained commands where the data do not fit one. Errors: as `send`.
    Result<iso7816::ResponseApdu> send_long(const iso7816::CommandApdu& command);

    // By AID; under secure messaging the session goes on. Errors: as send, chip.no_application.
    Result<void> select_application();
    // For chips that begin elsewhere. Errors: as send, chip.refused.
    Result<void> select_master_file();
    // Forgets secure messaging; the caller has reset the chip.
    void start_over();

    // --- access. Errors: as send, bac.*, pace.*
    Result<void> basic_access_control(std::string_view mrz_information, Rng& rng);
    // In the master file. The keys that were agreed on stay known for terminal authentication.
    struct PaceResult {
        Bytes pk_map_ic;             // chip authentication mapping
        std::optional<Bytes> ca_ic;  // the same
        std::vector<std::string> certification_authority_references;
    };
    Result<PaceResult> pace(const pace::Choice& choice, const pace::Password& password, Rng& rng, bool for_terminal_authentication = false);

    // --- authentication of the chip. Errors: as send, ca.*
    // The new keys hold from the next command on; the chip is proven when that is answered.
    Result<void> chip_authentication(const chip_auth::Choice& choice, Rng& rng);
    struct ActiveAnswer {
        active_auth::Challenge challenge;
        iso7816::ResponseApdu answer;  // whatever its status word
    };
    // Each try has a challenge of its own; the first whole signature ends it. Errors: as send.
    Result<ActiveAnswer> active_authentication(const active_auth::Key& key, Rng& rng);

    // --- authentication of the terminal, once the chip's is done. Errors: as send, ta.refused.
    Result<void> terminal_authentication(term_auth::Terminal terminal);

    // --- files
    // READ BINARY by short file id until the outer object is complete, SELECT where the chip knows none. The file's DF is selected
    // before, if it is not. A refusal is an outcome, not an error.
    // Errors: as send, tlv.* (the file's first bytes are no TLV header), chip.file_too_large, chip.nonsense.
    Result<ReadOutcome> read_file(lds::Ef ef);

    void start_secure_messaging(sm::Session session);
    bool secured() const { return terminal_.has_value(); }
    // What the chip says of lengths.
    void announce(ByteView atr);
    void announce(const lds::EfAtrInfo& file);
    const ApduSizes& apdu_sizes() const { return sizes_; }
    // Bytes that one READ BINARY can bring now.
    std::size_t block_size() const;
    void use(Quirk quirk) { used_.insert(quirk); }
    const Quirks& quirks_used() const { return used_; }
    transport::Transport& transport() { return transport_; }
    // Ephemeral keys of PACE and of the newest key agreement; empty where there was none.
    const Bytes& pace_pk_ic() const { return pace_pk_ic_; }
    const Bytes& pk_ifd() const { return pk_ifd_; }

private:
    enum class ShortIds { untried, work, refused };
    using Command = iso7816::CommandApdu;
    using Response = iso7816::ResponseApdu;

    Result<Response> send_plain(const Command& command);
    Result<Response> fetch_rest(Response response);
    Result<void> ensure_df(lds::Df df);
    Result<Response> select_ef(lds::Ef ef);
    Result<Response> read_binary(std::size_t offset, std::size_t length);
    Result<Response> read_even(Byte p1, Byte p2, std::size_t length);
    Result<Response> read_binary_odd(std::size_t offset, std::size_t length);
    Result<Response> first_block(const std::function<Result<Response>(std::size_t length)>& read);
    Result<Response> open_by_short_id(lds::Ef ef);
    Result<Response> open_by_select(lds::Ef ef);
    Result<Response> open(lds::Ef ef);
    Result<Bytes> read_to_end(Bytes content);
    bool lower_block(std::uint16_t status);
    bool known(Quirk quirk) const { return used_.contains(quirk) || expected_.contains(quirk); }

    transport::Transport& transport_;
    Limits limits_;
    Quirks expected_, used_;
    ApduSizes sizes_;
    std::optional<sm::Terminal> terminal_;
    lds::Df df_ = lds::Df::master_file;
    ShortIds short_ids_ = ShortIds::untried;
    std::optional<pace::PasswordKind> pace_password_;  // that this session was opened with
    Bytes pace_pk_ic_, pk_ifd_;
    crypto::Cipher cipher_ = crypto::Cipher::tdes;  // of secure messaging
};

}  // namespace idchip::chip
