// Key files with one line a card. Cells are hexadecimal, or a number: quotes have no use in them and are refused.
#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/try.hpp"
#include "card_keys/card_table.hpp"
#include "card_keys/diversify.hpp"
#include "card_keys/key_text.hpp"

namespace idchip::card_keys {
namespace {

enum class Kind { card, version, key, wrapped_key, check };

struct Column {
    Kind kind;
    std::size_t index = 0;  // of the key
};

std::optional<Column> column_by_name(std::string_view name) {
    if (name == "card") return Column{Kind::card};
    if (name == "version") return Column{Kind::version};
    for (std::size_t i = 0; i < key_names.size(); ++i) {
        if (name == key_names[i]) return Column{Kind::key, i};
        if (name == "wrapped_" + std::string(key_names[i])) return Column{Kind::wrapped_key, i};
        if (name == "check_" + std::string(key_names[i])) return Column{Kind::check, i};
    }
    return std::nullopt;
}

std::string_view trimmed(std::string_view cell) {
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
    return cell;
}

// Decimal, or hexadecimal behind 0x, as versions are mostly written.
std::optional<unsigned> number_in(std::string_view text) {
    const int base = text.starts_with("0x") || text.starts_with("0X") ? 16 : 10;
    if (base == 16) text.remove_prefix(2);
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

class Table {
public:
    explicit Table(std::string_view text) : text_(text) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    }

    Result<void> read_heading() {
        const auto heading = next_line();
        if (!heading) return fail(Errc::cardkey_bad, {}, "the file is empty");
        for (const char c : {';', '\t'})
            if (std::count(heading->begin(), heading->end(), c) > std::count(heading->begin(), heading->end(), separator_)) separator_ = c;
        TRY(each_cell(*heading, [&](std::size_t, std::string_view cell) { return add_column(cell); }));
        if (count(Kind::card) != 1) return bad("a column \"card\" is missing; the first line names the columns");
        if (count(Kind::key) + count(Kind::wrapped_key) != key_names.size() || (count(Kind::key) != 0 && wrapped()))
            return bad("three columns are wanted: enc, mac and dek, or wrapped_enc, wrapped_mac and wrapped_dek");
        return {};
    }
    bool wrapped() const { return count(Kind::wrapped_key) != 0; }

    Result<void> read_cards(const Checks& checks) {
        rows_.reserve(static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n')) + 1);
        while (const auto line = next_line()) {
            if (trimmed(*line).empty()) continue;
            auto row = read_card(*line);
            if (!row) return row.error().where.empty() ? fail(std::move(row.error()).inside(place())) : fail(std::move(row.error()));
            TRY(check_row(*row, checks));
            rows_.push_back(std::move(*row));
        }
        return {};
    }

    Result<std::unique_ptr<Source>> make(std::string file, Algorithm algorithm) {
        return make_list(std::move(file), algorithm, std::move(rows_), std::move(vault_));
    }

private:
    std::string place() const { return fmt::format("line {}", line_); }
    Failure bad(std::string detail) const { return fail(Errc::cardkey_bad, place(), std::move(detail)); }
    std::size_t count(Kind kind) const {
        return static_cast<std::size_t>(std::count_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.kind == kind; }));
    }

    std::optional<std::string_view> next_line() {
        if (text_.empty()) return std::nullopt;
        const auto end = std::min(text_.find('\n'), text_.size());
        auto line = text_.substr(0, end);
        text_.remove_prefix(std::min(end + 1, text_.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        ++line_;
        return line;
    }

    template <class Use>
    Result<void> each_cell(std::string_view line, Use&& use) {
        if (line.find('"') != std::string_view::npos) return bad("a quote: no cell needs one");
        for (std::size_t i = 0;; ++i) {
            const auto end = line.find(separator_);
            TRY(use(i, trimmed(line.substr(0, end))));
            if (end == std::string_view::npos) return {};
            line.remove_prefix(end + 1);
        }
    }

    Result<void> add_column(std::string_view name) {
        const auto column = column_by_name(name);
        // The first line of a file without a heading holds keys.
        if (!column) return bad("unknown column " + quoted(name) + "; the first line names the columns");
        for (const auto& other : columns_)
            if (other.kind == column->kind && other.index == column->index) return bad(fmt::format("column \"{}\" stands twice", name));
        columns_.push_back(*column);
        return {};
    }

    Result<Row> read_card(std::string_view line) {
        Row row;
        row.line = line_;
        std::size_t cells = 0;
        TRY(each_cell(line, [&](std::size_t i, std::string_view cell) {
            cells = i + 1;
            return i < columns_.size() ? read_cell(row, columns_[i], cell) : Result<void>();
        }));
        if (cells != columns_.size()) return bad(fmt::format("{} cells, the heading has {}", cells, columns_.size()));
        return row;
    }

    Result<void> read_cell(Row& row, const Column& column, std::string_view cell) {
        switch (column.kind) {
            case Kind::card: return set_card(row, cell);
            case Kind::key:
            case Kind::wrapped_key: return set_key(row, column.index, cell, vault_);
            case Kind::check: return cell.empty() ? Result<void>() : set_check(row, column.index, cell);
            case Kind::version: break;
        }
        if (cell.empty()) return {};
        const auto version = number_in(cell);
        if (!version) return bad("version: neither a decimal number nor 0x and a hexadecimal one");
        return set_version(row, *version);
    }

    std::string_view text_;
    std::uint32_t line_ = 0;
    char separator_ = ',';
    std::vector<Column> columns_;
    Vault vault_;
    std::vector<Row> rows_;
};

Result<std::unique_ptr<Source>> read_csv(const KeyText& text, const std::string& name, Algorithm algorithm, const KeyEncryptionKey& kek) {
    Table table(text.view());
    TRY(table.read_heading());
    if (!table.wrapped()) TRY(text.check_private());
    const auto key = TRY(open_kek(table.wrapped(), kek));
    TRY(table.read_cards({algorithm, table.wrapped() ? &key : nullptr}));
    return table.make(name, algorithm);
}

}  // namespace

Result<std::unique_ptr<Source>> open_csv(const std::filesystem::path& file, Algorithm algorithm, const KeyEncryptionKey& kek) {
    const auto text = TRY(KeyText::read(file));
    auto source = read_csv(text, file.string(), algorithm, kek);
    if (!source) return fail(std::move(source.error()).inside(file.string()));
    return source;
}

}  // namespace idchip::card_keys
