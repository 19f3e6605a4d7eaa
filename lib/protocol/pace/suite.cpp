#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <idchip/crypto/hash.hpp>
#include <idchip/protocol/pace/pace.hpp>

namespace idchip::pace {
namespace {

using crypto::Cipher;

// 9.2.3: the arc names key agreement and mapping, the last number the cipher.
std::vector<Suite> make_suites() {
    struct Arc {
        const char* arc;
        Mapping mapping;
        bool ecdh, with_3des;
    };
    constexpr std::array arcs = {
        Arc{"0.4.0.127.0.7.2.2.4.1", Mapping::generic, false, true}, Arc{"0.4.0.127.0.7.2.2.4.2", Mapping::generic, true, true},
        Arc{"0.4.0.127.0.7.2.2.4.3", Mapping::integrated, false, true}, Arc{"0.4.0.127.0.7.2.2.4.4", Mapping::integrated, true, true},
        Arc{"0.4.0.127.0.7.2.2.4.6", Mapping::chip_authentication, true, false}};
    constexpr std::array ciphers = {Cipher::tdes, Cipher::aes128, Cipher::aes192, Cipher::aes256};
    std::vector<Suite> all;
    for (const auto& a : arcs)
        for (std::size_t i = a.with_3des ? 0 : 1; i < ciphers.size(); ++i)
            all.push_back({der::Oid(fmt::format("{}.{}", a.arc, i + 1)), a.mapping, a.ecdh, ciphers.at(i)});
    return all;
}

Result<Password> typed(PasswordKind kind, std::string_view text) {
    const bool latin = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
    // Umlauts would need the reader's code page; no issuer prints or gives out such a number.
    if (text.empty() || !latin) return fail(Errc::bad_field, std::string(name(kind)), "want printable ASCII characters");
    return Password(kind, Secret(as_bytes(text)));
}

}  // namespace

const std::vector<Suite>& suites() {
    static const auto all = make_suites();
    return all;
}

std::optional<Suite> Suite::of(const der::Oid& protocol) {
    for (const auto& s : suites())
        if (s.protocol == protocol) return s;
    return std::nullopt;
}

std::string Suite::name() const { return lds::protocol_name(protocol); }

bool defined_on(const Suite& suite, const crypto::Domain& domain) {
    if (suite.ecdh != domain.is_ec()) return false;
    return suite.mapping != Mapping::integrated || !suite.ecdh || (crypto::parameters(domain.curve()).p.back() & 3U) == 3;
}

std::string_view name(PasswordKind kind) {
    switch (kind) {
        case PasswordKind::mrz: return "MRZ";
        case PasswordKind::can: return "CAN";
        case PasswordKind::pin: return "PIN";
        case PasswordKind::puk: return "PUK";
    }
    return {};
}

Password Password::mrz(std::string_view mrz_information) {
    return {PasswordKind::mrz, Secret(crypto::hash(crypto::HashAlg::sha1, as_bytes(mrz_information)))};
}
Result<Password> Password::can(std::string_view text) { return typed(PasswordKind::can, text); }
Result<Password> Password::pin(std::string_view text) { return typed(PasswordKind::pin, text); }
Result<Password> Password::puk(std::string_view text) { return typed(PasswordKind::puk, text); }

Secret derive_k_pi(const Password& password, Cipher cipher) { return crypto::derive_key(cipher, password.k(), crypto::counter_pace); }

// 4.4.3.3: s is the smallest multiple of the block size that holds a key.
std::size_t nonce_size(Cipher cipher) { return cipher == Cipher::aes192 || cipher == Cipher::aes256 ? 32 : 16; }
std::size_t nonce_t_size(Cipher cipher) { return crypto::key_size(cipher); }

Randoms Randoms::fresh(const Choice& choice, Rng& rng) {
    Randoms r;
    r.nonce = rng.secret(nonce_size(choice.suite.cipher));
    if (choice.suite.mapping == Mapping::integrated) r.nonce_t = rng.bytes(nonce_t_size(choice.suite.cipher));
    else r.map_private = choice.domain.draw_private(rng);
    r.agree_private = choice.domain.draw_private(rng);  // mapping changes the generator, not the order
    return r;
}

}  // namespace idchip::pace
