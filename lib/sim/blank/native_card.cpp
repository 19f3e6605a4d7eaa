#include "sim/blank/native_card.hpp"

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
namespace ins = iso7816::ins;

constexpr Byte ins_activate = 0x44, ins_delete_file = 0xE4, ins_generate_key_pair = 0x47, ins_get_data = 0xCA;
constexpr std::uint16_t master_file = 0x3F00, data_not_found = 0x6A88, file_exists = 0x6A89, authentication_blocked = 0x6983;
constexpr std::size_t largest_read = 231, largest_file = 0x7FFF;
constexpr unsigned most_tries = 3;

// GET DATA: what the card tells of itself before anybody has authenticated.
constexpr unsigned tag_serial = 0x0181, tag_life_cycle = 0x0183, tag_key_check_value = 0x0196;
constexpr Byte in_use = 0x10, in_administration = 0x20, in_manufacture = 0x34;

// PUT DATA: secrets by their number.
constexpr unsigned secret_bac_seed = 0x0140, secret_pace_mrz = 0x0141, secret_pace_puk = 0x0144, current_date = 0x0151;
// An internal file: never seen again once the card is a document.
constexpr std::uint16_t ef_trust_point = 0x0150;

Secret personalization_key(Byte first) {
    Secret key(16);
    for (std::size_t i = 0; i < 16; ++i) key.writable()[i] = static_cast<Byte>(first + i);
    return key;
}

bool is_master_file_ef(std::uint16_t fid) { return fid == 0x011C || fid == 0x011D || fid == 0x2F00 || fid == 0x2F01; }

}  // namespace

NativeCard::NativeCard(CardOptions options, Rng& rng) : Blank(std::move(options), rng), serial_(rng_.bytes(8)) {}

Bytes NativeCard::atr() const { return {0x3B, 0x84, 0x80, 0x01, 0x49, 0x44, 0x43, 0x31, 0x70}; }

void NativeCard::start() {
    session_ = {};
    if (activated_) document_ = opened(document_config());
}

void NativeCard::forget() {
    session_ = {};
    if (document_) document_->power_down();
}

Result<EmrtdConfig> NativeCard::document_config() const {
    auto config = TRY(make_config(issued_, files_, atr()));
    if (!issued_.cvca.empty()) config.terminal_authentication = TerminalAuthentication{TRY(trust_of(issued_)), {}, false};
    return config;
}

Bytes NativeCard::answer(ByteView bytes) {
    const auto command = Command::parse(bytes);
    if (!command) return Response::of(sw::wrong_length).encode();
    const bool about_the_card = command->cla == 0x00 && command->ins == ins_get_data;
    if (document_ && !about_the_card) return document_->transmit(bytes);
    return process(*command).encode();
}

NativeCard::Response NativeCard::process(const Command& c) {
    if (c.cla == 0x0C) return process_protected(c);
    if (c.cla != 0x00) return Response::of(sw::cla_not_supported);
    session_.secured.reset();  // Doc 9303-11, 9.8.3
    return plain(c);
}

NativeCard::Response NativeCard::process_protected(const Command& c) {
    if (!session_.secured) return Response::of(sw::sm_not_supported);
    const auto opened = session_.secured->open(c);
    if (!opened) {
        session_.secured.reset();
        return Response::of(opened.error().sw.value_or(sw::sm_objects_incorrect));
    }
    const auto answer = dispatch(*opened);
    if (!session_.secured) return Response::of(sw::no_precise_diagnosis);
    const auto sealed = session_.secured->seal(answer, c.ins);
    return sealed ? *sealed : Response::of(sw::no_precise_diagnosis);
}

// Before authentication the card says who it is, and no more.
NativeCard::Response NativeCard::plain(const Command& c) {
    switch (c.ins) {
        case ins::select: return select(c);
        case ins_get_data: return get_data(c);
        case ins::get_challenge: return get_challenge(c);
        case ins::external_authenticate: return mutual_authenticate(c);
        case ins::read_binary:
        case ins::update_binary:
        case ins::create_file:
        case ins_delete_file:
        case ins::put_data:
        case ins_generate_key_pair:
        case ins_activate: return Response::of(sw::security_status_not_satisfied);
        default: return Response::of(sw::ins_not_supported);
    }
}

NativeCard::Response NativeCard::dispatch(const Command& c) {
    if (activated_) return Response::of(c.ins == ins::select ? sw::security_status_not_satisfied : sw::conditions_not_satisfied);
    switch (c.ins) {
        case ins::select: return select(c);
        case ins_get_data: return get_data(c);
        case ins::read_binary: return read_binary(c);
        case ins::update_binary: return update_binary(c);
        case ins::create_file: return create_file(c);
        case ins_delete_file: return delete_file(c);
        case ins::put_data: return put_data(c);
        case ins_generate_key_pair: return generate_key_pair(c);
        case ins_activate: return activate(c);
        default: return Response::of(sw::ins_not_supported);
    }
}

