// Family I of docs/inspection-cases.md: from findings to the verdict, and what is kept for later.
#include <regex>
#include <set>

#include <nlohmann/json.hpp>

#include "inspect/checks.hpp"
#include "inspect/forced_failures.hpp"
#include "unit.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;

namespace {

Overall worst(const Verdict& verdict) {
    auto overall = Overall::accept;
    for (const auto& f : verdict.findings) overall = std::max(overall, f.overall);
    return overall;
}

Evidence with_clone_defence() {
    auto groups = clean_files();
    groups[Ef::dg14] = dg14();
    groups[Ef::dg15] = dg15();
    return evidence_of(sign(groups));
}

// The text of every call of `refer` and `reject` in the room, up to its end.
std::vector<std::string> failing_calls() {
    std::vector<std::string> calls;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(IDCHIP_SOURCE_DIR) / "lib/inspect")) {
        if (entry.path().extension() != ".cpp" || entry.path().filename() == "judge.cpp") continue;
        const auto text = must(read_text(entry.path()));
        static const std::regex call(R"(findings\.(refer|reject)\([^;]*;)");
        for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) calls.push_back(it->str());
    }
    return calls;
}

Evidence reloaded(const Evidence& evidence) { return must(evidence_from_json(to_json(evidence))); }

Evidence through_folder(const Evidence& evidence) {
    const test::TempFolder folder;
    REQUIRE(save_dump(evidence, folder / "dump"));
    return must(load_evidence(folder / "dump"));
}

}  // namespace

TEST_CASE("I01 every check that can fail is seen in the verdict") {
    std::set<std::string> seen;
    for (const auto& forced : forced_failures()) {
        const auto verdict = judged(forced.evidence, forced.store);
        INFO(forced.id << " " << forced.case_id << "\n" << listing(verdict));
        const auto* finding = find(verdict, forced.id, Outcome::fail, forced.case_id);
        REQUIRE(finding != nullptr);
        CHECK(finding->overall >= Overall::refer);
        CHECK(verdict.overall >= finding->overall);
        seen.insert(forced.case_id);
    }
    SECTION("and the list above has every case that the source can let fail") {
        static const std::regex case_id(R"re("([A-I]\d\d)")re");
        const auto calls = failing_calls();
        CHECK(calls.size() > 40);
        for (const auto& call : calls)
            for (std::sregex_iterator it(call.begin(), call.end(), case_id), end; it != end; ++it) {
                INFO(call);
                CHECK(seen.contains((*it)[1]));
            }
    }
    SECTION("and a clean document passed each of them, not by being passed over") {
        auto evidence = clean();
        evidence.expected = ExpectedDocument{{}, "099000017", "990515", "390515"};
        const auto verdict = judged(evidence);
        check_clean(verdict);
        for (const auto* id : {"pa.signature", "pa.content_type", "pa.signing_time", "pa.security_object", "pki.signer_profile",
                               "pki.signer_validity", "pki.chain", "pki.csca", "pki.revocation", "pa.hash.DG1", "pa.hash.DG2",
                               "mrz.check_digits", "document.expiry", "document.issuer", "document.type", "document.printed"}) {
            INFO(id);
            CHECK(find(verdict, id, Outcome::pass) != nullptr);
        }
    }
}

TEST_CASE("I01 no policy turns a failure into a pass") {
    for (const auto& forced : forced_failures()) {
        const auto before = judged(forced.evidence, forced.store);
        Policy policy;
        for (const auto& f : before.findings) policy.overrides[f.id] = Overall::accept;
        const auto after = judged(forced.evidence, forced.store, today, policy);
        INFO(forced.id << "\n" << listing(after));
        const auto* finding = find(after, forced.id, Outcome::fail, forced.case_id);
        REQUIRE(finding != nullptr);
        CHECK(after.overall >= Overall::refer);
        CHECK(finding->overall >= Overall::refer);
    }
    SECTION("a policy moves what is open, both ways") {
        Policy policy;
        policy.overrides["chip.genuine"] = Overall::refer;
        check(judged(clean(), trust(), today, policy), Overall::refer, Outcome::not_applicable, "chip.genuine", "E01");
        const auto evidence = with_clone_defence();
        policy.overrides["chip.genuine"] = Overall::accept;
        CHECK(judged(evidence, trust(), today, policy).overall == Overall::accept);
    }
    SECTION("a policy can be stricter about a pass, and about what was not read") {
        Policy policy;
        policy.overrides["pa.signature"] = Overall::cannot;
        policy.overrides["file.DG2"] = Overall::reject;
        CHECK(judged(clean(), trust(), today, policy).overall == Overall::cannot);
        CHECK(judged(refused(clean(), Ef::dg2, 0x6982), trust(), today, policy).overall == Overall::reject);
    }
}

