#include "pkcs11/soft_token.hpp"

#include <idchip/signer/document_signer.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::test;
using signer::DocumentSigner;
using signer::SigningPolicy;

namespace {

const Instant today = start_of({2026, 11, 21}) + 9 * 3600;

const signer::TestPki& test_pki() {
    static const auto made = good(signer::make_test_pki({.now = today}, system_rng()));
    return made;
}

std::unique_ptr<DocumentSigner> make(SigningPolicy policy, const std::filesystem::path& count = {}) {
    return good(
        DocumentSigner::make(test_pki().ds, std::make_shared<const crypto::PrivateKey>(test_pki().ds_key), true, std::move(policy), count));
}

}  // namespace

TEST_CASE("a document signer keeps to its period and to its types of documents", "[signer]") {
    const auto plain = make({});
    CHECK(error_of(plain->may_sign("ID", today)) == "none");
    CHECK(error_of(plain->may_sign("P", today)) == "none");
    CHECK(error_of(plain->may_sign("PT", today)) == "none");  // one letter stands for all that begin with it
    CHECK(error_of(plain->may_sign("AC", today)) == "signer.refused");
    CHECK(error_of(plain->may_sign("ID", today + -2 * seconds_per_day)) == "signer.refused");
    CHECK(error_of(plain->may_sign("ID", today + 89 * seconds_per_day)) == "none");
    CHECK(error_of(plain->may_sign("ID", today + 90 * seconds_per_day)) == "signer.refused");  // the certificate is valid for years yet
    const auto narrow = make({today + -seconds_per_day, today + seconds_per_day, 0, {"ID"}});
    CHECK(error_of(narrow->may_sign("ID", today)) == "none");
    CHECK(error_of(narrow->may_sign("P", today)) == "signer.refused");
    CHECK(error_of(narrow->may_sign("ID", today + 2 * seconds_per_day)) == "signer.refused");
}

TEST_CASE("signatures are counted, alone and in lots, and end at the limit", "[signer]") {
    const TempFolder folder;
    const auto file = folder / "signatures.json";
    const auto signer = make({{}, {}, 10, {}}, file);
    const auto message = bytes_of("x");
    good(signer->sign(message));
    good(signer->sign(message));
    CHECK(good(signer->used()) == 2);
    {
        const auto lot = good(signer->open_lot(5, "batch"));
        for (int i = 0; i < 3; ++i) good(signer->sign(message));
        CHECK(good(signer->used()) == 7);
    }
    CHECK(good(signer->used()) == 5);  // what the lot did not use
    CHECK(error_of(signer->open_lot(6, "batch")) == "signer.limit");
    for (int i = 0; i < 5; ++i) good(signer->sign(message));
    CHECK(error_of(signer->sign(message)) == "signer.limit");
    CHECK(good(make({{}, {}, 10, {}}, file)->left()) == 0U);  // also after a restart
}

TEST_CASE("a limit is raised for one run, and nothing else of the policy", "[signer]") {
    const TempFolder folder;
    const auto file = folder / "signatures.json";
    const SigningPolicy policy{{}, today + seconds_per_day, 2, {"ID"}};
    const auto message = bytes_of("x");
    {
        const auto signer = make(policy, file);
        for (int i = 0; i < 2; ++i) good(signer->sign(message));
        CHECK(error_of(signer->raise_limit(2)) == "signer.refused");
        CHECK(error_of(signer->sign(message)) == "signer.limit");
        good(signer->raise_limit(4));
        CHECK(good(signer->left()) == 2U);  // what was signed before counts
        for (int i = 0; i < 2; ++i) good(signer->sign(message));
        CHECK(error_of(signer->sign(message)) == "signer.limit");
        CHECK(error_of(signer->open_lot(1, "batch")) == "signer.limit");
        CHECK(error_of(signer->may_sign("P", today)) == "signer.refused");
        CHECK(error_of(signer->may_sign("ID", today + 2 * seconds_per_day)) == "signer.refused");
    }
    const auto next = make(policy, file);
    CHECK(good(next->left()) == 0U);
    CHECK(error_of(next->sign(message)) == "signer.limit");
    CHECK(error_of(make({}, file)->raise_limit(5)) == "signer.refused");  // there is no limit
}

