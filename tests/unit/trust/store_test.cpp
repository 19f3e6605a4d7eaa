// The trust store with what real States publish, and with what they would never.
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include "pki/list_maker.hpp"

#include <idchip/signer/authority.hpp>
#include <idchip/trust/explain.hpp>

using namespace idchip;
using namespace idchip::test;
using trust::ImportItem;
using trust::ImportOptions;
using trust::Store;

namespace {

using Outcome = ImportItem::Outcome;
const Instant today = start_of({2026, 11, 21}) + 9 * 3600;

ImportOptions at(Instant now, bool pin = false) {
    ImportOptions o;
    o.now = now;
    o.pin = pin;
    return o;
}

trust::ImportReport import(Store& store, ByteView content, const ImportOptions& options, const std::string& name = "test") {
    return good(store.import(content, name, options));
}

// Of the only object.
std::string outcome(Store& store, ByteView content, const ImportOptions& options) {
    const auto report = import(store, content, options);
    if (report.items.size() != 1) return std::to_string(report.items.size()) + " objects";
    const auto& i = report.items[0];
    return i.reason ? std::string(i.reason->name()) : std::string(name(i.outcome));
}

// A State with a CSCA and a signer of master lists.
struct State {
    std::string country, code;
    signer::Authority authority;
    crypto::PrivateKey list_key = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    pki::Certificate list_signer;

    State(std::string two, std::string three)
        : country(std::move(two)),
          code(std::move(three)),
          authority(make(country, code)),
          list_signer(good(signer::certify_signer(authority,
                                                  {good(pki::Name::of("C=" + country + ", OU=SPECIMEN, CN=Lists")),
                                                   list_key.public_key(),
                                                   signer::Purpose::master_lists,
                                                   {},
                                                   {today + -400 * seconds_per_day, 300, 900}},
                                                  system_rng()))) {}

    static signer::Authority make(const std::string& country, const std::string& code) {
        const auto key = std::make_shared<const crypto::PrivateKey>(good(crypto::PrivateKey::generate_ec(crypto::Curve::p256)));
        return good(signer::create_authority(good(pki::Name::of("C=" + country + ", OU=SPECIMEN, CN=CSCA")), key,
                                             good(signer::choose_algorithm(key->public_key().info(), {}, false)),
                                             {code, "x@example.org", "http://example.org/x.crl", crypto::EcEncoding::named},
                                             {today + -500 * seconds_per_day, 1825, 5000}, system_rng()));
    }
    Bytes list(const std::vector<pki::Certificate>& certificates, Instant when) const {
        ListSigner signer(list_signer, list_key);
        return good(pki::build_master_list(certificates, signer, {authority.certificate}, when));
    }
    Bytes crl(Instant when, const std::vector<pki::RevokedEntry>& revoked = {}) const {
        return good(signer::issue_crl(authority, nullptr, revoked, when, 90)).raw;
    }
};

const State& vietnam() {
    static const State s("VN", "VNM");
    return s;
}
const State& utopia() {
    static const State s("SE", "SWE");
    return s;
}
const State& third() {
    static const State s("NO", "NOR");
    return s;
}

}  // namespace

