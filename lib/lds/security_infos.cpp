#include <idchip/lds/security_infos.hpp>

#include <fmt/format.h>

#include "base/try.hpp"
#include "lds/outer.hpp"
#include "lds/protocol_oids.hpp"

namespace idchip::lds {
namespace {

using Content = SecurityInfo::Content;

Result<std::optional<std::int64_t>> read_optional_integer(tlv::Reader& r) {
    if (r.at_end()) return std::optional<std::int64_t>();
    return std::optional(TRY(der::read_integer(r)));
}

Result<Bytes> read_sequence(tlv::Reader& r) { return to_bytes(TRY(r.expect(der::sequence)).raw); }

Result<Content> read_pace(tlv::Reader& r) {
    PaceInfo info;
    info.version = TRY(der::read_integer(r));
    info.parameter_id = TRY(read_optional_integer(r));
    return info;
}

Result<Content> read_pace_parameters(tlv::Reader& r) {
    PaceDomainParameterInfo info;
    info.domain_parameter = TRY(read_sequence(r));
    info.parameter_id = TRY(read_optional_integer(r));
    return info;
}

Result<Content> read_chip_authentication(tlv::Reader& r) {
    ChipAuthenticationInfo info;
    info.version = TRY(der::read_integer(r));
    info.key_id = TRY(read_optional_integer(r));
    return info;
}

Result<Content> read_chip_authentication_parameters(tlv::Reader& r) {
    ChipAuthenticationDomainParameterInfo info;
    info.domain_parameter = TRY(read_sequence(r));
    info.key_id = TRY(read_optional_integer(r));
    return info;
}

Result<Content> read_public_key(tlv::Reader& r) {
    ChipAuthenticationPublicKeyInfo info;
    info.public_key = TRY(read_sequence(r));
    info.key_id = TRY(read_optional_integer(r));
    return info;
}

Result<Content> read_terminal_authentication(tlv::Reader& r) {
    TerminalAuthenticationInfo info;
    info.version = TRY(der::read_integer(r));
    if (r.at_end()) return info;
    // Doc 9303-11, appendix K.2: FileID
    auto file_id = r.enter(TRY(r.expect(der::sequence)));
    const auto fid = TRY(der::read_octet_string(file_id));
    if (fid.size() != 2) return file_id.error(Errc::lds_bad_file, "fid is not two bytes");
    info.cvca_fid = static_cast<std::uint16_t>(read_be(fid));
    if (!file_id.at_end()) {
        const auto sfi = TRY(der::read_octet_string(file_id));
        if (sfi.size() != 1) return file_id.error(Errc::lds_bad_file, "sfid is not one byte");
        info.cvca_sfi = sfi[0];
    }
    TRY(file_id.expect_end());
    return info;
}

Result<Content> read_active_authentication(tlv::Reader& r) {
    ActiveAuthenticationInfo info;
    info.version = TRY(der::read_integer(r));
    info.signature_algorithm = TRY(der::read_oid(r));
    return info;
}

Result<Content> read_ef_dir(tlv::Reader& r) { return EfDirInfo{to_bytes(TRY(der::read_octet_string(r)))}; }

Result<Content> read_content(ProtocolKind kind, tlv::Reader& r) {
    switch (kind) {
        case ProtocolKind::pace: return read_pace(r);
        case ProtocolKind::pace_parameters: return read_pace_parameters(r);
        case ProtocolKind::chip_authentication: return read_chip_authentication(r);
        case ProtocolKind::chip_authentication_parameters: return read_chip_authentication_parameters(r);
        case ProtocolKind::public_key: return read_public_key(r);
        case ProtocolKind::terminal_authentication: return read_terminal_authentication(r);
        case ProtocolKind::active_authentication: return read_active_authentication(r);
        case ProtocolKind::ef_dir: return read_ef_dir(r);
    }
    return UnknownInfo{};
}

// A malformed entry hides no other one, and is not used.
void read_info(SecurityInfos& infos, tlv::Reader r, const tlv::Element& e) {
    auto& info = infos.infos.emplace_back();
    info.raw = to_bytes(e.raw);
    const auto malformed = [&](const Error& error) { infos.notes.push_back({"lds.security_info_malformed", r.where(), error.message()}); };
    auto protocol = der::read_oid(r);
    if (!protocol) return malformed(protocol.error());
    info.protocol = std::move(*protocol);
    const auto kind = protocol_kind(info.protocol);
    if (!kind) return;  // 9303-11, 9.2: others may stand here
    auto content = read_content(*kind, r);
    if (!content) return malformed(content.error());
    if (const auto end = r.expect_end(); !end) return malformed(end.error());
    info.content = std::move(*content);
}

Result<SecurityInfos> read_set(tlv::Reader outer, const char* file) {
    SecurityInfos result;
    auto r = outer.enter(TRY(outer.expect(der::set)));
    if (!outer.at_end())
        result.notes.push_back({"lds.trailing_bytes", file, fmt::format("{} bytes after the object", outer.rest().size())});
    while (!r.at_end()) {
        const auto e = TRY(r.expect(der::sequence));
        read_info(result, r.enter(e), e);
    }
    if (!r.lengths_minimal()) result.notes.push_back({"lds.length_not_minimal", file, {}});
    return result;
}

Bytes optional_integer(std::optional<std::int64_t> value) { return value ? der::write_integer(*value) : Bytes(); }

struct ContentWriter {
    Bytes operator()(const UnknownInfo&) const { return {}; }
    Bytes operator()(const PaceInfo& i) const { return concat({der::write_integer(i.version), optional_integer(i.parameter_id)}); }
    Bytes operator()(const PaceDomainParameterInfo& i) const { return concat({i.domain_parameter, optional_integer(i.parameter_id)}); }
    Bytes operator()(const ChipAuthenticationInfo& i) const { return concat({der::write_integer(i.version), optional_integer(i.key_id)}); }
    Bytes operator()(const ChipAuthenticationDomainParameterInfo& i) const {
        return concat({i.domain_parameter, optional_integer(i.key_id)});
    }
    Bytes operator()(const ChipAuthenticationPublicKeyInfo& i) const { return concat({i.public_key, optional_integer(i.key_id)}); }
    Bytes operator()(const TerminalAuthenticationInfo& i) const {
        Bytes file_id;
        if (i.cvca_fid) {
            Bytes fid;
            append_be(fid, *i.cvca_fid, 2);
            const auto sfi = i.cvca_sfi ? der::write_octet_string(Bytes{*i.cvca_sfi}) : Bytes();
            file_id = der::sequence_of({der::write_octet_string(fid), sfi});
        }
        return concat({der::write_integer(i.version), file_id});
    }
    Bytes operator()(const ActiveAuthenticationInfo& i) const {
        return concat({der::write_integer(i.version), der::write(i.signature_algorithm)});
    }
    Bytes operator()(const EfDirInfo& i) const { return der::write_octet_string(i.ef_dir); }
};

}  // namespace

SecurityInfo SecurityInfo::of(der::Oid protocol, Content content) {
    SecurityInfo info;
    info.raw = der::sequence_of({der::write(protocol), std::visit(ContentWriter(), content)});
    info.protocol = std::move(protocol);
    info.content = std::move(content);
    return info;
}

Bytes SecurityInfos::encode() const {
    Bytes contents;
    for (const auto& info : infos) append(contents, info.raw);
    return tlv::element(der::set, contents);
}

SecurityInfos SecurityInfos::of(std::vector<SecurityInfo> infos) {
    std::sort(infos.begin(), infos.end(), [](const SecurityInfo& a, const SecurityInfo& b) { return a.raw < b.raw; });
    return {std::move(infos), {}};
}

Result<SecurityInfos> SecurityInfos::parse(ByteView set, const char* where) {
    return read_set(tlv::Reader(set, tlv::Rules::ber, where), where);
}

Result<SecurityInfos> EfCardAccess::parse(ByteView file) { return SecurityInfos::parse(file, "EF.CardAccess"); }

Bytes Dg14::encode(const SecurityInfos& infos) { return tlv::element(info(Ef::dg14).tag, infos.encode()); }

Result<SecurityInfos> Dg14::parse(ByteView file) {
    Notes notes;
    const auto outer = TRY(open_file(file, Ef::dg14, notes));
    auto result = TRY(read_set(outer.contents, "DG14"));
    result.notes.insert(result.notes.begin(), notes.begin(), notes.end());
    return result;
}

const der::Oid& oid_security_object() {
    static const der::Oid oid("0.4.0.127.0.7.3.2.1");
    return oid;
}

Result<EfCardSecurity> EfCardSecurity::parse(ByteView file) {
    EfCardSecurity result;
    tlv::Reader reader(file, tlv::Rules::ber, "EF.CardSecurity");
    result.cms = TRY(reader.expect(der::sequence)).raw;
    if (!reader.at_end())
        result.notes.push_back({"lds.trailing_bytes", "EF.CardSecurity", fmt::format("{} bytes after the object", reader.rest().size())});
    return result;
}

}  // namespace idchip::lds
