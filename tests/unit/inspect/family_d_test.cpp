// Family D of docs/inspection-cases.md: who issued the document signer. Each case with its nearest legitimate neighbour.
// What certificates must say is in family_d_profile_test.cpp, dates and revocation in family_d_time_test.cpp.
#include "inspect/document_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using crypto::HashAlg;

namespace {

const crypto::PrivateKey& attacker() { return ec_key("attacker"); }
const crypto::PrivateKey& next_key() { return ec_key("next CSCA"); }

// The document signed by this certificate under the clean signer's key, with others embedded beside it.
Evidence signed_beside(const pki::Certificate& ds, const crypto::PrivateKey& key, const std::vector<pki::Certificate>& beside) {
    auto cms = cms_over(clean_files());
    cms.signer(ds, key);
    for (const auto& other : beside) cms.certificates.push_back(other.raw);
    return evidence_of(with_sod(clean_files(), cms));
}

pki::TrustStore store_of(std::vector<pki::Certificate> csca) { return {std::move(csca), {vietnam().crl}, {}, "test"}; }

// The CSCA's next key under the same name, self-signed.
pki::Certificate next_csca() { return csca_of(next_key(), vietnam().csca.subject).make(); }

// A certificate for the next key, signed with the old one (RFC 5280 names: self-issued).
CertificateMaker link_like() {
    CertificateMaker m(vietnam().csca, vietnam().csca_key);
    m.key(next_key().public_key());
    m.subject_key(next_key().public_key());
    m.authority(vietnam().csca_key.public_key());
    return m;
}

Bytes basic_constraints(bool csca) {
    return csca ? der::sequence_of({der::write_boolean(true), der::write_integer(0)}) : der::sequence_of({});
}

}  // namespace

TEST_CASE("D01 a document signer that signed itself under the CSCA's name") {
    auto elvis = ds_like();
    elvis.issuer_key = attacker();
    elvis.algorithm = ecdsa(HashAlg::sha256);
    elvis.key(attacker().public_key());
    const auto judged_as = [&] { return judged(signed_by(elvis.make(), attacker(), ecdsa(HashAlg::sha256))); };
    SECTION("it names the CSCA's key") { check(judged_as(), Overall::reject, Outcome::fail, "pki.chain", "D01"); }
    SECTION("it names its own key") {
        elvis.authority(attacker().public_key());
        check(judged_as(), Overall::reject, Outcome::fail, "pki.chain", "D01");
    }
    SECTION("it names no key") {
        elvis.drop(ext::authority_key_id);
        check(judged_as(), Overall::reject, Outcome::fail, "pki.chain", "D01");
    }
    SECTION("it is named like the CSCA and says that it is one") {
        elvis.subject = elvis.issuer;
        elvis.set(ext::basic_constraints, true, basic_constraints(true));
        check(judged_as(), Overall::reject, Outcome::fail, "pki.chain", "D01");
    }
    SECTION("no policy turns it into a pass") {
        Policy policy;
        policy.overrides["pki.chain"] = Overall::accept;
        const auto evidence = signed_by(elvis.make(), attacker(), ecdsa(HashAlg::sha256));
        check(judged(evidence, trust(), today, policy), Overall::reject, Outcome::fail, "pki.chain", "D01");
    }
    SECTION("neighbour: the CSCA issued it") {
        elvis = ds_like();
        elvis.key(attacker().public_key());
        check_clean(judged_as());
    }
}

TEST_CASE("D02 a document signer of a false CSCA with the true one's name and key identifier") {
    auto ds = ds_like();
    ds.issuer_key = attacker();
    ds.algorithm = ecdsa(HashAlg::sha256);
    check(judged(signed_by(ds.make())), Overall::reject, Outcome::fail, "pki.chain", "D02");
    SECTION("signed with the true key, and changed after that") {
        auto raw = ds_like().der();
        raw[raw.size() - 3] ^= 1;
        check(judged(signed_by(must(pki::Certificate::parse(raw)))), Overall::reject, Outcome::fail, "pki.chain", "D02");
    }
    SECTION("neighbour: the true CSCA's") { check_clean(judged(signed_by(ds_like().make()))); }
}

