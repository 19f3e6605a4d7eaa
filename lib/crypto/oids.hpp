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
IDCHIP_OID(dh_key_agreement, "1.2.840.113549.1.3.1")             // PKCS #3
IDCHIP_OID(dh_public_number, "1.2.840.10046.2.1")                // X9.42
IDCHIP_OID(standardized_domain_parameters, "0.4.0.127.0.7.1.2")  // Doc 9303-11, 9.5.1
IDCHIP_OID(mgf1, "1.2.840.113549.1.1.8")
#undef IDCHIP_OID

}  // namespace idchip::crypto::oids
