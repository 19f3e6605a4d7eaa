#include <idchip/pki/ldif.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"

namespace idchip::pki {
namespace {

constexpr std::size_t buffer_size = 64U << 10U;

Failure bad_at(std::size_t line, std::string detail) {
    return fail(Errc::pki_bad_ldif, fmt::format("LDIF line {}", line), std::move(detail));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_keyword(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; });
}

// AttributeDescription = AttributeType *(";" option), RFC 2849.
bool read_description(std::string_view text, LdifAttribute& attribute) {
    auto parts = split(text, ';');
    if (!std::all_of(parts.begin(), parts.end(), is_keyword)) return false;
    attribute.name = std::move(parts[0]);
    attribute.options.assign(std::make_move_iterator(parts.begin() + 1), std::make_move_iterator(parts.end()));
    return true;
}

std::string_view without_leading_spaces(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

// value-spec = ":" ( FILL text / ":" FILL base64 / "<" FILL url ); `rest` is what follows the first colon.
Result<Bytes> read_value(std::string_view rest, std::size_t line) {
    if (rest.starts_with('<')) return bad_at(line, "the value stands behind a URL, which is not followed");
    if (!rest.starts_with(':')) return to_bytes(as_bytes(without_leading_spaces(rest)));
    auto value = from_base64(rest.substr(1));
    if (!value) return bad_at(line, "not base64");
    return value;
}

}  // namespace

LdifReader::LdifReader(std::istream& in, LdifLimits limits) : in_(in), limits_(limits) {}

bool LdifReader::fill() {
    if (at_ < buffer_.size()) return true;
    buffer_.resize(buffer_size);
    at_ = 0;
    in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.resize(static_cast<std::size_t>(in_.gcount()));
    return !buffer_.empty();
}

// Appends a line without its end, as far as there is room; false when nothing is left to read.
bool LdifReader::read_physical(std::string& to, std::size_t room) {
    const auto start = to.size();
    if (!fill()) return false;
    ++lines_;
    bool ended = false;
    while (!ended && fill()) {
        const auto end = std::min(buffer_.find('\n', at_), buffer_.size());
        const auto piece = std::string_view(buffer_).substr(at_, end - at_);
        const auto left = room - std::min(room, to.size());
        to += piece.substr(0, left);
        overflow_ = overflow_ || piece.size() > left;
        ended = end < buffer_.size();
        at_ = ended ? end + 1 : end;
    }
    if (to.size() > start && to.back() == '\r') to.pop_back();
    return true;
}

// A line with the ones that continue it: those begin with one space (RFC 2849, note 2). Comments are passed over.
LdifReader::Line LdifReader::read_line(std::string& line, std::size_t room) {
    do {
        line.clear();
        overflow_ = false;
        number_ = lines_ + 1;
        if (!read_physical(line, room)) return Line::end;
        if (line.empty() && !overflow_) return Line::blank;
        while (fill() && buffer_[at_] == ' ') {
            ++at_;
            read_physical(line, room);
        }
    } while (line.starts_with('#'));
    return overflow_ ? Line::too_long : Line::text;
}

Result<void> LdifReader::read_entry_line(std::string_view line, LdifEntry& entry, bool& has_dn) const {
    const auto bad = [this](std::string detail) { return bad_at(number_, std::move(detail)); };
    if (line.starts_with(' ')) return bad("it continues no line");
    const auto colon = line.find(':');
    LdifAttribute attribute;
    attribute.line = number_;
    if (colon == std::string_view::npos || !read_description(line.substr(0, colon), attribute))
        return bad("no attribute name before a colon");
    attribute.value = TRY(read_value(line.substr(colon + 1), number_));
    const auto name = upper_ascii(attribute.name);
    if (!has_dn && name == "VERSION") {
        if (as_text(attribute.value) != "1") return bad("another version than 1");
        return {};
    }
    if (!has_dn) {
        if (name != "DN" || !attribute.options.empty()) return bad("the entry does not begin with its dn");
        if (!is_valid_utf8(attribute.value)) return bad("the dn is not UTF-8");
        entry.dn = as_text(attribute.value);
        entry.line = number_;
        has_dn = true;
        return {};
    }
    if (name == "DN") return bad("a second dn: no blank line between two entries");
    // Change records say what to do with a directory; of them only the one that adds an entry is an entry.
    if (name == "CONTROL") return bad("controls are not read");
    if (name == "CHANGETYPE") {
        if (as_text(attribute.value) != "add") return bad("a change other than add");
        return {};
    }
    if (entry.attributes.size() >= limits_.attributes) return bad(fmt::format("more than {} attributes", limits_.attributes));
    entry.attributes.push_back(std::move(attribute));
    return {};
}

Result<std::optional<LdifEntry>> LdifReader::next() {
    std::string line;
    for (;;) {
        LdifEntry entry;
        std::optional<Error> failure;
        bool has_dn = false;
        std::size_t room = limits_.entry_bytes;
        Line kind = Line::end;
        for (kind = read_line(line, room); kind == Line::text || kind == Line::too_long; kind = read_line(line, room)) {
            if (failure) continue;
            auto read = kind == Line::text
                            ? read_entry_line(line, entry, has_dn)
                            : Result<void>(bad_at(number_, fmt::format("an entry of more than {} bytes", limits_.entry_bytes)));
            room -= std::min(room, line.size());
            if (!read) {
                failure = std::move(read.error());
                entry = {};
                room = 0;
            }
            room = std::max<std::size_t>(room, 1);  // a carriage return must be seen for what it is
        }
        if (in_.bad()) return fail(Errc::io_error, "LDIF", "reading stopped");
        if (failure) return fail(std::move(*failure));
        if (has_dn) return std::optional(std::move(entry));
        if (kind == Line::end) return std::optional<LdifEntry>();
    }
}

std::optional<PkdObject> pkd_object(const LdifAttribute& attribute) {
    constexpr std::array<std::pair<std::string_view, PkdObject>, 6> table = {{
        {"USERCERTIFICATE", PkdObject::document_signer},
        {"CACERTIFICATE", PkdObject::csca},
        {"CERTIFICATEREVOCATIONLIST", PkdObject::crl},
        {"PKDMASTERLISTCONTENT", PkdObject::master_list},
        {"CSCAMASTERLISTDATA", PkdObject::master_list},
        {"PKDDEVIATIONLISTCONTENT", PkdObject::deviation_list},
    }};
    const auto name = upper_ascii(attribute.name);
    for (const auto& [known, object] : table)
        if (known == name) return object;
    return std::nullopt;
}

}  // namespace idchip::pki
