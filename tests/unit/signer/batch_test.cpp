// Many documents, cut off in every way, and gone on with.
#include "pkcs11/soft_token.hpp"

#include <fmt/format.h>

#include <idchip/signer/batch.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::test;
using signer::BatchItem;
using signer::BatchOptions;
using signer::BatchOutput;
using signer::DocumentSigner;

namespace {

const Instant today = start_of({2026, 11, 21}) + 9 * 3600;

const signer::TestPki& test_pki() {
    static const auto made = good(signer::make_test_pki({.now = today}, system_rng()));
    return made;
}

BatchItem item(int number, const std::string& type = "ID") {
    BatchItem i{fmt::format("doc-{:05}", number), type, {}};
    for (const int dg : {1, 2, 13})
        i.object.data_group_hashes[dg] = crypto::hash(crypto::HashAlg::sha256, bytes_of(fmt::format("{}/{}", number, dg)));
    return i;
}

// So many documents; `until` of them come before the source fails.
auto source(int count, int until = 1'000'000) {
    return [=, n = 0]() mutable -> Result<std::optional<BatchItem>> {
        if (n == until) return fail(Errc::io_error, "source", "torn");
        if (n == count) return std::nullopt;
        return std::optional(item(n++));
    };
}

struct Bench {
    TempFolder folder;
    std::filesystem::path out = folder / "sods.jsonl";
    signer::SigningPolicy policy;

    signer::Rotation rotation() const {
        std::vector<std::unique_ptr<DocumentSigner>> list;
        list.push_back(good(DocumentSigner::make(test_pki().ds, std::make_shared<const crypto::PrivateKey>(test_pki().ds_key), true, policy,
                                                 folder / "signatures.json")));
        return signer::Rotation(std::move(list));
    }
    BatchOptions options() const {
        BatchOptions o;
        o.threads = 2;
        o.lot = 16;
        o.job = out.string();
        o.now = today;
        return o;
    }
    Result<signer::BatchResult> run(const std::function<Result<std::optional<BatchItem>>()>& next) const {
        auto r = rotation();
        auto output = BatchOutput::open(out);
        if (!output) return fail(std::move(output.error()));
        return signer::sign_batch(next, r, *output, options());
    }
    std::uint64_t used() const { return good(rotation().signers()[0]->used()); }
    std::size_t lines() const { return good(BatchOutput::open(out)).size(); }
};

}  // namespace

TEST_CASE("a batch is signed, and each SOD is its document's", "[signer]") {
    const Bench bench;
    const auto result = good(bench.run(source(50)));
    CHECK(result.signed_now == 50);
    CHECK(bench.used() == 50);
    const auto text = good(read_text(bench.out));
    const auto at = text.find("\"doc-00031\"");
    REQUIRE(at != std::string::npos);
    const auto begin = text.find("\"sod\":\"", at) + 7;
    const auto sod = good(from_base64(text.substr(begin, text.find('"', begin) - begin)));
    const auto data = good(pki::SignedData::parse(good(lds::EfSod::parse(sod)).cms));
    CHECK(good(lds::LdsSecurityObject::parse(data.content)).data_group_hashes == item(31).object.data_group_hashes);
    CHECK_FALSE(pki::check_signature(data, data.signers[0], *test_pki().ds.public_key).failure);
    SECTION("the same batch again signs nothing") {
        const auto again = good(bench.run(source(50)));
        CHECK(again.signed_now == 0);
        CHECK(again.found_signed == 50);
        CHECK(bench.used() == 50);
    }
    SECTION("more documents, the old ones among them") {
        CHECK(good(bench.run(source(60))).signed_now == 10);
        CHECK(bench.used() == 60);
        CHECK(bench.lines() == 60);
    }
}

