#include "bundle/journal.hpp"

#include <algorithm>

#include <idchip/crypto/hash.hpp>

namespace idchip::bundle {
namespace {

using Ordered = nlohmann::ordered_json;

std::string dump(const Ordered& j) { return j.dump(-1, ' ', false, Ordered::error_handler_t::replace) + "\n"; }

bool is_hex(const std::string* text, std::size_t size) {
    return text != nullptr && text->size() == size && text->find_first_not_of("0123456789ABCDEF") == std::string::npos;
}

JournalLine read_closed(const Json& j) {
    const auto *bundle = text(j, "bundle"), *team = text(j, "team"), *made_at = text(j, "made_at"), *content = text(j, "content"),
               *lines = text(j, "lines");
    const auto running = number(j, "number"), taken = number(j, "taken"), known = number(j, "known"), refused = number(j, "refused"),
               end = number(j, "end");
    const auto time = made_at != nullptr ? parse_iso_instant(*made_at) : Result<Instant>(fail(Errc::bad_date));
    if (!is_hex(bundle, 32) || team == nullptr || !time || !is_hex(content, 64) || !is_hex(lines, 64) || !running || !taken || !known ||
        !refused || !end)
        return {};
    return Closed{{*bundle, *team, *running, *time, *taken + *known + *refused}, *content, *taken, *known, *refused, *end, *lines};
}

JournalLine read_refused(const Json& j, const std::string& bundle, std::uint64_t line, const std::string& record) {
    Refused refused{bundle, line, record, {}};
    for (const auto& p : *member(j, "problems")) {
        const auto *field = text(p, "field"), *code = text(p, "code"), *message = text(p, "message"), *remedy = text(p, "remedy");
        if (field == nullptr || code == nullptr || message == nullptr || remedy == nullptr) return {};
        refused.problems.push_back({*field, *code, Severity::error, *message, *remedy, {}, {}});
    }
    return refused;
}

JournalLine read_taken(const Json& j, const std::string& bundle, std::uint64_t line, const std::string& record) {
    const auto *content = text(j, "content"), *portrait = text(j, "portrait");
    const auto* numbers = member(j, "numbers");
    const auto end = number(j, "end");
    if (!end || !is_hex(content, 64) || (portrait != nullptr && !is_hex(portrait, 64)) || numbers == nullptr || !numbers->is_array())
        return {};
    Taken taken{bundle, line, record, *content, {}, portrait != nullptr ? *portrait : std::string(), *end};
    for (const auto& one : *numbers) {
        const auto* hash = one.get_ptr<const std::string*>();
        if (!is_hex(hash, 32)) return {};
        taken.numbers.push_back(*hash);
    }
    return taken;
}

}  // namespace

Digest digest_of(std::string_view text) {
    const auto hash = crypto::hash(crypto::HashAlg::sha256, as_bytes(text));
    Digest digest;
    std::copy_n(hash.begin(), digest.size(), digest.begin());
    return digest;
}

std::optional<Digest> digest_of_hex(std::string_view hex) {
    const auto bytes = from_hex(hex.substr(0, 32));
    Digest digest;
    if (!bytes || bytes->size() != digest.size()) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

std::string journal_heading() { return "{\"format\":\"idchip-merged\",\"version\":1}\n"; }

std::string to_line(const Taken& t) {
    Ordered j = {{"bundle", t.bundle}, {"line", t.line}, {"record", t.record}, {"content", t.content}, {"numbers", t.numbers}};
    if (!t.portrait.empty()) j["portrait"] = t.portrait;
    j["end"] = t.end;
    return dump(j);
}

std::string to_line(const Refused& r) {
    Ordered j = {{"bundle", r.bundle}, {"line", r.line}, {"record", r.record}, {"problems", Ordered::array()}};
    for (const auto& p : r.problems)
        j["problems"].push_back({{"field", p.field}, {"code", p.code}, {"message", p.message}, {"remedy", p.remedy}});
    return dump(j);
}

std::string to_line(const Closed& c) {
    const auto& m = c.manifest;
    return dump({{"closed", true},
                 {"bundle", m.bundle},
                 {"team", m.team},
                 {"number", m.number},
                 {"made_at", to_iso(m.made_at)},
                 {"content", c.content},
                 {"taken", c.taken},
                 {"known", c.known},
                 {"refused", c.refused},
                 {"end", c.end},
                 {"lines", c.lines}});
}

JournalLine read_line(std::string_view line) {
    const auto j = parse_object(line);
    if (!j) return {};
    if (member(*j, "closed") != nullptr) return read_closed(*j);
    const auto *bundle = text(*j, "bundle"), *record = text(*j, "record");
    const auto line_number = number(*j, "line");
    if (!is_hex(bundle, 32) || record == nullptr || !line_number) return {};
    if (const auto* problems = member(*j, "problems"); problems != nullptr && problems->is_array())
        return read_refused(*j, *bundle, *line_number, *record);
    return read_taken(*j, *bundle, *line_number, *record);
}

}  // namespace idchip::bundle
