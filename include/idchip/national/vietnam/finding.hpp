// What a check of national data found. Neither an error of the program nor a verdict: a policy decides what it means.
#pragma once

#include <idchip/base/problem.hpp>

namespace idchip::vietnam {

using idchip::Severity;
using Finding = Problem;
using Findings = Problems;

}  // namespace idchip::vietnam
