#include "plain_certificate.hpp"
#include "unit/command.hpp"

#include <fmt/format.h>

#include <idchip/crypto/key_agreement.hpp>
#include <idchip/pki/enveloped.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::Curve;

namespace {

Bytes seal_to(ByteView content, const Holder& to) { return good(pki::seal(content, std::span(&to.certificate, 1))); }
Result<Bytes> open_as(ByteView sealed, const Holder& as) { return pki::open(sealed, as.certificate, as.private_key()); }

const HolderOptions rsa{.curve = std::nullopt};
HolderOptions on(Curve curve) { return {.curve = curve}; }

const std::vector<HolderOptions>& all_kinds() {
    static const std::vector<HolderOptions> kinds = {rsa,
                                                     {.curve = std::nullopt, .rsa_bits = 3072},
                                                     on(Curve::p256),
                                                     on(Curve::p384),
                                                     on(Curve::p521),
                                                     on(Curve::bp256r1),
                                                     on(Curve::bp384r1),
                                                     on(Curve::bp512r1)};
    return kinds;
}

// A holder as files for the openssl program.
struct Files {
    TempFolder folder;
    explicit Files(const Holder& holder) {
        good(write_text(folder / "own.pem", pki::to_pem(holder.certificate.raw, "CERTIFICATE")));
        good(write_text(folder / "key.pem", good(holder.private_key().to_pem())));
    }
    std::string path(std::string_view name) const { return (folder / name).string(); }
};

}  // namespace

TEST_CASE("the key derivation of X9.63 gives the vectors of NIST", "[pki][bundle]") {
    // CAVP, ansx963_2001.rsp: SHA-256, shared secret of 192 bits, no shared information, 128 bits of key.
    CHECK(to_hex(crypto::x963_key(crypto::HashAlg::sha256, "96c05619d56c328ab95fe84b18264b08725b85e33fd34f08"_hex, {}, 16).view()) ==
          "443024C3DAE66B95E6F5670601558F71");
    // More than one hash, with shared information: by the definition.
    const auto z = "0102030405"_hex, info = "AABB"_hex;
    const auto first = crypto::hash(crypto::HashAlg::sha256, concat({z, "00000001"_hex, info}));
    const auto second = crypto::hash(crypto::HashAlg::sha256, concat({z, "00000002"_hex, info}));
    CHECK(to_bytes(crypto::x963_key(crypto::HashAlg::sha256, z, info, 40).view()) == concat({first, ByteView(second).first(8)}));
}

TEST_CASE("OAEP opens what it closed, and nothing else", "[pki][bundle]") {
    const auto a = make_holder("A", rsa), b = make_holder("B", rsa), ec = make_holder("E");
    const auto secret = Bytes(32, 7);
    for (const auto hash : {crypto::HashAlg::sha256, crypto::HashAlg::sha512}) {
        const auto closed = good(a.certificate.public_key->encrypt_oaep(hash, secret));
        CHECK(to_bytes(good(a.private_key().decrypt_oaep(hash, closed)).view()) == secret);
        CHECK(good(a.certificate.public_key->encrypt_oaep(hash, secret)) != closed);
        CHECK(error_of(b.private_key().decrypt_oaep(hash, closed)) == "crypto.failed");
        CHECK(error_of(a.private_key().decrypt_oaep(crypto::HashAlg::sha384, closed)) == "crypto.failed");
        CHECK(error_of(a.private_key().decrypt_oaep(hash, ByteView(closed).first(255))) == "crypto.failed");
    }
    CHECK(error_of(a.certificate.public_key->encrypt_oaep(crypto::HashAlg::sha256, Bytes(191))) == "crypto.bad_input");
    CHECK(error_of(ec.certificate.public_key->encrypt_oaep(crypto::HashAlg::sha256, secret)) == "crypto.bad_key");
    CHECK(error_of(ec.private_key().decrypt_oaep(crypto::HashAlg::sha256, Bytes(256))) == "crypto.bad_key");
}

