// The files against what is signed of them: family B of docs/inspection-cases.md.
#include "inspect/checks.hpp"

#include <set>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>

namespace idchip::inspect {
namespace {

using lds::Ef;

std::string file_id(Ef ef) { return "file." + lds::name(ef); }
std::string hash_id(Ef ef) { return "pa.hash." + lds::name(ef); }

bool is_clone_defence(Ef ef) { return ef == Ef::dg14 || ef == Ef::dg15; }
bool needs_terminal_authentication(Ef ef) { return ef == Ef::dg3 || ef == Ef::dg4; }

// A signed data group that could not be read.
void judge_missing(Context& c, Ef ef, const FileEvidence* f) {
    const auto name = lds::name(ef);
    if (f == nullptr) {
        c.findings.add(file_id(ef), Outcome::unavailable, Overall::cannot, "B08", name + " is signed and was not read");
        return;
    }
    const auto sw = iso7816::sw::describe(f->sw);
    if (f->error == "sm.broken") {
        c.findings.add(file_id(ef), Outcome::unavailable, Overall::refer, "A44",
                       "the answer about " + name + " was not authentic, twice", sw);
    } else if (!f->error.empty()) {
        c.findings.refer(file_id(ef), "B16", name + " has no valid structure", f->error);
    } else if (needs_terminal_authentication(ef) && f->sw != iso7816::sw::file_not_found) {
        c.findings.add(file_id(ef), Outcome::not_applicable, Overall::accept, "B27",
                       name + " is protected by terminal authentication and was not read", sw);
    } else if (is_clone_defence(ef) && f->sw == iso7816::sw::file_not_found) {
        c.findings.reject(file_id(ef), "B01", name + " is signed, but gone from the chip: its protection against copying was removed", sw);
    } else if (is_clone_defence(ef)) {
        c.findings.refer(file_id(ef), "B02", name + " is signed, and the chip refuses it without a reason", sw);
    } else if (f->sw == iso7816::sw::file_not_found) {
        c.findings.refer(file_id(ef), "B08", name + " is signed, but not on the chip", sw);
    } else {
        c.findings.add(file_id(ef), Outcome::unavailable, Overall::cannot, "B08", name + " is signed and could not be read", sw);
    }
}

void check_hashes(Context& c) {
    const auto& object = *c.security_object;
    for (const auto& [number, signed_hash] : object.data_group_hashes) {
        const auto ef = lds::data_group(number);
        const auto it = c.evidence.files.find(ef);
        const FileEvidence* f = it == c.evidence.files.end() ? nullptr : &it->second;
        if (f == nullptr || !f->content) {
            judge_missing(c, ef, f);
            continue;
        }
        if (equal(crypto::hash(object.hash_alg, *f->content), signed_hash)) {
            c.findings.pass(hash_id(ef), lds::name(ef) + " is as it was signed", fmt::format("{} bytes", f->content->size()));
            if (needs_terminal_authentication(ef))
                c.findings.note(file_id(ef), "B26", lds::name(ef) + " could be read without terminal authentication");
        } else {
            c.findings.reject(hash_id(ef), "B07", lds::name(ef) + " was changed after it was signed",
                              fmt::format("{} of {} bytes", name(object.hash_alg), f->content->size()));
        }
        if (f->bytes_after_end != 0)
            c.findings.note("lds.bytes_after_file", "B14", lds::name(ef) + " is followed by further bytes on the chip",
                            fmt::format("{} bytes", f->bytes_after_end));
    }
}

void check_unsigned_groups(Context& c) {
    for (const auto& [ef, f] : c.evidence.files) {
        if (!lds::is_data_group(ef) || !f.content || c.security_object->data_group_hashes.contains(lds::dg_number(ef))) continue;
        c.findings.refer(file_id(ef), "B03", lds::name(ef) + " is on the chip, but nobody signed it");
    }
}

void check_com(Context& c) {
    const auto* file = c.evidence.content(Ef::com);
    if (file == nullptr) {
        const auto it = c.evidence.files.find(Ef::com);
        c.findings.note(file_id(Ef::com), "B06", "the chip has no readable EF.COM",
                        it == c.evidence.files.end() ? "" : iso7816::sw::describe(it->second.sw));
        return;
    }
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

void check_dg1_structure(Context& c) {
    const auto* file = c.evidence.content(Ef::dg1);
    if (file == nullptr) return;
    auto dg1 = lds::Dg1::parse(*file);
    if (!dg1) {
        c.findings.refer(file_id(Ef::dg1), "G12", "DG1 holds no valid machine readable zone", dg1.error().message());
        return;
    }
    c.findings.tolerances("", dg1->notes);
    c.dg1 = std::move(*dg1);
    for (const auto& f : c.findings.list)
        if (f.id == hash_id(Ef::dg1) && f.outcome == Outcome::pass) c.dg1_authentic = c.object_authentic;
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
    for (const auto& face : dg2->faces)
        if (const auto header = image::read_header(face.image); !header)
            c.findings.add("image.DG2", Outcome::unavailable, Overall::accept_with_notes, "B21",
                           "the portrait cannot be shown; its hash is judged by itself", header.error().message());
}

// Nothing here proves that the chip is the one that was issued; the officer must know.
void check_copy_protection(Context& c) {
    const auto& hashes = c.security_object->data_group_hashes;
    if (!hashes.contains(14) && !hashes.contains(15))
        c.findings.add("chip.genuine", Outcome::not_applicable, Overall::accept_with_notes, "E01",
                       "this kind of document cannot prove that its chip is no copy");
    else
        c.findings.add("chip.genuine", Outcome::inconclusive, Overall::accept_with_notes, "E01",
                       "the chip offers a proof that it is no copy; it was not asked for");
}

}  // namespace

void check_files(Context& c) {
    if (c.security_object) {
        check_hashes(c);
        check_unsigned_groups(c);
        check_copy_protection(c);
    }
    check_com(c);
    check_dg1_structure(c);
    check_dg2_structure(c);
}

}  // namespace idchip::inspect
