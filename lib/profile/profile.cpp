#include <idchip/profile/profile.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>

#include <idchip/base/file.hpp>

#include "base/try.hpp"

namespace idchip::profile {

std::string_view name(ChipState state) {
    switch (state) {
        case ChipState::blank: return "blank";
        case ChipState::written: return "written, not locked";
        case ChipState::closed: return "closed to writing, not locked";
        case ChipState::locked: return "locked";
    }
    return {};
}

std::string_view name(ChannelKind kind) {
    switch (kind) {
        case ChannelKind::none: return "none";
        case ChannelKind::scp02: return "SCP02";
        case ChannelKind::scp03: return "SCP03";
        case ChannelKind::mutual: return "mutual authentication";
    }
    return {};
}

const Object* Profile::place_of(lds::Ef ef) const {
    const auto it = std::find_if(files.begin(), files.end(), [ef](const Object& o) { return o.file == ef; });
    return it == files.end() ? nullptr : &*it;
}

std::vector<std::filesystem::path> profile_folders() {
    std::vector<std::filesystem::path> folders;
    if (const char* own = std::getenv("IDCHIP_PROFILES")) folders.emplace_back(own);
    folders.emplace_back(std::string(IDCHIP_DATA_DIR) + "/profiles");
    folders.emplace_back(std::string(IDCHIP_SOURCE_DIR) + "/profiles");
    return folders;
}

std::vector<std::string> profile_names() {
    std::set<std::string> names;
    for (const auto& folder : profile_folders()) {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(folder, error))
            if (entry.path().extension() == ".json") names.insert(entry.path().stem().string());
    }
    return {names.begin(), names.end()};
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
