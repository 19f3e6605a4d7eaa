// Family D of docs/inspection-cases.md: dates and revocation. Each case with its nearest legitimate neighbour.
#include "inspect/document_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using crypto::HashAlg;
using tlv::element;

namespace {

// A CSCA of six years ago with the clean key, still valid.
CertificateMaker old_csca() {
    auto m = csca_like();
    m.not_before = today + -6 * year;
    m.private_key_usage(today + -6 * year, today + -1 * year);
    return m;
}

// A document signer of two years ago; its key was in use for three months.
CertificateMaker old_ds() {
    auto m = ds_like();
    m.not_before = today + -2 * year;
    m.not_after = today + 8 * year;
    m.private_key_usage(m.not_before, m.not_before + 90 * day);
    return m;
}

Evidence signed_at(const CertificateMaker& ds, std::optional<Instant> time) {
    auto cms = cms_over(clean_files());
    cms.signer(ds.make(), vietnam().ds_key);
    cms.signing_time = time;
    return evidence_of(with_sod(clean_files(), cms));
}

const Instant then = today + -2 * year + 10 * day;  // inside the key's usage

pki::TrustStore old_trust() { return trust_of(old_csca().make()); }

CrlMaker listing_of(const pki::Certificate& certificate, std::optional<int> reason = {}) {
    CrlMaker m;
    m.revoked = {{Bytes{0x01, 0x02}, today + -year, {}}, {certificate.serial, today + -day, reason}};
    return m;
}

pki::TrustStore with_lists(std::vector<pki::Crl> crls) { return {{vietnam().csca}, std::move(crls), {}, "test"}; }

}  // namespace

TEST_CASE("D22 the document signer has expired, the document has not") {
    auto ds = old_ds();
    ds.not_after = today + -day;
    const auto evidence = signed_at(ds, then);
    check(judged(evidence, old_trust()), Overall::refer, Outcome::fail, "pki.signer_validity", "D22");
    Policy lenient;
    lenient.accept_expired_signer_at_signing_time = true;
    SECTION("a policy may accept it, as it was valid at the signed signing time") {
        check_noted(judged(evidence, old_trust(), today, lenient), Outcome::note, "pki.signer_validity", "D22");
    }
    SECTION("not without a signed signing time") {
        const auto verdict = judged(signed_at(ds, {}), old_trust(), today, lenient);
        check(verdict, Overall::refer, Outcome::fail, "pki.signer_validity", "D22");
    }
    SECTION("neighbour: it has not expired") { check_clean(judged(signed_at(old_ds(), then), old_trust())); }
    SECTION("neighbour: it expires this very second") {
        ds.not_after = today;
        check_clean(judged(signed_at(ds, then), old_trust()));
    }
}

TEST_CASE("D23 signed when the document signer was not valid") {
    auto ds = old_ds();
    ds.not_after = today + -day;
    check(judged(signed_at(ds, today + -hour), old_trust()), Overall::refer, Outcome::fail, "pki.signer_validity", "D23");
    check(judged(signed_at(old_ds(), today + -3 * year), old_trust()), Overall::refer, Outcome::fail, "pki.signer_validity", "D23");
    SECTION("no policy helps") {
        Policy lenient;
        lenient.accept_expired_signer_at_signing_time = true;
        check(judged(signed_at(ds, today + -hour), old_trust(), today, lenient), Overall::refer, Outcome::fail, "pki.signer_validity",
              "D23");
    }
    SECTION("neighbours: signed in its first second, in its last") {
        check_clean(judged(signed_at(old_ds(), today + -2 * year), old_trust()));
        auto last = old_ds();
        last.not_after = today;
        last.drop(ext::private_key_usage);
        check_clean(judged(signed_at(last, today), old_trust()));
    }
}

TEST_CASE("D24 the document signer is not yet valid") {
    auto ds = ds_like();
    ds.not_before = today + day;
    check(judged(signed_at(ds, {})), Overall::refer, Outcome::fail, "pki.signer_validity", "D24");
    SECTION("neighbour: valid since now") {
        ds.not_before = today;
        check_noted(judged(signed_at(ds, {})), Outcome::note, "pa.signing_time", "D25");
    }
}

