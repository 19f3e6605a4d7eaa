// Bundles that somebody tampered with, that come from nobody who is known, or from a team that turned against the centre.
#include "bundle_maker.hpp"

#include <set>

#include <idchip/pki/enveloped.hpp>

#include "unit/pki/mixed_hashes.hpp"

using namespace idchip;
using namespace idchip::test;
using bundle::Store;
namespace fs = std::filesystem;

namespace {

// What persons of these tests are called and numbered: none of it may stand in a message.
std::vector<std::string> values_of_persons() {
    std::vector<std::string> values;
    for (std::uint64_t i = 0; i < 12; ++i) {
        const auto p = sample::make_person(5, i, bundle_today);
        for (const auto& v : {p.personal_number, p.personal_number.substr(3), p.surname + " " + p.given_names, to_iso(p.birth), p.residence,
                              p.father, p.mother})
            values.push_back(v);
    }
    return values;
}

struct Scene {
    Team north{"north"}, south{"south"}, stranger{"stranger"};
    Centre centre{{&north, &south}};
    TempFolder folder;
    fs::path store_folder = folder / "store";
    Bytes other_bundle = south.pack(centre.holder, {11});

    Scene() { good(centre.merge(store_folder, other_bundle)); }

    // The name of the error. Nothing was taken, and no message holds a person's data.
    std::string refused(ByteView bytes) { return refused(bytes, centre.options()); }
    std::string refused(ByteView bytes, const bundle::MergeOptions& options) {
        const auto before = contents_of(store_folder);
        const auto journal = good(read_text(store_folder / "merged.jsonl"));
        auto store = good(Store::open(store_folder));
        const auto result = centre.merge(store, bytes, options);
        CHECK((contents_of(store_folder) == before));
        CHECK(good(read_text(store_folder / "merged.jsonl")) == journal);
        if (!result) {
            const auto message = result.error().message();
            for (const auto& value : values_of_persons()) CHECK(message.find(value) == std::string::npos);
            CHECK(message.size() < 500);
        }
        return error_of(result);
    }
    std::string refused_text(std::string_view text) { return refused(north.seal_text(centre.holder, as_bytes(text))); }

