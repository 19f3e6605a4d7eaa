#include <idchip/report/show.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/lds/security_infos.hpp>

#include "base/try.hpp"
#include "report/show_parts.hpp"

namespace idchip::report {
namespace {

using lds::Ef;

struct Decoded {
    std::string kind;
    Json body;
};

Result<Decoded> decoded(Ef ef, ByteView content) {
    auto body = file_json(ef, content);
    if (body) return Decoded{lds::name(ef), std::move(*body)};
    auto error = std::move(body.error());
    error.detail += (error.detail.empty() ? "" : "; ") + std::string(lds::info(ef).clause);
    return fail(std::move(error));
}

// EF.DIR has the tag of DG1, and holds AIDs instead of a zone; the files of the master file have no outer tag of their own.
std::optional<Ef> guess_file(ByteView content) {
    const auto begins_with = [content](std::initializer_list<Byte> bytes) {
        return content.size() >= bytes.size() && std::equal(bytes.begin(), bytes.end(), content.begin());
    };
    if (content[0] == 0x61 && content.size() > 2 && content[2] == 0x4F) return Ef::dir;
    if (const auto ef = lds::ef_by_tag(content[0])) return ef;
    if (begins_with({0x31})) return Ef::card_access;
    if (begins_with({0x42})) return Ef::cvca;
    if (begins_with({0x47, 0x03}) || begins_with({0x7F, 0x66})) return Ef::atr_info;
    return std::nullopt;
}

bool is_cv_certificate(ByteView content) { return content.size() > 1 && content[0] == 0x7F && content[1] == 0x21; }

Result<Decoded> decode(ByteView content, const ShowOptions& options) {
    if (content.empty()) return fail(Errc::unknown_content, {}, "empty");
    const auto text = as_text(content.first(std::min<std::size_t>(content.size(), 256)));
    if (text.find("-----BEGIN CERTIFICATE-----") != std::string::npos)
        return Decoded{"certificate", certificate_json(TRY(pki::Certificate::parse_any(content)))};
    if (text.find("-----BEGIN X509 CRL-----") != std::string::npos) return Decoded{"CRL", crl_json(TRY(pki::Crl::parse_any(content)))};
    if (options.file) return decoded(*options.file, content);
    if (is_cv_certificate(content)) return Decoded{"CV certificate", cv_certificate_json(TRY(pki::CvCertificate::parse(content)))};
    if (const auto ef = guess_file(content)) return decoded(*ef, content);
    if (content[0] != 0x30) return fail(Errc::unknown_content, {}, fmt::format("outer tag {:02X}", content[0]));
    if (const auto certificate = pki::Certificate::parse(content)) return Decoded{"certificate", certificate_json(*certificate)};
    if (const auto crl = pki::Crl::parse(content)) return Decoded{"CRL", crl_json(*crl)};
    const auto data = pki::SignedData::parse(content);
    if (!data) return fail(Errc::unknown_content, {}, "neither certificate, CRL nor CMS SignedData");
    if (data->content_type == lds::oid_security_object()) return decoded(Ef::card_security, content);
    return Decoded{"CMS SignedData", TRY(signed_data_json(content))};
}

Json to_json(const Decoded& d, ByteView content, bool hex) {
    Json j;
    j["kind"] = d.kind;
    j["content"] = d.body;
    if (hex) j["objects"] = hex_tree(content);
    return j;
}

std::string to_text(const Decoded& d, ByteView content, bool hex) {
    return d.kind + "\n" + tree_text(d.body) + (hex ? "\n" + hex_tree(content) : "");
}

std::string dump(const Json& j) { return j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

Result<Shown> show(ByteView content, const ShowOptions& options) {
    auto d = decode(content, options);
    // A name may mislead: what the content is decides when the named file does not decode, and its error stays when nothing else fits.
    if (!d && options.file)
        if (auto other = decode(content, {{}, options.hex}); other && other->kind != lds::name(*options.file)) d = std::move(other);
    if (!d) return fail(std::move(d.error()));
    return Shown{d->kind, dump(to_json(*d, content, options.hex)), to_text(*d, content, options.hex)};
}

Result<ShownFolder> show_folder(const std::filesystem::path& folder, const ShowOptions& options) {
    std::map<Ef, std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        if (const auto ef = lds::ef_by_name(it->path().filename().string()); ef && it->is_regular_file()) files.emplace(*ef, it->path());
    if (error)
        return fail(error == std::errc::no_such_file_or_directory ? Errc::not_found : Errc::io_error, folder.string(), error.message());
    if (files.empty()) return fail(Errc::evidence_bad, folder.string(), "no file is named like one of a chip: EF_SOD.bin, DG1.bin ...");
    ShownFolder result;
    auto list = Json::array();
    for (const auto& [ef, path] : files) {
        const auto content = TRY(read_file(path));
        const auto d = decode(content, {ef, options.hex});
        ++result.files;
        Json entry;
        entry["file"] = path.filename().string();
        result.text += result.text.empty() ? "" : "\n";
        if (d) {
            entry.update(to_json(*d, content, options.hex));
            result.text += to_text(*d, content, options.hex);
        } else {
            ++result.undecodable;
            entry["error"] = {{"name", d.error().name()}, {"message", d.error().message()}};
            if (d.error().offset) entry["error"]["offset"] = *d.error().offset;
            result.text += lds::name(ef) + "\n  " + d.error().message() + "\n" + (options.hex ? hex_tree(content) : "");
        }
        list.push_back(std::move(entry));
    }
    result.json = dump(Json{{"files", std::move(list)}});
    return result;
}

}  // namespace idchip::report
