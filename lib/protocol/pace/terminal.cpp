#include <array>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include <idchip/protocol/pace/mapping.hpp>
#include "protocol/pace/messages.hpp"

namespace idchip::pace {
namespace {

using iso7816::CommandApdu;
using iso7816::ResponseApdu;
namespace sw = iso7816::sw;

constexpr std::array steps = {"MSE:Set AT",
                              "GENERAL AUTHENTICATE step 1",
                              "GENERAL AUTHENTICATE step 2",
                              "GENERAL AUTHENTICATE step 3",
                              "GENERAL AUTHENTICATE step 4",
                              "after PACE"};

// id-IS with all access bits set (4.4.4.1): one byte of role and rights, appendix K.1.
const Bytes& all_rights() {
    static const Bytes chat = [] {
        const der::Oid id_is("0.4.0.127.0.7.3.1.2.1");
        return tlv::element(0x7F4C, {der::write(id_is), tlv::element(0x53, Bytes{0x3F})});
    }();
    return chat;
}

CommandApdu general_authenticate(ByteView objects, bool last) {
    CommandApdu c{last ? Byte{0x00} : iso7816::cla_chained,
                  iso7816::ins::general_authenticate,
                  0,
                  0,
                  tlv::element(dynamic_authentication_data, objects),
                  256};
    if (c.data.size() > 255) c.le = 65'536;
    return c;
}

// The status word of a chip that does not do what was asked; the password is at stake in the last step only.
Result<void> accept(const ResponseApdu& response) {
    if (response.ok()) return {};
    return fail(Error(Errc::pace_refused).with_sw(response.sw));
}

Failure bad_answer(std::string detail) { return fail(Errc::pace_bad_answer, {}, std::move(detail)); }

bool retry_counter(std::uint16_t status) { return (status & 0xFFF0U) == 0x63C0; }

}  // namespace

Terminal::Terminal(Choice choice, const Password& password, Randoms randoms)
    : choice_(std::move(choice)),
      kind_(password.kind()),
      k_pi_(derive_k_pi(password, choice_.suite.cipher)),
      randoms_(std::move(randoms)) {}

CommandApdu Terminal::set_at(bool for_terminal_authentication) const {
    auto data = concat({tlv::element(0x80, choice_.suite.protocol.contents()), tlv::element(0x83, Bytes{static_cast<Byte>(kind_)})});
    if (choice_.ambiguous && choice_.parameter_id)
        append(data, tlv::element(0x84, tlv::shortest_number(static_cast<std::uint64_t>(*choice_.parameter_id))));
    if (for_terminal_authentication) append(data, all_rights());
    return {0x00, iso7816::ins::manage_security_environment, 0xC1, 0xA4, std::move(data), {}};
}

Result<std::optional<CommandApdu>> Terminal::next(const ResponseApdu& response) {
    const auto step = std::exchange(step_, Step::done);  // unless this step succeeds
    auto command = run(step, response);
    if (!command) return fail(std::move(command.error()).inside(steps.at(static_cast<std::size_t>(step))));
    if (*command) step_ = static_cast<Step>(static_cast<int>(step) + 1);
    return command;
}

Result<std::optional<CommandApdu>> Terminal::run(Step step, const ResponseApdu& response) {
    switch (step) {
        case Step::set_at: TRY(check_set_at(response)); return general_authenticate({}, false);
        case Step::nonce: TRY(read_nonce(response)); return general_authenticate(tlv::element(map_ifd, TRY(mapping_data())), false);
        case Step::map: TRY(read_mapping(response)); return general_authenticate(tlv::element(public_key_ifd, pk_ifd_), false);
        case Step::agree:
            TRY(read_public_key(response));
            return general_authenticate(tlv::element(token_ifd, TRY(token(choice_, keys_, pk_ic_))), true);
        case Step::authenticate: TRY(read_token(response)); return std::nullopt;
        case Step::done: break;
    }
    return fail(Errc::internal, {}, "the run has ended");
}

Result<void> Terminal::check_set_at(const Response& response) {
    // TR-03110-3, B.14.1: a PIN or PUK answers with its retry counter, which is no refusal.
    const bool counted = kind_ == PasswordKind::pin || kind_ == PasswordKind::puk;
    if (!counted || !retry_counter(response.sw)) return accept(response);
    tries_left_ = response.sw & 0x0FU;
    if (*tries_left_ == 0) return fail(Error(Errc::pace_blocked, std::string(name(kind_))).with_sw(response.sw));
    // With one try left a PIN is suspended: only after PACE with the CAN it may be tried again.
    if (*tries_left_ == 1 && kind_ == PasswordKind::pin && !resumed_) return fail(Error(Errc::pace_suspended, "PIN").with_sw(response.sw));
    return {};
}

Result<void> Terminal::read_nonce(const Response& response) {
    TRY(accept(response));
    const auto z = read_only_object(response.data, encrypted_nonce);
    if (!z) return bad_answer(z.error().message());
    const auto block = crypto::block_size(choice_.suite.cipher);
    if (!*z || (*z)->empty() || (*z)->size() % block != 0 || (*z)->size() > 64) return bad_answer("nonce is missing or not whole blocks");
    if (choice_.suite.mapping == Mapping::integrated && (*z)->size() != nonce_size(choice_.suite.cipher))
        return bad_answer("nonce of the wrong length");
    randoms_.nonce = Secret(TRY(crypto::cbc_decrypt(choice_.suite.cipher, k_pi_.view(), Bytes(block), **z)));
    return {};
}

Result<Bytes> Terminal::mapping_data() {
    if (choice_.suite.mapping == Mapping::integrated) return randoms_.nonce_t;
    pk_map_ifd_ = TRY(choice_.domain.public_value(randoms_.map_private.view()));
    return pk_map_ifd_;
}

Result<void> Terminal::read_mapping(const Response& response) {
    TRY(accept(response));
    const auto data = read_only_object(response.data, map_ic);
    if (!data) return bad_answer(data.error().message());
    if (choice_.suite.mapping == Mapping::integrated) {
        if (*data && !(*data)->empty()) return bad_answer("mapping data where none belongs");
        auto mapped = map_integrated(choice_.domain, choice_.suite.cipher, randoms_.nonce.view(), randoms_.nonce_t);
        if (!mapped) return bad_answer(mapped.error().message());
        mapped_ = std::move(*mapped);
    } else {
        if (!*data) return bad_answer("no mapping data");
        pk_map_ic_ = to_bytes(**data);
        // A key that comes back unchanged is a mirror, not a chip.
        if (equal(pk_map_ic_, pk_map_ifd_)) return bad_answer("the chip sent our own mapping key back");
        auto mapped = map_generic(choice_.domain, randoms_.nonce.view(), randoms_.map_private.view(), pk_map_ic_);
        if (!mapped) return bad_answer(mapped.error().message());
        mapped_ = std::move(*mapped);
    }
    pk_ifd_ = TRY(mapped_->public_value(randoms_.agree_private.view()));
    return {};
}

Result<void> Terminal::read_public_key(const Response& response) {
    TRY(accept(response));
    const auto data = read_only_object(response.data, public_key_ic);
    if (!data) return bad_answer(data.error().message());
    if (!*data) return bad_answer("no public key");
    pk_ic_ = to_bytes(**data);
    // 4.4.1, 3 d: a reflected key would make a reflected token right, without any password.
    if (equal(pk_ic_, pk_ifd_)) return bad_answer("the chip sent our own public key back");
    if (equal(pk_ic_, pk_map_ic_)) return bad_answer("the chip used its mapping key again");
    const auto k = mapped_->agree(randoms_.agree_private.view(), pk_ic_);
    if (!k) return bad_answer(k.error().message());
    keys_ = sm::derive_session_keys(choice_.suite.cipher, k->view());
    return {};
}

Result<void> Terminal::read_token(const Response& response) {
    if (!response.ok()) {
        const bool blocked = response.sw == 0x6983 || response.sw == 0x63C0;
        const bool wrong = response.sw == sw::authentication_failed || retry_counter(response.sw) ||
                           response.sw == sw::security_status_not_satisfied || response.sw == sw::wrong_data;
        if (!blocked && !wrong) return accept(response);
        std::string detail;
        if (retry_counter(response.sw)) detail = fmt::format("{} tries left", response.sw & 0x0FU);
        const auto code = blocked ? Errc::pace_blocked : Errc::pace_wrong_password;
        return fail(Error(code, std::string(name(kind_)), std::move(detail)).with_sw(response.sw));
    }
    const auto objects = read_dynamic_data(response.data);
    if (!objects) return bad_answer(objects.error().message());
    const auto value = [&objects](std::uint32_t tag) -> std::optional<ByteView> {
        for (const auto& o : *objects)
            if (o.tag == tag) return o.value;
        return std::nullopt;
    };
    const auto theirs = value(token_ic);
    if (!theirs) return bad_answer("no authentication token");
    if (!equal_constant_time(*theirs, TRY(token(choice_, keys_, pk_ifd_)))) return bad_answer("authentication token is wrong");
    std::vector<std::string> references;
    for (const auto tag : {car_recent, car_previous})
        if (const auto reference = value(tag)) references.push_back(as_text(*reference));
    std::optional<Bytes> ca_ic;
    if (choice_.suite.mapping == Mapping::chip_authentication)
        if (const auto cryptogram = value(chip_authentication_data); cryptogram && !cryptogram->empty())
            if (auto data = decrypt_chip_authentication_data(keys_, *cryptogram)) ca_ic = std::move(*data);
    established_.emplace(Established{sm::start_session(std::move(keys_)), std::move(pk_ic_), std::move(pk_ifd_), std::move(pk_map_ic_),
                                     std::move(ca_ic), std::move(references)});
    return {};
}

Result<void> verify_chip_authentication(const crypto::Domain& domain, ByteView pk_static, ByteView ca_ic, ByteView pk_map_ic) {
    if (ca_ic.size() != domain.order_size())
        return fail(Errc::pace_cam_failed, {},
                    fmt::format("chip authentication data of {} bytes instead of {}", ca_ic.size(), domain.order_size()));
    const auto explained = TRY(domain.power(pk_static, ca_ic));
    if (!equal_constant_time(explained, pk_map_ic)) return fail(Errc::pace_cam_failed, {}, "the chip does not know the private key");
    return {};
}

}  // namespace idchip::pace
