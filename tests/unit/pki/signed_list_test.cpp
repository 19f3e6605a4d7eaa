// Who is believed as signer of a list: one rule broken at a time, beside the list that breaks none.
#include "unit/pki/list_maker.hpp"

using namespace idchip;
using namespace idchip::test;
using pki::Certificate;
using pki::ListRule;
using pki::SignedData;
using Rules = std::vector<ListRule>;

namespace {

const der::Oid& type = pki::oid_csca_master_list();
const der::Oid& usage = pki::oid_csca_master_list_signing_key();

Bytes some_content() { return der::sequence_of({der::write_integer(0), tlv::element(der::set, {})}); }

SignedData signed_by(pki::ContentSigner& signer, const std::vector<Certificate>& embedded = {}, Instant when = list_signed_at) {
    return good(SignedData::parse(good(pki::build_signed_data(type, some_content(), signer, when, {embedded, true}))));
}

Rules check(const SignedData& data, const std::vector<Certificate>& anchors, Instant now = list_read_at) {
    return broken(pki::check_list_signature(data, type, usage, anchors, now));
}

// By a signer with these options, under the CSCA.
Rules check(const ListPki& pki, const SignerOptions& options, Instant now = list_read_at) {
    auto signer = pki.signer(options);
    return check(signed_by(signer), {pki.csca}, now);
}

}  // namespace

TEST_CASE("a signer of lists has the extended key usage of his kind of list, and nothing critical that is unknown", "[pki]") {
    const ListPki pki;
    SignerOptions o;
    CHECK(check(pki, o) == Rules{});
    o.extended_key_usage = "2.23.136.1.1.8";
    CHECK(check(pki, o) == Rules{ListRule::extended_key_usage});
    o.extended_key_usage.clear();
    CHECK(check(pki, o) == Rules{ListRule::extended_key_usage});
    o = {};
    o.unknown_critical = "1.2.3.4";
    CHECK(check(pki, o) == Rules{ListRule::critical_extensions});
}

TEST_CASE("a CSCA signs no list itself, not even with the extended key usage", "[pki]") {
    const ListPki pki;
    ListSigner csca(pki.csca, pki.csca_key);
    CHECK(check(signed_by(csca), {pki.csca}) == Rules{ListRule::not_a_csca, ListRule::key_usage, ListRule::extended_key_usage});
    SignerOptions o;
    o.csca = true;
    CHECK(check(pki, o) == Rules{ListRule::not_a_csca, ListRule::key_usage});
}

TEST_CASE("the signer's certificate is signed by an anchor: its name alone will not do, and a signer is no anchor", "[pki]") {
    const ListPki pki, other("XY"), same_name;
    auto signer = pki.signer();
    const auto data = signed_by(signer, {pki.csca});
    CHECK(check(data, {other.csca, same_name.csca, pki.csca}) == Rules{});
    CHECK(check(data, {}) == Rules{ListRule::issuer});
    CHECK(check(data, {other.csca}) == Rules{ListRule::issuer});
    CHECK(check(data, {same_name.csca}) == Rules{ListRule::issuer});
    CHECK(check(data, {signer.certificate()}) == Rules{ListRule::issuer});
    const auto refused = pki::check_list_signature(data, type, usage, {same_name.csca}, list_read_at);
    CHECK(refused.objections.at(0).error.name() == "trust.unproven");
    CHECK(refused.signer->raw == signer.certificate().raw);
    CHECK_FALSE(refused.anchor);
    // Issued by a signer of lists, who passes for a CSCA because he is among the anchors.
    auto key = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    ListPki below;
    below.csca_key = key;
    below.name = signer.certificate().subject;
    const auto middle = pki.certificate(key, below.name, {});
    auto last = below.signer();
    CHECK(check(signed_by(last, {middle}), {pki.csca, middle}) == Rules{ListRule::issuer});
}

TEST_CASE("content, attributes and signature of a list must be what was signed", "[pki]") {
    const ListPki pki;
    auto signer = pki.signer();
    const auto data = signed_by(signer);
    CHECK(check(data, {pki.csca}) == Rules{});
    auto bent = data;
    bent.signers[0].signature.back() ^= 1U;
    CHECK(check(bent, {pki.csca}) == Rules{ListRule::signature});
    bent = data;
    bent.content.push_back(0);
    CHECK(check(bent, {pki.csca}) == Rules{ListRule::signature});
    bent = data;
    bent.signers[0].signed_attributes.back() ^= 1U;
    CHECK(check(bent, {pki.csca}) == Rules{ListRule::signature});
    bent = data;
    bent.signers[0].has_signed_attributes = false;
    CHECK(check(bent, {pki.csca}) == Rules{ListRule::signature});
    bent = data;
    bent.certificates[0].public_key.reset();
    bent.certificates[0].key_error = Error(Errc::crypto_unsupported);
    CHECK(check(bent, {pki.csca}) == Rules{ListRule::signature});
    const auto other = pki.signer();
    bent = data;
    bent.certificates[0].public_key = other.certificate().public_key;
    CHECK(check(bent, {pki.csca}) == Rules{ListRule::signature});
}

TEST_CASE("a list that nobody has signed, or somebody unknown, is refused", "[pki]") {
    const ListPki pki;
    auto signer = pki.signer();
    auto data = signed_by(signer, {pki.csca});
    CHECK(pki::list_signers(data).size() == 1);
    auto unsigned_list = data;
    unsigned_list.signers.clear();
    CHECK(check(unsigned_list, {pki.csca}) == Rules{ListRule::signer_info});
    CHECK(pki::list_signers(unsigned_list).empty());
    CHECK_FALSE(pki::stated_signing_time(unsigned_list));
    std::erase_if(data.certificates, [&](const Certificate& c) { return c.raw == signer.certificate().raw; });
    CHECK(check(data, {pki.csca}) == Rules{ListRule::signer_certificate});
    CHECK(check(data, {pki.csca, signer.certificate()}) == Rules{ListRule::signer_certificate});  // it has to be embedded
}

