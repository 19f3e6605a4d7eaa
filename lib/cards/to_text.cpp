// A card as a person sees it, and the terminal that goes with it as files.
#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/cards/cards.hpp>

#include "base/try.hpp"

namespace idchip::cards {
namespace {

std::string line(std::string_view what, std::string_view value) { return value.empty() ? "" : fmt::format("  {:<24} {}\n", what, value); }

std::string parameters(const sim::Fault& fault) {
    const auto& info = sim::info(fault.id);
    std::string text;
    if (info.takes("file") && fault.file) text += " file " + lds::name(*fault.file);
    if (info.takes("after") && fault.after != 0) text += fmt::format(" after {}", fault.after);
    if (info.takes("step")) text += fmt::format(" step {}", fault.step);
    if (info.takes("sw")) text += fmt::format(" sw {:04X}", fault.sw);
    if (info.takes("bytes")) text += fmt::format(" bytes {}", fault.bytes);
    return text;
}

std::string description_text(const Description& d) {
    auto text = fmt::format("{}\n", d.name);
    text += line("about", d.about) + line("case", d.case_id) + line("right outcome", d.outcome) + line("legitimate neighbour", d.neighbour);
    return text;
}

std::string protocols_text(const sim::EmrtdConfig& c) {
    std::string text;
    if (c.bac) text += line("access", "BAC");
    for (const auto& offer : c.pace) text += line("access", fmt::format("{} on {}", offer.suite.name(), offer.domain.text()));
    if (!c.bac && c.pace.empty()) text += line("access", "open");
    for (const auto& key : c.chip_authentication)
        for (const auto& suite : key.suites)
            text += line("chip authentication", fmt::format("{} on {}", suite.name(), key.public_key.domain.text()));
    if (c.active_authentication) text += line("active authentication", c.active_authentication->key.public_key().info().text());
    if (c.terminal_authentication)
        for (const auto& reference : c.terminal_authentication->trust.references())
            text += line("trust point", fmt::format("{}, current date {}", pki::reference_text(reference),
                                                    to_iso(c.terminal_authentication->trust.current_date)));
    return text;
}

}  // namespace

std::string to_text(const Card& card) {
    const auto& c = card.config;
    auto text = description_text(card.description);
    for (const auto& zone_line : card.zone) text += line("zone", zone_line);
    text += line("CAN", c.can) + line("PIN", c.pin) + line("PUK", c.puk);
    text += protocols_text(c);
    for (const auto& [ef, content] : c.files) text += line("file", fmt::format("{} {} bytes", lds::name(ef), content.size()));
    for (const auto& [ef, status] : c.refused) text += line("refused", fmt::format("{} {:04X}", lds::name(ef), status));
    for (const auto& fault : c.faults)
        text += line("fault", fmt::format("{}{}: {}", sim::info(fault.id).name, parameters(fault), sim::info(fault.id).text));
    return text;
}

Result<void> save_test_terminal(const TestTerminal& t, const std::filesystem::path& folder) {
    TRY(make_folder(folder));
    TRY(write_file(folder / "cvca.cvcert", t.cvca.raw));
    TRY(write_file(folder / "dv.cvcert", t.dv.raw));
    TRY(write_file(folder / "is.cvcert", t.is.raw));
    return write_text(folder / "is.SPECIMEN.key.pem", TRY(t.is_key.to_pem()), FileMode::secret);
}

}  // namespace idchip::cards
