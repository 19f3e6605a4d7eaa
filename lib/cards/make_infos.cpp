// What the chip announces: Doc 9303-11, 9.2.11; Doc 9303-10, 3.11.1.
#include <algorithm>

#include <idchip/lds/ef_atr_info.hpp>

#include "cards/make.hpp"

namespace idchip::cards {
namespace {

using lds::SecurityInfo;
using Infos = std::vector<SecurityInfo>;

der::Oid protocol(std::string_view name) { return *lds::protocol_by_name(name); }

SecurityInfo public_key(const crypto::AgreementKey& key, std::optional<std::int64_t> id) {
    const auto oid = protocol(key.domain.is_ec() ? "id-PK-ECDH" : "id-PK-DH");
    return SecurityInfo::of(oid, lds::ChipAuthenticationPublicKeyInfo{key.to_spki(), id});
}

void add_pace(Infos& infos, const sim::EmrtdConfig& c) {
    for (const auto& offer : c.pace) infos.push_back(SecurityInfo::of(offer.suite.protocol, lds::PaceInfo{2, offer.parameter_id}));
}

void add_chip_authentication(Infos& infos, const sim::EmrtdConfig& c) {
    for (const auto& key : c.chip_authentication) {
        for (const auto& suite : key.suites) infos.push_back(SecurityInfo::of(suite.protocol, lds::ChipAuthenticationInfo{1, key.key_id}));
        infos.push_back(public_key(key.public_key, key.key_id));
    }
}

void add_terminal_authentication(Infos& infos, const sim::EmrtdConfig& c) {
    if (c.terminal_authentication) infos.push_back(SecurityInfo::of(protocol("id-TA"), lds::TerminalAuthenticationInfo{1, {}, {}}));
}

// 9.2.4: with ECDSA. BSI TR-03111, 5.2.1.1: ecdsa-plain-SHA1 and on.
void add_active_authentication(Infos& infos, const sim::EmrtdConfig& c) {
    const auto& aa = c.active_authentication;
    if (!aa || aa->key.public_key().info().type == crypto::KeyType::rsa) return;
    const der::Oid algorithm("0.4.0.127.0.7.1.1.4.1." + std::to_string(static_cast<int>(aa->hash) + 1));
    infos.push_back(SecurityInfo::of(protocol("id-icao-mrtd-security-aaProtocolObject"), lds::ActiveAuthenticationInfo{1, algorithm}));
}

bool has_key(const Infos& infos, std::optional<std::int64_t> id) {
    return std::any_of(infos.begin(), infos.end(), [&](const SecurityInfo& i) {
        const auto* key = std::get_if<lds::ChipAuthenticationPublicKeyInfo>(&i.content);
        return key != nullptr && key->key_id == id;
    });
}

std::optional<lds::SecurityInfos> changed(const Blueprint& b, lds::Ef file, Infos infos) {
    if (const auto it = b.security_infos.find(file); it != b.security_infos.end()) {
        const auto& without = it->second.without;
        std::erase_if(infos, [&](const SecurityInfo& i) { return std::find(without.begin(), without.end(), i.protocol) != without.end(); });
        infos.insert(infos.end(), it->second.with.begin(), it->second.with.end());
    }
    if (infos.empty()) return std::nullopt;
    return lds::SecurityInfos::of(std::move(infos));
}

}  // namespace

std::optional<lds::SecurityInfos> card_access_infos(const Blueprint& b, const sim::EmrtdConfig& c) {
    Infos infos;
    add_pace(infos, c);
    return changed(b, lds::Ef::card_access, std::move(infos));
}

Result<std::optional<lds::SecurityInfos>> card_security_infos(const Blueprint& b, const sim::EmrtdConfig& c) {
    const bool cam = std::any_of(c.pace.begin(), c.pace.end(),
                                 [](const sim::PaceOffer& o) { return o.suite.mapping == pace::Mapping::chip_authentication; });
    const bool terminal = c.terminal_authentication && c.terminal_authentication->in_master_file;
    Infos infos;
    if (cam || terminal || c.chip_authentication_in_master_file) {
        add_pace(infos, c);
        if (c.chip_authentication_in_master_file) add_chip_authentication(infos, c);
        if (terminal) add_terminal_authentication(infos, c);
        for (const auto& offer : c.pace)
            if (offer.suite.mapping == pace::Mapping::chip_authentication && !has_key(infos, offer.parameter_id))
                infos.push_back(
                    public_key({offer.domain, TRY(offer.domain.public_value(offer.chip_authentication_key.view()))}, offer.parameter_id));
    }
    return changed(b, lds::Ef::card_security, std::move(infos));
}

std::optional<lds::SecurityInfos> dg14_infos(const Blueprint& b, const sim::EmrtdConfig& c) {
    Infos infos;
    add_pace(infos, c);
    add_chip_authentication(infos, c);
    add_terminal_authentication(infos, c);
    add_active_authentication(infos, c);
    return changed(b, lds::Ef::dg14, std::move(infos));
}

// Doc 9303-10, table 29.
Bytes make_atr_info(const sim::EmrtdConfig& c) {
    constexpr Byte df_by_full_name = 0x80, short_ef_identifier = 0x04, data_units_of_one_byte = 0x01;
    constexpr unsigned chaining = 0x80, extended_length = 0x40, length_information = 0x20;
    const auto& l = c.lengths;
    const Byte first = c.quirks.no_short_ids ? df_by_full_name : Byte{df_by_full_name | short_ef_identifier};
    const unsigned third = (l.command_chaining ? chaining : 0) | (l.extended ? extended_length | length_information : 0);
    lds::EfAtrInfo info;
    info.objects.push_back({0x47, {first, data_units_of_one_byte, static_cast<Byte>(third)}});
    if (l.extended)
        info.objects.push_back({0x7F66, concat({der::write_integer(static_cast<std::int64_t>(l.largest_command)),
                                                der::write_integer(static_cast<std::int64_t>(l.largest_response))})});
    return info.encode();
}

}  // namespace idchip::cards
