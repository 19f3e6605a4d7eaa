#include "vectors/vector_file.hpp"

#include <algorithm>
#include <set>

#include <idchip/base/file.hpp>

#include "base/try.hpp"

namespace idchip::vectors {
namespace {

using Names = std::set<std::string, std::less<>>;

// JSON lets a key stand twice and keeps the last: a case would lose half of itself without a word.
class DuplicateKeys {
public:
    bool operator()(int, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::object_start) open_.emplace_back();
        if (event == Json::parse_event_t::object_end) open_.pop_back();
        if (event == Json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second && found_.empty())
            found_ = parsed.get<std::string>();
        return true;
    }
    const std::string& found() const { return found_; }

private:
    std::vector<Names> open_;
    std::string found_;
};

Result<Json> parse_json(const std::string& text, const std::string& name) {
    DuplicateKeys duplicates;
    try {
        auto json = Json::parse(text, std::ref(duplicates), true, true);  // with exceptions, comments allowed
        if (!duplicates.found().empty()) return bad(name, "key \"" + duplicates.found() + "\" stands twice in one object");
        return json;
    } catch (const Json::exception& e) {
        return bad(name, e.what());
    }
}

Result<void> only(const Json& object, const std::string& where, std::initializer_list<std::string_view> known) {
    if (!object.is_object()) return bad(where, "want an object");
    for (const auto& [key, value] : object.items())
        if (std::find(known.begin(), known.end(), key) == known.end()) return bad(where, "unknown key \"" + key + "\"");
    return {};
}

// Text that must say something.
Result<std::string> text_of(const Json& object, const char* key, const std::string& where) {
    const auto it = object.find(key);
    if (it == object.end() || !it->is_string() || it->get_ref<const std::string&>().empty())
        return bad(where, std::string("missing or empty \"") + key + "\"");
    return it->get<std::string>();
}

Result<std::vector<std::string>> texts_of(const Json& object, const char* key, const std::string& where) {
    std::vector<std::string> result;
    const auto it = object.find(key);
    if (it == object.end()) return result;
    if (!it->is_array()) return bad(where, std::string("\"") + key + "\" is not a list");
    for (const auto& member : *it) {
        if (!member.is_string()) return bad(where, std::string("\"") + key + "\" is not a list of texts");
        result.push_back(member.get<std::string>());
    }
    return result;
}

Result<Names> read_notes(const Json& file, const std::string& name) {
    Names flags;
    if (!file.contains("notes")) return flags;
    const auto& notes = file["notes"];
    if (!notes.is_object()) return bad(name, "\"notes\" is not an object");
    for (const auto& [flag, note] : notes.items()) {
        const auto where = name + "/notes." + flag;
        TRY(only(note, where, {"bugType", "text", "refs"}));
        TRY(text_of(note, "bugType", where));
        TRY(text_of(note, "text", where));
        TRY(texts_of(note, "refs", where));
        flags.insert(flag);
    }
    return flags;
}

const Suite* find_suite(std::string_view name) {
    for (const auto& suite : suites())
        if (suite.name == name) return &suite;
    return nullptr;
}

const Operation* find_operation(const Suite& suite, std::string_view name) {
    for (const auto& operation : suite.operations)
        if (operation.name == name) return &operation;
    return nullptr;
}

Result<void> check_expect(const Json& expect, const std::string& where) {
    if (!expect.is_object() || expect.empty()) return bad(where, "\"expect\" names no output and no error");
    if (!expect.contains("error")) return {};
    TRY(only(expect, where + "/expect", {"error", "where", "sw"}));
    const auto name = TRY(text_of(expect, "error", where));
    const auto code = errc_by_name(name);
    if (!code || *code == Errc::vector_bad) return bad(where, "unknown error \"" + name + "\"");
    if (expect.contains("where")) TRY(text_of(expect, "where", where));
    if (expect.contains("sw")) TRY(text_of(expect, "sw", where));
    return {};
}

Result<Case> read_case(const Json& json, const Suite& suite, const Names& flags, const std::string& file) {
    Case c;
    c.suite = &suite;
    c.file = file;
    if (!json.is_object()) return bad(file, "a case is not an object");
    c.id = TRY(text_of(json, "id", file));
    const auto where = file + "/" + c.id;
    TRY(only(json, where, {"id", "comment", "flags", "op", "in", "expect", "requires"}));
    const auto prefix = std::string(suite.name) + ".";
    if (!c.id.starts_with(prefix)) return bad(where, "the id does not begin with \"" + prefix + "\"");
    if (json.contains("comment")) TRY(text_of(json, "comment", where));
    for (const auto& flag : TRY(texts_of(json, "flags", where)))
        if (!flags.contains(flag)) return bad(where, "flag \"" + flag + "\" does not stand in \"notes\"");
    for (const auto& feature : TRY(texts_of(json, "requires", where))) {
        const auto present = has_feature(feature);
        if (!present) return bad(where, "unknown feature \"" + feature + "\" required");
        if (!*present) c.missing.push_back(feature);
    }
    const auto op = TRY(text_of(json, "op", where));
    c.operation = find_operation(suite, op);
    if (c.operation == nullptr) return bad(where, "unknown op \"" + op + "\" of suite " + std::string(suite.name));
    if (!json.contains("in") || !json["in"].is_object()) return bad(where, "\"in\" is missing or not an object");
    c.in = json["in"];
    if (!json.contains("expect")) return bad(where, "\"expect\" is missing");
    c.expect = json["expect"];
    TRY(check_expect(c.expect, where));
    return c;
}

}  // namespace

Result<void> load_cases(const std::filesystem::path& path, const std::string& name, std::vector<Case>& cases) {
    const auto file = TRY(parse_json(TRY(read_text(path)), name));
    TRY(only(file, name, {"$schema", "suite", "source", "spec", "notes", "cases"}));
    const auto suite_name = TRY(text_of(file, "suite", name));
    const auto* suite = find_suite(suite_name);
    if (suite == nullptr) return bad(name, "unknown suite \"" + suite_name + "\"");
    TRY(text_of(file, "source", name));
    if (file.contains("spec")) TRY(text_of(file, "spec", name));
    const auto flags = TRY(read_notes(file, name));
    if (!file.contains("cases") || !file["cases"].is_array() || file["cases"].empty()) return bad(name, "no cases");
    for (const auto& json : file["cases"]) {
        auto c = TRY(read_case(json, *suite, flags, name));
        c.folder = path.parent_path();
        cases.push_back(std::move(c));
    }
    return {};
}

}  // namespace idchip::vectors
