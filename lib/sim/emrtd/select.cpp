// SELECT of Doc 9303-10, 3.6.1 and 3.6.2.
#include <idchip/tlv/writer.hpp>

#include "sim/emrtd/chip.hpp"

namespace idchip::sim::emrtd {
namespace {

constexpr Byte p2_no_data = 0x0C, p2_fci = 0x00;

// 9000, or what is wrong with P2 and Le. Tables 1 to 3 know P2 = 0C and no Le; a DF name is selected with P2 = 00 by many terminals.
std::uint16_t check_form(const Chip& chip, const Command& c) {
    const auto& quirks = chip.config.quirks;
    const bool known = quirks.select_p2 ? c.p2 == *quirks.select_p2 : c.p2 == p2_no_data || (c.p2 == p2_fci && c.p1 == 0x04);
    if (!known) return sw::wrong_p1_p2;
    if (quirks.select_needs_le) return c.le ? sw::ok : sw::wrong_length;
    return c.le && c.p2 == p2_no_data ? sw::wrong_length : sw::ok;
}

// With P2 = 00 the terminal asks for file control information (ISO/IEC 7816-4, 7.1.1).
Response selected(const Command& c, Bytes information) {
    if (c.p2 != p2_fci || !c.le) return Response::of(sw::ok);
    return {std::move(information), sw::ok};
}

Response select_master_file(Chip& chip, const Command& c) {
    if (!c.data.empty() && !equal(c.data, Bytes{0x3F, 0x00})) return Response::of(sw::file_not_found);
    if (chip.misbehaviour.active(FaultId::application_preselected) != nullptr) return Response::of(sw::ok);
    if (chip.config.quirks.select_mf != sw::ok) return Response::of(chip.config.quirks.select_mf);
    chip.now.df = Df::master_file;
    chip.now.ef.reset();
    return selected(c, tlv::element(0x6F, tlv::element(0x83, Bytes{0x3F, 0x00})));
}

Response select_application(Chip& chip, const Command& c) {
    if (!equal(c.data, lds::application_aid)) return Response::of(sw::file_not_found);
    chip.now.df = Df::application;
    chip.now.ef.reset();
    chip.now.rnd_ic.clear();
    return selected(c, tlv::element(0x6F, tlv::element(0x84, lds::application_aid)));
}

Response select_file(Chip& chip, const Command& c) {
    if (c.data.size() != 2) return Response::of(sw::wrong_length);
    const auto fid = static_cast<std::uint16_t>(read_be(c.data));
    const auto ef = file_by_id(chip, fid);
    // Doc 9303-11, 4.4.2 (must) and 4.3.2 (may): whether a file is there is not told to strangers.
    const bool may_select_plain = chip.config.quirks.plain_select && chip.config.pace.empty();
    if (chip.now.df == Df::application && !access_granted(chip) && !may_select_plain)
        return Response::of(sw::security_status_not_satisfied);
    if (!ef) return Response::of(sw::file_not_found);
    const auto status = may_read(chip, *ef);
    if (status != sw::ok && !(may_select_plain && !access_granted(chip))) return Response::of(status);
    chip.now.ef = ef;
    Bytes size;
    append_be(size, chip.config.files.at(*ef).size(), 2);
    return selected(c, tlv::element(0x62, {tlv::element(0x80, size), tlv::element(0x83, c.data)}));
}

}  // namespace

// A selection that fails leaves the one before it (ISO/IEC 7816-4, 7.1.1).
Response select(Chip& chip, const Command& c) {
    if (c.p1 != 0x00 && c.p1 != 0x02 && c.p1 != 0x04) return Response::of(sw::wrong_p1_p2);
    if (const auto status = check_form(chip, c); status != sw::ok) return Response::of(status);
    if (c.p1 == 0x04) return select_application(chip, c);
    return c.p1 == 0x02 ? select_file(chip, c) : select_master_file(chip, c);
}

}  // namespace idchip::sim::emrtd