TEST_CASE("signers take turns, and those that may not sign are passed over", "[signer]") {
    const TempFolder folder;
    std::vector<std::unique_ptr<DocumentSigner>> list;
    list.push_back(make({{}, {}, 2, {}}, folder / "1.json"));
    list.push_back(make({{}, {}, 0, {"P"}}, folder / "2.json"));
    list.push_back(make({}, folder / "3.json"));
    signer::Rotation rotation(std::move(list));
    const auto& s = rotation.signers();
    CHECK(good(rotation.next("ID", {today}, 1)) == s[0].get());
    CHECK(good(rotation.next("ID", {today}, 1)) == s[2].get());
    CHECK(good(rotation.next("ID", {today}, 1)) == s[0].get());
    CHECK(good(rotation.next("ID", {today}, 3)) == s[2].get());  // more than the first has left
    CHECK(good(rotation.next("P", {today}, 3)) == s[1].get());
    CHECK(error_of(rotation.next("AC", {today}, 1)) == "signer.refused");
    // A signing time within the period does not help when the period is over.
    CHECK(error_of(rotation.next("ID", {today + 100 * seconds_per_day, today}, 1)) == "signer.refused");
}

TEST_CASE("policies are read, and what they do not know is refused", "[signer]") {
    const auto policy =
        good(signer::parse_policy(R"({"from": "2026-01-01", "until": "2026-03-31", "most": 100000, "document_types": ["ID"]})"));
    CHECK(policy.most == 100'000);
    CHECK(to_iso(*policy.until) == "2026-03-31T23:59:59Z");  // the last day is one of them
    CHECK(policy.document_types == std::vector<std::string>{"ID"});
    CHECK(error_of(signer::parse_policy(R"({"max": 5})")) == "input.bad_field");
    CHECK(error_of(signer::parse_policy(R"({"most": -5})")) == "input.bad_field");
    CHECK(error_of(signer::parse_policy(R"({"most": "5"})")) == "input.bad_field");
    CHECK(error_of(signer::parse_policy(R"({"from": "2026-02-30"})")) == "input.bad_date");
    CHECK(error_of(signer::parse_policy("[]")) == "input.bad_json");
    CHECK(error_of(signer::parse_policy("{")) == "input.bad_json");
}

TEST_CASE("a signer's folder: keys in files are encrypted or not, and only specimens", "[signer]") {
    const TempFolder folder;
    good(write_file(folder / "ds.cer", test_pki().ds.raw));
    good(write_text(folder / "ds.SPECIMEN.key.pem", good(test_pki().ds_key.to_pem("open sesame"))));
    const auto passphrase = [](const char* text) { return [text]() -> Result<Secret> { return Secret(as_bytes(text)); }; };
    CHECK(error_of(DocumentSigner::load(folder.path(), {{}, passphrase("open sesame")})) == "none");
    CHECK(error_of(DocumentSigner::load(folder.path(), {{}, passphrase("open barley")})) == "crypto.bad_key");
    CHECK(error_of(DocumentSigner::load(folder.path(), {})) == "crypto.bad_key");
    auto real = test_pki().ds;
    for (auto& a : real.subject.attributes) a.value = a.value.substr(0, a.value.find(" SPECIMEN"));
    std::erase_if(real.subject.attributes, [](const auto& a) { return a.value == "SPECIMEN"; });
    const auto key = std::make_shared<const crypto::PrivateKey>(test_pki().ds_key);
    CHECK(error_of(DocumentSigner::make(real, key, true, {}, {})) == "signer.refused");
    CHECK(error_of(DocumentSigner::make(real, key, false, {}, {})) == "none");  // as if out of a token
    const auto other = std::make_shared<const crypto::PrivateKey>(good(crypto::PrivateKey::generate_ec(crypto::Curve::p256)));
    CHECK(error_of(DocumentSigner::make(test_pki().ds, other, true, {}, {})) == "signer.refused");
    CHECK(error_of(DocumentSigner::make(test_pki().csca, std::make_shared<const crypto::PrivateKey>(test_pki().csca_key), true, {}, {})) ==
          "signer.refused");
}
