// idchip profile list, show, lint: card profiles.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/profile/lint.hpp>

#include "base/try.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::vector<std::string> profiles;
    bool json = false;
};

std::string passwords_of(const profile::Features& f) {
    return std::string(" (zone") + (f.can ? ", CAN" : "") + (f.pin ? ", PIN" : "") + (f.puk ? ", PUK" : "") + ")";
}

std::string access_of(const profile::Features& f) {
    std::string text = f.bac ? "BAC" : "";
    if (!f.pace.empty()) text += std::string(text.empty() ? "" : ", ") + "PACE" + passwords_of(f);
    return text;
}

Result<int> run_list(const Options& o) {
    Json list = Json::array();
    std::string text;
    for (const auto& name : profile::profile_names()) {
        const auto p = TRY(profile::load_profile(name));
        list.push_back({{"profile", name}, {"version", p.version}, {"title", p.title}, {"channel", profile::name(p.channel.kind)}});
        text += fmt::format("{:<24} {:<22} {}\n", name, profile::name(p.channel.kind), p.title);
    }
    TRY(print(o.json ? list.dump(1) + "\n" : text));
    return 0;
}

Json to_json(const profile::Profile& p) {
    Json files = Json::array(), secrets = Json::array();
    for (const auto& f : p.files) files.push_back(f.name);
    for (const auto& s : p.secrets) secrets.push_back(s.name);
    return {{"profile", p.name},
            {"version", p.version},
            {"sha256", p.hash},
            {"title", p.title},
            {"risk", p.risk},
            {"application", to_hex(p.application)},
            {"access", access_of(p.features)},
            {"pace", p.features.pace},
            {"active_authentication", p.features.aa_key},
            {"chip_authentication", p.features.ca_protocol},
            {"terminal_authentication", p.features.terminal_authentication},
            {"keys_made_on_chip", !p.generate.empty()},
            {"channel", profile::name(p.channel.kind)},
            {"files", files},
            {"secrets", secrets},
            {"max_write", p.max_write},
            {"memory", p.memory}};
}

std::string to_text(const profile::Profile& p) {
    std::string text;
    const auto line = [&text](std::string_view name, const std::string& value) {
        if (!value.empty()) text += fmt::format("{:<24} {}\n", name, value);
    };
    line("profile", fmt::format("{} version {}", p.name, p.version));
    line("SHA-256", p.hash);
    line("title", p.title);
    line("risk", p.risk);
    line("application", to_hex(p.application));
    line("access", access_of(p.features));
    line("PACE", p.features.pace);
    line("active authentication", p.features.aa_key + (p.generate.empty() || p.features.aa_key.empty() ? "" : ", made on the chip"));
    line("chip authentication", p.features.ca_protocol + (p.features.ca_curve.empty() ? "" : " on " + p.features.ca_curve) +
                                    (p.generate.empty() || p.features.ca_protocol.empty() ? "" : ", made on the chip"));
    line("secure channel", std::string(profile::name(p.channel.kind)));
    std::string files;
    for (const auto& f : p.files) files += (files.empty() ? "" : " ") + f.name;
    line("files", files);
    line("largest block, memory", fmt::format("{}, {} bytes", p.max_write, p.memory));
    return text;
}

Result<int> run_show(const Options& o) {
    for (const auto& name : o.profiles) {
        const auto p = TRY(profile::load_profile(name));
        TRY(print(o.json ? to_json(p).dump(1) + "\n" : to_text(p)));
    }
    return 0;
}

Result<int> run_lint(const Options& o) {
    constexpr int does_not_conform = 30;
    Json list = Json::array();
    std::string text;
    bool clean = true;
    for (const auto& name : o.profiles) {
        const auto p = TRY(profile::load_profile(name));
        Json findings = Json::array();
        text += fmt::format("{} version {} (SHA-256 {})\n", p.name, p.version, p.hash.substr(0, 16));
        for (const auto& f : profile::lint(p)) {
            clean = clean && f.severity != profile::LintSeverity::error;
            findings.push_back({{"rule", f.rule}, {"severity", profile::name(f.severity)}, {"where", f.where}, {"text", f.text}});
            text += fmt::format("  {:<8} {:<22} {}: {}\n", profile::name(f.severity), f.rule, f.where, f.text);
        }
        if (findings.empty()) text += "  nothing found\n";
        list.push_back({{"profile", p.name}, {"sha256", p.hash}, {"findings", std::move(findings)}});
    }
    TRY(print(o.json ? list.dump(1) + "\n" : text));
    return clean ? 0 : does_not_conform;
}

}  // namespace

void add_profile(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("profile", "card profiles: how each kind of blank is opened, written, locked and proven");
    group->require_subcommand(1);
    const auto o = std::make_shared<Options>();
    const auto add = [&](const char* name, const char* about, Result<int> (*run)(const Options&), const char* footer, bool with_names) {
        auto* verb = group->add_subcommand(name, about);
        if (with_names) verb->add_option("profiles", o->profiles, "names of shipped profiles, or files")->required();
        verb->add_flag("--json", o->json, "as JSON");
        verb->footer(footer);
        verb->callback([o, run, &chosen] { chosen = [o, run] { return run(*o); }; });
    };
    add("list", "the profiles that are found", run_list, "Example:\n  idchip profile list", false);
    add("show", "what a profile says", run_show, "Example:\n  idchip profile show gp-dgi", true);
    add("lint", "what would brick cards, lose keys or leave a chip in a state that nobody can tell", run_lint,
        "Exit code 30 where a rule is broken. The rules: docs/profiles.md.\nExample:\n  idchip profile lint ./my-card.json", true);
}

}  // namespace idchip::cli
