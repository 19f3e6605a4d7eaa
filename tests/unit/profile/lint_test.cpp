// The linter: each rule broken alone in a shipped profile, and the shipped ones themselves.
#include "unit/unit.hpp"

#include <set>

#include <nlohmann/json.hpp>

#include <idchip/profile/lint.hpp>

using namespace idchip;
using namespace idchip::test;
using profile::LintSeverity;
using Json = nlohmann::json;

namespace {

std::filesystem::path shipped(const std::string& name) { return std::filesystem::path(IDCHIP_SOURCE_DIR) / "profiles" / (name + ".json"); }

std::set<std::string> rules_of(const profile::Profile& p) {
    std::set<std::string> rules;
    for (const auto& f : profile::lint(p)) rules.insert(f.rule);
    return rules;
}

// What the change adds to what the shipped profile has.
template <class F>
std::set<std::string> added(const std::string& name, F change) {
    auto j = Json::parse(good(read_text(shipped(name))));
    const auto before = rules_of(good(profile::parse_profile(j.dump())));
    change(j);
    auto after = rules_of(good(profile::parse_profile(j.dump())));
    for (const auto& rule : before) after.erase(rule);
    return after;
}

using Set = std::set<std::string>;

}  // namespace

TEST_CASE("no shipped profile breaks a rule", "[profile]") {
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(IDCHIP_SOURCE_DIR) / "profiles")) {
        if (entry.path().extension() != ".json") continue;
        INFO(entry.path().string());
        for (const auto& f : profile::lint(good(profile::load_profile(entry.path().string())))) {
            INFO(f.rule << " " << f.where << " " << f.text);
            CHECK(f.severity != LintSeverity::error);
        }
    }
}

TEST_CASE("each rule of the linter is broken alone", "[profile]") {
    CHECK(added("gp-dgi", [](Json&) {}).empty());
    CHECK(added("gp-dgi", [](Json& j) { j["steps"][0]["data"] = "no.such.name"; }) == Set{"plan.fails"});
    CHECK(added("gp-dgi", [](Json& j) { j["secrets"][0]["value"] = "first(sha1(mrz.information), 21)"; }) == Set{"plan.fails"});
    CHECK(added("gp-dgi", [](Json& j) { j["identify"]["probes"][0]["states"].erase("9000"); }) == Set{"probe.locked"});
    CHECK(added("gp-dgi", [](Json& j) { j["identify"]["probes"][0]["states"].erase("6985"); }) == Set{"probe.blank"});
    CHECK(added("gp-dgi", [](Json& j) { j["lock"]["proof"][0]["expect"] = {"9000"}; }) == Set{"lock.proof"});
    CHECK(added("iso-native", [](Json& j) { j["lock"]["proof"][0]["ins"] = "D6"; }) == Set{"lock.destroys"});
    CHECK(added("gp-dgi", [](Json& j) { j["steps"][1]["steps"][0].erase("secret"); }) == Set{"secret.shown"});
    CHECK(added("jmrtd-applet", [](Json& j) { j["steps"][0].erase("secret"); }) == Set{"secret.shown"});
    CHECK(added("gp-dgi", [](Json& j) { j["limits"]["max_write"] = 240; }) == Set{"block.too_large"});
    CHECK(added("gp-dgi", [](Json& j) { j["limits"]["max_write"] = 239; }).empty());
    CHECK(added("gp-dgi", [](Json& j) {
              j["channel"]["i"] = "71";  // S16: eight bytes more of MAC
              j["limits"]["max_write"] = 224;
          }) == Set{"block.too_large"});
    CHECK(added("gp-dgi", [](Json& j) {
              j["channel"] = {{"kind", "scp02"}, {"i", "55"}, {"level", "03"}, {"key_version", 48}};
          }) == Set{"key.weaker", "level.no_response_mac"});
    CHECK(added("gp-dgi", [](Json& j) { j["channel"] = {{"kind", "none"}}; }) == Set{"key.in_clear"});
    CHECK(added("iso-native", [](Json& j) { j["channel"].erase("key_check_value"); }) == Set{"key.unchecked"});
    CHECK(added("gp-dgi", [](Json& j) { j["channel"]["key_version"] = 0; }) == Set{"key.version"});
    CHECK(added("gp-dgi", [](Json& j) { j["channel"]["level"] = "03"; }) == Set{"level.no_response_mac"});
    CHECK(added("gp-dgi", [](Json& j) { j["steps"][2]["steps"][0].erase("on_sw"); }) == Set{"sw.undeclared"});
    CHECK(added("jmrtd-applet", [](Json& j) { j["verify"]["before_lock"] = "none"; }) == Set{"read_back.none"});
}

TEST_CASE("docs/profiles.md lists the rules of the linter", "[profile]") {
    const auto page = good(read_text(std::filesystem::path(IDCHIP_SOURCE_DIR) / "docs/profiles.md"));
    for (const auto& [name, text] : profile::lint_rules())
        CHECK(page.find("| `" + std::string(name) + "` | " + std::string(text) + " |") != std::string::npos);
}
