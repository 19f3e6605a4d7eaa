// DG15, the public key of active authentication: Doc 9303-10, 4.7.15, and 9303-11, 6.1.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct Dg15 {
    ByteView public_key;  // SubjectPublicKeyInfo, a view into the file; crypto::PublicKey::from_spki judges it
    Notes notes;

    static Bytes encode(ByteView public_key);
    // Errors: tlv.*.
    static Result<Dg15> parse(ByteView file);
};

}  // namespace idchip::lds
