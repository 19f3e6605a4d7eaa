#include <idchip/report/verdict.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/lds/dg1.hpp>

#include "report/tree.hpp"

namespace idchip::report {
namespace {

using inspect::Finding;
using inspect::Outcome;
using inspect::Overall;

bool passed(const inspect::Verdict& v, std::string_view id) {
    bool found = false;
    for (const auto& f : v.findings) {
        if (f.id != id) continue;
        if (f.outcome == Outcome::fail || f.outcome == Outcome::inconclusive) return false;
        found |= f.outcome == Outcome::pass;
    }
    return found;
}

bool failed(const inspect::Verdict& v, std::string_view id) {
    return std::any_of(v.findings.begin(), v.findings.end(), [&](const Finding& f) { return f.id == id && f.outcome == Outcome::fail; });
}

// Data of the chip is shown as the document's only when somebody trusted signed it.
bool authentic(const JudgedDocument& j, lds::Ef ef) {
    return passed(j.verdict, "pa.signature") && passed(j.verdict, "pki.chain") && passed(j.verdict, "pa.content_type") &&
           passed(j.verdict, "pa.hash." + lds::name(ef)) && !failed(j.verdict, "pki.revocation") && !failed(j.verdict, "pki.csca");
}

Json document_json(const JudgedDocument& j) {
    Json d;
    const auto* file = j.evidence.content(lds::Ef::dg1);
    const auto dg1 = file != nullptr ? std::optional(lds::Dg1::parse(*file)) : std::nullopt;
    if (!dg1 || !*dg1) return d;
    const auto& m = (*dg1)->mrz.mrz;
    d["authentic"] = authentic(j, lds::Ef::dg1);
    d["document_code"] = m.document_code;
    d["issuing_state"] = m.issuing_state;
    d["document_number"] = m.document_number;
    d["primary_identifier"] = m.primary;
    d["secondary_identifier"] = m.secondary;
    d["nationality"] = m.nationality;
    d["birth"] = m.birth;
    d["sex"] = std::string(1, m.sex);
    d["expiry"] = m.expiry;
    d["mrz"] = (*dg1)->mrz.lines;
    return d;
}

Json trust_json(const pki::TrustStore& t) {
    Json j;
    j["source"] = t.source;
    j["csca_certificates"] = t.csca.size();
    j["revocation_lists"] = t.crls.size();
    Instant newest;
    for (const auto& crl : t.crls) newest = std::max(newest, crl.this_update);
    if (!t.crls.empty()) j["newest_revocation_list"] = to_iso(newest);
    j["skipped"] = Json::array();
    for (const auto& error : t.skipped) j["skipped"].push_back(error.message());
    return j;
}

Json finding_json(const Finding& f) {
    Json j;
    j["id"] = f.id;
    j["outcome"] = inspect::name(f.outcome);
    j["leads_to"] = inspect::name(f.overall);
    j["text"] = printable(f.text);
    if (!f.detail.empty()) j["detail"] = printable(f.detail);
    if (!f.case_id.empty()) j["case"] = f.case_id;
    return j;
}

struct Style {
    std::string_view colour, mark;
};

Style style_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::pass: return {"\033[32m", "ok  "};
        case Outcome::note: return {"\033[33m", "note"};
        case Outcome::not_applicable: return {"\033[2m", "n/a "};
        case Outcome::inconclusive: return {"\033[33m", "?   "};
        case Outcome::unavailable: return {"\033[33m", "--  "};
        case Outcome::fail: return {"\033[31m", "FAIL"};
    }
    return {};
}

// What an officer wants to read even when all is well: who signed, whom that leads to, whether it still holds.
bool is_headline(const Finding& f) {
    return f.id == "pa.signature" || f.id == "pki.chain" || f.id == "pki.revocation" || f.id == "document.expiry";
}

std::string_view banner_colour(Overall overall) {
    switch (overall) {
        case Overall::accept: return "\033[1;37;42m";
        case Overall::accept_with_notes: return "\033[1;30;42m";
        case Overall::refer: return "\033[1;30;43m";
        case Overall::reject: return "\033[1;37;41m";
        case Overall::cannot: return "\033[1;37;44m";
    }
    return {};
}

