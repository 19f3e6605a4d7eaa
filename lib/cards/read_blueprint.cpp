// The description as a whole: what it says of itself, files, what was done to them after signing.
#include "cards/blueprint.hpp"

#include <idchip/base/file.hpp>

namespace idchip::cards {
namespace {

constexpr std::size_t largest_file = 4U << 20U;

Result<void> read_description(const Node& card, Description& d) {
    TRY(take(card, "about", d.about, as_text_value));
    TRY(take(card, "case", d.case_id, as_text_value));
    TRY(take(card, "outcome", d.outcome, as_text_value));
    return take(card, "neighbour", d.neighbour, as_text_value);
}

Result<lds::Files> read_files(const Node& node, const std::filesystem::path& folder) {
    lds::Files files;
    for (const auto& [name, content] : TRY(node.members())) {
        const auto ef = lds::ef_by_name(name);
        if (!ef) return node.bad("no file is called \"" + name + "\"");
        files[*ef] = TRY(read_content(content, folder));
    }
    return files;
}

Result<std::map<lds::Ef, std::uint16_t>> read_refused(const Node& node) {
    std::map<lds::Ef, std::uint16_t> refused;
    for (const auto& [name, status] : TRY(node.members())) {
        const auto ef = lds::ef_by_name(name);
        if (!ef) return node.bad("no file is called \"" + name + "\"");
        refused[*ef] = TRY(status.status_word());
    }
    return refused;
}

Result<std::vector<lds::Ef>> read_file_names(const Node& node) {
    std::vector<lds::Ef> files;
    for (const auto& item : TRY(node.items())) files.push_back(TRY(read_file_name(item)));
    return files;
}

Result<Tampering> read_one(const Node& node, const std::filesystem::path& folder) {
    TRY(node.check_keys("tamper"));
    if (!node.has("file") || node.json().size() != 2) return node.bad("want \"file\" and one deed");
    Tampering t;
    t.file = TRY(read_file_name(node.at("file")));
    using Kind = Tampering::Kind;
    for (const auto& [key, kind] : {std::pair{"remove", Kind::remove}, {"hide", Kind::hide}})
        if (node.has(key)) {
            t.kind = kind;
            if (!TRY(node.at(key).flag())) return node.at(key).bad("want true");
        }
    if (node.has("flip")) {
        t.kind = Kind::flip;
        t.position = TRY(node.at("flip").number(-16'000'000, 16'000'000));
    }
    if (node.has("truncate")) {
        t.kind = Kind::truncate;
        t.position = TRY(node.at("truncate").number(0, 16'000'000));
    }
    if (node.has("append")) {
        t.kind = Kind::append;
        t.bytes = TRY(node.at("append").hex());
    }
    if (node.has("content")) {
        t.kind = Kind::content;
        t.bytes = TRY(read_content(node.at("content"), folder));
    }
    return t;
}

}  // namespace

Result<lds::Ef> read_file_name(const Node& node) {
    const auto ef = lds::ef_by_name(TRY(node.text()));
    if (!ef) return node.bad("no file is called so");
    return *ef;
}

Result<Bytes> read_content(const Node& node, const std::filesystem::path& folder) {
    TRY(node.check_keys("content"));
    if (node.json().size() != 1) return node.bad("want one of hex, base64, path");
    if (node.has("hex")) return node.at("hex").hex();
    if (node.has("path")) return read_file(folder / TRY(node.at("path").text()), largest_file);
    if (!node.has("base64")) return node.bad("want one of hex, base64, path");
    auto bytes = from_base64(TRY(node.at("base64").text()));
    if (!bytes) return node.bad("want base64 text");
    return bytes;
}

Result<Date> read_date(const Node& node) {
    const auto date = parse_iso_date(TRY(node.text()));
    if (!date) return node.bad("want a date as YYYY-MM-DD");
    return *date;
}

Result<std::vector<Tampering>> read_tampering(const Node& node, const std::filesystem::path& folder) {
    std::vector<Tampering> list;
    for (const auto& item : TRY(node.items())) list.push_back(TRY(read_one(item, folder)));
    return list;
}

Result<Blueprint> read_blueprint(const Node& card, const std::filesystem::path& folder) {
    TRY(card.check_keys("card"));
    if (!card.has("schema") || card.at("schema").json() != 1) return card.bad("this program knows schema 1");
    Blueprint b;
    const auto in_folder = [&folder](auto&& read) { return [&folder, read](const Node& n) { return read(n, folder); }; };
    TRY(read_description(card, b.description));
    TRY(take(card, "seed", b.seed, as_text_value));
    if (!card.has("document")) return card.bad("\"document\" is missing");
    b.document = TRY(read_document(card.at("document")));
    TRY(take(card, "files", b.files, in_folder(read_files)));
    TRY(take(card, "access", b.access, read_access));
    TRY(take(card, "chip_authentication", b.chip_authentication, read_chip_authentication));
    TRY(take(card, "chip_authentication_in_master_file", b.chip_authentication_in_master_file, as_flag));
    TRY(take(card, "active_authentication", b.active_authentication, in_folder(read_active_authentication)));
    TRY(take(card, "terminal_authentication", b.terminal_authentication, in_folder(read_terminal_authentication)));
    TRY(take(card, "security_infos", b.security_infos, read_security_infos));
    TRY(take(card, "unsigned", b.unsigned_files, read_file_names));
    TRY(take(card, "tamper", b.tamper, in_folder(read_tampering)));
    TRY(take(card, "refused", b.refused, read_refused));
    TRY(take(card, "atr", b.atr, [](const Node& n) { return n.hex(); }));
    TRY(take(card, "lengths", b.lengths, read_lengths));
    TRY(take(card, "quirks", b.quirks, read_quirks));
    TRY(take(card, "faults", b.faults, read_faults));
    return b;
}

}  // namespace idchip::cards
