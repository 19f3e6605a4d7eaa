// Announcements, lengths, quirks, faults.
#include "cards/blueprint.hpp"

#include <fmt/format.h>

namespace idchip::cards {
namespace {

Result<lds::SecurityInfo> from_hex_text(const Node& node) {
    auto infos = lds::SecurityInfos::parse(tlv::element(der::set, TRY(node.hex())), "security_infos");
    if (!infos || infos->infos.size() != 1) return node.bad("not one SecurityInfo");
    return std::move(infos->infos[0]);
}

Result<lds::SecurityInfo> read_info(const Node& node) {
    TRY(node.check_keys("security_info"));
    if (node.has("hex") == node.has("protocol")) return node.bad("want one of hex, protocol");
    if (node.has("hex")) return from_hex_text(node.at("hex"));
    const auto oid = TRY(read_protocol(node.at("protocol")));
    std::optional<std::int64_t> version, parameter_id, key_id;
    const auto number = [](const Node& n) -> Result<std::int64_t> { return n.number(-1, INT32_MAX); };
    TRY(take(node, "version", version, number));
    TRY(take(node, "parameter_id", parameter_id, number));
    TRY(take(node, "key_id", key_id, number));
    if (pace::Suite::of(oid)) return lds::SecurityInfo::of(oid, lds::PaceInfo{version.value_or(2), parameter_id});
    if (chip_auth::Suite::of(oid)) return lds::SecurityInfo::of(oid, lds::ChipAuthenticationInfo{version.value_or(1), key_id});
    if (lds::protocol_name(oid) == "id-TA") return lds::SecurityInfo::of(oid, lds::TerminalAuthenticationInfo{version.value_or(1), {}, {}});
    return node.bad("give this one as hex");
}

Result<InfoChanges> read_changes(const Node& node) {
    TRY(node.check_keys("info_changes"));
    InfoChanges c;
    if (node.has("without"))
        for (const auto& item : TRY(node.at("without").items())) c.without.push_back(TRY(read_protocol(item)));
    if (node.has("with"))
        for (const auto& item : TRY(node.at("with").items())) c.with.push_back(TRY(read_info(item)));
    return c;
}

struct Flag {
    const char* key;
    bool sim::Quirks::*member;
};
constexpr Flag quirk_flags[] = {{"no_short_ids", &sim::Quirks::no_short_ids},
                                {"select_needs_le", &sim::Quirks::select_needs_le},
                                {"plain_select", &sim::Quirks::plain_select},
                                {"abort_selects_mf", &sim::Quirks::abort_selects_mf},
                                {"le_zero_refused", &sim::Quirks::le_zero_refused},
                                {"no_end_warning", &sim::Quirks::no_end_warning},
                                {"end_refused", &sim::Quirks::end_refused},
                                {"get_response", &sim::Quirks::get_response},
                                {"pace_in_application", &sim::Quirks::pace_in_application},
                                {"pace_wants_parameter_id", &sim::Quirks::pace_wants_parameter_id},
                                {"pace_refuses_parameter_id", &sim::Quirks::pace_refuses_parameter_id},
                                {"set_kat_refused", &sim::Quirks::set_kat_refused}};

Result<sim::Fault> read_fault(const Node& node) {
    const auto named = [](const Node& n) -> Result<sim::FaultId> {
        const auto id = sim::fault_by_name(TRY(n.text()));
        if (!id) return n.bad("no fault is called so");
        return *id;
    };
    if (node.is_text()) return sim::Fault{TRY(named(node))};
    TRY(node.check_keys("fault"));
    if (!node.has("name")) return node.bad("\"name\" is missing");
    sim::Fault f{TRY(named(node.at("name")))};
    for (const auto& [key, value] : TRY(node.members()))
        if (key != "name" && !sim::info(f.id).takes(key)) return value.bad(fmt::format("{} does not take this", sim::info(f.id).name));
    if (node.has("file")) f.file = TRY(read_file_name(node.at("file")));
    if (node.has("after")) f.after = static_cast<unsigned>(TRY(node.at("after").number(0, 1'000'000)));
    if (node.has("sw")) f.sw = TRY(node.at("sw").status_word());
    if (node.has("step")) f.step = static_cast<unsigned>(TRY(node.at("step").number(1, 4)));
    TRY(take(node, "bytes", f.bytes, as_size));
    return f;
}

}  // namespace

Result<der::Oid> read_protocol(const Node& node) {
    const auto oid = lds::protocol_by_name(TRY(node.text()));
    if (!oid) return node.bad("no protocol is called so");
    return *oid;
}

Result<std::map<lds::Ef, InfoChanges>> read_security_infos(const Node& node) {
    TRY(node.check_keys("security_infos"));
    std::map<lds::Ef, InfoChanges> changes;
    for (const auto& [name, file] : TRY(node.members())) changes[*lds::ef_by_name(name)] = TRY(read_changes(file));
    return changes;
}

Result<sim::Lengths> read_lengths(const Node& node) {
    TRY(node.check_keys("lengths"));
    sim::Lengths l;
    TRY(take(node, "extended", l.extended, as_flag));
    TRY(take(node, "command_chaining", l.command_chaining, as_flag));
    if (l.extended) l.largest_command = l.largest_response = 65'535;
    const auto apdu = [](const Node& n) -> Result<std::size_t> { return static_cast<std::size_t>(TRY(n.number(64, 65'538))); };
    TRY(take(node, "largest_command", l.largest_command, apdu));
    TRY(take(node, "largest_response", l.largest_response, apdu));
    TRY(take(node, "largest_read", l.largest_read, as_size));
    constexpr sim::TooLong order[] = {sim::TooLong::correct_length, sim::TooLong::wrong_length, sim::TooLong::cut};
    if (node.has("too_long")) l.too_long = order[TRY(node.at("too_long").choice({"6Cxx", "6700", "cut"}))];
    return l;
}

Result<sim::Quirks> read_quirks(const Node& node) {
    TRY(node.check_keys("quirks"));
    sim::Quirks q;
    for (const auto& [key, member] : quirk_flags) TRY(take(node, key, q.*member, as_flag));
    if (node.has("select_p2")) q.select_p2 = TRY(node.at("select_p2").choice({"00", "0C"})) == 0 ? Byte{0x00} : Byte{0x0C};
    if (node.has("select_mf")) q.select_mf = TRY(node.at("select_mf").status_word());
    if (node.has("odd_from")) q.odd_from = TRY(as_size(node.at("odd_from")));
    return q;
}

Result<sim::Faults> read_faults(const Node& node) {
    sim::Faults faults;
    for (const auto& item : TRY(node.items())) faults.push_back(TRY(read_fault(item)));
    return faults;
}

}  // namespace idchip::cards
