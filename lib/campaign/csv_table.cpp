#include "campaign/csv_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/base/unicode.hpp>

#include "base/try.hpp"

namespace idchip::campaign {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

char separator_of(std::string_view text) {
    const auto heading = text.substr(0, text.find('\n'));
    constexpr std::string_view separators = ",;\t";
    return *std::max_element(separators.begin(), separators.end(), [&](char a, char b) {
        return std::count(heading.begin(), heading.end(), a) < std::count(heading.begin(), heading.end(), b);
    });
}

class Reader {
public:
    Reader(std::string_view text, std::string_view name) : text_(text), name_(name), separator_(separator_of(text)) {}

    bool at_end() const { return at_ >= text_.size(); }

    Result<Cells> row() {
        Cells cells;
        for (;;) {
            cells.push_back(TRY(cell()));
            if (at_end() || take() != separator_) return cells;
        }
    }

private:
    // Up to the separator or the line end behind it.
    Result<Cell> cell() {
        Cell cell;
        cell.line = line_;
        cell.character = character_;
        if (!at_end() && text_[at_] == '"') {
            cell.text = TRY(quoted());
        } else {
            while (!cell_ends()) {
                if (text_[at_] == '"') return refuse(line_, character_, "a quote stands inside a cell; put the whole cell into quotes");
                cell.text += take();
            }
        }
        if (!at_end() && text_[at_] == '\r') take();
        cell.text = trim(cell.text);
        return cell;
    }

    Result<std::string> quoted() {
        const auto line = line_, character = character_;
        std::string text;
        take();
        for (;;) {
            if (at_end()) return refuse(line, character, "this quote is not closed");
            const char c = take();
            if (c == '"' && (at_end() || text_[at_] != '"')) break;
            text += c;
            if (c == '"') take();
        }
        if (!cell_ends()) return refuse(line_, character_, "text stands behind the closing quote; double a quote that belongs to the text");
        return text;
    }

    bool cell_ends() const {
        const auto rest = text_.substr(at_);
        return rest.empty() || rest[0] == separator_ || rest[0] == '\n' || rest.starts_with("\r\n");
    }

    char take() {
        const char c = text_[at_++];
        if (c == '\n') {
            ++line_;
            character_ = 1;
        } else if ((static_cast<Byte>(c) & 0xC0U) != 0x80) {  // the first byte of a code point
            ++character_;
        }
        return c;
    }

    Failure refuse(std::size_t line, std::size_t character, std::string what) const {
        return fail(Errc::bad_field, place(name_, line, character), std::move(what));
    }

    std::string_view text_, name_;
    char separator_;
    std::size_t at_ = 0, line_ = 1, character_ = 1;
};

Result<void> check_utf8(std::string_view text, std::string_view name) {
    std::size_t line = 1, character = 1;
    for (auto rest = as_bytes(text); !rest.empty();) {
        const auto point = decode_utf8(rest);
        if (point.length == 0) return fail(Errc::bad_utf8, place(name, line, character));
        line += point.value == U'\n' ? 1 : 0;
        character = point.value == U'\n' ? 1 : character + 1;
        rest = rest.subspan(point.length);
    }
    return {};
}

bool says_nothing(const Cells& cells) {
    return std::all_of(cells.begin(), cells.end(), [](const Cell& cell) { return cell.text.empty(); });
}

}  // namespace

std::string place(std::string_view name, std::size_t line, std::size_t character) { return fmt::format("{}:{}:{}", name, line, character); }

Result<std::vector<Cells>> read_csv(std::string_view text, std::string_view name) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    TRY(check_utf8(text, name));
    std::vector<Cells> rows;
    for (Reader reader(text, name); !reader.at_end();) {
        auto cells = TRY(reader.row());
        if (says_nothing(cells)) continue;
        if (!rows.empty() && cells.size() != rows[0].size())
            return fail(Errc::bad_field, place(name, cells[0].line, cells[0].character),
                        fmt::format("{} cells, the heading has {}", cells.size(), rows[0].size()));
        rows.push_back(std::move(cells));
    }
    return rows;
}

}  // namespace idchip::campaign
