#include <idchip/personalize/key_pool.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

// PKCS#8 within JSON: the private halves alone are encrypted.
Result<std::string> to_text(const ChipKeys& keys, const profile::Features& f, std::string_view passphrase) {
    Json j = {{"schema", 1}, {"aa_key", f.aa_key}, {"ca_curve", f.ca_curve}};
    if (keys.aa_private) j["aa"] = TRY(keys.aa_private->to_pem(passphrase));
    if (keys.ca_public) {
        const auto curve = keys.ca_public->domain.curve();
        j["ca"] = TRY(TRY(crypto::PrivateKey::from_scalar(curve, keys.ca_private.view())).to_pem(passphrase));
    }
    return j.dump(1) + "\n";
}

Result<ChipKeys> from_text(const std::string& text, const profile::Features& f, std::string_view passphrase) {
    const auto j = Json::parse(text, nullptr, false);
    if (j.is_discarded() || j.value("schema", 0) != 1) return fail(Errc::bad_json, {}, "no set of keys");
    if (j.value("aa_key", "") != f.aa_key || j.value("ca_curve", "") != f.ca_curve)
        return fail(Errc::bad_field, {},
                    fmt::format("keys for {} and {}, not for this profile", j.value("aa_key", ""), j.value("ca_curve", "")));
    ChipKeys keys;
    if (j.contains("aa")) {
        keys.aa_private = TRY(crypto::PrivateKey::from_pem(j["aa"].get<std::string>(), passphrase));
        keys.aa_public = keys.aa_private->public_key();
    }
    if (j.contains("ca")) {
        const auto key = TRY(crypto::PrivateKey::from_pem(j["ca"].get<std::string>(), passphrase));
        const auto& info = key.public_key().info();
        keys.ca_public = crypto::AgreementKey{crypto::Domain::ecdh(info.curve), info.point};
        keys.ca_private = TRY(key.secret_number());
    }
    return keys;
}

Result<std::vector<std::string>> names_in(const fs::path& folder) {
    std::error_code error;
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    if (error) return fail(Errc::io_error, folder.string(), error.message());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

Result<KeyPool> KeyPool::open(const fs::path& folder, Secret passphrase) {
    if (passphrase.empty()) return fail(Errc::bad_field, folder.string(), "a pool of keys wants a passphrase");
    TRY(make_folder(folder / "ready"));
    TRY(make_folder(folder / "taken"));
    return KeyPool(folder, std::move(passphrase));
}

Result<void> KeyPool::fill(const profile::Features& features, std::size_t count, Rng& rng,
                           const std::function<void(std::size_t)>& progress) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto keys = TRY(make_chip_keys(features, rng));
        auto text = TRY(to_text(keys, features, as_text(passphrase_.view())));
        TRY(write_text(folder_ / "ready" / (to_hex(rng.bytes(16)) + ".json"), text, FileMode::secret));
        if (progress) progress(i + 1);
    }
    return {};
}

Result<KeyPool::Taken> KeyPool::take(const profile::Features& features) {
    std::optional<Error> misfit;
    for (const auto& id : TRY(names_in(folder_ / "ready"))) {
        const auto ready = folder_ / "ready" / (id + ".json"), taken = folder_ / "taken" / (id + ".json");
        auto keys = from_text(TRY(read_text(ready)), features, as_text(passphrase_.view()));
        if (!keys && keys.error().code == Errc::bad_field) {  // for chips of another kind
            misfit = std::move(keys.error()).inside(ready.string());
            continue;
        }
        if (!keys) return fail(std::move(keys.error()).inside(ready.string()));
        const auto moved = move_file(ready, taken);
        if (!moved && moved.error().code == Errc::not_found) continue;  // another process was faster
        TRY(moved);
        return Taken{id, std::move(*keys)};
    }
    if (misfit) return fail(std::move(*misfit));
    return fail(Errc::pool_empty, folder_.string());
}

Result<void> KeyPool::wipe(const std::string& id) { return destroy_file(folder_ / "taken" / (id + ".json")); }

Result<std::size_t> KeyPool::left() const { return TRY(names_in(folder_ / "ready")).size(); }
Result<std::vector<std::string>> KeyPool::taken() const { return names_in(folder_ / "taken"); }

}  // namespace idchip::personalize
