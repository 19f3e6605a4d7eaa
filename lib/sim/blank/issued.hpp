// What a blank card has been given, and the finished document that comes of it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <idchip/sim/card.hpp>
#include <idchip/sim/emrtd.hpp>

namespace idchip::sim {

struct Issued {
    Secret bac_k_seed;              // empty: no basic access control
    std::map<Byte, Secret> pace_k;  // f(password) of Doc 9303-11, 9.7.3, by password reference
    Bytes aa_modulus;
    Secret aa_exponent;           // RSA
    Secret aa_scalar, ca_scalar;  // on P-256
    Bytes cvca;                   // CV certificate
    std::optional<Date> date;

    nlohmann::ordered_json to_json() const;
    // Errors: input.bad_hex; throws what the JSON library throws.
    static Result<Issued> from_json(const nlohmann::json& json);
};

// Files of the master file stand beside those of the application, which has an 011C of its own.
constexpr std::uint16_t in_master_file(std::uint16_t fid) { return static_cast<std::uint16_t>(fid | 0x8000U); }

// YYMMDD, a digit a byte: as a number or as a character. Six bytes.
std::optional<Date> date_of(ByteView digits);
// What terminals the chip believes, from its trust point and its date. Errors: cvc.*, crypto.*, tlv.*.
Result<pki::CvTrust> trust_of(const Issued& issued);

// The chip offers what its files announce and its keys allow. Errors: of parsers and keys: such a document is not openable at all.
Result<EmrtdConfig> make_config(const Issued& issued, const FileSystem& files, Bytes atr);

}  // namespace idchip::sim
