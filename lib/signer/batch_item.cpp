#include <nlohmann/json.hpp>

#include <idchip/signer/batch.hpp>

#include "base/try.hpp"

namespace idchip::signer {
namespace {

using Json = nlohmann::json;

Result<lds::LdsSecurityObject> of_hashes(const Json& hashes, crypto::HashAlg hash_alg, int version) {
    // Versions are those of a document image that was made whole.
    auto object = lds::LdsSecurityObject::of({}, hash_alg, version);
    for (const auto& [number, text] : hashes.items()) {
        const auto where = "hashes/" + number;
        const auto n = std::atoi(number.c_str());
        if (n < 1 || n > 16 || std::to_string(n) != number) return fail(Errc::bad_field, where, "want the number of a data group, 1 to 16");
        auto hash = from_hex(text.get<std::string>());
        if (!hash) return fail(std::move(hash.error()).inside(where));
        if (hash->size() != crypto::digest_size(hash_alg)) return fail(Errc::bad_field, where, "of another length than the hash has");
        object.data_group_hashes[n] = std::move(*hash);
    }
    return object;
}

Result<lds::LdsSecurityObject> of_files(const Json& members, crypto::HashAlg hash_alg, int version) {
    lds::Files files;
    for (const auto& [name, text] : members.items()) {
        const auto ef = lds::ef_by_name(name);
        if (!ef) return fail(Errc::bad_field, "files/" + name, "want DG1 to DG16");
        auto content = from_base64(text.get<std::string>());
        if (!content) return fail(std::move(content.error()).inside("files/" + name));
        files[*ef] = std::move(*content);
    }
    return lds::LdsSecurityObject::of(files, hash_alg, version);
}

}  // namespace

Result<BatchItem> parse_batch_item(std::string_view json) {
    try {
        const auto j = Json::parse(json);
        if (!j.is_object()) return fail(Errc::bad_json, {}, "want an object");
        for (const auto& [key, value] : j.items())
            if (key != "id" && key != "type" && key != "hash" && key != "lds" && key != "hashes" && key != "files")
                return fail(Errc::bad_field, key, "unknown; there are id, type, hash, lds, hashes, files");
        BatchItem item;
        item.id = j.at("id").get<std::string>();
        if (item.id.empty()) return fail(Errc::bad_field, "id", "missing");
        item.document_type = j.value("type", std::string());
        const auto hash_alg = TRY(crypto::hash_by_name(j.value("hash", std::string("SHA-256"))));
        const auto lds_version = j.value("lds", std::string("1.7"));
        if (lds_version != "1.7" && lds_version != "1.8") return fail(Errc::bad_field, "lds", "want 1.7 or 1.8");
        const int version = lds_version == "1.8" ? 1 : 0;
        if (j.contains("hashes") == j.contains("files")) return fail(Errc::bad_field, {}, "want hashes, or files");
        item.object = j.contains("hashes") ? TRY(of_hashes(j["hashes"], hash_alg, version)) : TRY(of_files(j["files"], hash_alg, version));
        return item;
    } catch (const Json::exception& e) {
        return fail(Errc::bad_json, {}, e.what());
    }
}

}  // namespace idchip::signer