    std::string entries(const std::vector<std::uint64_t>& persons) const {
        std::string lines;
        for (const auto i : persons) {
            auto json = person_line(i);
            json.pop_back();
            lines += bundle::entry_line(json, marked_portrait(i));
        }
        return lines;
    }
    // For bytes that nobody signs, such as the certificate that comes along: refused, or taken as it was meant.
    std::string refused_or_unharmed(ByteView bytes, const std::vector<std::string>& expected) {
        const auto result = centre.merge(store_folder, bytes);
        if (!result) return error_of(result);
        CHECK((contents_of(store_folder) == expected));
        fs::remove_all(store_folder);
        good(centre.merge(store_folder, other_bundle));
        return "none";
    }
    // The text of a bundle whose manifest fits.
    Bytes content(const std::string& lines) const {
        return bundle::write_content(north.manifest(static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'))), lines);
    }
    bundle::MergeReport merged(const std::string& lines) {
        return good(centre.merge(store_folder, north.seal_text(centre.holder, content(lines))));
    }
    std::string without_person(const std::string& member, const std::string& value) {
        auto json = changed(person_line(1), member, value);
        json.pop_back();
        return bundle::entry_line(json, marked_portrait(1));
    }
};

}  // namespace

TEST_CASE("a bundle of which a byte was altered, or the end lost, is refused whole", "[bundle]") {
    Scene scene;
    const auto sealed = scene.north.pack(scene.centre.holder, {1, 2});
    good(scene.centre.merge(scene.folder / "meant", scene.other_bundle));
    good(scene.centre.merge(scene.folder / "meant", sealed));
    const auto meant = contents_of(scene.folder / "meant");
    std::set<std::string> seen;
    for (std::size_t at = 0; at < sealed.size(); at += 13) {
        auto bent = sealed;
        bent[at] = static_cast<Byte>(bent[at] ^ 0x04U);
        CAPTURE(at);
        seen.insert(scene.refused_or_unharmed(bent, meant));
        seen.insert(scene.refused(ByteView(sealed).first(at)));
    }
    CHECK(seen.contains("pki.undecryptable"));
    CHECK(seen.contains("crypto.bad_signature"));
    CHECK(seen.contains("tlv.truncated"));
    CHECK_FALSE(seen.contains("base.internal"));
    CHECK(scene.refused(concat({sealed, Bytes(1)})) == "tlv.trailing");
    CHECK(scene.refused({}) == "tlv.missing");
    CHECK(scene.refused(Bytes(bundle::largest_file + 1)) == "input.too_large");
}

TEST_CASE("a bundle altered below the envelope, by somebody who has the centre's certificate, is refused", "[bundle]") {
    Scene scene;
    const auto& centre = scene.centre.holder;
    const auto sealed = scene.north.pack(centre, {1, 2});
    good(scene.centre.merge(scene.folder / "meant", scene.other_bundle));
    good(scene.centre.merge(scene.folder / "meant", sealed));
    const auto meant = contents_of(scene.folder / "meant");
    const auto inner = good(pki::open(sealed, centre.certificate, centre.private_key()));
    const auto again = [&](ByteView bytes) { return good(pki::seal(bytes, std::span(&centre.certificate, 1))); };
    const auto text = good(pki::SignedData::parse(inner)).content;
    const auto from = static_cast<std::size_t>(std::search(inner.begin(), inner.end(), text.begin(), text.end()) - inner.begin());
    for (std::size_t at = 0; at < inner.size(); at += 7) {
        auto bent = inner;
        bent[at] = static_cast<Byte>(bent[at] ^ 0x01U);
        CAPTURE(at);
        if (at >= from && at < from + text.size()) CHECK(scene.refused(again(bent)) == "crypto.bad_signature");
        else scene.refused_or_unharmed(again(bent), meant);
    }
    CHECK(scene.refused(again(concat({inner, Bytes(1)}))) == "bundle.bad");
    CHECK(scene.refused(again(text)) == "tlv.unexpected");  // not signed at all
    CHECK(scene.refused(again({})) == "tlv.missing");
}

TEST_CASE("only teams that are known, while they may sign, under their own name", "[bundle]") {
    Scene scene;
    const auto& centre = scene.centre.holder;
    CHECK(scene.refused(scene.stranger.pack(centre, {1})) == "bundle.untrusted");
    // A stranger of the same name, even with the same key identifier in his certificate, has another key.
    Team impostor("north");
    CHECK(scene.refused(impostor.pack(centre, {1})) == "bundle.untrusted");
    impostor.holder.certificate = scene.north.holder.certificate;
    PlainSigner signer(impostor.holder);
    const auto forged = good(pki::build_signed_data(der::Oid("1.2.840.113549.1.7.1"), scene.content(scene.entries({1})), signer, bundle_now,
                                                    {.certificates = {}, .signer_by_key_id = true}));
    CHECK(scene.refused(good(pki::seal(forged, std::span(&centre.certificate, 1)))) == "crypto.bad_signature");
    // In the name of another team.
    const auto lines = scene.entries({1});
    auto manifest = scene.north.manifest(1);
    CHECK(scene.refused(scene.south.seal_text(centre, bundle::write_content(manifest, lines))) == "bundle.untrusted");
    // Nobody is known.
    auto alone = scene.centre;
    alone.teams.clear();
    auto store = good(Store::open(scene.store_folder));
    CHECK(error_of(alone.merge(store, scene.north.pack(centre, {1}))) == "bundle.untrusted");
}

TEST_CASE("SHA-1 is refused wherever in the signature it stands", "[bundle]") {
    Scene scene;
    Team sea("sea", valid_then({.curve = std::nullopt}));
    scene.centre.teams.push_back(sea.holder.certificate);
    const auto& centre = scene.centre.holder.certificate;
    std::uint64_t person = 1;
    for (const auto* team : {&scene.north, &sea}) {
        const auto type = team->holder.key->public_key().info().type;
        const auto sealed = [&](const crypto::SignatureAlgorithm& algorithm) {
            const auto content = bundle::write_content(team->manifest(1), scene.entries({person}));
            return good(pki::seal(signed_with(team->holder, content, algorithm, bundle_now), std::span(&centre, 1)));
        };
        for (const auto& algorithm : sha1_algorithms(type)) {
            CAPTURE(algorithm.text());
            CHECK(scene.refused(sealed(algorithm)) == "bundle.untrusted");
        }
        const auto usual = sealed({type == crypto::KeyType::ec ? crypto::Scheme::ecdsa : crypto::Scheme::rsa_pss, crypto::HashAlg::sha256,
                                   crypto::HashAlg::sha256, 32, false});
        CHECK(good(scene.centre.merge(scene.store_folder, usual)).taken == 1);
        ++person;
    }
}

TEST_CASE("the team's certificate was valid when the bundle was signed, whatever it is now", "[bundle]") {
    Scene scene;
    const auto& centre = scene.centre.holder;
    const auto sealed = scene.north.pack(centre, {1});
    auto options = scene.centre.options();
    options.now = bundle_now + -2 * seconds_per_day;  // signed in the future
    CHECK(scene.refused(sealed, options) == "bundle.untrusted");
    options.now = bundle_now + 300 * seconds_per_day;  // they came back late
    auto store = good(Store::open(scene.store_folder));
    CHECK(good(scene.centre.merge(store, sealed, options)).taken == 1);
}

TEST_CASE("a signature made after the team's certificate had expired is refused", "[bundle]") {
    Scene scene;
    for (const auto days : {-31, 31}) {
        const auto at = bundle_now + days * seconds_per_day;
        auto manifest = scene.north.manifest(1);
        manifest.made_at = at;
        PlainSigner signer(scene.north.holder);
        const auto data = good(pki::build_signed_data(der::Oid("1.2.840.113549.1.7.1"), bundle::write_content(manifest, scene.entries({1})),
                                                      signer, at, {.certificates = {}, .signer_by_key_id = true}));
        auto options = scene.centre.options();
        options.now = bundle_now + 40 * seconds_per_day;
        CHECK(scene.refused(good(pki::seal(data, std::span(&scene.centre.holder.certificate, 1))), options) == "bundle.untrusted");
    }
}

TEST_CASE("a team that was certified anew for the same key is known by both certificates", "[bundle]") {
    Scene scene;
    const auto sealed = scene.north.pack(scene.centre.holder, {1});
    // Found by the key's identifier; the one that was valid then counts.
    Holder old = scene.north.holder;
    old.certificate.not_before = bundle_now + -900 * seconds_per_day;
    old.certificate.not_after = bundle_now + -800 * seconds_per_day;
    auto centre = scene.centre;
    centre.teams = {old.certificate};
    auto store = good(Store::open(scene.store_folder));
    CHECK(error_of(centre.merge(store, sealed)) == "bundle.untrusted");
    centre.teams = {old.certificate, scene.north.holder.certificate};
    CHECK(good(centre.merge(store, sealed)).taken == 1);
}

TEST_CASE("other keys, other recipients", "[bundle]") {
    Scene scene;
    const auto other = make_holder("Elsewhere", valid_then());
    CHECK(scene.refused(scene.north.pack(other, {1})) == "pki.not_recipient");
    const auto sealed = scene.north.pack(scene.centre.holder, {1});
    auto store = good(Store::open(scene.store_folder));
    CHECK(error_of(store.merge(sealed, scene.centre.holder.certificate, other.private_key(), scene.centre.teams, scene.centre.options())) ==
          "pki.undecryptable");
    CHECK(error_of(store.merge(sealed, other.certificate, other.private_key(), scene.centre.teams, scene.centre.options())) ==
          "pki.not_recipient");
}

TEST_CASE("a manifest that does not fit what follows it", "[bundle]") {
    Scene scene;
    const auto lines = scene.entries({1, 2});
    const auto with = [&](std::string_view from, const std::string& to) {
        auto text = as_text(scene.content(lines));
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        return scene.refused_text(text.replace(at, from.size(), to));
    };
    CHECK(with("\"count\":2", "\"count\":1") == "bundle.altered");
    CHECK(with("\"count\":2", "\"count\":3") == "bundle.altered");
    CHECK(with("\"count\":2", "\"count\":18446744073709551615") == "bundle.bad");
    CHECK(with("\"count\":2", "\"count\":-2") == "bundle.bad");
    CHECK(with("\"count\":2", "\"count\":2e0") == "bundle.bad");
    CHECK(with("\"schema\":1", "\"schema\":2") == "bundle.bad");
    CHECK(with("\"schema\":1,", "") == "bundle.bad");
    CHECK(with("\"number\":1", "\"number\":0") == "bundle.bad");
    CHECK(with("\"team\":\"north\"", "\"team\":\"../north\"") == "bundle.bad");
    CHECK(with("\"team\":\"north\"", "\"team\":7") == "bundle.bad");
    CHECK(with("\"bundle\":\"", "\"bundle\":\"../") == "bundle.bad");
    CHECK(with("\"made_at\":\"2026-11-22", "\"made_at\":\"2026-11-21") == "bundle.altered");
    CHECK(with("\"made_at\":\"2026-11-22", "\"made_at\":\"2026-13-22") == "bundle.bad");
    CHECK(with("\"sha256\":\"", "\"sha256\":\"0") == "bundle.bad");
    CHECK(with("{\"record\":", " {\"record\":") == "bundle.altered");
    const auto whole = as_text(scene.content(lines));
    CHECK(scene.refused_text(whole + "\n") == "bundle.altered");
    CHECK(scene.refused_text(whole.substr(0, whole.size() - 1)) == "bundle.altered");
    CHECK(scene.refused_text(whole.substr(0, whole.rfind("{\"record\""))) == "bundle.altered");
    CHECK(scene.refused_text("") == "bundle.altered");
    CHECK(scene.refused_text("\n") == "bundle.bad");
    CHECK(scene.refused_text(std::string(5'000'000, '[') + "\n") == "bundle.bad");
}

TEST_CASE("lines that are no records refuse the bundle, deep ones without harm", "[bundle]") {
    Scene scene;
    const auto refused = [&](const std::string& line) {
        return scene.refused(scene.north.seal_text(scene.centre.holder, scene.content(scene.entries({1}) + line + "\n")));
    };
    CHECK(refused("") == "bundle.bad");
    CHECK(refused("[]") == "bundle.bad");
    CHECK(refused("{}") == "bundle.bad");
    CHECK(refused("{\"record\":\"x\"}") == "bundle.bad");
    CHECK(refused("{\"record\":{\"surname\":\"\xFF\"}}") == "bundle.bad");
    CHECK(refused("{\"record\":" + std::string(1'000'000, '{')) == "bundle.bad");
    CHECK(refused("{\"record\":{\"x\":" + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}}") == "bundle.bad");
    CHECK(refused("{\"record\":{},\"portrait\":\"/9j/\"}") == "bundle.bad");
    CHECK(refused("{\"record\":{},\"sha256\":\"00\"}") == "bundle.bad");
    CHECK(refused("{\"record\":{},\"portrait\":\"\",\"sha256\":\"\"}") == "bundle.bad");
    CHECK(refused("{\"record\":{},\"portrait\":\"not base64!\",\"sha256\":\"\"}") == "bundle.bad");
    CHECK(refused("{\"record\":{},\"portrait\":\"/9j/\",\"sha256\":\"" + std::string(64, '0') + "\"}") == "bundle.altered");
    // A portrait of 17 MB; one of 100 MB does not fit into a bundle that is opened at all.
    const auto large = bundle::entry_line("{}", Bytes(17U << 20U, 0xFF));
    CHECK(refused(large.substr(0, large.size() - 1)) == "bundle.bad");
}

TEST_CASE("what a team's record says of paths leads nowhere", "[bundle]") {
    Scene scene;
    for (const auto* path : {"../../etc/passwd", "/etc/passwd", "portraits/../../x.jpg", "C:\\\\x"}) {
        const auto report = scene.merged(scene.without_person("portrait", path));
        CHECK(report.refused == 0);
    }
    for (const auto& line : contents_of(scene.store_folder)) CHECK(line.find("etc") == std::string::npos);
    for (const auto& entry : fs::recursive_directory_iterator(scene.folder.path()))
        if (entry.is_regular_file() && entry.path().parent_path().filename() == "portraits")
            CHECK(entry.path().filename().string().size() == 64 + 4);
    const auto count = std::distance(fs::directory_iterator(scene.store_folder), {});
    CHECK(count == 4);  // records, portraits, journal, lock
}

TEST_CASE("a team's records are refused one by one where they are wrong, and no message holds a person's data", "[bundle]") {
    Scene scene;
    auto no_portrait = person_line(6);
    no_portrait.pop_back();
    auto odd_portrait = person_line(7);
    odd_portrait.pop_back();
    auto again = person_line(8);
    again.pop_back();
    const auto lines = scene.without_person("personal_number", "0010990000") + scene.without_person("birth_date", "1999-02-30") +
                       bundle::entry_line(no_portrait, {}) + bundle::entry_line(odd_portrait, bytes_of("MZ no picture")) +
                       bundle::entry_line(again, marked_portrait(8)) + bundle::entry_line(again, marked_portrait(8)) +
                       bundle::entry_line(changed(again, "surname", "Khác"), marked_portrait(8)) +
                       bundle::entry_line("{\"record\":\"a/../b\",\"surname\":{\"x\":1}}", {}) + bundle::entry_line("{}", {}) +
                       bundle::entry_line(changed(again, "record", std::string(2'000'000, 'x')), marked_portrait(9));
    const auto report = scene.merged(lines);
    CHECK(report.taken == 1);
    CHECK(report.known == 1);
    CHECK(report.refused == 8);
    const auto text = codes(report);
    for (const auto* part :
         {"2:S5-000001 personal_number record.number_form", "3:S5-000001 birth_date record.bad_date", "4:S5-000006 portrait record.missing",
          "5:S5-000007 portrait record.missing", "8:S5-000008 record record.merged_otherwise", "9:line 9 record record.bad_identifier",
          "9:line 9 surname record.not_text", "10:line 10 record record.missing", "11:line 11 record record.bad_identifier"})
        CHECK(text.find(part) != std::string::npos);
    auto journal = good(read_text(scene.store_folder / "merged.jsonl"));
    for (const auto& c : report.corrections) journal += c.problem.message + c.problem.remedy;
    for (const auto& value : values_of_persons()) CHECK(journal.find(value) == std::string::npos);
    CHECK(journal.find("0010990000") == std::string::npos);
}

TEST_CASE("of one record at most ten things are said", "[bundle]") {
    Scene scene;
    std::string json = "{\"record\":\"R\"";
    for (const auto* field : {"birth_place", "ethnicity", "religion", "place_of_origin", "residence", "father", "mother", "spouse",
                              "telephone", "profession", "title", "authority"})
        json += fmt::format(",\"{}\":\"\\u0001\"", field);
    const auto report = scene.merged(bundle::entry_line(json + "}", marked_portrait(1)));
    CHECK(report.refused == 1);
    CHECK(report.corrections.size() == 10);
}

TEST_CASE("a bundle of nothing but refusals is refused whole, and the store goes on", "[bundle]") {
    Scene scene;
    // Each says little, and would have much said of it.
    std::string lines = scene.entries({1});
    for (int i = 0; i < 30'000; ++i) lines += "{\"record\":{}}\n";
    const auto before = contents_of(scene.store_folder);
    const auto journal = good(read_text(scene.store_folder / "merged.jsonl"));
    auto store = good(Store::open(scene.store_folder));
    CHECK(error_of(scene.centre.merge(store, scene.north.seal_text(scene.centre.holder, scene.content(lines)))) == "bundle.bad");
    CHECK(store.usable());
    CHECK(store.records() == 1);
    CHECK((contents_of(scene.store_folder) == before));
    CHECK(good(read_text(scene.store_folder / "merged.jsonl")) == journal);
    // The one good record of it is neither known nor in the way.
    const auto report = good(scene.centre.merge(store, scene.south.pack(scene.centre.holder, {1})));
    CHECK(codes(report).empty());
    CHECK(report.taken == 1);
    CHECK(store.records() == 2);
}

TEST_CASE("a record that says nothing of its portrait is stored with it all the same", "[bundle]") {
    Scene scene;
    auto json = person_line(1);
    json.erase(json.find(",\"portrait\":"));
    CHECK(scene.merged(bundle::entry_line(json + "}", marked_portrait(1))).taken == 1);
    const auto text = good(read_text(scene.store_folder / "records.jsonl"));
    CHECK(text.find("portraits/" + to_hex(crypto::hash(crypto::HashAlg::sha256, marked_portrait(1))) + ".jpg") != std::string::npos);
}

TEST_CASE("two bundles under one name: the second is refused aloud", "[bundle]") {
    Scene scene;
    const auto manifest = scene.north.manifest(1);
    const auto first = bundle::write_content(manifest, scene.entries({1})), second = bundle::write_content(manifest, scene.entries({2}));
    auto store = good(Store::open(scene.store_folder));
    CHECK(good(scene.centre.merge(store, scene.north.seal_text(scene.centre.holder, first))).taken == 1);
    CHECK(error_of(scene.centre.merge(store, scene.north.seal_text(scene.centre.holder, second))) == "bundle.bad");
    // The same text, signed and sealed once more, is the same bundle.
    CHECK(good(scene.centre.merge(store, scene.north.seal_text(scene.centre.holder, first))).merged_before);
}
