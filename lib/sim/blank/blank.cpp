#include "sim/blank/blank.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"

namespace idchip::sim {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const FileSystem& files) {
    Json json = Json::object();
    for (const auto& [fid, file] : files.files())
        json[fmt::format("{:04X}", fid)] = {{"size", file.size}, {"content", to_hex(file.content)}};
    return json;
}

Result<void> restore_files(FileSystem& files, const nlohmann::json& json, const std::string& where) {
    for (const auto& [name, entry] : json.items()) {
        const auto fid_bytes = TRY(from_hex(name));
        if (fid_bytes.size() != 2) return fail(Errc::bad_json, where, "a file identifier has two bytes");
        auto content = TRY(from_hex(entry.at("content").get<std::string>()));
        const std::size_t size = entry.at("size");
        if (size > content.size()) return fail(Errc::bad_json, where, "file larger than its memory");
        files.restore(static_cast<std::uint16_t>(read_be(fid_bytes)), {content.size(), size, std::move(content)});
    }
    return {};
}

}  // namespace

void Blank::power_up() {
    powered_ = true;
    start();
}

void Blank::power_down() {
    powered_ = false;
    cut_after_.reset();
    forget();
}

Bytes Blank::transmit(ByteView command) {
    if (!powered_) return {};
    auto response = answer(command);
    return powered_ ? response : Bytes();  // power went in the middle
}

void Blank::write(std::uint16_t fid, std::size_t offset, ByteView data) {
    files_.update(fid, offset, data, cut_after_.value_or(data.size()));
    persist();
    cut_power();
}

iso7816::ResponseApdu Blank::read(std::uint16_t fid, const Command& c, std::size_t most) const {
    namespace sw = iso7816::sw;
    if (c.p1 >= 0x80) return Response::of(sw::wrong_p1_p2);  // no short file ids
    if (!c.data.empty() || !c.le) return Response::of(sw::wrong_length);
    const auto& file = *files_.find(fid);
    const std::size_t offset = static_cast<std::size_t>(c.p1) << 8U | c.p2;
    if (offset >= file.size) return Response::of(sw::wrong_offset);
    const auto n = std::min({std::size_t{*c.le}, most, file.size - offset});
    return {to_bytes(ByteView(file.content).subspan(offset, n)), sw::ok};
}

void Blank::cut_power() {
    if (cut_after_) power_down();
}

std::unique_ptr<Emrtd> Blank::opened(Result<EmrtdConfig> config) const {
    if (!config) {
        std::fprintf(stderr, "idchip sim: the finished card cannot be opened: %s\n", config.error().message().c_str());
        return nullptr;
    }
    auto document = std::make_unique<Emrtd>(std::move(*config), rng_);
    document->power_up();
    return document;
}

std::string Blank::state_json() const {
    Json json;
    json["blank"] = options_.blank;
    json.update(own_state());
    json["files"] = to_json(files_);
    return json.dump(1) + "\n";
}

Result<void> Blank::restore(std::string_view text) {
    const auto where = options_.state.string();
    try {
        const auto json = nlohmann::json::parse(text);
        if (json.at("blank") != options_.blank) return fail(Errc::bad_json, where, "state of another kind of card");
        TRY(restore_own(json));
        return restore_files(files_, json.at("files"), where);
    } catch (const nlohmann::json::exception& e) {
        return fail(Errc::bad_json, where, e.what());
    }
}

// A chip cannot report a full disk of its host: standard error does.
void Blank::persist() const {
    if (options_.state.empty()) return;
    if (const auto written = write_text(options_.state, state_json(), FileMode::secret); !written)
        std::fprintf(stderr, "idchip sim: %s\n", written.error().message().c_str());
}

}  // namespace idchip::sim
