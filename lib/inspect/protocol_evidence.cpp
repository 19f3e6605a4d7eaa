#include "inspect/protocol_evidence.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::inspect {
namespace {

std::string hex4(std::uint16_t sw) { return fmt::format("{:04X}", sw); }

Result<std::uint16_t> sw_from(const Json& j) {
    if (!j.contains("sw")) return std::uint16_t{0};
    return static_cast<std::uint16_t>(read_be(TRY(from_hex(j["sw"].get<std::string>()))));
}

// Error, step and status word, where there are any.
void write_failure(Json& j, const std::string& error, const std::string& where, const std::string& detail, std::uint16_t sw) {
    if (!error.empty()) j["error"] = error;
    if (!where.empty()) j["where"] = where;
    if (!detail.empty()) j["detail"] = detail;
    if (sw != 0) j["sw"] = hex4(sw);
}

std::optional<std::int64_t> number_or_none(const Json& j, const char* key) {
    return j.contains(key) ? std::optional(j[key].get<std::int64_t>()) : std::nullopt;
}

Json attempt_json(const AccessAttempt& a) {
    Json j{{"protocol", a.protocol}};
    if (a.parameter_id) j["parameter_id"] = *a.parameter_id;
    j["password"] = a.password;
    write_failure(j, a.error, a.where, a.detail, a.sw);
    return j;
}

Result<AccessAttempt> attempt_from(const Json& j) {
    AccessAttempt a;
    a.protocol = j.at("protocol");
    a.parameter_id = number_or_none(j, "parameter_id");
    a.password = j.value("password", std::string());
    a.error = j.value("error", std::string());
    a.where = j.value("where", std::string());
    a.detail = j.value("detail", std::string());
    a.sw = TRY(sw_from(j));
    return a;
}

Json mapping_json(const MappingProof& m) {
    Json j{{"parameter_id", m.parameter_id}, {"pk_map_ic", to_hex(m.pk_map_ic)}};
    if (m.ca_ic) j["ca_ic"] = to_hex(*m.ca_ic);
    return j;
}

Result<MappingProof> mapping_from(const Json& j) {
    MappingProof m;
    m.parameter_id = j.at("parameter_id");
    m.pk_map_ic = TRY(from_hex(j.at("pk_map_ic").get<std::string>()));
    if (j.contains("ca_ic")) m.ca_ic = TRY(from_hex(j["ca_ic"].get<std::string>()));
    return m;
}

Json chip_json(const ChipAuthentication& c) {
    Json j{{"protocol", c.protocol}, {"proven", c.proven}};
    if (c.key_id) j["key_id"] = *c.key_id;
    write_failure(j, c.error, c.where, {}, c.sw);
    return j;
}

Result<ChipAuthentication> chip_from(const Json& j) {
    ChipAuthentication c;
    c.protocol = j.at("protocol");
    c.proven = j.at("proven");
    c.key_id = number_or_none(j, "key_id");
    c.error = j.value("error", std::string());
    c.where = j.value("where", std::string());
    c.sw = TRY(sw_from(j));
    return c;
}

Json active_json(const ActiveAuthentication& a) {
    Json j{{"challenge", to_hex(a.challenge)}, {"response", to_hex(a.response)}};
    write_failure(j, a.error, {}, {}, a.sw);
    return j;
}

Result<ActiveAuthentication> active_from(const Json& j) {
    ActiveAuthentication a;
    a.challenge = TRY(from_hex(j.at("challenge").get<std::string>()));
    a.response = TRY(from_hex(j.at("response").get<std::string>()));
    a.error = j.value("error", std::string());
    a.sw = TRY(sw_from(j));
    return a;
}

Json terminal_json(const TerminalAuthentication& t) {
    Json j{{"holder", t.holder}};
    write_failure(j, t.error, t.where, t.detail, t.sw);
    return j;
}

Result<TerminalAuthentication> terminal_from(const Json& j) {
    TerminalAuthentication t;
    t.holder = j.at("holder");
    t.error = j.value("error", std::string());
    t.where = j.value("where", std::string());
    t.detail = j.value("detail", std::string());
    t.sw = TRY(sw_from(j));
    return t;
}

}  // namespace

void write_protocols(Json& json, const Evidence& e) {
    if (!e.attempts.empty()) {
        json["attempts"] = Json::array();
        for (const auto& a : e.attempts) json["attempts"].push_back(attempt_json(a));
    }
    if (e.mapping_proof) json["mapping_proof"] = mapping_json(*e.mapping_proof);
    if (e.chip_authentication) json["chip_authentication"] = chip_json(*e.chip_authentication);
    if (e.active_authentication) json["active_authentication"] = active_json(*e.active_authentication);
    if (e.terminal_authentication) json["terminal_authentication"] = terminal_json(*e.terminal_authentication);
    if (!e.quirks.empty()) json["quirks"] = e.quirks;
    if (e.opens_without_access_control) json["opens_without_access_control"] = *e.opens_without_access_control;
    if (e.wire.commands != 0)
        json["wire"] = {
            {"commands", e.wire.commands}, {"bytes_to_chip", e.wire.bytes_to_chip}, {"bytes_from_chip", e.wire.bytes_from_chip}};
}

Result<void> read_protocols(const Json& j, Evidence& e) {
    if (j.contains("attempts"))
        for (const auto& a : j["attempts"]) e.attempts.push_back(TRY(attempt_from(a)));
    if (j.contains("mapping_proof")) e.mapping_proof = TRY(mapping_from(j["mapping_proof"]));
    if (j.contains("chip_authentication")) e.chip_authentication = TRY(chip_from(j["chip_authentication"]));
    if (j.contains("active_authentication")) e.active_authentication = TRY(active_from(j["active_authentication"]));
    if (j.contains("terminal_authentication")) e.terminal_authentication = TRY(terminal_from(j["terminal_authentication"]));
    if (j.contains("opens_without_access_control")) e.opens_without_access_control = j["opens_without_access_control"].get<bool>();
    if (j.contains("quirks")) e.quirks = j["quirks"].get<std::vector<std::string>>();
    if (j.contains("wire")) {
        const auto& w = j["wire"];
        e.wire = {w.at("commands"), w.at("bytes_to_chip"), w.at("bytes_from_chip")};
    }
    return {};
}

}  // namespace idchip::inspect