TEST_CASE("an envelope opens for its recipients, of every kind of key, and for nobody else", "[pki][bundle]") {
    const auto stranger_rsa = make_holder("R", rsa), stranger_ec = make_holder("E", on(Curve::p384));
    std::vector<Holder> holders;
    std::vector<pki::Certificate> certificates;
    for (const auto& kind : all_kinds()) {
        holders.push_back(make_holder(fmt::format("holder {}", holders.size()), kind));
        certificates.push_back(holders.back().certificate);
        const auto other = make_holder("another", kind);
        for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 100'000U}) {
            const auto content = TestRng(size).bytes(size);
            const auto sealed = seal_to(content, holders.back());
            CHECK(good(open_as(sealed, holders.back())) == content);
            CHECK(error_of(open_as(sealed, stranger_rsa)) == "pki.not_recipient");
            CHECK(error_of(open_as(sealed, stranger_ec)) == "pki.not_recipient");
            // His certificate without his key.
            CHECK(error_of(pki::open(sealed, holders.back().certificate, other.private_key())) == "pki.undecryptable");
        }
    }
    const auto content = bytes_of("for all of them");
    const auto sealed = good(pki::seal(content, certificates));
    for (const auto& holder : holders) CHECK(good(open_as(sealed, holder)) == content);
    CHECK(error_of(open_as(sealed, stranger_rsa)) == "pki.not_recipient");
}

TEST_CASE("an envelope is made only to keys that are fit for it", "[pki][bundle]") {
    const auto refused = [](const HolderOptions& o) {
        const auto holder = make_holder("X", o);
        return error_of(pki::seal(Bytes(3), std::span(&holder.certificate, 1)));
    };
    CHECK(error_of(pki::seal(Bytes(3), {})) == "pki.refused");
    CHECK(refused({.curve = std::nullopt, .rsa_bits = 1024}) == "pki.refused");
    CHECK(refused(on(Curve::p224)) == "pki.refused");
    CHECK(refused({.usage = {0}}) == "pki.refused");
    CHECK(refused({.usage = {2}}) == "pki.refused");  // keyEncipherment is for RSA
    CHECK(refused({.usage = {4}}) == "none");
    CHECK(refused({.curve = std::nullopt, .usage = {2}}) == "none");
    CHECK(refused({.curve = std::nullopt, .usage = {4}}) == "pki.refused");
    CHECK(refused({.usage = {0, 4}}) == "none");
}

TEST_CASE("an envelope is the same for the same randomness, where OAEP has no part in it", "[pki][bundle]") {
    const auto holder = make_holder("X", on(Curve::bp256r1));
    const auto made = [&](std::uint64_t seed) {
        TestRng rng(seed);
        return good(pki::seal(bytes_of("content"), std::span(&holder.certificate, 1), rng));
    };
    CHECK(made(1) == made(1));
    CHECK(made(1) != made(2));
}

TEST_CASE("no altered envelope opens to another content, and none disturbs", "[pki][bundle]") {
    for (const auto& kind : {rsa, on(Curve::p256)}) {
        const auto holder = make_holder("X", kind);
        const auto content = bytes_of("sixteen bytes and a few more");
        const auto sealed = seal_to(content, holder);
        for (std::size_t size = 0; size < sealed.size(); ++size) CHECK_FALSE(open_as(ByteView(sealed).first(size), holder));
        CHECK(error_of(open_as(concat({sealed, Bytes(1)}), holder)) == "tlv.trailing");
        // Bits of the content itself may be turned unseen: that is what the signature inside is for. Everything before it may not.
        const auto encrypted_from = sealed.size() - 32 - 18 - 2;
        for (std::size_t at = 0; at < encrypted_from; ++at) {
            auto bent = sealed;
            bent[at] = static_cast<Byte>(bent[at] ^ 0x10U);
            const auto opened = open_as(bent, holder);
            if (opened) CHECK(*opened == content);  // version numbers, the type of what is inside
        }
    }
}

