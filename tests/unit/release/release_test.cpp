#include "unit/pki/mixed_hashes.hpp"
#include "unit/release/operator_maker.hpp"

using namespace idchip;
using namespace idchip::test;
using release::check;
using release::Request;

namespace {

struct Office {
    Holder an = make_holder("An"), binh = make_holder("Bình", {.curve = std::nullopt}),
           chi = make_holder("Chi", {.curve = crypto::Curve::bp384r1});
    std::vector<pki::Certificate> operators = certificates({&an, &binh, &chi});
    Request request = a_request();

    Result<release::Release> released(const std::vector<Bytes>& releases, Instant at = release_now) const {
        return check(request, releases, operators, at);
    }
    std::string error(const std::vector<Bytes>& releases, Instant at = release_now) const { return error_of(released(releases, at)); }
    // Why this release is bad, beside one that is good.
    std::string why(const Bytes& release) const {
        const auto result = released({released_by(an, request), release});
        REQUIRE_FALSE(result);
        CHECK(result.error().name() == "release.bad");
        CHECK(result.error().where == "release 2");
        return result.error().detail;
    }
};

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

class Sha1Signer final : public signer::KeySigner {
public:
    using KeySigner::KeySigner;
    crypto::SignatureAlgorithm algorithm() const override {
        return {crypto::Scheme::ecdsa, crypto::HashAlg::sha1, crypto::HashAlg::sha1, 20, false};
    }
};

}  // namespace

TEST_CASE("two operators release a request", "[release]") {
    const Office o;
    const auto a = released_by(o.an, o.request), b = released_by(o.binh, o.request), c = released_by(o.chi, o.request);
    const auto release = good(o.released({a, b}));
    CHECK(release.operators == std::vector<std::string>{"An", "Bình"});
    CHECK(release.digest == o.request.digest());
    CHECK(release.summary() == "released by An and Bình, request " + o.request.digest());
    CHECK(good(o.released({c, b, a, b})).summary() == "released by Chi, Bình and An, request " + o.request.digest());
    CHECK(good(release::signers(o.request, b, o.operators, release_now)) == std::vector{&o.operators[1]});
}

TEST_CASE("one person is not two", "[release]") {
    Office o;
    const auto a = released_by(o.an, o.request);
    CHECK(o.error({}) == "release.missing");
    CHECK(o.error({a}) == "release.missing");
    CHECK(o.error({a, a}) == "release.missing");
    CHECK(o.error({a, released_by(o.an, o.request)}) == "release.missing");  // signed twice
    const auto second = [&](const Holder& other) {
        o.operators.push_back(other.certificate);
        const auto alone = o.released({a, released_by(other, o.request)});
        REQUIRE_FALSE(alone);
        CHECK(contains(alone.error().detail, "alone has signed"));
        CHECK(o.error({a, released_by(other, o.request), released_by(o.chi, o.request)}) == "none");
        return std::string(alone.error().name());
    };
    SECTION("a new key of the same person") { CHECK(second(make_holder("An")) == "release.missing"); }
    SECTION("the same, written otherwise") { CHECK(second(make_holder("AN")) == "release.missing"); }
    SECTION("a second certificate over the same key") { CHECK(second(make_holder("An", {.key = o.an.key})) == "release.missing"); }
    SECTION("one key under two names") { CHECK(second(make_holder("Dung", {.key = o.an.key})) == "release.missing"); }
    SECTION("another office of the same person") {
        auto other = make_holder("An, OU=Line 2");
        CHECK(second(other) == "release.missing");
    }
}

TEST_CASE("one person is not two, however the name is spelled", "[release]") {
    Office o;
    const auto beside = [&](std::string_view name) {
        const auto other = make_holder(name);
        o.operators.push_back(other.certificate);
        return o.error({released_by(o.binh, o.request), released_by(other, o.request)});
    };
    for (const auto* name : {"BÌNH", "bình", "Bi\u0300nh", "BI\u0300NH", "B\u00ADình"}) {
        CAPTURE(name);
        CHECK(beside(name) == "release.missing");
    }
    for (const auto* name : {"Binh", "Bính", "Bình B"}) {
        CAPTURE(name);
        CHECK(beside(name) == "none");
    }
}

