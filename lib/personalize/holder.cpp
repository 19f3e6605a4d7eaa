#include <idchip/personalize/holder.hpp>

#include <algorithm>

#include <nlohmann/json.hpp>

#include <idchip/lds/ef_cvca.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

constexpr std::size_t pin_digits = 6, puk_digits = 10;

// Every digit as likely as any other: bytes from 250 on are drawn again.
Secret draw_digits(std::size_t count, Rng& rng) {
    Secret digits(count);
    for (std::size_t i = 0; i < count;) {
        const auto byte = rng.secret(1);
        if (byte.view()[0] >= 250) continue;
        digits.writable()[i++] = static_cast<Byte>('0' + byte.view()[0] % 10);
    }
    return digits;
}

Result<Secret> read_digits(const nlohmann::json& letter, const char* name, std::size_t count) {
    if (!letter.contains(name)) return Secret();
    const auto& text = letter[name].get_ref<const std::string&>();
    if (text.size() != count || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return fail(Errc::bad_json, name, "not the digits of a letter");
    return Secret(as_bytes(text));
}

// Doc 9303-11, 7.1.4.3.3 and TR-03110-3, D.2.1.3: unpacked digits.
Bytes digits_of(Date date) {
    Bytes digits;
    for (const int two : {date.year % 100, date.month, date.day}) {
        digits.push_back(static_cast<Byte>(two / 10));
        digits.push_back(static_cast<Byte>(two % 10));
    }
    return digits;
}

}  // namespace

HolderSecrets make_holder_secrets(const profile::Features& features, Rng& rng) {
    HolderSecrets secrets;
    if (features.pin) secrets.pin = draw_digits(pin_digits, rng);
    if (features.puk) secrets.puk = draw_digits(puk_digits, rng);
    return secrets;
}

void set_holder_secrets(Document& document, const HolderSecrets& secrets) {
    if (!secrets.pin.empty()) document.variables["pin"] = profile::Value::of(secrets.pin.view());
    if (!secrets.puk.empty()) document.variables["puk"] = profile::Value::of(secrets.puk.view());
}

std::string to_letter(const Document& document, const HolderSecrets& secrets) {
    nlohmann::ordered_json letter;
    letter["record"] = document.record;
    if (!secrets.pin.empty()) letter["pin"] = as_text(secrets.pin.view());
    if (!secrets.puk.empty()) letter["puk"] = as_text(secrets.puk.view());
    return letter.dump(1) + "\n";
}

Result<HolderSecrets> read_letter(std::string_view text, const Document& document) {
    try {
        const auto letter = nlohmann::json::parse(text);
        if (letter.at("record") != document.record) return fail(Errc::bad_json, "record", "the letter is another record's");
        HolderSecrets secrets;
        secrets.pin = TRY(read_digits(letter, "pin", pin_digits));
        secrets.puk = TRY(read_digits(letter, "puk", puk_digits));
        return secrets;
    } catch (const nlohmann::json::exception&) {  // its message could quote the letter
        return fail(Errc::bad_json, {}, "no letter of a holder");
    }
}

Result<void> set_trust_point(Document& document, const profile::Features& features, const pki::CvCertificate& cvca, Date today) {
    if (!features.terminal_authentication)
        return fail(Errc::profile_bad, "chip/terminal_authentication", "this kind of chip takes no certificate of a CVCA");
    const auto point = TRY(pki::CvKey::trust_point(cvca));
    document.files[lds::Ef::cvca] = TRY(lds::EfCvca{{point.reference()}, {}}.encode());
    document.variables["cvca.certificate"] = profile::Value::of(ByteView(cvca.raw));
    document.variables["date"] = profile::Value::of(ByteView(digits_of(today)));
    document.terminal_authentication = true;
    return {};
}

}  // namespace idchip::personalize
