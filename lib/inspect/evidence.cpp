#include <idchip/inspect/evidence.hpp>

#include <fmt/format.h>
#include <idchip/base/file.hpp>

#include "base/try.hpp"
#include "inspect/protocol_evidence.hpp"

namespace idchip::inspect {
namespace {

constexpr std::string_view format_name = "idchip-evidence";
constexpr int format_version = 1;
constexpr std::string_view outcome_file = "outcome.json";

Json outcome_json(const FileEvidence& f) {
    Json j;
    j["sw"] = fmt::format("{:04X}", f.sw);
    j["protected"] = f.protected_status;
    if (f.bytes_after_end != 0) j["bytes_after_end"] = f.bytes_after_end;
    if (!f.error.empty()) j["error"] = f.error;
    return j;
}

Result<FileEvidence> outcome_from(const Json& j) {
    FileEvidence f;
    f.sw = static_cast<std::uint16_t>(read_be(TRY(from_hex(j.at("sw").get<std::string>()))));
    f.protected_status = j.at("protected");
    f.bytes_after_end = j.value("bytes_after_end", std::size_t{0});
    f.error = j.value("error", std::string());
    return f;
}

// Everything but the contents.
Json head_json(const Evidence& e) {
    Json j;
    j["format"] = format_name;
    j["version"] = format_version;
    j["read_at"] = to_iso(e.read_at);
    j["reader"] = e.reader;
    j["atr"] = to_hex(e.atr);
    j["access"] = e.access;
    if (e.expected)
        j["expected"] = {{"mrz", e.expected->mrz},
                         {"document_number", e.expected->document_number},
                         {"birth", e.expected->birth},
                         {"expiry", e.expected->expiry}};
    write_protocols(j, e);
    return j;
}

Result<Evidence> head_from(const Json& j) {
    if (j.at("format") != format_name) return fail(Errc::evidence_bad, {}, "not an evidence file");
    if (j.at("version") != format_version) return fail(Errc::evidence_bad, {}, "evidence of an unknown version");
    Evidence e;
    e.read_at = TRY(parse_iso_instant(j.at("read_at").get<std::string>()));
    e.reader = j.at("reader");
    e.atr = TRY(from_hex(j.at("atr").get<std::string>()));
    e.access = j.at("access");
    if (j.contains("expected")) {
        const auto& x = j["expected"];
        e.expected = ExpectedDocument{x.at("mrz"), x.at("document_number"), x.at("birth"), x.at("expiry")};
    }
    TRY(read_protocols(j, e));
    return e;
}

Result<Evidence> parse(std::string_view text, bool with_contents) {
    try {
        const auto j = Json::parse(text);
        auto e = TRY(head_from(j));
        for (const auto& [key, value] : j.at("files").items()) {
            const auto ef = lds::ef_by_name(key);
            if (!ef) return fail(Errc::evidence_bad, key, "no file of a chip has this name");
            auto f = TRY(outcome_from(value));
            if (with_contents && value.contains("content")) f.content = TRY(from_base64(value["content"].get<std::string>()));
            e.files.emplace(*ef, std::move(f));
        }
        return e;
    } catch (const nlohmann::json::exception& error) {
        return fail(Errc::bad_json, "evidence", error.what());
    }
}

Result<Evidence> load_folder(const std::filesystem::path& folder) {
    Evidence e;
    e.access = "unknown";
    e.reader = folder.string();
    if (std::filesystem::exists(folder / outcome_file)) e = TRY(parse(TRY(read_text(folder / outcome_file)), false));
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const auto ef = lds::ef_by_name(entry.path().stem().string());
        if (!ef || entry.path().extension() != ".bin") continue;
        auto& f = e.files[*ef];
        f.content = TRY(read_file(entry.path()));
        if (f.sw == 0) f.sw = 0x9000;
    }
    if (error) return fail(Errc::not_found, folder.string(), error.message());
    if (e.files.empty() && e.access != "failed") return fail(Errc::evidence_bad, folder.string(), "no EF_SOD.bin, DG1.bin ... in it");
    return e;
}

}  // namespace

const Bytes* Evidence::content(lds::Ef ef) const {
    const auto it = files.find(ef);
    return it != files.end() && it->second.content ? &*it->second.content : nullptr;
}

std::string to_json(const Evidence& e) {
    auto j = head_json(e);
    j["files"] = Json::object();
    for (const auto& [ef, f] : e.files) {
        auto entry = outcome_json(f);
        if (f.content) entry["content"] = to_base64(*f.content);
        j["files"][lds::name(ef)] = std::move(entry);
    }
    return j.dump(1) + "\n";
}

Result<Evidence> evidence_from_json(std::string_view json) { return parse(json, true); }

Result<Evidence> load_evidence(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) return load_folder(path);
    auto e = evidence_from_json(TRY(read_text(path)));
    if (!e) return fail(std::move(e.error()).inside(path.string()));
    return e;
}

Result<void> save_dump(const Evidence& e, const std::filesystem::path& folder) {
    TRY(make_folder(folder));
    auto j = head_json(e);
    j["files"] = Json::object();
    for (const auto& [ef, f] : e.files) {
        j["files"][lds::name(ef)] = outcome_json(f);
        if (f.content) TRY(write_file(folder / (std::string(lds::info(ef).dump_name) + ".bin"), *f.content, FileMode::secret));
    }
    return write_text(folder / outcome_file, j.dump(1) + "\n", FileMode::secret);
}

}  // namespace idchip::inspect
