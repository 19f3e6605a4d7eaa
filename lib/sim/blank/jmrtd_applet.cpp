#include "sim/blank/jmrtd_applet.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/mrz/mrz.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>
#include <idchip/tlv/reader.hpp>

#include "base/try.hpp"

namespace idchip::sim {
namespace {

namespace sw = iso7816::sw;
namespace ins = iso7816::ins;

constexpr std::uint32_t tag_mrz = 0x62, tag_modulus = 0x60, tag_exponent = 0x61;
constexpr std::size_t rsa_size = 128;         // the applet's active authentication key is RSA-1024
constexpr std::size_t largest_read = 224;     // the applet's buffer of 261 bytes less 37 for secure messaging
constexpr std::size_t largest_file = 0x7FFF;  // lengths are signed 16-bit numbers on the card

// Files the applet has a place for; another file id ends in an exception of the card's virtual machine.
bool has_place(std::uint16_t fid) { return (fid >= 0x0101 && fid <= 0x010F) || (fid >= 0x011C && fid <= 0x011E); }
// DG3 and DG4 need a terminal's certificate at all times, even to be created.
bool needs_certificate(std::uint16_t fid) { return fid == 0x0103 || fid == 0x0104; }

bool is_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

// The card is sent no check digits: it adds them itself.
std::optional<std::string> mrz_information_of(ByteView data, const std::array<std::uint32_t, 3>& tags) {
    tlv::Reader outer(data, tlv::Rules::ber, "PUT DATA 62");
    const auto object = outer.expect(tag_mrz);
    if (!object || !outer.at_end()) return std::nullopt;
    auto r = outer.enter(*object);
    std::string information;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        const auto e = r.expect(tags[i]);
        if (!e) return std::nullopt;
        const auto text = as_text(e->value);
        if (text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") != std::string::npos || text.empty() ||
            (i > 0 && (text.size() != 6 || !is_digits(text))))
            return std::nullopt;
        information += text + mrz::check_digit(text);
    }
    return r.at_end() ? std::optional(information) : std::nullopt;
}

NewFile parse_create_file(const iso7816::CommandApdu& c) {
    if (c.p1 != 0 || c.p2 != 0) return {sw::wrong_p1_p2};
    if (c.data.size() != 6 || c.data[1] != 4 || c.le) return {sw::wrong_length};
    if (c.data[0] != 0x63) return {0x6984};  // SW_DATA_INVALID of the Java Card interface
    return {sw::ok, static_cast<std::uint16_t>(read_be(ByteView(c.data).subspan(4, 2))),
            static_cast<std::size_t>(read_be(ByteView(c.data).subspan(2, 2)))};
}

// The number stands behind an empty object of its tag, not in it: what the applet's source says, and its host sends.
RsaPart parse_rsa_part(std::uint32_t tag, ByteView data) {
    tlv::Reader r(data, tlv::Rules::ber, "PUT DATA");
    const auto empty = r.expect(tag);
    if (!empty || !empty->value.empty()) return {sw::wrong_data, {}};
    const auto e = r.expect(0x04);
    if (!e || e->value.empty() || !r.at_end()) return {sw::wrong_data, {}};
    auto number = e->value;
    if (number.size() == rsa_size + 1 && number[0] == 0) number = number.subspan(1);
    if (number.size() != rsa_size) return {sw::no_precise_diagnosis, {}};
    return {sw::ok, to_bytes(number)};
}

JmrtdApplet::JmrtdApplet(CardOptions options, Rng& rng) : Blank(std::move(options), rng) {}

Bytes JmrtdApplet::atr() const { return {0x3B, 0x80, 0x80, 0x01, 0x01}; }

void JmrtdApplet::start() { session_ = {}; }

void JmrtdApplet::forget() { session_ = {}; }

Bytes JmrtdApplet::answer(ByteView bytes) {
    const auto command = Command::parse(bytes);
    // The applet knows no extended length.
    return (!command || command->extended ? Response::of(sw::wrong_length) : process(*command)).encode();
}

JmrtdApplet::Response JmrtdApplet::process(const Command& c) {
    if (c.cla != 0x00 && c.cla != 0x0C) return Response::of(sw::cla_not_supported);
    if (c.cla == 0x0C) return process_protected(c);
    // Doc 9303-11, 9.8.3: a plain command ends secure messaging and what it had opened.
    if (session_.secured) {
        const bool selected = session_.applet_selected;
        session_ = {};
        session_.applet_selected = selected;
    }
    if (c.ins == ins::select && c.p1 == 0x04) return select_by_aid(c);
    if (!session_.applet_selected) return Response::of(sw::ins_not_supported);
    return dispatch(c, false);
}

JmrtdApplet::Response JmrtdApplet::process_protected(const Command& c) {
    if (!session_.secured) return Response::of(sw::sm_not_supported);
    const auto opened = session_.secured->open(c);
    if (!opened) {
        session_.secured.reset();
        return Response::of(opened.error().sw.value_or(sw::sm_objects_incorrect));
    }
    // Doc 9303-11, 9.8.4: a protected command has an outer Le for its protected answer.
    if (!c.le) return Response::of(sw::wrong_length);
    const auto plain = dispatch(*opened, true);
    if (!session_.secured) return Response::of(sw::no_precise_diagnosis);
    const auto sealed = session_.secured->seal(plain, c.ins);
    return sealed ? *sealed : Response::of(sw::no_precise_diagnosis);
}

JmrtdApplet::Response JmrtdApplet::select_by_aid(const Command& c) {
    if (c.p2 != 0x00 && c.p2 != 0x0C) return Response::of(sw::wrong_p1_p2);
    if (!equal(c.data, lds::application_aid)) return Response::of(sw::file_not_found);
    session_ = {};
    session_.applet_selected = true;
    return Response::of(sw::ok);
}

JmrtdApplet::Response JmrtdApplet::dispatch(const Command& c, bool secured) {
    switch (c.ins) {
        case ins::get_challenge: return secured ? Response::of(sw::security_status_not_satisfied) : get_challenge(c);
        case ins::external_authenticate: return secured ? Response::of(sw::security_status_not_satisfied) : external_authenticate(c);
        case ins::internal_authenticate: return secured ? internal_authenticate(c) : Response::of(sw::security_status_not_satisfied);
        case ins::select: return select_file(c);
        case ins::read_binary: return secured ? read_binary(c) : Response::of(sw::security_status_not_satisfied);
        case ins::update_binary: return update_binary(c);
        case ins::create_file: return create_file(c);
        case ins::put_data: return put_data(c);
        default: return Response::of(sw::ins_not_supported);
    }
}

JmrtdApplet::Response JmrtdApplet::get_challenge(const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (!c.data.empty() || c.le != 8U) return Response::of(sw::wrong_length);
    if (k_seed_.empty()) return Response::of(sw::security_status_not_satisfied);
    session_.rnd_ic = rng_.bytes(bac::nonce_size);
    return {session_.rnd_ic, sw::ok};
}

JmrtdApplet::Response JmrtdApplet::external_authenticate(const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (session_.rnd_ic.empty()) return Response::of(sw::security_status_not_satisfied);
    if (c.data.size() != 40 || !c.le) return Response::of(sw::wrong_length);
    // A challenge serves one attempt.
    const auto rnd_ic = std::exchange(session_.rnd_ic, {});
    const auto k_ic = rng_.secret(bac::key_material_size);
    auto answer = bac::answer_external_authenticate(bac::derive_access_keys(k_seed_.view()), rnd_ic, k_ic.view(), c.data);
    if (!answer) return Response::of(sw::security_status_not_satisfied);
    session_.secured.emplace(std::move(answer->session));
    return {std::move(answer->data), sw::ok};
}

// RSA-1024 by ISO/IEC 9796-2 with SHA-1. The applet is never told the public exponent; hosts make their keys with this one.
JmrtdApplet::Response JmrtdApplet::internal_authenticate(const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (aa_modulus_.empty() || aa_exponent_.empty()) return Response::of(sw::security_status_not_satisfied);
    if (c.data.size() != active_auth::Challenge::size || !c.le) return Response::of(sw::wrong_length);
    const auto key = crypto::PrivateKey::from_rsa(aa_modulus_, Bytes{0x01, 0x00, 0x01}, aa_exponent_);
    if (!key) return Response::of(sw::no_precise_diagnosis);
    auto signature = active_auth::sign(*key, c.data, crypto::HashAlg::sha1, rng_);
    return signature ? Response{std::move(*signature), sw::ok} : Response::of(sw::no_precise_diagnosis);
}

JmrtdApplet::Response JmrtdApplet::select_file(const Command& c) {
    if (c.p1 != 0x02 || c.p2 != 0x0C) return Response::of(sw::wrong_p1_p2);
    if (locked_ && !session_.secured) return Response::of(sw::security_status_not_satisfied);
    if (c.data.size() != 2 || c.le) return Response::of(sw::wrong_length);
    const auto fid = static_cast<std::uint16_t>(read_be(c.data));
    if (needs_certificate(fid)) return Response::of(sw::security_status_not_satisfied);
    session_.selected.reset();
    if (files_.find(fid) == nullptr) return Response::of(sw::file_not_found);
    session_.selected = fid;
    return Response::of(sw::ok);
}

JmrtdApplet::Response JmrtdApplet::read_binary(const Command& c) {
    if (!session_.selected) return Response::of(sw::conditions_not_satisfied);
    return read(*session_.selected, c, largest_read);
}

JmrtdApplet::Response JmrtdApplet::update_binary(const Command& c) {
    if (!session_.selected || locked_) return Response::of(sw::conditions_not_satisfied);
    if (c.p1 >= 0x80) return Response::of(sw::wrong_p1_p2);
    if (c.data.empty() || c.le) return Response::of(sw::wrong_length);
    const std::size_t offset = static_cast<std::size_t>(c.p1) << 8U | c.p2;
    if (offset + c.data.size() > files_.find(*session_.selected)->size) return Response::of(sw::not_enough_memory);
    write(*session_.selected, offset, c.data);
    return Response::of(sw::ok);
}

JmrtdApplet::Response JmrtdApplet::create_file(const Command& c) {
    if (locked_) return Response::of(sw::conditions_not_satisfied);
    const auto file = parse_create_file(c);
    if (file.status != sw::ok) return Response::of(file.status);
    if (needs_certificate(file.fid)) return Response::of(sw::security_status_not_satisfied);
    if (!has_place(file.fid) || file.size > largest_file) return Response::of(sw::no_precise_diagnosis);
    if (!files_.create(file.fid, file.size)) return Response::of(sw::not_enough_memory);
    persist();
    return Response::of(sw::ok);
}

JmrtdApplet::Response JmrtdApplet::put_data(const Command& c) {
    if (locked_) return Response::of(sw::conditions_not_satisfied);
    if (c.le) return Response::of(sw::wrong_length);
    if (c.p1 == 0xDE && c.p2 == 0xAD) {
        if (!c.data.empty()) return Response::of(sw::wrong_length);
        locked_ = true;
        persist();
        return Response::of(sw::ok);
    }
    if (c.p1 != 0) return Response::of(sw::wrong_p1_p2);
    switch (c.p2) {
        case tag_mrz: return put_mrz(c.data);
        case tag_modulus: return put_rsa_part(aa_modulus_, tag_modulus, c.data);
        case tag_exponent: return put_rsa_part(aa_exponent_, tag_exponent, c.data);
        case 0x63:                                              // chip authentication key over F2m: no such curve in this card
        case 0x64: return Response::of(sw::ins_not_supported);  // terminal authentication root: comes with term_auth
        default: return Response::of(sw::wrong_p1_p2);
    }
}

JmrtdApplet::Response JmrtdApplet::put_mrz(ByteView data) {
    const auto mrz_information = mrz_information_of(data, {0x04, 0x04, 0x04});
    if (!mrz_information) return Response::of(sw::wrong_data);
    k_seed_ = bac::k_seed(*mrz_information);
    persist();
    return Response::of(sw::ok);
}

JmrtdApplet::Response JmrtdApplet::put_rsa_part(Bytes& part, std::uint32_t tag, ByteView data) {
    auto [status, number] = parse_rsa_part(tag, data);
    if (status != sw::ok) return Response::of(status);
    part = std::move(number);
    persist();
    return Response::of(sw::ok);
}

Blank::Json JmrtdApplet::own_state() const {
    Json json;
    json["locked"] = locked_;
    json["k_seed"] = to_hex(k_seed_.view());
    json["aa_modulus"] = to_hex(aa_modulus_);
    json["aa_exponent"] = to_hex(aa_exponent_);
    return json;
}

Result<void> JmrtdApplet::restore_own(const nlohmann::json& json) {
    locked_ = json.at("locked");
    k_seed_ = Secret(TRY(from_hex(json.at("k_seed").get<std::string>())));
    aa_modulus_ = TRY(from_hex(json.at("aa_modulus").get<std::string>()));
    aa_exponent_ = TRY(from_hex(json.at("aa_exponent").get<std::string>()));
    return {};
}

}  // namespace idchip::sim
