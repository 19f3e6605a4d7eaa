// What the makers give breaks no rule: the ground under every other test of this folder.
#include "lint/cases.hpp"
#include "lint/maker.hpp"
#include "unit.hpp"

using namespace idchip;
using namespace idchip::lint;
using namespace idchip::lint::maker;
using idchip::test::good;

namespace {

void check_clean(ByteView file, Kind kind, std::string_view subject) {
    const auto report = good(lint::lint(file));
    CAPTURE(name(kind));
    CHECK(report.kind == kind);
    CHECK(report.subject == subject);
    for (const auto& f : report.findings) FAIL_CHECK(f.rule << " at " << f.where << ": " << f.text);
    CHECK(report.conforms());
}

}  // namespace

TEST_CASE("certificates and lists that keep the profile have no finding, and their kind is seen", "[lint]") {
    check_clean(root().der(), Kind::csca, "C=VN, CN=CSCA Lint");
    check_clean(maker::link().der(), Kind::link, "C=VN, CN=CSCA Lint");
    check_clean(document_signer().der(), Kind::document_signer, "C=VN, CN=DS Lint 1");
    check_clean(list_signer(id::mls).der(), Kind::master_list_signer, "C=VN, CN=List signer");
    check_clean(list_signer(id::dls).der(), Kind::deviation_list_signer, "C=VN, CN=List signer");
    check_clean(communication().der(), Kind::other_certificate, "C=VN, CN=List signer");
    check_clean(short_signer(id::lds2).der(), Kind::other_certificate, "C=VN, CN=AB");
    check_clean(short_signer(id::bar_code).der(), Kind::other_certificate, "C=VN, CN=AB");
    check_clean(crl().der(), Kind::crl, "C=VN, CN=CSCA Lint");
}
