// idchip ledger checkpoint, verify: whether anybody has changed what was written down.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/pki/certificate_folder.hpp>

#include "base/try.hpp"
#include "key_files.hpp"
#include "ledger.hpp"
#include "ledger_options.hpp"
#include "signer/key_signer.hpp"
#include "signer/same_key.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    LedgerOptions ledger;
    std::string key, certificate, passphrase_file, pin_file, out, trust;
    std::vector<std::string> kept;
    bool json = false;
};

Json to_json(const ledger::Checkpoint& c) {
    return {{"chain", c.chain},   {"event", c.sequence},     {"hash", c.hash},
            {"at", to_iso(c.at)}, {"seconds", c.at.seconds}, {"signed_statement", to_hex(c.signed_statement)}};
}

Result<ledger::Checkpoint> read_checkpoint(const std::string& file, const Json& j) {
    const auto bad = [&](std::string why) { return fail(Errc::bad_json, file, std::move(why)); };
    if (!j.is_object()) return bad("want what `ledger checkpoint` has written");
    for (const auto* key : {"chain", "hash", "signed_statement"})
        if (!j.contains(key) || !j[key].is_string()) return bad(std::string("want a text: ") + key);
    for (const auto* key : {"event", "seconds"})
        if (!j.contains(key) || !j[key].is_number_integer()) return bad(std::string("want a number: ") + key);
    auto statement = from_hex(j["signed_statement"].get<std::string>());
    if (!statement) return fail(std::move(statement.error()).inside(file));
    ledger::Checkpoint c;
    c.chain = j["chain"].get<std::string>();
    c.sequence = j["event"].get<std::int64_t>();
    c.hash = j["hash"].get<std::string>();
    c.at = {j["seconds"].get<std::int64_t>()};
    c.signed_statement = std::move(*statement);
    return c;
}

Result<std::vector<ledger::Checkpoint>> read_checkpoints(const std::string& file) {
    const auto j = Json::parse(TRY(read_text(file, 16U << 20U)), nullptr, false);
    if (!j.is_array()) return fail(Errc::bad_json, file, "want what `ledger checkpoint` has written");
    std::vector<ledger::Checkpoint> all;
    for (const auto& one : j) all.push_back(TRY(read_checkpoint(file, one)));
    return all;
}

Result<int> run_checkpoint(const Options& o) {
    const auto certificate = TRY(read_certificate(o.certificate));
    const auto key = TRY(open_key(o.key, o.passphrase_file, o.pin_file));
    if (!certificate.public_key || !signer::same_key(certificate.public_key->info(), key->public_key().info()))
        return fail(Errc::signer_refused, o.certificate, "it is another key's");
    signer::KeySigner signer(certificate, *key);
    auto l = TRY(open_existing_ledger(o.ledger));
    const auto checkpoints = TRY(l.checkpoint(signer, now()));
    Json all = Json::array();
    for (const auto& one : checkpoints) all.push_back(to_json(one));
    if (!o.out.empty()) TRY(write_text(o.out, all.dump(1) + "\n"));
    for (const auto& one : checkpoints) TRY(print(fmt::format("chain {}: signed at event {}\n", one.chain, one.sequence)));
    return 0;
}

Result<int> run_verify(const Options& o) {
    std::vector<pki::CertificateFile> trusted;
    if (!o.trust.empty()) trusted = TRY(pki::read_certificate_folder(o.trust));
    std::vector<ledger::Checkpoint> kept;
    for (const auto& file : o.kept) {
        auto more = TRY(read_checkpoints(file));
        std::move(more.begin(), more.end(), std::back_inserter(kept));
    }
    auto l = TRY(open_existing_ledger(o.ledger));
    const auto is_trusted = [&](const pki::Certificate& c) {
        return o.trust.empty() ||
               std::any_of(trusted.begin(), trusted.end(), [&](const auto& one) { return one.certificate.raw == c.raw; });
    };
    const auto v = TRY(l.verify(is_trusted, kept));
    const bool is_whole = v.findings.empty();
    if (o.json) {
        const Json j = {{"events", v.events}, {"checkpoints", v.checkpoints}, {"whole", is_whole}, {"findings", v.findings}};
        TRY(print(j.dump() + "\n"));
    } else {
        for (const auto& finding : v.findings) TRY(print(finding + "\n"));
        TRY(print(fmt::format("{} events, {} checkpoints: {}\n", v.events, v.checkpoints, is_whole ? "whole" : "NOT WHOLE")));
        if (v.checkpoints != 0 && o.trust.empty()) TRY(print("who signed the checkpoints was not looked at: --trust\n"));
        if (is_whole && v.checkpoints == 0)
            TRY(print("without a checkpoint that lay elsewhere nobody can tell a chain that was written anew as a whole\n"));
    }
    return is_whole ? 0 : info(Errc::ledger_tampered).exit_code;
}

}  // namespace

void add_ledger_audit(CLI::App& group, Action& chosen) {
    const auto c = std::make_shared<Options>();
    auto* checkpoint = group.add_subcommand("checkpoint", "sign the end of every station's chain; keep the file elsewhere");
    add_ledger_options(*checkpoint, c->ledger);
    checkpoint->add_option("--key", c->key, "the auditor's private key: a file, or a PKCS#11 URI")->required();
    checkpoint->add_option("--certificate", c->certificate, "the auditor's certificate")->required();
    checkpoint->add_option("--passphrase-file", c->passphrase_file, "its first line is the passphrase of the key");
    checkpoint->add_option("--pin-file", c->pin_file, "its first line is the PIN of the token");
    checkpoint->add_option("--out", c->out, "file for the checkpoint; it stands in the ledger as well");
    checkpoint->footer("Example:\n  idchip ledger checkpoint --key auditor.pem --certificate auditor.crt --out friday.json");
    checkpoint->callback([c, &chosen] { chosen = [c] { return run_checkpoint(*c); }; });

    const auto v = std::make_shared<Options>();
    auto* verify = group.add_subcommand("verify", "whether a row was changed, left out or cut off");
    add_ledger_options(*verify, v->ledger);
    verify->add_option("--trust", v->trust, "folder with the certificates that may sign checkpoints");
    verify->add_option("--kept", v->kept, "checkpoints that were kept elsewhere");
    verify->add_flag("--json", v->json, "as JSON");
    verify->footer("Example:\n  idchip ledger verify --trust auditors/ --kept friday.json\nExit code 50: the ledger is not what it was.");
    verify->callback([v, &chosen] { chosen = [v] { return run_verify(*v); }; });
}

}  // namespace idchip::cli
