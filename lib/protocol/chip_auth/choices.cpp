// From SecurityInfos to ways of running chip authentication.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include <idchip/protocol/chip_auth/chip_auth.hpp>

namespace idchip::chip_auth {
namespace {

using crypto::AgreementEncoding;
using crypto::Cipher;
using lds::ChipAuthenticationInfo;
using lds::ChipAuthenticationPublicKeyInfo;
using lds::SecurityInfo;

std::vector<Suite> make_suites() {
    constexpr std::array ciphers = {Cipher::tdes, Cipher::aes128, Cipher::aes192, Cipher::aes256};
    std::vector<Suite> all;
    for (const bool ecdh : {false, true})
        for (std::size_t i = 0; i < ciphers.size(); ++i)
            all.push_back({der::Oid(fmt::format("0.4.0.127.0.7.2.2.3.{}.{}", ecdh ? 2 : 1, i + 1)), ecdh, ciphers.at(i)});
    return all;
}

const Suite& suite_of(bool ecdh, Cipher cipher) {
    return *std::find_if(suites().begin(), suites().end(), [&](const Suite& s) { return s.ecdh == ecdh && s.cipher == cipher; });
}

void note_encoding(AgreementEncoding encoding, const std::string& where, Notes& notes) {
    if (encoding == AgreementEncoding::named_curve)
        notes.push_back({"ca.key_named_curve", where, "Doc 9303-11, 9.5.2 wants the parameters written out"});
    if (encoding == AgreementEncoding::x9_42) notes.push_back({"ca.key_x9_42", where, "Doc 9303-11, 9.6 wants PKCS #3"});
}

class Pairing {
public:
    Pairing(const lds::SecurityInfos& infos, Notes& notes)
        : infos_(infos.all<ChipAuthenticationInfo>()), keys_(infos.all<ChipAuthenticationPublicKeyInfo>()), notes_(notes) {}

    std::vector<Choice> run() {
        for (const auto* key : keys_) add_key(*key);
        for (const auto* info : infos_)
            if (!used_.contains(info)) notes_.push_back({"ca.key_missing", lds::protocol_name(info->protocol), {}});
        return std::move(list_);
    }

private:
    void add_key(const SecurityInfo& entry) {
        const auto& info = std::get<ChipAuthenticationPublicKeyInfo>(entry.content);
        const auto where = lds::protocol_name(entry.protocol);
        auto key = crypto::AgreementKey::from_spki(info.public_key);
        if (!key) return notes_.push_back({"ca.unusable_key", where, key.error().message()});
        note_encoding(key->encoding, where, notes_);
        bool found = false;
        for (const auto* candidate : infos_) {
            const auto suite = Suite::of(candidate->protocol);
            const auto& ca = std::get<ChipAuthenticationInfo>(candidate->content);
            if (!suite || suite->ecdh != key->domain.is_ec() || !belongs(ca.key_id, info.key_id)) continue;
            used_.insert(candidate);
            found = true;
            if (ca.version == 1) list_.push_back({*suite, *key, info.key_id, keys_.size() > 1});
            else notes_.push_back({"ca.unknown_version", suite->name(), fmt::format("version {}", ca.version)});
        }
        if (found) return;
        // French chips have the key without its ChipAuthenticationInfo: they mean the first algorithm there was.
        notes_.push_back({"ca.algorithm_assumed", where, "no ChipAuthenticationInfo; 3DES"});
        list_.push_back({suite_of(key->domain.is_ec(), Cipher::tdes), *key, info.key_id, keys_.size() > 1});
    }

    // 9.2.5: ids are needed with several keys only, and with one key they may stand on one side alone.
    bool belongs(const std::optional<std::int64_t>& a, const std::optional<std::int64_t>& b) const {
        return a == b || (keys_.size() == 1 && (!a || !b));
    }

    std::vector<const SecurityInfo*> infos_, keys_;
    Notes& notes_;
    std::set<const SecurityInfo*> used_;
    std::vector<Choice> list_;
};

bool better(const Choice& a, const Choice& b) {
    const auto rank = [](const Choice& c) { return std::pair(static_cast<int>(c.suite.cipher), c.key.domain.order_size()); };
    return rank(a) > rank(b);
}

}  // namespace

const std::vector<Suite>& suites() {
    static const auto all = make_suites();
    return all;
}

std::optional<Suite> Suite::of(const der::Oid& protocol) {
    for (const auto& s : suites())
        if (s.protocol == protocol) return s;
    return std::nullopt;
}

std::string Suite::name() const { return lds::protocol_name(protocol); }

std::vector<Choice> choices(const lds::SecurityInfos& infos, Notes& notes) {
    auto list = Pairing(infos, notes).run();
    std::stable_sort(list.begin(), list.end(), better);
    return list;
}

}  // namespace idchip::chip_auth
