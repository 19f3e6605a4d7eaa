// The kinds of blank cards by their names.
#include <idchip/sim/card.hpp>

#include <fmt/format.h>

#include <idchip/base/file.hpp>

#include "base/try.hpp"
#include "sim/blank/gp_card.hpp"
#include "sim/blank/jmrtd_applet.hpp"
#include "sim/blank/lifecycle_applet.hpp"
#include "sim/blank/native_card.hpp"

namespace idchip::sim {
namespace {

template <class Blank>
Result<std::unique_ptr<Card>> made(const CardOptions& options) {
    auto card = std::make_unique<Blank>(options, options.rng != nullptr ? *options.rng : system_rng());
    if (!options.state.empty() && std::filesystem::exists(options.state)) TRY(card->restore(TRY(read_text(options.state))));
    return card;
}

struct Row {
    std::string_view name;
    Result<std::unique_ptr<Card>> (*make)(const CardOptions&);
};
constexpr Row rows[] = {{"jmrtd-applet", made<JmrtdApplet>},
                        {"jmrtd-applet-lifecycle", made<LifecycleApplet>},
                        {"gp-dgi", made<GpCard>},
                        {"iso-native", made<NativeCard>}};

}  // namespace

Result<std::unique_ptr<Card>> make_card(const CardOptions& options) {
    std::string known;
    for (const auto& row : rows) {
        if (row.name == options.blank) return row.make(options);
        known += (known.empty() ? "" : ", ") + std::string(row.name);
    }
    return fail(Errc::profile_not_found, options.blank, "known blanks: " + known);
}

Result<std::string> makers_keys(const CardOptions& options) {
    constexpr auto first = "404142434445464748494A4B4C4D4E4F", second = "505152535455565758595A5B5C5D5E5F";
    const auto file = [](const char* algorithm, int version, const char* enc, const char* mac, const char* dek) {
        return fmt::format(
            "{{\"schema\": 1, \"algorithm\": \"{}\", \"version\": {}, \"diversification\": \"none\",\n \"enc\": \"{}\", \"mac\": \"{}\", "
            "\"dek\": \"{}\"}}\n",
            algorithm, version, enc, mac, dek);
    };
    if (options.blank == "gp-dgi") return file(options.channel == "scp02" ? "tdes" : "aes", 48, first, first, first);
    if (options.blank == "iso-native") return file("tdes", 1, first, second, first);
    TRY(make_card(options));
    return std::string();
}

const std::vector<std::string>& blanks() {
    static const auto names = [] {
        std::vector<std::string> list;
        for (const auto& row : rows) list.emplace_back(row.name);
        return list;
    }();
    return names;
}

}  // namespace idchip::sim
