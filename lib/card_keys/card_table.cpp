#include "card_keys/card_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/crypto/key_wrap.hpp>

#include "base/try.hpp"
#include "card_keys/diversify.hpp"
#include "card_keys/key_text.hpp"

namespace idchip::card_keys {
namespace {

constexpr std::size_t vault_block = std::size_t{1} << 20U;
constexpr std::size_t longest_card = 32, longest_key = 40;  // AES-256, wrapped

Failure bad(std::string detail) { return fail(Errc::cardkey_bad, {}, std::move(detail)); }

std::string name_of(std::string_view card) { return "card " + to_hex(as_bytes(card)); }

// "line 7", and the card where the row has one: its name is no secret, it stands on the chip.
Failure at(const Row& row, Errc code, std::size_t index, std::string_view what) {
    const auto whose = row.card.empty() ? std::string() : name_of(row.card) + ": ";
    return fail(code, fmt::format("line {}", row.line), fmt::format("{}{}: {}", whose, key_names[index], what));
}

Result<void> unwrap(Row& row, std::size_t index, const Secret& kek) {
    auto& value = row.keys[index].value;
    if (value.size() < 24 || value.size() % 8 != 0)
        return at(row, Errc::cardkey_bad, index, fmt::format("{} bytes; a wrapped key has 24, 32 or 40", value.size()));
    const auto key = crypto::unwrap_key(kek.view(), value);
    if (!key) return at(row, Errc::cardkey_bad, index, "it does not open: another key encryption key, or the text is damaged");
    wipe(value);
    value = value.first(key->size());
    std::copy(key->view().begin(), key->view().end(), value.begin());
    return {};
}

// Over 16 bytes 01 or over zeros: makers differ, and three bytes tell a mistyped key either way.
Result<void> compare(const Row& row, std::size_t index, Algorithm algorithm) {
    const auto& key = row.keys[index];
    for (const bool zeros : {false, true})
        if (equal(TRY(check_value(algorithm, key.value, zeros)), key.check)) return {};
    return at(row, Errc::cardkey_check_value, index, "the file states " + to_hex(key.check));
}

// Serial numbers and KDD are mostly counters: the standard hash of the bytes is good enough, and nobody gains from collisions in his own
// file.
class CardList final : public Source {
public:
    CardList(std::string file, Algorithm algorithm, std::vector<Row> rows, Vault vault)
        : file_(std::move(file)), algorithm_(algorithm), rows_(std::move(rows)), vault_(std::move(vault)) {}

    Result<void> index() {
        if (rows_.empty()) return bad("no card in it");
        by_card_.reserve(rows_.size());
        for (const auto& row : rows_) {
            const auto [first, fresh] = by_card_.emplace(row.card, &row);
            if (!fresh)
                return fail(Errc::cardkey_bad, fmt::format("line {}", row.line),
                            fmt::format("{} stands on line {} already", name_of(row.card), first->second->line));
        }
        return {};
    }

    Result<KeySet> keys(ByteView card) override {
        const auto found = by_card_.find(std::string_view(reinterpret_cast<const char*>(card.data()), card.size()));
        if (found == by_card_.end()) return fail(Errc::cardkey_missing, file_, "card " + to_hex(card));
        return key_set(*found->second);
    }
    Algorithm algorithm() const override { return algorithm_; }

private:
    std::string file_;
    Algorithm algorithm_;
    std::vector<Row> rows_;
    Vault vault_;
    std::unordered_map<std::string_view, const Row*> by_card_;  // into rows_, which stay as they are
};

class Master final : public Source {
public:
    Master(std::string file, Algorithm algorithm, Diversification method, KeySet masters)
        : file_(std::move(file)), algorithm_(algorithm), method_(method), masters_(std::move(masters)) {}

