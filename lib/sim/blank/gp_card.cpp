#include "sim/blank/gp_card.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"

namespace idchip::sim {
namespace {

namespace sw = iso7816::sw;

constexpr Byte ins_initialize_update = 0x50, ins_external_authenticate = 0x82, ins_get_data = 0xCA, ins_install = 0xE6,
               ins_store_data = 0xE2;
constexpr Byte for_personalization = 0x20;
// GPC 2.3.1, 11.11.2.1: P1 of STORE DATA.
constexpr Byte dgi_structure = 0x08, ber_structure = 0x10;
constexpr std::size_t largest_block = 231, largest_file = 0x7FFF;
constexpr unsigned most_tries = 3;
constexpr std::uint16_t authentication_blocked = 0x6983;

const Bytes& security_domain_aid() {
    static const Bytes aid = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};
    return aid;
}

// Data groupings that are no file: project numbers of card42.
constexpr std::uint16_t dgi_bac_seed = 0xFF01, dgi_aa_key = 0xFF02, dgi_ca_key = 0xFF03, dgi_pace_mrz = 0xFF04, dgi_card_security = 0xFF05,
                        dgi_pace_can = 0xFF06;

// GPC 2.3.1, 4.1.3: the keys of a card as it leaves its maker; here those that all test cards have.
Secret test_key(std::size_t size) {
    Secret key(size);
    for (std::size_t i = 0; i < size; ++i) key.writable()[i] = static_cast<Byte>(0x40 + i);
    return key;
}

scp::StaticKeys static_keys() { return {0x30, test_key(16), test_key(16), test_key(16)}; }

scp::Parameters parameters_of(const CardOptions& options) {
    if (options.channel == "scp02") return {scp::Protocol::scp02, 0x55, 0x03, true};
    return {scp::Protocol::scp03, 0x70, 0x33, true};
}

std::optional<std::uint16_t> file_of(std::uint16_t dgi) {
    if (dgi == dgi_card_security) return in_master_file(lds::info(lds::Ef::card_security).fid);
    if (dgi == 0x011C) return in_master_file(dgi);
    if ((dgi >= 0x0101 && dgi <= 0x0110) || dgi == 0x011D || dgi == 0x011E) return dgi;
    return std::nullopt;
}

}  // namespace

GpCard::GpCard(CardOptions options, Rng& rng) : Blank(std::move(options), rng), channel_(parameters_of(options_)), serial_(rng_.bytes(4)) {}

Bytes GpCard::atr() const {
    return {0x3B, 0xF8, 0x13, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x4A, 0x43, 0x4F, 0x50, 0x76, 0x32, 0x34, 0x31, 0xB7};
}

void GpCard::start() {
    session_ = {};
    if (personalized_) start_document();
}

void GpCard::forget() {
    session_ = {};
    if (document_) document_->power_down();
}

// The finished document is there from the next reset on.
void GpCard::start_document() {
    auto config = make_config(issued_, files_, atr());
    if (config) {
        // An answer of RSA-2048 under secure messaging fits no short response.
        config->lengths.extended = true;
        config->lengths.largest_command = config->lengths.largest_response = 1024;
    }
    document_ = opened(std::move(config));
}

bool GpCard::opens_document(const Command& c) const {
    if (!document_) return false;
    const bool selects_security_domain = c.ins == iso7816::ins::select && c.p1 == 0x04 && equal(c.data, security_domain_aid());
    const bool for_security_domain = session_.selected == Selected::security_domain && (c.cla & 0x80U) != 0;
    return !selects_security_domain && !for_security_domain;
}

Bytes GpCard::answer(ByteView bytes) {
    const auto command = Command::parse(bytes);
    if (!command) return Response::of(sw::wrong_length).encode();
    if (opens_document(*command)) {
        session_.selected = Selected::applet;
        return document_->transmit(bytes);
    }
    return process(*command).encode();
}

