#include <idchip/pki/master_list.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/try.hpp"
#include "pki/oids.hpp"

namespace idchip::pki {
namespace {

constexpr auto where = "CscaMasterList";

Result<void> read_certificates(tlv::Reader set, MasterList& list) {
    std::set<Bytes> seen;
    Bytes before;
    bool in_order = true;
    for (std::size_t number = 1; !set.at_end(); ++number) {
        if (number > max_master_list_certificates)
            return set.error(Errc::pki_bad_list, fmt::format("more than {} certificates", max_master_list_certificates));
        const auto e = TRY(set.next());
        auto raw = to_bytes(e.raw);
        in_order = in_order && before <= raw;
        before = raw;
        if (!seen.insert(std::move(raw)).second) {
            list.notes.push_back({"list.duplicate", where, fmt::format("certificate {}", number)});
            continue;
        }
        auto certificate = Certificate::parse(e.raw);
        if (certificate) list.certificates.push_back(std::move(*certificate));
        else list.skipped.push_back(std::move(certificate.error()).inside(fmt::format("certificate {}", number)));
    }
    if (!in_order) list.notes.push_back({"list.order", where, "SET OF not in the order of DER"});
    return {};
}

// Doc 9303-12, 9.2: CscaMasterList ::= SEQUENCE { version, certList SET OF Certificate }
Result<void> read_content(MasterList& list) {
    tlv::Reader outer(list.signed_data.content, tlv::Rules::ber, where);
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    list.version = TRY(der::read_integer(r));
    if (list.version != 0) return r.error(Errc::pki_bad_list, fmt::format("version {}", list.version));
    TRY(read_certificates(r.enter(TRY(r.expect(der::set))), list));
    TRY(r.expect_end());
    if (!r.lengths_minimal()) list.notes.push_back({"list.not_der", where, "length not in its shortest form"});
    return {};
}

}  // namespace

const der::Oid& oid_csca_master_list() { return oids::csca_master_list(); }
const der::Oid& oid_csca_master_list_signing_key() { return oids::csca_master_list_signing_key(); }

Result<MasterList> MasterList::parse(ByteView der) {
    MasterList list;
    list.signed_data = TRY(SignedData::parse(der));
    if (!(list.signed_data.content_type == oid_csca_master_list()))
        return fail(Errc::pki_bad_list, where, "content type " + list.signed_data.content_type.dotted() + " is no master list");
    list.signing_time = stated_signing_time(list.signed_data);
    list.notes = list_notes(list.signed_data);
    TRY(read_content(list));
    return list;
}

ListCheck MasterList::check(const std::vector<Certificate>& anchors, Instant now) const {
    return check_list_signature(signed_data, oid_csca_master_list(), oid_csca_master_list_signing_key(), anchors, now);
}

Result<Bytes> build_master_list(const std::vector<Certificate>& certificates, ContentSigner& signer,
                                const std::vector<Certificate>& embedded, Instant signing_time) {
    if (certificates.empty()) return fail(Errc::pki_refused, where, "no certificate to list");
    std::vector<Bytes> members;
    for (const auto& c : certificates) {
        if (std::find(members.begin(), members.end(), c.raw) != members.end())
            return fail(Errc::pki_refused, where, "stands twice: " + c.subject.text() + ", " + c.fingerprint());
        members.push_back(c.raw);
    }
    const auto content = der::sequence_of({der::write_integer(0), der::set_of(std::move(members))});
    return build_signed_list(oid_csca_master_list(), oid_csca_master_list_signing_key(), content, signer, embedded, signing_time);
}

}  // namespace idchip::pki
