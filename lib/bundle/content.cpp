#include "bundle/content.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/record/intake.hpp>

#include "base/try.hpp"
#include "bundle/json.hpp"

namespace idchip::bundle {
namespace {

constexpr auto where = "bundle";
constexpr std::uint64_t schema = 1;

Failure bad(std::string detail) { return fail(Errc::bundle_bad, where, std::move(detail)); }
Failure altered(std::string detail) { return fail(Errc::bundle_altered, where, std::move(detail)); }

std::string sha256(ByteView bytes) { return to_hex(crypto::hash(crypto::HashAlg::sha256, bytes)); }
std::string_view view(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

bool is_hex(std::string_view text, std::size_t size) {
    return text.size() == size && text.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
}

Result<Manifest> read_manifest(std::string_view line, std::string& entries_digest) {
    const auto j = parse_object(line);
    if (!j) return bad("the first line is no manifest");
    if (const auto version = number(*j, "schema"); version != schema)
        return bad(version ? fmt::format("schema {}; this program reads {}", *version, schema) : "the manifest states no schema");
    const auto *bundle = text(*j, "bundle"), *team = text(*j, "team"), *made_at = text(*j, "made_at"), *digest = text(*j, "sha256");
    const auto running = number(*j, "number"), count = number(*j, "count");
    const auto time = made_at != nullptr ? parse_iso_instant(*made_at) : Result<Instant>(fail(Errc::bad_date));
    const bool complete = bundle != nullptr && is_hex(*bundle, 32) && team != nullptr && is_team_name(*team) && digest != nullptr &&
                          is_hex(*digest, 64) && running && *running > 0 && count && time;
    if (!complete) return bad("the manifest lacks a member, or one is not what it must be");
    if (*count > most_records) return bad(fmt::format("more than {} records", most_records));
    entries_digest = *digest;
    return Manifest{*bundle, *team, *running, *time, *count};
}

Result<Entry> read_entry(std::string_view line, std::size_t line_number) {
    const auto fault = [line_number](const char* what) { return bad(fmt::format("line {}: {}", line_number, what)); };
    const auto j = parse_object(line);
    const auto* record = j ? member(*j, "record") : nullptr;
    if (record == nullptr || !record->is_object()) return fault("not a record");
    Entry entry;
    record::read_json(record->dump(), entry.record);
    entry.record.line = line_number;
    const auto *portrait = text(*j, "portrait"), *digest = text(*j, "sha256");
    if (portrait == nullptr && digest == nullptr) return entry;
    auto bytes = portrait != nullptr ? from_base64(*portrait) : Result<Bytes>(fail(Errc::bad_base64));
    if (!bytes || bytes->empty() || bytes->size() > record::largest_portrait_file || digest == nullptr)
        return fault("a portrait that is none, or too large");
    entry.portrait = std::move(*bytes);
    entry.portrait_digest = sha256(entry.portrait);
    if (entry.portrait_digest != *digest) return altered(fmt::format("line {}: the portrait has another hash", line_number));
    return entry;
}

}  // namespace

bool is_team_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && name[0] != '.' && name[0] != ' ' && name.find_first_of("/\\") == std::string_view::npos &&
           is_printable(name);
}

std::string entry_line(const std::string& record_json, ByteView portrait) {
    auto line = "{\"record\":" + record_json;
    if (!portrait.empty()) line += ",\"portrait\":\"" + to_base64(portrait) + "\",\"sha256\":\"" + sha256(portrait) + "\"";
    return line + "}\n";
}

Bytes write_content(const Manifest& m, std::string_view entries) {
    const nlohmann::ordered_json j = {{"schema", schema},
                                      {"bundle", m.bundle},
                                      {"team", m.team},
                                      {"number", m.number},
                                      {"made_at", to_iso(m.made_at)},
                                      {"count", m.count},
                                      {"sha256", sha256(as_bytes(entries))}};
    return concat({as_bytes(j.dump() + "\n"), as_bytes(entries)});
}

Result<Content> Content::parse(Bytes bytes) {
    Content content;
    content.bytes_ = std::move(bytes);
    content.digest_ = sha256(content.bytes_);
    auto rest = view(content.bytes_);
    if (!rest.ends_with('\n')) return altered("its text does not end with a line");
    std::string entries_digest;
    const auto first_end = rest.find('\n');
    content.manifest_ = TRY(read_manifest(rest.substr(0, first_end), entries_digest));
    rest.remove_prefix(first_end + 1);
    const auto lines = static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n'));
    if (lines != content.manifest_.count) return altered(fmt::format("{} records instead of {}", lines, content.manifest_.count));
    if (sha256(as_bytes(rest)) != entries_digest) return altered("the records have another hash");
    for (std::size_t number = 2; !rest.empty(); ++number) {
        const auto end = rest.find('\n');
        content.lines_.push_back(rest.substr(0, end));
        rest.remove_prefix(end + 1);
        TRY(read_entry(content.lines_.back(), number));
    }
    return content;
}

Result<Entry> Content::entry(std::size_t i) const { return read_entry(lines_[i], i + 2); }

}  // namespace idchip::bundle
