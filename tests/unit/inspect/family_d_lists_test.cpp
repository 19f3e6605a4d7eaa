// Family D of docs/inspection-cases.md: what lists say: trust data that is old, anchors that went, deviations that a State owns up to.
#include "inspect/deviation_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;
using pki::Deviation;
using pki::DeviationDescription;
using pki::DeviationKind;

namespace {

Deviation wrong_hash_of(std::int64_t group, pki::DeviationDocuments documents = of_signer()) {
    return {std::move(documents),
            {DeviationDescription::of(DeviationKind::lds_dg_hash_wrong, pki::DeviationParameter{group, {}}, "batch 7")}};
}

// DG2 was changed after it was signed.
Evidence with_other_portrait() {
    auto files = sign(clean_files());
    files[Ef::dg2] = dg2(jpeg(300, 400));
    return evidence_of(files);
}

}  // namespace

TEST_CASE("D08 trust data that is old") {
    auto store = trust();
    store.newest_data = today + -121 * day;
    check_noted(judge(clean(), store, today), Outcome::note, "pki.trust_age", "D08");
    SECTION("neighbour: a list of this quarter") {
        store.newest_data = today + -89 * day;
        check_clean(judge(clean(), store, today));
    }
    SECTION("neighbour: a folder, which has no date") { check_clean(judge(clean(), trust(), today)); }
}

TEST_CASE("D46 the CSCA was taken off the newest list") {
    auto store = trust();
    store.withdrawn.push_back({store.csca.front(), "not on the list of C=DE of 2026-11-01 any more"});
    store.csca.clear();
    const auto verdict = judge(clean(), store, today);
    check(verdict, Overall::refer, Outcome::fail, "pki.chain", "D46");
    CHECK(find(verdict, "pki.chain", Outcome::fail, "D46")->detail.find("2026-11-01") != std::string::npos);
    SECTION("neighbour: another State's was") {
        store = trust();
        store.withdrawn.push_back({vietnam_lists().csca, "not on the list any more"});
        check_clean(judge(clean(), store, today));
    }
}

TEST_CASE("C14 the document signer is not in EF.SOD, but in the trust store") {
    auto cms = cms_over(clean_files());
    cms.certificates.clear();
    const auto evidence = evidence_of(with_sod(clean_files(), cms));
    auto store = trust();
    store.document_signers.push_back(vietnam().ds);
    check_noted(judge(evidence, store, today), Outcome::note, "pa.signer_from_store", "C14");
    SECTION("another signer is there: nothing is known") {
        auto other = ds_like();
        other.serial = {0x33};
        store.document_signers = {other.make()};
        check(judge(evidence, store, today), Overall::cannot, Outcome::inconclusive, "pa.signer_certificate", "C14");
    }
}

TEST_CASE("D44 a fault that the issuing State has published") {
    const auto verdict = judge(with_other_portrait(), with({wrong_hash_of(2)}), today);
    INFO(listing(verdict));
    CHECK(verdict.overall == Overall::accept_with_notes);
    const auto* finding = find(verdict, "pa.hash.DG2", Outcome::note, "D44");
    REQUIRE(finding != nullptr);
    CHECK(finding->detail.find("batch 7") != std::string::npos);
    SECTION("nothing is wrong with this one: the deviation is told") {
        check_noted(judge(clean(), with({wrong_hash_of(2)}), today), Outcome::note, "pki.deviation", "D44");
    }
    SECTION("keys of such chips are known to others: no proof of the chip counts") {
        const Deviation leaked{of_signer(), {DeviationDescription::of(DeviationKind::cert_or_key_aa_key_compromised)}};
        check(judge(clean(), with({leaked}), today), Overall::refer, Outcome::fail, "chip.genuine", "D44");
    }
}

TEST_CASE("D45 a deviation list that does not speak of this document, or not of this fault") {
    const auto still_rejected = [](const pki::TrustStore& store) {
        check(judge(with_other_portrait(), store, today), Overall::reject, Outcome::fail, "pa.hash.DG2", "B07");
    };
    SECTION("another data group") { still_rejected(with({wrong_hash_of(1)})); }
    SECTION("another document signer") {
        auto documents = of_signer();
        documents.issuer_and_serial->serial = {0x44};
        still_rejected(with({wrong_hash_of(2, documents)}));
    }
    SECTION("other numbers") {
        auto documents = of_signer();
        documents.document_numbers = {"000000000"};
        still_rejected(with({wrong_hash_of(2, documents)}));
    }
    SECTION("another type of document") {
        auto documents = of_signer();
        documents.document_type = "P";
        still_rejected(with({wrong_hash_of(2, documents)}));
    }
    SECTION("dates that cannot be looked at: the document states none") {
        auto documents = of_signer();
        documents.issuing_date = pki::DeviationDocuments::Period{today + -day, today};
        still_rejected(with({wrong_hash_of(2, documents)}));
    }
    SECTION("a malformed file was announced, and this one is hidden, refused, or was never signed") {
        const Deviation malformed{of_signer(),
                                  {DeviationDescription::of(DeviationKind::lds_dg_malformed, pki::DeviationParameter{14, {}})}};
        auto groups = clean_files();
        groups[Ef::dg14] = dg14();
        const auto whole = evidence_of(sign(groups));
        const auto store = with({malformed});
        check(judge(refused(whole, Ef::dg14, 0x6A82), store, today), Overall::reject, Outcome::fail, "file.DG14", "B01");
        check(judge(refused(whole, Ef::dg14, 0x6982), store, today), Overall::refer, Outcome::fail, "file.DG14", "B02");
        auto unsigned_one = clean();
        unsigned_one.files[Ef::dg14].content = dg14();
        check(judge(unsigned_one, store, today), Overall::refer, Outcome::fail, "file.DG14", "B03");
    }
    SECTION("another State") {
        static const test::ListPki other("SE");
        still_rejected(with({wrong_hash_of(2)}, other));
    }
    SECTION("a wrong signature is never excused") {
        const Deviation wrong{of_signer(), {DeviationDescription::of(DeviationKind::lds_sod_signature_wrong)}};
        auto cms = cms_over(clean_files());
        cms.signer(vietnam().ds, ec_key("attacker"));
        check(judge(evidence_of(with_sod(clean_files(), cms)), with({wrong}), today), Overall::reject, Outcome::fail, "pa.signature",
              "C01");
    }
}
