// Key files in JSON. Unknown members, and members that stand twice, are errors: a mistyped name must not go without effect.
#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "card_keys/card_table.hpp"
#include "card_keys/diversify.hpp"
#include "card_keys/json_scanner.hpp"
#include "card_keys/key_text.hpp"

namespace idchip::card_keys {
namespace {

Failure bad(const JsonScanner& json, std::string detail) { return fail(Errc::cardkey_bad, json.place(), std::move(detail)); }

// Puts the line in front of what was found out without one.
template <class T>
Result<T> placed(const JsonScanner& json, Result<T> result) {
    if (result || !result.error().where.empty()) return result;
    return fail(std::move(result.error()).inside(json.place()));
}

// Names of one object, and which of them have been seen: one bit each.
class Members {
public:
    explicit Members(std::span<const std::string_view> names) : names_(names) {}

    // Calls read(name) behind each name.
    template <class Read>
    Result<void> each(JsonScanner& json, Read&& read) {
        TRY(json.open('{'));
        for (bool first = true; TRY(json.more('}', first)); first = false) {
            const auto name = TRY(json.member());
            const auto found = std::find(names_.begin(), names_.end(), name);
            if (found == names_.end()) return bad(json, "unknown member " + quoted(name));
            const auto bit = 1U << static_cast<unsigned>(found - names_.begin());
            if ((seen_ & bit) != 0) return bad(json, fmt::format("\"{}\" stands twice", name));
            seen_ |= bit;
            TRY(read(name));
        }
        return {};
    }
    bool seen(std::string_view name) const {
        const auto found = std::find(names_.begin(), names_.end(), name);
        return found != names_.end() && (seen_ >> static_cast<unsigned>(found - names_.begin()) & 1U) != 0;
    }

private:
    std::span<const std::string_view> names_;
    unsigned seen_ = 0;
};

constexpr std::array<std::string_view, 10> top_names = {"schema",  "algorithm", "wrapped", "cards",        "diversification",
                                                        "version", "enc",       "mac",     "check_values", "dek"};
constexpr std::array<std::string_view, 6> card_names = {"card", "version", "enc", "mac", "dek", "check_values"};

class File {
public:
    explicit File(std::string_view text) : json_(text) {}

    Result<void> read() {
        TRY(members_.each(json_, [&](std::string_view name) { return read_member(name); }));
        TRY(json_.end());
        for (const std::string_view wanted : {"schema", "algorithm"})
            if (!members_.seen(wanted)) return fail(Errc::cardkey_bad, {}, fmt::format("\"{}\" is missing", wanted));
        return check_form();
    }

    bool wrapped() const { return wrapped_; }

    Result<std::unique_ptr<Source>> make(std::string file, const Secret& kek) {
        const Checks checks{algorithm_, wrapped_ ? &kek : nullptr};
        if (is_list()) {
            for (auto& row : rows_) TRY(check_row(row, checks));
            return make_list(std::move(file), algorithm_, std::move(rows_), std::move(vault_));
        }
        TRY(check_row(master_, checks));
        return make_master(std::move(file), algorithm_, method_, key_set(master_));
    }

private:
    bool is_list() const { return members_.seen("cards"); }

    // One master set, or a list: what belongs to the other form would be without effect.
    Result<void> check_form() const {
        if (!is_list()) {
            if (!members_.seen("diversification"))
                return fail(Errc::cardkey_bad, {}, "neither \"cards\" nor a master set with \"diversification\"");
            auto defined = check_method(method_, algorithm_);
            return defined ? defined : fail(Errc::cardkey_bad, {}, defined.error().detail);
        }
        for (const std::string_view other : {"diversification", "version", "enc", "mac", "dek", "check_values"})
            if (members_.seen(other)) return fail(Errc::cardkey_bad, {}, fmt::format("\"{}\" does not stand beside \"cards\"", other));
        return {};
    }

    Result<void> read_member(std::string_view name) {
        if (name == "schema") {
            if (TRY(json_.number()) != 1) return bad(json_, "this program knows schema 1");
        } else if (name == "algorithm") {
            const auto algorithm = TRY(json_.string());
            if (algorithm != "aes" && algorithm != "tdes") return bad(json_, "algorithm is neither \"aes\" nor \"tdes\"");
            algorithm_ = algorithm == "aes" ? Algorithm::aes : Algorithm::tdes;
        } else if (name == "diversification") {
            const auto method = diversification_by_name(TRY(json_.string()));
            if (!method) return bad(json_, "diversification is none of none, emv_cps, visa2, kdf3");
            method_ = *method;
        } else if (name == "wrapped") {
            wrapped_ = TRY(json_.boolean());
        } else if (name == "cards") {
            return read_cards();
        } else {
            master_.line = json_.line();
            return read_key_member(master_, name);
        }
        return {};
    }

    Result<void> read_cards() {
        TRY(json_.open('['));
        for (bool first = true; TRY(json_.more(']', first)); first = false) {
            Row row;
            Members members(card_names);
            TRY(members.each(json_, [&](std::string_view name) {
                if (row.line == 0) row.line = json_.line();
                return read_key_member(row, name);
            }));
            if (!members.seen("card")) return bad(json_, "\"card\" is missing");
            rows_.push_back(std::move(row));
        }
        return {};
    }

    Result<void> read_key_member(Row& row, std::string_view name) {
        if (name == "check_values") return read_checks(row);
        if (name == "version") return placed(json_, set_version(row, TRY(json_.number())));
        const auto text = TRY(json_.string());
        if (name == "card") return placed(json_, set_card(row, text));
        return placed(json_, set_key(row, index_of(name), text, vault_));
    }

    Result<void> read_checks(Row& row) {
        Members members(key_names);
        return members.each(json_, [&](std::string_view name) -> Result<void> {
            const auto text = TRY(json_.string());
            return placed(json_, set_check(row, index_of(name), text));
        });
    }

    static std::size_t index_of(std::string_view name) {
        return static_cast<std::size_t>(std::find(key_names.begin(), key_names.end(), name) - key_names.begin());
    }

    JsonScanner json_;
    Members members_{top_names};
    Algorithm algorithm_ = Algorithm::aes;
    Diversification method_ = Diversification::none;
    bool wrapped_ = false;
    Vault vault_;
    Row master_;
    std::vector<Row> rows_;
};

Result<std::unique_ptr<Source>> read_json(const KeyText& text, const std::string& name, const KeyEncryptionKey& kek) {
    File file(text.view());
    TRY(file.read());
    if (!file.wrapped()) TRY(text.check_private());
    const auto key = TRY(open_kek(file.wrapped(), kek));
    return file.make(name, key);
}

}  // namespace

Result<std::unique_ptr<Source>> open_file(const std::filesystem::path& file, const KeyEncryptionKey& kek) {
    const auto text = TRY(KeyText::read(file));
    auto source = read_json(text, file.string(), kek);
    if (!source) return fail(std::move(source.error()).inside(file.string()));
    return source;
}

}  // namespace idchip::card_keys
