// data/schema/profile.schema.json and the strict reader: what an editor completes and lets pass, idchip takes, and knows no more.
#include "unit/unit.hpp"

#include <algorithm>
#include <functional>
#include <regex>
#include <set>

#include <nlohmann/json.hpp>

#include <idchip/base/text.hpp>
#include <idchip/crypto/key.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/profile/profile.hpp>

using namespace idchip;
using namespace idchip::test;
using profile::parse_profile;
using Json = nlohmann::json;
using Pointer = Json::json_pointer;
using Names = std::set<std::string>;

namespace {

const std::filesystem::path source = IDCHIP_SOURCE_DIR;

Json read_json(const std::filesystem::path& path) { return Json::parse(good(read_text(path))); }

// As much of JSON Schema 2020-12 as the file uses; another keyword is an error, not a rule that is overlooked.
class Schema {
public:
    explicit Schema(Json root) : root_(std::move(root)) {}
    bool fits(const Json& value) const { return fits(root_, value); }
    const Json& definition(const std::string& name) const { return root_.at("$defs").at(name); }
    const Json& definitions() const { return root_.at("$defs"); }

private:
    using Rule = std::function<bool(const Schema&, const Json& node, const Json& want, const Json& value)>;

    bool fits(const Json& node, const Json& value) const {
        if (node.is_boolean()) return node.get<bool>();
        return std::all_of(node.items().begin(), node.items().end(), [&](const auto& keyword) {
            const auto rule = rules().find(keyword.key());
            if (rule == rules().end()) FAIL("keyword " << keyword.key());
            return rule->second(*this, node, keyword.value(), value);
        });
    }
    bool all_fit(const Json& node, const Json& values) const {
        return std::all_of(values.begin(), values.end(), [&](const Json& v) { return fits(node, v); });
    }
    bool members_fit(const Json& node, const Json& object) const {
        const auto& properties = part(node, "properties");
        return std::all_of(object.items().begin(), object.items().end(), [&](const auto& member) {
            const bool listed = properties.contains(member.key());
            return fits(listed ? properties.at(member.key()) : part(node, "additionalProperties"), member.value());
        });
    }
    // What is not there demands nothing.
    static const Json& part(const Json& node, const std::string& key) {
        static const Json anything = true;
        const auto it = node.find(key);
        return it != node.end() ? *it : anything;
    }
    static bool has_all(const Json& object, const Json& names) {
        return std::all_of(names.begin(), names.end(), [&](const Json& name) { return object.contains(name.get<std::string>()); });
    }
    static bool is_of_type(const Json& value, const std::string& type) {
        return type == (value.is_number_integer() ? "integer" : value.is_boolean() ? "boolean" : value.type_name());
    }
    static bool matches(const std::string& text, const std::string& pattern) {
        static std::map<std::string, std::regex> compiled;
        return std::regex_search(text, compiled.try_emplace(pattern, pattern).first->second);
    }

