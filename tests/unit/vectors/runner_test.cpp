#include "unit.hpp"

#include <algorithm>

#include <idchip/vectors/runner.hpp>

using namespace idchip;
using namespace idchip::test;
using vectors::Status;

namespace {

const std::string digest_of_abc = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";

std::string case_text(const std::string& id, const std::string& in, const std::string& expect, const std::string& more = {}) {
    return R"({"id": ")" + id + R"(", "op": "digest", )" + more + R"("in": )" + in + R"(, "expect": )" + expect + "}";
}

const std::string abc = R"({"alg": "SHA-256", "data": {"text": "abc"}})";
const std::string right = R"({"digest": ")" + digest_of_abc + R"("})";
const std::string good_case = case_text("hash.abc", abc, right);

std::string file_text(const std::string& cases, const std::string& header = R"("suite": "hash", "source": "FIPS 180-4")") {
    return "{" + header + R"(, "cases": [)" + cases + "]}";
}

// A vector folder with files in hash/; files elsewhere are named with their folder.
class Folder {
public:
    explicit Folder(const std::string& text) { add("hash/a.json", text); }
    void add(const std::string& name, const std::string& text) {
        std::filesystem::create_directories((folder_ / name).parent_path());
        good(write_text(folder_ / name, text));
    }
    Result<vectors::Summary> run(const std::string& only = {}, bool list = false) const {
        return vectors::run_vectors({folder_.path(), only, list});
    }

private:
    TempFolder folder_;
};

vectors::Summary run_good(const std::string& cases) { return good(Folder(file_text(cases)).run()); }

// The one case of a run of one case.
vectors::CaseResult only_result(const std::string& one_case) {
    const auto summary = run_good(one_case);
    REQUIRE(summary.results.size() == 1);
    return summary.results[0];
}

// What a malformed file says.
std::string complaint(const std::string& text) {
    const auto result = Folder(text).run();
    if (result) return "none";
    CHECK(result.error().code == Errc::vector_bad);
    return result.error().message();
}

std::string complaint_of_case(const std::string& one_case) { return complaint(file_text(one_case)); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a right vector passes and is counted") {
    const auto summary = run_good(good_case);
    CHECK(summary.passed == 1);
    CHECK(summary.failed == 0);
    CHECK(summary.skipped == 0);
    CHECK(summary.results.at(0).suite == "hash");
    CHECK(summary.results.at(0).id == "hash.abc");
    CHECK(summary.results.at(0).file == "hash/a.json");
    CHECK(vectors::to_text(summary) == "1 passed, 0 failed, 0 skipped\n");
    CHECK(vectors::counts_text(summary) == "hash 1\n");
}

TEST_CASE("one changed digit fails the case by its name") {
    for (const std::size_t at : {std::size_t{0}, std::size_t{31}, digest_of_abc.size() - 1}) {
        auto wrong = digest_of_abc;
        wrong[at] = wrong[at] == '0' ? '1' : '0';
        const auto summary = run_good(good_case + "," + case_text("hash.wrong", abc, R"({"digest": ")" + wrong + R"("})"));
        CHECK(summary.passed == 1);
        CHECK(summary.failed == 1);
        CHECK(summary.results.at(1).status == Status::failed);
        const auto text = vectors::to_text(summary);
        CHECK(has(text, "FAILED hash.wrong (hash/a.json): digest: expected " + wrong + ", got " + digest_of_abc));
        CHECK(has(text, "1 passed, 1 failed, 0 skipped\n"));
        CHECK_FALSE(has(text, "hash.abc"));
    }
    for (const auto& wrong : {digest_of_abc.substr(2), digest_of_abc + "00", std::string()})
        CHECK(only_result(case_text("hash.size", abc, R"({"digest": ")" + wrong + R"("})")).status == Status::failed);
}

TEST_CASE("expected errors are compared by name and by place") {
    const std::string in = R"({"alg": "MD5", "data": ""})";
    CHECK(only_result(case_text("hash.a", in, R"({"error": "crypto.unsupported"})")).status == Status::passed);
    CHECK(only_result(case_text("hash.a", in, R"({"error": "crypto.unsupported", "where": "MD5"})")).status == Status::passed);
    const auto place = only_result(case_text("hash.a", in, R"({"error": "crypto.unsupported", "where": "SHA"})"));
    CHECK(place.status == Status::failed);
    CHECK(has(place.reason, "at \"SHA\""));
    const auto other = only_result(case_text("hash.a", in, R"({"error": "crypto.bad_key"})"));
    CHECK(other.status == Status::failed);
    CHECK(has(other.reason, "expected error crypto.bad_key, got error crypto.unsupported"));
    CHECK(only_result(case_text("hash.a", in, R"({"error": "crypto.unsupported", "sw": "6988"})")).status == Status::failed);
    CHECK(has(only_result(case_text("hash.a", in, right)).reason, "expected a result, got error crypto.unsupported"));
    CHECK(has(only_result(case_text("hash.a", abc, R"({"error": "crypto.unsupported"})")).reason, "got a result"));
}

TEST_CASE("values: file, text, repeat, concat, patch, first") {
    const auto passes = [](const std::string& data) {
        Folder folder(file_text(case_text("hash.abc", R"({"alg": "SHA-256", "data": )" + data + "}", right)));
        folder.add("hash/abc.bin", "abc");
        folder.add("hash/deep/abcd.bin", "abcd");
        return good(folder.run()).passed == 1;
    };
    CHECK(passes(R"("616263")"));
    CHECK(passes(R"("61 62\n63")"));
    CHECK(passes(R"({"file": "abc.bin"})"));
    CHECK(passes(R"({"file": "deep/../abc.bin"})"));
    CHECK(passes(R"({"file": "deep/abcd.bin", "first": 3})"));
    CHECK(passes(R"({"concat": ["61", {"text": "b"}, {"repeat": ["63", 1]}, {"repeat": ["64", 0]}]})"));
    CHECK(passes(R"({"text": "xbx", "patch": [[0, "61"], [2, "63"]]})"));
    CHECK_FALSE(passes(R"({"text": "abd"})"));
    const std::string million = R"({"alg": "SHA-1", "data": {"repeat": [{"text": "a"}, 1000000]}})";
    CHECK(only_result(case_text("hash.million", million, R"({"digest": "34AA973CD4C4DAA4F61EEB2BDBAD27316534016F"})")).status ==
          Status::passed);
}

TEST_CASE("malformed values are errors, not failures") {
    for (const std::string data : {R"("616")",
                                   R"("6g")",
                                   "5",
                                   "null",
                                   "[]",
                                   "{}",
                                   R"({"fil": "a"})",
                                   R"({"text": "a", "file": "b"})",
                                   R"({"text": 5})",
                                   R"({"file": "none.bin"})",
                                   R"({"file": "../a.json"})",
                                   R"({"file": "/etc/passwd"})",
                                   R"({"file": ""})",
                                   R"({"file": "x/../../hash/a.json"})",
                                   R"({"repeat": ["41"]})",
                                   R"({"repeat": ["41", -1]})",
                                   R"({"repeat": ["", 5]})",
                                   R"({"repeat": ["41", 100000000000]})",
                                   R"({"concat": "41"})",
                                   R"({"concat": [5]})",
                                   R"({"text": "abc", "patch": [[3, "00"]]})",
                                   R"({"text": "abc", "patch": [[2, "0000"]]})",
                                   R"({"text": "abc", "patch": [[0, "61"]]})",
                                   R"({"text": "abc", "patch": [[0, ""]]})",
                                   R"({"text": "abc", "patch": [0, "00"]})",
                                   R"({"text": "abc", "patch": [[0]]})",
                                   R"({"text": "abc", "first": 4})",
                                   R"({"text": "abc", "first": -1})"}) {
        CAPTURE(data);
        CHECK(has(complaint_of_case(case_text("hash.abc", R"({"alg": "SHA-256", "data": )" + data + "}", right)),
                  "hash/a.json/hash.abc/in.data"));
    }
    std::string deep = R"("41")";
    for (int i = 0; i < 20; ++i) deep = R"({"concat": [)" + deep + "]}";
    CHECK(has(complaint_of_case(case_text("hash.abc", R"({"alg": "SHA-256", "data": )" + deep + "}", right)), "nested too deep"));
}

TEST_CASE("comments are allowed in JSON") { CHECK(good(Folder("// why\n" + file_text("/* what */ " + good_case)).run()).passed == 1); }

TEST_CASE("a file that is not right fails the whole run and names the place") {
    CHECK(has(complaint("{"), "hash/a.json"));
    CHECK(has(complaint("[]"), "want an object"));
    CHECK(has(complaint(file_text("")), "no cases"));
    CHECK(has(complaint(R"({"suite": "hash", "source": "x"})"), "no cases"));
    CHECK(has(complaint(R"({"suite": "hash", "source": "x", "cases": {}})"), "no cases"));
    CHECK(has(complaint(file_text(good_case, R"("suite": "hash")")), "source"));
    CHECK(has(complaint(file_text(good_case, R"("suite": "hash", "source": "")")), "source"));
    CHECK(has(complaint(file_text(good_case, R"("suite": "hash", "source": 5)")), "source"));
    CHECK(has(complaint(file_text(good_case, R"("suite": "hush", "source": "x")")), "unknown suite \"hush\""));
    CHECK(has(complaint(file_text(good_case, R"("source": "x")")), "suite"));
    CHECK(has(complaint(file_text(good_case, R"("suite": "hash", "source": "x", "sauce": "y")")), "unknown key \"sauce\""));
    CHECK(has(complaint(file_text(good_case, R"("suite": "hash", "source": "x", "spec": "")")), "spec"));
    CHECK(has(complaint(file_text(good_case, R"("suite": "hash", "source": "x", "source": "y")")), "stands twice"));
    CHECK(has(complaint(file_text("5")), "not an object"));
    // One bad file beside a good one.
    Folder folder(file_text(good_case));
    folder.add("hash/b.json", file_text(case_text("hash.b", abc, "{}")));
    CHECK(error_of(folder.run()) == "vectors.bad");
}

TEST_CASE("a case that is not right fails the whole run and names the case") {
    CHECK(has(complaint_of_case(case_text("hash.x", abc, right, R"("coment": "y", )")),
              "hash/a.json/hash.x: a test vector is malformed (unknown key \"coment\")"));
    CHECK(has(complaint_of_case(case_text("hash.x", abc, right, R"("comment": "", )")), "comment"));
    CHECK(has(complaint_of_case(case_text("hash.x", abc, right, R"("comment": "a", "comment": "b", )")), "stands twice"));
    CHECK(has(complaint_of_case(case_text("mac.x", abc, right)), "does not begin with \"hash.\""));
    CHECK(has(complaint_of_case(case_text("hashx", abc, right)), "does not begin"));
    CHECK(has(complaint_of_case(case_text("", abc, right)), "id"));
    CHECK(has(complaint_of_case(R"({"id": "hash.x", "op": "digets", "in": {}, "expect": {"digest": ""}})"), "unknown op \"digets\""));
    CHECK(has(complaint_of_case(R"({"id": "hash.x", "in": {}, "expect": {"digest": ""}})"), "op"));
    CHECK(has(complaint_of_case(R"({"id": "hash.x", "op": "digest", "expect": {"digest": ""}})"), "\"in\""));
    CHECK(has(complaint_of_case(R"({"id": "hash.x", "op": "digest", "in": [], "expect": {"digest": ""}})"), "\"in\""));
    CHECK(has(complaint_of_case(R"({"id": "hash.x", "op": "digest", "in": {}})"), "\"expect\""));
    CHECK(has(complaint_of_case(case_text("hash.x", abc, "{}")), "names no output"));
    CHECK(has(complaint_of_case(case_text("hash.x", abc, R"("ok")")), "names no output"));
}

TEST_CASE("inputs and outputs that the operation does not know are errors") {
    CHECK(has(complaint_of_case(case_text("hash.x", R"({"alg": "SHA-256", "data": "", "salt": "00"})", right)),
              "op digest does not read \"in.salt\""));
    CHECK(has(complaint_of_case(case_text("hash.x", R"({"alg": "SHA-256"})", right)), "missing key \"data\""));
    CHECK(has(complaint_of_case(case_text("hash.x", R"({"alg": 5, "data": ""})", right)), "in.alg"));
    CHECK(has(complaint_of_case(case_text("hash.x", abc, R"({"digset": "00"})")), "has no output \"digset\""));
    // An operation that fails has still read all its inputs.
    CHECK(has(complaint_of_case(case_text("hash.x", R"({"alg": "MD5", "data": "", "salt": ""})", R"({"error": "crypto.unsupported"})")),
              "in.salt"));
    // Inside of objects, too.
    const std::string session =
        R"("cipher": "3DES", "ks_enc": "979EC13B1CBFE9DCD01AB0FED307EAE5", "ks_mac": "F1CB1F1FB5ADF208806B89DC579DC1F8", "ssc": "887022120C06C226")";
    const std::string steps = R"({"id": "sm.x", "op": "terminal", "in": {)" + session +
                              R"(, "steps": [{"protect": "00A4020C02011E", "inss": "A4"}]}, "expect": {"alive": true}})";
    Folder folder(file_text(good_case));
    folder.add("sm/a.json", file_text(steps, R"("suite": "sm", "source": "x")"));
    const auto run = folder.run();
    REQUIRE_FALSE(run);
    CHECK(has(run.error().message(), "in.steps.0.inss"));
}

TEST_CASE("what is expected must be sayable") {
    for (const std::string expect :
         {R"({"error": "crypto.unsuported"})", R"({"error": "vectors.bad"})", R"({"error": ""})", R"({"error": 5})",
          R"({"error": "crypto.unsupported", "digest": "00"})", R"({"error": "crypto.unsupported", "where": ""})"}) {
        CAPTURE(expect);
        CHECK(has(complaint_of_case(case_text("hash.x", abc, expect)), "hash.x"));
    }
    CHECK(has(complaint_of_case(case_text("hash.x", abc, R"({"digest": "0"})")), "expect.digest"));
    CHECK(has(complaint_of_case(case_text("hash.x", abc, R"({"one_of": []})")), "one_of"));
    CHECK(only_result(case_text("hash.x", abc, R"({"one_of": ["00", ")" + digest_of_abc + R"("]})")).status == Status::passed);
    CHECK(only_result(case_text("hash.x", abc, R"({"one_of": ["00", "01"]})")).status == Status::failed);
}

TEST_CASE("flags must be explained in the notes") {
    const auto with = [](const std::string& notes, const std::string& flags) {
        return file_text(case_text("hash.x", abc, right, R"("flags": )" + flags + ", "),
                         R"("suite": "hash", "source": "x", "notes": )" + notes);
    };
    const std::string note = R"({"Long": {"bugType": "EDGE_CASE", "text": "t", "refs": ["r"]}})";
    CHECK(complaint(with(note, R"(["Long"])")) == "none");
    CHECK(has(complaint(with(note, R"(["Short"])")), "flag \"Short\""));
    CHECK(has(complaint(with("{}", R"(["Long"])")), "flag \"Long\""));
    CHECK(has(complaint(with(note, R"("Long")")), "flags"));
    CHECK(has(complaint(with(note, "[5]")), "flags"));
    CHECK(has(complaint(with(R"({"Long": {"bugType": "X", "txt": "t"}})", "[]")), "unknown key \"txt\""));
    CHECK(has(complaint(with(R"({"Long": {"bugType": "X"}})", "[]")), "text"));
    CHECK(has(complaint(with(R"({"Long": {"text": "X"}})", "[]")), "bugType"));
    CHECK(has(complaint(with(R"({"Long": {"bugType": "X", "text": "t", "refs": "r"}})", "[]")), "refs"));
    CHECK(has(complaint(with("[]", "[]")), "notes"));
}

TEST_CASE("ids are unique over all files") {
    CHECK(has(complaint(file_text(good_case + "," + good_case)), "stands twice"));
    Folder folder(file_text(good_case));
    folder.add("more/b.json", file_text(good_case));
    const auto run = folder.run();
    REQUIRE_FALSE(run);
    CHECK(has(run.error().message(), "more/b.json/hash.abc"));
    CHECK(has(run.error().message(), "first in hash/a.json"));
}

TEST_CASE("features: a skip is counted and has a reason, an unknown name is an error") {
    const auto skipped = only_result(case_text("hash.x", abc, right, R"("requires": ["openssl-legacy"], )"));
    CHECK(skipped.status == Status::skipped);
    CHECK(skipped.reason == "requires openssl-legacy");
    CHECK(only_result(case_text("hash.x", abc, right, R"("requires": ["brainpool"], )")).status == Status::passed);
    CHECK(has(complaint_of_case(case_text("hash.x", abc, right, R"("requires": ["brainpol"], )")), "unknown feature \"brainpol\""));
    const auto text = vectors::to_text(run_good(case_text("hash.x", abc, right, R"("requires": ["openssl-legacy"], )")));
    CHECK(text == "skipped hash.x (hash/a.json): requires openssl-legacy\n0 passed, 0 failed, 1 skipped\n");
}

TEST_CASE("a pattern chooses cases by their ids") {
    const auto ids_for = [](const std::string& only) {
        const auto summary = Folder(file_text(case_text("hash.a.one", abc, right) + "," + case_text("hash.a.two", abc, right) + "," +
                                              case_text("hash.b.one", abc, right)))
                                 .run(only);
        if (!summary) return std::string(summary.error().name());
        std::string text;
        for (const auto& r : summary->results) text += r.id + " ";
        return text;
    };
    CHECK(ids_for("") == "hash.a.one hash.a.two hash.b.one ");
    CHECK(ids_for("*") == ids_for(""));
    CHECK(ids_for("hash.a.one") == "hash.a.one ");
    CHECK(ids_for("hash.a.*") == "hash.a.one hash.a.two ");
    CHECK(ids_for("*one") == "hash.a.one hash.b.one ");
    CHECK(ids_for("*.?.one") == "hash.a.one hash.b.one ");
    CHECK(ids_for("*a*o*") == "hash.a.one hash.a.two hash.b.one ");
    CHECK(ids_for("?ash.a.t*") == "hash.a.two ");
    CHECK(ids_for("hash.a.one*") == "hash.a.one ");
    CHECK(ids_for("**t***w**") == "hash.a.two ");
    // A pattern that fits nothing would look like success.
    CHECK(ids_for("hash") == "cli.usage");
    CHECK(ids_for("hash.a.one?") == "cli.usage");
    CHECK(ids_for("Hash.*") == "cli.usage");
}

TEST_CASE("listing runs nothing") {
    auto wrong = digest_of_abc;
    wrong[0] = '0';
    const auto summary =
        good(Folder(file_text(good_case + "," + case_text("hash.wrong", abc, R"({"digest": ")" + wrong + R"("})"))).run({}, true));
    CHECK(summary.passed == 0);
    CHECK(summary.failed == 0);
    CHECK(summary.skipped == 2);
    CHECK(has(vectors::to_text(summary), "hash.wrong"));
}

TEST_CASE("COUNTS: cases that got lost fail the run") {
    const auto run = [](const std::string& counts, const std::string& only = {}, bool list = false) {
        Folder folder(file_text(good_case));
        folder.add("COUNTS", counts);
        return folder.run(only, list);
    };
    CHECK(good(run("hash 1\n")).failed == 0);
    CHECK(good(run("# cases\r\n\r\nhash 0 # none\r\n")).failed == 0);
    const auto fewer = good(run("hash 2\n"));
    CHECK(fewer.passed == 1);
    CHECK(fewer.failed == 1);
    CHECK(has(vectors::to_text(fewer), "FAILED hash.COUNTS (COUNTS): 1 cases, at least 2 are required"));
    CHECK(vectors::counts_text(fewer) == "hash 1\n");
    CHECK(has(vectors::to_text(good(run("hash 1\nbac 5\n"))), "bac.COUNTS (COUNTS): 0 cases, at least 5"));
    for (const std::string counts :
         {"", "bac 0\n", "hash\n", "hash x\n", "hash -1\n", "hash 1 2\n", "hash 1x\n", "hash 1\nhash 1\n", " 1\n"}) {
        CAPTURE(counts);
        CHECK(error_of(run(counts)) == "vectors.bad");
    }
    // Part of the cases cannot be compared with the count of all.
    CHECK(good(run("hash 2\n", "hash.abc")).failed == 0);
    CHECK(good(run("hash 2\n", {}, true)).failed == 0);
    // What cannot be run here is not lost.
    Folder skipping(file_text(case_text("hash.x", abc, right, R"("requires": ["openssl-legacy"], )")));
    skipping.add("COUNTS", "hash 1\n");
    CHECK(good(skipping.run()).failed == 0);
}

TEST_CASE("the walk takes folder/*/*.json and leaves schema/ out") {
    Folder folder(file_text(good_case));
    folder.add("schema/hash.schema.json", "not a vector");
    folder.add("hash/README.md", "not a vector");
    folder.add("hash/deep/c.json", "not a vector");
    folder.add("d.json", "not a vector");
    folder.add("b/b.json", file_text(case_text("hash.b", abc, right)));
    const auto summary = good(folder.run());
    CHECK(summary.passed == 2);
    CHECK(summary.results.at(0).file == "b/b.json");
    TempFolder empty;
    CHECK(error_of(vectors::run_vectors({empty.path(), {}, false})) == "vectors.bad");
    CHECK(error_of(vectors::run_vectors({empty / "none", {}, false})) == "input.not_found");
}

TEST_CASE("numbers, lists and texts are compared as what they are") {
    const auto status = [](const std::string& suite, const std::string& one_case) {
        Folder folder(file_text(good_case));
        folder.add("x/x.json", file_text(one_case, R"("suite": ")" + suite + R"(", "source": "x")"));
        const auto summary = good(folder.run(suite + ".x"));
        return summary.results.at(0).status;
    };
    const auto integer = [&](const std::string& value) {
        return status("der", R"({"id": "der.x", "op": "read_integer", "in": {"data": "02020080"}, "expect": {"value": )" + value + "}}");
    };
    CHECK(integer("128") == Status::passed);
    CHECK(integer("127") == Status::failed);
    CHECK(integer("\"128\"") == Status::failed);
    CHECK(integer("true") == Status::failed);
    const auto bits = [&](const std::string& list) {
        return status("der", R"({"id": "der.x", "op": "read_named_bits", "in": {"data": "03020106"}, "expect": {"bits": )" + list + "}}");
    };
    CHECK(bits("[5, 6]") == Status::passed);
    CHECK(bits("[5]") == Status::failed);
    CHECK(bits("[6, 5]") == Status::failed);
    CHECK(bits("[5, 6, 7]") == Status::failed);
    const auto name = [&](const std::string& text) {
        return status("der", R"({"id": "der.x", "op": "read_string", "in": {"data": "0C02C384"}, "expect": {"text": )" + text + "}}");
    };
    CHECK(name("\"Ä\"") == Status::passed);
    CHECK(name(R"({"text": "Ä"})") == Status::passed);
    CHECK(name(R"({"concat": ["C3", "84"]})") == Status::passed);
    CHECK(name("\"A\"") == Status::failed);
    CHECK(name("\"C384\"") == Status::failed);
    const auto element = [&](const std::string& fields) {
        return status("tlv", R"({"id": "tlv.x", "op": "walk", "in": {"data": "3003020105", "rules": "der"}, "expect": {"elements": [)" +
                                 fields + "]}}");
    };
    CHECK(element(R"({"tag": "30", "value": "02 01 05"})") == Status::passed);
    CHECK(element(R"({"tag": "30", "value": "020106"})") == Status::failed);
    CHECK(element("{}") == Status::passed);
    CHECK(element("") == Status::failed);
}
