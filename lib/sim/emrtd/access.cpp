// Which file is meant, and who may read it.
#include <algorithm>

#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

std::optional<Ef> find(const Chip& chip, auto&& fits) {
    for (const auto& [ef, content] : chip.config.files) {
        const auto& info = lds::info(ef);
        if (info.df == chip.now.df && fits(info)) return ef;
    }
    return std::nullopt;
}

bool free_to_all(Ef ef) { return ef == Ef::card_access || ef == Ef::dir || ef == Ef::atr_info; }

}  // namespace

// The same identifier means another file in the other DF: 011C is EF.CardAccess and EF.CVCA, 011D is EF.CardSecurity and EF.SOD.
std::optional<Ef> file_by_id(const Chip& chip, std::uint16_t fid) {
    return find(chip, [fid](const lds::EfInfo& i) { return i.fid == fid; });
}

std::optional<Ef> file_by_short_id(const Chip& chip, unsigned sfi) {
    return find(chip, [sfi](const lds::EfInfo& i) { return i.sfi == sfi; });
}

std::optional<Ef> addressed_file(const Chip& chip, const Command& c) {
    if (c.ins == ins::select && c.p1 == 0x02 && c.data.size() == 2) return file_by_id(chip, static_cast<std::uint16_t>(read_be(c.data)));
    if (c.ins == ins::read_binary) return c.p1 >= 0x80 ? file_by_short_id(chip, c.p1 & 0x1FU) : chip.now.ef;
    if (c.ins == ins::read_binary_odd && c.p1 == 0) return c.p2 != 0 ? file_by_short_id(chip, c.p2) : chip.now.ef;
    if (c.ins == ins::read_binary_odd) return file_by_id(chip, static_cast<std::uint16_t>(c.p1 << 8U | c.p2));
    return std::nullopt;
}

bool offers_access_control(const Chip& chip) { return chip.config.bac || !chip.config.pace.empty(); }

bool access_granted(const Chip& chip) {
    return chip.now.channel || !offers_access_control(chip) || chip.misbehaviour.active(FaultId::open_without_access) != nullptr;
}

std::uint16_t may_read(const Chip& chip, Ef ef) {
    if (!free_to_all(ef) && !access_granted(chip)) return sw::security_status_not_satisfied;
    // Doc 9303-10, table 34: PACE, and nothing else.
    const bool by_bac = chip.now.channel && chip.now.channel->opened_by == Channel::OpenedBy::bac;
    if (ef == Ef::card_security && by_bac) return sw::security_status_not_satisfied;
    if (!terminal_may_read(chip, ef)) return sw::security_status_not_satisfied;
    const auto refused = chip.config.refused.find(ef);
    return refused != chip.config.refused.end() ? refused->second : sw::ok;
}

}  // namespace idchip::sim::emrtd
