// One case a rule: an object that breaks it alone, and the nearest one that keeps it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <idchip/lint/lint.hpp>

namespace idchip::lint::cases {

using Set = std::set<std::string>;

struct Case {
    std::string rule;
    std::string what;
    std::function<Bytes()> broken;
    std::function<Bytes()> kept;  // nothing found in it but `beside`
    Set also = {};                // rules that the break cannot but break, too
    Set beside = {};              // what even the neighbour has
    std::optional<Kind> as = {};
};
using Cases = std::vector<Case>;

// Names of the rules found.
Set found(ByteView file, std::optional<Kind> as = {});
// Every case: what is broken has the rule, and nothing but it and `also`; what is kept has `beside` alone.
void run(const Cases& cases);

// --- one list a file
Cases body_cases();
Cases name_cases();
Cases algorithm_cases();
Cases key_cases();
Cases extension_cases();
Cases value_cases();
Cases alternative_name_cases();
Cases point_cases();
Cases type_cases();
Cases validity_cases();
Cases crl_cases();
Cases signed_data_cases();
Cases sod_cases();
Cases list_cases();

// A function that takes a clean object, changes it, and gives its bytes.
template <class Make, class Edit>
std::function<Bytes()> edited(Make make, Edit edit) {
    return [make, edit] {
        auto object = make();
        edit(object);
        return object.der();
    };
}
template <class Make>
std::function<Bytes()> clean(Make make) {
    return [make] { return make().der(); };
}

}  // namespace idchip::lint::cases