TEST_CASE("envelopes of other forms are refused by name", "[pki][bundle]") {
    const auto holder = make_holder("X");
    CHECK(error_of(open_as({}, holder)) == "tlv.missing");
    CHECK(error_of(open_as("0203010203"_hex, holder)) == "tlv.unexpected");
    const auto signed_data = der::sequence_of({der::write(der::Oid("1.2.840.113549.1.7.2")), tlv::element(0xA0, Bytes())});
    CHECK(error_of(open_as(signed_data, holder)) == "pki.bad_envelope");
    // Seventeen recipients.
    std::vector<pki::Certificate> many(17, make_holder("Y").certificate);
    CHECK(error_of(open_as(good(pki::seal(Bytes(1), many)), holder)) == "pki.bad_envelope");
    // Nested a thousand times.
    Bytes deep;
    for (int i = 0; i < 1000; ++i) deep = tlv::element(der::sequence, deep);
    CHECK_FALSE(open_as(deep, holder));
}

TEST_CASE("openssl cms opens our envelopes", "[pki][bundle]") {
    if (!openssl_is_here()) return;
    for (const auto& kind : all_kinds()) {
        const auto holder = make_holder("Centre", kind);
        const Files f(holder);
        const auto content = TestRng(3).bytes(1000);
        good(write_file(f.folder / "sealed", seal_to(content, holder)));
        const auto r = run(fmt::format("openssl cms -decrypt -binary -inform DER -in {} -recip {} -inkey {} -out {}", f.path("sealed"),
                                       f.path("own.pem"), f.path("key.pem"), f.path("content")));
        CAPTURE(holder.certificate.public_key->info().text(), r.output);
        CHECK(r.status == 0);
        CHECK(good(read_file(f.folder / "content")) == content);
    }
}

TEST_CASE("we open the envelopes of openssl cms, and refuse its weak ones", "[pki][bundle]") {
    if (!openssl_is_here()) return;
    const auto sealed_by_openssl = [](const Files& f, const std::string& options) {
        const auto r = run(fmt::format("openssl cms -encrypt -binary -outform DER -in {} -out {} {}", f.path("content"), f.path("sealed"),
                                       fmt::vformat(options, fmt::make_format_args(f.path("own.pem")))));
        CAPTURE(r.output, options);
        REQUIRE(r.status == 0);
        return good(read_file(f.folder / "sealed"));
    };
    for (const auto& kind : all_kinds()) {
        const auto holder = make_holder("Centre", kind);
        const bool ec = kind.curve.has_value();
        const Files f(holder);
        const auto content = TestRng(3).bytes(1000);
        good(write_file(f.folder / "content", content));
        CAPTURE(holder.certificate.public_key->info().text());
        for (const std::string hash : {"sha256", "sha384", "sha512"})
            for (const std::string cipher : {"-aes128", "-aes192", "-aes256"})
                for (const std::string by : {"", "-keyid"}) {
                    const auto algorithm =
                        ec ? "-keyopt ecdh_kdf_md:" + hash
                           : "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:" + hash + " -keyopt rsa_mgf1_md:" + hash;
                    CAPTURE(algorithm, cipher, by);
                    CHECK(good(open_as(sealed_by_openssl(f, cipher + " " + by + " -recip {} " + algorithm), holder)) == content);
                }
        // Its defaults: PKCS#1 v1.5, and SHA-1 in the key derivation.
        CHECK(error_of(open_as(sealed_by_openssl(f, "-aes256 -recip {}"), holder)) == "crypto.unsupported");
        CHECK(error_of(open_as(sealed_by_openssl(f, "-des3 -recip {}"), holder)) == "crypto.unsupported");
        if (!ec)
            CHECK(error_of(open_as(sealed_by_openssl(f, "-aes256 -recip {} -keyopt rsa_padding_mode:oaep"), holder)) ==
                  "crypto.unsupported");
        // BER with indefinite lengths.
        CHECK(error_of(open_as(sealed_by_openssl(f, "-stream -aes256 -recip {}"), holder)) == "tlv.indefinite");
    }
}
