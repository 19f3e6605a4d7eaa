// The keys that open blank cards: from a file, one set for each card or a master key and its diversification, or inside a token.
// docs/card-keys.md describes the files and the objects of a token.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <idchip/base/secret.hpp>
#include <idchip/pkcs11/token.hpp>

namespace idchip::card_keys {

enum class Algorithm { tdes, aes };

// 3DES: 16 bytes each (two-key). AES: 16, 24 or 32 bytes, all three alike. Parity bits of 3DES keys are left as they are.
struct KeySet {
    Byte version = 0;  // as the card knows it; 0: not stated
    Secret enc, mac, dek;
};

// How a card's keys follow from a master key and from what the card says of itself (ten bytes of key diversification data, KDD).
enum class Diversification {
    none,     // every card has the master keys
    emv_cps,  // EMV Card Personalization Specification 1.1, 4.1: 3DES of KDD[4..9] F0 k || KDD[4..9] 0F k
    visa2,    // 3DES of KDD[0..1] KDD[4..7] F0 k || KDD[0..1] KDD[4..7] 0F k
    kdf3,     // AES: SP 800-108 in counter mode with CMAC over 00 00 00 k 00 KDD, exactly as GlobalPlatformPro's "kdf3"
};
std::string_view name(Diversification method);  // "none", "emv_cps", "visa2", "kdf3"
std::optional<Diversification> diversification_by_name(std::string_view name);

// k: 1 enc, 2 mac, 3 dek. Errors: crypto.bad_input (a method that is not defined for the algorithm, KDD of another length than ten, another
// k), crypto.bad_key (length).
Result<Secret> diversify(Diversification method, Algorithm algorithm, ByteView master, ByteView key_diversification_data, Byte k);

// First three bytes of 8 zero bytes under 3DES, of 16 bytes 01 under AES (GPC 2.3.1, B.6; some makers: 16 zero bytes).
// Errors: crypto.bad_key (length).
Result<Bytes> check_value(Algorithm algorithm, ByteView key, bool zeros = false);

// Gives a card's key set when it has said who it is. Safe to use from several threads.
class Source {
public:
    virtual ~Source() = default;
    // `card`: ten bytes of KDD, or whatever names the card (its serial number). Errors: cardkey.missing, token.*.
    virtual Result<KeySet> keys(ByteView card) = 0;
    virtual Algorithm algorithm() const = 0;
};

// A JSON file: one master set, or a list of cards. Keys stand in it in clear (a file that others may read is refused then), or wrapped
// under a key encryption key. Everything is checked here, check values too: no error of the file is left for the day the card comes.
//   {"schema": 1, "algorithm": "aes", "version": 48, "diversification": "kdf3", "enc": "hex", "mac": "hex", "dek": "hex",
//    "check_values": {"enc": "hex", "mac": "hex", "dek": "hex"}}
//   {"schema": 1, "algorithm": "tdes", "cards": [{"card": "hex", "version": 1, "enc": "hex", ...}]}
//   with "wrapped": true, the keys are wrapped with AES key wrap (RFC 3394) under the key encryption key (16, 24, 32 bytes), asked for once.
// Errors: cardkey.bad, cardkey.check_value, input.bad_json, input.not_found, input.too_large, io.failed; those of `kek`.
using KeyEncryptionKey = std::function<Result<Secret>()>;
Result<std::unique_ptr<Source>> open_file(const std::filesystem::path& file, const KeyEncryptionKey& kek = {});
// A list of cards, one line a card. The first line names the columns: card, enc, mac, dek, or wrapped_enc, wrapped_mac, wrapped_dek; and,
// where wanted, version, check_enc, check_mac, check_dek. Errors: as open_file, without input.bad_json.
Result<std::unique_ptr<Source>> open_csv(const std::filesystem::path& file, Algorithm algorithm, const KeyEncryptionKey& kek = {});

// Master keys that stay in a token and diversify there (CKM_DES3_ECB_ENCRYPT_DATA, or CKM_DES3_ECB where the key is made to encrypt and not
// to derive; CKM_AES_CMAC); what comes out are the card's keys. `uri` names objects NAME-enc, NAME-mac and NAME-dek. Each is used once
// here: what the token will refuse, it refuses before the first card. Errors: crypto.bad_input (no diversification: master keys do not come
// out; or one that is not defined for the algorithm), token.*.
Result<std::unique_ptr<Source>> open_token(const pkcs11::Uri& uri, const pkcs11::PinSource& pin, Algorithm algorithm,
                                           Diversification method, Byte version);

}  // namespace idchip::card_keys
