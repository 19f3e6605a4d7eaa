// Seeds of master_list and deviation_list: lists whole and signed, and their contents alone.
#include <algorithm>

#include <idchip/pki/deviation_list.hpp>
#include <idchip/pki/master_list.hpp>
#include <idchip/signer/software.hpp>

#include "make_seeds.hpp"

using namespace idchip;

namespace {

class KeySigner final : public pki::ContentSigner {
public:
    KeySigner(pki::Certificate certificate, crypto::PrivateKey key) : certificate_(std::move(certificate)), key_(std::move(key)) {}
    const pki::Certificate& certificate() const override { return certificate_; }
    crypto::SignatureAlgorithm algorithm() const override { return signer::default_algorithm(key_.public_key().info()); }
    Result<Bytes> sign(ByteView message) override { return key_.sign(algorithm(), message); }

private:
    pki::Certificate certificate_;
    crypto::PrivateKey key_;
};

const Instant today = start_of({2026, 11, 22});

crypto::PrivateKey new_key() { return crypto::PrivateKey::generate_ec(crypto::Curve::p256).value(); }

// A signer of lists, or the CSCA itself where there is no key usage.
pki::Certificate certificate(const crypto::PrivateKey& key, const crypto::PrivateKey& csca_key, std::string_view extended_key_usage) {
    pki::CertificateTemplate t;
    t.serial = Bytes{static_cast<Byte>(2 + extended_key_usage.size())};
    t.issuer = pki::Name::of("C=UT, CN=CSCA").value();
    t.subject = extended_key_usage.empty() ? t.issuer : pki::Name::of("C=UT, CN=L").value();
    t.not_before = t.private_key_not_before = start_of({2026, 1, 1});
    t.not_after = t.private_key_not_after = start_of({2036, 1, 1});
    t.ec_encoding = crypto::EcEncoding::named;
    t.country_code = "UTO";
    t.csca = extended_key_usage.empty();
    if (!t.csca) t.extended_key_usage = {der::Oid(extended_key_usage)};
    t.authority_key_id = pki::key_id(csca_key.public_key());
    const auto algorithm = signer::default_algorithm(csca_key.public_key().info());
    return pki::Certificate::parse(pki::build_certificate(t, key.public_key(), csca_key, algorithm).value()).value();
}

void save_list(std::string_view target, std::string_view name, ByteView list) {
    seeds::save(target, name, list);
    seeds::save(target, std::string(name) + "_content", pki::SignedData::parse(list).value().content);
}

std::vector<pki::Deviation> deviations(const pki::Certificate& document_signer) {
    using Kind = pki::DeviationKind;
    using Parameter = pki::DeviationParameter;
    std::vector<pki::Deviation> list(4);
    list[0].documents.document_type = "P";
    list[0].documents.document_numbers = {"A1", "B2"};
    list[0].descriptions = {pki::DeviationDescription::of(Kind::lds_dg_hash_wrong, Parameter{2, {}}, "see http://x")};
    list[1].documents.issuing_date = {start_of({2020, 1, 1}), start_of({2020, 12, 31})};
    list[1].documents.subject_key_id = document_signer.subject_key_id;
    list[1].descriptions = {pki::DeviationDescription::of(Kind::mrz_wrong_data, Parameter{6, {}}),
                            pki::DeviationDescription::of(Kind::chip)};
    list[1].descriptions[1].national_use = der::write_integer(7);
    list[2].documents.issuer_and_serial = {document_signer.issuer, document_signer.serial};
    list[2].descriptions = {pki::DeviationDescription::of(Kind::cert_or_key_ds_encoding, Parameter{0, der::Oid("2.5.29.35")})};
    list[3].documents.certificate_digest = crypto::hash(crypto::HashAlg::sha256, document_signer.raw);
    list[3].descriptions = {pki::DeviationDescription::of(Kind::lds_sod_signature_wrong)};
    return list;
}

}  // namespace

void seeds::lists() {
    const auto csca_key = new_key(), key = new_key();
    const auto csca = certificate(csca_key, csca_key, {});
    const auto link = certificate(key, csca_key, {});
    KeySigner of_masters(certificate(key, csca_key, "2.23.136.1.1.3"), key);
    KeySigner of_deviations(certificate(key, csca_key, "2.23.136.1.1.8"), key);
    save_list("master_list", "one", pki::build_master_list({csca}, of_masters, {csca}, today).value());
    save_list("master_list", "two", pki::build_master_list({csca, link}, of_masters, {csca}, today).value());
    const auto content = [](std::initializer_list<ByteView> certificates) {
        return der::sequence_of({der::write_integer(0), tlv::element(der::set, concat(certificates))});
    };
    save("master_list", "twice", content({csca.raw, csca.raw}));
    save("master_list", "order_and_skipped", content({std::max(csca.raw, link.raw), std::min(csca.raw, link.raw), hex("0500")}));
    save("master_list", "wrong_signer",
         pki::build_signed_data(pki::oid_csca_master_list(), content({csca.raw}), of_deviations, today, {{csca}, true}).value());
    save("master_list", "no_time", pki::build_signed_data(pki::oid_csca_master_list(), content({}), of_masters, std::nullopt).value());

    const auto list = deviations(of_masters.certificate());
    save_list("deviation_list", "four", pki::build_deviation_list(list, crypto::HashAlg::sha256, of_deviations, {csca}, today).value());
    save_list("deviation_list", "none", pki::build_deviation_list({}, {}, of_deviations, {csca}, today).value());
    save_list("deviation_list", "one", pki::build_deviation_list({list[0]}, {}, of_deviations, {csca}, today).value());
}
