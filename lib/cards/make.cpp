#include "cards/make.hpp"

#include <algorithm>

#include <idchip/lds/dg15.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_cvca.hpp>
#include <idchip/lds/ef_dir.hpp>
#include <idchip/signer/card_security.hpp>
#include <idchip/signer/software.hpp>

namespace idchip::cards {
namespace {

// The one who signs the files: given, of a folder, or made for this card.
struct Issuer {
    std::unique_ptr<pki::ContentSigner> own;
    pki::ContentSigner* signer = nullptr;
};
Result<Issuer> issuer(const LoadOptions& options, Rng& rng, Card& card) {
    Issuer i;
    i.signer = options.signer;
    if (i.signer != nullptr) return i;
    if (!options.pki.empty()) {
        i.own = TRY(signer::load_software_signer(options.pki / "signer"));
    } else {
        signer::TestPkiOptions pki;
        pki.now = options.now;
        pki.ec_encoding = crypto::EcEncoding::named;
        card.own_pki = TRY(signer::make_test_pki(pki, rng));
        i.own = TRY(signer::make_software_signer(card.own_pki->ds, card.own_pki->ds_key));
    }
    i.signer = i.own.get();
    return i;
}

Result<void> sign_groups(const Blueprint& b, personalize::Document& document, pki::ContentSigner& signer, Instant now) {
    lds::Files aside;
    std::vector<lds::Ef> groups;
    for (const auto& [ef, content] : document.files)
        if (lds::is_data_group(ef)) groups.push_back(ef);
    auto com = lds::EfCom::of(groups);
    if (document.lds_version == personalize::LdsVersion::v1_8) com.lds_version = "0108";
    if (!b.files.contains(lds::Ef::com)) document.files[lds::Ef::com] = com.encode();
    for (const auto ef : b.unsigned_files)
        if (auto node = document.files.extract(ef)) aside.insert(std::move(node));
        else return fail(Errc::sim_bad_card, "unsigned", lds::name(ef) + " is not on the card");
    if (!b.files.contains(lds::Ef::sod)) TRY(personalize::sign_document(document, signer, now));
    document.files.merge(aside);
    return {};
}

// The data groups that follow from keys and protocols.
void add_protocol_groups(const Blueprint& b, const sim::EmrtdConfig& c, lds::Files& files) {
    if (c.active_authentication)
        files[lds::Ef::dg15] =
            lds::Dg15::encode(c.active_authentication->key.public_key().to_spki(crypto::EcEncoding::explicit_parameters));
    if (const auto infos = dg14_infos(b, c)) files[lds::Ef::dg14] = lds::Dg14::encode(*infos);
}

Result<void> add_master_files(const Blueprint& b, pki::ContentSigner& signer, Instant now, sim::EmrtdConfig& c) {
    c.files[lds::Ef::dir] = lds::EfDir{{{to_bytes(lds::application_aid), {}}}, {}}.encode();
    if (c.lengths.extended || c.lengths.command_chaining) c.files[lds::Ef::atr_info] = make_atr_info(c);
    if (const auto infos = card_access_infos(b, c)) c.files[lds::Ef::card_access] = lds::EfCardAccess::encode(*infos);
    if (const auto infos = TRY(card_security_infos(b, c)))
        c.files[lds::Ef::card_security] = TRY(signer::sign_card_security(*infos, signer, now));
    if (c.terminal_authentication) c.files[lds::Ef::cvca] = TRY(lds::EfCvca{c.terminal_authentication->trust.references(), {}}.encode());
    return {};
}

void set_behaviour(const Blueprint& b, sim::EmrtdConfig& c) {
    if (b.atr) c.atr = *b.atr;
    c.refused = b.refused;
    c.lengths = b.lengths;
    c.quirks = b.quirks;
    c.faults = b.faults;
}

}  // namespace

Result<Card> make(Blueprint b, const std::filesystem::path& folder, const LoadOptions& options) {
    Card card;
    auto& rng = options.rng != nullptr ? *options.rng : system_rng();
    auto& config = card.config;
    auto holder = TRY(make_holder(b.document, folder, date_of(options.now)));
    const KeySource keys(b.seed, rng);
    set_behaviour(b, config);
    TRY(make_access(b, holder, keys, config));
    TRY(make_chip_authentication(b, keys, config));
    TRY(make_active_authentication(b, keys, config));
    TRY(make_terminal_authentication(b, keys, card));
    auto& files = holder.document.files;
    add_protocol_groups(b, config, files);
    for (const auto& [ef, content] : b.files) files[ef] = content;
    const auto i = TRY(issuer(options, rng, card));
    TRY(sign_groups(b, holder.document, *i.signer, options.now));
    TRY(add_master_files(b, *i.signer, options.now, config));
    for (auto& [ef, content] : files) config.files[ef] = std::move(content);
    for (const auto& t : b.tamper) TRY(apply(t, config.files));
    card.description = std::move(b.description);
    card.zone = std::move(holder.zone);
    return card;
}

}  // namespace idchip::cards