NativeCard::Response NativeCard::select(const Command& c) {
    if (c.p2 != 0x0C && c.p2 != 0x00) return Response::of(sw::wrong_p1_p2);
    if (c.p1 == 0x04) {
        if (!has_application_ || !equal(c.data, lds::application_aid)) return Response::of(sw::file_not_found);
        session_.in_application = true;
        session_.selected.reset();
        return Response::of(sw::ok);
    }
    if (c.data.size() != 2) return Response::of(sw::wrong_length);
    const auto fid = static_cast<std::uint16_t>(read_be(c.data));
    if (c.p1 == 0x00 && fid == master_file) {
        session_.in_application = false;
        session_.selected.reset();
        return Response::of(sw::ok);
    }
    if (c.p1 != 0x02) return Response::of(sw::wrong_p1_p2);
    session_.selected.reset();
    if (!session_.secured) return Response::of(sw::security_status_not_satisfied);
    if (files_.find(key_of(fid)) == nullptr) return Response::of(sw::file_not_found);
    session_.selected = key_of(fid);
    return Response::of(sw::ok);
}

std::uint16_t NativeCard::key_of(std::uint16_t fid) const { return session_.in_application ? fid : in_master_file(fid); }

NativeCard::Response NativeCard::get_data(const Command& c) {
    switch (static_cast<unsigned>(c.p1) << 8U | c.p2) {
        case tag_serial: return {serial_, sw::ok};
        case tag_life_cycle: return {{activated_ ? in_use : has_application_ ? in_administration : in_manufacture}, sw::ok};
        case tag_key_check_value: {
            const Bytes zeros(8);
            const auto block = crypto::cbc_encrypt(crypto::Cipher::tdes, personalization_key(0x40).view(), zeros, zeros);
            return {to_bytes(ByteView(*block).first(3)), sw::ok};
        }
        default: return Response::of(data_not_found);
    }
}

NativeCard::Response NativeCard::get_challenge(const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (!c.data.empty() || c.le != 8U) return Response::of(sw::wrong_length);
    if (tries_ == 0) return Response::of(authentication_blocked);
    session_.rnd_ic = rng_.bytes(bac::nonce_size);
    return {session_.rnd_ic, sw::ok};
}

NativeCard::Response NativeCard::mutual_authenticate(const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    const auto rnd_ic = std::exchange(session_.rnd_ic, {});
    if (rnd_ic.empty()) return Response::of(sw::conditions_not_satisfied);
    if (c.data.size() != 40 || !c.le) return Response::of(sw::wrong_length);
    if (tries_ == 0) return Response::of(authentication_blocked);
    // Counted before it is looked at, so that a power cut brings no try back.
    --tries_;
    persist();
    const bac::AccessKeys keys{personalization_key(0x40), personalization_key(0x50)};
    const auto k_ic = rng_.secret(bac::key_material_size);
    auto answer = bac::answer_external_authenticate(keys, rnd_ic, k_ic.view(), c.data);
    if (!answer) return Response::of(static_cast<std::uint16_t>(0x63C0U | tries_));
    tries_ = most_tries;
    persist();
    session_.secured.emplace(std::move(answer->session));
    return {std::move(answer->data), sw::ok};
}

// File control parameters of ISO/IEC 7816-4, table 10: descriptor, identifier or name, size, attributes of security.
NativeCard::Response NativeCard::create_file(const Command& c) {
    constexpr std::uint32_t template_tag = 0x62, tag_size = 0x80, tag_descriptor = 0x82, tag_fid = 0x83, tag_name = 0x84;
    constexpr Byte dedicated_file = 0x38, transparent_file = 0x01;
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    tlv::Reader outer(c.data, tlv::Rules::ber, "CREATE FILE");
    const auto object = outer.expect(template_tag);
    if (!object || !outer.at_end()) return Response::of(sw::wrong_data);
    std::map<std::uint32_t, ByteView> parameters;
    for (auto r = outer.enter(*object); !r.at_end();) {
        const auto e = r.next();
        if (!e) return Response::of(sw::wrong_data);
        parameters[e->tag] = e->value;
    }
    const auto descriptor = parameters[tag_descriptor];
    if (descriptor.size() != 1) return Response::of(sw::wrong_data);
    if (descriptor[0] == dedicated_file) return create_application(parameters[tag_name]);
    const auto fid_bytes = parameters[tag_fid], size_bytes = parameters[tag_size];
    if (descriptor[0] != transparent_file || fid_bytes.size() != 2 || size_bytes.size() != 2) return Response::of(sw::wrong_data);
    const auto fid = static_cast<std::uint16_t>(read_be(fid_bytes));
    const auto size = static_cast<std::size_t>(read_be(size_bytes));
    const bool has_place = session_.in_application ? (fid >= 0x0101 && fid <= 0x011E) || fid == ef_trust_point : is_master_file_ef(fid);
    if (size > largest_file || !has_place) return Response::of(sw::wrong_data);
    if (files_.find(key_of(fid)) != nullptr) return Response::of(file_exists);
    if (!files_.create(key_of(fid), size)) return Response::of(sw::not_enough_memory);
    session_.selected = key_of(fid);
    persist();
    return Response::of(sw::ok);
}

