#include "base/try.hpp"
#include "lint/walk.hpp"

namespace idchip::lint {
namespace {

bool next_is(const tlv::Reader& r, std::uint32_t tag) { return !r.at_end() && r.rest()[0] == tag; }

Result<RawEntry> read_entry(tlv::Reader r) {
    RawEntry e;
    e.serial = TRY(r.expect(der::integer)).value;
    e.when = TRY(r.next());
    if (const auto extensions = TRY(r.take(der::sequence))) e.extensions = TRY(read_extensions(r, *extensions));
    TRY(r.expect_end());
    return e;
}

Result<void> read_tbs(tlv::Reader r, RawCrl& crl) {
    if (next_is(r, der::integer)) crl.version = TRY(der::read_integer(r));
    crl.inner_algorithm = TRY(r.expect(der::sequence)).raw;
    crl.issuer = TRY(read_name(TRY(r.expect(der::sequence)).raw));
    crl.this_update = TRY(r.next());
    if (next_is(r, der::utc_time) || next_is(r, der::generalized_time)) crl.next_update = TRY(r.next());
    if (const auto list = TRY(r.take(der::sequence))) {
        crl.has_list = true;
        auto entries = r.enter(*list);
        while (!entries.at_end()) crl.revoked.push_back(TRY(read_entry(entries.enter(TRY(entries.expect(der::sequence))))));
    }
    if (const auto wrapper = TRY(r.take(der::context_constructed(0)))) {
        auto outer = r.enter(*wrapper);
        crl.extensions = TRY(read_extensions(outer, TRY(outer.expect(der::sequence))));
        TRY(outer.expect_end());
    }
    return r.expect_end();
}

}  // namespace

Result<RawCrl> read_crl(ByteView file) {
    RawCrl crl;
    tlv::Reader outer(file, lenient, "CRL");
    const auto whole = TRY(outer.expect(der::sequence));
    crl.raw = whole.raw;
    crl.trailing = outer.rest().size();
    auto r = outer.enter(whole);
    const auto tbs = TRY(r.expect(der::sequence));
    crl.tbs = tbs.raw;
    TRY(read_tbs(r.enter(tbs), crl));
    crl.outer_algorithm = TRY(r.expect(der::sequence)).raw;
    crl.signature = TRY(der::read_bit_string(TRY(r.expect(der::bit_string))));
    TRY(r.expect_end());
    return crl;
}

}  // namespace idchip::lint
