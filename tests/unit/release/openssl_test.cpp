// A program that knows nothing of us: it verifies what we sign, and what it signs is taken.
#include "unit/command.hpp"
#include "unit/release/operator_maker.hpp"

using namespace idchip;
using namespace idchip::test;

namespace {

struct Desk {
    TempFolder folder;
    Holder an = make_holder("An"), binh = make_holder("Binh", {.curve = std::nullopt});
    std::vector<pki::Certificate> operators = certificates({&an, &binh});
    release::Request request = a_request();

    Desk() {
        save("an", an);
        save("binh", binh);
        good(write_text(folder / "request.txt", request.statement()));
    }
    void save(const std::string& name, const Holder& person) const {
        good(write_text(folder / (name + ".crt"), pki::to_pem(person.certificate.raw, "CERTIFICATE")));
        good(write_text(folder / (name + ".pem"), good(person.key->to_pem())));
    }
    std::string path(std::string_view name) const { return (folder / name).string(); }
    std::string signer(const std::string& name) const { return " -signer " + path(name + ".crt") + " -inkey " + path(name + ".pem"); }
    // What `openssl cms -sign` makes with these options.
    Bytes sign(const std::string& options) const {
        const auto r = run("openssl cms -sign -in " + path("request.txt") + " -outform DER -out " + path("foreign.p7") + " " + options);
        CAPTURE(r.output);
        REQUIRE(r.status == 0);
        return good(read_file(folder / "foreign.p7"));
    }
    std::string error(const std::vector<Bytes>& releases) const {
        return error_of(release::check(request, releases, operators, release_now));
    }
};

}  // namespace

TEST_CASE("openssl cms verifies a release, and gives back the statement", "[release]") {
    if (!openssl_is_here()) return;
    const Desk d;
    for (const auto* person : {&d.an, &d.binh}) {
        good(write_file(d.folder / "release.p7", released_by(*person, d.request)));
        const auto name = person == &d.an ? "an.crt" : "binh.crt";
        const auto r = run("openssl cms -verify -binary -inform DER -purpose any -in " + d.path("release.p7") + " -CAfile " + d.path(name) +
                           " -out " + d.path("statement"));
        CAPTURE(r.output);
        CHECK(r.status == 0);
        CHECK(good(read_text(d.folder / "statement")) == d.request.statement());
    }
}

TEST_CASE("what openssl cms signs is a release", "[release]") {
    if (!openssl_is_here()) return;
    const Desk d;
    const auto a = d.sign("-nodetach -binary" + d.signer("an"));
    const auto b = d.sign("-nodetach -binary -keyid -nocerts" + d.signer("binh") + " -keyopt rsa_padding_mode:pss");
    CHECK(good(release::check(d.request, std::vector<Bytes>{a, b}, d.operators, release_now)).operators ==
          std::vector<std::string>{"An", "Binh"});
    CHECK(d.error({a, released_by(d.binh, d.request)}) == "none");
    CHECK(d.error({a, a}) == "release.missing");
    // Pieces of unknown length, as large files are signed.
    CHECK(d.error({a, d.sign("-nodetach -binary -stream" + d.signer("binh"))}) == "none");
    // Both in one file; the same one twice in it.
    CHECK(d.error({d.sign("-nodetach -binary" + d.signer("an") + d.signer("binh"))}) == "none");
    CHECK(d.error({d.sign("-nodetach -binary -nocerts" + d.signer("an") + d.signer("an"))}) == "release.missing");
}

TEST_CASE("what openssl cms signs otherwise is not", "[release]") {
    if (!openssl_is_here()) return;
    const Desk d;
    const auto a = released_by(d.an, d.request);
    CHECK(d.error({a, d.sign("-binary" + d.signer("binh"))}) == "release.bad");    // detached: what was signed is not there
    CHECK(d.error({a, d.sign("-nodetach" + d.signer("binh"))}) == "release.bad");  // ends of lines were changed
    CHECK(d.error({a, d.sign("-nodetach -binary -noattr" + d.signer("binh"))}) == "release.bad");
    CHECK(d.error({a, d.sign("-nodetach -binary -md sha1" + d.signer("binh"))}) == "release.bad");
    // An operator and a stranger in one file.
    d.save("dung", make_holder("Dung"));
    CHECK(d.error({a, d.sign("-nodetach -binary" + d.signer("binh") + d.signer("dung"))}) == "release.bad");
}