    static const std::map<std::string, Rule>& rules() {
        using S = const Schema&;
        using J = const Json&;
        static const Rule says_nothing = [](S, J, J, J) { return true; };
        static const Rule members = [](S s, J node, J, J v) { return !v.is_object() || s.members_fit(node, v); };
        static const std::map<std::string, Rule> table = {
            {"$schema", says_nothing},
            {"$defs", says_nothing},
            {"title", says_nothing},
            {"description", says_nothing},
            {"default", says_nothing},
            {"examples", says_nothing},
            {"then", says_nothing},  // of "if"
            {"else", says_nothing},
            {"$ref", [](S s, J, J w, J v) { return s.fits(s.root_.at(Pointer(w.get<std::string>().substr(1))), v); }},
            {"type", [](S, J, J w, J v) { return is_of_type(v, w); }},
            {"const", [](S, J, J w, J v) { return v == w; }},
            {"enum", [](S, J, J w, J v) { return std::find(w.begin(), w.end(), v) != w.end(); }},
            {"pattern", [](S, J, J w, J v) { return !v.is_string() || matches(v, w); }},
            {"minLength", [](S, J, J w, J v) { return !v.is_string() || v.get<std::string>().size() >= w; }},
            {"minimum", [](S, J, J w, J v) { return !v.is_number() || v >= w; }},
            {"maximum", [](S, J, J w, J v) { return !v.is_number() || v <= w; }},
            {"items", [](S s, J, J w, J v) { return !v.is_array() || s.all_fit(w, v); }},
            {"minItems", [](S, J, J w, J v) { return !v.is_array() || v.size() >= w; }},
            {"contains",
             [](S s, J, J w, J v) {
                 return !v.is_array() || std::any_of(v.begin(), v.end(), [&](const Json& item) { return s.fits(w, item); });
             }},
            {"properties", [](S s, J node, J w, J v) { return node.contains("additionalProperties") || members(s, node, w, v); }},
            {"additionalProperties", members},
            {"propertyNames",
             [](S s, J, J w, J v) {
                 return !v.is_object() ||
                        std::all_of(v.items().begin(), v.items().end(), [&](const auto& member) { return s.fits(w, member.key()); });
             }},
            {"required", [](S, J, J w, J v) { return !v.is_object() || has_all(v, w); }},
            {"dependentRequired",
             [](S, J, J w, J v) {
                 return std::all_of(w.items().begin(), w.items().end(),
                                    [&](const auto& member) { return !v.contains(member.key()) || has_all(v, member.value()); });
             }},
            {"anyOf",
             [](S s, J, J w, J v) { return std::any_of(w.begin(), w.end(), [&](const Json& choice) { return s.fits(choice, v); }); }},
            {"allOf", [](S s, J, J w, J v) { return std::all_of(w.begin(), w.end(), [&](const Json& each) { return s.fits(each, v); }); }},
            {"if", [](S s, J node, J w, J v) { return s.fits(part(node, s.fits(w, v) ? "then" : "else"), v); }},
        };
        return table;
    }

    Json root_;
};

const Schema& schema() {
    static const Schema s(read_json(source / "data/schema/profile.schema.json"));
    return s;
}

// A profile that has every part there is.
Json full_profile() {
    auto j = read_json(source / "profiles/iso-native.json");
    j["identify"]["atr"] = {{"mask", "FF"}, {"value", "3B"}};
    const auto repeated = std::find_if(j["steps"].begin(), j["steps"].end(), [](const Json& step) { return step.contains("for_each"); });
    (*repeated)["collect"] = "object.fid";
    return j;
}

std::map<std::string, Json> profiles() {
    std::map<std::string, Json> all = {{"full", full_profile()}};
    for (const auto& entry : std::filesystem::directory_iterator(source / "profiles"))
        if (entry.path().extension() == ".json") all[entry.path().stem().string()] = read_json(entry.path());
    return all;
}

// Calls with every value of the profile and its place, the profile itself first.
void walk(const Json& value, const std::function<void(const Pointer& place, const Json& value)>& visit, const Pointer& place = Pointer()) {
    visit(place, value);
    for (const auto& [key, member] : value.items())
        if (value.is_object()) walk(member, visit, place / key);
        else if (value.is_array()) walk(member, visit, place / std::stoul(key));
}

bool is_read(const Json& j) { return parse_profile(j.dump()).has_value(); }

// The reader names them where it meets one that it does not know.
Names known_to_reader(const Pointer& place) {
    auto j = full_profile();
    j.at(place)["expcet"] = "9000";
    const auto result = parse_profile(j.dump());
    REQUIRE(error_of(result) == "profile.bad");
    const auto& detail = result.error().detail;
    const std::string known = "unknown key \"expcet\", known: ";
    REQUIRE(detail.starts_with(known));
    Names names;
    for (std::size_t at = known.size(); at < detail.size();) {
        const auto end = std::min(detail.find(", ", at), detail.size());
        names.insert(detail.substr(at, end - at));
        at = end + 2;
    }
    return names;
}

Names keys_of(const Json& object) {
    Names names;
    for (const auto& [key, value] : object.items()) names.insert(key);
    return names;
}

}  // namespace

TEST_CASE("shipped profiles fit the schema and name it", "[profile][schema]") {
    for (const auto& [name, j] : profiles()) {
        CAPTURE(name);
        CHECK(schema().fits(j));
        CHECK(j.at("$schema") == "../data/schema/profile.schema.json");
    }
    CHECK(is_read(full_profile()));
    auto j = full_profile();
    j.erase("$schema");
    CHECK(is_read(j));
    j["$schema"] = 1;
    CHECK_FALSE(is_read(j));
}

