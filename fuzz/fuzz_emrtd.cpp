// A finished chip before a terminal that is the input: plain commands, commands under a session's secure messaging, and honest runs of the
// protocols between them. What the chip protects never leaves it.
#include <algorithm>

#include <idchip/chip/session.hpp>
#include <idchip/sim/emrtd.hpp>
#include <idchip/tlv/writer.hpp>

#include "dialogue.hpp"

using namespace idchip;
using lds::Ef;

namespace {

constexpr auto zone = "L898902C<369080619406236";
const Bytes open_mark(12, 0xA5), closed_mark(12, 0x5A);  // in DG1: after access control; in DG3: after terminal authentication

bool holds(ByteView bytes, ByteView mark) { return std::search(bytes.begin(), bytes.end(), mark.begin(), mark.end()) != bytes.end(); }

sim::EmrtdConfig config(Byte options) {
    sim::EmrtdConfig c;
    c.files[Ef::card_access] = tlv::element(0x31, Bytes{0x30, 0x00});
    c.files[Ef::com] = tlv::element(0x60, Bytes(8));
    c.files[Ef::dg1] = tlv::element(0x61, open_mark);
    c.files[Ef::dg3] = tlv::element(0x63, closed_mark);
    c.bac = true;
    c.mrz_information = zone;
    c.can = "123456";
    c.pin = "1234";
    c.puk = "12345678";
    for (auto& choice : fuzz::pace_choices())
        c.pace.push_back({choice.suite, choice.domain, choice.parameter_id, fuzz::static_key(choice.domain).private_value.clone()});
    c.chip_authentication = fuzz::chip_keys();
    c.terminal_authentication.emplace();
    static const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p256).value();
    c.active_authentication.emplace(sim::ActiveAuthentication{key});
    c.lengths.extended = (options & 1U) != 0;
    c.lengths.command_chaining = (options & 2U) != 0;
    c.quirks.plain_select = (options & 4U) != 0;
    c.quirks.get_response = (options & 8U) != 0;
    c.quirks.pace_in_application = (options & 16U) != 0;
    return c;
}

class Terminal {
public:
    explicit Terminal(Byte options) : chip_(config(options), rng_), transport_(transport::in_process(chip_)), session_(*transport_) {}

    // The first byte of a message says what it is.
    void act(ByteView message) {
        if (message.empty()) return;
        const auto rest = message.subspan(1);
        switch (message[0] % 8) {
            case 0: plain(rest); break;
            case 1: within(rest); break;
            case 2: static_cast<void>(transport_->reset()), session_.start_over(); break;
            case 3: static_cast<void>(session_.select_application()); break;
            case 4: static_cast<void>(session_.basic_access_control(zone, rng_)); break;
            case 5: run_pace(rest.empty() ? 0 : rest[0]); break;
            case 6: run_chip_authentication(rest.empty() ? 0 : rest[0]); break;
            case 7: read(rest.empty() ? 0 : rest[0]); break;
        }
    }

private:
    void plain(ByteView command) {
        const auto answer = transport_->transmit(command);
        if (!answer) return;
        FUZZ_CHECK(answer->size() >= 2);
        FUZZ_CHECK(!holds(*answer, open_mark) && !holds(*answer, closed_mark));
    }
    void within(ByteView message) {
        const auto command = iso7816::CommandApdu::parse(message);
        if (!command || !session_.secured()) return;
        const auto answer = session_.send(*command);
        if (answer) FUZZ_CHECK(!holds(answer->data, closed_mark));
    }
    void run_pace(Byte which) {
        if (session_.secured()) return;
        static const auto choices = fuzz::pace_choices();
        auto choice = choices[which % choices.size()];
        choice.ambiguous = true;
        static_cast<void>(session_.pace(choice, fuzz::password(), rng_));
    }
    void run_chip_authentication(Byte which) {
        if (!session_.secured()) return;
        static const auto keys = fuzz::chip_keys();
        static_cast<void>(session_.chip_authentication(fuzz::choice_of(keys[which % keys.size()]), rng_));
    }
    void read(Byte which) {
        const auto ef = which % 2 == 0 ? Ef::dg1 : Ef::dg3;
        const auto file = session_.read_file(ef);
        FUZZ_CHECK(!file || !file->content || (ef == Ef::dg1 && session_.secured()));
    }

    fuzz::RepeatedRng rng_;
    sim::Emrtd chip_;
    std::unique_ptr<transport::Transport> transport_;
    chip::Session session_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    Terminal terminal(data[0]);
    fuzz::Messages messages(ByteView(data + 1, size - 1));
    for (int i = 0; i < 24 && !messages.empty(); ++i) terminal.act(messages.next());
    return 0;
}
