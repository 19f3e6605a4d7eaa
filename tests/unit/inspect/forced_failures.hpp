// One document for every way in which a check can fail: what the tests of the verdict itself (family I) start from.
#pragma once

#include "inspect/document_maker.hpp"

namespace idchip::inspect::maker {

struct Forced {
    std::string id, case_id;  // of the finding that must fail
    Evidence evidence;
    pki::TrustStore store;
};

const std::vector<Forced>& forced_failures();

}  // namespace idchip::inspect::maker
