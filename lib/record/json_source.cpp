#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/crypto/hash.hpp>

#include "base/try.hpp"
#include "record/sources.hpp"

namespace idchip::record {
namespace {

using Json = nlohmann::json;

// Takes the members of one object as they come; nothing is built that is not kept.
class Members final : public nlohmann::json_sax<Json> {
public:
    explicit Members(RawRecord& raw) : raw_(raw) {}

    bool null() override { return value({}, true); }
    bool string(string_t& text) override { return value(std::move(text), true); }
    bool boolean(bool) override { return value({}, false); }
    bool number_integer(number_integer_t) override { return value({}, false); }
    bool number_unsigned(number_unsigned_t) override { return value({}, false); }
    bool number_float(number_float_t, const string_t&) override { return value({}, false); }
    bool binary(binary_t&) override { return value({}, false); }
    bool start_object(std::size_t) override {
        if (depth_++ > 0) return value({}, false);
        is_object_ = true;
        return true;
    }
    bool start_array(std::size_t) override {
        ++depth_;
        return value({}, false);
    }
    bool end_object() override { return --depth_, true; }
    bool end_array() override { return --depth_, true; }
    bool key(string_t& name) override {
        if (depth_ != 1) return true;
        field_ = field_by_name(name);
        if (!field_) raw_.problems.push_back(problem(Kind::unknown_field, printable(name.substr(0, 40))));
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const Json::exception&) override { return false; }

    bool is_object() const { return is_object_; }

private:
    bool value(std::string&& text, bool is_text) {
        const auto field = std::exchange(field_, std::nullopt);
        if (!field) return true;  // of an unknown member, or inside a value that was refused
        const auto at = static_cast<std::size_t>(*field);
        if (raw_.stated[at]) raw_.problems.push_back(problem(Kind::doubled_field, info(*field).name));
        if (!is_text) raw_.problems.push_back(problem(Kind::not_text, info(*field).name));
        raw_.stated[at] = true;
        raw_.values[at] = std::move(text);
        return true;
    }

    RawRecord& raw_;
    std::optional<Field> field_;
    int depth_ = 0;
    bool is_object_ = false;
};

class JsonSource final : public Source {
public:
    explicit JsonSource(LineReader lines) : lines_(std::move(lines)) { total_ = lines_.total_bytes(); }

    Result<bool> next(RawRecord& raw) override {
        for (;;) {
            const auto line = TRY(lines_.next());
            if (!line) return false;
            if (trim(*line).empty()) continue;
            read_json(*line, raw);
            raw.line = lines_.line_number();
            raw.position = lines_.position();
            return true;
        }
    }
    Result<void> seek(std::uint64_t position) override { return lines_.seek(position); }
    std::uint64_t bytes_read() const override { return lines_.bytes_read(); }

private:
    LineReader lines_;
};

}  // namespace

Result<void> Source::seek(std::uint64_t) { return fail(Errc::io_error, {}, "it cannot be read from another place"); }

void read_json(std::string_view line, RawRecord& raw) {
    raw.clear();
    const auto refuse = [&raw](Kind kind, std::string_view detail) {
        raw.readable = false;
        raw.problems = {problem(kind, "", detail)};
    };
    if (!is_valid_utf8(as_bytes(line))) return refuse(Kind::not_utf8, {});
    Members members(raw);
    // The parser's own message would quote the record.
    if (!Json::sax_parse(line.begin(), line.end(), &members)) return refuse(Kind::bad_row, "want one JSON object a line");
    if (!members.is_object()) return refuse(Kind::bad_row, "want an object");
}

std::string digest_of(const RawRecord& raw) {
    if (!raw.readable) return {};
    return to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(write_json(raw))));
}

std::string write_json(const RawRecord& raw) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (const auto& field : all_fields())
        if (raw.has(field.field)) object[std::string(field.name)] = raw[field.field];
    return object.dump();
}

std::unique_ptr<Source> make_json_source(LineReader lines) { return std::make_unique<JsonSource>(std::move(lines)); }

}  // namespace idchip::record
