// idchip keys: keys in a token, or in a file for trials.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/try.hpp"
#include "key_files.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::string key, kind, pin_file, passphrase_file;
    bool json = false;
};

Result<int> run_list(const Options& o) {
    const auto uri = TRY(pkcs11::Uri::parse(o.key));
    const auto token = TRY(pkcs11::Token::open(uri, pin_source(o.pin_file, uri)));
    Json list = Json::array();
    std::string text;
    for (const auto& entry : TRY(token->keys())) {
        const auto kind = entry.public_key ? entry.public_key->info().text() : std::string("public key not in the token");
        list.push_back({{"object", entry.label}, {"id", to_hex(entry.id)}, {"kind", kind}});
        text += fmt::format("{:<32} id {:<18} {}\n", entry.label, to_hex(entry.id), kind);
    }
    TRY(print(o.json ? Json{{"token", token->label()}, {"keys", std::move(list)}}.dump(1) + "\n" : text));
    return 0;
}

Result<int> run_make(const Options& o) {
    const auto key = TRY(make_key(o.kind, o.key, o.passphrase_file, o.pin_file));
    TRY(print(fmt::format("{} in {}\n", key->public_key().info().text(), o.key)));
    return 0;
}

// That a key can be opened proves nothing: it signs, and the signature is checked.
Result<int> run_check(const Options& o) {
    const auto key = TRY(open_key(o.key, o.passphrase_file, o.pin_file));
    const bool rsa = key->public_key().info().type == crypto::KeyType::rsa;
    const crypto::SignatureAlgorithm algorithm{rsa ? crypto::Scheme::rsa_pkcs1 : crypto::Scheme::ecdsa, crypto::HashAlg::sha256,
                                               crypto::HashAlg::sha256, 32, false};
    const auto signature = TRY(key->sign(algorithm, as_bytes("idchip keys check")));
    TRY(key->public_key().verify(algorithm, as_bytes("idchip keys check"), signature));
    TRY(print(fmt::format("{} signs\n", key->public_key().info().text())));
    return 0;
}

}  // namespace

void add_keys(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("keys", "keys in a token (PKCS#11), or in a file for trials");
    group->require_subcommand(1);
    const auto add = [&](const char* name, const char* about, Result<int> (*run)(const Options&)) {
        auto* verb = group->add_subcommand(name, about);
        const auto o = std::make_shared<Options>();
        verb->add_option("--pin-file", o->pin_file, "its first line is the PIN of the token; or IDCHIP_TOKEN_PIN, or you are asked");
        verb->callback([o, &chosen, run] { chosen = [o, run] { return run(*o); }; });
        return std::pair(verb, o);
    };
    auto [list, l] = add("list", "the private keys in a token", run_list);
    list->add_option("token", l->key, "PKCS#11 URI of the token")->required();
    list->add_flag("--json", l->json, "as JSON");
    list->footer("Example:\n  idchip keys list \"pkcs11:token=hsm?module-path=/usr/lib/softhsm/libsofthsm2.so\"");
    auto [make, m] = add("make", "make a key", run_make);
    make->add_option("kind", m->kind, "ec:P-256, ec:brainpoolP384r1, rsa:3072 ...")->required();
    make->add_option("key", m->key, "PKCS#11 URI with object=..., or a file for trials")->required();
    make->add_option("--passphrase-file", m->passphrase_file, "encrypts a key in a file; its first line is the passphrase");
    make->footer("Example:\n  idchip keys make ec:P-256 \"pkcs11:token=hsm;object=ds-7\"");
    auto [check, c] = add("check", "let a key sign, and verify it", run_check);
    check->add_option("key", c->key, "PKCS#11 URI, or a file")->required();
    check->add_option("--passphrase-file", c->passphrase_file, "passphrase of a key in a file");
    check->footer("Example:\n  idchip keys check \"pkcs11:token=hsm;object=ds-7\"");
}

}  // namespace idchip::cli