TEST_CASE("I02 no byte of EF.SOD can change without an effect or without being irrelevant") {
    const auto whole = clean();
    const auto truth = must(pki::SignedData::parse(must(lds::EfSod::parse(*whole.content(Ef::sod))).cms));
    const auto size = whole.content(Ef::sod)->size();
    for (std::size_t at = 0; at < size; ++at) {
        auto evidence = whole;
        auto& sod = *evidence.files[Ef::sod].content;
        sod[at] ^= static_cast<Byte>(1U << (at % 8));
        const auto verdict = judged(evidence);
        CHECK(verdict.overall == worst(verdict));
        if (verdict.overall > Overall::accept_with_notes) continue;
        // What decides must be untouched then.
        const auto data = must(pki::SignedData::parse(must(lds::EfSod::parse(sod)).cms));
        INFO("byte " << at << "\n" << listing(verdict));
        CHECK(data.content == truth.content);
        CHECK(data.signers[0].signed_attributes == truth.signers[0].signed_attributes);
        REQUIRE_FALSE(data.certificates.empty());
        CHECK(data.certificates[0].raw == truth.certificates[0].raw);
    }
}

TEST_CASE("I04 the verdict is the worst of its findings, not the first or the last") {
    for (const auto& forced : forced_failures()) {
        const auto verdict = judged(forced.evidence, forced.store);
        CHECK(verdict.overall == worst(verdict));
    }
    SECTION("an expired document with a changed portrait and no list: all three are said") {
        auto m = td1();
        m.expiry = "200101";
        auto evidence = evidence_of(sign(files_of(m)));
        evidence.files[Ef::dg2].content->back() ^= 1;
        const auto verdict = judged(evidence, {{vietnam().csca}, {}, {}, "test"});
        check(verdict, Overall::reject, Outcome::fail, "pa.hash.DG2", "B07");
        check(verdict, Overall::reject, Outcome::fail, "document.expiry", "G05");
        check(verdict, Overall::reject, Outcome::inconclusive, "pki.revocation", "D36");
    }
    SECTION("a missing anchor does not hide a failure, nor a failure a missing anchor") {
        auto evidence = clean();
        evidence.expected = ExpectedDocument{{}, "X", "990515", "390515"};
        const auto verdict = judged(evidence, {});
        check(verdict, Overall::refer, Outcome::fail, "document.printed", "G01");
        check(verdict, Overall::refer, Outcome::inconclusive, "pki.chain", "D07");
    }
}

TEST_CASE("I06 nothing is shown as proven when EF.SOD is not") {
    auto cms = cms_over(clean_files());
    cms.key = ec_key("attacker");
    const auto forged = evidence_of(with_sod(clean_files(), cms));
    for (const auto& verdict : {judged(forged), judged(clean(), {})}) {
        for (const auto& f : verdict.findings) {
            INFO(listing(verdict));
            if (!f.id.starts_with("pa.hash.") && f.id != "chip.genuine") continue;
            CHECK(f.outcome == Outcome::inconclusive);
            CHECK(f.overall == Overall::accept_with_notes);
        }
        CHECK(verdict.overall >= Overall::cannot);
    }
    SECTION("neighbour: proven") {
        const auto verdict = judged(with_clone_defence());
        CHECK(find(verdict, "pa.hash.DG15", Outcome::pass) != nullptr);
        CHECK(find(verdict, "chip.genuine", Outcome::inconclusive, "E01") != nullptr);
    }
}

TEST_CASE("E01 a document that cannot prove that its chip is no copy") {
    check(judged(clean()), Overall::accept_with_notes, Outcome::not_applicable, "chip.genuine", "E01");
    check(judged(with_clone_defence()), Overall::accept_with_notes, Outcome::inconclusive, "chip.genuine", "E01");
}

TEST_CASE("I08 saved evidence gives the same verdict") {
    for (const auto& forced : forced_failures()) {
        // But for proofs of the chip, which hold for the device that took part in them (E25).
        auto evidence = forced.evidence;
        evidence.live = false;
        const auto before = listing(judged(evidence, forced.store));
        INFO(forced.id << " " << forced.case_id);
        CHECK(listing(judged(reloaded(evidence), forced.store)) == before);
        CHECK(listing(judged(through_folder(evidence), forced.store)) == before);
    }
    const auto evidence = with_clone_defence();
    CHECK((to_json(reloaded(evidence)) == to_json(evidence)));
}

TEST_CASE("I08 what could not be read is kept too") {
    SECTION("a file that is gone stays gone: its status word is kept") {
        const auto stripped = refused(with_clone_defence(), Ef::dg14, 0x6A82);
        check(judged(through_folder(stripped)), Overall::reject, Outcome::fail, "file.DG14", "B01");
    }
    SECTION("how the reading of a file broke is kept") {
        const auto on_line = broken(clean(), Ef::dg2, "sm.broken");
        check(judged(through_folder(on_line)), Overall::refer, Outcome::unavailable, "file.DG2", "A44");
        check(judged(reloaded(on_line)), Overall::refer, Outcome::unavailable, "file.DG2", "A44");
    }
    SECTION("a foreign dump, without status words: what is not there was not read") {
        const test::TempFolder folder;
        const auto whole = with_clone_defence();
        for (const auto& [ef, f] : whole.files)
            if (ef != Ef::dg14) REQUIRE(write_file(folder / (lds::name(ef) + ".bin"), *f.content));
        const auto verdict = judged(must(load_evidence(folder.path())));
        check(verdict, Overall::cannot, Outcome::unavailable, "file.DG14", "B08");
        check(verdict, Overall::cannot, Outcome::pass, "pa.hash.DG15");
    }
}