TEST_CASE("the German master list is imported on the word of its pinned root, with the counts that others found", "[trust]") {
    const auto folder = shared_data("masterlists");
    if (!folder) return;
    const auto list = good(read_file(*folder / "DE_ML_2024-08-07-07-38-24.ml"));
    const TempFolder temp;
    auto store = good(Store::open(temp.path()));
    CHECK(outcome(store, list, at(today)) == "trust.unproven");
    CHECK(store.anchors().empty());
    // A later key of the same CSCA: nothing leads back from it to who signed this list.
    CHECK(outcome(store, good(read_file(*folder / "DE_ROOT_CA_CSCA07.cer")), at(today)) == "trust.unproven");
    CHECK(outcome(store, good(read_file(*folder / "DE_ROOT_CA_CSCA07.cer")), at(today, true)) == "added");
    CHECK(outcome(store, list, at(today)) == "trust.unproven");
    // The root of 2013 does: three links in the list itself lead on from it.
    const auto parsed = good(pki::MasterList::parse(list));
    const auto root = std::find_if(parsed.certificates.begin(), parsed.certificates.end(), [](const pki::Certificate& c) {
        return c.subject.country() == "DE" && c.self_issued() && date_of(c.not_before).year == 2013 && c.verify_signature(*c.public_key);
    });
    REQUIRE(root != parsed.certificates.end());
    CHECK(outcome(store, root->raw, at(today, true)) == "added");
    const auto report = import(store, list, at(today), "DE_ML_2024-08-07-07-38-24.ml");
    REQUIRE(report.items.size() == 1);
    const auto& item = report.items[0];
    INFO((item.reason ? item.reason->message() : std::string()));
    CHECK(item.outcome == Outcome::added);
    CHECK(item.added + item.known == 541);
    CHECK(item.remarks.size() <= 1);  // the signer's certificate has expired since
    CHECK(item.self_signed == 358);
    CHECK(item.signed_by_other == 176);
    CHECK(item.unproven == 7);
    CHECK(trust::coverage(store, today).size() == 109);
    good(store.save());
    auto again = good(Store::open(temp.path()));
    CHECK(again.anchors().size() == store.anchors().size());
    CHECK(again.sources().size() == store.sources().size());
    CHECK(to_iso(date_of(*again.trust().newest_data)) == "2024-08-07");
    CHECK(import(again, list, at(today)).items[0].outcome == Outcome::known);

    // Document signers of four States chain as real ones do.
    if (const auto signers = shared_data("ds_certs"))
        for (const auto& entry : std::filesystem::directory_iterator(*signers)) {
            const auto c = good(pki::Certificate::parse_any(good(read_file(entry.path()))));
            const auto found = trust::paths(c, again, today);
            INFO(c.subject.text() << ": " << found.size() << " paths, the first: " << found.front().reason);
            // The German one is of ETSI's test PKI: nobody vouches for that.
            CHECK(std::any_of(found.begin(), found.end(), [](const trust::Path& p) { return p.trusted; }) == (c.subject.country() != "DE"));
            for (const auto& p : found) CHECK_FALSE(p.reason.empty());
        }
}

TEST_CASE("another issuer's whole PKI: root, link, list that revokes its document signer, master lists", "[trust]") {
    const auto folder = shared_data("demo_csca_ejbca");
    if (!folder) return;
    const auto file = [&](const char* name) { return good(read_file(*folder / name)); };
    const auto then = good(pki::Certificate::parse(file("DSCert.der"))).not_before + seconds_per_day;
    const TempFolder temp;
    auto store = good(Store::open(temp.path()));
    CHECK(outcome(store, file("LinkCert.der"), at(then)) == "trust.unproven");
    CHECK(outcome(store, file("CRL.crl"), at(then)) == "trust.unproven");
    CHECK(outcome(store, file("DSCert.der"), at(then)) == "trust.unproven");
    CHECK(outcome(store, file("CSCACert.der"), at(then, true)) == "added");
    CHECK(outcome(store, file("LinkCert.der"), at(then)) == "added");
    const auto ds = good(pki::Certificate::parse(file("DSCert.der")));
    CHECK(trust::paths(ds, store, then).front().trusted);
    CHECK(outcome(store, file("CRL.crl"), at(then)) == "added");
    const auto found = trust::paths(ds, store, then);
    CHECK_FALSE(found.front().trusted);
    CHECK(found.front().reason.find("revoked") != std::string::npos);
    // The link leads to the next root's key: its path goes on to the old one.
    const auto link = trust::paths(good(pki::Certificate::parse(file("LinkCert.der"))), store, then);
    CHECK(std::any_of(link.begin(), link.end(), [](const trust::Path& p) { return p.trusted && p.steps.size() == 2; }));
    for (const auto* name : {"MasterList.ml", "MasterList2.ml", "MasterList3.ml"}) {
        CAPTURE(name);
        const auto report = import(store, file(name), at(then), name);
        REQUIRE(report.items.size() == 1);
        // What these lists are worth is tested where lists are read; here none may slip in unsigned.
        const auto& i = report.items[0];
        CHECK((i.outcome == Outcome::refused) == i.reason.has_value());
    }
}

TEST_CASE("D39 a master list that nobody who is trusted has signed loads nothing", "[trust]") {
    const TempFolder temp;
    auto store = good(Store::open(temp.path()));
    CHECK(outcome(store, vietnam().authority.certificate.raw, at(today, true)) == "added");
    const auto right = vietnam().list({vietnam().authority.certificate, utopia().authority.certificate}, today);
    SECTION("signed by another State") {
        CHECK(outcome(store, utopia().list({vietnam().authority.certificate, utopia().authority.certificate}, today), at(today)) ==
              "trust.unproven");
    }
    SECTION("altered") {
        // Anywhere in what is signed: both certificates as the content holds them.
        const auto& member = utopia().authority.certificate.raw;
        const auto begin = static_cast<std::size_t>(std::search(right.begin(), right.end(), member.begin(), member.end()) - right.begin());
        REQUIRE(begin < right.size());
        for (std::size_t i = begin; i < begin + member.size(); i += 29) {
            auto bent = right;
            bent[i] = static_cast<Byte>(bent[i] ^ 1U);
            const auto report = store.import(bent, "bent", at(today));
            CHECK((!report || report->items.at(0).outcome == Outcome::refused));
        }
    }
    SECTION("its signer is revoked") {
        CHECK(outcome(store, vietnam().crl(today, {{vietnam().list_signer.serial, today, 1}}), at(today)) == "added");
        CHECK(outcome(store, right, at(today)) == "trust.unproven");
    }
    SECTION("in the store by a list only: such an anchor vouches for documents, not for lists (D40)") {
        CHECK(outcome(store, right, at(today)) == "added");
        CHECK(store.anchors().size() == 2);
        CHECK(outcome(store, utopia().list({third().authority.certificate, utopia().authority.certificate}, today), at(today)) ==
              "trust.unproven");
        CHECK(store.anchors().size() == 2);
        return;
    }
    CHECK(store.anchors().size() == 1);
    SECTION("neighbour: the right one") { CHECK((outcome(store, right, at(today)) == "added" && store.anchors().size() == 2)); }
}

