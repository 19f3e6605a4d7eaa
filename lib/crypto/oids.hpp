// Object identifiers of public keys and signatures.
#pragma once

#include <idchip/tlv/der.hpp>

namespace idchip::crypto::oids {

#define IDCHIP_OID(name, dotted)          \
    inline const der::Oid& name() {       \
        static const der::Oid id(dotted); \
        return id;                        \
    }
IDCHIP_OID(ec_public_key, "1.2.840.10045.2.1")
IDCHIP_OID(prime_field, "1.2.840.10045.1.1")
IDCHIP_OID(rsa_encryption, "1.2.840.113549.1.1.1")
IDCHIP_OID(rsa_pss, "1.2.840.113549.1.1.10")
IDCHIP_OID(mgf1, "1.2.840.113549.1.1.8")
#undef IDCHIP_OID

}  // namespace idchip::crypto::oids
