#include <idchip/base/text.hpp>
#include <idchip/mrz/names.hpp>

#include <fmt/format.h>

#include "base/try.hpp"
#include "mrz/layout.hpp"

namespace idchip::mrz {
namespace {

std::vector<std::string_view> lines_in(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find_first_of("\r\n");
        if (const auto line = trim(text.substr(0, end)); !line.empty()) lines.push_back(line);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

// Before the shape, because a letter of two bytes also makes a line too long.
Result<void> check_characters(std::string_view text, const std::vector<std::string_view>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t k = 0; k < lines[i].size(); ++k)
            if (!is_zone_character(lines[i][k]))
                return fail(
                    Error(Errc::mrz_bad_character, "MRZ", place(i, k)).at(static_cast<std::size_t>(lines[i].data() - text.data()) + k));
    return {};
}

Failure bad_shape(const std::vector<std::string_view>& lines) {
    if (lines.empty()) return fail(Errc::mrz_bad_shape, "MRZ", "empty");
    if (lines.size() > 3) return fail(Errc::mrz_bad_shape, "MRZ", fmt::format("{} lines", lines.size()));
    std::string lengths;
    for (const auto line : lines) lengths += fmt::format("{}{}", lengths.empty() ? "" : ", ", line.size());
    return fail(Errc::mrz_bad_shape, "MRZ", "characters per line: " + lengths);
}

Result<const Layout*> cut_to_lines(const std::vector<std::string_view>& found, Lines& lines) {
    for (const Format format : {Format::td1, Format::td2, Format::td3}) {
        const Layout& l = layout_of(format);
        if (found.size() != 1 || found[0].size() != l.lines * l.width) continue;
        for (std::size_t i = 0; i < l.lines; ++i) lines.emplace_back(found[0].substr(i * l.width, l.width));
        return &l;
    }
    for (const auto line : found)
        if (line.size() != found[0].size()) return bad_shape(found);
    const Layout* layout = found.empty() ? nullptr : find_layout(found.size(), found[0].size());
    if (layout == nullptr) return bad_shape(found);
    lines.assign(found.begin(), found.end());
    return layout;
}

std::string value(const Lines& lines, Span span) {
    const auto text = text_at(lines, span);
    return std::string(text.substr(0, text.find_last_not_of('<') + 1));
}

void check(Parsed& parsed, std::string_view field, std::string_view covered, Span digit) {
    const char printed = text_at(parsed.lines, digit)[0];
    const char computed = check_digit(covered);
    if (printed != computed) parsed.faults.push_back({std::string(field), printed, computed, digit.line, digit.column});
}

// Doc 9303-5 and -6, 4.2.2, note j: a filler stands where the check digit belongs; the rest of the number, its check
// digit and a filler stand at the beginning of the optional data.
std::size_t length_of_long_part(const Lines& lines, const Layout& l) {
    if (!l.long_numbers || text_at(lines, l.document_number_check) != "<") return 0;
    const auto optional = text_at(lines, l.optional_1);
    const auto length = std::min(optional.find('<'), optional.size());
    return length >= 2 ? length : 0;  // at least one character and the check digit
}

void read_number(Parsed& parsed, const Layout& l) {
    const auto field = text_at(parsed.lines, l.document_number);
    const auto rest_length = length_of_long_part(parsed.lines, l);
    if (rest_length == 0) {
        parsed.mrz.document_number = value(parsed.lines, l.document_number);
        parsed.mrz.optional_data_1 = value(parsed.lines, l.optional_1);
        check(parsed, "document_number", field, l.document_number_check);
        return;
    }
    const auto optional = text_at(parsed.lines, l.optional_1);
    parsed.mrz.document_number = std::string(field) + std::string(optional.substr(0, rest_length - 1));
    Span after = l.optional_1;
    after.column += std::min(rest_length + 1, after.length);
    after.length -= std::min(rest_length + 1, after.length);
    parsed.mrz.optional_data_1 = value(parsed.lines, after);
    check(parsed, "document_number", parsed.mrz.document_number, {l.optional_1.line, l.optional_1.column + rest_length - 1, 1});
}

void check_optional_data(Parsed& parsed, const Layout& l) {
    if (l.optional_1_check.length == 0) return;
    // Doc 9303-4, 4.2.2.2, position 43: unused optional data may have a filler instead of a zero.
    if (parsed.mrz.optional_data_1.empty() && text_at(parsed.lines, l.optional_1_check) == "<") {
        parsed.mrz.optional_check = '<';
        return;
    }
    check(parsed, "optional_data", text_at(parsed.lines, l.optional_1), l.optional_1_check);
}

}  // namespace

Result<Parsed> parse(std::string_view text) {
    const auto found = lines_in(text);
    TRY(check_characters(text, found));
    Parsed parsed;
    const Layout& l = *TRY(cut_to_lines(found, parsed.lines));
    const auto& lines = parsed.lines;
    Mrz& mrz = parsed.mrz;
    mrz.format = l.format;
    mrz.document_code = value(lines, l.document_code);
    mrz.issuing_state = value(lines, l.issuing_state);
    mrz.birth = text_at(lines, l.birth);
    mrz.sex = text_at(lines, l.sex)[0];
    mrz.expiry = text_at(lines, l.expiry);
    mrz.nationality = value(lines, l.nationality);
    mrz.optional_data_2 = value(lines, l.optional_2);
    auto name = split_name(text_at(lines, l.name));
    mrz.primary = std::move(name.primary);
    mrz.secondary = std::move(name.secondary);
    TRY(check_fields(mrz));

    read_number(parsed, l);
    check(parsed, "birth", mrz.birth, l.birth_check);
    check(parsed, "expiry", mrz.expiry, l.expiry_check);
    check_optional_data(parsed, l);
    check(parsed, "composite", composite_text(lines, l), l.composite_check);
    return parsed;
}

Result<Mrz> parse_strict(std::string_view text) {
    auto parsed = TRY(parse(text));
    if (parsed.faults.empty()) return std::move(parsed.mrz);
    const auto& fault = parsed.faults.front();
    return fail(Errc::mrz_bad_check_digit, fault.field, place(fault.line, fault.column));
}

}  // namespace idchip::mrz