TEST_CASE("D46 an anchor that a newer list no longer has is trusted no longer, and is remembered", "[trust]") {
    const TempFolder temp;
    auto store = good(Store::open(temp.path()));
    CHECK(outcome(store, vietnam().authority.certificate.raw, at(today, true)) == "added");
    const auto first = vietnam().list({vietnam().authority.certificate, utopia().authority.certificate, third().authority.certificate},
                                      today + -40 * seconds_per_day);
    const auto second = vietnam().list({vietnam().authority.certificate, third().authority.certificate}, today + -10 * seconds_per_day);
    CHECK(outcome(store, first, at(today)) == "added");
    CHECK(store.trust().csca.size() == 3);
    // On whose word, told with the verdict.
    const auto provenance = store.trust().provenance;
    CHECK(provenance.at(vietnam().authority.certificate.fingerprint()) == "pinned");
    CHECK(provenance.at(utopia().authority.certificate.fingerprint()) == "listed by C=VN, OU=SPECIMEN, CN=Lists on 2026-10-12");
    const auto report = import(store, second, at(today));
    CHECK(report.items[0].outcome == Outcome::replaced);
    CHECK(report.items[0].withdrawn == 1);
    good(store.save());
    store = good(Store::open(temp.path()));
    CHECK(store.trust().csca.size() == 2);
    REQUIRE(store.trust().withdrawn.size() == 1);
    CHECK(store.trust().withdrawn[0].certificate.raw == utopia().authority.certificate.raw);
    CHECK(store.trust().withdrawn[0].reason.find("of 2026-11-11") != std::string::npos);
    SECTION("the older list does not bring it back") {
        CHECK(outcome(store, first, at(today)) == "trust.older");
        CHECK(store.trust().csca.size() == 2);
        auto options = at(today);
        options.allow_older = true;
        CHECK(outcome(store, first, options) == "replaced");
        CHECK(store.trust().csca.size() == 3);
    }
    SECTION("another list does") {
        CHECK(outcome(store, vietnam().list({vietnam().authority.certificate, utopia().authority.certificate}, today), at(today)) ==
              "replaced");
        CHECK(store.trust().withdrawn.size() == 1);  // now it is the third one
        CHECK(store.trust().withdrawn[0].certificate.raw == third().authority.certificate.raw);
    }
    SECTION("the operator's word stays") { CHECK(outcome(store, utopia().authority.certificate.raw, at(today, true)) == "replaced"); }
}

TEST_CASE("revocation lists: of a trusted issuer, and the newest", "[trust]") {
    const TempFolder temp;
    auto store = good(Store::open(temp.path()));
    CHECK(outcome(store, vietnam().authority.certificate.raw, at(today, true)) == "added");
    CHECK(outcome(store, utopia().crl(today), at(today)) == "trust.unproven");
    const auto old = vietnam().crl(today + -60 * seconds_per_day);
    const auto fresh = vietnam().crl(today);
    CHECK(outcome(store, old, at(today)) == "added");
    CHECK(outcome(store, old, at(today)) == "known");
    CHECK(outcome(store, fresh, at(today)) == "replaced");
    CHECK(outcome(store, old, at(today)) == "trust.older");
    CHECK(store.crls().size() == 1);
    auto bent = fresh;
    bent.back() = static_cast<Byte>(bent.back() ^ 1U);
    CHECK(outcome(store, bent, at(today)) == "trust.unproven");
}

