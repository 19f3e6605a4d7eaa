// Layers go downwards only: each room includes what its MODULE.txt requires, and nothing else.
#include "catch.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <idchip/base/text.hpp>

namespace {

namespace fs = std::filesystem;
const fs::path source = IDCHIP_SOURCE_DIR;

struct Room {
    std::set<std::string> required, third_party;
};

std::set<std::string> words(const std::string& line) {
    std::istringstream stream(line.substr(line.find(':') + 1));
    std::set<std::string> result;
    for (std::string word; stream >> word;) result.insert(word);
    return result;
}

std::map<std::string, Room> read_rooms() {
    std::map<std::string, Room> rooms;
    for (const auto& entry : fs::recursive_directory_iterator(source / "lib")) {
        if (entry.path().filename() != "MODULE.txt") continue;
        auto& room = rooms[fs::relative(entry.path().parent_path(), source / "lib").string()];
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("requires:")) room.required = words(line);
            if (line.starts_with("third_party:")) room.third_party = words(line);
        }
    }
    return rooms;
}

// The room a path below lib/ or include/idchip/ belongs to: the longest that is one.
std::string room_of(const fs::path& relative, const std::map<std::string, Room>& rooms) {
    for (auto p = relative; !p.empty(); p = p.parent_path())
        if (rooms.contains(p.string())) return p.string();
    return {};
}

const std::map<std::string, std::vector<std::string>>& third_party_headers() {
    static const std::map<std::string, std::vector<std::string>> table = {{"fmt", {"fmt/"}},
                                                                          {"nlohmann", {"nlohmann/"}},
                                                                          {"openssl", {"openssl/"}},
                                                                          {"botan", {"botan/"}},
                                                                          {"pcsc", {"winscard.h", "pcsclite.h", "reader.h"}},
                                                                          {"p11-kit", {"p11-kit/"}},
                                                                          {"jpeg", {"jpeglib.h", "jerror.h"}},
                                                                          {"png", {"png.h"}},
                                                                          {"openjpeg", {"openjpeg.h"}},
                                                                          {"seccomp", {"seccomp.h"}},
                                                                          {"qrencode", {"qrencode.h"}},
                                                                          {"utf8proc", {"utf8proc.h"}},
                                                                          {"sqlite", {"sqlite3.h"}},
                                                                          {"libpq", {"libpq-fe.h"}}};
    return table;
}

std::string third_party_of(const std::string& include) {
    for (const auto& [name, prefixes] : third_party_headers())
        for (const auto& prefix : prefixes)
            if (include.starts_with(prefix)) return name;
    return {};
}

struct Include {
    fs::path file;
    std::string target;
};

std::vector<Include> includes_below(const fs::path& folder) {
    std::vector<Include> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto extension = entry.path().extension();
        if (extension != ".cpp" && extension != ".hpp") continue;
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            if (!line.starts_with("#include ")) continue;
            const auto open = line.find_first_of("<\"");
            result.push_back({entry.path(), line.substr(open + 1, line.find_first_of(">\"", open + 1) - open - 1)});
        }
    }
    return result;
}

std::string room_named_by(const std::string& include, const std::map<std::string, Room>& rooms) {
    const auto path = include.starts_with("idchip/") ? include.substr(7) : include;
    return room_of(fs::path(path).replace_extension(), rooms);
}

void check_folder(const fs::path& folder, const std::map<std::string, Room>& rooms) {
    for (const auto& [file, target] : includes_below(folder)) {
        const auto own = room_of(fs::relative(file, folder).replace_extension(), rooms);
        INFO(file << " includes " << target);
        REQUIRE_FALSE(own.empty());
        const auto used = room_named_by(target, rooms);
        if (!used.empty() && used != own) CHECK(rooms.at(own).required.contains(used));
        if (const auto library = third_party_of(target); !library.empty()) CHECK(rooms.at(own).third_party.contains(library));
    }
}

}  // namespace

TEST_CASE("every room declares what it requires and includes nothing else") {
    const auto rooms = read_rooms();
    REQUIRE(rooms.size() >= 18);
    check_folder(source / "lib", rooms);
    check_folder(source / "include/idchip", rooms);
}

TEST_CASE("no room requires itself, directly or in a circle") {
    auto rooms = read_rooms();
    bool removed = true;
    while (removed) {
        removed = false;
        for (auto it = rooms.begin(); it != rooms.end(); ++it) {
            bool free = true;
            for (const auto& r : it->second.required) free = free && !rooms.contains(r);
            if (!free) continue;
            rooms.erase(it);
            removed = true;
            break;
        }
    }
    for (const auto& [name, room] : rooms) UNSCOPED_INFO("in a circle: " << name);
    CHECK(rooms.empty());
}

TEST_CASE("required rooms exist") {
    const auto rooms = read_rooms();
    for (const auto& [name, room] : rooms)
        for (const auto& r : room.required) {
            INFO(name << " requires " << r);
            CHECK(rooms.contains(r));
        }
}

TEST_CASE("public headers include no third-party header but tl/expected") {
    for (const auto& [file, target] : includes_below(source / "include")) {
        INFO(file << " includes " << target);
        CHECK(third_party_of(target).empty());
    }
}

TEST_CASE("the simulator is used by nobody in the library but the room that describes its cards, and that by nobody") {
    for (const auto& [name, room] : read_rooms()) {
        INFO(name);
        CHECK(room.required.contains("sim") == (name == "cards"));
        CHECK_FALSE(room.required.contains("cards"));
    }
}