GpCard::Response GpCard::process(const Command& c) {
    if (c.ins == iso7816::ins::select && c.p1 == 0x04 && (c.cla & 0x04U) == 0) return select(c);
    if (session_.selected == Selected::nothing) return Response::of(sw::ins_not_supported);
    if (c.ins == ins_get_data && (c.cla & 0x04U) == 0) return get_data(c);
    if (c.cla == 0x80 && c.ins == ins_initialize_update) return initialize_update(c);
    if (c.cla == 0x84 && c.ins == ins_external_authenticate) return external_authenticate(c);
    if ((c.cla & 0x80U) != 0) return under_channel(c);
    // The applet before it is a document: it knows its commands, and has nothing to say.
    return Response::of(session_.selected == Selected::applet && c.ins == iso7816::ins::get_challenge ? sw::conditions_not_satisfied
                                                                                                      : sw::ins_not_supported);
}

GpCard::Response GpCard::select(const Command& c) {
    if (c.p2 != 0x00 && c.p2 != 0x0C) return Response::of(sw::wrong_p1_p2);
    // GPC 2.3.1, 11.9.2.3: without a name it is the issuer's security domain.
    const bool domain = c.data.empty() || equal(c.data, security_domain_aid());
    const bool applet = equal(c.data, lds::application_aid);
    if (!domain && !applet) return Response::of(sw::file_not_found);
    session_ = {};
    session_.selected = domain ? Selected::security_domain : Selected::applet;
    // GPC 2.3.1, 11.9.3.1: at least the application's name.
    return {tlv::element(0x6F, tlv::element(0x84, domain ? security_domain_aid() : c.data)), sw::ok};
}

// Card production life cycle data (9F7F) and the list of keys (E0).
GpCard::Response GpCard::get_data(const Command& c) {
    if (session_.selected != Selected::security_domain) return Response::of(sw::ins_not_supported);
    const unsigned tag = static_cast<unsigned>(c.p1) << 8U | c.p2;
    if (tag == 0x9F7F) {
        Bytes cplc(42, 0x00);
        std::copy(serial_.begin(), serial_.end(), cplc.begin() + 12);
        return {tlv::element(0x9F7F, cplc), sw::ok};
    }
    if (tag != 0x00E0) return Response::of(0x6A88);
    const Byte type = channel_.protocol == scp::Protocol::scp03 ? 0x88 : 0x80;
    Bytes keys;
    for (Byte id = 1; id <= 3; ++id) append(keys, tlv::element(0xC0, Bytes{id, 0x30, type, 0x10}));
    return {tlv::element(0xE0, keys), sw::ok};
}

GpCard::Response GpCard::initialize_update(const Command& c) {
    session_.channel.reset();
    session_.forwarding = false;
    if (tries_ == 0) return Response::of(authentication_blocked);
    Bytes diversification = {0x00, 0x00, 0x00, 0x00};
    append(diversification, serial_);
    append(diversification, Bytes{0x00, 0x00});
    Bytes counter;
    const auto next = channel_.protocol == scp::Protocol::scp03 ? sequence_ + 1 : sequence_;
    append_be(counter, next, channel_.protocol == scp::Protocol::scp03 ? 3 : 2);
    session_.channel.emplace(channel_, static_keys(), diversification, counter,
                             session_.selected == Selected::applet ? to_bytes(lds::application_aid) : security_domain_aid(), rng_);
    const auto response = session_.channel->initialize_update(c);
    // Amendment D, 6.2.2.1: a pseudo-random challenge is never given twice.
    if (response.ok() && channel_.protocol == scp::Protocol::scp03) sequence_ = next;
    persist();
    return response;
}

GpCard::Response GpCard::external_authenticate(const Command& c) {
    if (!session_.channel) return Response::of(sw::conditions_not_satisfied);
    // Counted before it is looked at, so that a power cut brings no try back.
    --tries_;
    persist();
    const auto response = session_.channel->external_authenticate(c);
    if (response.ok()) {
        tries_ = most_tries;
        if (channel_.protocol == scp::Protocol::scp02) ++sequence_;
    } else {
        session_.channel.reset();
    }
    persist();
    return response;
}

