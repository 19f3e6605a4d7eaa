#include <idchip/lds/ef_sod.hpp>

#include <fmt/format.h>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

Failure bad(std::string detail) { return fail(Errc::lds_bad_file, "LDSSecurityObject", std::move(detail)); }

Result<void> read_hashes(tlv::Reader& list, LdsSecurityObject& object) {
    while (!list.at_end()) {
        auto entry = list.enter(TRY(list.expect(der::sequence)));
        const auto number = TRY(der::read_integer(entry));
        const auto digest = TRY(der::read_octet_string(entry));
        TRY(entry.expect_end());
        if (number < 1 || number > 16) return bad(fmt::format("data group number {}", number));
        if (digest.size() != crypto::digest_size(object.hash_alg))
            return bad(fmt::format("hash of DG{} has {} bytes, {} gives {}", number, digest.size(), name(object.hash_alg),
                                   digest_size(object.hash_alg)));
        if (!object.data_group_hashes.emplace(static_cast<int>(number), to_bytes(digest)).second)
            return bad(fmt::format("DG{} stands twice", number));
    }
    return {};
}

}  // namespace

const der::Oid& oid_lds_security_object() {
    static const der::Oid id("2.23.136.1.1.1");
    return id;
}

Bytes LdsSecurityObject::encode() const {
    Bytes entries;
    for (const auto& [number, digest] : data_group_hashes)
        append(entries, der::sequence_of({der::write_integer(number), der::write_octet_string(digest)}));
    // RFC 5754, 2: SHA-2 algorithm identifiers without parameters are what implementations should generate.
    const auto algorithm = der::sequence_of({der::write(oid(hash_alg))});
    Bytes info;
    if (version == 1) info = der::sequence_of({der::write_printable(lds_version), der::write_printable(unicode_version)});
    return der::sequence_of({der::write_integer(version), algorithm, tlv::element(der::sequence, entries), info});
}

Result<LdsSecurityObject> LdsSecurityObject::parse(ByteView content) {
    LdsSecurityObject object;
    // Old and odd issuers encode with longer lengths than DER allows; the bytes are hashed as they stand either way.
    tlv::Reader outer(content, tlv::Rules::ber, "LDSSecurityObject");
    const auto sequence = TRY(outer.expect(der::sequence));
    TRY(outer.expect_end());
    auto r = outer.enter(sequence);
    const auto version = TRY(der::read_integer(r));
    if (version != 0 && version != 1) return bad(fmt::format("version {}", version));
    object.version = static_cast<int>(version);
    auto algorithm = r.enter(TRY(r.expect(der::sequence)));
    object.hash_alg = TRY(crypto::hash_by_oid(TRY(der::read_oid(algorithm))));
    auto list = r.enter(TRY(r.expect(der::sequence)));
    TRY(read_hashes(list, object));
    if (object.data_group_hashes.size() < 2)
        return bad(fmt::format("{} data group hashes, at least 2 are required", object.data_group_hashes.size()));
    if (const auto info = TRY(r.take(der::sequence))) {
        auto versions = r.enter(*info);
        object.lds_version = TRY(der::read_string(TRY(versions.next())));
        object.unicode_version = TRY(der::read_string(TRY(versions.next())));
        if (version == 0) object.notes.push_back({"sod.version_info_in_v0", "LDSSecurityObject", {}});
    } else if (version == 1) {
        return bad("version 1 without ldsVersionInfo");
    }
    TRY(r.expect_end());
    if (!r.lengths_minimal()) object.notes.push_back({"sod.not_der", "LDSSecurityObject", "length not in its shortest form"});
    return object;
}

LdsSecurityObject LdsSecurityObject::of(const Files& files, crypto::HashAlg hash_alg, int version) {
    LdsSecurityObject object;
    object.version = version;
    object.hash_alg = hash_alg;
    if (version == 1) {
        object.lds_version = "0108";
        object.unicode_version = "040000";
    }
    for (const auto& [ef, bytes] : files)
        if (is_data_group(ef)) object.data_group_hashes.emplace(dg_number(ef), crypto::hash(hash_alg, bytes));
    return object;
}

Bytes EfSod::encode(ByteView cms) { return tlv::element(info(Ef::sod).tag, cms); }

Result<EfSod> EfSod::parse(ByteView file) {
    EfSod sod;
    const auto outer = TRY(open_file(file, Ef::sod, sod.notes, tlv::Rules::ber_indefinite));
    sod.cms = outer.element.value;
    note_lengths(outer.contents, Ef::sod, sod.notes);
    return sod;
}

}  // namespace idchip::lds
