#include "issuance.hpp"

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/personalize/holder.hpp>

#include "base/try.hpp"
#include "card_record.hpp"
#include "key_files.hpp"

namespace idchip::cli {
namespace {

// One serial number a line, hexadecimal; # begins a comment. Errors: io.*, input.bad_hex.
Result<std::set<std::string>> read_stock(const std::string& file) {
    std::set<std::string> stock;
    std::size_t number = 0;
    for (const auto& line : split(TRY(read_text(file)), '\n')) {
        ++number;
        const std::string_view text = line;
        const auto serial = trim(text.substr(0, text.find('#')));
        if (serial.empty()) continue;
        auto bytes = from_hex(serial);
        if (!bytes) return fail(std::move(bytes.error()).inside(fmt::format("{} (line {})", file, number)));
        stock.insert(to_hex(*bytes));
    }
    return stock;
}

Result<void> check_letters(const IssuanceOptions& o, const profile::Profile& p) {
    if (o.letters.empty() || p.features.pin || p.features.puk) return {};
    return fail(Errc::profile_bad, p.name + "/chip/access", "this kind of chip takes no PIN and no PUK");
}

Result<personalize::HolderSecrets> holder_secrets(const std::filesystem::path& file, const profile::Features& features,
                                                  const personalize::Document& d, Issuance::Letter letter) {
    if (std::filesystem::exists(file)) {
        auto secrets = personalize::read_letter(TRY(read_text(file)), d);
        if (!secrets) return fail(std::move(secrets.error()).inside(file.string()));
        return secrets;
    }
    // The chip may be locked with others already: they stand in the letter of that run.
    if (letter == Issuance::Letter::old_only) return fail(Errc::not_found, file.string(), "a run that is resumed has written its letters");
    auto secrets = personalize::make_holder_secrets(features, system_rng());
    if (letter != Issuance::Letter::not_kept) TRY(write_text(file, personalize::to_letter(d, secrets), FileMode::secret));
    return secrets;
}

}  // namespace

Result<Issuance> Issuance::open(const IssuanceOptions& o, bool looking) {
    Issuance i;
    i.options = o;
    i.profile = TRY(profile::load_profile(o.profile));
    i.signer = TRY(open_signer((std::filesystem::path(o.pki) / "signer").string(), o.signer));
    i.trust = TRY(load_trust((std::filesystem::path(o.pki) / "trust").string()));
    i.keys = TRY(open_card_keys(o.keys, i.profile));
    if (!o.stock.empty()) i.stock = TRY(read_stock(o.stock));
    if (!o.pool.empty()) i.pool = TRY(personalize::KeyPool::open(o.pool, Secret(as_bytes(TRY(read_passphrase(o.pool_passphrase_file))))));
    if (!o.cvca.empty()) i.cvca = TRY(read_cv_certificate(o.cvca));
    TRY(check_letters(o, i.profile));
    if (looking) return i;
    for (const auto* folder : {&o.reports, &o.letters})
        if (!folder->empty()) TRY(make_folder(*folder));
    return i;
}

Result<void> Issuance::complete(personalize::Document& document, Letter letter) const {
    if (!options.letters.empty()) {
        const auto file = std::filesystem::path(options.letters) / (document.record + ".json");
        personalize::set_holder_secrets(document, TRY(holder_secrets(file, profile.features, document, letter)));
    }
    if (cvca) TRY(personalize::set_trust_point(document, profile.features, *cvca, date_of(now())));
    return {};
}

Result<personalize::KeyPool::Taken> Issuance::chip_keys() {
    return pool && profile.generate.empty() ? pool->take(profile.features) : fresh_chip_keys();
}

Result<personalize::KeyPool::Taken> Issuance::fresh_chip_keys() const {
    auto fresh = TRY(personalize::make_chip_keys(profile.features, system_rng()));
    return personalize::KeyPool::Taken{{}, std::move(fresh)};
}

Result<void> Issuance::report(const personalize::Job& job, const personalize::Outcome& outcome) const {
    if (options.reports.empty()) return {};
    return write_text(std::filesystem::path(options.reports) / (job.document.record + ".json"), card_record(job, profile, outcome, now()));
}

void add_issuance_options(CLI::App& verb, IssuanceOptions& o) {
    add_signer_options(verb, o.signer);
    add_card_key_options(verb, o.keys);
    verb.add_option("--profile", o.profile, "card profile, by name or file")->capture_default_str();
    verb.add_option("--pki", o.pki, "folder made by `idchip pki init`: signer/ signs, trust/ judges")->required();
    auto* pool = verb.add_option("--pool", o.pool, "folder of `idchip keys pool`: keys of chips that were made ahead");
    pool->needs(verb.add_option("--pool-passphrase-file", o.pool_passphrase_file, "its first line opens the pool"));
    verb.add_option("--letters", o.letters,
                    "folder for the letters to the holders, RECORD.json: the chip gets the PIN and PUK that stand there");
    verb.add_option("--cvca", o.cvca, "CV certificate that the chip believes terminals by");
    verb.add_option("--stock", o.stock, "file of the serial numbers that belong here, one a line: any other card is refused");
    verb.add_option("--reports", o.reports, "folder for what stands of each card: RECORD.json");
}

}  // namespace idchip::cli
