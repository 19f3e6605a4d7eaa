// Misbehaviour of a simulated chip, for the attack cases: docs/sim-cards.md lists each.
#pragma once

#include <idchip/lds/files.hpp>

namespace idchip::sim {

enum class FaultId {
#define IDCHIP_FAULT(id, name, parameters, text, case_id) id,
#include <idchip/sim/faults.def>
#undef IDCHIP_FAULT
};

struct FaultInfo {
    FaultId id;
    std::string_view name;        // "sm-mac-wrong"
    std::string_view parameters;  // names of those that it takes, separated by spaces: "file after sw step bytes"
    std::string_view text, case_id;
    bool takes(std::string_view parameter) const;
};
const std::vector<FaultInfo>& all_faults();
const FaultInfo& info(FaultId id);
std::optional<FaultId> fault_by_name(std::string_view name);

struct Fault {
    FaultId id;
    std::optional<lds::Ef> file = {};  // only in commands that address this file
    unsigned after = 0;                // only after so many protected commands of a session
    std::uint16_t sw = 0x6A82;         // what is answered
    unsigned step = 1;                 // of GENERAL AUTHENTICATE, 1 to 4
    std::size_t bytes = 300;           // too many
};
using Faults = std::vector<Fault>;

}  // namespace idchip::sim
