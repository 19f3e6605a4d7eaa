// Whether the parts of a card tell the same story. Pure; findings name fields, never values.
#pragma once

#include <idchip/national/vietnam/finding.hpp>
#include <idchip/national/vietnam/mrz_variant.hpp>
#include <idchip/national/vietnam/person.hpp>
#include <idchip/national/vietnam/qr.hpp>

namespace idchip::vietnam {

// The name in the zone against the name as written. Warnings: vn.name_differs, vn.name_not_comparable.
Findings compare_name(const mrz::Mrz& mrz, std::string_view full_name);

// Details by themselves: the number (error vn.number_form; warnings as check(PersonalNumber)) and the term of validity
// (warning vn.expiry_unusual).
Findings check_details(const PersonDetails& details);

// Zone (DG1) against DG13. Warnings: vn.number_differs, vn.birth_differs, vn.sex_differs, vn.expiry_differs, vn.name_*.
Findings compare_zone(const mrz::Parsed& zone, const PersonDetails& details);

// QR against DG13. Warnings: vn.number_differs, vn.name_differs, vn.birth_differs, vn.sex_differs, vn.issue_differs,
// vn.old_number_differs, vn.residence_differs.
Findings compare_qr(const QrText& qr, const PersonDetails& details);

// QR against the zone, where there is no DG13. Warnings: vn.number_differs, vn.birth_differs, vn.sex_differs, vn.name_*.
Findings compare_qr(const QrText& qr, const mrz::Parsed& zone);

// What there is of a card; null for what there is not.
struct CardParts {
    const mrz::Parsed* zone = nullptr;
    const PersonDetails* details = nullptr;
    const QrText* qr = nullptr;
};
// Everything above and `read_zone`, each fact once.
Findings check_agreement(const CardParts& parts);

}  // namespace idchip::vietnam
