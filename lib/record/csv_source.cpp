#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "record/sources.hpp"

namespace idchip::record {
namespace {

bool has_odd_quotes(std::string_view line) { return std::count(line.begin(), line.end(), '"') % 2 != 0; }

// RFC 4180, 2: cells in quotes may hold separators, line ends and doubled quotes.
class CsvSource final : public Source {
public:
    explicit CsvSource(LineReader lines) : lines_(std::move(lines)) { total_ = lines_.total_bytes(); }

    Result<void> read_heading() {
        const auto heading = TRY(lines_.next());
        if (!heading) return fail(Errc::bad_field, "heading", "the file is empty");
        constexpr std::string_view separators = ",;\t";
        separator_ = *std::max_element(separators.begin(), separators.end(), [&](char a, char b) {
            return std::count(heading->begin(), heading->end(), a) < std::count(heading->begin(), heading->end(), b);
        });
        row_ = *heading;
        split_row();
        for (const auto& cell : cells_) {
            const auto name = std::string(trim(cell));
            columns_.push_back(field_by_name(name));
            if (!columns_.back()) heading_problems_.push_back(problem(Kind::unknown_field, printable(name.substr(0, 40))));
            else if (std::count(columns_.begin(), columns_.end(), columns_.back()) > 1)
                return fail(Errc::bad_field, "heading", fmt::format("column {} stands twice", name));
        }
        if (std::find(columns_.begin(), columns_.end(), std::optional(Field::record)) == columns_.end())
            return fail(Errc::bad_field, "heading", "a column \"record\" is missing; the first line names the columns");
        return {};
    }

    Result<bool> next(RawRecord& raw) override {
        for (;;) {
            if (!TRY(read_row())) return false;
            if (trim(row_).empty()) continue;
            raw.clear();
            raw.line = first_line_;
            raw.position = position_;
            fill(raw);
            return true;
        }
    }
    Result<void> seek(std::uint64_t position) override { return lines_.seek(position); }
    std::uint64_t bytes_read() const override { return lines_.bytes_read(); }

private:
    // As many lines as belong together: a quote that is open at a line's end goes on in the next.
    Result<bool> read_row() {
        auto line = TRY(lines_.next());
        if (!line) return false;
        first_line_ = lines_.line_number();
        position_ = lines_.position();
        row_ = *line;
        // Quotes are counted once each: a quote that never closes must not cost the square of what follows.
        bool open = has_odd_quotes(*line);
        while (open && row_.size() <= longest_line) {
            line = TRY(lines_.next());
            if (!line) break;
            open = open != has_odd_quotes(*line);
            row_ += '\n';
            row_ += *line;
        }
        return true;
    }

    // False when a quote stays open or stands inside a cell.
    bool split_row() {
        cells_.clear();
        std::size_t at = 0;
        for (;;) {
            std::string cell;
            if (at < row_.size() && row_[at] == '"') {
                for (++at;; ++at) {
                    if (at >= row_.size()) return false;
                    if (row_[at] != '"') cell += row_[at];
                    else if (at + 1 < row_.size() && row_[at + 1] == '"') cell += row_[at++];
                    else break;
                }
                ++at;
                if (at < row_.size() && row_[at] != separator_) return false;
            } else {
                const auto end = std::min(row_.find(separator_, at), row_.size());
                cell.assign(row_, at, end - at);
                at = end;
            }
            cells_.push_back(std::move(cell));
            if (at >= row_.size()) return true;
            ++at;
        }
    }

    void fill(RawRecord& raw) {
        const auto refuse = [&raw](Kind kind, std::string_view detail) {
            raw.readable = false;
            raw.problems = {problem(kind, "", detail)};
        };
        if (!is_valid_utf8(as_bytes(row_))) return refuse(Kind::not_utf8, {});
        // A quote that is not closed takes the lines behind it along: whoever mends the file must know which.
        if (!split_row())
            return refuse(Kind::bad_row,
                          fmt::format("a quote is not closed or stands inside a cell, lines {} to {}", first_line_, lines_.line_number()));
        if (cells_.size() != columns_.size())
            return refuse(Kind::bad_row, fmt::format("{} cells, the heading has {}", cells_.size(), columns_.size()));
        raw.problems = heading_problems_;
        for (std::size_t i = 0; i < cells_.size(); ++i) {
            // An empty cell says nothing, except where "none" is a value.
            if (!columns_[i] || cells_[i].empty()) continue;
            const auto at = static_cast<std::size_t>(*columns_[i]);
            raw.values[at] = std::move(cells_[i]);
            raw.stated[at] = true;
        }
    }

    LineReader lines_;
    char separator_ = ',';
    std::string row_;
    std::size_t first_line_ = 0;
    std::uint64_t position_ = 0;
    std::vector<std::string> cells_;
    std::vector<std::optional<Field>> columns_;
    Problems heading_problems_;
};

}  // namespace

Result<std::unique_ptr<Source>> make_csv_source(LineReader lines) {
    auto source = std::make_unique<CsvSource>(std::move(lines));
    TRY(source->read_heading());
    return std::unique_ptr<Source>(std::move(source));
}

Result<std::unique_ptr<Source>> open_records(const std::string& path) {
    auto lines = TRY(LineReader::open(path));
    const char first = TRY(lines.peek());
    const bool named_csv = path.ends_with(".csv") || path.ends_with(".CSV");
    if (!named_csv && (first == '{' || first == '[' || first == '\0')) return make_json_source(std::move(lines));
    return make_csv_source(std::move(lines));
}

}  // namespace idchip::record
