#include "unit/unit.hpp"

#include <nlohmann/json.hpp>

#include <idchip/profile/plan.hpp>

using namespace idchip;
using namespace idchip::test;
using lds::Ef;
using profile::ChipState;
using profile::parse_profile;
using profile::Value;
using Json = nlohmann::json;

namespace {

const auto shipped_path = std::filesystem::path(IDCHIP_SOURCE_DIR) / "profiles/jmrtd-applet.json";

Json shipped() { return Json::parse(good(read_text(shipped_path))); }

// The shipped profile with one change: the name of the error, or "none".
template <class F>
std::string with(F change) {
    auto j = shipped();
    change(j);
    return error_of(parse_profile(j.dump()));
}

profile::Profile the_profile() { return good(profile::load_profile(shipped_path.string())); }

const profile::Variables person = {{"mrz.document_number", Value::of(as_bytes("L898902C"))},
                                   {"mrz.birth", Value::of(as_bytes("690806"))},
                                   {"mrz.expiry", Value::of(as_bytes("940623"))}};

std::string hex_of(const profile::PlannedCommand& c) { return to_hex(good(c.apdu.encode())); }

}  // namespace

TEST_CASE("the shipped profile is read as it is written", "[profile]") {
    const auto p = the_profile();
    CHECK(p.name == "jmrtd-applet");
    CHECK(p.version == 1);
    CHECK_FALSE(p.title.empty());
    CHECK_FALSE(p.risk.empty());
    CHECK(to_hex(p.application) == "A0000002471001");
    CHECK(p.files.front().file == Ef::com);
    CHECK(p.files.back().file == Ef::sod);
    CHECK(p.place_of(Ef::dg3) == nullptr);
    CHECK(p.place_of(Ef::dg15) != nullptr);
    CHECK(p.features.bac);
    CHECK(p.features.pace.empty());
    CHECK(p.features.aa_key == "RSA-1024");
    CHECK(p.channel.kind == profile::ChannelKind::none);
    CHECK(p.read_back == profile::ReadBack::as_terminal);
    CHECK(p.max_write == 255);
    CHECK(p.largest_file == 32'767);
    CHECK(p.deadline == std::chrono::milliseconds(5000));
    const auto& probes = p.identify.probes;
    REQUIRE(probes.size() == 2);
    CHECK(probes[0].states.at(0x6985) == ChipState::locked);
    CHECK(probes[0].continue_on == std::vector<std::uint16_t>{0x6A86});
    CHECK(probes[1].states.at(0x9000) == ChipState::written);
    CHECK(probes[1].states.at(0x6982) == ChipState::blank);
    REQUIRE(p.steps.size() == 4);
    CHECK(p.steps[0].commands.at(0).secret);
    CHECK(p.steps[0].commands.at(0).on_sw.at(0x6985) == Errc::perso_locked);
    CHECK(p.steps[1].when == std::vector<std::string>{"aa.private_exponent"});
    CHECK(p.steps[3].loop == profile::Loop::files);
    CHECK(p.lock_proof.at(0).expect == std::vector<std::uint16_t>{0x6985});
    CHECK(p.hash.size() == 64);
    CHECK(profile::name(ChipState::blank) == "blank");
    CHECK(profile::name(ChipState::written) == "written, not locked");
    CHECK(profile::name(ChipState::locked) == "locked");
}

TEST_CASE("a profile is found by name and by path, and its hash is that of the file", "[profile]") {
    CHECK(good(profile::load_profile("jmrtd-applet")).hash == the_profile().hash);
    CHECK(error_of(profile::load_profile("no-such")) == "profile.not_found");
    CHECK(error_of(profile::load_profile("/no/such.json")) == "profile.not_found");
    CHECK(error_of(profile::load_profile("")) == "profile.not_found");
    const TempFolder folder;
    good(write_text(folder / "mine.json", good(read_text(shipped_path)) + " "));
    CHECK(good(profile::load_profile((folder / "mine.json").string())).hash != the_profile().hash);
    ::setenv("IDCHIP_PROFILES", folder.path().c_str(), 1);
    CHECK(good(profile::load_profile("mine")).name == "jmrtd-applet");
    ::unsetenv("IDCHIP_PROFILES");
    CHECK(error_of(profile::load_profile("mine")) == "profile.not_found");
    good(write_text(folder / "bad.json", "{"));
    const auto failed = profile::load_profile((folder / "bad.json").string());
    REQUIRE(error_of(failed) == "input.bad_json");
    CHECK(failed.error().where.find("bad.json") != std::string::npos);
}

TEST_CASE("an unknown key anywhere is a typing mistake", "[profile]") {
    CHECK(with([](Json&) {}) == "none");
    for (const auto* place : {"", "/limits", "/chip", "/identify", "/identify/probes/0", "/channel", "/steps/0", "/steps/1",
                              "/steps/3/steps/0", "/verify", "/lock", "/lock/proof/0"}) {
        CAPTURE(place);
        CHECK(with([&](Json& j) { j[Json::json_pointer(place)]["expcet"] = "9000"; }) == "profile.bad");
    }
}

TEST_CASE("each missing key is an error", "[profile]") {
    for (const auto* key : {"schema", "profile", "version", "title", "application", "chip", "files", "limits", "identify", "channel",
                            "steps", "verify", "lock"}) {
        CAPTURE(key);
        CHECK(with([&](Json& j) { j.erase(key); }) == "input.bad_json");
    }
    for (const auto* place : {"/limits/max_write", "/limits/largest_file", "/limits/deadline_ms", "/lock/proof", "/lock/steps",
                              "/lock/steps/0/id", "/lock/steps/0/cla", "/lock/steps/0/p1", "/steps/0/ins", "/steps/0/p2", "/steps/1/steps",
                              "/identify/probes", "/channel/kind", "/verify/before_lock", "/chip/access"}) {
        CAPTURE(place);
        CHECK(with([&](Json& j) {
                  const Json::json_pointer p(place);
                  j[p.parent_pointer()].erase(p.back());
              }) == "input.bad_json");
    }
    CHECK(with([](Json& j) { j.erase("risk"); }) == "none");
}

TEST_CASE("wrong values are refused", "[profile]") {
    struct Case {
        const char* place;
        Json value;
        const char* error;
    };
    const Case cases[] = {{"/schema", 2, "profile.bad"},
                          {"/profile", 5, "input.bad_json"},
                          {"/version", "one", "profile.bad"},
                          {"/version", 0, "profile.bad"},
                          {"/application", "A", "input.bad_hex"},
                          {"/application", "zz", "input.bad_hex"},
                          {"/files", {"DG17"}, "profile.bad"},
                          {"/files", {"DG1", 5}, "profile.bad"},
                          {"/limits/max_write", 0, "profile.bad"},
                          {"/limits/max_write", 65536, "profile.bad"},
                          {"/limits/max_write", -1, "profile.bad"},
                          {"/limits/max_write", "255", "profile.bad"},
                          {"/limits/max_write", 254.5, "profile.bad"},
                          {"/limits/largest_file", 0, "profile.bad"},
                          {"/limits/largest_file", -1, "profile.bad"},
                          {"/limits/largest_file", 65536, "profile.bad"},
                          {"/limits/deadline_ms", 0, "profile.bad"},
                          {"/limits/deadline_ms", -5000, "profile.bad"},
                          {"/limits/deadline_ms", 5'000'000'000, "profile.bad"},
                          {"/lock/steps/0/cla", "0", "profile.bad"},
                          {"/lock/steps/0/ins", "DADA", "profile.bad"},
                          {"/lock/steps/0/ins", "xx", "profile.bad"},
                          {"/lock/steps/0/p1", 5, "input.bad_json"},
                          {"/lock/steps/0/expect", Json::array(), "profile.bad"},
                          {"/lock/steps/0/expect", {"900"}, "profile.bad"},
                          {"/lock/steps/0/expect", {"90000"}, "profile.bad"},
                          {"/lock/steps/0/expect", {9000}, "input.bad_json"},
                          {"/lock/steps/0/on_sw", {{"6985", "no.such"}}, "profile.bad"},
                          {"/lock/steps/0/on_sw", {{"69", "perso.locked"}}, "profile.bad"},
                          {"/lock/steps/0/secret", "yes", "input.bad_json"},
                          {"/identify/probes/0/states", {{"6985", "burnt"}}, "profile.bad"},
                          {"/identify/probes/0/states", {{"69", "locked"}}, "profile.bad"},
                          {"/identify/probes/0/continue_on", {"6F"}, "profile.bad"},
                          {"/steps/3/for_each", "card", "profile.bad"},
                          {"/chip/access", {"pin"}, "profile.bad"},
                          {"/chip/access", {"pace-mrz"}, "profile.bad"},
                          {"/channel/kind", "scp80", "profile.bad"},
                          {"/verify/before_lock", "later", "profile.bad"},
                          {"/lock/steps", Json::array(), "profile.bad"},
                          {"/lock/proof", Json::array(), "profile.bad"},
                          {"/steps/0", 5, "profile.bad"},
                          {"/identify/probes/1/le", 0, "profile.bad"},
                          {"/identify/probes/1/le", 65537, "profile.bad"},
                          {"/identify/probes/1/le", -8, "profile.bad"},
                          {"/identify/probes/1/le", 8.5, "profile.bad"},
                          {"/identify/probes", Json::array(), "none"}};
    for (const auto& c : cases) {
        CAPTURE(c.place, c.value.dump());
        CHECK(with([&](Json& j) { j[Json::json_pointer(c.place)] = c.value; }) == c.error);
    }
}

TEST_CASE("text that is no JSON, or no object, is refused", "[profile]") {
    for (const auto* text : {"", "{", "null", "[]", "5", "\"a\"", "{}", "{\"schema\":1}", "\xFF"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_profile(text));
    }
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "[";
    CHECK_FALSE(parse_profile(deep));
}

TEST_CASE("a plan holds every command of the card, in order", "[profile]") {
    const auto p = the_profile();
    const lds::Files files = {{Ef::sod, Bytes(3, 0x77)}, {Ef::com, Bytes(23, 0x60)}, {Ef::dg1, Bytes(300, 0x61)}};
    const auto plan = good(profile::make_plan(p, person, files));
    std::vector<std::string> names;
    for (const auto& c : plan.write) names.push_back(c.id);
    CHECK(names == std::vector<std::string>{"set access keys", "reserve EF.SOD", "create EF.COM", "select EF.COM", "write EF.COM 1/1",
                                            "create DG1", "select DG1", "write DG1 1/2", "write DG1 2/2", "create EF.SOD", "select EF.SOD",
                                            "write EF.SOD 1/1"});
    CHECK(plan.commands() == 14);
    CHECK(hex_of(plan.write[0]) == "00DA00621D621B04094C383938393032433C04063639303830360406393430363233");
    CHECK(plan.write[0].secret);
    CHECK(hex_of(plan.write[2]) ==
          "00E00000066304"
          "0017"
          "011E");
    CHECK(hex_of(plan.write[3]) == "00A4020C02011E");
    CHECK(hex_of(plan.write[7]) == "00D60000FF" + to_hex(Bytes(255, 0x61)));
    CHECK(hex_of(plan.write[8]) == "00D600FF2D" + to_hex(Bytes(45, 0x61)));
    CHECK(hex_of(plan.lock.at(0)) == "00DADEAD");
    CHECK(hex_of(plan.lock_proof.at(0)) ==
          "00E00000066304"
          "0001"
          "0001");
    CHECK(plan.profile_hash == p.hash);
    CHECK(plan.profile == "jmrtd-applet version 1");
}

TEST_CASE("the chunks of a plan cover a file exactly, with the right offsets", "[profile]") {
    const auto p = the_profile();
    for (const std::size_t size : {0U, 1U, 254U, 255U, 256U, 510U, 511U, 15'000U, 32'767U}) {
        TestRng rng(size);
        const auto content = rng.bytes(size);
        const auto plan = good(profile::make_plan(p, person, {{Ef::dg2, content}}));
        Bytes written;
        for (const auto& c : plan.write) {
            if (c.apdu.ins != iso7816::ins::update_binary) continue;
            CHECK((static_cast<std::size_t>(c.apdu.p1) << 8U | c.apdu.p2) == written.size());
            CHECK(c.apdu.p1 < 0x80);
            CHECK(c.apdu.data.size() <= 255);
            append(written, c.apdu.data);
        }
        CHECK((written == content));
    }
}

TEST_CASE("a document that does not fit, or a person that is not given, makes no plan", "[profile]") {
    const auto p = the_profile();
    const auto error = [&](const profile::Variables& v, const lds::Files& f) { return error_of(profile::make_plan(p, v, f)); };
    CHECK(error(person, {{Ef::dg2, Bytes(32'768)}}) == "perso.does_not_fit");
    CHECK(error(person, {{Ef::dg3, Bytes(3)}}) == "perso.does_not_fit");
    CHECK(error(person, {{Ef::card_access, Bytes(3)}}) == "perso.does_not_fit");
    CHECK(error({}, {}) == "profile.bad");
    auto incomplete = person;
    incomplete.erase("mrz.expiry");
    const auto failed = profile::make_plan(p, incomplete, {});
    REQUIRE(error_of(failed) == "profile.bad");
    CHECK(failed.error().where == "set access keys");
    CHECK(error(person, {}) == "none");
}

TEST_CASE("templates with wrong P1 or an unknown value to cut fail at the plan", "[profile]") {
    auto p = the_profile();
    p.lock[0].p1 = "0xDEAD";
    CHECK(error_of(profile::make_plan(p, person, {})) == "profile.bad");
    p = the_profile();
    p.lock[0].p1 = "";
    CHECK(error_of(profile::make_plan(p, person, {})) == "profile.bad");
    p = the_profile();
    p.steps[3].commands[2].chunks_of = "object.contents";
    CHECK(error_of(profile::make_plan(p, person, {{Ef::dg1, Bytes(3)}})) == "profile.bad");
    CHECK(error_of(profile::instantiate(the_profile().identify.probes[0].command, {})) == "none");
}

TEST_CASE("the text of a plan shows no secret, and data only when asked", "[profile]") {
    const auto plan = good(profile::make_plan(the_profile(), person, {{Ef::dg1, "61035F1F00"_hex}}));
    const auto shown = profile::to_text(plan, true);
    const auto hidden = profile::to_text(plan, false);
    for (const auto* secret : {"L898902C", "4C383938393032", "363930383036", "690806"}) {
        CHECK(shown.find(secret) == std::string::npos);
        CHECK(hidden.find(secret) == std::string::npos);
    }
    CHECK(shown.find("[29 secret bytes]") != std::string::npos);
    CHECK(shown.find("61035F1F00") != std::string::npos);
    CHECK(hidden.find("61035F1F00") == std::string::npos);
    CHECK(hidden.find("[5 bytes]") != std::string::npos);
    CHECK(hidden.find("00DADEAD -> 9000") != std::string::npos);
    CHECK(hidden.find("-> 6985") != std::string::npos);
    CHECK(hidden.find("profile jmrtd-applet version 1 (SHA-256 " + plan.profile_hash.substr(0, 16) + ")") == 0);
}