TEST_CASE("D25 no signing time") {
    check_noted(judged(signed_at(ds_like(), {})), Outcome::note, "pa.signing_time", "D25");
    SECTION("neighbour: there is one") { check_clean(judged(signed_at(ds_like(), today + -hour))); }
}

TEST_CASE("D26 a signing time before the revocation excuses nothing") {
    auto store = old_trust();
    store.crls = {listing_of(old_ds().make(), 1).make()};
    Policy lenient;
    lenient.accept_expired_signer_at_signing_time = true;
    lenient.overrides["pki.revocation"] = Overall::accept;
    check(judged(signed_at(old_ds(), then), store, today, lenient), Overall::reject, Outcome::fail, "pki.revocation", "D33");
    SECTION("neighbour: another signer was revoked") {
        store.crls = {listing_of(vietnam().csca, 8).make()};
        store.crls[0].revoked[1].serial = {0x33};
        check_clean(judged(signed_at(old_ds(), then), store));
    }
}

TEST_CASE("D28 signed after the usage period of the key") {
    const auto end = today + -2 * year + 90 * day;
    check(judged(signed_at(old_ds(), end + 1), old_trust()), Overall::refer, Outcome::fail, "pki.signer_validity", "D28");
    auto late = old_ds();
    late.private_key_usage(then + day, then + 30 * day);
    check(judged(signed_at(late, then), old_trust()), Overall::refer, Outcome::fail, "pki.signer_validity", "D28");
    SECTION("neighbour: in its last second") { check_clean(judged(signed_at(old_ds(), end), old_trust())); }
    SECTION("neighbour: the certificate states no usage period") {
        auto ds = old_ds();
        ds.drop(ext::private_key_usage);
        check_clean(judged(signed_at(ds, today + -hour), old_trust()));
    }
}

TEST_CASE("D29 the CSCA certificate has expired, the document signer was issued before") {
    auto csca = old_csca();
    csca.not_after = today + -day;
    auto ds = old_ds();
    const auto verdict = judged(signed_at(ds, then), trust_of(csca.make()));
    check_noted(verdict, Outcome::note, "pki.csca", "D29");
    check(verdict, Overall::accept_with_notes, Outcome::note, "pki.csca", "D30");
    SECTION("neighbour: it has not") { check_clean(judged(signed_at(ds, then), old_trust())); }
}

TEST_CASE("D30 a document signer from outside its CSCA certificate's validity, or beyond") {
    auto csca = old_csca();
    SECTION("issued after it") {
        csca.not_after = today + -3 * year;
        check(judged(signed_at(old_ds(), then), trust_of(csca.make())), Overall::refer, Outcome::fail, "pki.csca", "D30");
    }
    SECTION("issued before it") {
        csca.not_before = today + -year;
        check(judged(signed_at(old_ds(), then), trust_of(csca.make())), Overall::refer, Outcome::fail, "pki.csca", "D30");
    }
    SECTION("neighbour: issued in its last second") {
        csca.not_after = today + -2 * year;
        check_noted(judged(signed_at(old_ds(), then), trust_of(csca.make())), Outcome::note, "pki.csca", "D29");
    }
    SECTION("outlives it") {
        csca.not_after = today + 5 * year;
        check_noted(judged(signed_at(old_ds(), then), trust_of(csca.make())), Outcome::note, "pki.csca", "D30");
    }
    SECTION("neighbour: the same key has an older certificate too") {
        csca.not_before = today + -year;
        const pki::TrustStore store{{csca.make(), old_csca().make()}, {vietnam().crl}, {}, "test"};
        check_clean(judged(signed_at(old_ds(), then), store));
    }
}

