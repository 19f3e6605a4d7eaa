// A script as a file.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/personalize/script.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

using Json = nlohmann::ordered_json;

Result<Bytes> hex(const Json& j, const char* key) {
    auto bytes = from_hex(j.at(key).get<std::string>());
    if (!bytes) return fail(Errc::script_bad, key, "not hexadecimal");
    return bytes;
}

Result<ScriptCommand> read_command(const Json& j) {
    ScriptCommand c;
    c.id = j.at("id");
    c.command = TRY(hex(j, "command"));
    c.answer = TRY(hex(j, "answer"));
    const auto expect = TRY(hex(j, "expect"));
    if (expect.size() != 2 || c.command.size() < 4) return fail(Errc::script_bad, c.id, "no command, or no status word");
    c.expect = static_cast<std::uint16_t>(read_be(expect));
    const Json meanings = j.value("on_sw", Json::object());
    for (const auto& [text, name] : meanings.items()) {
        const auto sw = from_hex(text);
        const auto code = errc_by_name(name.get<std::string>());
        if (!sw || sw->size() != 2 || !code) return fail(Errc::script_bad, c.id, "on_sw names no status word or no error");
        c.on_sw[static_cast<std::uint16_t>(read_be(*sw))] = *code;
    }
    return c;
}

Result<ScriptVariant> read_variant(const Json& j) {
    ScriptVariant v;
    v.counter = TRY(hex(j, "counter"));
    v.card_challenge = TRY(hex(j, "card_challenge"));
    v.card_cryptogram = TRY(hex(j, "card_cryptogram"));
    for (const auto& c : j.at("commands")) v.commands.push_back(TRY(read_command(c)));
    if (v.commands.size() < 3) return fail(Errc::script_bad, "variants", "a channel without commands");
    return v;
}

Result<Script> read_script(const Json& j) {
    if (j.at("schema") != 1) return fail(Errc::script_bad, "schema", "this program knows schema 1");
    Script s;
    s.record = j.at("record");
    s.profile = j.at("profile").at("name");
    s.profile_hash = j.at("profile").at("sha256");
    s.select = TRY(hex(j, "select"));
    s.key_diversification_data = TRY(hex(j, "card"));
    s.initialize_update = TRY(hex(j, "initialize_update"));
    for (const auto& v : j.at("variants")) s.variants.push_back(TRY(read_variant(v)));
    if (s.variants.empty()) return fail(Errc::script_bad, "variants", "none");
    return s;
}

}  // namespace

std::string Script::to_json() const {
    Json j = {{"schema", 1},
              {"record", record},
              {"profile", {{"name", profile}, {"sha256", profile_hash}}},
              {"card", to_hex(key_diversification_data)},
              {"select", to_hex(select)},
              {"initialize_update", to_hex(initialize_update)},
              {"variants", Json::array()}};
    for (const auto& v : variants) {
        Json commands = Json::array();
        for (const auto& c : v.commands) {
            Json meanings = Json::object();
            for (const auto& [sw, code] : c.on_sw) meanings[fmt::format("{:04X}", sw)] = info(code).name;
            commands.push_back({{"id", c.id},
                                {"command", to_hex(c.command)},
                                {"answer", to_hex(c.answer)},
                                {"expect", fmt::format("{:04X}", c.expect)},
                                {"on_sw", std::move(meanings)}});
        }
        j["variants"].push_back({{"counter", to_hex(v.counter)},
                                 {"card_challenge", to_hex(v.card_challenge)},
                                 {"card_cryptogram", to_hex(v.card_cryptogram)},
                                 {"commands", std::move(commands)}});
    }
    return j.dump(1) + "\n";
}

Result<Script> Script::from_json(std::string_view text) {
    try {
        return read_script(Json::parse(text));
    } catch (const nlohmann::json::exception& e) {
        return fail(Errc::script_bad, "script", e.what());
    }
}

}  // namespace idchip::personalize
