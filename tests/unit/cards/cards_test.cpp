// Cards out of descriptions: the ready-made ones, and what a description may say.
#include "unit/unit.hpp"

#include <set>

#include <nlohmann/json.hpp>

#include <idchip/base/text.hpp>
#include <idchip/cards/cards.hpp>
#include <idchip/lds/dg15.hpp>
#include <idchip/lds/ef_atr_info.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/signer/software.hpp>

#include "cards/keys.hpp"
#include "unit/sim/emrtd_under_test.hpp"

using namespace idchip;
using namespace idchip::test;
using nlohmann::json;

namespace {

const std::filesystem::path source = IDCHIP_SOURCE_DIR;
const Instant today = start_of({2026, 11, 21});

struct Issuer {
    signer::TestPki pki;
    std::unique_ptr<pki::ContentSigner> signer;
};
Issuer& issuer() {
    static Issuer made = [] {
        TestRng rng;
        signer::TestPkiOptions options;
        options.now = today;
        options.ec_encoding = crypto::EcEncoding::named;
        auto pki = good(signer::make_test_pki(options, rng));
        auto signer = good(signer::make_software_signer(pki.ds, pki.ds_key));
        return Issuer{std::move(pki), std::move(signer)};
    }();
    return made;
}

cards::LoadOptions options() {
    static TestRng rng(77);
    return {{}, issuer().signer.get(), today, &rng};
}
cards::Card load(const std::string& name) { return good(cards::load(name, options())); }
// For those who only look.
const cards::Card& loaded(const std::string& name) {
    static std::map<std::string, cards::Card> made;
    const auto it = made.find(name);
    return it != made.end() ? it->second : made.emplace(name, load(name)).first->second;
}
Result<cards::Card> parse(const json& description) { return cards::parse(description.dump(), ".", options()); }

// The least that a description must say; short, since a portrait is drawn each time.
json least() {
    return {{"schema", 1}, {"seed", "test"}, {"document", {{"person", {{"seed", 1}, {"number", 1}, {"as_of", "2026-01-01"}}}}}};
}

std::string where(const json& description) {
    const auto card = parse(description);
    REQUIRE_FALSE(card);
    CHECK(card.error().name() == "sim.bad_card");
    return card.error().where;
}

// What passive authentication sees: the signature of EF.SOD, and which groups on the chip have the hash that it states.
struct Passive {
    bool signed_right = false;
    std::set<int> right, wrong, missing, unsigned_groups;
};
Passive passive(const lds::Files& files) {
    Passive p;
    const auto sod = good(lds::EfSod::parse(files.at(Ef::sod)));
    const auto data = good(pki::SignedData::parse(sod.cms));
    p.signed_right = !pki::check_signature(data, data.signers.at(0), issuer().pki.ds_key.public_key()).failure;
    const auto object = good(lds::LdsSecurityObject::parse(data.content));
    std::set<int> stated;
    for (const auto& [number, hash] : object.data_group_hashes) {
        stated.insert(number);
        const auto file = files.find(lds::data_group(number));
        if (file == files.end()) p.missing.insert(number);
        else (equal(crypto::hash(object.hash_alg, file->second), hash) ? p.right : p.wrong).insert(number);
    }
    for (const auto& [ef, content] : files)
        if (lds::is_data_group(ef) && !stated.contains(lds::dg_number(ef))) p.unsigned_groups.insert(lds::dg_number(ef));
    return p;
}

}  // namespace

TEST_CASE("every ready-made card loads, and says what it is", "[cards]") {
    const auto list = good(cards::ready_made());
    REQUIRE(list.size() >= 100);
    std::set<std::string> names;
    for (const auto& d : list) names.insert(d.name);
    for (const auto* wanted : {"bac-only", "pace-gm", "pace-im", "pace-cam", "pace-dh", "eac", "vn-cccd-2021"})
        CHECK(names.contains(wanted));
    const std::set<std::string> outcomes{"ACCEPT", "ACCEPT*", "CANNOT", "REFER", "REJECT"};
    for (const auto& d : list) {
        CAPTURE(d.name);
        CHECK_FALSE(d.about.empty());
        CHECK(outcomes.contains(d.outcome));
        CHECK(d.case_id.empty() == d.neighbour.empty());
        if (!d.case_id.empty()) {
            CHECK(names.contains(d.neighbour));
            CHECK(upper_ascii(d.name.substr(0, 3)) == d.case_id);
        }
        const auto& card = loaded(d.name);
        CHECK(card.description.about == d.about);
        CHECK(card.zone.size() >= 2);
        CHECK_FALSE(card.config.mrz_information.empty());
        CHECK(cards::to_text(card).find(d.about) != std::string::npos);
    }
}