TEST_CASE("one good signer among several is enough, and thousands of bad ones cost little", "[pki]") {
    const ListPki pki, other("XY");
    auto good_one = pki.signer();
    auto stranger = other.signer();
    auto data = signed_by(stranger);
    const auto good_data = signed_by(good_one);
    CHECK(check(data, {pki.csca}) == Rules{ListRule::issuer});
    CHECK(ids(pki::list_notes(data)).empty());
    data.signers.push_back(good_data.signers[0]);
    data.certificates.push_back(good_data.certificates[0]);
    CHECK(check(data, {pki.csca}) == Rules{});
    CHECK(ids(pki::list_notes(data)) == "list.several_signers");
    CHECK(pki::list_signers(data).size() == 2);
    // Of two that are not believed, the one with the least against him.
    data.signers[0].signature.back() ^= 1U;
    CHECK(check(data, {}) == Rules{ListRule::issuer});
    for (int i = 0; i < 5000; ++i) data.signers.insert(data.signers.begin(), data.signers[0]);
    for (int i = 0; i < 1000; ++i) data.certificates.push_back(data.certificates[0]);
    CHECK(check(data, {pki.csca}) == Rules{ListRule::signature, ListRule::issuer});
    CHECK(pki::list_signers(data).size() == 1001);
}

TEST_CASE("the signer's certificate is valid now, and was when the list was signed", "[pki]") {
    const ListPki pki;
    auto signer = pki.signer();  // valid 2025 to 2027
    const auto at = [&](Date signed_on, Date now) { return check(signed_by(signer, {}, start_of(signed_on)), {pki.csca}, start_of(now)); };
    CHECK(at({2026, 1, 1}, {2026, 1, 2}) == Rules{});
    CHECK(at({2026, 1, 1}, {2028, 1, 1}) == Rules{});
    CHECK(at({2026, 1, 1}, {2028, 1, 2}) == Rules{ListRule::expired});
    CHECK(at({2028, 1, 2}, {2028, 1, 3}) == Rules{ListRule::signing_time, ListRule::expired});
    CHECK(at({2024, 12, 31}, {2024, 12, 31}) == Rules{ListRule::signing_time, ListRule::not_yet_valid});
    CHECK(at({2026, 1, 3}, {2026, 1, 1}) == Rules{ListRule::signing_time});  // in the future
    CHECK(at({2026, 1, 2}, {2026, 1, 1}) == Rules{});                        // clocks differ
    // Without a signing time only the present counts.
    const auto data = good(SignedData::parse(good(pki::build_signed_data(type, some_content(), signer, std::nullopt))));
    CHECK(check(data, {pki.csca}) == Rules{});
    CHECK(ids(pki::list_notes(data)) == "list.no_signing_time");
}

TEST_CASE("link certificates lead on to the next key of the same State, step by step", "[pki]") {
    const ListPki first, second, third, foreign("XY");
    const auto link = [](const ListPki& from, const ListPki& to, SignerOptions o = ListPki::root()) {
        return from.certificate(to.csca_key, to.name, o);
    };
    const auto to_second = link(first, second), to_third = link(second, third), abroad = link(first, foreign);
    const auto count = [](const std::vector<Certificate>& anchors, const std::vector<Certificate>& links) {
        return pki::anchors_with_links(anchors, links, list_read_at).size();
    };
    CHECK(count({first.csca}, {to_second}) == 2);
    CHECK(count({first.csca}, {to_third, to_second}) == 3);
    CHECK(count({first.csca}, {to_third}) == 1);
    CHECK(count({first.csca}, {abroad}) == 1);
    CHECK(count({first.csca}, {second.csca, foreign.csca, first.csca}) == 1);  // roots prove nothing
    CHECK(count({first.csca}, {first.signer().certificate()}) == 1);
    CHECK(count({first.csca}, {to_second, to_second}) == 2);
    auto expired = ListPki::root();
    expired.not_after = start_of({2026, 1, 1});
    CHECK(count({first.csca}, {link(first, second, expired)}) == 1);
    auto signer = third.signer();
    const auto data = signed_by(signer);
    CHECK(check(data, {first.csca}) == Rules{ListRule::issuer});
    CHECK(check(data, pki::anchors_with_links({first.csca}, {to_second, to_third}, list_read_at)) == Rules{});
}

TEST_CASE("a list of ours names its signer by key identifier and holds its certificates once, in the order of DER", "[pki]") {
    const ListPki pki, other("XY");
    auto signer = pki.signer();
    const auto der = good(pki::build_signed_list(type, usage, some_content(), signer, {pki.csca, other.csca, pki.csca}, list_signed_at));
    const auto data = good(SignedData::parse(der));
    CHECK(data.notes.empty());
    REQUIRE(data.signers.size() == 1);
    CHECK(data.signers[0].version == 3);
    CHECK(data.signers[0].subject_key_id == signer.certificate().subject_key_id);
    REQUIRE(data.certificates.size() == 3);
    for (std::size_t i = 1; i < 3; ++i) CHECK(data.certificates[i - 1].raw < data.certificates[i].raw);
    const auto refused = pki::build_signed_list(type, usage, some_content(), signer, {other.csca}, list_signed_at);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().name() == "pki.refused");
    CHECK(refused.error().detail.find("no trusted CSCA") == 0);
}
