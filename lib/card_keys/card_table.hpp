// The cards of a file, as they are read; checked as a whole when everything is known.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include <idchip/card_keys/card_keys.hpp>

namespace idchip::card_keys {

// Keys of many cards: they lie in blocks that never move and are wiped as a whole.
class Vault {
public:
    std::span<Byte> take(std::size_t size);

private:
    std::vector<Secret> blocks_;
    std::size_t used_ = 0;
};

struct StoredKey {
    std::span<Byte> value;  // in the vault; empty: not there
    std::array<Byte, 3> check{};
    bool has_check = false;
};

struct Row {
    std::string card;  // bytes; empty in the row of a master set
    std::array<StoredKey, 3> keys;
    std::uint32_t line = 0;
    Byte version = 0;
};

// Fields as they stand in a file. Errors: cardkey.bad, without a place.
Result<void> set_card(Row& row, std::string_view hex);
Result<void> set_key(Row& row, std::size_t index, std::string_view hex, Vault& vault);
Result<void> set_check(Row& row, std::size_t index, std::string_view hex);
// Key version numbers are 01 to 7F (GPC 2.3.1, 11.8, PUT KEY); cards state FF for keys of their maker; 0: not stated.
Result<void> set_version(Row& row, unsigned version);

struct Checks {
    Algorithm algorithm = Algorithm::aes;
    const Secret* kek = nullptr;  // the keys are wrapped under it
};
// Unwraps in place; lengths and check values. Errors: cardkey.bad, cardkey.check_value, with line and card.
Result<void> check_row(Row& row, const Checks& checks);
// What is `wrapped` needs a key encryption key. Errors: cardkey.bad; those of `kek`.
Result<Secret> open_kek(bool wrapped, const KeyEncryptionKey& kek);
KeySet key_set(const Row& row);

// A list of cards that is checked already. Errors: cardkey.bad: no card, or one that stands twice.
Result<std::unique_ptr<Source>> make_list(std::string file, Algorithm algorithm, std::vector<Row> rows, Vault vault);
std::unique_ptr<Source> make_master(std::string file, Algorithm algorithm, Diversification method, KeySet masters);

}  // namespace idchip::card_keys
