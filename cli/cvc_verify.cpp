// idchip cvc verify: what would a chip say that trusts these CVCA keys and stands at this date?
#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/pki/cv_chain.hpp>

#include "base/try.hpp"
#include "cvc.hpp"
#include "key_files.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using nlohmann::ordered_json;
using pki::CvCertificate;

struct Options {
    std::vector<std::string> trust, files;
    std::string at;
    bool json = false, tr03110 = false;
};

enum class Outcome { accepted, refused, not_reached };
struct Step {
    CvCertificate certificate;
    Outcome outcome = Outcome::not_reached;
    Date current_date;  // of the chip, afterwards
};

// A chain to one certificate that none of the others continues.
struct Verified {
    CvCertificate certificate;
    std::vector<Step> steps;
    std::optional<Error> error;
    pki::AccessRights rights;
    std::optional<Bytes> effective_authorization;  // of a DV or a terminal
    std::vector<std::string> trust_points;         // of the chip, afterwards
};

// Certificates that no other one continues.
std::vector<CvCertificate> ends_of(const std::vector<CvCertificate>& given) {
    std::vector<CvCertificate> ends;
    for (const auto& c : given) {
        const bool goes_on = std::any_of(given.begin(), given.end(), [&c](const CvCertificate& other) {
            return !other.self_signed() && other.certification_authority_reference == c.certificate_holder_reference;
        });
        if (!goes_on) ends.push_back(c);
    }
    // In a circle there is no end.
    if (ends.empty()) ends.push_back(given.front());
    return ends;
}

// Without others that have the same holder: this very certificate is to be judged.
std::vector<CvCertificate> without_rivals(const std::vector<CvCertificate>& given, const CvCertificate& end) {
    std::vector<CvCertificate> list;
    for (const auto& c : given)
        if (c.raw == end.raw || c.certificate_holder_reference != end.certificate_holder_reference) list.push_back(c);
    return list;
}

std::vector<std::string> unused(const std::vector<CvCertificate>& given, const std::vector<Verified>& chains) {
    std::vector<std::string> list;
    for (const auto& c : given) {
        const bool used = std::any_of(chains.begin(), chains.end(), [&c](const Verified& v) {
            return v.certificate.raw == c.raw ||
                   std::any_of(v.steps.begin(), v.steps.end(), [&c](const Step& s) { return s.certificate.raw == c.raw; });
        });
        if (!used) list.push_back(c.text());
    }
    return list;
}

Verified verify_chain(const std::vector<pki::CvKey>& trust, const std::vector<CvCertificate>& given, const CvCertificate& end, Date at,
                      pki::CvPolicy policy) {
    const auto& holder = end.certificate_holder_reference;
    Verified v;
    v.certificate = end;
    std::vector<std::string> references;
    for (const auto& point : trust) references.push_back(point.reference());
    auto chain = pki::order_chain(given, references, holder);
    if (!chain) {
        v.error = std::move(chain.error());
        return v;
    }
    pki::CvTrust chip;
    chip.current_date = at;
    for (const auto& point : trust)
        if (point.reference() == chain->front().certification_authority_reference) chip.add(point);
    pki::CvVerifier verifier(chip, policy);
    for (auto& c : *chain) {
        auto outcome = Outcome::not_reached;
        if (!v.error) {
            auto imported = verifier.import(c);
            outcome = imported ? Outcome::accepted : Outcome::refused;
            if (!imported) v.error = std::move(imported.error());
        }
        v.steps.push_back({std::move(c), outcome, chip.current_date});
    }
    if (v.error) return v;
    if (const auto* key = verifier.imported(); key != nullptr && key->reference() == holder) {
        v.rights = key->rights();
        v.effective_authorization = key->effective_authorization;
    }
    v.trust_points = chip.references();
    return v;
}

std::vector<std::string> names(const pki::AccessRights& rights) {
    std::vector<std::string> list;
    if (rights.dg3) list.emplace_back("DG3");
    if (rights.dg4) list.emplace_back("DG4");
    return list;
}

std::vector<std::string> shown(const std::vector<std::string>& references) {
    std::vector<std::string> list;
    for (const auto& r : references) list.push_back(pki::reference_text(r));
    return list;
}

ordered_json error_json(const Error& error) {
    ordered_json j;
    j["name"] = error.name();
    j["message"] = error.message();
    return j;
}

std::string_view word(Outcome outcome) {
    return outcome == Outcome::accepted ? "accepted" : outcome == Outcome::refused ? "refused" : "not reached";
}