GpCard::Response GpCard::under_channel(const Command& c) {
    if (!session_.channel || !session_.channel->authenticated()) return Response::of(sw::security_status_not_satisfied);
    const auto plain = session_.channel->open(c);
    if (!plain) {
        session_.channel.reset();
        session_.forwarding = false;
        return Response::of(plain.error().sw.value_or(sw::security_status_not_satisfied));
    }
    const auto answer = dispatch(*plain);
    if (!session_.channel) return Response::of(sw::no_precise_diagnosis);  // power went in the middle
    const auto sealed = session_.channel->seal(answer);
    return sealed ? *sealed : Response::of(sw::no_precise_diagnosis);
}

GpCard::Response GpCard::dispatch(const Command& c) {
    switch (c.ins) {
        case ins_install: return install(c);
        case ins_store_data: return store_data(c);
        default: return Response::of(sw::ins_not_supported);
    }
}

// GPC 2.3.1, 11.5.2.3.5
GpCard::Response GpCard::install(const Command& c) {
    if (session_.selected != Selected::security_domain) return Response::of(sw::ins_not_supported);
    if (c.p1 != for_personalization || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    const auto aid = to_bytes(lds::application_aid);
    const auto wanted = concat({Bytes{0x00, 0x00, static_cast<Byte>(aid.size())}, aid, Bytes{0x00, 0x00, 0x00}});
    if (!equal(c.data, wanted)) return Response::of(sw::wrong_data);
    if (personalized_) return Response::of(sw::conditions_not_satisfied);
    session_.forwarding = true;
    session_.expected_block = 0;
    return {{0x00}, sw::ok};
}

// GPC 2.3.1, 11.11. The applet counts blocks, and begins anew at block 0.
GpCard::Response GpCard::store_data(const Command& c) {
    constexpr Byte last_block = 0x80, structure_bits = 0x18;
    if (session_.selected == Selected::security_domain && !session_.forwarding) return Response::of(sw::conditions_not_satisfied);
    if (personalized_) return Response::of(sw::conditions_not_satisfied);
    const Byte structure = c.p1 & structure_bits;
    if (structure != dgi_structure && structure != ber_structure) return Response::of(sw::wrong_p1_p2);
    if (c.data.empty() || c.data.size() > largest_block) return Response::of(sw::wrong_length);
    if (c.p2 == 0) {
        issued_ = {};  // but the files stay: what is not written again is still there
        session_.pending.clear();
        session_.expected_block = 0;
        session_.structure = structure;
    }
    if (structure != session_.structure) return Response::of(sw::wrong_p1_p2);
    if (c.p2 != session_.expected_block) return Response::of(sw::wrong_p1_p2);
    cut_power();
    if (!session_.channel) return Response::of(sw::no_precise_diagnosis);  // a block that has not arrived as a whole is not there
    append(session_.pending, c.data);
    ++session_.expected_block;
    const bool last = (c.p1 & last_block) != 0;
    if (const auto status = take_pending(last); status != sw::ok) return Response::of(status);
    persist();
    return last ? finish() : Response::of(sw::ok);
}

// DGI of two bytes, length of one or of FF and two.
std::optional<GpCard::Grouping> GpCard::first_dgi(ByteView pending) {
    const std::size_t header = pending.size() > 2 && pending[2] == 0xFF ? 5 : 3;
    if (pending.size() < header) return Grouping{};
    const auto size = header == 5 ? static_cast<std::size_t>(read_be(pending.subspan(3, 2))) : pending[2];
    if (size > largest_file) return std::nullopt;
    if (pending.size() < header + size) return Grouping{};
    return Grouping{static_cast<std::uint16_t>(read_be(pending.first(2))), pending.subspan(header, size), header + size};
}

std::optional<GpCard::Grouping> GpCard::first_object(ByteView pending) {
    constexpr std::uint32_t object_tag = 0xE1, number_tag = 0x83, value_tag = 0x53;
    if (pending.empty()) return Grouping{};
    if (pending[0] != object_tag) return std::nullopt;
    tlv::Reader r(pending, tlv::Rules::ber, "STORE DATA");
    const auto object = r.next();
    if (!object) return pending.size() > largest_file + 16 ? std::nullopt : std::optional(Grouping{});  // perhaps cut off
    auto inner = r.enter(*object);
    const auto number = inner.expect(number_tag), value = inner.expect(value_tag);
    if (!number || number->value.size() != 2 || !value || !inner.at_end()) return std::nullopt;
    return Grouping{static_cast<std::uint16_t>(read_be(number->value)), value->value, object->raw.size()};
}

std::uint16_t GpCard::take_pending(bool last) {
    auto& rest = session_.pending;
    for (;;) {
        const auto grouping = session_.structure == dgi_structure ? first_dgi(rest) : first_object(rest);
        if (!grouping) return sw::wrong_data;
        if (grouping->size == 0) break;
        if (const auto status = take(grouping->dgi, grouping->value); status != sw::ok) return status;
        rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(grouping->size));
    }
    return last && !rest.empty() ? sw::wrong_length : sw::ok;
}

