// Contents of master lists and deviation lists: Doc 9303-12, 9.2 and 10.2.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/try.hpp"
#include "lint/signed_data.hpp"

namespace idchip::lint {
namespace {

struct MasterList {
    std::int64_t version = 0;
    std::vector<ByteView> members;
    bool is_der = true;  // the list itself; each member answers for itself
};
Result<MasterList> read_master_list(ByteView content) {
    MasterList list;
    tlv::Reader outer(content, lenient, "CscaMasterList");
    const auto sequence = TRY(outer.expect(der::sequence));
    TRY(outer.expect_end());
    auto r = outer.enter(sequence);
    list.version = TRY(der::read_integer(r));
    const auto certificates = TRY(r.expect(der::set));
    TRY(r.expect_end());
    for (const auto& e : {sequence, certificates}) list.is_der &= e.minimal_length && !e.indefinite;
    auto set = r.enter(certificates);
    while (!set.at_end()) list.members.push_back(TRY(set.next()).raw);
    return list;
}

// Members' own findings by rule: in how many of them.
using Counts = std::map<std::string, std::size_t>;

void count_findings(const RawCertificate& c, Kind kind, Counts& counts) {
    Findings f;
    check_certificate(c, kind, f);
    std::set<std::string> broken;
    for (auto& finding : std::move(f).sorted())
        if (finding.severity != Severity::info) broken.insert(std::move(finding.rule));
    for (const auto& rule : broken) ++counts[rule];
}

void check_members(const std::vector<ByteView>& members, Findings& f) {
    Counts counts;
    std::set<Bytes> seen;
    Serials serials;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto where = fmt::format("certList/{}", i);
        f.want(seen.insert(to_bytes(members[i])).second, Rule::ml_duplicate, where);
        const auto c = read_certificate(members[i]);
        if (!c) {
            f.add(Rule::ml_member_unreadable, where, brief(c.error()));
            continue;
        }
        if (!is_serial_new(*c, serials)) ++counts["cert.serial_reused"];
        const auto kind = kind_of(*c);
        f.want(kind == Kind::csca || kind == Kind::link, Rule::ml_not_csca, where, fmt::format("{} {}", name(kind), c->subject.text()));
        count_findings(*c, kind, counts);
    }
    for (const auto& [rule, count] : counts)
        f.add(Rule::ml_member_findings, "certList", fmt::format("{} in {} of {}", rule, count, members.size()));
}

// DeviationList ::= SEQUENCE { version, digestAlgorithm OPTIONAL, deviations SET OF Deviation }
Result<std::int64_t> read_deviation_list(ByteView content) {
    tlv::Reader outer(content, lenient, "DeviationList");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    const auto version = TRY(der::read_integer(r));
    TRY(r.take(der::sequence));
    TRY(r.expect(der::set));
    TRY(r.expect_end());
    return version;
}

}  // namespace

void check_master_list(ByteView content, Findings& f) {
    const auto list = read_master_list(content);
    if (!list) {
        f.add(Rule::cms_content_syntax, "eContent", brief(list.error()));
        return;
    }
    f.want(list->version == 0, Rule::ml_version, "eContent/version", std::to_string(list->version));
    f.want(list->is_der, Rule::der_encoding, "eContent");
    f.want(!list->members.empty(), Rule::ml_empty, "certList");
    const auto before = [](ByteView a, ByteView b) { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); };
    f.want(std::is_sorted(list->members.begin(), list->members.end(), before), Rule::der_set_order, "certList");
    check_members(list->members, f);
}

void check_deviation_list(ByteView content, Findings& f) {
    check_der(content, "eContent", f);
    const auto version = read_deviation_list(content);
    if (!version) f.add(Rule::cms_content_syntax, "eContent", brief(version.error()));
    else f.want(*version == 0, Rule::dl_version, "eContent/version", std::to_string(*version));
}

}  // namespace idchip::lint
