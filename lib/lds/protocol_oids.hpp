// The object identifiers of SecurityInfos: Doc 9303-11, 9.2.3 to 9.2.10.
#pragma once

#include <idchip/tlv/der.hpp>

namespace idchip::lds {

enum class ProtocolKind {
    pace,
    pace_parameters,
    chip_authentication,
    chip_authentication_parameters,
    public_key,
    terminal_authentication,
    active_authentication,
    ef_dir,
};

std::optional<ProtocolKind> protocol_kind(const der::Oid& protocol);

}  // namespace idchip::lds
