// For protocols: an input is a row of messages, random numbers are the same in each run, and some keys that never change.
#pragma once

#include <idchip/base/random.hpp>
#include <idchip/iso7816/apdu.hpp>
#include <idchip/protocol/chip_auth/chip_auth.hpp>
#include <idchip/protocol/pace/pace.hpp>

#include "fuzz.hpp"

namespace idchip::fuzz {

// Different bytes at each call, the same in each run (xorshift), so that a recorded dialogue fits again.
class RepeatedRng final : public Rng {
public:
    void fill(std::span<Byte> out) override {
        for (auto& b : out) {
            state_ ^= state_ << 13U;
            state_ ^= state_ >> 7U;
            state_ ^= state_ << 17U;
            b = static_cast<Byte>(state_ >> 24U);
        }
    }

private:
    std::uint64_t state_ = 0x9303'2026;
};

// One message: its length in two bytes, then its bytes. The last one may be cut.
class Messages {
public:
    explicit Messages(ByteView input) : rest_(input) {}
    bool empty() const { return rest_.empty(); }
    Bytes next() {
        if (rest_.size() < 2) return take(rest_.size());
        const auto length = static_cast<std::size_t>(read_be(rest_.first(2)));
        rest_ = rest_.subspan(2);
        return take(length);
    }
    // Data and status word; a message too short for one is a bare 6F00.
    iso7816::ResponseApdu next_answer() {
        const auto message = next();
        auto response = iso7816::ResponseApdu::parse(message);
        return response ? std::move(*response) : iso7816::ResponseApdu::of(0x6F00);
    }
    static void append_message(Bytes& to, ByteView message) {
        append_be(to, message.size(), 2);
        append(to, message);
    }

private:
    Bytes take(std::size_t length) {
        const auto part = rest_.first(std::min(length, rest_.size()));
        rest_ = rest_.subspan(part.size());
        return to_bytes(part);
    }
    ByteView rest_;
};

// Ways to run PACE, small and each of its own kind.
inline std::vector<pace::Choice> pace_choices() {
    std::vector<pace::Choice> choices;
    const auto add = [&](const char* name, crypto::Domain domain, std::int64_t id) {
        choices.push_back({*pace::Suite::of(*lds::protocol_by_name(name)), std::move(domain), id});
    };
    add("id-PACE-ECDH-GM-AES-CBC-CMAC-128", crypto::Domain::ecdh(crypto::Curve::p192), 8);
    add("id-PACE-ECDH-IM-AES-CBC-CMAC-192", crypto::Domain::ecdh(crypto::Curve::bp192r1), 9);
    add("id-PACE-ECDH-CAM-AES-CBC-CMAC-256", crypto::Domain::ecdh(crypto::Curve::p192), 8);
    add("id-PACE-DH-GM-3DES-CBC-CBC", crypto::Domain::dh(crypto::DhGroup::modp1024_160), 0);
    add("id-PACE-DH-IM-3DES-CBC-CBC", crypto::Domain::dh(crypto::DhGroup::modp1024_160), 0);
    return choices;
}

inline pace::Password password() { return pace::Password::can("123456").value(); }

// A static key pair, the same in each run.
inline crypto::KeyPair static_key(const crypto::Domain& domain) {
    RepeatedRng rng;
    return crypto::KeyPair::generate(domain, rng).value();
}

// Keys of chip authentication: ECDH with AES, DH with 3DES.
inline std::vector<chip_auth::ChipKey> chip_keys() {
    std::vector<chip_auth::ChipKey> keys;
    const auto add = [&](const char* name, const crypto::Domain& domain, std::int64_t id) {
        auto pair = static_key(domain);
        keys.push_back(
            {{domain, pair.public_value}, std::move(pair.private_value), id, {*chip_auth::Suite::of(*lds::protocol_by_name(name))}});
    };
    add("id-CA-ECDH-AES-CBC-CMAC-128", crypto::Domain::ecdh(crypto::Curve::p192), 1);
    add("id-CA-DH-3DES-CBC-CBC", crypto::Domain::dh(crypto::DhGroup::modp1024_160), 2);
    return keys;
}
inline chip_auth::Choice choice_of(const chip_auth::ChipKey& key) { return {key.suites.front(), key.public_key, key.key_id, true}; }

}  // namespace idchip::fuzz