std::string name_text(std::string part) {
    std::replace(part.begin(), part.end(), '<', ' ');
    return part;
}

std::string document_line(const JudgedDocument& j) {
    const auto d = document_json(j);
    if (d.is_null()) return "no readable DG1";
    return printable(fmt::format("{} {} {}, {} {}, born {}, {}", d["document_code"].get<std::string>(),
                                 d["issuing_state"].get<std::string>(), d["document_number"].get<std::string>(),
                                 name_text(d["primary_identifier"]), name_text(d["secondary_identifier"]), d["birth"].get<std::string>(),
                                 d["authentic"].get<bool>() ? "signed data" : "NOT AUTHENTIC"));
}

}  // namespace

std::string to_json(const JudgedDocument& j) {
    Json out;
    out["verdict"] = inspect::name(j.verdict.overall);
    out["exit_code"] = inspect::exit_code(j.verdict.overall);
    out["judged_at"] = to_iso(j.judged_at);
    out["read_at"] = to_iso(j.evidence.read_at);
    out["reader"] = j.evidence.reader;
    out["access"] = j.evidence.access;
    out["document"] = document_json(j);
    out["findings"] = Json::array();
    for (const auto& f : j.verdict.findings) out["findings"].push_back(finding_json(f));
    out["files"] = Json::object();
    for (const auto& [ef, f] : j.evidence.files) {
        Json entry;
        if (f.content) entry["bytes"] = f.content->size();
        entry["status"] = f.sw == 0 ? "not read" : iso7816::sw::describe(f.sw);
        entry["authentic"] = lds::is_data_group(ef) && authentic(j, ef);
        if (!f.error.empty()) entry["error"] = f.error;
        out["files"][lds::name(ef)] = std::move(entry);
    }
    out["wire"] = {{"commands", j.evidence.wire.commands},
                   {"bytes_to_chip", j.evidence.wire.bytes_to_chip},
                   {"bytes_from_chip", j.evidence.wire.bytes_from_chip}};
    out["trust"] = trust_json(j.trust);
    return out.dump(1) + "\n";
}

std::string to_text(const JudgedDocument& j, bool colour, bool every_finding) {
    const std::string_view reset = colour ? "\033[0m" : "";
    const auto paint = [&](std::string_view code) { return colour ? code : std::string_view(); };
    std::string out =
        fmt::format("{} {} {}  {}\n", paint(banner_colour(j.verdict.overall)), inspect::name(j.verdict.overall), reset, document_line(j));
    auto findings = j.verdict.findings;
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
        return a.overall != b.overall ? a.overall > b.overall : a.outcome > b.outcome;
    });
    std::size_t hidden = 0;
    for (const auto& f : findings) {
        if (!every_finding && f.outcome == Outcome::pass && !is_headline(f)) {
            ++hidden;
            continue;
        }
        const auto style = style_of(f.outcome);
        out += fmt::format("  {}{}{} {}{}{}\n", paint(style.colour), style.mark, reset, printable(f.text),
                           f.detail.empty() ? "" : " (" + printable(f.detail) + ")", f.case_id.empty() ? "" : " [" + f.case_id + "]");
    }
    if (hidden != 0) out += fmt::format("  {}ok  {} {} more checks passed (--all lists them)\n", paint("\033[32m"), reset, hidden);
    out += fmt::format("  trust: {}, {} CSCA certificates, {} revocation lists; judged at {}\n", j.trust.source, j.trust.csca.size(),
                       j.trust.crls.size(), to_iso(j.judged_at));
    return out;
}

std::string wire_text(const inspect::Evidence& e) {
    return fmt::format("  wire: {} commands, {} bytes to the chip, {} bytes from it\n", e.wire.commands, e.wire.bytes_to_chip,
                       e.wire.bytes_from_chip);
}

}  // namespace idchip::report