    Result<KeySet> keys(ByteView card) override {
        if (method_ != Diversification::none && card.size() != kdd_size)
            return fail(Errc::cardkey_missing, file_,
                        fmt::format("the card gave {} bytes of key diversification data; {} are wanted", card.size(), kdd_size));
        KeySet set;
        set.version = masters_.version;
        set.enc = TRY(diversify(method_, algorithm_, masters_.enc.view(), card, 1));
        set.mac = TRY(diversify(method_, algorithm_, masters_.mac.view(), card, 2));
        set.dek = TRY(diversify(method_, algorithm_, masters_.dek.view(), card, 3));
        return set;
    }
    Algorithm algorithm() const override { return algorithm_; }

private:
    std::string file_;
    Algorithm algorithm_;
    Diversification method_;
    KeySet masters_;
};

}  // namespace

std::span<Byte> Vault::take(std::size_t size) {
    if (blocks_.empty() || used_ + size > vault_block) {
        blocks_.emplace_back(vault_block);
        used_ = 0;
    }
    used_ += size;
    return blocks_.back().writable().subspan(used_ - size, size);
}

Result<void> set_card(Row& row, std::string_view hex) {
    if (hex.empty() || hex.size() > 2 * longest_card) return bad(fmt::format("card: 1 to {} bytes are wanted", longest_card));
    row.card.resize(hex.size() / 2);
    if (!decode_hex(hex, {reinterpret_cast<Byte*>(row.card.data()), row.card.size()})) return bad("card: not hexadecimal");
    return {};
}

Result<void> set_key(Row& row, std::size_t index, std::string_view hex, Vault& vault) {
    const auto where = std::string(key_names[index]);
    if (hex.empty()) return bad(where + ": empty");
    if (hex.size() > 2 * longest_key) return bad(fmt::format("{}: {} bytes; no key is that long", where, hex.size() / 2));
    row.keys[index].value = vault.take(hex.size() / 2);
    if (!decode_hex(hex, row.keys[index].value)) return bad(where + ": not hexadecimal");
    return {};
}

Result<void> set_check(Row& row, std::size_t index, std::string_view hex) {
    auto& key = row.keys[index];
    if (!decode_hex(hex, key.check)) return bad(fmt::format("check value of {}: not three bytes in hexadecimal", key_names[index]));
    key.has_check = true;
    return {};
}

Result<void> set_version(Row& row, unsigned version) {
    if (version > 0x7F && version != 0xFF) return bad(fmt::format("version {} is out of range: 0 to 127, or 255", version));
    row.version = static_cast<Byte>(version);
    return {};
}

Result<void> check_row(Row& row, const Checks& checks) {
    for (std::size_t i = 0; i < row.keys.size(); ++i) {
        auto& key = row.keys[i];
        if (key.value.empty()) return at(row, Errc::cardkey_bad, i, "missing");
        if (checks.kek != nullptr) TRY(unwrap(row, i, *checks.kek));
        if (const auto fits = check_length(checks.algorithm, key.value.size()); !fits)
            return at(row, Errc::cardkey_bad, i, fits.error().detail);
        // As secure channels want it; an AES key that lost its end would pass for a shorter one.
        if (key.value.size() != row.keys[0].value.size()) return at(row, Errc::cardkey_bad, i, "not as long as enc");
        if (key.has_check) TRY(compare(row, i, checks.algorithm));
    }
    return {};
}

Result<Secret> open_kek(bool wrapped, const KeyEncryptionKey& kek) {
    if (!wrapped) return Secret();
    if (!kek) return bad("the keys are wrapped, and no key encryption key was given");
    auto key = TRY(kek());
    if (key.size() != 16 && key.size() != 24 && key.size() != 32)
        return bad(fmt::format("the key encryption key has {} bytes; 16, 24 or 32 are wanted", key.size()));
    return key;
}

KeySet key_set(const Row& row) {
    const auto copy = [&](std::size_t i) { return Secret(ByteView(row.keys[i].value)); };
    return {row.version, copy(0), copy(1), copy(2)};
}

Result<std::unique_ptr<Source>> make_list(std::string file, Algorithm algorithm, std::vector<Row> rows, Vault vault) {
    auto list = std::make_unique<CardList>(std::move(file), algorithm, std::move(rows), std::move(vault));
    TRY(list->index());
    return std::unique_ptr<Source>(std::move(list));
}

std::unique_ptr<Source> make_master(std::string file, Algorithm algorithm, Diversification method, KeySet masters) {
    return std::make_unique<Master>(std::move(file), algorithm, method, std::move(masters));
}

}  // namespace idchip::card_keys
