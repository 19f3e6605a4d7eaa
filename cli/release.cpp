// idchip release: what is no one person's to decide. Somebody requests it, two operators sign, the verb that does it checks.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>

#include "base/try.hpp"
#include "key_files.hpp"
#include "release_options.hpp"
#include "signer/key_signer.hpp"
#include "signer/same_key.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

struct RequestOptions {
    std::string kind, subject, signer, reason, out;
    std::uint64_t up_to = 0;
    std::int64_t days = 7;
};

struct SignOptions {
    std::string request, key, certificate, out, passphrase_file, pin_file;
};

struct ShowOptions {
    std::string request, operators;
    std::vector<std::string> releases;
    bool json = false;
};

Result<void> check_free(const std::string& file) {
    if (std::filesystem::exists(file)) return fail(Errc::already_exists, file);
    return {};
}

Result<std::string> subject_of(const RequestOptions& o) {
    if (o.signer.empty()) return o.subject;
    const auto certificate = TRY(read_certificate((std::filesystem::path(o.signer) / "ds.cer").string()));
    return release::KeyUse{certificate.fingerprint(), o.up_to}.subject();
}

Result<int> run_request(const RequestOptions& o) {
    TRY(check_free(o.out));
    const auto request = TRY(release::make_request(o.kind, TRY(subject_of(o)), o.reason, now(), o.days, system_rng()));
    TRY(write_text(o.out, request.statement()));
    TRY(print(fmt::format("{}{}: SHA-256 {}\n", request.statement(), o.out, request.digest())));
    return 0;
}

Result<int> run_sign(const SignOptions& o) {
    TRY(check_free(o.out));
    const auto request = TRY(read_request(o.request));
    const auto certificate = TRY(read_certificate(o.certificate));
    const auto name = TRY(release::operator_name(certificate));
    // Before the key is asked for: nobody signs what they have not seen.
    fmt::print(stderr, "{} signs this:\n{}SHA-256 {}\n", name, request.statement(), request.digest());
    const auto key = TRY(open_key(o.key, o.passphrase_file, o.pin_file));
    if (!certificate.public_key || !signer::same_key(certificate.public_key->info(), key->public_key().info()))
        return fail(Errc::signer_refused, o.certificate, "key and certificate do not belong together");
    signer::KeySigner signer(certificate, *key);
    TRY(write_file(o.out, TRY(release::sign(request, signer, now()))));
    return 0;
}

Json to_json(const Error& error) { return {{"name", error.name()}, {"message", error.message()}}; }

Result<int> run_show(const ShowOptions& o) {
    const auto request = TRY(read_request(o.request));
    const auto operators = TRY(release::load_operators(o.operators));
    const auto at = now();
    auto text = fmt::format("{}SHA-256 {}\n", request.statement(), request.digest());
    Json list = Json::array();
    std::vector<Bytes> releases;
    for (const auto& file : o.releases) {
        releases.push_back(TRY(read_file(file, release::largest_file)));
        const auto signers = release::signers(request, releases.back(), operators, at);
        Json names = Json::array();
        if (signers)
            for (const auto* c : *signers) names.push_back(TRY(release::operator_name(*c)));
        for (const auto& name : names) text += fmt::format("{}: signed by {}\n", file, name.get<std::string>());
        if (!signers) text += fmt::format("{}: {}\n", file, signers.error().message());
        list.push_back({{"file", file}, {"operators", std::move(names)}});
        if (!signers) list.back()["error"] = to_json(signers.error());
    }
    const auto released = release::check(request, releases, operators, at);
    if (o.json) {
        Json j = {{"kind", request.kind},       {"subject", request.subject},     {"reason", request.reason},
                  {"at", to_iso(request.at)},   {"until", to_iso(request.until)}, {"nonce", request.nonce},
                  {"digest", request.digest()}, {"releases", std::move(list)},    {"released", released.has_value()}};
        if (!released) j["error"] = to_json(released.error());
        TRY(print(j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"));
    } else {
        TRY(print(text + (released ? released->summary() : "not released: " + released.error().message()) + "\n"));
    }
    return released ? 0 : info(released.error().code).exit_code;
}

void add_request(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("request", "say what is wanted, and why, for two operators to sign");
    const auto o = std::make_shared<RequestOptions>();
    verb->add_option("--kind", o->kind, "reprint: a document is made again; key_use: a key signs more than its policy has")
        ->required()
        ->check(CLI::IsMember({std::string(release::reprint), std::string(release::key_use)}));
    auto* subject = verb->add_option("--subject", o->subject, "what exactly, in the words of the verb that wants a release");
    auto* signer = verb->add_option("--signer", o->signer, "folder of the document signer, for a key_use");
    auto* up_to = verb->add_option("--up-to", o->up_to, "signatures in all that its key may make")->check(CLI::PositiveNumber);
    signer->excludes(subject)->needs(up_to);
    up_to->needs(signer);
    verb->add_option("--reason", o->reason, "why: one line, no personal data")->required();
    verb->add_option("--days", o->days, "how long it stands")->capture_default_str();
    verb->add_option("--out", o->out, "the request; never overwritten")->required();
    verb->footer(
        "Example:\n  idchip release request --kind key_use --signer pki/signer --up-to 12000 --reason \"next key is late\" --out more.txt");
    verb->callback([o, &chosen] { chosen = [o] { return run_request(*o); }; });
}

void add_sign(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("sign", "agree to a request, which is shown first");
    const auto o = std::make_shared<SignOptions>();
    verb->add_option("request", o->request, "of `idchip release request`")->required();
    verb->add_option("--key", o->key, "your private key: a PKCS#11 URI, or a file for trials")->required();
    verb->add_option("--certificate", o->certificate, "your certificate")->required();
    verb->add_option("--out", o->out, "the release; never overwritten")->required();
    verb->add_option("--passphrase-file", o->passphrase_file,
                     "its first line is the passphrase of the key; or IDCHIP_KEY_PASSPHRASE, or you are asked");
    verb->add_option("--pin-file", o->pin_file, "its first line is the PIN of the token; or IDCHIP_TOKEN_PIN, or you are asked");
    verb->footer("Example:\n  idchip release sign more.txt --key \"pkcs11:token=an;object=release\" --certificate an.crt --out more.an");
    verb->callback([o, &chosen] { chosen = [o] { return run_sign(*o); }; });
}

void add_show_release(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("show", "who has signed, and whether it stands");
    const auto o = std::make_shared<ShowOptions>();
    verb->add_option("request", o->request, "of `idchip release request`")->required();
    verb->add_option("releases", o->releases, "of `idchip release sign`");
    verb->add_option("--operators", o->operators, "folder with the operators' certificates")->required();
    verb->add_flag("--json", o->json, "as JSON");
    verb->footer("Example:\n  idchip release show more.txt more.an more.binh --operators operators/\nExit codes: 0 released, 40 not");
    verb->callback([o, &chosen] { chosen = [o] { return run_show(*o); }; });
}

}  // namespace

void add_release(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("release", "two operators agree to what is no one person's to decide: request, sign, show");
    group->require_subcommand(1);
    add_request(*group, chosen);
    add_sign(*group, chosen);
    add_show_release(*group, chosen);
}

}  // namespace idchip::cli
