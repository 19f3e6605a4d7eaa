// What all blank cards have: files, power that may go in the middle of an update, and a state that is kept in a file.
#pragma once

#include <optional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <idchip/iso7816/apdu.hpp>
#include <idchip/sim/card.hpp>
#include <idchip/sim/emrtd.hpp>

namespace idchip::sim {

class Blank : public Card {
public:
    void power_up() final;
    void power_down() final;
    Bytes transmit(ByteView command) final;
    void cut_power_in_next_update(std::size_t after_bytes) final { cut_after_ = after_bytes; }
    std::string state_json() const final;
    FileSystem& files() final { return files_; }

    // Errors: input.bad_json, input.bad_hex.
    Result<void> restore(std::string_view json);

protected:
    using Command = iso7816::CommandApdu;
    using Response = iso7816::ResponseApdu;
    using Json = nlohmann::ordered_json;

    Blank(CardOptions options, Rng& rng) : options_(std::move(options)), rng_(rng), files_(options_.memory) {}

    // --- what a kind of blank is
    virtual void start() = 0;   // power came: what is volatile is forgotten
    virtual void forget() = 0;  // power went
    virtual Bytes answer(ByteView command) = 0;
    virtual Json own_state() const = 0;  // all but the files
    // Errors: input.bad_hex; throws what the JSON library throws.
    virtual Result<void> restore_own(const nlohmann::json& state) = 0;

    // --- what it may use
    // Writes a part of a file that is there, less of it when power goes meanwhile; keeps the state.
    void write(std::uint16_t fid, std::size_t offset, ByteView data);
    // READ BINARY with an offset of 15 bits, of a file that is there: at most so many bytes.
    Response read(std::uint16_t fid, const Command& command, std::size_t most) const;
    void cut_power();  // if it was to go in this update
    void persist() const;
    // The travel document that the card has become. Nothing, said on standard error: it cannot be opened.
    std::unique_ptr<Emrtd> opened(Result<EmrtdConfig> config) const;

    const CardOptions options_;
    Rng& rng_;
    FileSystem files_;

private:
    bool powered_ = false;
    std::optional<std::size_t> cut_after_;
};

}  // namespace idchip::sim