TEST_CASE("SHA-1 does not count, wherever in the signature it stands", "[release]") {
    const Office o;
    const auto statement = o.request.statement();
    for (const auto* person : {&o.binh, &o.chi}) {
        const auto type = person->key->public_key().info().type;
        for (const auto& algorithm : sha1_algorithms(type)) {
            CAPTURE(algorithm.text());
            CHECK(contains(o.why(signed_with(*person, as_bytes(statement), algorithm, release_now)), "signed with SHA-1"));
        }
        const auto usual = signed_with(*person, as_bytes(statement),
                                       {type == crypto::KeyType::ec ? crypto::Scheme::ecdsa : crypto::Scheme::rsa_pss,
                                        crypto::HashAlg::sha256, crypto::HashAlg::sha256, 32, false},
                                       release_now);
        CHECK(o.error({released_by(o.an, o.request), usual}) == "none");
    }
}

TEST_CASE("only the operators' own certificates count", "[release]") {
    const Office o;
    CHECK(contains(o.why(released_by(make_holder("Dung"), o.request)), "none of the 3 operators"));
    // Name and number of an operator's certificate, and another key.
    const auto impostor = make_holder("Bình", {.curve = std::nullopt, .serial = o.binh.certificate.serial});
    REQUIRE(impostor.certificate.issuer.matches(o.binh.certificate.issuer));
    REQUIRE(impostor.certificate.serial == o.binh.certificate.serial);
    CHECK(contains(o.why(released_by(impostor, o.request)), "signature does not verify"));
    // The operator's own key under a certificate that is not in the folder.
    CHECK(contains(o.why(released_by(make_holder("Bình", {.key = o.binh.key}), o.request)), "none of the 3 operators"));
    CHECK(error_of(check(o.request, std::vector<Bytes>{released_by(o.an, o.request)}, {}, release_now)) == "release.bad");
}

TEST_CASE("what was signed is this request, byte for byte", "[release]") {
    const Office o;
    CHECK(contains(o.why(released_by(o.binh, a_request())), "not this request"));  // the same words, another nonce
    auto other = o.request;
    other.until = other.until + 1;
    CHECK(contains(o.why(released_by(o.binh, other)), "not this request"));
    const auto statement = o.request.statement();
    CHECK(contains(o.why(signed_by(o.binh, as_bytes(statement + "\n"))), "not this request"));
    CHECK(contains(o.why(signed_by(o.binh, {})), "not this request"));
    CHECK(contains(o.why(signed_by(o.binh, as_bytes(statement), "2.23.136.1.1.1")), "not this request"));
    CHECK(o.error({released_by(o.an, o.request), signed_by(o.binh, as_bytes(statement))}) == "none");
    // A request that would read as another one.
    auto forged = o.request;
    forged.subject = "job 1\nreason mine";
    CHECK(error_of(check(forged, std::vector<Bytes>(), o.operators, release_now)) == "input.bad_field");
}