TEST_CASE("D41 a broken import leaves the last good store", "[trust]") {
    const TempFolder temp;
    auto store = good(Store::open(temp.path()));
    CHECK(outcome(store, vietnam().authority.certificate.raw, at(today, true)) == "added");
    good(store.save());
    const auto list = vietnam().list({vietnam().authority.certificate, utopia().authority.certificate}, today);
    for (std::size_t size = 0; size < list.size(); size += 37) {
        const auto report = store.import(ByteView(list).first(size), "cut", at(today));
        CHECK((!report || !report->changed()));
    }
    CHECK(error_of(store.import(Bytes(1000, 0x30), "junk", at(today))) == "input.unknown_content");
    CHECK(store.anchors().size() == 1);
    SECTION("a store that is cut off is told, and not overwritten") {
        const auto file = temp / "trust.json";
        const auto whole = good(read_text(file));
        for (const auto size : {whole.size() - 2, whole.size() / 2, std::size_t{0}}) {
            good(write_text(file, std::string_view(whole).substr(0, size)));
            CHECK(error_of(Store::open(temp.path())) == "trust.bad_store");
        }
    }
}

TEST_CASE("D42 the PKD's LDIF: whatever stands before what it needs", "[trust]") {
    const TempFolder temp;
    auto store = good(Store::open(temp.path()));
    CHECK(outcome(store, vietnam().authority.certificate.raw, at(today, true)) == "added");
    const auto key = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    const auto ds = good(signer::certify_signer(
        vietnam().authority,
        {good(pki::Name::of("C=VN, OU=SPECIMEN, CN=DS")), key.public_key(), signer::Purpose::documents, {"P"}, {today, 90, 1000}},
        system_rng()));
    const auto folded = [](std::string text) {
        for (std::size_t i = 70; i < text.size(); i += 72) text.insert(i, "\n ");
        return text;
    };
    const auto entry = [&](const std::string& cn, const std::string& attribute, ByteView value) {
        return "dn: cn=" + cn + ",o=dsc,c=VN,dc=data\nobjectClass: top\n" + folded(attribute + ":: " + to_base64(value)) + "\n\n";
    };
    const auto ldif =
        "version: 1\n\n" + entry("OU\\=X\\, Y+sn=1", "userCertificate;binary", ds.raw) +
        entry("crl", "certificateRevocationList;binary", vietnam().crl(today)) +
        entry("ml", "pkdMasterListContent", vietnam().list({vietnam().authority.certificate, utopia().authority.certificate}, today)) +
        entry("bad", "userCertificate;binary", Bytes{1, 2, 3}) + "dn: cn=url\nuserCertificate;binary:< file:///etc/passwd\n\n";
    const auto report = import(store, as_bytes(ldif), at(today), "pkd.ldif");
    std::string outcomes;
    for (const auto& i : report.items) outcomes += std::string(name(i.kind)) + " " + std::string(name(i.outcome)) + "; ";
    INFO(outcomes);
    CHECK(store.anchors().size() == 2);
    CHECK(store.crls().size() == 1);
    CHECK(store.document_signers().size() == 1);
    CHECK(report.items.size() == 5);
    CHECK(report.first_refusal() != nullptr);
    CHECK(report.changed());
}

TEST_CASE("cyclic link certificates end the search", "[trust]") {
    // Two roots that link to each other, both ways.
    const auto other = signer::Authority{State::make("VN", "VNM")};
    const auto there = good(signer::roll_over(vietnam().authority, good(pki::Name::of("C=VN, OU=SPECIMEN, CN=CSCA two")), other.key,
                                              other.algorithm, {today, 1825, 4000}, system_rng()));
    const auto back = good(signer::roll_over(there.next, vietnam().authority.certificate.subject, vietnam().authority.key,
                                             vietnam().authority.algorithm, {today, 1825, 4000}, system_rng()));
    const TempFolder temp;
    auto store = good(Store::open(temp.path()));
    CHECK(outcome(store, vietnam().authority.certificate.raw, at(today, true)) == "added");
    CHECK(outcome(store, there.link.raw, at(today)) == "added");
    CHECK(outcome(store, back.link.raw, at(today)) == "added");
    const auto found = trust::paths(vietnam().list_signer, store, today);
    CHECK(found.size() < 16);
    CHECK(std::any_of(found.begin(), found.end(), [](const trust::Path& p) { return p.trusted; }));
}

TEST_CASE("differences between two lists", "[trust]") {
    const auto d = trust::difference({vietnam().authority.certificate, utopia().authority.certificate},
                                     {utopia().authority.certificate, third().authority.certificate});
    CHECK(d.in_both == 1);
    REQUIRE(d.only_here.size() == 1);
    CHECK(d.only_here[0].raw == vietnam().authority.certificate.raw);
    REQUIRE(d.only_there.size() == 1);
    CHECK(d.only_there[0].raw == third().authority.certificate.raw);
}