TEST_CASE("D03 a CSCA certificate in EF.SOD is no anchor") {
    const auto false_csca = csca_of(attacker(), vietnam().csca.subject).make();
    const auto ds = ds_under(false_csca, attacker()).make();
    check(judged(signed_beside(ds, vietnam().ds_key, {false_csca})), Overall::cannot, Outcome::inconclusive, "pki.chain", "D07");
    SECTION("of a country that is not trusted at all") {
        const auto other = country("FR");
        check(judged(signed_beside(other.ds, vietnam().ds_key, {other.csca})), Overall::refer, Outcome::inconclusive, "pki.chain", "D07");
    }
    SECTION("neighbour: the trusted one stands there too") {
        check_clean(judged(signed_beside(vietnam().ds, vietnam().ds_key, {vietnam().csca})));
    }
}

TEST_CASE("D04 a document signer of another country") {
    const auto other = country("FR");
    auto store = other.trust;
    store.csca.push_back(vietnam().csca);
    store.crls.push_back(vietnam().crl);
    const auto evidence = evidence_of(with_sod(clean_files(), other.sign(clean_files())));
    check(judged(evidence, store), Overall::refer, Outcome::fail, "document.issuer", "D04");
    SECTION("neighbour: its own document") {
        auto m = td3();
        m.issuing_state = "FRA";
        check_clean(judged(evidence_of(with_sod(files_of(m), other.sign(files_of(m)))), store));
    }
}

TEST_CASE("D05 countries that are written in more than one way") {
    const auto judged_in = [](const std::string& state, const std::string& attribute) {
        auto m = td3();
        m.issuing_state = state;
        const auto issuer = country(attribute);
        return judged(evidence_of(with_sod(files_of(m), issuer.sign(files_of(m)))), issuer.trust);
    };
    using Pair = std::pair<std::string, std::string>;
    for (const auto& [state, attribute] :
         std::vector<Pair>{{"D", "DE"},   {"D", "de"},   {"RKS", "KS"}, {"RKS", "XK"}, {"XXK", "KS"},  {"UNK", "UN"}, {"UNO", "UN"},
                           {"UNA", "UN"}, {"EUE", "EU"}, {"XOM", "XM"}, {"GBR", "GB"}, {"GBD", "GB"},  {"GBN", "GB"}, {"GBO", "GB"},
                           {"GBP", "GB"}, {"GBS", "GB"}, {"VNM", "VN"}, {"VNM", "vn"}, {"VNM", "VNM"}, {"ROU", "RO"}}) {
        INFO(state << " " << attribute);
        check_clean(judged_in(state, attribute));
    }
    for (const auto& [state, attribute] : std::vector<Pair>{{"D", "DK"}, {"GBD", "DE"}, {"EUE", "EE"}, {"CHE", "CN"}, {"UNO", "US"}}) {
        INFO(state << " " << attribute);
        check(judged_in(state, attribute), Overall::refer, Outcome::fail, "document.issuer", "D04");
    }
}

TEST_CASE("D07 no CSCA of this country in the store") {
    const auto evidence = clean();
    check(judged(evidence, {}), Overall::cannot, Outcome::inconclusive, "pki.chain", "D07");
    const auto other = country("FR").trust;
    check(judged(evidence, other), Overall::cannot, Outcome::inconclusive, "pki.chain", "D07");
    CHECK(find(judged(evidence, other), "pki.chain", Outcome::inconclusive)->text.find("no CSCA certificate of this country") !=
          std::string::npos);
    SECTION("a checkpoint may send such documents to the second line") {
        Policy policy;
        policy.overrides["pki.chain"] = Overall::refer;
        check(judged(evidence, other, today, policy), Overall::refer, Outcome::inconclusive, "pki.chain", "D07");
    }
    SECTION("what was found all the same: a changed file is a changed file") {
        auto changed = evidence;
        changed.files[lds::Ef::dg1].content->back() ^= 1;
        check(judged(changed, other), Overall::reject, Outcome::fail, "pa.hash.DG1", "B07");
    }
}

TEST_CASE("D10 after a rollover two keys share one name") {
    const auto under_next = ds_under(next_csca(), next_key()).make();
    const auto under_old = vietnam().ds;
    for (const auto& store : {store_of({vietnam().csca, next_csca()}), store_of({next_csca(), vietnam().csca})}) {
        check_clean(judged(signed_by(under_next), store));
        check_clean(judged(signed_by(under_old), store));
    }
    SECTION("the new key is not in the store: a missing anchor, no forgery") {
        check(judged(signed_by(under_next)), Overall::cannot, Outcome::inconclusive, "pki.chain", "D07");
    }
    auto unnamed = ds_under(next_csca(), next_key());
    unnamed.drop(ext::authority_key_id);
    SECTION("no key identifier in the document signer: the signature finds the key") {
        check_clean(judged(signed_by(unnamed.make()), store_of({vietnam().csca, next_csca()})));
    }
    SECTION("no key identifier, and the new key is not in the store: it could be either") {
        check(judged(signed_by(unnamed.make())), Overall::cannot, Outcome::inconclusive, "pki.chain", "D07");
    }
}

