// A script as a file.
#include <algorithm>
#include <array>

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

constexpr std::array<std::pair<ScriptStage, std::string_view>, 4> stages{
    {{ScriptStage::open, "open"}, {ScriptStage::write, "write"}, {ScriptStage::lock, "lock"}, {ScriptStage::proof, "proof"}}};

std::string_view name(ScriptStage stage) { return stages[static_cast<std::size_t>(stage)].second; }

Result<ScriptCommand> read_command(const Json& j) {
    ScriptCommand c;
    c.id = j.at("id");
    const std::string stage = j.at("stage");
    const auto found = std::find_if(stages.begin(), stages.end(), [&](const auto& s) { return s.second == stage; });
    if (found == stages.end()) return fail(Errc::script_bad, c.id, "no stage is called " + stage);
    c.stage = found->first;
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

// A script that ends before the lock, or writes behind it, would leave a card that nobody can judge.
Result<void> check_order(const std::vector<ScriptCommand>& commands) {
    const auto of = [&](ScriptStage stage) {
        return std::count_if(commands.begin(), commands.end(), [&](const auto& c) { return c.stage == stage; });
    };
    const bool ordered = std::is_sorted(commands.begin(), commands.end(), [](const auto& a, const auto& b) { return a.stage < b.stage; });
    if (of(ScriptStage::open) != 1 || of(ScriptStage::write) == 0 || of(ScriptStage::lock) == 0 || of(ScriptStage::proof) == 0 || !ordered)
        return fail(Errc::script_bad, "variants", "want commands of all stages in their order: open, write, lock, proof");
    return {};
}

Result<ScriptVariant> read_variant(const Json& j) {
    ScriptVariant v;
    v.counter = TRY(hex(j, "counter"));
    v.card_challenge = TRY(hex(j, "card_challenge"));
    v.card_cryptogram = TRY(hex(j, "card_cryptogram"));
    for (const auto& c : j.at("commands")) v.commands.push_back(TRY(read_command(c)));
    TRY(check_order(v.commands));
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
                                {"stage", name(c.stage)},
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
