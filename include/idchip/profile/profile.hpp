// A card profile: a versioned data file that says how one kind of blank card is recognised, written, locked and proven.
#pragma once

#include <chrono>
#include <filesystem>

#include <idchip/iso7816/apdu.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/profile/expression.hpp>

namespace idchip::profile {

struct CommandTemplate {
    std::string id;
    Byte cla = 0, ins = 0;
    std::string p1, p2, data;  // expressions; empty data: no data field
    std::optional<std::uint32_t> le;
    std::vector<std::uint16_t> expect = {0x9000};
    std::map<std::uint16_t, Errc> on_sw;  // what another status word means on this card
    bool secret = false;                  // the data field never leaves the plan
    std::string chunks_of;                // repeat over blocks of this value
};

enum class ChipState { blank, written, locked };
std::string_view name(ChipState state);

struct Probe {
    CommandTemplate command;
    std::map<std::uint16_t, ChipState> states;
    std::vector<std::uint16_t> continue_on;  // goes on to the next probe
};

struct Step {
    std::vector<CommandTemplate> commands;
    bool for_each_file = false;
};

struct Profile {
    std::string name, title, risk;
    int version = 0;
    Bytes application;
    std::vector<lds::Ef> files;  // those the card has a place for, in the order of writing
    std::size_t max_write = 255, largest_file = 32767;
    std::chrono::milliseconds deadline{5000};
    std::vector<Probe> identify;
    std::vector<Step> steps;
    CommandTemplate lock, lock_proof;
    std::string hash;  // SHA-256 of the data file
};

// A name among the shipped profiles, or a path. Errors: profile.not_found, profile.bad, input.bad_json.
Result<Profile> load_profile(const std::string& name_or_path);
Result<Profile> parse_profile(std::string_view json);
// Where shipped profiles are looked for, best first: IDCHIP_PROFILES, beside the installation, the source tree.
std::vector<std::filesystem::path> profile_folders();

}  // namespace idchip::profile
