#include <idchip/profile/profile.hpp>

#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/crypto/hash.hpp>

#include "base/try.hpp"

namespace idchip::profile {
namespace {

using Json = nlohmann::ordered_json;

Failure bad(std::string where, std::string detail) { return fail(Errc::profile_bad, std::move(where), std::move(detail)); }

// An unknown key is a typing mistake that would otherwise be silently without effect.
Result<void> only(const Json& object, const std::string& where, const std::set<std::string>& known) {
    if (!object.is_object()) return bad(where, "want an object");
    for (const auto& [key, value] : object.items())
        if (!known.contains(key)) return bad(where, "unknown key \"" + key + "\"");
    return {};
}

Result<std::uint16_t> read_sw(const std::string& text, const std::string& where) {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != 2) return bad(where, "status word \"" + text + "\" is not four hexadecimal digits");
    return static_cast<std::uint16_t>(read_be(*bytes));
}

Result<Byte> read_byte(const Json& object, const char* key, const std::string& where) {
    const auto bytes = from_hex(object.at(key).get<std::string>());
    if (!bytes || bytes->size() != 1) return bad(where, std::string(key) + " is not one byte");
    return (*bytes)[0];
}

// A fraction or a negative number would be converted silently to one that means something else.
Result<std::int64_t> read_number(const Json& value, std::int64_t from, std::int64_t to, const std::string& where) {
    if (!value.is_number_integer()) return bad(where, "want a whole number");
    const auto number = value.get<std::int64_t>();
    if (number < from || number > to) return bad(where, fmt::format("{} out of {}..{}", number, from, to));
    return number;
}

const std::set<std::string> command_keys = {"id", "note", "cla", "ins", "p1", "p2", "data", "le", "expect", "on_sw", "secret", "chunks_of"};

std::set<std::string> command_keys_and(std::initializer_list<std::string> more) {
    auto keys = command_keys;
    keys.insert(more);
    return keys;
}

Result<CommandTemplate> read_command(const Json& j, const std::string& outer) {
    CommandTemplate c;
    c.id = j.at("id");
    const auto where = outer + "/" + c.id;
    c.cla = TRY(read_byte(j, "cla", where));
    c.ins = TRY(read_byte(j, "ins", where));
    c.p1 = j.at("p1");
    c.p2 = j.at("p2");
    c.data = j.value("data", std::string());
    if (j.contains("le")) c.le = static_cast<std::uint32_t>(TRY(read_number(j["le"], 1, 65'536, where + "/le")));
    if (j.contains("expect")) {
        c.expect.clear();
        for (const auto& text : j["expect"]) c.expect.push_back(TRY(read_sw(text, where)));
        if (c.expect.empty()) return bad(where, "expect is empty");
    }
    if (j.contains("on_sw"))
        for (const auto& [text, name] : j["on_sw"].items()) {
            const auto code = errc_by_name(name.get<std::string>());
            if (!code) return bad(where, "no error is called \"" + name.get<std::string>() + "\"");
            c.on_sw[TRY(read_sw(text, where))] = *code;
        }
    c.secret = j.value("secret", false);
    c.chunks_of = j.value("chunks_of", std::string());
    return c;
}

Result<Probe> read_probe(const Json& j) {
    TRY(only(j, "identify", command_keys_and({"states", "continue_on"})));
    Probe p;
    p.command = TRY(read_command(j, "identify"));
    for (const auto& [text, state] : j.at("states").items()) {
        const auto sw = TRY(read_sw(text, "identify/" + p.command.id));
        if (state == "blank") p.states[sw] = ChipState::blank;
        else if (state == "written") p.states[sw] = ChipState::written;
        else if (state == "locked") p.states[sw] = ChipState::locked;
        else return bad("identify/" + p.command.id, "state is none of blank, written, locked");
    }
    for (const auto& text : j.value("continue_on", Json::array())) p.continue_on.push_back(TRY(read_sw(text, "identify")));
    return p;
}

Result<Step> read_step(const Json& j) {
    Step step;
    if (!j.contains("for_each")) {
        TRY(only(j, "steps", command_keys));
        step.commands.push_back(TRY(read_command(j, "steps")));
        return step;
    }
    TRY(only(j, "steps", {"for_each", "steps"}));
    if (j["for_each"] != "file") return bad("steps", "for_each knows only \"file\"");
    step.for_each_file = true;
    for (const auto& inner : j.at("steps")) {
        TRY(only(inner, "steps", command_keys));
        step.commands.push_back(TRY(read_command(inner, "steps")));
    }
    return step;
}

Result<Profile> read_profile(const Json& j) {
    TRY(only(j, "profile",
             {"schema", "profile", "version", "title", "risk", "application", "files", "limits", "identify", "steps", "lock"}));
    if (j.at("schema") != 1) return bad("profile/schema", "this program knows schema 1");
    Profile p;
    p.name = j.at("profile");
    p.version = static_cast<int>(TRY(read_number(j.at("version"), 1, 1'000'000, "profile/version")));
    p.title = j.at("title");
    p.risk = j.value("risk", std::string());
    p.application = TRY(from_hex(j.at("application").get<std::string>()));
    for (const auto& name : j.at("files")) {
        const auto ef = lds::ef_by_name(name.get<std::string>());
        if (!ef) return bad("profile/files", "no file is called " + name.get<std::string>());
        p.files.push_back(*ef);
    }
    const auto& limits = j.at("limits");
    TRY(only(limits, "profile/limits", {"max_write", "largest_file", "deadline_ms"}));
    p.max_write = static_cast<std::size_t>(TRY(read_number(limits.at("max_write"), 1, 65'535, "profile/limits/max_write")));
    p.largest_file = static_cast<std::size_t>(TRY(read_number(limits.at("largest_file"), 1, 65'535, "profile/limits/largest_file")));
    p.deadline = std::chrono::milliseconds(TRY(read_number(limits.at("deadline_ms"), 1, 600'000, "profile/limits/deadline_ms")));
    for (const auto& probe : j.at("identify")) p.identify.push_back(TRY(read_probe(probe)));
    for (const auto& step : j.at("steps")) p.steps.push_back(TRY(read_step(step)));
    const auto& lock = j.at("lock");
    TRY(only(lock, "lock", command_keys_and({"proof"})));
    p.lock = TRY(read_command(lock, "lock"));
    TRY(only(lock.at("proof"), "lock/proof", command_keys));
    p.lock_proof = TRY(read_command(lock["proof"], "lock/proof"));
    return p;
}

}  // namespace

std::string_view name(ChipState state) {
    switch (state) {
        case ChipState::blank: return "blank";
        case ChipState::written: return "written, not locked";
        case ChipState::locked: return "locked";
    }
    return {};
}

Result<Profile> parse_profile(std::string_view text) {
    try {
        auto profile = TRY(read_profile(Json::parse(text)));
        profile.hash = to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(text)));
        return profile;
    } catch (const nlohmann::json::exception& e) {
        return fail(Errc::bad_json, "profile", e.what());
    }
}

std::vector<std::filesystem::path> profile_folders() {
    std::vector<std::filesystem::path> folders;
    if (const char* own = std::getenv("IDCHIP_PROFILES")) folders.emplace_back(own);
    folders.emplace_back(std::string(IDCHIP_DATA_DIR) + "/profiles");
    folders.emplace_back(std::string(IDCHIP_SOURCE_DIR) + "/profiles");
    return folders;
}

Result<Profile> load_profile(const std::string& name_or_path) {
    std::vector<std::filesystem::path> candidates = {name_or_path};
    if (name_or_path.find('/') == std::string::npos)
        for (const auto& folder : profile_folders()) candidates.push_back(folder / (name_or_path + ".json"));
    for (const auto& path : candidates) {
        std::error_code error;
        if (!std::filesystem::is_regular_file(path, error)) continue;
        auto profile = parse_profile(TRY(read_text(path)));
        if (!profile) return fail(std::move(profile.error()).inside(path.string()));
        return profile;
    }
    return fail(Errc::profile_not_found, name_or_path);
}

}  // namespace idchip::profile