TEST_CASE("D12 link certificates") {
    const auto ds = ds_under(next_csca(), next_key()).make();
    SECTION("from the old key to the new") {
        const auto verdict = judged(signed_by(ds), store_of({vietnam().csca, link_like().make()}));
        check(verdict, Overall::accept_with_notes, Outcome::pass, "pki.csca_link");
        check_clean(verdict);
    }
    SECTION("from the new key to the old") {
        CertificateMaker back(next_csca(), next_key());
        back.key(vietnam().csca_key.public_key());
        back.subject_key(vietnam().csca_key.public_key());
        check_clean(judged(clean(), store_of({next_csca(), back.make()})));
    }
    auto renamed = link_like();
    renamed.subject = name("C=VN, CN=New CSCA SPECIMEN").raw;
    renamed.set(ext::name_change, false, der::write_null());
    const auto ds_of_renamed = ds_under(renamed.make(), next_key()).make();
    SECTION("from the old name to the new") { check_clean(judged(signed_by(ds_of_renamed), store_of({renamed.make(), vietnam().csca}))); }
    SECTION("alone in the store") {
        check(judged(signed_by(ds), store_of({link_like().make()})), Overall::accept_with_notes, Outcome::note, "pki.csca_link", "D12");
    }
    SECTION("beside the root of the new key: not needed") {
        const auto verdict = judged(signed_by(ds), store_of({link_like().make(), vietnam().csca, next_csca()}));
        check_clean(verdict);
        CHECK(find(verdict, "pki.csca_link", Outcome::pass) == nullptr);
    }
    SECTION("in EF.SOD only: whoever put it there, the store does not have the key") {
        check(judged(signed_beside(ds, vietnam().ds_key, {link_like().make()})), Overall::cannot, Outcome::inconclusive, "pki.chain",
              "D07");
        check(judged(signed_beside(ds_of_renamed, vietnam().ds_key, {renamed.make()})), Overall::cannot, Outcome::inconclusive, "pki.chain",
              "D07");
    }
}

TEST_CASE("D13 a forged link certificate") {
    auto forged = link_like();
    forged.issuer_key = attacker();
    forged.algorithm = ecdsa(HashAlg::sha256);
    const auto ds = ds_under(next_csca(), next_key()).make();
    check(judged(signed_by(ds), store_of({vietnam().csca, forged.make()})), Overall::reject, Outcome::fail, "pki.csca_link", "D13");
    SECTION("neighbour: not the only way to the key") {
        check_clean(judged(signed_by(ds), store_of({forged.make(), vietnam().csca, next_csca()})));
    }
}

TEST_CASE("D14 a document signer below another certificate than the CSCA") {
    auto between = ds_like();
    between.key(ec_key("between").public_key());
    between.subject_key(ec_key("between").public_key());
    between.subject = name("C=VN, CN=Document Signer 7").raw;
    SECTION("below a document signer") {
        const auto ds = ds_under(between.make(), ec_key("between")).make();
        check(judged(signed_beside(ds, vietnam().ds_key, {between.make()})), Overall::reject, Outcome::fail, "pki.chain", "D14");
    }
    SECTION("below an authority that the CSCA made against its own path length") {
        between.set(ext::basic_constraints, true, basic_constraints(true));
        between.key_usage({5, 6});
        const auto ds = ds_under(between.make(), ec_key("between")).make();
        check(judged(signed_beside(ds, vietnam().ds_key, {between.make()})), Overall::reject, Outcome::fail, "pki.chain", "D14");
        check(judged(signed_by(ds)), Overall::cannot, Outcome::inconclusive, "pki.chain", "D07");
    }
    SECTION("the CSCA signs a document itself") {
        const auto evidence = signed_beside(vietnam().csca, vietnam().csca_key, {});
        check(judged(evidence), Overall::refer, Outcome::fail, "pki.signer_profile", "D14");
    }
    SECTION("neighbour: both below the CSCA, one of them has signed") {
        check_clean(judged(signed_beside(vietnam().ds, vietnam().ds_key, {between.make()})));
    }
}
