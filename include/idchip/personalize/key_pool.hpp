// Key pairs of chips, made ahead of need: RSA takes its time. Each is encrypted (PKCS#8), used once, and wiped when its chip is locked.
#pragma once

#include <filesystem>
#include <functional>

#include <idchip/personalize/chip_keys.hpp>

namespace idchip::personalize {

class KeyPool {
public:
    // The folder is made when it is missing. Errors: io.*, input.bad_field (an empty passphrase).
    static Result<KeyPool> open(const std::filesystem::path& folder, Secret passphrase);

    // Makes as many sets for chips of these features. Errors: io.*, crypto.*, profile.bad.
    Result<void> fill(const profile::Features& features, std::size_t count, Rng& rng,
                      const std::function<void(std::size_t)>& progress = {});

    struct Taken {
        std::string id;
        ChipKeys keys;
    };
    // A set that nobody gets again: it has been put aside before it is given out. Errors: pool.empty, crypto.bad_key (wrong passphrase: the
    // set stays), input.bad_field (all sets are for other features), io.*.
    Result<Taken> take(const profile::Features& features);
    // The chip that has the keys is locked: nobody needs them any more. Errors: io.*.
    Result<void> wipe(const std::string& id);

    // Sets to be taken, and those that were taken and not wiped: of cards that were not locked by the run that took them. Nobody reads them
    // again.
    Result<std::size_t> left() const;
    Result<std::vector<std::string>> taken() const;

private:
    KeyPool(std::filesystem::path folder, Secret passphrase) : folder_(std::move(folder)), passphrase_(std::move(passphrase)) {}
    std::filesystem::path folder_;
    Secret passphrase_;
};

}  // namespace idchip::personalize
