// EF.SOD, master list and deviation list with every field in the test's hand; what the makers give breaks no rule at all.
#pragma once

#include "lint/maker.hpp"

namespace idchip::lint::maker {

Bytes attribute(std::string_view id, const std::vector<Bytes>& values);

struct Signer {
    crypto::PrivateKey key;
    crypto::SignatureAlgorithm algorithm;
    crypto::HashAlg digest = crypto::HashAlg::sha256;
    std::int64_t version = 1;
    Bytes sid;                // element
    Bytes digest_identifier;  // AlgorithmIdentifier; empty: of `digest`, without parameters
    Bytes stated_algorithm;   // empty: the true one
    bool with_attributes = true;
    std::vector<Bytes> content_type, message_digest, signing_time;  // values; an attribute without values is left out
    std::vector<Bytes> more;                                        // further attributes
    bool sorted = true;
    Bytes unsigned_attributes;  // element [1]
    std::function<void(Bytes&)> edit_signature;
    Bytes der(ByteView content) const;
};

struct SignedData {
    Bytes version = der::write_integer(3);
    std::vector<Bytes> digest_algorithms;
    std::string_view type;
    Bytes content;
    bool segmented = false;
    std::vector<Bytes> certificates;
    Bytes crls;  // element [1]
    std::vector<Signer> signers;
    bool in_77 = false;
    Bytes trailing;

    void contain(Bytes new_content);  // with the message digests that go with it
    Bytes der() const;
};

struct SecurityObject {
    std::int64_t version = 1;
    Bytes algorithm = identifier("2.16.840.1.101.3.4.2.1");
    std::vector<std::pair<int, Bytes>> hashes = {{1, Bytes(32, 1)}, {2, Bytes(32, 2)}, {14, Bytes(32, 14)}};
    std::vector<Bytes> version_info = {text(der::printable_string, "0108"), text(der::printable_string, "040000")};
    bool with_version_info = true;
    Bytes der() const;
};

SignedData sod();  // the clean document signer, LDS security object of version 1
SignedData sod_of(const SecurityObject& object);
SignedData master_list();  // the clean CSCA and its link
SignedData master_list_of(const std::vector<Bytes>& members, std::int64_t version = 0);
SignedData deviation_list();

}  // namespace idchip::lint::maker
