// How the chip was opened: family A of docs/inspection-cases.md, as far as evidence tells.
#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

// id-PACE of BSI TR-03110-3: every PACEInfo and PACEDomainParameterInfo begins with it.
const der::Oid& id_pace() {
    static const der::Oid id("0.4.0.127.0.7.2.2.4");
    return id;
}

// Doc 9303-11, 9.2: SecurityInfos ::= SET OF SecurityInfo, each a SEQUENCE that begins with its protocol.
bool lists_pace(ByteView dg14) {
    tlv::Reader outer(dg14, tlv::Rules::ber, "DG14");
    const auto file = outer.expect(lds::info(lds::Ef::dg14).tag);
    if (!file) return false;
    auto r = outer.enter(*file);
    const auto infos = r.expect(der::set);
    if (!infos) return false;
    auto list = r.enter(*infos);
    while (!list.at_end()) {
        const auto info = list.next();
        if (!info) return false;
        auto fields = list.enter(*info);
        if (const auto protocol = der::read_oid(fields); protocol && protocol->starts_with(id_pace())) return true;
    }
    return false;
}

}  // namespace

void check_access(Context& c) {
    if (c.evidence.access != "none") return;
    const auto* dg14 = c.evidence.content(lds::Ef::dg14);
    if (dg14 != nullptr && lists_pace(*dg14))
        c.findings.refer("access.control", "A26", "the chip was read without access control, and its DG14 offers PACE");
    else c.findings.note("access.control", "A26", "the chip was read without access control");
}

}  // namespace idchip::inspect
