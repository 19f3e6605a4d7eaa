// The keys that open blank cards, as verbs name them.
#pragma once

#include <CLI/CLI.hpp>

#include <idchip/card_keys/card_keys.hpp>
#include <idchip/profile/profile.hpp>

namespace idchip::cli {

struct CardKeyOptions {
    std::string keys, kek, diversification = "none", pin_file;
    int version = 0;
};
void add_card_key_options(CLI::App& verb, CardKeyOptions& o);
// Nothing where none were named. Errors: cardkey.*, token.*, io.*.
Result<std::unique_ptr<card_keys::Source>> open_card_keys(const CardKeyOptions& o, const profile::Profile& profile);

}  // namespace idchip::cli
