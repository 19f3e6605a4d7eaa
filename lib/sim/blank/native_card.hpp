// A card with a file system of ISO/IEC 7816-4 and -9: files are created and filled under secure messaging that a mutual authentication with
// the personalization agent's key has opened; the chip makes its own key pairs. Activated, it is a travel document.
#pragma once

#include "sim/blank/issued.hpp"

#include <idchip/protocol/bac/bac.hpp>

namespace idchip::sim {

class NativeCard final : public Card {
public:
    NativeCard(CardOptions options, Rng& rng);

    Bytes atr() const override;
    void power_up() override;
    void power_down() override;
    Bytes transmit(ByteView command) override;
    void cut_power_in_next_update(std::size_t after_bytes) override { cut_after_ = after_bytes; }
    std::string state_json() const override;
    bool locked() const override { return activated_; }
    FileSystem& files() override { return files_; }
    unsigned tries_left() const override { return tries_; }

    // Errors: input.bad_json.
    Result<void> restore(std::string_view json);

private:
    using Command = iso7816::CommandApdu;
    using Response = iso7816::ResponseApdu;

    struct Volatile {
        bool in_application = false;
        Bytes rnd_ic;
        std::optional<sm::Chip> secured;
        std::optional<std::uint16_t> selected;
    };

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
    void start_document();
    void persist() const;

    CardOptions options_;
    Rng& rng_;
    Bytes serial_;
    FileSystem files_;
    Issued issued_;
    unsigned tries_ = 3;
    bool powered_ = false, has_application_ = false, activated_ = false;
    std::unique_ptr<Emrtd> document_;
    Volatile session_;
    std::optional<std::size_t> cut_after_;
};

}  // namespace idchip::sim
