// The data groups that no verdict hangs on by themselves: their structure, their tolerances, and whether national data agree with DG1.
#include <algorithm>

#include <fmt/format.h>

#include <idchip/lds/details.hpp>
#include <idchip/lds/dg15.hpp>
#include <idchip/lds/dg16.hpp>
#include <idchip/lds/dg3.hpp>
#include <idchip/lds/dg4.hpp>
#include <idchip/lds/displayed_image.hpp>
#include <idchip/lds/issuer_file.hpp>
#include <idchip/lds/security_infos.hpp>
#include <idchip/national/vietnam/agreement.hpp>
#include <idchip/tlv/reader.hpp>

#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

using lds::Ef;

Result<Notes> notes_of(Ef ef, ByteView file) {
    const auto notes = [](auto&& parsed) -> Result<Notes> {
        if (!parsed) return fail(std::move(parsed.error()));
        return std::move(parsed->notes);
    };
    // A file without any is no biometric (9303-10, 4.7.3.1: issuers may fill it with random bytes instead).
    const auto templates = [&](auto&& parsed) -> Result<Notes> {
        if (parsed && parsed->templates.empty()) parsed->notes.push_back({"lds.biometric_none", lds::name(ef), {}});
        return notes(std::move(parsed));
    };
    switch (ef) {
        case Ef::dg3: return templates(lds::Dg3::parse(file));
        case Ef::dg4: return templates(lds::Dg4::parse(file));
        case Ef::dg5:
        case Ef::dg7: return notes(lds::DisplayedImages::parse(ef, file));
        case Ef::dg11:
        case Ef::dg12: return notes(lds::DetailFile::parse(ef, file));
        case Ef::dg14: return notes(lds::Dg14::parse(file));
        case Ef::dg15: return notes(lds::Dg15::parse(file));
        case Ef::dg16: return notes(lds::Dg16::parse(file));
        default: return notes(lds::IssuerFile::parse(ef, file));
    }
}

// The contents of an issuer's own file have no parser; lengths in a longer form than needed are told apart all the same.
bool has_long_length(ByteView file) {
    std::vector<tlv::Reader> open;
    open.emplace_back(file, tlv::Rules::ber);
    while (!open.empty()) {
        auto e = open.back().at_end() ? Result<tlv::Element>(fail(Errc::tlv_missing)) : open.back().next();
        if (!e) open.pop_back();
        else if (!e->minimal_length) return true;
        else if (e->constructed) open.push_back(open.back().enter(*e));
    }
    return false;
}

bool is_vietnamese(const Context& c) { return c.dg1 && c.dg1->mrz.mrz.issuing_state == "VNM"; }

// DG13 of Vietnam has no published format: what is not understood is no reason to doubt a signed file.
void check_vietnamese_details(Context& c, ByteView file) {
    const auto dg13 = vietnam::Dg13::parse(file);
    if (!dg13)
        return c.findings.note("file.DG13.format", "B24", "DG13 is not in the form of the Vietnamese cards that are known",
                               dg13.error().message());
    c.findings.tolerances("", dg13->notes);
    Notes notes;
    const auto details = vietnam::read_details(*dg13, notes);
    c.findings.tolerances("", notes);
    for (const auto& p : vietnam::compare_zone(c.dg1->mrz, details))
        c.findings.note("document.national", "B24", "DG13 and DG1 do not say the same", p.field + ": " + p.message);
}

void check_group(Context& c, Ef ef, ByteView file) {
    if (ef == Ef::dg13 && is_vietnamese(c)) return check_vietnamese_details(c, file);
    const auto notes = notes_of(ef, file);
    if (!notes)
        return c.findings.refer("file." + lds::name(ef), "B16",
                                lds::name(ef) + " has no valid structure (" + std::string(lds::info(ef).clause) + ")",
                                notes.error().message());
    c.findings.tolerances("", *notes);
    const bool noted = std::any_of(notes->begin(), notes->end(), [](const Note& n) { return n.id == "lds.length_not_minimal"; });
    if (!noted && has_long_length(file)) c.findings.tolerances("", {{"lds.length_not_minimal", lds::name(ef), {}}});
}

}  // namespace

void check_details(Context& c) {
    for (const auto& [ef, f] : c.evidence.files)
        if (f.content && lds::is_data_group(ef) && ef != Ef::dg1 && ef != Ef::dg2) check_group(c, ef, *f.content);
}

}  // namespace idchip::inspect