TEST_CASE("a batch that was cut off goes on: nothing is lost, nothing counted twice", "[signer]") {
    const Bench bench;
    CHECK(error_of(bench.run(source(100, 40))) == "io.failed");
    CHECK(bench.lines() == 32);  // two whole lots
    CHECK(bench.used() == 32);
    SECTION("after a tear in the last line, and a reservation that nobody settled") {
        // As a power cut leaves it: the lot is reserved and partly on disk, its last line is not whole.
        signer::SignatureCount count(bench.folder / "signatures.json", test_pki().ds.fingerprint());
        const auto lot = good(count.reserve(16, 0, bench.out.string()));
        {
            auto output = good(BatchOutput::open(bench.out));
            good(output.append(test_pki().ds.fingerprint(), lot.id, {{"doc-00032", Bytes(3)}, {"doc-00033", Bytes(3)}}));
        }
        const auto whole = good(read_text(bench.out));
        good(write_text(bench.out, whole + R"({"id":"doc-00034","signer":"x","lot":")"));
        CHECK(bench.used() == 48);
        CHECK(good(bench.run(source(100))).signed_now == 66);
        CHECK(bench.lines() == 100);
        CHECK(bench.used() == 100);  // the two of the open lot among them
    }
    SECTION("plainly") {
        CHECK(good(bench.run(source(100))).signed_now == 68);
        CHECK(bench.lines() == 100);
        CHECK(bench.used() == 100);
    }
}

TEST_CASE("a batch ends at the limit of the key, with what fits in lots", "[signer]") {
    Bench bench;
    bench.policy.most = 40;
    CHECK(error_of(bench.run(source(100))) == "signer.limit");
    CHECK(bench.lines() == 32);
    CHECK(bench.used() == 32);
}

TEST_CASE("two runs do not write the same output", "[signer]") {
    const Bench bench;
    const auto first = good(BatchOutput::open(bench.out));
    CHECK(error_of(bench.run(source(10))) == "io.failed");
    CHECK(bench.used() == 0);
}

TEST_CASE("an output that is no output is refused, not overwritten", "[signer]") {
    const Bench bench;
    good(write_text(bench.out, "something else\n"));
    CHECK(error_of(bench.run(source(10))) == "input.bad_json");
    CHECK(good(read_text(bench.out)) == "something else\n");
    CHECK(bench.used() == 0);
}

TEST_CASE("a document that stands twice is signed once; other types go into lots of their own", "[signer]") {
    const Bench bench;
    const std::vector<BatchItem> items = {item(1), item(2), item(1), item(3, "P"), item(4, "P"), item(5)};
    auto next = [&, n = std::size_t{0}]() mutable -> Result<std::optional<BatchItem>> {
        return n == items.size() ? std::nullopt : std::optional(items[n++]);
    };
    const auto result = good(bench.run(next));
    CHECK(result.signed_now == 5);
    CHECK(result.found_signed == 1);
}

TEST_CASE("batch items are read, and what is wrong in them is named", "[signer]") {
    const std::string hash(64, 'A');
    const auto with = [&](const std::string& members) { return signer::parse_batch_item(R"({"id": "a", )" + members + "}"); };
    const auto one = good(with(R"("type": "ID", "hashes": {"1": ")" + hash + R"(", "2": ")" + hash + R"("})"));
    CHECK(one.document_type == "ID");
    CHECK(one.object.data_group_hashes.size() == 2);
    CHECK(one.object.version == 0);
    CHECK(good(with(R"("lds": "1.8", "hashes": {"1": ")" + hash + R"("})")).object.lds_version == "0108");
    const auto files = good(with(R"("hash": "SHA-512", "files": {"DG1": "YQMBAgM=", "EF.COM": "YAA="})"));
    CHECK(files.object.data_group_hashes.at(1) == crypto::hash(crypto::HashAlg::sha512, "6103010203"_hex));
    CHECK(error_of(with(R"("hashes": {"17": ")" + hash + R"("})")) == "input.bad_field");
    CHECK(error_of(with(R"("hashes": {"01": ")" + hash + R"("})")) == "input.bad_field");
    CHECK(error_of(with(R"("hashes": {"1": "AB"})")) == "input.bad_field");
    CHECK(error_of(with(R"("hashes": {"1": "XY"})")) == "input.bad_hex");
    CHECK(error_of(with(R"("hashes": {}, "files": {})")) == "input.bad_field");
    CHECK(error_of(with(R"("hash": "MD5", "hashes": {})")) == "crypto.unsupported");
    CHECK(error_of(with(R"("colour": "red", "hashes": {})")) == "input.bad_field");
    CHECK(error_of(signer::parse_batch_item("{}")) == "input.bad_json");
    CHECK(error_of(signer::parse_batch_item("{")) == "input.bad_json");
}

#ifdef IDCHIP_SOFTHSM

TEST_CASE("a token that is pulled out in the middle of a batch leaves one that can be gone on with", "[signer][pkcs11]") {
    const Bench bench;
    const auto open_rotation = [&](const pki::Certificate& certificate) {
        const auto token = good(SoftToken::open());
        std::vector<std::unique_ptr<DocumentSigner>> list;
        list.push_back(
            good(DocumentSigner::make(certificate, good(token->key(SoftToken::uri("ds"))), false, {}, bench.folder / "signatures.json")));
        return signer::Rotation(std::move(list));
    };
    const SoftToken soft;
    const auto key = good(good(SoftToken::open())->generate_ec(crypto::Curve::p256, "ds"))->public_key();
    // A certificate for the token's key, issued as any other.
    const auto authority = good(signer::resume_authority(test_pki().csca, std::make_shared<const crypto::PrivateKey>(test_pki().csca_key),
                                                         good(signer::choose_algorithm(test_pki().csca_key.public_key().info(), {}, false)),
                                                         signer::test_pki_profile({.now = today})));
    const auto certificate = good(signer::certify_signer(
        authority, {good(pki::Name::of("C=VN, O=idchip, CN=Token Signer")), key, signer::Purpose::documents, {"ID"}, {today, 90, 3000}},
        system_rng()));
    const auto backup = bench.folder / "backup";
    std::filesystem::copy(soft.tokens(), backup, std::filesystem::copy_options::recursive);
    {
        auto rotation = open_rotation(certificate);
        auto output = good(BatchOutput::open(bench.out));
        int given = 0;
        const auto next = [&]() -> Result<std::optional<BatchItem>> {
            if (given == 40) soft.pull();
            return std::optional(item(given++));
        };
        const auto result = signer::sign_batch(next, rotation, output, bench.options());
        REQUIRE_FALSE(result);
        CHECK(result.error().name() == "token.lost");
    }
    CHECK(bench.lines() == 32);
    std::filesystem::copy(backup, soft.tokens(), std::filesystem::copy_options::recursive);
    auto rotation = open_rotation(certificate);
    auto output = good(BatchOutput::open(bench.out));
    CHECK(good(signer::sign_batch(source(100), rotation, output, bench.options())).signed_now == 68);
    CHECK(output.size() == 100);
    CHECK(good(rotation.signers()[0]->used()) == 100);
}

#endif
