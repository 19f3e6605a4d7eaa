// idchip keys: keys in a token, or in a file for trials.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/personalize/key_pool.hpp>

#include "base/try.hpp"
#include "key_files.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::string key, kind, pin_file, passphrase_file, profile;
    std::size_t count = 0;
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

// Keys of chips ahead of need. Without --count it says what there is.
Result<int> run_pool(const Options& o) {
    const auto profile = TRY(profile::load_profile(o.profile));
    auto pool = TRY(personalize::KeyPool::open(o.key, Secret(as_bytes(TRY(read_passphrase(o.passphrase_file))))));
    {
        Progress progress("making keys", o.count);
        TRY(pool.fill(profile.features, o.count, system_rng(), [&](std::size_t done) { progress.at(done); }));
    }
    const auto left = TRY(pool.left()), taken = TRY(pool.taken()).size();
    TRY(print(o.json ? Json{{"made", o.count}, {"left", left}, {"taken", taken}}.dump() + "\n"
                     : fmt::format("{} made; {} left; {} taken by cards that were not locked\n", o.count, left, taken)));
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
    auto [pool, p] = add("pool", "key pairs of chips, made ahead of need, encrypted; each is used once", run_pool);
    pool->add_option("pool", p->key, "folder; made when it is missing")->required();
    pool->add_option("--profile", p->profile, "card profile: which keys its chips want")->required();
    pool->add_option("--count", p->count, "sets to make; none: only say what there is")->check(CLI::Range(0, 10'000'000));
    pool->add_option("--passphrase-file", p->passphrase_file, "its first line encrypts the keys")->required();
    pool->add_flag("--json", p->json, "as JSON");
    pool->footer("Example:\n  idchip keys pool pool/ --profile gp-dgi --count 1000 --passphrase-file pass");
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
