// The data groups against their signed hashes: family B of docs/inspection-cases.md. With EF.SOD and its issuer, this is passive
// authentication (Doc 9303-11, 5.1).
#include "inspect/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/iso7816/status_word.hpp>

namespace idchip::inspect {
namespace {

using lds::Ef;

std::string file_id(Ef ef) { return "file." + lds::name(ef); }
std::string hash_id(Ef ef) { return "pa.hash." + lds::name(ef); }

bool is_clone_defence(Ef ef) { return ef == Ef::dg14 || ef == Ef::dg15; }
bool needs_terminal_authentication(Ef ef) { return ef == Ef::dg3 || ef == Ef::dg4; }

bool was_asked_for(const FileEvidence* f) { return f != nullptr && (f->sw != 0 || !f->error.empty()); }

// The chip refused a signed data group.
void judge_refused(Context& c, Ef ef, std::uint16_t status) {
    const auto name = lds::name(ef);
    const auto sw = iso7816::sw::describe(status);
    const bool absent = status == iso7816::sw::file_not_found;
    if (needs_terminal_authentication(ef) && !absent)
        c.findings.add(file_id(ef), Outcome::not_applicable, Overall::accept, "B27",
                       name + " is protected by terminal authentication and was not read", sw);
    else if (is_clone_defence(ef) && absent)
        c.findings.reject(file_id(ef), "B01", name + " is signed, but gone from the chip: its protection against copying was removed", sw);
    else if (is_clone_defence(ef)) c.findings.refer(file_id(ef), "B02", name + " is signed, and the chip refuses it without a reason", sw);
    else if (absent) c.findings.refer(file_id(ef), "B08", name + " is signed, but not on the chip", sw);
    else c.findings.unavailable(file_id(ef), Overall::cannot, "B08", name + " is signed and could not be read", sw);
}

// A signed data group of which there is no content.
void judge_missing(Context& c, Ef ef, const FileEvidence* f) {
    const auto name = lds::name(ef);
    if (!was_asked_for(f)) {
        // Nobody without a terminal certificate could have read these: a dump that lacks them lacks nothing.
        if (needs_terminal_authentication(ef))
            c.findings.add(file_id(ef), Outcome::not_applicable, Overall::accept, "B27", name + " was not read");
        else c.findings.unavailable(file_id(ef), Overall::cannot, "B08", name + " is signed and was not read");
    } else if (f->error == "sm.broken") {
        c.findings.unavailable(file_id(ef), Overall::refer, "A44", "the answer about " + name + " was not authentic, twice",
                               iso7816::sw::describe(f->sw));
    } else if (f->error == "chip.nonsense") {
        const auto overall = is_clone_defence(ef) ? Overall::refer : Overall::cannot;
        c.findings.unavailable(file_id(ef), overall, "A40", "the chip gives no sensible answer about " + name, f->error);
    } else if (!f->error.empty()) {
        c.findings.refer(file_id(ef), "B16", name + " has no valid structure", f->error);
    } else {
        judge_refused(c, ef, f->sw);
    }
}

// What comes first in the file; all of it when it is no TLV object.
ByteView object_in(ByteView content) {
    const auto object = tlv::Reader(content, tlv::Rules::ber).next();
    return object ? object->raw : content;
}

// What was signed of a file: all of it, or the object in it where chip or dump give padding too.
ByteView signed_part(const lds::LdsSecurityObject& object, ByteView signed_hash, ByteView content) {
    const auto has_hash = [&](ByteView part) { return equal(crypto::hash(object.hash_alg, part), signed_hash); };
    if (has_hash(content)) return content;
    const auto inner = object_in(content);
    return has_hash(inner) ? inner : ByteView();
}

void check_hash(Context& c, Ef ef, ByteView signed_hash, ByteView content) {
    const auto name = lds::name(ef);
    const auto part = signed_part(*c.security_object, signed_hash, content);
    if (part.empty()) {
        c.findings.reject(hash_id(ef), "B07", name + " was changed after it was signed",
                          fmt::format("{} of {} bytes", crypto::name(c.security_object->hash_alg), content.size()));
        return;
    }
    const auto detail = fmt::format("{} bytes", part.size());
    // A hash proves as much as the signature over it (case I06).
    if (c.object_authentic) c.findings.pass(hash_id(ef), name + " is as it was signed", detail);
    else
        c.findings.inconclusive(hash_id(ef), Overall::accept_with_notes, "I06",
                                name + " has the hash in EF.SOD, but EF.SOD itself is not proven", detail);
    if (part.size() < content.size())
        c.findings.note("lds.bytes_after_file", "B14", "bytes that are not signed follow " + name,
                        fmt::format("{} bytes", content.size() - part.size()));
    const auto& terminal = c.evidence.terminal_authentication;
    if (needs_terminal_authentication(ef) && (!terminal || !terminal->error.empty()))
        c.findings.note(file_id(ef), "B26", name + " could be read without terminal authentication");
}

void check_signed_groups(Context& c) {
    for (const auto& [number, signed_hash] : c.security_object->data_group_hashes) {
        const auto ef = lds::data_group(number);
        const auto it = c.evidence.files.find(ef);
        const FileEvidence* f = it == c.evidence.files.end() ? nullptr : &it->second;
        if (f != nullptr && f->content) check_hash(c, ef, signed_hash, *f->content);
        else judge_missing(c, ef, f);
    }
}

void check_unsigned_groups(Context& c) {
    for (const auto& [ef, f] : c.evidence.files) {
        if (!lds::is_data_group(ef) || !f.content || c.security_object->data_group_hashes.contains(lds::dg_number(ef))) continue;
        c.findings.refer(file_id(ef), "B03", lds::name(ef) + " is on the chip, but nobody signed it");
    }
}

}  // namespace

bool is_authentic(const Context& c, Ef ef) {
    return std::any_of(c.findings.list.begin(), c.findings.list.end(),
                       [id = hash_id(ef)](const Finding& f) { return f.id == id && f.outcome == Outcome::pass; });
}

void check_hashes(Context& c) {
    if (!c.security_object) return;
    check_signed_groups(c);
    check_unsigned_groups(c);
}

}  // namespace idchip::inspect
