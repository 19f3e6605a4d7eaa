// Revocation lists: Doc 9303-12, 4.1.5 and tables 9 and 10.
#include "lint/cases.hpp"
#include "lint/maker.hpp"
#include "unit.hpp"

namespace idchip::lint::cases {

using namespace maker;
using namespace test;
using tlv::element;

namespace {

std::function<Bytes()> updates(std::string_view from, std::string_view next) {
    return edited(crl, [=](auto& c) {
        c.this_update = text(der::utc_time, from);
        c.next_update = text(der::utc_time, next);
    });
}
std::function<Bytes()> revoking(const std::vector<Bytes>& list) {
    return edited(crl, [list](auto& c) { c.revoked = entries(list); });
}
std::function<Bytes()> numbered(const Bytes& contents) {
    return edited(crl, [contents](auto& c) { c.at(id::crl_number).value = element(der::integer, contents); });
}
std::function<Bytes()> with(std::string_view extension, const Bytes& value, bool critical = false) {
    return edited(crl, [=](auto& c) { c.set(extension, value, critical); });
}
Extension reason(int code) { return {"2.5.29.21", false, element(der::enumerated, Bytes{static_cast<Byte>(code)}), {}}; }

}  // namespace

Cases crl_cases() {
    const auto any = der::write_null();
    const Extension private_one{"1.2.3.4", false, any, {}}, critical_one{"1.2.3.4", true, any, {}};
    return {
        {"crl.version", "version 1", edited(crl, [](auto& c) { c.version.clear(); }), clean(crl)},
        {"crl.version", "version 3", edited(crl, [](auto& c) { c.version = der::write_integer(2); }), clean(crl)},
        {"crl.next_update_missing", "none", edited(crl, [](auto& c) { c.next_update.clear(); }), clean(crl)},
        {"crl.update_order", "the same instant", updates("261121000000Z", "261121000000Z"), updates("261121000000Z", "261123000000Z")},
        {"crl.period_long", "90 days and a second", updates("261121000000Z", "270219000001Z"), updates("261121000000Z", "270219000000Z")},
        {"crl.period_short", "a second less than 48 hours", updates("261121000000Z", "261122235959Z"),
         updates("261121000000Z", "261123000000Z")},
        {"crl.empty_list", "present and empty", revoking({}), revoking({entry(1)})},
        {"crl.entry_extension", "reasonCode", revoking({entry(1, "261120000000Z", {reason(1)})}), revoking({entry(1)})},
        {"crl.entry_extension", "invalidityDate",
         revoking({entry(1, "261120000000Z", {{"2.5.29.24", false, text(der::generalized_time, "20261101000000Z"), {}}})}),
         revoking({entry(1, "261120000000Z", {private_one})})},
        {"crl.entry_extension", "certificateIssuer, critical",
         revoking({entry(1, "261120000000Z", {{"2.5.29.29", true, names_of({directory()}), {}}})}), revoking({entry(1)})},
        {"crl.entry_extension", "holdInstructionCode",
         revoking({entry(1, "261120000000Z", {{"2.5.29.23", false, oid("1.2.840.10040.2.1"), {}}})}), revoking({entry(1)})},
        {"crl.duplicate_entry", "twice", revoking({entry(1), entry(1)}), revoking({entry(1), entry(2)})},
        {"crl.revoked_later", "a second after the list", revoking({entry(1, "261121000001Z")}), revoking({entry(1, "261121000000Z")})},
        {"crl.number_missing", "none", edited(crl, [](auto& c) { c.drop(id::crl_number); }), clean(crl)},
        {"crl.number_negative", "-1", numbered({0xFF}), numbered({0})},
        {"crl.number_long", "21 octets", numbered(Bytes(21, 1)), numbered(Bytes(20, 1))},
        {"crl.number_shortest", "a needless zero", numbered({0, 1}), numbered({1})},
        {"aki.missing", "in a CRL", edited(crl, [](auto& c) { c.drop(id::aki); }), clean(crl)},
        {"aki.no_key_id", "in a CRL", edited(crl, [](auto& c) { c.at(id::aki).value = sequence({}); }), clean(crl)},
        {"ext.forbidden", "deltaCRLIndicator", with("2.5.29.27", der::write_integer(1)), clean(crl)},
        {"ext.forbidden", "issuingDistributionPoint", with("2.5.29.28", sequence({}), true), clean(crl)},
        {"ext.forbidden", "freshestCRL", with("2.5.29.46", sequence({})), clean(crl)},
        {"ext.criticality", "a critical cRLNumber", with(id::crl_number, der::write_integer(1), true),
         with(id::crl_number, der::write_integer(1))},
        {"ext.unknown_critical", "in the list", with("1.2.3.4", any, true), with("1.2.3.4", any)},
        {"ext.unknown_critical", "in an entry", revoking({entry(1, "261120000000Z", {critical_one})}),
         revoking({entry(1, "261120000000Z", {private_one})})},
        {"ext.malformed", "cRLNumber as text", with(id::crl_number, text(der::utf8_string, "1")), clean(crl)},
        {"ext.duplicate", "cRLNumber twice", edited(crl, [](auto& c) { c.list.push_back(c.at(id::crl_number)); }), clean(crl)},
        {"time.not_zulu", "in thisUpdate", updates("261121000000", "261201000000Z"), updates("261121000000Z", "261201000000Z")},
        {"time.no_seconds", "in an entry", revoking({entry(1, "2611200000Z"), entry(2, "2611200000Z")}), revoking({entry(1), entry(2)})},
        {"time.generalized_early", "in nextUpdate",
         edited(crl, [](auto& c) { c.next_update = text(der::generalized_time, "20270219000000Z"); }), clean(crl)},
        {"name.country_case", "in the issuer",
         edited(crl,
                [](auto& c) {
                    c.issuer = name({{id::country, "vn", der::printable_string}, {id::common_name, "CSCA Lint"}});
                }),
         clean(crl)},
        {"sig.algorithms_differ", "in a CRL", edited(crl, [](auto& c) { c.inner = identifier("1.2.840.10045.4.3.2"); }), clean(crl)},
        {"alg.hash", "SHA-1 in a CRL", edited(crl, [](auto& c) { c.algorithm = algorithm(crypto::Scheme::ecdsa, crypto::HashAlg::sha1); }),
         clean(crl)},
        {"sig.ecdsa_form", "an empty signature", edited(crl, [](auto& c) { c.edit_signature = [](Bytes& s) { s.clear(); }; }), clean(crl)},
        {"der.default", "critical FALSE",
         edited(crl,
                [](auto& c) {
                    c.at(id::aki).criticality = Bytes{1, 1, 0};
                }),
         clean(crl)},
        {"der.trailing", "two bytes",
         edited(crl,
                [](auto& c) {
                    c.trailing = Bytes{0, 0};
                }),
         clean(crl)},
    };
}

}  // namespace idchip::lint::cases

using namespace idchip;
using namespace idchip::lint;

TEST_CASE("revocation lists: each rule is broken alone, and kept by a neighbour", "[lint]") { cases::run(cases::crl_cases()); }

TEST_CASE("a rule that many entries of a CRL break is told once, with their number", "[lint]") {
    auto many = maker::crl();
    std::vector<Bytes> list;
    for (int i = 1; i <= 300; ++i)
        list.push_back(maker::entry(i, "2611200000Z", i < 3 ? std::vector<maker::Extension>() : std::vector{cases::reason(1)}));
    many.revoked = maker::entries(list);
    const auto report = test::good(lint::lint(many.der()));
    REQUIRE(report.findings.size() == 2);
    CHECK(report.findings[0].rule == "time.no_seconds");
    CHECK(report.findings[0].where == "revokedCertificates/0");
    CHECK(report.findings[1].rule == "crl.entry_extension");
    CHECK(report.findings[1].where == "revokedCertificates/2");
    CHECK(report.findings[1].text.ends_with("298 entries"));
}
