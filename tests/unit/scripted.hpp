// A transport whose answers a function gives; it remembers what was sent.
#pragma once

#include "unit/unit.hpp"

#include <functional>
#include <memory>

#include <idchip/iso7816/apdu.hpp>
#include <idchip/transport/transport.hpp>

namespace idchip::test {

class Scripted final : public transport::Transport {
public:
    using Answer = std::function<Result<Bytes>(ByteView command)>;
    explicit Scripted(Answer answer) : answer_(std::move(answer)) {}

    Result<Bytes> transmit(ByteView command) override {
        sent.push_back(to_bytes(command));
        return answer_(command);
    }
    Result<Bytes> reset() override {
        ++resets;
        return Bytes{0x3B, 0x00};
    }
    std::string name() const override { return "scripted"; }

    std::vector<Bytes> sent;
    int resets = 0;

private:
    Answer answer_;
};

// Hands calls on to a transport that outlives it, so that a decorator can own this and a test can still look at the other.
class Borrowed final : public transport::Transport {
public:
    explicit Borrowed(transport::Transport& inner) : inner_(inner) {}
    Result<Bytes> transmit(ByteView command) override { return inner_.transmit(command); }
    Result<Bytes> reset() override { return inner_.reset(); }
    std::string name() const override { return inner_.name(); }

private:
    transport::Transport& inner_;
};

inline std::unique_ptr<transport::Transport> borrow(transport::Transport& inner) { return std::make_unique<Borrowed>(inner); }

}  // namespace idchip::test