TEST_CASE("D33 the document signer is on the list") {
    check(judged(clean(), with_lists({listing_of(vietnam().ds).make()})), Overall::reject, Outcome::fail, "pki.revocation", "D33");
    for (const int reason : {0, 1, 4, 6, 7, 99})
        check(judged(clean(), with_lists({listing_of(vietnam().ds, reason).make()})), Overall::reject, Outcome::fail, "pki.revocation",
              "D33");
    SECTION("on one list of two") {
        for (const auto& lists :
             {std::vector{vietnam().crl, listing_of(vietnam().ds).make()}, std::vector{listing_of(vietnam().ds).make(), vietnam().crl}})
            check(judged(clean(), with_lists(lists)), Overall::reject, Outcome::fail, "pki.revocation", "D33");
    }
    SECTION("its number written with a needless zero") {
        auto crl = listing_of(vietnam().ds);
        crl.revoked[1].serial.insert(crl.revoked[1].serial.begin(), 0);
        check(judged(clean(), with_lists({crl.make()})), Overall::reject, Outcome::fail, "pki.revocation", "D33");
    }
    SECTION("neighbour: somebody else's number") {
        CrlMaker crl;
        crl.revoked = {{Bytes{0x01, 0x02}, today + -year, {}}};
        check_clean(judged(clean(), with_lists({crl.make()})));
    }
    SECTION("neighbour: the same number on another country's list") {
        const auto other = country("FR");
        auto crl = listing_of(vietnam().ds);
        crl.issuer = other.csca.subject.raw;
        crl.key = csca_key_of("FR");
        auto store = trust();
        store.csca.push_back(other.csca);
        store.crls.push_back(crl.make());
        check_clean(judged(clean(), store));
    }
}

TEST_CASE("D33 the list is signed with the next key of the CSCA, or under its next name") {
    const auto& key = ec_key("next CSCA");
    const auto next = csca_of(key, vietnam().csca.subject).make();
    auto crl = listing_of(vietnam().ds);
    crl.key = key;
    const pki::TrustStore after_rollover{{vietnam().csca, next}, {crl.make()}, {}, "test"};
    check(judged(clean(), after_rollover), Overall::reject, Outcome::fail, "pki.revocation", "D33");
    SECTION("neighbour: it does not list the signer, and answers for the old key too") {
        crl.revoked.clear();
        check_clean(judged(clean(), {{vietnam().csca, next}, {crl.make()}, {}, "test"}));
    }
    CertificateMaker link(vietnam().csca, vietnam().csca_key);
    link.key(key.public_key());
    link.subject_key(key.public_key());
    link.subject = name("C=VN, CN=New CSCA SPECIMEN").raw;
    crl.issuer = link.subject;
    SECTION("the name has changed, and a link certificate says so") {
        const auto renamed = csca_of(key, name("C=VN, CN=New CSCA SPECIMEN")).make();
        const pki::TrustStore store{{vietnam().csca, link.make(), renamed}, {crl.make()}, {}, "test"};
        check(judged(clean(), store), Overall::reject, Outcome::fail, "pki.revocation", "D33");
    }
    SECTION("neighbour: nobody says that both names are one authority") {
        const auto renamed = csca_of(key, name("C=VN, CN=New CSCA SPECIMEN")).make();
        const pki::TrustStore store{{vietnam().csca, renamed}, {crl.make()}, {}, "test"};
        check_noted(judged(clean(), store), Outcome::inconclusive, "pki.revocation", "D36");
    }
}

TEST_CASE("D34 a list out of date") {
    auto crl = listing_of(vietnam().ds);
    crl.this_update = today + -60 * day;
    crl.next_update = today + -30 * day;
    const auto verdict = judged(clean(), with_lists({crl.make()}));
    check(verdict, Overall::reject, Outcome::fail, "pki.revocation", "D33");
    check(verdict, Overall::reject, Outcome::note, "pki.stale_crl", "D34");
    SECTION("neighbour: it does not list the signer, and says less than a fresh one") {
        crl.revoked.clear();
        check_noted(judged(clean(), with_lists({crl.make()})), Outcome::inconclusive, "pki.revocation", "D34");
        check_clean(judged(clean(), with_lists({crl.make(), vietnam().crl})));
    }
    SECTION("neighbour: made and due this very second") {
        crl.revoked.clear();
        crl.this_update = crl.next_update = today;
        check_clean(judged(clean(), with_lists({crl.make()})));
    }
    SECTION("a list of tomorrow") {
        crl.revoked.clear();
        crl.this_update = today + day;
        crl.next_update = today + 30 * day;
        check_noted(judged(clean(), with_lists({crl.make()})), Outcome::inconclusive, "pki.revocation", "D34");
    }
}