TEST_CASE("a release that is bent or cut is bad, and nothing worse", "[release]") {
    const Office o;
    const auto a = released_by(o.an, o.request), b = released_by(o.chi, o.request);
    for (std::size_t i = 0; i < b.size(); ++i) {
        CHECK(o.error({a, Bytes(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(i))}) == "release.bad");
        auto bent = b;
        bent[i] ^= 0x01;
        const auto result = o.released({a, bent});
        // Certificates that come along, and hints, are not looked at.
        if (result) CHECK(result->operators == std::vector<std::string>{"An", "Chi"});
        else CHECK(result.error().name() == "release.bad");
    }
    for (const std::string_view part : {"job 17", "reprint"}) {
        auto bent = b;
        *std::search(bent.begin(), bent.end(), part.begin(), part.end()) ^= 0x01;
        CHECK(contains(o.why(bent), "not this request"));
    }
    auto bent = b;
    bent.back() ^= 0x01;
    CHECK(contains(o.why(bent), "signature does not verify"));
    CHECK(contains(o.why(Bytes(70'000)), "larger"));
    CHECK(o.error({a, {}}) == "release.bad");
}

TEST_CASE("a request stands for its time, on a clock that may be five minutes slow", "[release]") {
    const Office o;
    const std::vector<Bytes> releases = {released_by(o.an, o.request), released_by(o.binh, o.request)};
    CHECK(o.error(releases, o.request.at + -300) == "none");
    CHECK(o.error(releases, o.request.at + -301) == "release.bad");
    CHECK(o.error(releases, o.request.until) == "none");
    CHECK(o.error(releases, o.request.until + 1) == "release.bad");
    CHECK(o.error({}, o.request.until + 1) == "release.bad");  // nobody need be asked to sign it
}

TEST_CASE("an operator's certificate is valid now, and may sign", "[release]") {
    Office o;
    const auto bad = [&](const HolderOptions& options) {
        const auto person = make_holder("Dung", options);
        o.operators.push_back(person.certificate);
        signer::KeySigner signer(person.certificate, *person.key);
        CHECK(error_of(release::sign(o.request, signer, release_now)) == "release.bad");
        return o.why(signed_by(person, as_bytes(o.request.statement())));
    };
    SECTION("expired") {
        CHECK(contains(bad({.from = release_now + -20, .until = release_now + -10}), "valid from"));
        // Certified again: the certificate that is valid counts.
        const auto before = make_holder("Em", {.from = release_now + -20, .until = release_now + -10});
        const auto renewed = make_holder("Em", {.key = before.key, .serial = before.certificate.serial});
        o.operators.push_back(before.certificate);
        o.operators.push_back(renewed.certificate);
        CHECK(o.error({released_by(o.an, o.request), released_by(renewed, o.request)}) == "none");
    }
    SECTION("not yet valid") { CHECK(contains(bad({.from = release_now + 10}), "valid from")); }
    SECTION("for encryption") { CHECK(contains(bad({.usage = {2}}), "may not sign")); }
    SECTION("for consent") {
        const auto person = make_holder("Dung", {.usage = {1}});
        o.operators.push_back(person.certificate);
        CHECK(o.error({released_by(o.an, o.request), released_by(person, o.request)}) == "none");
    }
    SECTION("valid now, not at the end of the request") {
        const auto person = make_holder("Dung", {.until = release_now + 60});
        o.operators.push_back(person.certificate);
        const std::vector<Bytes> releases = {released_by(o.an, o.request), released_by(person, o.request)};
        CHECK(o.error(releases, release_now + 60) == "none");
        CHECK(o.error(releases, release_now + 61) == "release.bad");
    }
    SECTION("SHA-1") {
        Sha1Signer signer(o.an.certificate, *o.an.key);
        const auto made = pki::build_signed_data(der::Oid("1.2.840.113549.1.7.1"), as_bytes(o.request.statement()), signer, release_now);
        if (made) CHECK(contains(o.why(*made), "SHA-1"));
    }
    SECTION("no name to write down") {
        const auto person = make_holder(std::string(65, 'x'));
        o.operators.push_back(person.certificate);
        CHECK(contains(o.why(signed_by(person, as_bytes(o.request.statement()))), "one common name"));
    }
}

TEST_CASE("nobody signs what nobody would take", "[release]") {
    const Office o;
    signer::KeySigner an(o.an.certificate, *o.an.key), crossed(o.an.certificate, *o.chi.key);
    CHECK(error_of(release::sign(o.request, an, release_now)) == "none");
    CHECK(error_of(release::sign(o.request, crossed, release_now)) == "release.bad");
    CHECK(error_of(release::sign(o.request, an, o.request.until + 1)) == "release.bad");
    auto forged = o.request;
    forged.reason = "why\nat 2030-01-01T00:00:00Z";
    CHECK(error_of(release::sign(forged, an, release_now)) == "input.bad_field");
}

TEST_CASE("the operators are a folder of certificates", "[release]") {
    const TempFolder folder;
    CHECK(error_of(release::load_operators(folder / "none")) == "input.not_found");
    CHECK(error_of(release::load_operators(folder.path())) == "input.not_found");
    const Office o;
    good(write_file(folder / "b.der", o.binh.certificate.raw));
    good(write_text(folder / "a.pem", pki::to_pem(o.an.certificate.raw, "CERTIFICATE")));
    good(write_text(folder / "notes.txt", "not a certificate"));
    const auto operators = good(release::load_operators(folder.path()));
    REQUIRE(operators.size() == 2);
    CHECK(operators[0].raw == o.an.certificate.raw);
    CHECK(good(release::operator_name(operators[1])) == "Bình");
    CHECK(good(check(o.request, std::vector<Bytes>{released_by(o.an, o.request), released_by(o.binh, o.request)}, operators, release_now))
              .operators.size() == 2);
    good(write_text(folder / "c.cer", "not a certificate"));
    const auto broken = release::load_operators(folder.path());
    REQUIRE_FALSE(broken);
    CHECK(contains(broken.error().where, "c.cer"));
    good(write_file(folder / "c.cer", make_holder(std::string(65, 'x')).certificate.raw));
    CHECK(error_of(release::load_operators(folder.path())) == "pki.refused");
}