ordered_json to_json(const Verified& v) {
    ordered_json j;
    j["holder"] = pki::reference_text(v.certificate.certificate_holder_reference);
    j["valid"] = !v.error;
    j["certificates"] = ordered_json::array();
    for (const auto& step : v.steps) {
        ordered_json s;
        s["certificate"] = step.certificate.text();
        s["issued_by"] = pki::reference_text(step.certificate.certification_authority_reference);
        s["outcome"] = word(step.outcome);
        s["current_date"] = to_iso(step.current_date);
        j["certificates"].push_back(std::move(s));
    }
    if (v.error) {
        j["error"] = error_json(*v.error);
        return j;
    }
    if (v.effective_authorization) j["effective_authorization"] = to_hex(*v.effective_authorization);
    j["rights"] = names(v.rights);
    j["trust_points"] = shown(v.trust_points);
    return j;
}

std::string to_text(const Verified& v, Date at) {
    const auto rights = names(v.rights);
    auto text = fmt::format("{} {}{}\n", v.error ? "NOT VALID" : "VALID", pki::reference_text(v.certificate.certificate_holder_reference),
                            rights.empty() ? "" : fmt::format(", may read {}", fmt::join(rights, " and ")));
    auto date = at;
    for (const auto& step : v.steps) {
        const char* const mark = step.outcome == Outcome::accepted ? "ok  " : step.outcome == Outcome::refused ? "FAIL" : "-   ";
        text += fmt::format("  {} {}, issued by {}\n", mark, step.certificate.text(),
                            pki::reference_text(step.certificate.certification_authority_reference));
        if (step.current_date != date) text += fmt::format("       the chip's date moves to {}\n", to_iso(step.current_date));
        date = step.current_date;
    }
    return v.error ? text + "  " + v.error->message() + "\n" : text;
}

Result<void> print_text(const std::vector<Verified>& chains, const std::vector<std::string>& unused, Date at) {
    std::string text;
    for (const auto& v : chains) text += to_text(v, at);
    for (const auto& certificate : unused) text += "not used: " + certificate + "\n";
    return print(text);
}

Result<void> print_json(const std::vector<Verified>& chains, const std::vector<std::string>& unused, Date at) {
    ordered_json j;
    j["at"] = to_iso(at);
    j["valid"] = std::none_of(chains.begin(), chains.end(), [](const Verified& v) { return v.error.has_value(); });
    j["chains"] = ordered_json::array();
    for (const auto& v : chains) j["chains"].push_back(to_json(v));
    j["unused"] = unused;
    return print(j.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

Result<std::vector<pki::CvKey>> read_trust(const std::vector<std::string>& files) {
    std::vector<pki::CvKey> trust;
    for (const auto& file : files) {
        auto point = pki::CvKey::trust_point(TRY(read_cv_certificate(file)));
        if (!point) return fail(std::move(point.error()).inside(file));
        trust.push_back(std::move(*point));
    }
    // Like a chip, that names its most recent key first.
    std::stable_sort(trust.begin(), trust.end(),
                     [](const pki::CvKey& a, const pki::CvKey& b) { return a.certificate.effective_date > b.certificate.effective_date; });
    return trust;
}

Result<int> run(const Options& o) {
    const auto at = o.at.empty() ? date_of(now()) : TRY(parse_iso_date(o.at));
    const auto trust = TRY(read_trust(o.trust));
    std::vector<CvCertificate> given;
    for (const auto& file : o.files) {
        auto c = TRY(read_cv_certificate(file));
        const bool trusted = std::any_of(trust.begin(), trust.end(), [&](const pki::CvKey& p) { return p.certificate.raw == c.raw; });
        if (!trusted) given.push_back(std::move(c));
    }
    if (given.empty()) return fail(Errc::bad_usage, "cvc verify", "every certificate is trusted already");
    std::vector<Verified> chains;
    for (const auto& end : ends_of(given)) chains.push_back(verify_chain(trust, without_rivals(given, end), end, at, {o.tr03110}));
    TRY(o.json ? print_json(chains, unused(given, chains), at) : print_text(chains, unused(given, chains), at));
    for (auto& v : chains)
        if (v.error) return fail(std::move(*v.error));
    return 0;
}

}  // namespace

void add_cvc_verify(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("verify", "verify a chain of CV certificates as a chip would");
    const auto o = std::make_shared<Options>();
    verb->add_option("files", o->files, "links, DV and terminal, in any order (.cvcert); - for standard input")->required();
    verb->add_option("--trust", o->trust, "certificate of a CVCA that the chip trusts; may be given again")
        ->required()
        ->allow_extra_args(false);
    verb->add_option("--at", o->at, "YYYY-MM-DD, the current date of the chip; default: today");
    verb->add_flag("--legacy-algorithms", o->tr03110,
                   "allow algorithms and key sizes that only TR-03110-3 lists (SHA-1, PKCS#1 v1.5, RSA 1024)");
    verb->add_flag("--json", o->json, "as JSON");
    verb->footer("Example:\n  idchip cvc verify --trust cvca.cvcert dv.cvcert is.cvcert --at 2026-11-21");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
