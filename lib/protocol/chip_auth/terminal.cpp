#include <idchip/protocol/chip_auth/chip_auth.hpp>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "protocol/chip_auth/messages.hpp"

namespace idchip::chip_auth {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;

Bytes key_reference(const Choice& choice) {
    if (!choice.ambiguous || !choice.key_id) return {};
    return tlv::element(do_key_id, tlv::shortest_number(static_cast<std::uint64_t>(*choice.key_id)));
}

Failure refused(const char* step, std::uint16_t status) { return fail(Error(Errc::ca_refused, step).with_sw(status)); }

}  // namespace

Terminal::Terminal(Choice choice, crypto::KeyPair ephemeral)
    : choice_(std::move(choice)),
      ephemeral_(std::move(ephemeral)),
      step_(choice_.suite.cipher == crypto::Cipher::tdes ? Step::set_kat : Step::set_at) {}

Result<Terminal> Terminal::fresh(Choice choice, Rng& rng) {
    auto ephemeral = TRY(crypto::KeyPair::generate(choice.key.domain, rng));
    return Result<Terminal>(tl::in_place, std::move(choice), std::move(ephemeral));
}

CommandApdu Terminal::first() const {
    if (step_ != Step::set_kat) return set_at();
    auto data = concat({tlv::element(do_public_key_kat, ephemeral_.public_value), key_reference(choice_)});
    return {0x00, iso7816::ins::manage_security_environment, 0x41, 0xA6, std::move(data), {}};
}

CommandApdu Terminal::set_at() const {
    auto data = concat({tlv::element(do_protocol, choice_.suite.protocol.contents()), key_reference(choice_)});
    return {0x00, iso7816::ins::manage_security_environment, 0x41, 0xA4, std::move(data), {}};
}

Result<std::optional<CommandApdu>> Terminal::next(const ResponseApdu& response) {
    switch (std::exchange(step_, Step::done)) {
        case Step::set_kat:
            if (response.ok()) {
                TRY(finish());
                return std::nullopt;
            }
            set_kat_refused_ = true;
            step_ = Step::set_at;
            return set_at();
        case Step::set_at: {
            if (!response.ok()) return refused("MSE:Set AT", response.sw);
            const auto data = tlv::element(do_dynamic_authentication_data, tlv::element(do_public_key, ephemeral_.public_value));
            step_ = Step::general_authenticate;
            CommandApdu c{0x00, iso7816::ins::general_authenticate, 0, 0, data, 256};
            if (data.size() > 255) c.le = 65'536;
            return c;
        }
        case Step::general_authenticate: {
            if (!response.ok()) return refused("GENERAL AUTHENTICATE", response.sw);
            // 6.2.4.2: 7C without contents in version 1.
            const auto answer = tlv::parse_single(response.data, tlv::Rules::ber, "GENERAL AUTHENTICATE");
            if (!answer || answer->tag != do_dynamic_authentication_data || !answer->value.empty())
                return fail(Errc::ca_bad_answer, "GENERAL AUTHENTICATE", "not an empty dynamic authentication data object");
            TRY(finish());
            return std::nullopt;
        }
        case Step::done: break;
    }
    return fail(Errc::internal, "chip authentication", "the run has ended");
}

Result<void> Terminal::finish() {
    const auto k = TRY(choice_.key.domain.agree(ephemeral_.private_value.view(), choice_.key.public_value));
    session_ = sm::start_session(sm::derive_session_keys(choice_.suite.cipher, k.view()));
    return {};
}

}  // namespace idchip::chip_auth
