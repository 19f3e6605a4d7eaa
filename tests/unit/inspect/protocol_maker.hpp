// What the protocols leave behind: SecurityInfos, keys, and evidence of access and of the chip's proofs.
#pragma once

#include <idchip/crypto/key_agreement.hpp>
#include <idchip/lds/security_infos.hpp>

#include "inspect/document_maker.hpp"

namespace idchip::inspect::maker {

constexpr std::int64_t parameter_p256 = 12;

lds::SecurityInfo pace_info(const std::string& protocol = "id-PACE-ECDH-GM-AES-CBC-CMAC-128", std::int64_t parameter_id = 13);
const crypto::KeyPair& chip_key();  // static key of chip authentication, on P-256
lds::SecurityInfo chip_info(const std::string& protocol = "id-CA-ECDH-AES-CBC-CMAC-128");
lds::SecurityInfo chip_key_info(std::optional<std::int64_t> key_id = {}, Bytes spki = {});  // of chip_key()
lds::SecurityInfo active_info(const std::string& algorithm);                                // dotted
Bytes dg14_of(std::vector<lds::SecurityInfo> infos);
Bytes card_access_of(std::vector<lds::SecurityInfo> infos);
// Signed by the clean document signer, or with another key under its certificate.
Bytes card_security_of(std::vector<lds::SecurityInfo> infos);

AccessAttempt attempt(std::string protocol, std::string error = {}, std::string where = {}, std::uint16_t sw = 0);
// A document with that DG14, read over PACE (or BAC) with that EF.CardAccess in front.
Evidence opened_by_pace(const Bytes& dg14, const Bytes& card_access);
Evidence opened_by_bac(const Bytes& dg14, std::optional<Bytes> card_access);
// Chip authentication was run.
Evidence chip_authenticated(ChipAuthentication run, std::vector<lds::SecurityInfo> infos = {chip_info(), chip_key_info()});
ChipAuthentication proven_run();
// A document with that key in DG15, which has signed a challenge.
Evidence actively_authenticated(const crypto::PrivateKey& key, crypto::HashAlg hash, std::vector<lds::SecurityInfo> infos = {});
// PACE with chip authentication mapping over P-256, its proof and EF.CardSecurity.
Evidence mapped(Bytes card_security, std::vector<lds::SecurityInfo> in_dg14);
Evidence mapped();

}  // namespace idchip::inspect::maker
