#include <idchip/sim/fault.hpp>

#include <algorithm>

#include <idchip/base/text.hpp>

namespace idchip::sim {

const std::vector<FaultInfo>& all_faults() {
    static const std::vector<FaultInfo> table = {
#define IDCHIP_FAULT(id, name, parameters, text, case_id) {FaultId::id, name, parameters, text, case_id},
#include <idchip/sim/faults.def>
#undef IDCHIP_FAULT
    };
    return table;
}

const FaultInfo& info(FaultId id) { return all_faults().at(static_cast<std::size_t>(id)); }

std::optional<FaultId> fault_by_name(std::string_view name) {
    for (const auto& fault : all_faults())
        if (fault.name == name) return fault.id;
    return std::nullopt;
}

bool FaultInfo::takes(std::string_view parameter) const {
    const auto names = split(parameters, ' ');
    return std::find(names.begin(), names.end(), parameter) != names.end();
}

}  // namespace idchip::sim
