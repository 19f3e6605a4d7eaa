// The files themselves: presence and structure. Family B of docs/inspection-cases.md.
#include "inspect/checks.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>

namespace idchip::inspect {
namespace {

using lds::Ef;

std::string file_id(Ef ef) { return "file." + lds::name(ef); }

void check_ends(Context& c) {
    for (const auto& [ef, f] : c.evidence.files)
        if (f.bytes_after_end != 0)
            c.findings.note("lds.bytes_after_file", "B14", lds::name(ef) + " is followed by further bytes on the chip",
                            fmt::format("{} bytes", f.bytes_after_end));
}

void judge_missing_com(Context& c) {
    const auto it = c.evidence.files.find(Ef::com);
    const auto sw = it == c.evidence.files.end() ? "" : iso7816::sw::describe(it->second.sw);
    if (it != c.evidence.files.end() && it->second.error == "sm.broken")
        c.findings.unavailable(file_id(Ef::com), Overall::refer, "A44", "the answer about EF.COM was not authentic, twice", sw);
    else c.findings.note(file_id(Ef::com), "B06", "the chip has no readable EF.COM", sw);
}

void check_com(Context& c) {
    const auto* file = c.evidence.content(Ef::com);
    if (file == nullptr) return judge_missing_com(c);
    const auto com = lds::EfCom::parse(*file);
    if (!com) {
        c.findings.note(file_id(Ef::com), "B06", "EF.COM has no valid structure", com.error().message());
        return;
    }
    c.findings.tolerances("", com->notes);
    if (!c.security_object) return;
    const auto& object = *c.security_object;
    if (object.version == 1 && com->lds_version != object.lds_version)
        c.findings.refer("file.EF.COM.version", "B06", "EF.COM contradicts the signed LDS version",
                         com->lds_version + " and " + object.lds_version);
    std::set<Ef> listed;
    for (const auto ef : com->files()) {
        listed.insert(ef);
        if (!object.data_group_hashes.contains(lds::dg_number(ef)))
            c.findings.refer("file.EF.COM.unsigned", "B04", "EF.COM lists " + lds::name(ef) + ", which nobody signed");
    }
    for (const auto& [number, hash] : object.data_group_hashes)
        if (const auto ef = lds::data_group(number); !listed.contains(ef) && c.evidence.content(ef) != nullptr)
            c.findings.note("file.EF.COM.incomplete", "B01", "EF.COM does not list " + lds::name(ef) + ", which is signed and present");
}

// Characters of the zone as DG1 holds it; line ends or spaces that a parser of typed zones passes over have no place there.
std::size_t zone_size(ByteView dg1) {
    tlv::Reader outer(dg1, tlv::Rules::ber);
    const auto file = outer.next();
    if (!file) return 0;
    const auto zone = outer.enter(*file).next();
    return zone ? zone->value.size() : 0;
}

void check_dg1_structure(Context& c) {
    const auto* file = c.evidence.content(Ef::dg1);
    if (file == nullptr) return;
    auto dg1 = lds::Dg1::parse(*file);
    if (!dg1) {
        const bool structure = dg1.error().name().starts_with("tlv.");
        c.findings.refer(file_id(Ef::dg1), structure ? "B16" : "G12", "DG1 holds no valid machine readable zone", dg1.error().message());
        return;
    }
    c.findings.tolerances("", dg1->notes);
    if (const auto& lines = dg1->mrz.lines; zone_size(*file) != lines.size() * lines[0].size())
        c.findings.refer(file_id(Ef::dg1), "G12", "DG1 holds characters that are no part of the machine readable zone");
    c.dg1 = std::move(*dg1);
}

void check_portrait(Context& c, const lds::Dg2& dg2) {
    const auto cannot_show = [&](const char* case_id, std::string why) {
        c.findings.unavailable("image.DG2", Overall::accept_with_notes, case_id,
                               "the portrait cannot be shown; its hash is judged by itself", std::move(why));
    };
    for (const auto& note : dg2.notes)
        if (note.id == "lds.dg2_face_unreadable") cannot_show("B22", note.detail);
    for (const auto& face : dg2.faces)
        if (const auto header = image::read_header(face.image); !header) cannot_show("B21", header.error().message());
}

void check_dg2_structure(Context& c) {
    const auto* file = c.evidence.content(Ef::dg2);
    if (file == nullptr) return;
    const auto dg2 = lds::Dg2::parse(*file);
    if (!dg2) {
        c.findings.refer(file_id(Ef::dg2), "B16", "DG2 has no valid structure", dg2.error().message());
        return;
    }
    c.findings.tolerances("", dg2->notes);
    check_portrait(c, *dg2);
}

}  // namespace

void check_files(Context& c) {
    check_com(c);
    check_ends(c);
    check_dg1_structure(c);
    check_dg2_structure(c);
}

}  // namespace idchip::inspect
