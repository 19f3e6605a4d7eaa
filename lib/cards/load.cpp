// Finding descriptions, and what they are like.
#include <algorithm>
#include <cstdlib>
#include <set>

#include <idchip/base/file.hpp>

#include "cards/make.hpp"

namespace idchip::cards {
namespace {

constexpr int deepest_likeness = 8;

struct Found {
    Json json;
    std::filesystem::path folder;
    std::string name;
};

Result<Json> parse_json(std::string_view text) {
    try {
        auto json = Json::parse(text, nullptr, true, true);
        if (!json.is_object()) return fail(Errc::sim_bad_card, "card", "want an object");
        return json;
    } catch (const nlohmann::json::exception& e) {
        return fail(Errc::bad_json, "card", e.what());
    }
}

bool is_path(const std::string& name) { return name.find('/') != std::string::npos || name.ends_with(".json"); }

Result<Found> find(const std::string& name_or_path, const std::filesystem::path& beside) {
    std::vector<std::filesystem::path> candidates;
    if (is_path(name_or_path)) candidates.push_back(beside / name_or_path);
    else
        for (const auto& folder : card_folders()) candidates.push_back(folder / (name_or_path + ".json"));
    for (const auto& path : candidates) {
        std::error_code error;
        if (!std::filesystem::is_regular_file(path, error)) continue;
        auto json = parse_json(TRY(read_text(path, 16U << 20U)));
        if (!json) return fail(std::move(json.error()).inside(path.string()));
        return Found{std::move(*json), path.parent_path(), path.stem().string()};
    }
    return fail(Errc::not_found, name_or_path, "no such card");
}

// RFC 7386: what the description says replaces what the other one says, member by member; null takes away.
// What that one says of itself is not inherited.
Result<Json> with_likeness(Json card, const std::filesystem::path& folder, int depth) {
    const auto like = card.find("like");
    if (like == card.end() || like->is_null()) return card;
    if (!like->is_string()) return fail(Errc::sim_bad_card, "like", "want text");
    if (depth == 0) return fail(Errc::sim_bad_card, "like", "one is like the other in a circle, or too many are");
    auto other = TRY(find(like->get<std::string>(), folder));
    auto base = TRY(with_likeness(std::move(other.json), other.folder, depth - 1));
    for (const auto* key : {"about", "case", "outcome", "neighbour"}) base.erase(key);
    card.erase("like");
    base.merge_patch(card);
    return base;
}

Result<Card> load_found(Found found, const LoadOptions& options) {
    const auto card = TRY(with_likeness(std::move(found.json), found.folder, deepest_likeness));
    auto made = make(TRY(read_blueprint(Node(card), found.folder)), found.folder, options);
    if (made) made->description.name = found.name;
    return made;
}

}  // namespace

std::vector<std::filesystem::path> card_folders() {
    std::vector<std::filesystem::path> folders;
    if (const char* own = std::getenv("IDCHIP_CARDS")) folders.emplace_back(own);
    folders.emplace_back(std::string(IDCHIP_DATA_DIR) + "/cards");
    folders.emplace_back(std::string(IDCHIP_SOURCE_DIR) + "/data/cards");
    return folders;
}

Result<Card> parse(std::string_view json, const std::filesystem::path& folder, const LoadOptions& options) {
    return load_found({TRY(parse_json(json)), folder, "card"}, options);
}

Result<Card> load(const std::string& name_or_path, const LoadOptions& options) {
    auto card = load_found(TRY(find(name_or_path, {})), options);
    if (!card) return fail(std::move(card.error()).inside(name_or_path));
    return card;
}

Result<std::vector<Description>> ready_made() {
    std::map<std::string, Description> found;
    for (const auto& folder : card_folders()) {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
            const auto name = entry.path().stem().string();
            if (entry.path().extension() != ".json" || found.contains(name)) continue;
            const auto json = TRY(parse_json(TRY(read_text(entry.path()))));
            const auto text = [&json](const char* key) {
                const auto it = json.find(key);
                return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
            };
            found[name] = {name, text("about"), text("case"), text("outcome"), text("neighbour")};
        }
    }
    std::vector<Description> list;
    for (auto& [name, description] : found) list.push_back(std::move(description));
    return list;
}

}  // namespace idchip::cards
