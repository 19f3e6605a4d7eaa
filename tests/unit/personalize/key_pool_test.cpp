#include "unit/unit.hpp"

#include <set>

#include <idchip/personalize/key_pool.hpp>

using namespace idchip;
using namespace idchip::test;
using personalize::KeyPool;

namespace {

profile::Features features() {
    profile::Features f;
    f.aa_key = "P-256";
    f.ca_protocol = "id-CA-ECDH-AES-CBC-CMAC-128";
    f.ca_curve = "brainpoolP256r1";
    return f;
}

Secret passphrase(std::string_view text = "at a bench") { return Secret(as_bytes(text)); }

}  // namespace

TEST_CASE("a set of keys is taken once, works, and is gone when its chip is locked", "[personalize]") {
    const TempFolder temp;
    auto pool = good(KeyPool::open(temp / "pool", passphrase()));
    good(pool.fill(features(), 3, system_rng()));
    CHECK(good(pool.left()) == 3);
    std::set<std::string> seen;
    for (int i = 0; i < 3; ++i) {
        // Another process that opens the same folder.
        auto other = good(KeyPool::open(temp / "pool", passphrase()));
        const auto set = good(other.take(features()));
        CHECK(seen.insert(set.id).second);
        const crypto::SignatureAlgorithm ecdsa{crypto::Scheme::ecdsa, crypto::HashAlg::sha256, crypto::HashAlg::sha256, 32, false};
        const auto signature = good(set.keys.aa_private->sign(ecdsa, "01"_hex));
        good(set.keys.aa_public->verify(ecdsa, "01"_hex, signature));
        CHECK(good(set.keys.ca_public->domain.public_value(set.keys.ca_private.view())) == set.keys.ca_public->public_value);
        CHECK(good(pool.taken()).size() == static_cast<std::size_t>(i + 1));
    }
    CHECK(error_of(pool.take(features())) == "pool.empty");
    for (const auto& id : seen) good(pool.wipe(id));
    CHECK(good(pool.taken()).empty());
    CHECK(error_of(pool.wipe(*seen.begin())) == "input.not_found");
}

TEST_CASE("a pool of keys for several kinds of cards gives each kind its own", "[personalize]") {
    const TempFolder temp;
    auto pool = good(KeyPool::open(temp.path(), passphrase()));
    auto others = features();
    others.aa_key = "P-384";
    good(pool.fill(features(), 2, system_rng()));
    good(pool.fill(others, 2, system_rng()));
    for (const auto& wanted : {others, features(), others, features()})
        CHECK(good(pool.take(wanted)).keys.aa_public->info().curve ==
              (wanted.aa_key == "P-384" ? crypto::Curve::p384 : crypto::Curve::p256));
    CHECK(error_of(pool.take(others)) == "pool.empty");
}

TEST_CASE("a pool gives nothing out for other features or under another passphrase, and loses nothing by it", "[personalize]") {
    const TempFolder temp;
    auto pool = good(KeyPool::open(temp.path(), passphrase()));
    good(pool.fill(features(), 1, system_rng()));
    auto others = features();
    others.aa_key = "RSA-2048";
    CHECK(error_of(pool.take(others)) == "input.bad_field");
    auto wrong = good(KeyPool::open(temp.path(), passphrase("another")));
    CHECK(error_of(wrong.take(features())) == "crypto.bad_key");
    CHECK(error_of(KeyPool::open(temp.path(), Secret())) == "input.bad_field");
    CHECK(good(pool.left()) == 1);
    CHECK(good(pool.taken()).empty());
    // The private halves are encrypted, and the files nobody else's.
    for (const auto& entry : std::filesystem::directory_iterator(temp.path() / "ready")) {
        const auto text = good(read_text(entry.path()));
        CHECK(text.find("BEGIN ENCRYPTED PRIVATE KEY") != std::string::npos);
        CHECK(text.find("BEGIN PRIVATE KEY") == std::string::npos);
        CHECK((std::filesystem::status(entry.path()).permissions() & std::filesystem::perms(077)) == std::filesystem::perms::none);
    }
    good(pool.take(features()));
}
