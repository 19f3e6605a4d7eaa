// A session with one chip. Retries live here, above secure messaging, and only for plain commands.
#pragma once

#include <idchip/lds/files.hpp>
#include <idchip/protocol/bac/bac.hpp>
#include <idchip/transport/transport.hpp>

namespace idchip::chip {

struct Limits {
    std::size_t largest_file = 32'767 + 255;  // short offsets reach no further
    std::size_t max_read = 231;               // largest Le asked for; lowered when the chip objects
};

// What the chip said about a file. Under secure messaging `sw` is authenticated; without it, it is hearsay.
struct ReadOutcome {
    std::optional<Bytes> content;
    std::uint16_t sw = 0;           // of the command that ended the reading
    bool protected_status = false;  // the status word came under secure messaging
    Bytes after_end;                // bytes read behind the outer object
};

class Session {
public:
    explicit Session(transport::Transport& transport, Limits limits = {});

    // Through secure messaging once it is on. Plain: 61xx is followed, 6Cxx repeated with the right Le.
    // Errors: transport.*, sm.broken, chip.nonsense.
    Result<iso7816::ResponseApdu> send(const iso7816::CommandApdu& command);

    // By AID, outside secure messaging. Errors: as send, chip.no_application.
    Result<void> select_application();
    // Errors: as send, bac.*.
    Result<void> basic_access_control(std::string_view mrz_information, Rng& rng);
    void start_secure_messaging(sm::Session session);
    bool secured() const { return terminal_.has_value(); }

    // SELECT by file id and READ BINARY until the outer object is complete. A refusal is an outcome, not an error.
    // Errors: as send, tlv.* (the file's first bytes are no TLV header), chip.file_too_large, chip.nonsense.
    Result<ReadOutcome> read_file(lds::Ef ef);

    transport::Transport& transport() { return transport_; }

private:
    Result<iso7816::ResponseApdu> send_plain(const iso7816::CommandApdu& command);
    Result<iso7816::ResponseApdu> read_binary(std::size_t offset, std::size_t length);
    Result<iso7816::ResponseApdu> first_block();

    transport::Transport& transport_;
    Limits limits_;
    std::optional<sm::Terminal> terminal_;
};

}  // namespace idchip::chip
