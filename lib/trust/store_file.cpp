#include "trust/store_file.hpp"

#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>

#include "base/try.hpp"

namespace idchip::trust {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view file_name = "trust.json", format_name = "idchip-trust";
// A store of every certificate that any State has ever published has a tenth of this.
constexpr std::size_t largest_store = 256U << 20U;

Json to_json(const Source& s) {
    Json j = {{"id", s.id}, {"file", s.file}, {"kind", name(s.kind)}, {"imported_at", to_iso(s.imported_at)}};
    if (!s.signer.empty()) j["signer"] = s.signer;
    if (!s.country.empty()) j["country"] = s.country;
    if (!s.anchor.empty()) j["anchor"] = s.anchor;
    if (s.signed_at) j["signed_at"] = to_iso(*s.signed_at);
    return j;
}

Result<Source> source_from(const Json& j) {
    Source s;
    s.id = j.at("id");
    s.file = j.at("file");
    const auto kind = j.at("kind").get<std::string>();
    for (const auto k : {Kind::certificate, Kind::crl, Kind::master_list, Kind::deviation_list})
        if (kind == name(k)) s.kind = k;
    s.signer = j.value("signer", std::string());
    s.country = j.value("country", std::string());
    s.anchor = j.value("anchor", std::string());
    s.imported_at = TRY(parse_iso_instant(j.at("imported_at").get<std::string>()));
    if (j.contains("signed_at")) s.signed_at = TRY(parse_iso_instant(j["signed_at"].get<std::string>()));
    return s;
}

Result<Bytes> der_in(const Json& j) { return from_base64(j.at("der").get<std::string>()); }

Result<void> fill(const Json& j, std::map<std::string, Source>& sources, std::vector<Anchor>& anchors,
                  std::vector<std::pair<pki::Crl, std::string>>& crls, std::vector<pki::Certificate>& signers,
                  std::vector<StoredDeviations>& deviations) {
    for (const auto& s : j.at("sources")) {
        auto source = TRY(source_from(s));
        sources[source.id] = std::move(source);
    }
    for (const auto& a : j.at("anchors"))
        anchors.push_back({TRY(pki::Certificate::parse(TRY(der_in(a)))), a.value("pinned", false),
                           a.at("sources").get<std::vector<std::string>>(), a.value("withdrawn", std::string())});
    for (const auto& c : j.at("crls")) crls.emplace_back(TRY(pki::Crl::parse(TRY(der_in(c)))), c.at("source").get<std::string>());
    for (const auto& d : j.at("document_signers")) signers.push_back(TRY(pki::Certificate::parse(TRY(der_in(d)))));
    for (const auto& d : j.at("deviation_lists")) {
        auto raw = TRY(der_in(d));
        auto list = TRY(pki::DeviationList::parse(raw));
        deviations.push_back({std::move(list), std::move(raw), d.at("source")});
    }
    return {};
}

}  // namespace

bool Store::is_store(const std::filesystem::path& folder) { return std::filesystem::exists(folder / file_name); }

Result<Store> StoreFile::read(const std::filesystem::path& folder) {
    Store store;
    store.folder_ = folder;
    const auto file = folder / file_name;
    if (!std::filesystem::exists(file)) return store;
    const auto text = TRY(read_text(file, largest_store));
    const auto damaged = [&](const std::string& why) { return fail(Errc::trust_bad_store, file.string(), why); };
    try {
        const auto j = Json::parse(text);
        if (j.at("format") != format_name) return damaged("not a trust store");
        if (j.at("version") != 1) return damaged("of a version that this program does not know");
        if (auto filled = fill(j, store.sources_, store.anchors_, store.crls_, store.document_signers_, store.deviation_lists_); !filled)
            return damaged(filled.error().message());
    } catch (const nlohmann::json::exception& e) {
        return damaged(e.what());
    }
    return store;
}

Result<void> StoreFile::write(const Store& store) {
    Json j = {{"format", format_name},           {"version", 1},          {"sources", Json::array()},
              {"anchors", Json::array()},        {"crls", Json::array()}, {"document_signers", Json::array()},
              {"deviation_lists", Json::array()}};
    for (const auto& [id, source] : store.sources_) j["sources"].push_back(to_json(source));
    for (const auto& a : store.anchors_) {
        // For people who look into the file; the DER decides.
        Json anchor = {{"subject", a.certificate.subject.text()}, {"sha256", a.certificate.fingerprint()}, {"sources", a.sources}};
        if (a.pinned) anchor["pinned"] = true;
        if (!a.withdrawn.empty()) anchor["withdrawn"] = a.withdrawn;
        anchor["der"] = to_base64(a.certificate.raw);
        j["anchors"].push_back(std::move(anchor));
    }
    for (const auto& [crl, source] : store.crls_)
        j["crls"].push_back({{"issuer", crl.issuer.text()}, {"source", source}, {"der", to_base64(crl.raw)}});
    for (const auto& d : store.document_signers_)
        j["document_signers"].push_back({{"subject", d.subject.text()}, {"der", to_base64(d.raw)}});
    for (const auto& d : store.deviation_lists_) j["deviation_lists"].push_back({{"source", d.source}, {"der", to_base64(d.raw)}});
    TRY(make_folder(store.folder_));
    return write_text(store.folder_ / file_name, j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace idchip::trust
