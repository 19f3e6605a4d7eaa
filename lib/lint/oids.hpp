// Object identifiers that the profiles name, beyond those of certificates that `pki` reads.
#pragma once

#include "pki/oids.hpp"

namespace idchip::lint::oids {

#define IDCHIP_OID(name, dotted)          \
    inline const der::Oid& name() {       \
        static const der::Oid id(dotted); \
        return id;                        \
    }
IDCHIP_OID(email_address, "1.2.840.113549.1.9.1")
IDCHIP_OID(domain_component, "0.9.2342.19200300.100.1.25")

IDCHIP_OID(subject_directory_attributes, "2.5.29.9")
IDCHIP_OID(delta_crl_indicator, "2.5.29.27")
IDCHIP_OID(issuing_distribution_point, "2.5.29.28")
IDCHIP_OID(hold_instruction_code, "2.5.29.23")
IDCHIP_OID(invalidity_date, "2.5.29.24")
IDCHIP_OID(certificate_issuer, "2.5.29.29")
IDCHIP_OID(name_constraints, "2.5.29.30")
IDCHIP_OID(policy_mappings, "2.5.29.33")
IDCHIP_OID(policy_constraints, "2.5.29.36")
IDCHIP_OID(freshest_crl, "2.5.29.46")
IDCHIP_OID(inhibit_any_policy, "2.5.29.54")
IDCHIP_OID(authority_information_access, "1.3.6.1.5.5.7.1.1")
IDCHIP_OID(subject_information_access, "1.3.6.1.5.5.7.1.11")
IDCHIP_OID(netscape_certificate_type, "2.16.840.1.113730.1.1")

// Doc 9303-12, 7.1.1.3, 7.1.2 and 7.1.3
IDCHIP_OID(master_list_signing_key, "2.23.136.1.1.3")
IDCHIP_OID(deviation_list_signing_key, "2.23.136.1.1.8")
IDCHIP_OID(lds2_signer, "2.23.136.1.1.9.8")
IDCHIP_OID(vds_signer, "2.23.136.1.1.11.1")

// Contents of SignedData: Doc 9303-10, 4.6.2.3; Doc 9303-12, 9.2 and 10.2
IDCHIP_OID(lds_security_object, "2.23.136.1.1.1")
IDCHIP_OID(csca_master_list, "2.23.136.1.1.2")
IDCHIP_OID(deviation_list, "2.23.136.1.1.7")

IDCHIP_OID(rsa_encryption, "1.2.840.113549.1.1.1")
IDCHIP_OID(rsa_pss, "1.2.840.113549.1.1.10")
IDCHIP_OID(ec_public_key, "1.2.840.10045.2.1")
IDCHIP_OID(dsa, "1.2.840.10040.4.1")
IDCHIP_OID(dsa_with_sha2, "2.16.840.1.101.3.4.3")  // .1 to .4
#undef IDCHIP_OID

}  // namespace idchip::lint::oids
