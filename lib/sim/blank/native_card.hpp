// A card with a file system of ISO/IEC 7816-4 and -9: files are created and filled under secure messaging that a mutual authentication with
// the personalization agent's key has opened; the chip makes its own key pairs. Activated, it is a travel document.
#pragma once

#include "sim/blank/blank.hpp"
#include "sim/blank/issued.hpp"

#include <idchip/protocol/bac/bac.hpp>

namespace idchip::sim {

class NativeCard final : public Blank {
public:
    NativeCard(CardOptions options, Rng& rng);

    Bytes atr() const override;
    bool locked() const override { return activated_; }
    unsigned tries_left() const override { return tries_; }

private:
    void start() override;
    void forget() override;
    Bytes answer(ByteView command) override;
    Json own_state() const override;
    Result<void> restore_own(const nlohmann::json& state) override;

    struct Volatile {
        bool in_application = false;
        Bytes rnd_ic;
        std::optional<sm::Chip> secured;
        std::optional<std::uint16_t> selected;
    };

    Result<EmrtdConfig> document_config() const;
    Response process(const Command& command);
    Response process_protected(const Command& command);
    Response plain(const Command& command);
    Response dispatch(const Command& command);
    Response select(const Command& command);
    Response get_data(const Command& command);
    Response get_challenge(const Command& command);
    Response mutual_authenticate(const Command& command);
    Response create_file(const Command& command);
    Response create_application(ByteView aid);
    Response delete_file(const Command& command);
    Response update_binary(const Command& command);
    Response read_binary(const Command& command);
    Response put_data(const Command& command);
    Response generate_key_pair(const Command& command);
    Response activate(const Command& command);
    std::uint16_t key_of(std::uint16_t fid) const;  // in the file system

    Bytes serial_;
    Issued issued_;
    unsigned tries_ = 3;
    bool has_application_ = false, activated_ = false;
    std::unique_ptr<Emrtd> document_;
    Volatile session_;
};

}  // namespace idchip::sim
