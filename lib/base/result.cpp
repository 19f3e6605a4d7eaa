#include <idchip/base/result.hpp>

#include <array>

#include <fmt/format.h>

namespace idchip {
namespace {

constexpr std::array error_table = {
#define IDCHIP_ERROR(id, name, cause, remedy, exit_code, retry, effect) \
    ErrorInfo{name, cause, remedy, exit_code, Retry::retry, ChipEffect::effect},
#include <idchip/base/errors.def>
#undef IDCHIP_ERROR
};

}  // namespace

const ErrorInfo& info(Errc code) { return error_table.at(static_cast<std::size_t>(code)); }

std::size_t errc_count() { return error_table.size(); }

std::optional<Errc> errc_by_name(std::string_view name) {
    for (std::size_t i = 0; i < error_table.size(); ++i)
        if (error_table.at(i).name == name) return static_cast<Errc>(i);
    return std::nullopt;
}

Error&& Error::inside(std::string_view outer) && {
    where = where.empty() ? std::string(outer) : fmt::format("{}/{}", outer, where);
    return std::move(*this);
}

std::string Error::message() const {
    const auto& entry = info(code);
    std::string text;
    if (!where.empty()) text = where + ": ";
    text += entry.cause;
    std::string extra = detail;
    const auto add = [&extra](const std::string& more) { extra += extra.empty() ? more : ", " + more; };
    if (offset) add(fmt::format("at byte {}", *offset));
    if (sw) add(fmt::format("SW {:04X}", *sw));
    if (!extra.empty()) text += " (" + extra + ")";
    return text + "; " + std::string(entry.remedy);
}

}  // namespace idchip
