// idchip trust: whom a checkpoint believes, since when, and on whose word.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/pki/master_list.hpp>
#include <idchip/trust/explain.hpp>

#include "base/try.hpp"
#include "key_files.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::string store, other, certificate, at;
    std::vector<std::string> files, roots;
    bool allow_older = false, json = false;
};

Result<Instant> time_of(const Options& o) {
    if (o.at.empty()) return now();
    return parse_iso_instant(o.at.find('T') == std::string::npos ? o.at + "T00:00:00Z" : o.at);
}

std::string dump(const Json& j) { return j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json to_json(const trust::ImportItem& i) {
    Json j = {{"kind", name(i.kind)}, {"what", i.what}, {"outcome", name(i.outcome)}};
    if (i.reason) j["error"] = {{"name", i.reason->name()}, {"message", i.reason->message()}};
    if (i.kind == trust::Kind::master_list && !i.reason)
        j.update({{"added", i.added},
                  {"known", i.known},
                  {"withdrawn", i.withdrawn},
                  {"self_signed", i.self_signed},
                  {"signed_by_other", i.signed_by_other},
                  {"unproven", i.unproven}});
    if (!i.remarks.empty()) j["remarks"] = i.remarks;
    return j;
}

std::string to_text(const trust::ImportItem& i) {
    auto text = fmt::format("{:<9} {}: {}", name(i.outcome), name(i.kind), i.what);
    if (i.kind == trust::Kind::master_list && !i.reason)
        text += fmt::format(
            "\n  {} CSCA certificates added, {} known, {} withdrawn; {} have signed themselves, {} are signed by another of the list, {} by none",
            i.added, i.known, i.withdrawn, i.self_signed, i.signed_by_other, i.unproven);
    if (i.reason) text += "\n  " + i.reason->message();
    for (const auto& remark : i.remarks) text += "\n  " + remark;
    return text + "\n";
}

// The whole import, or nothing of it, becomes the store; objects that are refused leave the others.
Result<int> run_import(const Options& o) {
    const auto lock = TRY(trust::StoreLock::take(o.store));
    auto store = TRY(trust::Store::open(o.store));
    trust::ImportOptions options;
    options.now = TRY(time_of(o));
    options.allow_older = o.allow_older;
    trust::ImportReport all;
    const auto import = [&](const std::string& file, bool pin) -> Result<void> {
        options.pin = pin;
        auto report = TRY(store.import(TRY(read_file(file, 256U << 20U)), file, options));
        std::move(report.items.begin(), report.items.end(), std::back_inserter(all.items));
        return {};
    };
    for (const auto& file : o.roots) TRY(import(file, true));
    for (const auto& file : o.files) TRY(import(file, false));
    if (all.changed()) TRY(store.save());
    if (o.json) {
        Json items = Json::array();
        for (const auto& i : all.items) items.push_back(to_json(i));
        TRY(print(dump({{"store", o.store}, {"changed", all.changed()}, {"items", std::move(items)}})));
    } else {
        for (const auto& i : all.items) TRY(print(to_text(i)));
    }
    const auto* refusal = all.first_refusal();
    return refusal == nullptr ? 0 : info(refusal->reason->code).exit_code;
}

Result<int> run_list(const Options& o) {
    const auto store = TRY(trust::Store::open(o.store));
    Json anchors = Json::array();
    std::string text;
    for (const auto& a : store.anchors()) {
        const auto& c = a.certificate;
        const auto state = !a.withdrawn.empty() ? "withdrawn" : a.pinned ? "pinned" : "trusted";
        anchors.push_back({{"subject", c.subject.text()},
                           {"country", upper_ascii(c.subject.country())},
                           {"sha256", c.fingerprint()},
                           {"not_before", to_iso(c.not_before)},
                           {"not_after", to_iso(c.not_after)},
                           {"state", state},
                           {"sources", a.sources}});
        if (!a.withdrawn.empty()) anchors.back()["withdrawn"] = a.withdrawn;
        text +=
            fmt::format("{:<9} {}  until {}  {}\n", state, c.fingerprint().substr(0, 16), to_iso(date_of(c.not_after)), c.subject.text());
    }
    Json sources = Json::array();
    for (const auto& [id, s] : store.sources()) {
        Json j = {{"id", id}, {"kind", name(s.kind)}, {"file", s.file}, {"signer", s.signer}, {"imported_at", to_iso(s.imported_at)}};
        if (s.signed_at) j["signed_at"] = to_iso(*s.signed_at);
        sources.push_back(std::move(j));
        if (s.kind != trust::Kind::certificate)
            text += fmt::format("{}: {}, {}imported {}\n", name(s.kind), s.signer.empty() ? s.file : s.signer,
                                s.signed_at ? "of " + to_iso(date_of(*s.signed_at)) + ", " : "", to_iso(date_of(s.imported_at)));
    }
    TRY(print(o.json ? dump({{"anchors", std::move(anchors)}, {"sources", std::move(sources)}}) : text));
    return 0;
}

// A store, a folder, or a master list.
Result<std::vector<pki::Certificate>> certificates_of(const std::string& path) {
    if (std::filesystem::is_directory(path)) return TRY(trust::load(path)).csca;
    auto list = pki::MasterList::parse(TRY(read_file(path)));
    if (!list) return fail(std::move(list.error()).inside(path));
    return std::move(list->certificates);
}

Result<int> run_diff(const Options& o) {
    const auto d = trust::difference(TRY(certificates_of(o.store)), TRY(certificates_of(o.other)));
    const auto list = [](const std::vector<pki::Certificate>& certificates) {
        Json j = Json::array();
        for (const auto& c : certificates)
            j.push_back({{"subject", c.subject.text()}, {"sha256", c.fingerprint()}, {"not_after", to_iso(c.not_after)}});
        return j;
    };
    if (o.json) {
        TRY(print(dump({{"in_both", d.in_both}, {"only_in_store", list(d.only_here)}, {"only_in_other", list(d.only_there)}})));
        return 0;
    }
    std::string text = fmt::format("{} in both\n", d.in_both);
    for (const auto& c : d.only_here) text += fmt::format("- {}  {}\n", c.fingerprint().substr(0, 16), c.subject.text());
    for (const auto& c : d.only_there) text += fmt::format("+ {}  {}\n", c.fingerprint().substr(0, 16), c.subject.text());
    TRY(print(text));
    return 0;
}

// A certificate, or what signed an EF.SOD.
Result<pki::Certificate> subject_of(const std::string& file) {
    const auto content = TRY(read_file(file, 16U << 20U));
    if (auto c = pki::Certificate::parse_any(content)) return c;
    auto data = pki::SignedData::parse(content);
    if (!data && !content.empty() && content[0] == 0x77)
        if (const auto outer = tlv::parse_single(content, tlv::Rules::ber, "EF.SOD")) data = pki::SignedData::parse(outer->value);
    if (!data || data->certificates.empty()) return fail(Errc::unknown_content, file, "want a certificate, or an EF.SOD that carries one");
    return std::move(data->certificates.front());
}

Result<int> run_why(const Options& o) {
    const auto store = TRY(trust::Store::open(o.store));
    const auto certificate = TRY(subject_of(o.certificate));
    const auto found = trust::paths(certificate, store, TRY(time_of(o)));
    const bool trusted = std::any_of(found.begin(), found.end(), [](const trust::Path& p) { return p.trusted; });
    Json list = Json::array();
    std::string text = fmt::format("{}: {}\n", certificate.subject.text(), trusted ? "trusted" : "not trusted");
    for (const auto& p : found) {
        list.push_back({{"trusted", p.trusted}, {"steps", p.steps}, {"reason", p.reason}});
        text += p.trusted ? "  ok   " : "  no   ";
        for (std::size_t i = 1; i < p.steps.size(); ++i) text += (i > 1 ? " <- " : "") + p.steps[i];
        text += (p.steps.size() > 1 ? ": " : "") + p.reason + "\n";
    }
    TRY(print(o.json ? dump({{"subject", certificate.subject.text()}, {"trusted", trusted}, {"paths", std::move(list)}}) : text));
    return trusted ? 0 : 40;
}

Result<int> run_coverage(const Options& o) {
    const auto store = TRY(trust::Store::open(o.store));
    Json countries;
    std::string text = fmt::format("{:<8}{:>8}{:>8}{:>8}{:>9}  {:<12}{}\n", "country", "anchors", "valid", "pinned", "signers", "until",
                                   "revocation list");
    for (const auto& [country, c] : trust::coverage(store, TRY(time_of(o)))) {
        const auto crl =
            !c.crl_of ? std::string("none") : fmt::format("{}{}", to_iso(date_of(*c.crl_of)), c.crl_fresh ? "" : ", out of date");
        const auto until = c.last_expiry ? to_iso(date_of(*c.last_expiry)) : std::string("-");
        countries[country] = {
            {"anchors", c.anchors}, {"valid", c.valid}, {"pinned", c.pinned},      {"document_signers", c.document_signers},
            {"until", until},       {"crl", crl},       {"crl_fresh", c.crl_fresh}};
        text += fmt::format("{:<8}{:>8}{:>8}{:>8}{:>9}  {:<12}{}\n", printable(country), c.anchors, c.valid, c.pinned, c.document_signers,
                            until, crl);
    }
    TRY(print(o.json ? dump({{"countries", std::move(countries)}}) : text));
    return 0;
}

std::shared_ptr<Options> add_verb(CLI::App& group, const char* name, const char* about, Action& chosen, Result<int> (*run)(const Options&),
                                  CLI::App*& verb) {
    verb = group.add_subcommand(name, about);
    const auto o = std::make_shared<Options>();
    verb->add_option("--store", o->store, "folder of the trust store")->required();
    verb->add_flag("--json", o->json, "as JSON");
    verb->callback([o, &chosen, run] { chosen = [o, run] { return run(*o); }; });
    return o;
}

}  // namespace

