// From SecurityInfos to ways of running PACE.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <idchip/protocol/pace/pace.hpp>

#include "base/try.hpp"

namespace idchip::pace {
namespace {

using lds::PaceDomainParameterInfo;
using lds::PaceInfo;
using lds::SecurityInfo;

constexpr std::int64_t assumed_id = 13;  // brainpoolP256r1: what cards without a parameterId have been seen to mean

// id-PACE-ECDH-GM for id-PACE-ECDH-GM-AES-CBC-CMAC-128
bool same_arc(const der::Oid& parameters, const der::Oid& protocol) { return protocol.starts_with(parameters); }

// 9.2.2: parameters that the chip proposes are unprotected; only those that are known to be secure are used.
std::optional<crypto::Domain> proposed(const lds::SecurityInfos& infos, const SecurityInfo& info, const PaceInfo& pace, Notes& notes) {
    for (const auto* candidate : infos.all<PaceDomainParameterInfo>()) {
        const auto& parameters = std::get<PaceDomainParameterInfo>(candidate->content);
        if (!same_arc(candidate->protocol, info.protocol) || parameters.parameter_id != pace.parameter_id) continue;
        if (auto domain = crypto::Domain::known(parameters.domain_parameter)) return std::move(*domain);
        else notes.push_back({"pace.explicit_parameters", lds::protocol_name(info.protocol), domain.error().message()});
        return std::nullopt;
    }
    if (pace.parameter_id)
        notes.push_back({"pace.unknown_parameters", lds::protocol_name(info.protocol), fmt::format("parameterId {}", *pace.parameter_id)});
    return std::nullopt;
}

std::optional<Choice> choice_of(const lds::SecurityInfos& infos, const SecurityInfo& info, Notes& notes) {
    const auto& pace = std::get<PaceInfo>(info.content);
    const auto suite = Suite::of(info.protocol);
    if (!suite) return std::nullopt;
    const auto name = suite->name();
    if (pace.version != 2) {
        notes.push_back({"pace.unknown_version", name, fmt::format("version {}", pace.version)});
        return std::nullopt;
    }
    Choice choice{*suite, crypto::Domain::ecdh(crypto::Curve::bp256r1), pace.parameter_id, false, false};
    auto domain = pace.parameter_id ? crypto::Domain::standardized(*pace.parameter_id) : std::nullopt;
    if (!domain) domain = proposed(infos, info, pace, notes);
    if (!domain && !pace.parameter_id && suite->ecdh) {
        domain = crypto::Domain::standardized(assumed_id);
        choice.parameters_assumed = true;
        notes.push_back({"pace.parameters_assumed", name, fmt::format("no parameterId; {}", domain->text())});
    }
    if (!domain) return std::nullopt;
    if (!defined_on(*suite, *domain)) {
        notes.push_back({"pace.unknown_parameters", name, "not defined on " + domain->text()});
        return std::nullopt;
    }
    choice.domain = std::move(*domain);
    return choice;
}

bool better(const Choice& a, const Choice& b) {
    const auto rank = [](const Choice& c) {
        return std::tuple(c.suite.mapping == Mapping::chip_authentication, static_cast<int>(c.suite.cipher), c.domain.order_size());
    };
    return rank(a) > rank(b);
}

}  // namespace

std::vector<Choice> choices(const lds::SecurityInfos& infos, Notes& notes) {
    std::vector<Choice> list;
    std::set<std::optional<std::int64_t>> ids;
    for (const auto* info : infos.all<PaceInfo>()) {
        ids.insert(std::get<PaceInfo>(info->content).parameter_id);
        if (auto choice = choice_of(infos, *info, notes)) list.push_back(std::move(*choice));
    }
    for (auto& choice : list) choice.ambiguous = ids.size() > 1;
    std::stable_sort(list.begin(), list.end(), better);
    return list;
}

}  // namespace idchip::pace