TEST_CASE("cards without a fault are signed whole, those with one as their name says", "[cards]") {
    for (const auto& d : good(cards::ready_made())) {
        CAPTURE(d.name);
        const auto& card = loaded(d.name);
        const auto p = passive(card.config.files);
        CHECK(p.signed_right);
        CHECK(p.wrong.empty());
        CHECK(p.missing == (d.name == "b01-dg15-hidden" ? std::set<int>{14, 15} : std::set<int>{}));
        CHECK(p.unsigned_groups == (d.name == "b03-dg11-unsigned" ? std::set<int>{11} : std::set<int>{}));
        const auto com = good(lds::EfCom::parse(card.config.files.at(Ef::com)));
        std::set<Ef> listed;
        for (const auto ef : com.files()) listed.insert(ef);
        for (const auto& [ef, content] : card.config.files)
            if (lds::is_data_group(ef)) CHECK(listed.contains(ef));
    }
}

TEST_CASE("the schema and the parser know the same keys, faults and files", "[cards]") {
    const auto schema = json::parse(good(read_text(source / "data/schema/sim-card.schema.json")));
    for (const auto& [section, keys] : cards::all_keys()) {
        CAPTURE(section);
        const auto& definition = schema.at("$defs").at(std::string(section));
        CHECK(definition.at("additionalProperties") == false);
        std::set<std::string> in_schema, in_parser(keys.begin(), keys.end());
        for (const auto& [key, value] : definition.at("properties").items()) in_schema.insert(key);
        CHECK(in_schema == in_parser);
    }
    for (const auto& [name, definition] : schema.at("$defs").items())
        if (definition.contains("properties")) CHECK(cards::all_keys().contains(name));
    std::set<std::string> faults, files;
    for (const auto& fault : sim::all_faults()) faults.insert(std::string(fault.name));
    for (const auto& file : lds::all_files()) files.insert(std::string(file.name));
    CHECK(schema.at("$defs").at("fault").at("properties").at("name").at("enum").get<std::set<std::string>>() == faults);
    CHECK(schema.at("$defs").at("file_name").at("enum").get<std::set<std::string>>() == files);
}

TEST_CASE("docs/sim-cards.md names every key, fault and ready-made card", "[cards]") {
    const auto text = good(read_text(source / "docs/sim-cards.md"));
    const auto named = [&text](std::string_view word) { return text.find("`" + std::string(word) + "`") != std::string::npos; };
    for (const auto& [section, keys] : cards::all_keys())
        for (const auto key : keys) {
            CAPTURE(section, key);
            CHECK(named(key));
        }
    for (const auto& fault : sim::all_faults()) {
        CAPTURE(fault.name);
        CHECK(text.find("| `" + std::string(fault.name) + "` | " + std::string(fault.text) + " |") != std::string::npos);
    }
    for (const auto& d : good(cards::ready_made())) {
        CAPTURE(d.name);
        CHECK(named(d.name));
    }
}

TEST_CASE("every fault has a ready-made card", "[cards]") {
    std::set<sim::FaultId> shown;
    for (const auto& d : good(cards::ready_made()))
        for (const auto& fault : loaded(d.name).config.faults) shown.insert(fault.id);
    for (const auto& fault : sim::all_faults()) {
        CAPTURE(fault.name);
        if (fault.id != sim::FaultId::ta_refused) CHECK(shown.contains(fault.id));
    }
}

TEST_CASE("a seed gives the same keys and the same announcements each time", "[cards]") {
    for (const auto* name : {"pace-cam", "eac", "aa-ecdsa"}) {
        CAPTURE(name);
        const auto a = load(name), b = load(name);
        for (const auto ef : {Ef::dg1, Ef::dg2, Ef::card_access, Ef::dg14, Ef::dg15, Ef::cvca}) {
            CAPTURE(lds::name(ef));
            CHECK(a.config.files.contains(ef) == b.config.files.contains(ef));
            if (a.config.files.contains(ef)) CHECK(a.config.files.at(ef) == b.config.files.at(ef));
        }
        if (a.terminal) CHECK(good(a.terminal->is_key.to_pem()) == good(b.terminal->is_key.to_pem()));
    }
    CHECK(loaded("pace-gm").config.files.at(Ef::dg1) != load("pace-im").config.files.at(Ef::dg1));
}

