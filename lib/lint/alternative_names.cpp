// subjectAltName and issuerAltName: contact, and the issuing state as the MRZ names it. Doc 9303-12, 7.1.1.2.
#include <algorithm>

#include <idchip/base/text.hpp>
#include <idchip/pki/country.hpp>

#include "base/try.hpp"
#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

// RFC 5280, 4.2.1.6: GeneralName
constexpr auto rfc822_name = der::context(1), dns_name = der::context(2), uri = der::context(6);
constexpr auto directory_name = der::context_constructed(4);

struct AlternativeName {
    std::vector<tlv::Element> contacts;
    std::optional<RawName> directory;  // of several, the first that has a locality
};
Result<AlternativeName> read_alternative_name(ByteView value) {
    tlv::Reader outer(value, lenient, "GeneralNames");
    auto list = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    AlternativeName names;
    while (!list.at_end()) {
        const auto e = TRY(list.next());
        if (e.tag == rfc822_name || e.tag == dns_name || e.tag == uri) names.contacts.push_back(e);
        if (e.tag != directory_name) continue;
        auto name = TRY(read_name(e.value));
        if (!names.directory || names.directory->find(pki::oids::locality()) == nullptr) names.directory = std::move(name);
    }
    return names;
}

// RFC 5280, 4.2.1.6: a mailbox, a host name, a URI with its scheme; no more than that is looked at.
bool is_contact(const tlv::Element& e) {
    const auto text = as_text(e.value);
    const bool ascii = std::all_of(e.value.begin(), e.value.end(), [](Byte b) { return b > 0x20 && b < 0x7F; });
    if (text.empty() || !ascii) return false;
    if (e.tag == uri) return text.find(':') != std::string::npos && text.find(':') > 0;
    const auto at = text.find('@');
    if (e.tag == dns_name) return at == std::string::npos && text.find('/') == std::string::npos;
    return at != std::string::npos && at > 0 && at + 1 < text.size();
}

void check_directory(const RawName& name, const std::string& country, const std::string& where, Findings& f) {
    check_strings(name, where, f);
    const auto* locality = name.find(pki::oids::locality());
    const auto* state = name.find(pki::oids::state());
    const auto other = std::find_if(name.attributes.begin(), name.attributes.end(), [](const RawAttribute& a) {
        return !(a.type == pki::oids::locality()) && !(a.type == pki::oids::state());
    });
    if (other != name.attributes.end()) f.add(Rule::altname_other_attribute, where, other->type.dotted());
    const auto state_code = state != nullptr ? as_text(state->value) : std::string();
    if (state != nullptr)
        f.want(state_code.size() == 3 && pki::certificate_country(state_code), Rule::altname_state_code, where, printable(state_code));
    if (locality == nullptr) {
        f.add(Rule::altname_no_locality, where);
        return;
    }
    const auto code = as_text(locality->value);
    if (!pki::certificate_country(code)) f.add(Rule::altname_locality_code, where, printable(code));
    else if (!country.empty())
        f.want(pki::same_issuer(code, country) || pki::same_issuer(state_code, country), Rule::altname_locality_country, where,
               code + " and " + printable(country));
}

void check_one(const RawExtension& e, const std::string& country, Findings& f) {
    const auto names = opened(read_alternative_name(e.value), e, f);
    if (!names) return;
    const auto where = place(e.id);
    f.want(!names->contacts.empty(), Rule::altname_no_contact, where);
    const auto odd = std::find_if_not(names->contacts.begin(), names->contacts.end(), is_contact);
    if (odd != names->contacts.end()) f.add(Rule::altname_contact_form, where, printable(as_text(odd->value)));
    if (names->directory) check_directory(*names->directory, country, where + "/directoryName", f);
    else f.add(Rule::altname_no_directory_name, where);
}

std::string country_of(const RawName& name) {
    const auto* country = name.find(pki::oids::country());
    return country != nullptr ? as_text(country->value) : std::string();
}

}  // namespace

void check_alternative_names(const Subject& s, Findings& f) {
    const auto& c = s.certificate;
    const auto* subject = find(c.extensions, pki::oids::subject_alt_name());
    const auto* issuer = find(c.extensions, pki::oids::issuer_alt_name());
    if (subject != nullptr) check_one(*subject, country_of(c.subject), f);
    if (issuer != nullptr) check_one(*issuer, country_of(c.issuer), f);
    if (s.profile == Profile::root && subject != nullptr && issuer != nullptr)
        f.want(equal(subject->value, issuer->value), Rule::altname_differ, place(issuer->id));
}

}  // namespace idchip::lint
