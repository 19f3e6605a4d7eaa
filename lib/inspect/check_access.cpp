// How the chip was opened: family A of docs/inspection-cases.md, as far as evidence tells.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <idchip/chip/quirks.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/lds/security_infos.hpp>
#include <idchip/protocol/pace/pace.hpp>

#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

using lds::Ef;

constexpr auto id_control = "access.control", id_downgrade = "access.downgrade", id_card_access = "access.card_access",
               id_open = "access.open";

// What Doc 9303-11, 9.2.11 wants in EF.CardAccess and again, signed, in DG14.
std::set<Bytes> pace_infos(const std::optional<lds::SecurityInfos>& infos) {
    std::set<Bytes> found;
    if (!infos) return found;
    for (const auto& info : infos->infos)
        if (std::holds_alternative<lds::PaceInfo>(info.content) || std::holds_alternative<lds::PaceDomainParameterInfo>(info.content))
            found.insert(info.raw);
    return found;
}

std::string names_of(const std::set<Bytes>& raw, const std::optional<lds::SecurityInfos>& infos) {
    std::string text;
    for (const auto& info : infos->infos)
        if (raw.contains(info.raw)) text += (text.empty() ? "" : ", ") + lds::protocol_name(info.protocol);
    return text;
}

std::set<Bytes> without(const std::set<Bytes>& a, const std::set<Bytes>& b) {
    std::set<Bytes> rest;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(rest, rest.end()));
    return rest;
}

std::string reason(const AccessAttempt& a) {
    auto text = a.where;
    if (!a.detail.empty()) text += ": " + a.detail;
    if (a.sw != 0) text += (text.empty() ? "" : ", ") + iso7816::sw::describe(a.sw);
    return text;
}

const AccessAttempt* failed_pace(const Context& c) {
    for (const auto& a : c.evidence.attempts)
        if (a.protocol != "BAC" && !a.error.empty()) return &a;
    return nullptr;
}

// EF.CardAccess against its signed copy: what is missing in one of the two was taken out or put in by somebody.
void compare_card_access(Context& c) {
    const auto free = security_infos(c, Ef::card_access);
    const auto signed_copy = security_infos(c, Ef::dg14);
    const auto offered = pace_infos(free);
    const auto in_dg14 = pace_infos(signed_copy);
    if (!free || (offered.empty() && in_dg14.empty())) return;
    const auto before = c.findings.list.size();
    if (const auto stripped = without(in_dg14, offered); !stripped.empty())
        c.findings.refer(id_card_access, "A06", "DG14 offers PACE protocols that EF.CardAccess lacks", names_of(stripped, signed_copy));
    if (!signed_copy) {
        if (!offered.empty()) c.findings.note("access.card_access", "A07", "no DG14 confirms what EF.CardAccess offers");
    } else if (const auto injected = without(offered, in_dg14); !injected.empty()) {
        c.findings.refer(id_card_access, "A07", "EF.CardAccess offers PACE protocols that DG14 lacks", names_of(injected, free));
    }
    if (c.findings.list.size() == before) c.findings.pass(id_card_access, "EF.CardAccess offers what DG14 confirms");
}

void check_card_access_file(Context& c) {
    const auto it = c.evidence.files.find(Ef::card_access);
    if (it == c.evidence.files.end()) return;
    const auto& f = it->second;
    if (f.content) {
        const auto infos = lds::EfCardAccess::parse(*f.content);
        if (!infos)
            return c.findings.inconclusive("file.EF.CardAccess", Overall::refer, "A09", "EF.CardAccess has no valid structure",
                                           infos.error().message());
        c.findings.tolerances("", infos->notes);
        Notes notes;
        static_cast<void>(pace::choices(*infos, notes));
        for (const auto& note : notes)
            if (note.id == "pace.explicit_parameters")
                c.findings.inconclusive(id_card_access, Overall::accept_with_notes, "A19",
                                        "the chip proposes domain parameters of its own; they were not used", note.detail);
            else c.findings.tolerances("", {note});
    } else if (!f.error.empty()) {
        c.findings.inconclusive("file.EF.CardAccess", Overall::refer, "A09", "EF.CardAccess could not be read", f.error);
    }
}

void check_bac(Context& c) {
    const auto* failed = failed_pace(c);
    if (failed != nullptr)
        return c.findings.refer(id_downgrade, failed->where == "MSE:Set AT" ? "A01" : "A02",
                                "PACE was offered and failed, basic access control worked: the weaker door may have been forced",
                                failed->protocol + ": " + reason(*failed));
    const auto* dg14 = c.evidence.content(Ef::dg14);
    const auto signed_copy = security_infos(c, Ef::dg14);
    const bool offered = c.evidence.content(Ef::card_access) != nullptr && !pace_infos(security_infos(c, Ef::card_access)).empty();
    if (dg14 != nullptr && !pace_infos(signed_copy).empty() && !offered)
        return c.findings.refer(id_downgrade, "A05",
                                "DG14 offers PACE, and EF.CardAccess was hidden: the chip was opened by the weaker door",
                                names_of(pace_infos(signed_copy), signed_copy));
    c.findings.pass(id_control, "the chip was opened with basic access control");
}

void check_failed(Context& c) {
    const auto& a = c.evidence.attempts.back();
    c.findings.refer(id_control, a.protocol == "BAC" ? "A24" : "A12",
                     "the chip's answers in access control are not authentic; nothing was read", a.protocol + ": " + reason(a));
}

void check_quirks(Context& c) {
    for (const auto& name : c.evidence.quirks)
        if (const auto quirk = chip::quirk_by_name(name)) {
            const auto& info = chip::info(*quirk);
            c.findings.note("quirk." + name, std::string(info.case_id), std::string(info.text));
        }
}

}  // namespace

std::optional<lds::SecurityInfos> security_infos(const Context& c, Ef ef) {
    const auto* file = c.evidence.content(ef);
    if (file == nullptr) return std::nullopt;
    auto infos = ef == Ef::dg14 ? lds::Dg14::parse(*file) : lds::EfCardAccess::parse(*file);
    return infos ? std::optional(std::move(*infos)) : std::nullopt;
}

void check_access(Context& c) {
    check_card_access_file(c);
    if (c.evidence.access == "pace") {
        const auto& a = c.evidence.attempts.back();
        c.findings.pass(id_control, "the chip was opened with PACE and the " + a.password, a.protocol);
        if (c.evidence.opens_without_access_control.value_or(false))
            c.findings.refer(id_open, "A26", "the chip offers PACE, and gives its data to everybody who asks without it");
    } else if (c.evidence.access == "bac") {
        check_bac(c);
    } else if (c.evidence.access == "failed") {
        check_failed(c);
    } else if (c.evidence.access == "none") {
        if (!pace_infos(security_infos(c, Ef::dg14)).empty())
            c.findings.refer(id_control, "A26", "the chip was read without access control, and its DG14 offers PACE");
        else c.findings.note("access.control", "A26", "the chip was read without access control");
    }
    // Hidden offers are told once, as the downgrade that they led to.
    if (c.evidence.access != "bac") compare_card_access(c);
    check_quirks(c);
}

}  // namespace idchip::inspect
