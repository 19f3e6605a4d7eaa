// The data file of a card profile, read strictly: whatever is not understood is an error with its place.
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <idchip/crypto/hash.hpp>
#include <idchip/profile/profile.hpp>

#include "base/try.hpp"

namespace idchip::profile {
namespace {

using Json = nlohmann::ordered_json;
using Keys = std::set<std::string>;

Failure bad(std::string where, std::string detail) { return fail(Errc::profile_bad, std::move(where), std::move(detail)); }

// An unknown key is a typing mistake that would otherwise be silently without effect.
Result<void> only(const Json& object, const std::string& where, const Keys& known) {
    if (!object.is_object()) return bad(where, "want an object");
    for (const auto& [key, value] : object.items())
        if (!known.contains(key)) return bad(where, fmt::format("unknown key \"{}\", known: {}", key, fmt::join(known, ", ")));
    return {};
}

Result<std::uint16_t> read_sw(const std::string& text, const std::string& where) {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != 2) return bad(where, "status word \"" + text + "\" is not four hexadecimal digits");
    return static_cast<std::uint16_t>(read_be(*bytes));
}

Result<Byte> read_byte(const Json& value, const std::string& where) {
    const auto bytes = from_hex(value.get<std::string>());
    if (!bytes || bytes->size() != 1) return bad(where, "want one byte, two hexadecimal digits");
    return (*bytes)[0];
}

Result<Bytes> read_hex(const Json& value, const std::string& where) {
    auto bytes = from_hex(value.get<std::string>());
    if (!bytes) return fail(std::move(bytes.error()).inside(where));
    return bytes;
}

// A fraction or a negative number would be converted silently to one that means something else.
Result<std::int64_t> read_number(const Json& value, std::int64_t from, std::int64_t to, const std::string& where) {
    if (!value.is_number_integer()) return bad(where, "want a whole number");
    const auto number = value.get<std::int64_t>();
    if (number < from || number > to) return bad(where, fmt::format("{} out of {}..{}", number, from, to));
    return number;
}

template <class T>
Result<T> read_choice(const Json& value, const std::string& where, std::initializer_list<std::pair<std::string_view, T>> choices) {
    const auto text = value.get<std::string>();
    std::string known;
    for (const auto& [name, choice] : choices) {
        if (name == text) return choice;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    return bad(where, "\"" + text + "\" is none of " + known);
}

// One name, or a list of them.
std::vector<std::string> read_names(const Json& j, const char* key) {
    if (!j.contains(key)) return {};
    if (j[key].is_string()) return {j[key].get<std::string>()};
    return j[key].get<std::vector<std::string>>();
}

// --- commands

const Keys command_keys = {"id",     "note",  "cla",    "ins",   "p1",        "p2",       "data",  "le",
                           "expect", "on_sw", "secret", "plain", "chunks_of", "sequence", "answer"};

Keys command_keys_and(std::initializer_list<std::string> more) {
    auto keys = command_keys;
    keys.insert(more);
    return keys;
}

Result<void> read_status_words(const Json& j, const std::string& where, CommandTemplate& c) {
    if (j.contains("expect")) {
        c.expect.clear();
        for (const auto& text : j["expect"]) c.expect.push_back(TRY(read_sw(text, where)));
        if (c.expect.empty()) return bad(where, "expect is empty");
    }
    if (!j.contains("on_sw")) return {};
    for (const auto& [text, name] : j["on_sw"].items()) {
        const auto code = errc_by_name(name.get<std::string>());
        if (!code) return bad(where, "no error is called \"" + name.get<std::string>() + "\"");
        c.on_sw[TRY(read_sw(text, where))] = *code;
    }
    return {};
}

Result<CommandTemplate> read_command(const Json& j, const std::string& outer, const Keys& keys = command_keys) {
    TRY(only(j, outer, keys));
    CommandTemplate c;
    c.id = j.at("id");
    const auto where = outer + "/" + c.id;
    c.cla = TRY(read_byte(j.at("cla"), where + "/cla"));
    c.ins = TRY(read_byte(j.at("ins"), where + "/ins"));
    c.p1 = j.at("p1");
    c.p2 = j.at("p2");
    c.data = j.value("data", std::string());
    if (j.contains("le") && j["le"].is_string()) c.le = j["le"];
    else if (j.contains("le")) c.le = std::to_string(TRY(read_number(j["le"], 1, 65'536, where + "/le")));
    TRY(read_status_words(j, where, c));
    c.secret = j.value("secret", false);
    c.plain = j.value("plain", false);
    c.chunks_of = j.value("chunks_of", std::string());
    c.sequence = j.value("sequence", std::string());
    if (j.contains("answer")) c.answer = j["answer"].get<std::string>();
    return c;
}

Result<std::vector<CommandTemplate>> read_commands(const Json& list, const std::string& where) {
    if (!list.is_array()) return bad(where, "want a list of commands");
    std::vector<CommandTemplate> commands;
    for (const auto& j : list) commands.push_back(TRY(read_command(j, where)));
    return commands;
}

Result<Step> read_step(const Json& j, const std::string& where) {
    Step step;
    if (!j.is_object() || (!j.contains("for_each") && !j.contains("when"))) {
        step.commands.push_back(TRY(read_command(j, where)));
        return step;
    }
    TRY(only(j, where, {"for_each", "when", "collect", "note", "steps"}));
    if (j.contains("for_each"))
        step.loop = TRY(read_choice<Loop>(j["for_each"], where + "/for_each", {{"file", Loop::files}, {"secret", Loop::secrets}}));
    step.when = read_names(j, "when");
    if (j.contains("collect")) {
        if (step.loop == Loop::once) return bad(where, "collect goes with for_each");
        step.collect = j["collect"].get<std::string>();
    }
    step.commands = TRY(read_commands(j.at("steps"), where));
    return step;
}

Result<std::vector<Step>> read_steps(const Json& list, const std::string& where) {
    if (!list.is_array()) return bad(where, "want a list of steps");
    std::vector<Step> steps;
    for (const auto& j : list) steps.push_back(TRY(read_step(j, where)));
    return steps;
}

// --- how the blank is known

Result<ChipState> read_state(const Json& value, const std::string& where) {
    return read_choice<ChipState>(
        value, where,
        {{"blank", ChipState::blank}, {"written", ChipState::written}, {"closed", ChipState::closed}, {"locked", ChipState::locked}});
}

Result<Probe> read_probe(const Json& j) {
    Probe p;
    p.command = TRY(read_command(j, "identify", command_keys_and({"states", "answers", "continue_on"})));
    const auto where = "identify/" + p.command.id;
    if (!j.contains("states") && !j.contains("answers")) return bad(where, "a probe tells states by status word or by answer");
    const Json states = j.value("states", Json::object()), answers = j.value("answers", Json::object());
    for (const auto& [text, state] : states.items()) p.states[TRY(read_sw(text, where))] = TRY(read_state(state, where));
    for (const auto& [text, state] : answers.items()) p.answers[TRY(read_hex(text, where))] = TRY(read_state(state, where));
    for (const auto& text : j.value("continue_on", Json::array())) p.continue_on.push_back(TRY(read_sw(text, where)));
    return p;
}

Result<Identify> read_identify(const Json& j) {
    TRY(only(j, "identify", {"atr", "select", "serial", "probes"}));
    Identify identify;
    if (j.contains("atr")) {
        TRY(only(j["atr"], "identify/atr", {"mask", "value"}));
        auto mask = TRY(read_hex(j["atr"].at("mask"), "identify/atr"));
        auto value = TRY(read_hex(j["atr"].at("value"), "identify/atr"));
        identify.atr = {std::move(mask), std::move(value)};
        if (identify.atr->mask.size() != identify.atr->value.size()) return bad("identify/atr", "mask and value differ in length");
    }
    if (j.contains("select")) identify.select = TRY(read_command(j["select"], "identify/select"));
    if (j.contains("serial")) identify.serial = TRY(read_command(j["serial"], "identify/serial"));
    for (const auto& probe : j.at("probes")) identify.probes.push_back(TRY(read_probe(probe)));
    return identify;
}

// --- channel

Result<Channel> read_channel(const Json& j) {
    TRY(only(j, "channel",
             {"kind", "i", "level", "counts_empty", "verify_challenge", "cipher", "key_version", "select", "key_check_value"}));
    Channel c;
    c.kind = TRY(read_choice<ChannelKind>(
        j.at("kind"), "channel/kind",
        {{"none", ChannelKind::none}, {"scp02", ChannelKind::scp02}, {"scp03", ChannelKind::scp03}, {"mutual", ChannelKind::mutual}}));
    if (j.contains("key_version")) c.key_version = static_cast<Byte>(TRY(read_number(j["key_version"], 0, 127, "channel/key_version")));
    if (j.contains("select")) c.select = TRY(read_hex(j["select"], "channel/select"));
    if (c.kind == ChannelKind::mutual)
        c.cipher = TRY(read_choice<crypto::Cipher>(j.at("cipher"), "channel/cipher", {{"3DES", crypto::Cipher::tdes}}));
    if (j.contains("key_check_value")) c.key_check_value = TRY(read_command(j["key_check_value"], "channel/key_check_value"));
    if (c.kind != ChannelKind::scp02 && c.kind != ChannelKind::scp03) return c;
    c.scp.protocol = c.kind == ChannelKind::scp02 ? scp::Protocol::scp02 : scp::Protocol::scp03;
    c.scp.i = TRY(read_byte(j.at("i"), "channel/i"));
    c.scp.level = TRY(read_byte(j.at("level"), "channel/level"));
    c.scp.count_empty = j.value("counts_empty", true);
    c.verify_challenge = j.value("verify_challenge", true);
    if (const auto checked = scp::check(c.scp); !checked) return bad("channel", checked.error().detail);
    return c;
}

// --- what is written

Result<void> read_parameters(const Json& j, Object& object) {
    for (const auto& [name, value] : j.items()) object.parameters[name] = value.get<std::string>();
    return {};
}

Result<Object> read_file(const Json& j) {
    Object object;
    if (j.is_string()) object.name = j;
    else TRY(only(j, "files", {"file", "parameters", "with_lock"}));
    if (j.is_object()) {
        object.name = j.at("file");
        object.with_lock = j.value("with_lock", false);
        if (j.contains("parameters")) TRY(read_parameters(j["parameters"], object));
    }
    object.file = lds::ef_by_name(object.name);
    if (!object.file) return bad("files", "no file is called " + object.name);
    return object;
}

Result<Object> read_secret(const Json& j) {
    TRY(only(j, "secrets", {"name", "note", "value", "when", "parameters"}));
    Object object;
    object.name = j.at("name");
    object.value = j.at("value");
    object.when = read_names(j, "when");
    if (j.contains("parameters")) TRY(read_parameters(j["parameters"], object));
    return object;
}

Result<Features> read_features(const Json& j) {
    TRY(only(j, "chip", {"access", "pace", "active_authentication", "chip_authentication", "terminal_authentication"}));
    Features f;
    f.bac = false;
    bool pace = false;
    for (const auto& way : j.at("access")) {
        if (way == "bac") f.bac = true;
        else if (way == "pace-mrz") pace = true;
        else if (way == "pace-can") f.can = true;
        else if (way == "pace-pin") f.pin = true;
        else if (way == "pace-puk") f.puk = true;
        else return bad("chip/access", "want bac, pace-mrz, pace-can, pace-pin, pace-puk");
    }
    const bool other_passwords = f.can || f.pin || f.puk;
    if ((pace || other_passwords) != j.contains("pace")) return bad("chip/pace", "PACE as a way of access and its parameters go together");
    if (!pace && other_passwords) return bad("chip/access", "Doc 9303-11, 9.5: whoever offers PACE takes the zone as password");
    if (pace) {
        TRY(only(j["pace"], "chip/pace", {"protocol", "parameter_id"}));
        f.pace = j["pace"].at("protocol");
        f.pace_parameter_id = TRY(read_number(j["pace"].at("parameter_id"), 0, 31, "chip/pace/parameter_id"));
    }
    f.aa_key = j.value("active_authentication", std::string());
    f.terminal_authentication = j.value("terminal_authentication", false);
    if (!j.contains("chip_authentication")) return f;
    TRY(only(j["chip_authentication"], "chip/chip_authentication", {"protocol", "curve"}));
    f.ca_protocol = j["chip_authentication"].at("protocol");
    f.ca_curve = j["chip_authentication"].at("curve");
    return f;
}

Result<Generation> read_generation(const Json& j) {
    TRY(only(j, "generate", {"key", "steps"}));
    Generation g;
    g.purpose = TRY(read_choice<KeyPurpose>(
        j.at("key"), "generate/key",
        {{"active_authentication", KeyPurpose::active_authentication}, {"chip_authentication", KeyPurpose::chip_authentication}}));
    g.commands = TRY(read_commands(j.at("steps"), "generate"));
    if (g.commands.empty()) return bad("generate", "no command");
    return g;
}

Result<void> read_limits(const Json& j, Profile& p) {
    TRY(only(j, "limits", {"max_write", "largest_file", "memory", "extended", "deadline_ms"}));
    p.extended = j.value("extended", false);
    const auto most = p.extended ? 65'535 : 255;
    p.max_write = static_cast<std::size_t>(TRY(read_number(j.at("max_write"), 1, most, "limits/max_write")));
    p.largest_file = static_cast<std::size_t>(TRY(read_number(j.at("largest_file"), 1, 65'535, "limits/largest_file")));
    if (j.contains("memory")) p.memory = static_cast<std::size_t>(TRY(read_number(j["memory"], 1, 1 << 24, "limits/memory")));
    p.deadline = std::chrono::milliseconds(TRY(read_number(j.at("deadline_ms"), 1, 600'000, "limits/deadline_ms")));
    return {};
}

Result<void> read_verify(const Json& j, Profile& p) {
    TRY(only(j, "verify", {"before_lock"}));
    const auto& before = j.at("before_lock");
    if (before.is_array()) {
        p.read_back = ReadBack::by_commands;
        p.read_back_steps = TRY(read_steps(before, "verify"));
        if (p.read_back_steps.empty()) return bad("verify/before_lock", "no step: \"none\" says that nothing is read back");
        return {};
    }
    p.read_back =
        TRY(read_choice<ReadBack>(before, "verify/before_lock", {{"none", ReadBack::none}, {"as_terminal", ReadBack::as_terminal}}));
    return {};
}

Result<void> read_lock(const Json& j, Profile& p) {
    TRY(only(j, "lock", {"steps", "proof"}));
    p.lock = TRY(read_commands(j.at("steps"), "lock"));
    p.lock_proof = TRY(read_commands(j.at("proof"), "lock/proof"));
    if (p.lock.empty()) return bad("lock", "no command");
    if (p.lock_proof.empty()) return bad("lock/proof", "no command");
    return {};
}

Result<Profile> read_profile(const Json& j) {
    TRY(only(j, "profile",
             {"$schema", "schema", "profile", "version", "title", "risk", "application", "chip", "files", "secrets", "limits", "identify",
              "channel", "generate", "steps", "verify", "lock"}));
    if (j.contains("$schema") && !j["$schema"].is_string()) return bad("$schema", "want a string; it is for editors");
    if (j.at("schema") != 1) return bad("schema", "this program knows schema 1");
    Profile p;
    p.name = j.at("profile");
    p.version = static_cast<int>(TRY(read_number(j.at("version"), 1, 1'000'000, "version")));
    p.title = j.at("title");
    p.risk = j.value("risk", std::string());
    p.application = TRY(read_hex(j.at("application"), "application"));
    p.features = TRY(read_features(j.at("chip")));
    for (const auto& file : j.at("files")) p.files.push_back(TRY(read_file(file)));
    for (const auto& secret : j.value("secrets", Json::array())) p.secrets.push_back(TRY(read_secret(secret)));
    TRY(read_limits(j.at("limits"), p));
    p.identify = TRY(read_identify(j.at("identify")));
    p.channel = TRY(read_channel(j.at("channel")));
    for (const auto& g : j.value("generate", Json::array())) p.generate.push_back(TRY(read_generation(g)));
    p.steps = TRY(read_steps(j.at("steps"), "steps"));
    TRY(read_verify(j.at("verify"), p));
    TRY(read_lock(j.at("lock"), p));
    return p;
}

}  // namespace

Result<Profile> parse_profile(std::string_view text) {
    try {
        auto profile = TRY(read_profile(Json::parse(text)));
        profile.hash = to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(text)));
        return profile;
    } catch (const nlohmann::json::exception& e) {
        return fail(Errc::bad_json, "profile", e.what());
    }
}

}  // namespace idchip::profile