TEST_CASE("I08 evidence that is none") {
    const auto good = nlohmann::json::parse(to_json(clean()));
    const auto error_of_changed = [&good](const std::function<void(nlohmann::json&)>& change) {
        auto j = good;
        change(j);
        return test::error_of(evidence_from_json(j.dump()));
    };
    CHECK(error_of_changed([](auto&) {}) == "none");
    CHECK(error_of_changed([](auto& j) { j["format"] = "other"; }) == "inspect.bad_evidence");
    CHECK(error_of_changed([](auto& j) { j["version"] = 2; }) == "inspect.bad_evidence");
    CHECK(error_of_changed([](auto& j) { j["files"]["DG17"] = j["files"]["DG1"]; }) == "inspect.bad_evidence");
    CHECK(error_of_changed([](auto& j) { j.erase("access"); }) == "input.bad_json");
    CHECK(error_of_changed([](auto& j) { j["files"]["DG1"]["content"] = 7; }) == "input.bad_json");
    CHECK(error_of_changed([](auto& j) { j["files"]["DG1"]["content"] = "*"; }) == "input.bad_base64");
    CHECK(error_of_changed([](auto& j) { j["files"]["DG1"]["sw"] = "90 0"; }) == "input.bad_hex");
    CHECK(error_of_changed([](auto& j) { j["read_at"] = "yesterday"; }) == "input.bad_date");
    CHECK(test::error_of(evidence_from_json("{")) == "input.bad_json");
    CHECK(test::error_of(evidence_from_json("")) == "input.bad_json");
    const test::TempFolder folder;
    CHECK(test::error_of(load_evidence(folder.path())) == "inspect.bad_evidence");
    CHECK(test::error_of(load_evidence(folder / "nothing")) == "input.not_found");
}

TEST_CASE("I09 the same evidence under newer trust data") {
    const auto evidence = reloaded(clean());
    CHECK(judged(evidence).overall == Overall::accept_with_notes);
    CrlMaker newer;
    newer.this_update = today + 10 * day;
    newer.next_update = today + 40 * day;
    newer.revoked = {{vietnam().ds.serial, today + 5 * day, 1}};
    auto store = trust();
    store.crls.push_back(newer.make());
    check(judged(evidence, store, today + 20 * day), Overall::reject, Outcome::fail, "pki.revocation", "D33");
    CHECK(evidence.read_at == today);
}

TEST_CASE("I10 the verdict names the trust data that it rests on") {
    const auto verdict = judged(clean());
    CHECK(find(verdict, "pki.chain", Outcome::pass)->detail.find(vietnam().csca.fingerprint()) != std::string::npos);
    CHECK(find(verdict, "pki.revocation", Outcome::pass)->detail.find("list of 2026-11-20") != std::string::npos);
}

TEST_CASE("I13 every verdict has a name and an exit code of its own") {
    std::set<int> codes;
    std::set<std::string_view> names;
    for (const auto overall : {Overall::accept, Overall::accept_with_notes, Overall::cannot, Overall::refer, Overall::reject}) {
        codes.insert(exit_code(overall));
        names.insert(name(overall));
    }
    CHECK(codes == std::set<int>{0, 1, 2, 3, 4});
    CHECK(names == std::set<std::string_view>{"ACCEPT", "ACCEPT*", "REFER", "REJECT", "CANNOT"});
    CHECK(exit_code(Overall::accept) == 0);
    std::set<std::string_view> outcomes;
    for (const auto outcome :
         {Outcome::pass, Outcome::note, Outcome::not_applicable, Outcome::inconclusive, Outcome::unavailable, Outcome::fail})
        outcomes.insert(name(outcome));
    CHECK(outcomes == std::set<std::string_view>{"PASS", "NOTE", "N/A", "INCONC", "UNAVAIL", "FAIL"});
}

TEST_CASE("I14 every tolerance is listed, by its id and its case") {
    // Each parser note of this document becomes a finding of its own.
    auto groups = clean_files();
    auto record = face_record(jp2(), 0);
    append(record, Bytes(2));
    groups[Ef::dg2] = dg2_of(3, {face_template(record)});
    append(groups[Ef::dg2], Bytes(4));
    auto cms = cms_over(groups);
    cms.version = 1;
    cms.crls = tlv::element(0xA1, Bytes{5, 0});
    const auto verdict = judged(evidence_of(with_sod(groups, cms)));
    for (const auto* id : {"lds.trailing_bytes", "lds.biometric_count_differs", "face.trailing_bytes", "face.image_type_differs",
                           "cms.version", "cms.crls_present"})
        check(verdict, Overall::accept_with_notes, Outcome::note, id, case_of_note(id).data());
    SECTION("nothing but a pass comes without a case") {
        for (const auto& forced : forced_failures())
            for (const auto& f : judged(forced.evidence, forced.store).findings) {
                INFO(f.id << " " << f.text);
                CHECK((f.outcome == Outcome::pass || !f.case_id.empty()));
            }
    }
}