TEST_CASE("the schema and the reader know the same members at every place", "[profile][schema]") {
    const std::pair<const char*, const char*> places[] = {{"profile", ""},
                                                          {"chip", "/chip"},
                                                          {"pace", "/chip/pace"},
                                                          {"chip_authentication", "/chip/chip_authentication"},
                                                          {"place", "/files/0"},
                                                          {"secret", "/secrets/0"},
                                                          {"limits", "/limits"},
                                                          {"identify", "/identify"},
                                                          {"atr", "/identify/atr"},
                                                          {"command", "/identify/select"},
                                                          {"command", "/identify/serial"},
                                                          {"probe", "/identify/probes/0"},
                                                          {"channel", "/channel"},
                                                          {"command", "/channel/key_check_value"},
                                                          {"generation", "/generate/0"},
                                                          {"command", "/generate/0/steps/0"},
                                                          {"group", "/steps/0"},
                                                          {"command", "/steps/0/steps/0"},
                                                          {"command", "/steps/1"},
                                                          {"verify", "/verify"},
                                                          {"group", "/verify/before_lock/0"},
                                                          {"lock", "/lock"},
                                                          {"command", "/lock/steps/0"},
                                                          {"command", "/lock/proof/0"}};
    Names visited;
    for (const auto& [name, place] : places) {
        CAPTURE(name, place);
        CHECK(schema().definition(name).at("additionalProperties") == false);
        CHECK(keys_of(schema().definition(name).at("properties")) == known_to_reader(Pointer(place)));
        visited.insert(name);
    }
    for (const auto& [name, definition] : schema().definitions().items()) {
        CAPTURE(name);
        if (definition.contains("properties")) CHECK(visited.contains(name));
    }
}

TEST_CASE("files and curves of the schema are those there are, and every member is described", "[profile][schema]") {
    Names files, curves;
    for (const auto& file : lds::all_files()) files.insert(std::string(file.name));
    for (auto curve = crypto::Curve::p192; curve <= crypto::Curve::bp512r1; curve = static_cast<crypto::Curve>(static_cast<int>(curve) + 1))
        curves.insert(std::string(crypto::name(curve)));
    CHECK(schema().definition("file_name").at("enum").get<Names>() == files);
    CHECK(schema().definition("curve").at("enum").get<Names>() == curves);
    for (const auto& [name, definition] : schema().definitions().items()) {
        if (!definition.contains("properties") || name == "probe") continue;  // a probe's are the command's
        for (const auto& [key, member] : definition.at("properties").items()) {
            CAPTURE(name, key);
            CHECK(member.contains("description"));
        }
    }
}

TEST_CASE("a member too few or too many is refused by schema and reader alike", "[profile][schema]") {
    for (const auto& [name, profile] : profiles())
        walk(profile, [&, &j = profile, &name = name](const Pointer& place, const Json& value) {
            if (!value.is_object()) return;
            for (const auto& key : keys_of(value)) {
                CAPTURE(name, place.to_string(), key);
                auto fewer = j;
                fewer.at(place).erase(key);
                CHECK(schema().fits(fewer) == is_read(fewer));
            }
            CAPTURE(name, place.to_string());
            auto more = j;
            more.at(place)["expcet"] = "9000";
            CHECK(schema().fits(more) == is_read(more));
        });
}

TEST_CASE("schema and reader want PACE and its parameters together", "[profile][schema]") {
    auto j = full_profile();
    const auto pace = j["chip"]["pace"];
    for (const auto& access : {Json{"bac"}, Json{"bac", "pace-mrz"}, Json{"pace-mrz", "pace-can"}, Json{"bac", "pace-can"}, Json::array()})
        for (const bool with_parameters : {false, true}) {
            CAPTURE(access.dump(), with_parameters);
            j["chip"]["access"] = access;
            j["chip"].erase("pace");
            if (with_parameters) j["chip"]["pace"] = pace;
            CHECK(schema().fits(j) == is_read(j));
        }
}

TEST_CASE("a value that the schema lets pass is read", "[profile][schema]") {
    const Json values[] = {nullptr, true, 0, -1, 1.5, 70'000, "", "zz", Json::array(), Json::object()};
    auto j = full_profile();
    walk(full_profile(), [&](const Pointer& place, const Json& value) {
        // As long as the mask: what no schema can say.
        if (value.is_structured() || place.to_string().starts_with("/identify/atr/")) return;
        for (const auto& other : values) {
            CAPTURE(place.to_string(), other.dump());
            j[place] = other;
            if (schema().fits(j)) CHECK(is_read(j));
        }
        j[place] = value;
    });
}
