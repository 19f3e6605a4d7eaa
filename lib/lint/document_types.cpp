// documentTypeList: Doc 9303-12, 7.1.1.6.
#include <algorithm>
#include <set>

#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

struct DocumentTypes {
    std::int64_t version = 0;
    std::vector<tlv::Element> types;
};
Result<DocumentTypes> read_document_types(ByteView value) {
    tlv::Reader outer(value, lenient, "DocumentTypeList");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    DocumentTypes list;
    list.version = TRY(der::read_integer(r));
    auto set = r.enter(TRY(r.expect(der::set)));
    TRY(r.expect_end());
    while (!set.at_end()) list.types.push_back(TRY(set.next()));
    return list;
}

void check_type(const tlv::Element& type, const std::string& where, Findings& f) {
    const auto code = as_text(type.value);
    f.want(type.tag == der::printable_string, Rule::doctype_string, where, "tag " + tlv::tag_text(type.tag));
    if (code.empty() || code.size() > 2) {
        f.add(Rule::doctype_length, where, printable(code.substr(0, 32)));
        return;
    }
    const bool letters = std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    f.want(letters, Rule::doctype_characters, where, printable(code));
    // First letter of the document code: 9303-4 P, 9303-5 and 9303-6 A, C, I, 9303-7 V.
    if (letters) f.want(std::string_view("ACIPV").find(code[0]) != std::string_view::npos, Rule::doctype_code, where, code);
}

}  // namespace

void check_document_types(const Subject& s, Findings& f) {
    const auto* e = find(s.certificate.extensions, pki::oids::document_type_list());
    if (e == nullptr) return;
    const auto list = opened(read_document_types(e->value), *e, f);
    if (!list) return;
    const auto where = place(e->id);
    f.want(list->version == 0, Rule::doctype_version, where, std::to_string(list->version));
    f.want(!list->types.empty(), Rule::doctype_empty, where);
    std::set<std::string> seen;
    for (const auto& type : list->types) {
        check_type(type, where, f);
        f.want(seen.insert(as_text(type.value)).second, Rule::doctype_duplicate, where);
    }
}

}  // namespace idchip::lint
