#include "key_files.hpp"

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include <termios.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/try.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

bool can_ask() { return ::isatty(STDIN_FILENO) != 0 && stderr_is_terminal(); }

// From the terminal, without showing it. Precondition: can_ask().
Secret ask(const std::string& what) {
    termios before{};
    ::tcgetattr(STDIN_FILENO, &before);
    auto silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    std::cerr << what << ": " << std::flush;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    std::string line;
    std::getline(std::cin, line);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::cerr << "\n";
    Secret answer(as_bytes(line));
    wipe({reinterpret_cast<Byte*>(line.data()), line.size()});
    return answer;
}

Result<Secret> ask_pin(const std::string& token) {
    const auto what = "PIN of " + token;
    if (!can_ask()) return fail(Errc::bad_usage, what, "want --pin-file, IDCHIP_TOKEN_PIN, or a terminal to ask at");
    return ask(what);
}

Result<Secret> first_line(const std::string& file) {
    auto text = TRY(read_passphrase(file));
    Secret pin(as_bytes(text));
    wipe({reinterpret_cast<Byte*>(text.data()), text.size()});
    return pin;
}

struct NewKey {
    std::optional<crypto::Curve> curve;
    std::size_t rsa_bits = 0;
};
Result<NewKey> read_kind(std::string_view kind) {
    const auto value = kind.substr(std::min(kind.size(), kind.find(':') + 1));
    NewKey k;
    if (kind.starts_with("ec:"))
        if ((k.curve = crypto::curve_by_name(value))) return k;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), k.rsa_bits);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == value.data() + value.size();
    if (kind.starts_with("rsa:") && whole && k.rsa_bits >= 1024 && k.rsa_bits <= 4096) return k;
    return fail(Errc::bad_usage, "kind of key", "want ec:CURVE (brainpoolP256r1, P-256 ...) or rsa:BITS (1024 to 4096)");
}

// An encrypted key says so itself. Without a passphrase from anywhere it is left to fail as a wrong one does.
Result<std::string> passphrase_of(const std::string& key_file, std::string_view pem, const std::string& passphrase_file) {
    if (!passphrase_file.empty() || pem.find("ENCRYPTED") == std::string_view::npos) return read_passphrase(passphrase_file);
    if (const char* given = std::getenv("IDCHIP_KEY_PASSPHRASE"); given != nullptr) return std::string(given);
    return can_ask() ? as_text(ask("Passphrase of " + key_file).view()) : std::string();
}

}  // namespace

Result<std::string> read_passphrase(const std::string& file) {
    if (file.empty()) return std::string();
    auto text = TRY(read_text(file, 4096));
    std::string passphrase(trim(std::string_view(text).substr(0, text.find('\n'))));
    wipe({reinterpret_cast<Byte*>(text.data()), text.size()});
    if (passphrase.empty()) return fail(Errc::bad_field, file, "the first line is to be the passphrase");
    return passphrase;
}

Result<crypto::PrivateKey> read_key(const std::string& file, const std::string& passphrase_file) {
    const Secret content(TRY(read_file(file)));
    const std::string_view text(reinterpret_cast<const char*>(content.view().data()), content.size());
    auto passphrase = TRY(passphrase_of(file, text, passphrase_file));
    const bool is_pem = text.find("-----BEGIN") != std::string_view::npos;
    auto pem = is_pem ? std::string(text) : pki::to_pem(content.view(), passphrase.empty() ? "PRIVATE KEY" : "ENCRYPTED PRIVATE KEY");
    auto key = crypto::PrivateKey::from_pem(pem, passphrase);
    wipe({reinterpret_cast<Byte*>(pem.data()), pem.size()});
    wipe({reinterpret_cast<Byte*>(passphrase.data()), passphrase.size()});
    if (!key) return fail(std::move(key.error()).inside(file));
    return key;
}

pkcs11::PinSource pin_source(const std::string& pin_file, const pkcs11::Uri& uri) {
    return [pin_file, uri]() -> Result<Secret> {
        if (!pin_file.empty()) return first_line(pin_file);
        if (const char* pin = std::getenv("IDCHIP_TOKEN_PIN"); pin != nullptr) return Secret(as_bytes(pin));
        if (!uri.pin_source.empty()) return first_line(uri.pin_source.starts_with("file:") ? uri.pin_source.substr(5) : uri.pin_source);
        return ask_pin(uri.token);
    };
}

Result<std::shared_ptr<const crypto::SigningKey>> open_key(const std::string& file_or_uri, const std::string& passphrase_file,
                                                           const std::string& pin_file) {
    if (!pkcs11::Uri::is(file_or_uri)) return std::make_shared<const crypto::PrivateKey>(TRY(read_key(file_or_uri, passphrase_file)));
    const auto uri = TRY(pkcs11::Uri::parse(file_or_uri));
    const auto token = TRY(pkcs11::Token::open(uri, pin_source(pin_file, uri)));
    return token->key(uri);
}

Result<std::shared_ptr<const crypto::SigningKey>> make_key(const std::string& kind, const std::string& file_or_uri,
                                                           const std::string& passphrase_file, const std::string& pin_file) {
    const auto wanted = TRY(read_kind(kind));
    if (pkcs11::Uri::is(file_or_uri)) {
        const auto uri = TRY(pkcs11::Uri::parse(file_or_uri));
        const auto token = TRY(pkcs11::Token::open(uri, pin_source(pin_file, uri)));
        return wanted.curve ? token->generate_ec(*wanted.curve, uri.object) : token->generate_rsa(wanted.rsa_bits, uri.object);
    }
    if (std::filesystem::exists(file_or_uri)) return fail(Errc::already_exists, file_or_uri);
    auto passphrase = TRY(read_passphrase(passphrase_file));
    auto key = TRY(wanted.curve ? crypto::PrivateKey::generate_ec(*wanted.curve) : crypto::PrivateKey::generate_rsa(wanted.rsa_bits));
    auto pem = TRY(key.to_pem(passphrase));
    const auto written = write_text(file_or_uri, pem, FileMode::secret);
    wipe({reinterpret_cast<Byte*>(pem.data()), pem.size()});
    wipe({reinterpret_cast<Byte*>(passphrase.data()), passphrase.size()});
    if (!written) return fail(written.error());
    return std::make_shared<const crypto::PrivateKey>(std::move(key));
}

Result<pki::Certificate> read_certificate(const std::string& file) {
    auto c = pki::Certificate::parse_any(TRY(read_file(file, 1U << 20U)));
    if (!c) return fail(std::move(c.error()).inside(file));
    return c;
}

Result<pki::CvCertificate> read_cv_certificate(const std::string& file) {
    auto c = pki::CvCertificate::parse(TRY(read_file(file)));
    if (!c) return fail(std::move(c.error()).inside(file));
    return c;
}

}  // namespace idchip::cli