std::uint16_t GpCard::take(std::uint16_t dgi, ByteView value) {
    const auto of_size = [&](std::size_t size, Secret& into) {
        if (value.size() != size) return sw::wrong_data;
        into = Secret(value);
        return sw::ok;
    };
    if (const auto fid = file_of(dgi)) {
        files_.remove(*fid);
        if (!files_.create(*fid, value.size())) return sw::not_enough_memory;
        files_.update(*fid, 0, value, value.size());
        return sw::ok;
    }
    switch (dgi) {
        case dgi_bac_seed: return of_size(16, issued_.bac_k_seed);
        case dgi_aa_key: return take_aa_key(value);
        case dgi_ca_key: return of_size(32, issued_.ca_scalar);
        case dgi_pace_mrz: return of_size(20, issued_.pace_k[1]);
        case dgi_pace_can: return of_size(20, issued_.pace_k[2]);
        default: return 0x6A88;
    }
}

// Length and modulus, length and private exponent.
std::uint16_t GpCard::take_aa_key(ByteView value) {
    if (value.size() < 4) return sw::wrong_data;
    const auto modulus = static_cast<std::size_t>(read_be(value.first(2)));
    if (modulus == 0 || value.size() < 4 + modulus) return sw::wrong_data;
    const auto exponent = static_cast<std::size_t>(read_be(value.subspan(2 + modulus, 2)));
    if (exponent == 0 || value.size() != 4 + modulus + exponent) return sw::wrong_data;
    issued_.aa_modulus = to_bytes(value.subspan(2, modulus));
    issued_.aa_exponent = Secret(value.subspan(4 + modulus));
    return sw::ok;
}

// The applet is personalized when it has what access control needs.
GpCard::Response GpCard::finish() {
    if (issued_.bac_k_seed.empty() || files_.find(lds::info(lds::Ef::dg1).fid) == nullptr) return Response::of(sw::wrong_data);
    personalized_ = true;
    persist();
    return Response::of(sw::ok);
}

Blank::Json GpCard::own_state() const {
    Json json;
    json["serial"] = to_hex(serial_);
    json["personalized"] = personalized_;
    json["sequence"] = sequence_;
    json["tries"] = tries_;
    json["issued"] = issued_.to_json();
    return json;
}

Result<void> GpCard::restore_own(const nlohmann::json& json) {
    serial_ = TRY(from_hex(json.at("serial").get<std::string>()));
    personalized_ = json.at("personalized");
    sequence_ = json.at("sequence");
    tries_ = json.at("tries");
    issued_ = TRY(Issued::from_json(json.at("issued")));
    return {};
}

}  // namespace idchip::sim
