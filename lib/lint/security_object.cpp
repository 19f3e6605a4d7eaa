// The LDS security object in EF.SOD: Doc 9303-10, 4.6.2.3 and appendix D.
#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "lint/oids.hpp"
#include "lint/signed_data.hpp"

namespace idchip::lint {
namespace {

struct GroupHash {
    std::int64_t group = 0;
    ByteView value;
};
struct SecurityObject {
    std::int64_t version = 0;
    ByteView hash_algorithm;  // AlgorithmIdentifier
    std::optional<crypto::HashAlg> hash;
    std::vector<GroupHash> hashes;
    std::vector<tlv::Element> version_info;
    bool has_version_info = false;
};

Result<SecurityObject> read_security_object(ByteView content) {
    SecurityObject o;
    tlv::Reader outer(content, lenient, "LDSSecurityObject");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    o.version = TRY(der::read_integer(r));
    const auto algorithm = TRY(r.expect(der::sequence));
    o.hash_algorithm = algorithm.raw;
    auto identifier = r.enter(algorithm);
    if (const auto hash = crypto::hash_by_oid(TRY(der::read_oid(identifier)))) o.hash = *hash;
    auto list = r.enter(TRY(r.expect(der::sequence)));
    while (!list.at_end()) {
        auto entry = list.enter(TRY(list.expect(der::sequence)));
        const auto group = TRY(der::read_integer(entry));
        o.hashes.push_back({group, TRY(der::read_octet_string(entry))});
        TRY(entry.expect_end());
    }
    if (const auto info = TRY(r.take(der::sequence))) {
        o.has_version_info = true;
        auto versions = r.enter(*info);
        while (!versions.at_end()) o.version_info.push_back(TRY(versions.next()));
    }
    TRY(r.expect_end());
    return o;
}

bool is_number(const tlv::Element& e, std::size_t digits) {
    return e.tag == der::printable_string && e.value.size() == digits &&
           std::all_of(e.value.begin(), e.value.end(), [](Byte b) { return b >= '0' && b <= '9'; });
}

void check_versions(const SecurityObject& o, Findings& f) {
    f.want(o.version == 0 || o.version == 1, Rule::sod_version, "eContent/version", std::to_string(o.version));
    f.want(o.version != 0, Rule::sod_v0, "eContent/version");
    f.want(o.version != 1 || o.has_version_info, Rule::sod_version_info_missing, "eContent/ldsVersionInfo");
    f.want(o.version != 0 || !o.has_version_info, Rule::sod_version_info_in_v0, "eContent/ldsVersionInfo");
    if (!o.has_version_info) return;
    const auto& info = o.version_info;
    const bool form = info.size() == 2 && is_number(info[0], 4) && is_number(info[1], 6);
    f.want(form, Rule::sod_version_info_form, "eContent/ldsVersionInfo");
    if (form) f.want(as_text(info[0].value) >= "0108", Rule::sod_lds_version, "eContent/ldsVersionInfo", as_text(info[0].value));
}

void check_hashes(const SecurityObject& o, Findings& f) {
    const std::string where = "eContent/dataGroupHashValues";
    f.want(o.hashes.size() >= 2 && o.hashes.size() <= 16, Rule::sod_hash_count, where, std::to_string(o.hashes.size()));
    std::vector<std::int64_t> groups;
    for (const auto& h : o.hashes) groups.push_back(h.group);
    f.want(std::is_sorted(groups.begin(), groups.end()), Rule::sod_hash_order, where);
    std::sort(groups.begin(), groups.end());
    f.want(std::adjacent_find(groups.begin(), groups.end()) == groups.end(), Rule::sod_hash_duplicate, where);
    f.want(groups.empty() || (groups.front() >= 1 && groups.back() <= 16), Rule::sod_hash_number, where);
    for (const int group : {1, 2})
        f.want(std::binary_search(groups.begin(), groups.end(), group), Rule::sod_mandatory_group, where, fmt::format("DG{}", group));
    const auto odd = std::find_if(o.hashes.begin(), o.hashes.end(),
                                  [&](const GroupHash& h) { return o.hash && h.value.size() != crypto::digest_size(*o.hash); });
    if (odd != o.hashes.end())
        f.add(Rule::sod_hash_length, where, fmt::format("DG{}: {} bytes with {}", odd->group, odd->value.size(), name(*o.hash)));
}

}  // namespace

bool check_security_object(ByteView content, Findings& f) {
    check_der(content, "eContent", f);
    const auto object = read_security_object(content);
    if (!object) {
        f.add(Rule::cms_content_syntax, "eContent", brief(object.error()));
        return false;
    }
    check_digest_algorithm(object->hash_algorithm, Kind::sod, "eContent/hashAlgorithm", f);
    check_versions(*object, f);
    check_hashes(*object, f);
    return object->version == 0;
}

}  // namespace idchip::lint
