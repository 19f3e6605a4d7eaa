// Object identifiers of names, extensions and CMS.
#pragma once

#include <idchip/tlv/der.hpp>

namespace idchip::pki::oids {

#define IDCHIP_OID(name, dotted)          \
    inline const der::Oid& name() {       \
        static const der::Oid id(dotted); \
        return id;                        \
    }
IDCHIP_OID(common_name, "2.5.4.3")
IDCHIP_OID(serial_number, "2.5.4.5")
IDCHIP_OID(country, "2.5.4.6")
IDCHIP_OID(locality, "2.5.4.7")
IDCHIP_OID(state, "2.5.4.8")
IDCHIP_OID(organization, "2.5.4.10")
IDCHIP_OID(organizational_unit, "2.5.4.11")

IDCHIP_OID(subject_key_identifier, "2.5.29.14")
IDCHIP_OID(key_usage, "2.5.29.15")
IDCHIP_OID(private_key_usage_period, "2.5.29.16")
IDCHIP_OID(subject_alt_name, "2.5.29.17")
IDCHIP_OID(issuer_alt_name, "2.5.29.18")
IDCHIP_OID(basic_constraints, "2.5.29.19")
IDCHIP_OID(crl_number, "2.5.29.20")
IDCHIP_OID(crl_reason, "2.5.29.21")
IDCHIP_OID(crl_distribution_points, "2.5.29.31")
IDCHIP_OID(certificate_policies, "2.5.29.32")
IDCHIP_OID(authority_key_identifier, "2.5.29.35")
IDCHIP_OID(extended_key_usage, "2.5.29.37")
IDCHIP_OID(document_type_list, "2.23.136.1.1.6.2")
IDCHIP_OID(name_change, "2.23.136.1.1.6.1")

IDCHIP_OID(csca_master_list, "2.23.136.1.1.2")
IDCHIP_OID(csca_master_list_signing_key, "2.23.136.1.1.3")
IDCHIP_OID(deviation_list, "2.23.136.1.1.7")
IDCHIP_OID(deviation_list_signing_key, "2.23.136.1.1.8")

IDCHIP_OID(data, "1.2.840.113549.1.7.1")
IDCHIP_OID(signed_data, "1.2.840.113549.1.7.2")
IDCHIP_OID(enveloped_data, "1.2.840.113549.1.7.3")
IDCHIP_OID(attribute_content_type, "1.2.840.113549.1.9.3")
IDCHIP_OID(attribute_message_digest, "1.2.840.113549.1.9.4")
IDCHIP_OID(attribute_signing_time, "1.2.840.113549.1.9.5")
#undef IDCHIP_OID

}  // namespace idchip::pki::oids
