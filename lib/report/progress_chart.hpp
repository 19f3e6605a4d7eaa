// The campaign's cards over its days, as SVG that stands in a page.
#pragma once

#include <string>

#include <idchip/campaign/progress.hpp>

namespace idchip::report {

// What was issued, the plan, today, the deadline, and where the present rate leads. Empty without a series. Its looks are the page's
// (progress_style.hpp).
std::string burn_up_chart(const campaign::Progress& progress);

}  // namespace idchip::report
