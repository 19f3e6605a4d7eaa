// EF.SOD and the LDS security object in it: Doc 9303-10, 4.6.2 and appendix D.
#pragma once

#include <map>

#include <idchip/base/note.hpp>
#include <idchip/crypto/hash.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

// id-icao-mrtd-security-ldsSecurityObject
const der::Oid& oid_lds_security_object();

struct LdsSecurityObject {
    int version = 0;  // 0 (LDS 1.7) or 1 (LDS 1.8)
    crypto::HashAlg hash_alg = crypto::HashAlg::sha256;
    std::map<int, Bytes> data_group_hashes;    // 1..16
    std::string lds_version, unicode_version;  // version 1 only
    Notes notes;

    Bytes encode() const;
    // Errors: tlv.*, der.bad_value, crypto.unsupported, lds.bad_file (number out of 1..16, doubled, digest length, too few).
    static Result<LdsSecurityObject> parse(ByteView content);
    // Over every data group of the image.
    static LdsSecurityObject of(const Files& files, crypto::HashAlg hash_alg, int version);
};

struct EfSod {
    ByteView cms;  // ContentInfo, a view into the file
    Notes notes;

    static Bytes encode(ByteView cms);
    // Errors: tlv.*.
    static Result<EfSod> parse(ByteView file);
};

}  // namespace idchip::lds
