// SecurityInfos: which protocols a chip offers, and with which keys and parameters. Doc 9303-11, 9.2; BSI TR-03110-3, A.1.1.
// They stand in EF.CardAccess as they are, in DG14 inside tag 6E, in EF.CardSecurity as signed content.
#pragma once

#include <variant>

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/tlv/der.hpp>

namespace idchip::lds {

struct PaceInfo {
    std::int64_t version = 2;
    std::optional<std::int64_t> parameter_id;  // 9303-11, 9.5.1: 0..18 are standardized
    bool operator==(const PaceInfo&) const = default;
};
struct PaceDomainParameterInfo {
    Bytes domain_parameter;  // AlgorithmIdentifier
    std::optional<std::int64_t> parameter_id;
    bool operator==(const PaceDomainParameterInfo&) const = default;
};
struct ChipAuthenticationInfo {
    std::int64_t version = 1;
    std::optional<std::int64_t> key_id;
    bool operator==(const ChipAuthenticationInfo&) const = default;
};
struct ChipAuthenticationDomainParameterInfo {  // TR-03110-3 only
    Bytes domain_parameter;                     // AlgorithmIdentifier
    std::optional<std::int64_t> key_id;
    bool operator==(const ChipAuthenticationDomainParameterInfo&) const = default;
};
struct ChipAuthenticationPublicKeyInfo {
    Bytes public_key;  // SubjectPublicKeyInfo
    std::optional<std::int64_t> key_id;
    bool operator==(const ChipAuthenticationPublicKeyInfo&) const = default;
};
struct TerminalAuthenticationInfo {
    std::int64_t version = 1;
    std::optional<std::uint16_t> cvca_fid;  // where EF.CVCA stands, if not under 011C
    std::optional<Byte> cvca_sfi;
    bool operator==(const TerminalAuthenticationInfo&) const = default;
};
struct ActiveAuthenticationInfo {
    std::int64_t version = 1;
    der::Oid signature_algorithm;  // TR-03111, 5.2.1.1
    bool operator==(const ActiveAuthenticationInfo&) const = default;
};
struct EfDirInfo {
    Bytes ef_dir;  // a signed copy of EF.DIR
    bool operator==(const EfDirInfo&) const = default;
};
// What this list does not know, or a known one that is malformed (then with a note): only `SecurityInfo::raw` says more.
struct UnknownInfo {
    bool operator==(const UnknownInfo&) const = default;
};

struct SecurityInfo {
    using Content =
        std::variant<UnknownInfo, PaceInfo, PaceDomainParameterInfo, ChipAuthenticationInfo, ChipAuthenticationDomainParameterInfo,
                     ChipAuthenticationPublicKeyInfo, TerminalAuthenticationInfo, ActiveAuthenticationInfo, EfDirInfo>;
    der::Oid protocol;
    Content content;
    Bytes raw;  // the SEQUENCE as it stands

    // Encodes `raw` from protocol and content. Precondition: the content is not UnknownInfo.
    static SecurityInfo of(der::Oid protocol, Content content);
};

// "id-PACE-ECDH-GM-AES-CBC-CMAC-128"; the dotted form for what is not known.
std::string protocol_name(const der::Oid& protocol);
// Errors: none; nothing for an unknown name.
std::optional<der::Oid> protocol_by_name(std::string_view name);

struct SecurityInfos {
    std::vector<SecurityInfo> infos;  // in the order of the file
    Notes notes;

    template <class Content>
    std::vector<const SecurityInfo*> all() const {
        std::vector<const SecurityInfo*> found;
        for (const auto& info : infos)
            if (std::holds_alternative<Content>(info.content)) found.push_back(&info);
        return found;
    }

    // SET OF SecurityInfo in the order of `infos`, which a signed copy must not change.
    Bytes encode() const;
    // New SecurityInfos, in the order that DER wants.
    static SecurityInfos of(std::vector<SecurityInfo> infos);
    // `where` names the file, as a literal. Errors: tlv.*; a malformed entry is a note.
    static Result<SecurityInfos> parse(ByteView set, const char* where);
};

// Unsigned: what it says is checked against DG14 (9303-11, 4.2 and 9.2.11).
struct EfCardAccess {
    static Bytes encode(const SecurityInfos& infos) { return infos.encode(); }
    // Errors: tlv.*.
    static Result<SecurityInfos> parse(ByteView file);
};

struct Dg14 {
    static Bytes encode(const SecurityInfos& infos);
    // Errors: tlv.*.
    static Result<SecurityInfos> parse(ByteView file);
};

// EF.CardSecurity is SignedData over SecurityInfos: 9303-10, 3.11.4.
const der::Oid& oid_security_object();  // id-SecurityObject, the type of its content
struct EfCardSecurity {
    ByteView cms;  // ContentInfo, a view into the file
    Notes notes;
    // Errors: tlv.*.
    static Result<EfCardSecurity> parse(ByteView file);
};

}  // namespace idchip::lds
