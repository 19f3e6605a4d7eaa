#include "access_options.hpp"

#include <algorithm>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/mrz/mrz.hpp>
#include <idchip/national/vietnam/personal_number.hpp>

#include "base/try.hpp"
#include "key_files.hpp"

namespace idchip::cli {
namespace {

// One line of standard input: secrets do not stand on a command line, where every user of the machine can read them.
Result<std::string> read_secret(const std::string& option, const std::string& value) {
    if (value != "-") return fail(Errc::bad_field, option, "want -, and the secret on standard input");
    auto text = TRY(read_text("-", 256));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

Result<void> by_mrz(const AccessOptions& o, inspect::ReadRequest& request) {
    const auto text = TRY(read_text(o.mrz, 4096));
    auto m = mrz::parse_strict(text);
    if (!m) return fail(std::move(m.error()).inside(o.mrz == "-" ? "standard input" : o.mrz));
    request.mrz_information = TRY(mrz::mrz_information(*m));
    request.expected = inspect::ExpectedDocument{text, m->document_number, m->birth, m->expiry};
    request.quirks = chip::known_quirks({m->issuing_state, {}});
    return {};
}

Result<void> by_number(const AccessOptions& o, inspect::ReadRequest& request) {
    // The card access number of the Vietnamese card is the end of the personal number, which is printed on it.
    if (o.birth.empty()) {
        const auto number = vietnam::PersonalNumber::parse(o.number);
        if (!number) return fail(Errc::bad_field, "--number", "want --birth and --expiry with it, or the 12 digits of a Vietnamese card");
        request.password = TRY(pace::Password::can(number->can()));
        return {};
    }
    auto information = mrz::mrz_information(upper_ascii(o.number), o.birth, o.expiry);
    if (!information) return fail(std::move(information.error()).inside("--number, --birth, --expiry"));
    request.mrz_information = *information;
    request.expected = inspect::ExpectedDocument{{}, upper_ascii(o.number), o.birth, o.expiry};
    return {};
}

Result<std::shared_ptr<const term_auth::Credentials>> terminal_of(const AccessOptions& o) {
    std::vector<pki::CvCertificate> certificates;
    for (const auto& path : o.cvc) certificates.push_back(TRY(read_cv_certificate(path)));
    auto key = TRY(open_key(o.terminal_key, o.terminal_passphrase_file, o.terminal_pin_file));
    return std::make_shared<const term_auth::Credentials>(TRY(term_auth::Credentials::of(std::move(certificates), std::move(key))));
}

}  // namespace

void add_access_options(CLI::App& verb, AccessOptions& o) {
    auto* mrz = verb.add_option("--mrz", o.mrz, "file with the machine readable zone, - for standard input");
    auto* number = verb.add_option("--number", o.number, "document number; alone: the 12 digits of a Vietnamese card, which hold its CAN");
    auto* birth = verb.add_option("--birth", o.birth, "date of birth YYMMDD");
    auto* expiry = verb.add_option("--expiry", o.expiry, "date of expiry YYMMDD");
    auto* can = verb.add_option("--can", o.can, "card access number, as printed");
    auto* pin =
        verb.add_option("--pin", o.pin, "- : the holder's PIN from standard input; with --can a PIN with one try left can be tried, too");
    auto* puk = verb.add_option("--puk", o.puk, "- : the PUK from standard input");
    mrz->excludes(number)->excludes(birth)->excludes(expiry);
    birth->needs(number)->needs(expiry);
    expiry->needs(number)->needs(birth);
    can->excludes(puk);
    pin->excludes(puk);
    verb.add_option("--pace", o.pace, "protocol of PACE to prefer, by name: id-PACE-ECDH-GM-AES-CBC-CMAC-128");
    auto* key = verb.add_option("--terminal-key", o.terminal_key,
                                "private key of this terminal (PKCS#8, or a PKCS#11 URI), for fingerprints and irises");
    auto* cvc = verb.add_option("--cvc", o.cvc, "CV certificates from the chip's CVCA to this terminal, in any order");
    key->needs(cvc);
    cvc->needs(key);
    verb.add_option("--terminal-passphrase-file", o.terminal_passphrase_file, "its first line is the passphrase of the private key")
        ->needs(key);
    verb.add_option("--terminal-pin-file", o.terminal_pin_file, "its first line is the PIN of the token")->needs(key);
    auto* no_bac = verb.add_flag("--no-bac", o.no_bac, "PACE or nothing");
    verb.add_flag("--no-pace", o.no_pace, "basic access control or nothing")->excludes(no_bac);
}

Result<inspect::ReadRequest> read_request(const AccessOptions& o) {
    inspect::ReadRequest request;
    if (!o.mrz.empty()) TRY(by_mrz(o, request));
    if (!o.number.empty()) TRY(by_number(o, request));
    if (!o.can.empty()) request.password = TRY(pace::Password::can(o.can));
    if (!o.pin.empty()) {
        request.resuming = std::exchange(request.password, std::nullopt);
        request.password = TRY(pace::Password::pin(TRY(read_secret("--pin", o.pin))));
    }
    if (!o.puk.empty()) request.password = TRY(pace::Password::puk(TRY(read_secret("--puk", o.puk))));
    request.policy.bac = !o.no_bac;
    request.policy.pace = !o.no_pace;
    for (const auto& name : o.pace) {
        const auto protocol = lds::protocol_by_name(name);
        if (!protocol || !pace::Suite::of(*protocol))
            return fail(Errc::bad_field, "--pace", "\"" + printable(name) + "\" is no protocol of PACE");
        request.policy.pace_order.push_back(name);
    }
    if (!o.terminal_key.empty()) request.terminal = TRY(terminal_of(o));
    return request;
}

}  // namespace idchip::cli
