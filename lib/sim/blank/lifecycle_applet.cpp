#include "sim/blank/lifecycle_applet.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include <idchip/crypto/hash.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/protocol/bac/bac.hpp>

#include "base/try.hpp"
#include "sim/blank/jmrtd_applet.hpp"
#include "sim/blank/lifecycle_data.hpp"

namespace idchip::sim {
namespace {

namespace sw = iso7816::sw;
namespace ins = iso7816::ins;

// SW_COMMAND_NOT_ALLOWED of the Java Card interface: it is personalized, and not locked yet.
constexpr std::uint16_t not_allowed = 0x6986;
constexpr std::size_t largest_read = 224, largest_file = 0x7FFF;
constexpr std::uint16_t ef_card_access = 0x011C, ef_sod = 0x011D, ef_com = 0x011E, ef_dg14 = 0x010E;

// P2 of PUT DATA.
constexpr Byte tag_modulus = 0x60, tag_exponent = 0x61, tag_mrz = 0x62, tag_ec_key = 0x63, tag_trust_point = 0x64, tag_pace = 0x65,
               tag_date = 0x67;
constexpr Byte p1_life_cycle = 0xDE, p2_personalized = 0xAF, p2_locked = 0xAD, p2_open_reading = 0xFE;

bool has_place(std::uint16_t fid) { return (fid >= 0x0101 && fid <= 0x010F) || (fid >= ef_card_access && fid <= ef_com); }

bool selects_applet(const iso7816::CommandApdu& c) { return c.cla == 0x00 && c.ins == ins::select && c.p1 == 0x04; }

// A command that only a document could answer, from a card that has no access keys yet.
std::uint16_t refusal(const iso7816::CommandApdu& c, bool applet_selected) {
    if (c.cla == 0x0C) return sw::sm_not_supported;
    if (c.cla != 0x00) return sw::cla_not_supported;
    if (!applet_selected) return sw::ins_not_supported;
    switch (c.ins) {
        case ins::get_challenge:
        case ins::external_authenticate:
        case ins::internal_authenticate:
        case ins::perform_security_operation: return sw::security_status_not_satisfied;
        case ins::manage_security_environment: return sw::reference_data_not_found;
        case ins::general_authenticate: return sw::conditions_not_satisfied;
        default: return sw::ins_not_supported;
    }
}

}  // namespace

LifecycleApplet::LifecycleApplet(CardOptions options, Rng& rng) : Blank(std::move(options), rng) {}

Bytes LifecycleApplet::atr() const { return {0x3B, 0x80, 0x80, 0x01, 0x01}; }

void LifecycleApplet::start() {
    session_ = {};
    document_.reset();
}

void LifecycleApplet::forget() {
    session_ = {};
    document_.reset();
}

Bytes LifecycleApplet::answer(ByteView bytes) {
    const auto command = Command::parse(bytes);
    if (!command || command->extended) return Response::of(sw::wrong_length).encode();
    if (selects_applet(*command)) return select_applet(*command).encode();
    if (!is_for_issuer(*command)) return to_document(*command, bytes);
    return process(*command).encode();
}

// --- the document

Emrtd* LifecycleApplet::document() {
    if (!document_ && !issued_.bac_k_seed.empty()) start_document();
    return document_.get();
}

void LifecycleApplet::start_document() {
    auto config = document_config(issued_, files_);
    if (!config) {  // files or keys are half written: what is left is basic access control
        Issued access;
        access.bac_k_seed = issued_.bac_k_seed.clone();
        auto files = files_;
        for (const auto fid : {ef_card_access, ef_dg14}) files.remove(fid);
        config = document_config(access, std::move(files));
    }
    document_ = opened(std::move(config));
    if (document_ && session_.applet_selected)
        document_->transmit(*Command{0x00, ins::select, 0x04, 0x0C, to_bytes(lds::application_aid), {}}.encode());
}

Result<EmrtdConfig> LifecycleApplet::document_config(const Issued& issued, FileSystem files) const {
    // The applet has one place 011C, and finds its PACE parameters there.
    if (const auto* found = files.find(ef_card_access)) {
        auto file = *found;
        files.remove(ef_card_access);
        files.restore(in_master_file(ef_card_access), std::move(file));
    }
    auto config = TRY(make_config(issued, files, atr()));
    std::erase_if(config.pace, [](const PaceOffer& o) { return !o.domain.is_ec(); });
    // Chip authentication needs a trust point of terminal authentication, and runs in MSE:Set KAT alone.
    if (issued.cvca.empty()) config.chip_authentication.clear();
    for (auto& key : config.chip_authentication)
        std::erase_if(key.suites, [](const chip_auth::Suite& s) { return s.cipher != crypto::Cipher::tdes; });
    if (config.active_authentication) config.active_authentication->hash = crypto::HashAlg::sha1;
    for (const auto ef : {lds::Ef::dg3, lds::Ef::dg4}) config.refused[ef] = sw::security_status_not_satisfied;
    config.lengths.largest_read = largest_read;
    config.lengths.too_long = TooLong::cut;
    config.quirks.no_short_ids = config.quirks.no_end_warning = config.quirks.pace_in_application = true;
    return config;
}

Bytes LifecycleApplet::to_document(const Command& c, ByteView bytes) {
    auto* found = document();
    if (found == nullptr) return Response::of(refusal(c, session_.applet_selected)).encode();
    auto answer = found->transmit(bytes);
    // From the last step of an authentication to a status word without protection (Doc 9303-11, 9.8.5).
    const bool authenticates = c.cla == 0x00 && (c.ins == ins::external_authenticate || c.ins == ins::general_authenticate);
    session_.secured = (c.cla == 0x0C || authenticates) && answer.size() > 2;
    return answer;
}

// --- the issuer's commands

bool LifecycleApplet::is_for_issuer(const Command& c) const {
    return c.cla == 0x00 && session_.applet_selected &&
           (c.ins == ins::select || c.ins == ins::read_binary || c.ins == ins::update_binary || c.ins == ins::create_file ||
            c.ins == ins::put_data);
}

LifecycleApplet::Response LifecycleApplet::process(const Command& c) {
    if (session_.secured) return Response::of(sw::security_status_not_satisfied);  // in the clear, inside a session
    switch (c.ins) {
        case ins::select: return select_file(c);
        case ins::read_binary: return read_binary(c);
        case ins::update_binary: return update_binary(c);
        case ins::create_file: return create_file(c);
        default: return put_data(c);
    }
}

LifecycleApplet::Response LifecycleApplet::select_applet(const Command& c) {
    if (c.p2 != 0x00 && c.p2 != 0x0C) return Response::of(sw::wrong_p1_p2);
    if (!equal(c.data, lds::application_aid)) return Response::of(sw::file_not_found);
    session_ = {};
    session_.applet_selected = true;
    document_.reset();
    return Response::of(sw::ok);
}

std::uint16_t LifecycleApplet::may_write() const {
    switch (life_cycle_) {
        case LifeCycle::prepersonalized: return sw::ok;
        case LifeCycle::personalized: return not_allowed;
        case LifeCycle::locked: break;
    }
    return sw::conditions_not_satisfied;
}

// Read without secure messaging.
bool LifecycleApplet::is_open(std::uint16_t fid) const {
    return fid == ef_card_access || (locked() && open_reading_ && (fid == ef_com || fid == ef_sod));
}

LifecycleApplet::Response LifecycleApplet::select_file(const Command& c) {
    if (c.p1 != 0x02 || c.p2 != 0x0C) return Response::of(sw::wrong_p1_p2);
    if (c.data.size() != 2 || c.le) return Response::of(sw::wrong_length);
    const auto fid = static_cast<std::uint16_t>(read_be(c.data));
    const bool free_to_select = fid == ef_card_access || fid == ef_com || fid == ef_sod;
    if (locked() && !free_to_select) return Response::of(sw::security_status_not_satisfied);
    session_.selected.reset();
    if (files_.find(fid) == nullptr) return Response::of(sw::file_not_found);
    session_.selected = fid;
    return Response::of(sw::ok);
}

LifecycleApplet::Response LifecycleApplet::read_binary(const Command& c) {
    if (!session_.selected || !is_open(*session_.selected)) return Response::of(sw::security_status_not_satisfied);
    return read(*session_.selected, c, largest_read);
}

LifecycleApplet::Response LifecycleApplet::update_binary(const Command& c) {
    if (!session_.selected) return Response::of(sw::conditions_not_satisfied);
    if (const auto status = may_write(); status != sw::ok) return Response::of(status);
    if (c.p1 >= 0x80) return Response::of(sw::wrong_p1_p2);
    if (c.data.empty() || c.le) return Response::of(sw::wrong_length);
    const std::size_t offset = static_cast<std::size_t>(c.p1) << 8U | c.p2;
    if (offset + c.data.size() > files_.find(*session_.selected)->size) return Response::of(sw::not_enough_memory);
    document_.reset();
    write(*session_.selected, offset, c.data);
    return Response::of(sw::ok);
}

LifecycleApplet::Response LifecycleApplet::create_file(const Command& c) {
    if (const auto status = may_write(); status != sw::ok) return Response::of(status);
    const auto file = parse_create_file(c);
    if (file.status != sw::ok) return Response::of(file.status);
    if (!has_place(file.fid) || file.size > largest_file) return Response::of(sw::no_precise_diagnosis);
    if (!files_.create(file.fid, file.size)) return Response::of(sw::not_enough_memory);
    return stored();
}

// The life cycle and the date come before the question whether anything can still be written: they can be set in every state.
LifecycleApplet::Response LifecycleApplet::put_data(const Command& c) {
    if (c.le) return Response::of(sw::wrong_length);
    if (c.p1 == p1_life_cycle) return change_life_cycle(c);
    if (c.p1 == 0 && c.p2 == tag_date) return put_date(c.data);
    if (const auto status = may_write(); status != sw::ok) return Response::of(status);
    if (c.p2 == tag_trust_point) return put_trust_point(c.p1, c.data);
    if (c.p1 != 0) return Response::of(sw::wrong_p1_p2);
    switch (c.p2) {
        case tag_modulus:
        case tag_exponent: return put_rsa_part(c.p2 == tag_modulus, c.data);
        case tag_mrz: return put_mrz(c.data);
        case tag_ec_key: return put_chip_authentication_key(c.data);
        case tag_pace: return put_pace_secrets(c.data);
        default: return Response::of(sw::wrong_p1_p2);
    }
}

// The tags are those of the applet, or those that the fork's own tools send.
LifecycleApplet::Response LifecycleApplet::put_mrz(ByteView data) {
    auto mrz_information = mrz_information_of(data, {0x04, 0x04, 0x04});
    if (!mrz_information) mrz_information = mrz_information_of(data, {0x5F1F, 0x5F18, 0x5F19});
    if (!mrz_information) return Response::of(sw::wrong_data);
    issued_.bac_k_seed = bac::k_seed(*mrz_information);
    issued_.pace_k[1] = Secret(crypto::hash(crypto::HashAlg::sha1, as_bytes(*mrz_information)));
    return stored();
}

LifecycleApplet::Response LifecycleApplet::put_rsa_part(bool modulus, ByteView data) {
    auto [status, number] = parse_rsa_part(modulus ? tag_modulus : tag_exponent, data);
    if (status != sw::ok) return Response::of(sw::no_precise_diagnosis);
    if (modulus) issued_.aa_modulus = std::move(number);
    else issued_.aa_exponent = Secret(std::move(number));
    return stored();
}

LifecycleApplet::Response LifecycleApplet::put_chip_authentication_key(ByteView data) {
    auto scalar = lifecycle::scalar_of(data);
    if (scalar.empty()) return Response::of(sw::wrong_data);
    issued_.ca_scalar = std::move(scalar);
    return stored();
}

// The password of the zone (1) is taken and not used: it comes with the zone.
LifecycleApplet::Response LifecycleApplet::put_pace_secrets(ByteView data) {
    auto [status, passwords] = lifecycle::pace_secrets(data);
    if (status != sw::ok) return Response::of(status);
    for (auto& [reference, password] : passwords)
        if (reference != 1) issued_.pace_k[reference] = std::move(password);
    return stored();
}

LifecycleApplet::Response LifecycleApplet::put_trust_point(Byte number, ByteView data) {
    if (!issued_.cvca.empty()) return Response::of(sw::conditions_not_satisfied);
    if (number != 1 && number != 2) return Response::of(sw::wrong_p1_p2);
    if (!lifecycle::is_trust_point(data)) return Response::of(sw::wrong_data);
    issued_.cvca = to_bytes(data);
    return stored();
}

LifecycleApplet::Response LifecycleApplet::put_date(ByteView data) {
    if (data.size() != 6) return Response::of(sw::wrong_length);
    const auto date = date_of(data);
    if (!date) return Response::of(sw::wrong_data);
    issued_.date = date;
    return stored();
}

// One step after the other; a step that was taken can be said again.
LifecycleApplet::Response LifecycleApplet::change_life_cycle(const Command& c) {
    if (c.p2 == p2_open_reading) return set_open_reading(c.data);
    if (c.p2 != p2_personalized && c.p2 != p2_locked) return Response::of(sw::wrong_p1_p2);
    if (!c.data.empty()) return Response::of(sw::wrong_length);
    const auto target = c.p2 == p2_personalized ? LifeCycle::personalized : LifeCycle::locked;
    const auto before = c.p2 == p2_personalized ? LifeCycle::prepersonalized : LifeCycle::personalized;
    if (life_cycle_ == target) return Response::of(sw::ok);
    if (life_cycle_ != before) return Response::of(sw::conditions_not_satisfied);
    life_cycle_ = target;
    return stored();
}

LifecycleApplet::Response LifecycleApplet::set_open_reading(ByteView data) {
    if (data.size() != 1) return Response::of(sw::wrong_length);
    if (data[0] > 0x01) return Response::of(sw::wrong_data);
    open_reading_ = data[0] == 0x01;
    return stored();
}

LifecycleApplet::Response LifecycleApplet::stored() {
    document_.reset();
    persist();
    return Response::of(sw::ok);
}

Blank::Json LifecycleApplet::own_state() const {
    Json json;
    json["life_cycle"] = static_cast<int>(life_cycle_);
    json["open_reading"] = open_reading_;
    json["issued"] = issued_.to_json();
    return json;
}

Result<void> LifecycleApplet::restore_own(const nlohmann::json& json) {
    const int life_cycle = json.at("life_cycle");
    if (life_cycle < 0 || life_cycle > 2) return fail(Errc::bad_json, options_.state.string(), "no such life cycle");
    life_cycle_ = static_cast<LifeCycle>(life_cycle);
    open_reading_ = json.at("open_reading");
    issued_ = TRY(Issued::from_json(json.at("issued")));
    return {};
}

}  // namespace idchip::sim