TEST_CASE("D36 no list at all") {
    check_noted(judged(clean(), with_lists({})), Outcome::inconclusive, "pki.revocation", "D36");
    SECTION("a checkpoint may want to see such documents again, or not to hear of it") {
        Policy policy;
        policy.overrides["pki.revocation"] = Overall::refer;
        check(judged(clean(), with_lists({}), today, policy), Overall::refer, Outcome::inconclusive, "pki.revocation", "D36");
        policy.overrides["pki.revocation"] = Overall::accept;
        check(judged(clean(), with_lists({}), today, policy), Overall::accept_with_notes, Outcome::inconclusive, "pki.revocation", "D36");
    }
    SECTION("attack: a list under the CSCA's name, signed by somebody else") {
        CrlMaker crl;
        crl.key = ec_key("attacker");
        check_noted(judged(clean(), with_lists({crl.make()})), Outcome::inconclusive, "pki.revocation", "D37");
        crl = listing_of(vietnam().ds);
        crl.key = ec_key("attacker");
        check_noted(judged(clean(), with_lists({crl.make()})), Outcome::inconclusive, "pki.revocation", "D37");
        check_clean(judged(clean(), with_lists({crl.make(), vietnam().crl})));
    }
}

TEST_CASE("D37 lists that say less than they seem to") {
    constexpr auto issuing_distribution_point = "2.5.29.28", delta_indicator = "2.5.29.27";
    const auto odd = [](const char* id, bool critical) {
        CrlMaker m;
        m.extensions.push_back({der::Oid(id), critical, der::sequence_of({})});
        return m;
    };
    for (const auto* id : {issuing_distribution_point, delta_indicator})
        check_noted(judged(clean(), with_lists({odd(id, true).make()})), Outcome::inconclusive, "pki.revocation", "D37");
    SECTION("beside a complete one") {
        check_clean(judged(clean(), with_lists({odd(issuing_distribution_point, true).make(), vietnam().crl})));
    }
    SECTION("what such a list does name is revoked") {
        auto crl = odd(issuing_distribution_point, true);
        crl.revoked = listing_of(vietnam().ds).revoked;
        check(judged(clean(), with_lists({crl.make()})), Overall::reject, Outcome::fail, "pki.revocation", "D33");
    }
    SECTION("an entry that takes a revocation back, as only a delta list may") {
        check_noted(judged(clean(), with_lists({listing_of(vietnam().ds, 8).make()})), Outcome::inconclusive, "pki.revocation", "D37");
    }
    SECTION("neighbour: an extension that is not critical") { check_clean(judged(clean(), with_lists({odd("2.5.29.18", false).make()}))); }
}

TEST_CASE("D38 the CSCA certificate itself is revoked") {
    check(judged(clean(), with_lists({listing_of(vietnam().csca).make()})), Overall::reject, Outcome::fail, "pki.csca", "D38");
    SECTION("by its next key") {
        const auto& key = ec_key("next CSCA");
        auto crl = listing_of(vietnam().csca);
        crl.key = key;
        const pki::TrustStore store{{vietnam().csca, csca_of(key, vietnam().csca.subject).make()}, {crl.make()}, {}, "test"};
        check(judged(clean(), store), Overall::reject, Outcome::fail, "pki.csca", "D38");
    }
    SECTION("neighbour") { check_clean(judged(clean())); }
}

TEST_CASE("D47 the clock is not set, or wrong") {
    const auto unset = judged(clean(), trust(), Instant{0});
    check(unset, Overall::cannot, Outcome::inconclusive, "pki.signer_validity", "D47");
    check(unset, Overall::cannot, Outcome::inconclusive, "document.expiry", "D47");
    for (const auto* id : {"pki.signer_validity", "document.expiry"})
        CHECK(find(unset, id, Outcome::inconclusive)->overall == Overall::cannot);
    SECTION("a document from the future") {
        const auto verdict = judged(signed_at(old_ds(), today + 2 * day), old_trust());
        check(verdict, Overall::refer, Outcome::inconclusive, "pa.signing_time", "D47");
        auto ds = old_ds();
        ds.drop(ext::private_key_usage);
        check(judged(signed_at(ds, today + 2 * day), old_trust()), Overall::cannot, Outcome::inconclusive, "pa.signing_time", "D47");
    }
    SECTION("neighbour: signed this evening, by a clock that keeps local time") {
        for (const auto ahead : {12 * hour, day}) check_clean(judged(signed_at(ds_like(), today + ahead)));
    }
    SECTION("neighbour") { check_clean(judged(clean())); }
}
