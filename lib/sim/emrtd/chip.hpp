// The inside of a simulated eMRTD: what it is, what it remembers, and one function for each command.
#pragma once

#include <memory>

#include <idchip/iso7816/apdu.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/protocol/bac/bac.hpp>
#include <idchip/sim/emrtd_config.hpp>

#include "sim/emrtd/misbehaviour.hpp"

namespace idchip::sim::emrtd {

using Command = iso7816::CommandApdu;
using Response = iso7816::ResponseApdu;
using lds::Df;
using lds::Ef;
namespace sw = iso7816::sw;
namespace ins = iso7816::ins;

// Secure messaging, and what was authenticated to open it. Its end forgets all of it (Doc 9303-11, 9.8.3).
struct Channel {
    enum class OpenedBy { bac, pace, chip_authentication };
    Channel(sm::Session session, OpenedBy by) : keys(std::move(session)), opened_by(by) {}

    ChannelKeys keys;
    OpenedBy opened_by;
    pace::PasswordKind password = pace::PasswordKind::mrz;  // PACE
    Bytes id_ic;                                            // ID_IC of terminal authentication (7.1.2)
    Bytes pk_ifd;  // Comp of the terminal's newest ephemeral key in a run that authenticated the chip; empty: there was none
    std::unique_ptr<term_auth::Chip> term_auth;
    bool terminal_refused = false;
    std::size_t commands = 0;  // protected ones
};

// A run of PACE.
struct PaceRun {
    pace::Chip chip;
    pace::PasswordKind password;
    pace::Mapping mapping;
    crypto::Domain domain;
    unsigned step = 1;  // of GENERAL AUTHENTICATE, that comes next
};

// Forgotten without power.
struct Volatile {
    Df df = Df::master_file;
    std::optional<Ef> ef;
    Bytes rnd_ic;  // of BAC, for one attempt; empty: none given
    std::optional<PaceRun> pace;
    std::unique_ptr<chip_auth::Chip> chip_auth;
    std::optional<Channel> channel;
    // New keys, from the answer to the present command on: that goes out under the old ones (9.8.2).
    std::optional<Channel> next_channel;
    Response rest;  // of an answer that comes in parts: what is left, and the status word at the end
    Bytes chained;  // data of a command that comes in parts
    Byte chained_ins = 0;
};

struct Persistent {
    unsigned pin_tries = 3;
};

struct Chip {
    Chip(EmrtdConfig c, Rng& r) : config(std::move(c)), rng(r) { persistent.pin_tries = config.pin_tries; }

    EmrtdConfig config;
    Rng& rng;
    Persistent persistent;
    Volatile now;
    Misbehaviour misbehaviour{config.faults};
    bool powered = false;

    void start();  // after reset
    // 9.8.3: keys and rights are gone.
    void abort_channel();
};

// --- which file a command means
std::optional<Ef> file_by_id(const Chip& chip, std::uint16_t fid);
std::optional<Ef> file_by_short_id(const Chip& chip, unsigned sfi);
// Nothing where a command reads no file, or none that there is.
std::optional<Ef> addressed_file(const Chip& chip, const Command& command);

// --- access
bool offers_access_control(const Chip& chip);
// Secure messaging is on, or the chip is open.
bool access_granted(const Chip& chip);
// 9000, or the status word that keeps the file closed.
std::uint16_t may_read(const Chip& chip, Ef ef);

// --- commands; `protect` tells whether the command came under secure messaging, `room` how many bytes of data the answer holds
Response select(Chip& chip, const Command& command);
Response read_binary(Chip& chip, const Command& command, std::size_t room);
Response read_binary_odd(Chip& chip, const Command& command, std::size_t room);
Response get_challenge(Chip& chip, const Command& command, bool protect);
Response external_authenticate(Chip& chip, const Command& command, bool protect);
Response internal_authenticate(Chip& chip, const Command& command);
Response manage_security_environment(Chip& chip, const Command& command, bool protect);
Response general_authenticate(Chip& chip, const Command& command);
Response reset_retry_counter(Chip& chip, const Command& command);
Response dispatch(Chip& chip, const Command& command, bool protect, std::size_t room);

// --- protocols
Response set_at_pace(Chip& chip, const Command& command, bool protect);
Response run_pace(Chip& chip, const Command& command);
Response set_kat(Chip& chip, const Command& command);
Response set_at_chip_authentication(Chip& chip, const Command& command);
Response run_chip_authentication(Chip& chip, const Command& command);
// Nothing for a command that is none of terminal authentication.
std::optional<Response> terminal_authentication(Chip& chip, const Command& command, bool protect);
// The channel got new keys: rights that hung on the old ones are gone (7.1.3).
void bind_terminal_authentication(Chip& chip);
bool terminal_may_read(const Chip& chip, Ef ef);

// --- lengths
// Bytes of plain data that fit a protected answer of `limit` bytes.
std::size_t largest_plain(crypto::Cipher cipher, std::size_t limit);
// Le was all zeros: as much as there is (ISO/IEC 7816-4, 5.1).
bool asks_for_all(const Command& command);

}  // namespace idchip::sim::emrtd
