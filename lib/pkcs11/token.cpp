// Finding a token, its keys, and making new ones.
#include <idchip/pkcs11/token.hpp>

#include <fmt/format.h>

#include <idchip/base/random.hpp>
#include <idchip/tlv/der.hpp>

#include "base/try.hpp"
#include "pkcs11/derive.hpp"
#include "pkcs11/objects.hpp"
#include "pkcs11/signing_key.hpp"

namespace idchip::pkcs11 {
namespace {

template <std::size_t N>
std::string text_of(const unsigned char (&field)[N]) {
    std::string text(reinterpret_cast<const char*>(field), N);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
    return text;
}

bool fits(const std::string& wanted, const std::string& found) { return wanted.empty() || wanted == found; }

struct Slot {
    CK_SLOT_ID id;
    CK_TOKEN_INFO info;
};

Result<std::vector<Slot>> slots_with_tokens(CK_FUNCTION_LIST& f) {
    CK_ULONG count = 0;
    if (const auto code = f.C_GetSlotList(CK_TRUE, nullptr, &count); code != CKR_OK) return failed(code, "C_GetSlotList");
    std::vector<CK_SLOT_ID> ids(count);
    if (const auto code = f.C_GetSlotList(CK_TRUE, ids.data(), &count); code != CKR_OK) return failed(code, "C_GetSlotList");
    ids.resize(count);
    std::vector<Slot> slots;
    for (const auto id : ids) {
        Slot slot{id, {}};
        if (f.C_GetTokenInfo(id, &slot.info) == CKR_OK && (slot.info.flags & CKF_TOKEN_INITIALIZED) != 0) slots.push_back(slot);
    }
    return slots;
}

Result<Slot> find_slot(CK_FUNCTION_LIST& f, const Uri& uri) {
    const auto all = TRY(slots_with_tokens(f));
    std::vector<Slot> matching;
    for (const auto& slot : all) {
        const auto& i = slot.info;
        if (fits(uri.token, text_of(i.label)) && fits(uri.serial, text_of(i.serialNumber)) &&
            fits(uri.manufacturer, text_of(i.manufacturerID)) && fits(uri.model, text_of(i.model)))
            matching.push_back(slot);
    }
    if (matching.size() != 1)
        return fail(Errc::token_not_found, uri.text(), fmt::format("{} of {} tokens fit; one is wanted", matching.size(), all.size()));
    return matching.front();
}

// The names of curves, and the parameters for tokens that want them written out.
Bytes named_curve(crypto::Curve curve) { return der::write(crypto::oid(curve)); }

Bytes random_id() { return system_rng().bytes(8); }

}  // namespace

Result<std::shared_ptr<Token>> Token::open(const Uri& uri, const PinSource& pin) {
    auto impl = std::make_shared<Impl>();
    impl->module = TRY(Module::load(uri.module_path.empty() ? default_module() : uri.module_path));
    const auto slot = TRY(find_slot(impl->f(), uri));
    impl->slot = slot.id;
    impl->label = text_of(slot.info.label);
    impl->serial = text_of(slot.info.serialNumber);
    if ((slot.info.flags & CKF_USER_PIN_LOCKED) != 0) return fail(Errc::token_pin_locked, impl->label);
    if ((slot.info.flags & CKF_USER_PIN_FINAL_TRY) != 0)
        return fail(Errc::token_pin_locked, impl->label, "one try is left; the token's own tool may spend it");
    impl->pin = TRY(pin());
    TRY(impl->log_in());
    return std::shared_ptr<Token>(new Token(std::move(impl)));
}

Token::~Token() = default;

std::string Token::label() const { return impl_->label; }

Result<std::vector<KeyEntry>> Token::keys() {
    std::vector<KeyEntry> list;
    for (const auto object : TRY(find_objects(*impl_, CKO_PRIVATE_KEY, {}, {}))) {
        const auto label = TRY(attribute(*impl_, object, CKA_LABEL)).value_or(Bytes());
        KeyEntry entry{std::string(label.begin(), label.end()), TRY(attribute(*impl_, object, CKA_ID)).value_or(Bytes()), {}};
        if (!entry.id.empty())
            for (const auto other : TRY(find_objects(*impl_, CKO_PUBLIC_KEY, {}, entry.id)))
                if (!entry.public_key) entry.public_key = TRY(public_key_of(*impl_, other));
        list.push_back(std::move(entry));
    }
    return list;
}

Result<std::shared_ptr<const crypto::SigningKey>> Token::key(const Uri& uri, std::optional<crypto::PublicKey> known) {
    const auto found = TRY(find_objects(*impl_, CKO_PRIVATE_KEY, uri.object, uri.id));
    if (found.size() != 1) return fail(Errc::token_not_found, uri.text(), fmt::format("{} private keys fit; one is wanted", found.size()));
    const auto object = found.front();
    if (!known) {
        const auto id = TRY(attribute(*impl_, object, CKA_ID)).value_or(Bytes());
        const auto label = TRY(attribute(*impl_, object, CKA_LABEL)).value_or(Bytes());
        const auto partners =
            TRY(find_objects(*impl_, CKO_PUBLIC_KEY, id.empty() ? std::string(label.begin(), label.end()) : std::string(), id));
        known = TRY(public_key_of(*impl_, partners.empty() ? object : partners.front()));
    }
    if (!known) return fail(Errc::token_not_found, uri.text(), "the public key is not in the token; give the certificate");
    return make_signing_key(impl_, object, std::move(*known));
}

namespace {

Result<std::shared_ptr<const crypto::SigningKey>> generate(const std::shared_ptr<Token::Impl>& token, CK_MECHANISM_TYPE type,
                                                           std::vector<CK_ATTRIBUTE> public_part, const std::string& label) {
    if (label.empty()) return fail(Errc::bad_field, "object", "the new key needs a label");
    if (!TRY(find_objects(*token, CKO_PRIVATE_KEY, label, {})).empty()) return fail(Errc::already_exists, label);
    auto id = random_id();
    CK_BBOOL yes = CK_TRUE;
    CK_BBOOL no = CK_FALSE;
    const CK_ATTRIBUTE shared[] = {
        {CKA_TOKEN, &yes, sizeof yes}, {CKA_LABEL, const_cast<char*>(label.data()), label.size()}, {CKA_ID, id.data(), id.size()}};
    public_part.insert(public_part.end(), std::begin(shared), std::end(shared));
    public_part.push_back({CKA_VERIFY, &yes, sizeof yes});
    std::vector<CK_ATTRIBUTE> private_part(std::begin(shared), std::end(shared));
    const CK_ATTRIBUTE guards[] = {{CKA_PRIVATE, &yes, sizeof yes},
                                   {CKA_SENSITIVE, &yes, sizeof yes},
                                   {CKA_EXTRACTABLE, &no, sizeof no},
                                   {CKA_SIGN, &yes, sizeof yes}};
    private_part.insert(private_part.end(), std::begin(guards), std::end(guards));
    CK_OBJECT_HANDLE public_object = CK_INVALID_HANDLE;
    CK_OBJECT_HANDLE private_object = CK_INVALID_HANDLE;
    TRY(token->with_session("C_GenerateKeyPair", [&](CK_SESSION_HANDLE session) {
        CK_MECHANISM mechanism{type, nullptr, 0};
        return token->f().C_GenerateKeyPair(session, &mechanism, public_part.data(), public_part.size(), private_part.data(),
                                            private_part.size(), &public_object, &private_object);
    }));
    auto key = TRY(public_key_of(*token, public_object));
    if (!key) return fail(Errc::token_refused, label, "the token has made a key of another kind");
    return make_signing_key(token, private_object, std::move(*key));
}

}  // namespace

Result<std::shared_ptr<const crypto::SigningKey>> Token::generate_ec(crypto::Curve curve, const std::string& label) {
    auto parameters = named_curve(curve);
    return generate(impl_, CKM_EC_KEY_PAIR_GEN, {{CKA_EC_PARAMS, parameters.data(), parameters.size()}}, label);
}

Result<std::shared_ptr<const crypto::SigningKey>> Token::generate_rsa(std::size_t bits, const std::string& label) {
    CK_ULONG size = bits;
    Byte exponent[] = {1, 0, 1};
    return generate(impl_, CKM_RSA_PKCS_KEY_PAIR_GEN,
                    {{CKA_MODULUS_BITS, &size, sizeof size}, {CKA_PUBLIC_EXPONENT, exponent, sizeof exponent}}, label);
}

Result<std::shared_ptr<const SecretKey>> Token::secret_key(const std::string& label) { return find_secret_key(impl_, label); }

Result<void> Token::import_secret_key(SecretKey::Kind kind, const std::string& label, ByteView value) {
    return create_secret_key(*impl_, kind, label, value);
}

}  // namespace idchip::pkcs11