TEST_CASE("the Vietnamese card of 2021 does all that it announces", "[cards]") {
    auto card = load("vn-cccd-2021");
    REQUIRE(card.terminal);
    CHECK(card.zone.size() == 3);
    CHECK(card.zone[0].substr(0, 5) == "IDVNM");
    CHECK(card.config.can == card.zone[0].substr(15 + 6, 6));  // the last six of the twelve digits in optional data
    const auto access = good(lds::EfCardAccess::parse(card.config.files.at(Ef::card_access)));
    std::set<std::string> announced;
    for (const auto& info : access.infos) announced.insert(lds::protocol_name(info.protocol));
    CHECK(announced == std::set<std::string>{"id-TA", "id-CA-ECDH-AES-CBC-CMAC-128", gm_aes_128});
    CHECK(good(lds::EfCom::parse(card.config.files.at(Ef::com))).tags == std::vector<std::uint32_t>{0x61, 0x75, 0x63, 0x6D, 0x6E, 0x6F});

    EmrtdUnderTest chip(std::move(card.config));
    const auto& config = chip.card.config();
    chip.secured.emplace(good(chip.in_application().try_bac(config.mrz_information)));
    CHECK(chip.read_file(0x0101) == config.files.at(Ef::dg1));
    chip.card.power_up();
    chip.secured.reset();
    Notes notes;
    const auto pace_choices = pace::choices(access, notes);
    REQUIRE(pace_choices.size() == 1);
    auto established = good(chip.try_pace(pace_choices[0], good(pace::Password::can(config.can)), true));
    CHECK(established.certification_authority_references == std::vector<std::string>{"VNSPECIMEN00001"});
    const auto id_ic = term_auth::compress(pace_choices[0].domain, established.pk_ic);
    chip.secured.emplace(std::move(established.session));
    chip.in_application();
    CHECK(chip.select(0x0103).sw == 0x6982);

    const auto dg14 = good(lds::Dg14::parse(chip.read_file(0x010E)));
    const auto ca_choices = chip_auth::choices(dg14, notes);
    REQUIRE(ca_choices.size() == 1);
    good(chip.try_chip_authentication(ca_choices[0]));
    const auto dg15_file = chip.read_file(0x010F);
    const auto dg15 = good(lds::Dg15::parse(dg15_file));
    const auto key = good(active_auth::Key::from_spki(dg15.public_key));
    const auto challenge = active_auth::Challenge::draw(chip.terminal_rng);
    good(active_auth::verify(key, {}, challenge, chip.send(active_auth::internal_authenticate(challenge, 65'536))));

    const auto credentials = good(term_auth::Credentials::of({card.terminal->dv, card.terminal->is}, card.terminal->is_key));
    term_auth::Terminal terminal(good(credentials.chain_from({"VNSPECIMEN00001"})), credentials.sign,
                                 {id_ic, term_auth::compress(ca_choices[0].key.domain, chip.pk_ifd)});
    auto response = chip.send(terminal.first());
    while (auto next = good(terminal.next(response))) response = chip.send(*next);
    CHECK(chip.read_file(0x0103) == config.files.at(Ef::dg3));
    CHECK(chip.read_short(0x04, 4).sw == 0x6A82);
    CHECK(notes.empty());
}

TEST_CASE("PACE-CAM: EF.CardSecurity is signed and holds the key that the chip proves", "[cards]") {
    const auto key_of = [](const lds::Files& files) {
        const auto security = good(lds::EfCardSecurity::parse(files.at(Ef::card_security)));
        const auto data = good(pki::SignedData::parse(security.cms));
        const bool right = !pki::check_signature(data, data.signers.at(0), issuer().pki.ds_key.public_key()).failure;
        const auto infos = good(lds::SecurityInfos::parse(data.content, "EF.CardSecurity"));
        const auto keys = infos.all<lds::ChipAuthenticationPublicKeyInfo>();
        REQUIRE(keys.size() == 1);
        const auto& info = std::get<lds::ChipAuthenticationPublicKeyInfo>(keys[0]->content);
        CHECK(info.key_id == 13);
        return std::pair(right, good(crypto::AgreementKey::from_spki(info.public_key)));
    };
    auto card = load("pace-cam");
    const auto [right, key] = key_of(card.config.files);
    CHECK(right);
    EmrtdUnderTest chip(std::move(card.config));
    const auto& config = chip.card.config();
    const auto established = good(chip.try_pace(choice_of(config.pace[0]), pace::Password::mrz(config.mrz_information)));
    REQUIRE(established.ca_ic);
    good(pace::verify_chip_authentication(config.pace[0].domain, key.public_value, *established.ca_ic, established.pk_map_ic));
    CHECK_FALSE(key_of(loaded("a23-card-security-signature").config.files).first);
    auto other = load("a22-card-security-other-key");
    const auto dg14 = good(lds::Dg14::parse(other.config.files.at(Ef::dg14)));
    const auto keys = dg14.all<lds::ChipAuthenticationPublicKeyInfo>();
    REQUIRE(keys.size() == 1);
    const auto& info = std::get<lds::ChipAuthenticationPublicKeyInfo>(keys[0]->content);
    CHECK(info.key_id == 13);
    CHECK(good(crypto::AgreementKey::from_spki(info.public_key)).public_value != key_of(other.config.files).second.public_value);
}

TEST_CASE("announcements that differ from the chip differ where the card says so", "[cards]") {
    const auto names = [](const lds::SecurityInfos& infos) {
        std::multiset<std::string> list;
        for (const auto& info : infos.infos) list.insert(lds::protocol_name(info.protocol));
        return list;
    };
    const auto access = [&](const std::string& name) {
        return names(good(lds::EfCardAccess::parse(loaded(name).config.files.at(Ef::card_access))));
    };
    const auto dg14 = [&](const std::string& name) { return names(good(lds::Dg14::parse(loaded(name).config.files.at(Ef::dg14)))); };
    CHECK(access("pace-gm") == dg14("pace-gm"));
    CHECK_FALSE(loaded("a05-card-access-absent").config.files.contains(Ef::card_access));
    CHECK(dg14("a05-card-access-absent").size() == 1);
    CHECK(access("a06-card-access-stripped").size() == 1);
    CHECK(dg14("a06-card-access-stripped").size() == 3);
    CHECK(access("a07-card-access-injected").size() == 2);
    CHECK(dg14("a07-card-access-injected").size() == 1);
    CHECK(error_of(lds::EfCardAccess::parse(loaded("a09-card-access-truncated").config.files.at(Ef::card_access))) != "none");
    CHECK(error_of(lds::EfCardAccess::parse(loaded("a09-card-access-no-set").config.files.at(Ef::card_access))) != "none");
    Notes notes;
    CHECK(pace::choices(good(lds::EfCardAccess::parse(loaded("a19-own-parameters").config.files.at(Ef::card_access))), notes).empty());
    CHECK(ids(notes) == "pace.explicit_parameters");
    CHECK(dg14("e19-ca-info-absent").count("id-PK-ECDH") == 1);
    CHECK(dg14("e19-ca-info-absent").count("id-CA-ECDH-3DES-CBC-CBC") == 0);
    notes.clear();
    CHECK(chip_auth::choices(good(lds::Dg14::parse(loaded("e22-ca-small-group").config.files.at(Ef::dg14))), notes).empty());
    CHECK(ids(notes).find("ca.unusable_key") != std::string::npos);
    CHECK(loaded("b32-large-dg2").config.files.at(Ef::dg2).size() > 40'000);
    CHECK(loaded("b32-very-large-dg2").config.files.at(Ef::dg2).size() > 70'000);
    const auto limits = good(lds::EfAtrInfo::parse(loaded("eac").config.files.at(Ef::atr_info)));
    CHECK(limits.limits() == lds::EfAtrInfo::ApduLimits{2000, 2000});
    CHECK(limits.command_chaining() == true);
    CHECK(limits.extended_length() == true);
}

TEST_CASE("what a description says wrong is named with its place", "[cards]") {
    const auto with = [](const char* pointer, json value) {
        auto card = least();
        card[json::json_pointer(pointer)] = std::move(value);
        return card;
    };
    CHECK(parse(least()));
    CHECK(where({{"schema", 1}}) == "card");
    CHECK(where({{"schema", 2}, {"document", json::object()}}) == "card");
    CHECK(where(with("/acess", json::object())) == "card");
    CHECK(where(with("/document/persn", 1)) == "document");
    CHECK(where(with("/document/person/number", -1)) == "document/person/number");
    CHECK(where(with("/document/person/number", 1.5)) == "document/person/number");
    CHECK(where(with("/document/person/as_of", "2026-02-30")) == "document/person/as_of");
    CHECK(where(with("/document/person", nullptr)) == "document");
    CHECK(where(with("/document/record", {{"sex", "Q"}})).substr(0, 15) == "document/record");
    CHECK(where(with("/document/record", {{"portrait", 5}})).substr(0, 15) == "document/record");
    CHECK(error_of(parse(with("/document/record", {{"portrait", "no-such-file.jpg"}}))) == "input.not_found");
    CHECK(where(with("/document/lds", "1.9")) == "document/lds");
    CHECK(where(with("/access/bac", 1)) == "access/bac");
    CHECK(where(with("/access/can", "12a")) == "access/can");
    CHECK(where(with("/access/pace", json::array({{{"protocol", "id-PACE-ECDH-GM-AES-CBC-CMAC-128"}}}))) == "access/pace/0");
    CHECK(where(with("/access/pace", json::array({{{"protocol", "id-TA"}, {"parameter_id", 13}}}))) == "access/pace/0/protocol");
    CHECK(where(with("/access/pace", json::array({{{"protocol", gm_aes_128}, {"parameter_id", 7}}}))) == "access/pace/0/parameter_id");
    CHECK(where(with("/access/pace", json::array({{{"protocol", gm_aes_128}, {"parameter_id", 2}}}))) == "access/pace/0");
    CHECK(where(with("/chip_authentication", json::array({{{"protocols", {"id-CA-DH-3DES-CBC-CBC"}}, {"domain", 13}}}))) ==
          "chip_authentication/0/protocols/0");
    CHECK(where(with("/active_authentication", {{"rsa_bits", 1024}, {"curve", "P-256"}})) == "active_authentication");
    CHECK(where(with("/active_authentication", {{"curve", "P-257"}})) == "active_authentication/curve");
    CHECK(where(with("/terminal_authentication", json::object())) == "terminal_authentication");
    CHECK(where(with("/security_infos", {{"EF.SOD", json::object()}})) == "security_infos");
    CHECK(where(with("/security_infos/DG14/with", json::array({{{"protocol", "id-PK-DH"}}}))) == "security_infos/DG14/with/0");
    CHECK(where(with("/files", {{"DG99", {{"hex", "00"}}}})) == "files");
    CHECK(where(with("/files", {{"DG16", {{"hex", "0"}}}})) == "files/DG16/hex");
    CHECK(where(with("/files", {{"DG16", {{"hex", "00"}, {"base64", ""}}}})) == "files/DG16");
    CHECK(where(with("/unsigned", {"DG11"})) == "unsigned");
    CHECK(where(with("/tamper", json::array({{{"file", "DG16"}, {"remove", true}}}))) == "tamper");
    CHECK(where(with("/tamper", json::array({{{"file", "DG1"}, {"remove", true}, {"flip", 1}}}))) == "tamper/0");
    CHECK(where(with("/tamper", json::array({{{"file", "DG1"}, {"flip", 100000}}}))) == "tamper");
    CHECK(where(with("/refused", {{"DG1", "69"}})) == "refused/DG1");
    CHECK(where(with("/lengths", {{"too_long", "6F00"}})) == "lengths/too_long");
    CHECK(where(with("/lengths", {{"largest_command", 10}})) == "lengths/largest_command");
    CHECK(where(with("/quirks", {{"no_short_id", true}})) == "quirks");
    CHECK(where(with("/faults", {"no-such-fault"})) == "faults/0");
    CHECK(where(with("/faults", json::array({{{"name", "aa-replay"}, {"file", "DG1"}}}))) == "faults/0/file");
    CHECK(where(with("/faults", json::array({{{"name", "sm-mac-wrong"}, {"file", "DG99"}}}))) == "faults/0/file");
    CHECK(where(with("/like", 1)) == "like");
    CHECK(error_of(cards::parse("{", ".", options())) == "input.bad_json");
    CHECK(error_of(cards::parse("[]", ".", options())) == "sim.bad_card");
    CHECK(error_of(cards::load("no-such-card", options())) == "input.not_found");
    CHECK(error_of(parse(with("/like", "no-such-card"))) == "input.not_found");
    CHECK(error_of(parse(with("/active_authentication", {{"private_key", {{"hex", "00"}}}}))) == "crypto.bad_key");
}

TEST_CASE("one description can be like another, and circles are found", "[cards]") {
    const TempFolder folder;
    auto base = least();
    base["access"] = {{"bac", true}, {"can", "123456"}};
    base["about"] = "the base";
    base["faults"] = {"aa-replay"};
    good(write_text(folder / "base.json", base.dump()));
    good(write_text(folder / "mine.json",
                    R"(// a comment
                       {"schema": 1, "like": "base.json", "access": {"can": null, "pin": "1234"}, "faults": ["bac-mac-wrong"],
                        "tamper": [{"file": "DG1", "append": "0000"}, {"file": "DG2", "flip": 10}, {"file": "EF.DIR", "content": {"base64": "YQA="}}],
                        "atr": "3B00", "document": {"fingerprints": 1}, "quirks": {"select_p2": "00", "odd_from": 32768}})"));
    const auto card = load((folder / "mine.json").string());
    CHECK(card.description.name == "mine");
    CHECK(card.description.about.empty());
    CHECK(card.config.bac);
    CHECK(card.config.can.empty());
    CHECK(card.config.pin == "1234");
    REQUIRE(card.config.faults.size() == 1);
    CHECK(card.config.faults[0].id == sim::FaultId::bac_mac_wrong);
    CHECK(card.config.atr == "3B00"_hex);
    CHECK(card.config.files.at(Ef::dir) == "6100"_hex);
    CHECK(card.config.quirks.odd_from == 32768U);
    const auto p = passive(card.config.files);
    CHECK(p.signed_right);
    CHECK(p.wrong == std::set<int>{1, 2});
    CHECK(p.right == std::set<int>{3, 13});
    good(write_text(folder / "a.json", R"({"schema": 1, "like": "b.json"})"));
    good(write_text(folder / "b.json", R"({"schema": 1, "like": "a.json"})"));
    CHECK(error_of(cards::load((folder / "a.json").string(), options())) == "sim.bad_card");
}

TEST_CASE("without a PKI a card brings its own, with one it is signed by it", "[cards]") {
    auto own = options();
    own.signer = nullptr;
    const auto card = good(cards::parse(least().dump(), ".", own));
    REQUIRE(card.own_pki);
    const auto sod = good(lds::EfSod::parse(card.config.files.at(Ef::sod)));
    const auto data = good(pki::SignedData::parse(sod.cms));
    CHECK_FALSE(pki::check_signature(data, data.signers.at(0), card.own_pki->ds_key.public_key()).failure);
    const TempFolder folder;
    good(signer::save_test_pki(issuer().pki, folder.path()));
    own.pki = folder.path();
    const auto given = good(cards::parse(least().dump(), ".", own));
    CHECK_FALSE(given.own_pki);
    CHECK(passive(given.config.files).signed_right);
    own.pki = folder / "nothing";
    CHECK(error_of(cards::parse(least().dump(), ".", own)) == "input.not_found");
}

TEST_CASE("the terminal of a card with its own authorization PKI can be saved", "[cards]") {
    const TempFolder folder;
    const auto card = load("eac");
    REQUIRE(card.terminal);
    good(cards::save_test_terminal(*card.terminal, folder / "terminal"));
    const auto is = good(pki::CvCertificate::parse(good(read_file(folder / "terminal/is.cvcert"))));
    CHECK(is.role() == pki::CvRole::terminal);
    CHECK(good(crypto::PrivateKey::from_pem(good(read_text(folder / "terminal/is.SPECIMEN.key.pem")))).public_key().info().point ==
          is.public_key.public_point);
    CHECK(good(pki::CvKey::trust_point(good(pki::CvCertificate::parse(good(read_file(folder / "terminal/cvca.cvcert")))))).reference() ==
          card.config.terminal_authentication->trust.references().at(0));
    CHECK((std::filesystem::status(folder / "terminal/is.SPECIMEN.key.pem").permissions() & std::filesystem::perms::group_read) ==
          std::filesystem::perms::none);
}

TEST_CASE("what a card is, in words", "[cards]") {
    const auto text = cards::to_text(loaded("a02-pace-fails-in-step-2"));
    for (const auto* part : {"a02-pace-fails-in-step-2\n", "case                     A02", "right outcome            REFER",
                             "legitimate neighbour     pace-gm", "zone                     P<VNM", "CAN                      500540",
                             "access                   BAC", "id-PACE-ECDH-GM-AES-CBC-CMAC-128 on brainpoolP256r1",
                             "file                     DG2", "pace-step-refused step 2 sw 6A80"}) {
        CAPTURE(part, text);
        CHECK(text.find(part) != std::string::npos);
    }
}