void add_trust(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("trust", "the trust store: import, list, diff, why, coverage");
    group->require_subcommand(1);
    CLI::App* verb = nullptr;
    auto o = add_verb(*group, "import", "take CSCA certificates, master lists, revocation lists, deviation lists, PKD LDIF", chosen,
                      run_import, verb);
    verb->add_option("files", o->files, "files to import");
    verb->add_option("--root", o->roots,
                     "CSCA certificate that you have compared with its issuer's fingerprint: it is pinned, and vouches for lists");
    verb->add_flag("--allow-older", o->allow_older, "take lists that are older than those in the store");
    verb->add_option("--at", o->at, "judge as of this time (default: now)");
    verb->footer(
        "Example:\n  idchip trust import DE_ML.ml --store trust --root DE_CSCA.cer\nExit codes: 0, or that of the first object that was refused; the others are in the store");

    o = add_verb(*group, "list", "what is in the store, and where it came from", chosen, run_list, verb);
    verb->footer("Example:\n  idchip trust list --store trust");

    o = add_verb(*group, "diff", "which CSCA certificates two stores, folders or master lists have not in common", chosen, run_diff, verb);
    verb->add_option("other", o->other, "store, folder, or master list")->required();
    verb->footer("Example:\n  idchip trust diff new.ml --store trust");

    o = add_verb(*group, "why", "every way from a certificate to an anchor, and why it ends", chosen, run_why, verb);
    verb->add_option("certificate", o->certificate, "certificate, or EF.SOD")->required();
    verb->add_option("--at", o->at, "judge as of this time (default: now)");
    verb->footer("Example:\n  idchip trust why ds.cer --store trust\nExit codes: 0 trusted, 40 not");

    o = add_verb(*group, "coverage", "countries: anchors, validity, revocation lists", chosen, run_coverage, verb);
    verb->add_option("--at", o->at, "as of this time (default: now)");
    verb->footer("Example:\n  idchip trust coverage --store trust");
}

}  // namespace idchip::cli
