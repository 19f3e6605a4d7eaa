// One function to the chip: bytes in, bytes out. Everything else is a decorator around it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <idchip/base/bytes.hpp>

namespace idchip::transport {

class Transport {
public:
    virtual ~Transport() = default;
    // One command, one response of at least two bytes. Errors: transport.*; their chip effect says what may have happened.
    virtual Result<Bytes> transmit(ByteView command) = 0;
    // The chip forgets session and keys. Returns its answer to reset.
    virtual Result<Bytes> reset() = 0;
    virtual std::string name() const = 0;
};

// A chip that is a piece of software: what the in-process transport and the virtual reader drive.
class VirtualCard {
public:
    virtual ~VirtualCard() = default;
    virtual Bytes atr() const = 0;
    virtual void power_up() = 0;
    virtual void power_down() = 0;
    // An empty answer: the chip stays mute.
    virtual Bytes transmit(ByteView command) = 0;
};

std::unique_ptr<Transport> in_process(VirtualCard& card);

// Runs every call in a worker thread; when the deadline passes, the inner transport is given up for good, because neither
// pcscd nor a driver can be relied on to come back (SCardCancel does not stop SCardTransmit).
std::unique_ptr<Transport> with_deadline(std::unique_ptr<Transport> inner, std::chrono::milliseconds deadline);

// Opens in a thread of its own, for the same reason: connecting can block for good, too. Errors: transport.deadline, and the
// opener's own.
Result<std::unique_ptr<Transport>> open_within(std::chrono::milliseconds limit, const std::string& name,
                                               std::function<Result<std::unique_ptr<Transport>>()> open);

// One line an exchange: header, lengths, status word, time. Never the data field or the response data.
using TraceSink = std::function<void(const std::string& line)>;
std::unique_ptr<Transport> with_trace(std::unique_ptr<Transport> inner, TraceSink sink);

// Every byte, in the form of a recording: keys and personal data too. For a bench with test cards.
std::unique_ptr<Transport> with_unsafe_trace(std::unique_ptr<Transport> inner, TraceSink sink);

// --- recording and replay. A recording holds everything that went over the wire: personal data too.
struct Exchange {
    Bytes command, response;  // an empty command is a reset
};
struct Recording {
    std::vector<Exchange> exchanges;
    // Lines "> hex" and "< hex"; "#" starts a comment.
    std::string to_text() const;
    static Result<Recording> from_text(std::string_view text);
};
std::unique_ptr<Transport> with_recording(std::unique_ptr<Transport> inner, std::shared_ptr<Recording> into);
// Errors of transmit: transport.replay_mismatch at the first command that differs from the recording.
std::unique_ptr<Transport> replay(Recording recording);

// --- faults, for tests: at the n-th exchange (from 0) something goes wrong.
enum class Fault {
    torn_before,  // the card is out before it saw the command
    torn_after,   // the command was executed, the answer is lost
    torn_half,    // power fails in the middle of a write: `cut` makes the chip keep a prefix
    short_reply,  // one byte
    garbage,      // random-looking bytes
    status_word,  // `sw` instead of the answer, command not executed
    reader_gone,
};
struct FaultPlan {
    Fault fault = Fault::torn_before;
    std::size_t at = 0;
    std::uint16_t sw = 0x6F00;
    std::function<void()> cut;        // called before a torn_half exchange
    std::function<void()> power_off;  // called when the card is torn out
};
std::unique_ptr<Transport> with_fault(std::unique_ptr<Transport> inner, FaultPlan plan);

// Counts exchanges and bytes.
struct Counters {
    std::size_t commands = 0, bytes_to_chip = 0, bytes_from_chip = 0;
};
std::unique_ptr<Transport> with_counters(std::unique_ptr<Transport> inner, std::shared_ptr<Counters> counters);

}  // namespace idchip::transport
