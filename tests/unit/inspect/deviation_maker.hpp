// Deviation lists of the clean document's own State, or of another.
#pragma once

#include "inspect/document_maker.hpp"
#include "pki/list_maker.hpp"

namespace idchip::inspect::maker {

inline const test::ListPki& vietnam_lists() {
    static const test::ListPki state("VN");
    return state;
}

// As an import has believed it.
inline pki::DeviationList published(const std::vector<pki::Deviation>& deviations, const test::ListPki& state = vietnam_lists()) {
    test::SignerOptions options;
    options.extended_key_usage = "2.23.136.1.1.8";
    const auto key = must(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    test::ListSigner signer(state.certificate(key, name("C=" + state.name.country() + ", O=idchip, CN=Deviations"), options), key);
    return must(pki::DeviationList::parse(must(pki::build_deviation_list(deviations, std::nullopt, signer, {state.csca}, today))));
}

// Documents of the clean document signer.
inline pki::DeviationDocuments of_signer() {
    pki::DeviationDocuments documents;
    documents.issuer_and_serial = pki::DeviationDocuments::IssuerAndSerial{vietnam().ds.issuer, vietnam().ds.serial};
    return documents;
}

inline pki::TrustStore with(const std::vector<pki::Deviation>& deviations, const test::ListPki& state = vietnam_lists()) {
    auto store = trust();
    store.deviation_lists.push_back(published(deviations, state));
    return store;
}

}  // namespace idchip::inspect::maker
