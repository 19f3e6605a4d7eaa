// Secure messaging of Doc 9303-11, 9.8: both roles over one channel state. No I/O.
#pragma once

#include <idchip/crypto/cipher.hpp>
#include <idchip/iso7816/apdu.hpp>

namespace idchip::sm {

// Only ever incremented; as wide as the cipher's block.
class SendSequenceCounter {
public:
    explicit SendSequenceCounter(Bytes initial) : value_(std::move(initial)) {}
    SendSequenceCounter& operator++();
    ByteView value() const { return value_; }

private:
    Bytes value_;
};

struct SessionKeys {
    crypto::Cipher cipher = crypto::Cipher::tdes;
    Secret ks_enc, ks_mac;
};

// What a key agreement (BAC, PACE, chip authentication) hands over to secure messaging.
struct Session {
    SessionKeys keys;
    SendSequenceCounter ssc;
};

// Doc 9303-11, 9.7.4: ks_enc = KDF(k, 1), ks_mac = KDF(k, 2).
SessionKeys derive_session_keys(crypto::Cipher cipher, ByteView k);
// After PACE and chip authentication the counter begins at zero (9.8.6.3, 9.8.7.3).
Session start_session(SessionKeys&& keys);

class Terminal {
public:
    explicit Terminal(Session session) : session_(std::move(session)) {}
    // Errors: sm.broken once the session has failed; apdu.too_long.
    Result<iso7816::CommandApdu> protect(const iso7816::CommandApdu& plain);
    // The plain response out of a protected one. Requires DO'99' and DO'8E', compares DO'99' with the outer status word,
    // checks the MAC, then decrypts. Whatever fails ends the session. Errors: sm.broken (with the outer status word).
    Result<iso7816::ResponseApdu> unprotect(const iso7816::ResponseApdu& response);
    bool alive() const { return alive_; }
    // An answer held DO'85' where DO'87' belongs, or the reverse (9.8.4): authentic, and yet a departure from the standard.
    bool mixed_data_objects() const { return mixed_data_objects_; }

private:
    Session session_;
    bool alive_ = true;
    bool odd_ins_ = false;  // of the command under way
    bool mixed_data_objects_ = false;
};

class Chip {
public:
    explicit Chip(Session session) : session_(std::move(session)) {}
    // Errors: sm.broken with the status word that the chip must answer (6987 objects missing, 6988 objects incorrect).
    Result<iso7816::CommandApdu> open(const iso7816::CommandApdu& command);
    // The command's INS decides between DO'87' and DO'85'.
    Result<iso7816::ResponseApdu> seal(const iso7816::ResponseApdu& plain, Byte ins);

private:
    Session session_;
};

}  // namespace idchip::sm