NativeCard::Response NativeCard::create_application(ByteView aid) {
    if (session_.in_application) return Response::of(sw::conditions_not_satisfied);
    if (!equal(aid, lds::application_aid)) return Response::of(sw::wrong_data);
    if (has_application_) return Response::of(file_exists);
    has_application_ = true;
    session_.in_application = true;
    session_.selected.reset();
    persist();
    return Response::of(sw::ok);
}

// ISO/IEC 7816-9: an elementary file under the current one.
NativeCard::Response NativeCard::delete_file(const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    if (c.data.size() != 2) return Response::of(sw::wrong_length);
    session_.selected.reset();
    if (!files_.remove(key_of(static_cast<std::uint16_t>(read_be(c.data))))) return Response::of(sw::file_not_found);
    persist();
    return Response::of(sw::ok);
}

NativeCard::Response NativeCard::update_binary(const Command& c) {
    if (!session_.selected) return Response::of(sw::conditions_not_satisfied);
    if (c.p1 >= 0x80) return Response::of(sw::wrong_p1_p2);
    if (c.data.empty()) return Response::of(sw::wrong_length);
    const std::size_t offset = static_cast<std::size_t>(c.p1) << 8U | c.p2;
    if (offset + c.data.size() > files_.find(*session_.selected)->size) return Response::of(sw::not_enough_memory);
    write(*session_.selected, offset, c.data);
    return Response::of(sw::ok);
}

// Before activation the personalization agent reads what it has written.
NativeCard::Response NativeCard::read_binary(const Command& c) {
    if (!session_.selected) return Response::of(sw::conditions_not_satisfied);
    // An extended answer has room.
    return read(*session_.selected, c, c.le.value_or(0) > 256 ? *c.le : largest_read);
}

NativeCard::Response NativeCard::put_data(const Command& c) {
    const auto number = static_cast<unsigned>(c.p1) << 8U | c.p2;
    if (c.data.empty()) return Response::of(sw::wrong_length);
    if (number == secret_bac_seed) {
        if (c.data.size() != 16) return Response::of(sw::wrong_length);
        issued_.bac_k_seed = Secret(ByteView(c.data));
    } else if (number >= secret_pace_mrz && number <= secret_pace_puk) {
        if (number == secret_pace_mrz && c.data.size() != 20) return Response::of(sw::wrong_length);
        issued_.pace_k[static_cast<Byte>(number - secret_bac_seed)] = Secret(ByteView(c.data));
    } else if (number == current_date) {
        if (c.data.size() != 6) return Response::of(sw::wrong_length);
        issued_.date = date_of(c.data);
        if (!issued_.date) return Response::of(sw::wrong_data);
    } else {
        return Response::of(data_not_found);
    }
    persist();
    return Response::of(sw::ok);
}

// ISO/IEC 7816-8, 5.1: the public key comes back, the private one never does.
NativeCard::Response NativeCard::generate_key_pair(const Command& c) {
    constexpr Byte active_authentication = 0x01, chip_authentication = 0x02;
    if (c.p1 != 0 || (c.p2 != active_authentication && c.p2 != chip_authentication)) return Response::of(sw::wrong_p1_p2);
    if (!c.le) return Response::of(sw::wrong_length);
    auto pair = crypto::KeyPair::generate(crypto::Domain::ecdh(crypto::Curve::p256), rng_);
    if (!pair) return Response::of(sw::no_precise_diagnosis);
    (c.p2 == active_authentication ? issued_.aa_scalar : issued_.ca_scalar) = std::move(pair->private_value);
    persist();
    return {tlv::element(0x7F49, tlv::element(0x86, pair->public_value)), sw::ok};
}

// ISO/IEC 7816-9: of the master file; the conditions of access hold from now on.
NativeCard::Response NativeCard::activate(const Command& c) {
    if (c.p1 != 0 || c.p2 != 0) return Response::of(sw::wrong_p1_p2);
    const bool complete =
        has_application_ && files_.find(lds::info(lds::Ef::dg1).fid) != nullptr && (!issued_.bac_k_seed.empty() || !issued_.pace_k.empty());
    if (!complete) return Response::of(sw::conditions_not_satisfied);
    if (const auto* file = files_.find(ef_trust_point)) {
        issued_.cvca = file->content;
        if (!trust_of(issued_)) return Response::of(sw::conditions_not_satisfied);
    }
    activated_ = true;
    persist();
    return Response::of(sw::ok);
}

Blank::Json NativeCard::own_state() const {
    Json json;
    json["serial"] = to_hex(serial_);
    json["application"] = has_application_;
    json["activated"] = activated_;
    json["tries"] = tries_;
    json["issued"] = issued_.to_json();
    return json;
}

Result<void> NativeCard::restore_own(const nlohmann::json& json) {
    serial_ = TRY(from_hex(json.at("serial").get<std::string>()));
    has_application_ = json.at("application");
    activated_ = json.at("activated");
    tries_ = json.at("tries");
    issued_ = TRY(Issued::from_json(json.at("issued")));
    return {};
}

}  // namespace idchip::sim
