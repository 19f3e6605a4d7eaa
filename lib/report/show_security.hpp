// SecurityInfos and keys for `show`.
#pragma once

#include <idchip/lds/security_infos.hpp>

#include "report/tree.hpp"

namespace idchip::report {

Json security_infos_json(const lds::SecurityInfos& infos);
// "EC brainpoolP256r1", or what is wrong with it.
std::string key_text(ByteView public_key);

}  // namespace idchip::report
