// A finished travel document in software: files, access control, every protocol of Doc 9303-11 in the chip role. Strict: what the
// standard does not allow is refused; what it leaves open is decided against the terminal. Misbehaves only as its configuration says.
#pragma once

#include <memory>

#include <idchip/base/random.hpp>
#include <idchip/sim/emrtd_config.hpp>
#include <idchip/transport/transport.hpp>

namespace idchip::sim {

class Emrtd final : public transport::VirtualCard {
public:
    // `rng` outlives the card.
    Emrtd(EmrtdConfig config, Rng& rng);
    ~Emrtd() override;

    Bytes atr() const override;
    void power_up() override;
    void power_down() override;
    Bytes transmit(ByteView command) override;

    // What stays without power. Tests change files here, in the middle of a session too.
    EmrtdConfig& config();
    unsigned pin_tries_left() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace idchip::sim
