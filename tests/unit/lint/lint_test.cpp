// What a file is, how it comes, and what cannot be judged.
#include "lint/cms_maker.hpp"
#include "unit.hpp"

#include <nlohmann/json.hpp>

#include <idchip/lint/lint.hpp>
#include <idchip/report/lint_report.hpp>

using namespace idchip;
using namespace idchip::lint;
using namespace idchip::lint::maker;
using test::bytes_of;
using test::error_of;
using test::good;

namespace {

Bytes in_pem(const Bytes& der, std::string_view label) { return bytes_of(pki::to_pem(der, label)); }

std::vector<Bytes> one_of_each() {
    return {root().der(),       maker::link().der(), document_signer().der(), crl().der(),
            maker::sod().der(), master_list().der(), deviation_list().der()};
}

// Whatever becomes of it: every finding is of the table, and severity and reference are the rule's.
void check_findings(const Report& report) {
    for (const auto& f : report.findings) {
        const auto rule = std::find_if(rules().begin(), rules().end(), [&](const RuleInfo& r) { return r.name == f.rule; });
        REQUIRE(rule != rules().end());
        REQUIRE(f.severity == rule->severity);
        REQUIRE(f.text.starts_with(rule->text));
    }
}

}  // namespace

TEST_CASE("kinds have names, and names kinds", "[lint]") {
    CHECK(kind_names().size() == 10);
    for (const auto& n : kind_names()) CHECK(name(*kind_by_name(n)) == n);
    CHECK_FALSE(kind_by_name("certificate"));
}

TEST_CASE("PEM is taken as DER is", "[lint]") {
    CHECK(good(lint::lint(in_pem(root().der(), "CERTIFICATE"))).kind == Kind::csca);
    CHECK(good(lint::lint(in_pem(crl().der(), "X509 CRL"))).kind == Kind::crl);
    CHECK(good(lint::lint(in_pem(master_list().der(), "CMS"))).kind == Kind::master_list);
    CHECK(good(lint::lint(in_pem(master_list().der(), "PKCS7"))).kind == Kind::master_list);
    CHECK(error_of(lint::lint(bytes_of("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"))) == "input.bad_base64");
}

TEST_CASE("a certificate's kind follows from what only that kind has", "[lint]") {
    const auto kind = [](auto certificate) { return good(lint::lint(certificate.der())).kind; };
    auto plain = document_signer();
    plain.drop(id::doc_types);
    CHECK(kind(plain) == Kind::document_signer);  // the sixth edition had no document types
    auto self_issued = root();
    self_issued.drop(id::constraints);
    self_issued.drop(id::key_usage);
    CHECK(kind(self_issued) == Kind::csca);
    auto renamed = maker::link();
    renamed.subject = ds_name();
    CHECK(kind(renamed) == Kind::link);
    auto with_types = root();  // a CSCA that signs documents is still a CSCA
    with_types.set(id::doc_types, types({text(der::printable_string, "P")}));
    CHECK(kind(with_types) == Kind::csca);
    auto tampered = root();
    tampered.edit_signature = [](Bytes& s) { s.back() ^= 1; };
    CHECK(kind(tampered) == Kind::csca);
    auto both = list_signer(id::mls);
    both.set(id::doc_types, types({text(der::printable_string, "P")}));
    CHECK(kind(both) == Kind::master_list_signer);
}

TEST_CASE("what is asked for by name is judged as that, and a file of another form is refused", "[lint]") {
    const auto as_link = good(lint::lint(root().der(), Kind::link));
    CHECK(as_link.kind == Kind::link);
    CHECK_FALSE(as_link.conforms());
    CHECK_FALSE(good(lint::lint(document_signer().der(), Kind::csca)).conforms());
    CHECK(error_of(lint::lint(root().der(), Kind::crl)) == "input.unknown_content");
    CHECK(error_of(lint::lint(root().der(), Kind::sod)) == "input.unknown_content");
    CHECK(error_of(lint::lint(crl().der(), Kind::csca)) == "input.unknown_content");
    CHECK(error_of(lint::lint(maker::sod().der(), Kind::master_list)) == "input.unknown_content");
    CHECK(error_of(lint::lint(master_list().der(), Kind::document_signer)) == "input.unknown_content");
    CHECK(error_of(lint::lint(master_list().der(), Kind::crl)) == "input.unknown_content");
}

