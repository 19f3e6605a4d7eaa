// A fork of the JMRTD passport applet (realmfikri/e-mrtd, 2026) as a blank card: the applet's personalization dialect with a life cycle in
// two steps, PACE passwords and a chip authentication key. To terminals it is the travel document that it holds, from the first key on.
#pragma once

#include "sim/blank/blank.hpp"
#include "sim/blank/issued.hpp"

#include <idchip/iso7816/apdu.hpp>

namespace idchip::sim {

class LifecycleApplet final : public Blank {
public:
    LifecycleApplet(CardOptions options, Rng& rng);

    Bytes atr() const override;
    bool locked() const override { return life_cycle_ == LifeCycle::locked; }

private:
    void start() override;
    void forget() override;
    Bytes answer(ByteView command) override;
    Json own_state() const override;
    Result<void> restore_own(const nlohmann::json& state) override;

    enum class LifeCycle { prepersonalized, personalized, locked };

    // What is forgotten at power off.
    struct Volatile {
        bool applet_selected = false;
        bool secured = false;  // the document is under secure messaging
        std::optional<std::uint16_t> selected;
    };

    // --- the document
    Emrtd* document();
    void start_document();
    Result<EmrtdConfig> document_config(const Issued& issued, FileSystem files) const;
    Bytes to_document(const Command& command, ByteView bytes);

    // --- the issuer's commands
    bool is_for_issuer(const Command& command) const;
    Response process(const Command& command);
    Response select_applet(const Command& command);
    Response select_file(const Command& command);
    Response read_binary(const Command& command);
    Response update_binary(const Command& command);
    Response create_file(const Command& command);
    Response put_data(const Command& command);
    Response put_mrz(ByteView data);
    Response put_rsa_part(bool modulus, ByteView data);
    Response put_chip_authentication_key(ByteView data);
    Response put_pace_secrets(ByteView data);
    Response put_trust_point(Byte number, ByteView data);
    Response put_date(ByteView data);
    Response change_life_cycle(const Command& command);
    Response set_open_reading(ByteView data);
    std::uint16_t may_write() const;  // 9000, or why nothing can be written any more
    bool is_open(std::uint16_t fid) const;
    Response stored();

    Issued issued_;
    LifeCycle life_cycle_ = LifeCycle::prepersonalized;
    bool open_reading_ = false;        // of EF.COM and EF.SOD, once locked
    std::unique_ptr<Emrtd> document_;  // as of the last write; made anew when it is needed
    Volatile session_;
};

}  // namespace idchip::sim