TEST_CASE("what is none of the kinds is refused", "[lint]") {
    CHECK(error_of(lint::lint({})) == "tlv.missing");
    CHECK(error_of(lint::lint(bytes_of("hello"))) != "none");
    CHECK(error_of(lint::lint(der::write_integer(1))) == "input.unknown_content");
    CHECK(error_of(lint::lint(sequence({der::write_integer(1)}))) == "input.unknown_content");
    auto other = master_list();
    other.type = "2.23.136.1.1.9";
    CHECK(error_of(lint::lint(other.der())) == "input.unknown_content");
}

TEST_CASE("findings stand in the order of their weight, with their place and the standard's", "[lint]") {
    auto c = root();
    c.drop(id::usage_period);
    c.at(id::subject_alt).value = c.at(id::issuer_alt).value = names_of({directory()});
    const auto report = good(lint::lint(c.der()));
    REQUIRE(report.findings.size() == 3);
    CHECK(report.findings[0].rule == "pkup.missing");
    CHECK(report.findings[0].where == "extensions/2.5.29.16");
    CHECK(report.findings[0].reference == "9303-12, table 6");
    CHECK(report.findings[1].rule == "altname.no_contact");
    CHECK(report.count(Severity::error) == 1);
    CHECK(report.count(Severity::warning) == 2);
    CHECK_FALSE(report.conforms());
}

TEST_CASE("a serial number that an issuer has given twice shows only among several files", "[lint]") {
    const auto certificate = maker::document_signer().der();
    auto renewed = maker::document_signer();
    renewed.not_after = maker::text(der::utc_time, "370101000000Z");
    const auto other = renewed.der();
    lint::Collection collection;
    CHECK(good(collection.add(certificate)).conforms());
    CHECK(good(collection.add(certificate)).conforms());  // the same file twice
    const auto report = good(collection.add(other));
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].rule == "cert.serial_reused");
    CHECK(good(lint::lint(other)).conforms());
}

TEST_CASE("a report as text and as JSON says the same", "[lint]") {
    auto c = root();
    c.drop(id::usage_period);
    c.issuer = c.subject = name({{id::country, "VN", der::printable_string}, {id::common_name, "\"C\"\x1B[31m"}});
    const auto report = good(lint::lint(c.der()));
    const auto json = nlohmann::json::parse(report::to_json(report));
    CHECK(json.at("kind") == "csca");
    CHECK(json.at("conforms") == false);
    CHECK(json.at("errors") == 1);
    CHECK(json.at("warnings") == 0);
    REQUIRE(json.at("findings").size() == 1);
    CHECK(json.at("findings")[0].at("rule") == "pkup.missing");
    CHECK(json.at("findings")[0].at("severity") == "error");
    const auto text = report::to_text(report);
    CHECK(text.find("pkup.missing at extensions/2.5.29.16") != std::string::npos);
    CHECK(text.find("does not conform: 1 error, 0 warnings") != std::string::npos);
    CHECK(text.find('\x1B') == std::string::npos);
    CHECK(report::to_text(good(lint::lint(root().der()))).find("conforms: 0 errors") != std::string::npos);
}

TEST_CASE("cut off anywhere, a file is refused and not judged", "[lint]") {
    for (const auto& file : one_of_each())
        for (std::size_t n = 0; n < file.size(); ++n) REQUIRE_FALSE(lint::lint(ByteView(file).first(n)));
}

TEST_CASE("with any byte changed, a file is refused, or judged by the table", "[lint]") {
    constexpr Byte flips[] = {0x01, 0x20, 0x80, 0xFF};
    for (const auto& file : one_of_each())
        // Large files hold other certificates, and these are large for their curves' parameters.
        for (std::size_t i = 0, step = file.size() > 2000 ? 3 : 1; i < file.size(); i += step) {
            auto changed = file;
            changed[i] ^= flips[i % std::size(flips)];
            if (const auto report = lint::lint(changed)) check_findings(*report);
        }
}
