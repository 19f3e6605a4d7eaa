// A card torn out, reset, cut off or talking nonsense at every single command: the state is named, and the same card is finished
// by a second run. In process, over the simulated chip.
#include "flow/bench.hpp"

#include <idchip/base/file.hpp>
#include <idchip/lds/details.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg2.hpp>
#include <nlohmann/json.hpp>

#include <idchip/personalize/script.hpp>

using namespace idchip;
using namespace idchip::bench;

using personalize::ChipCondition;
using transport::Fault;

namespace {

std::size_t count_exchanges(const Bench& bench) {
    const auto card = bench.blank();
    const auto counters = std::make_shared<transport::Counters>();
    const auto t = transport::with_counters(transport::in_process(*card), counters);
    REQUIRE(bench.run(*t).condition == ChipCondition::finished);
    return counters->commands;
}

// What must hold after any interruption: nothing is taken for done, and the same card can be finished.
void check_recovery(const Bench& bench, sim::Card& card, const personalize::Outcome& first) {
    INFO(name(first.condition));
    if (first.failure) {
        CHECK(first.condition != ChipCondition::finished);
        if (first.condition == ChipCondition::untouched || first.condition == ChipCondition::half_written ||
            first.condition == ChipCondition::written)
            CHECK_FALSE(card.locked());
        if (first.condition == ChipCondition::locked) CHECK(card.locked());
    } else {
        CHECK(first.condition == ChipCondition::finished);
    }
    const auto t = transport::in_process(card);
    const auto second = bench.run(*t, true);
    INFO((second.failure ? second.failure->message() : std::string()));
    CHECK_FALSE(second.failure);
    CHECK(second.condition == ChipCondition::finished);
    CHECK(card.locked());
}

}  // namespace

TEST_CASE("one record goes onto every kind of blank by the name of its profile alone") {
    for (const auto* dialect : dialects) {
        INFO(dialect);
        const Bench bench(dialect);
        const auto card = bench.blank();
        const auto t = transport::in_process(*card);
        const auto outcome = bench.run(*t);
        if (outcome.failure) FAIL(outcome.failure->message());
        CHECK(outcome.condition == ChipCondition::finished);
        CHECK(outcome.verdict->overall <= inspect::Overall::accept_with_notes);
        for (const auto& f : outcome.verdict->findings) UNSCOPED_INFO(f.id << " " << f.text << " " << f.detail);
        CHECK(card->locked());
        CHECK(outcome.commands < 240);
    }
}

// The dialect's other ways, as a profile's author would write them.
TEST_CASE("STORE DATA directly to the applet, and in BER-TLV form") {
    using Json = nlohmann::json;
    const auto shipped = *read_text(std::string(IDCHIP_SOURCE_DIR) + "/profiles/gp-dgi.json");
    const auto finishes = [&](auto change) {
        auto j = Json::parse(shipped);
        change(j);
        Bench bench("gp-dgi");
        auto changed = profile::parse_profile(j.dump());
        if (!changed) FAIL(changed.error().message());
        bench.profile = std::move(*changed);
        const auto card = bench.blank();
        {
            const auto t = transport::with_fault(transport::in_process(*card), plan_of(Fault::torn_before, 50));
            CHECK(bench.run(*t).condition == ChipCondition::half_written);
        }
        const auto outcome = bench.run(*transport::in_process(*card), true);
        if (outcome.failure) FAIL(outcome.failure->message());
        CHECK(outcome.lock_proven);
        CHECK(card->locked());
    };
    const auto directly = [](Json& j) {
        j["channel"]["select"] = "A0000002471001";
        j["steps"].erase(0);  // INSTALL [for personalization]
        j["lock"]["proof"] = Json::array({{{"id", "prove lock"},
                                           {"cla", "80"},
                                           {"ins", "E2"},
                                           {"p1", "0x88"},
                                           {"p2", "0x00"},
                                           {"data", "dgi(0x011E, 0x00)"},
                                           {"expect", {"6985"}}}});
    };
    const auto in_ber = [](Json& j) {
        for (auto& step : j["steps"]) {
            if (!step.contains("for_each")) continue;
            step["collect"] = "tlv(0xE1, tlv(0x83, object.dgi), tlv(0x53, object.content))";
            step["steps"][0]["p1"] = "or(0x10, chunk.last)";
        }
        auto& last = j["lock"]["steps"][0];
        last["p1"] = "or(0x10, chunk.last)";
        last["data"] = "tlv(0xE1, tlv(0x83, 0x011E), tlv(0x53, file.EF.COM))";
    };
    finishes(directly);
    finishes(in_ber);
    finishes([&](Json& j) {
        directly(j);
        in_ber(j);
    });
}

TEST_CASE("PIN, PUK and a trust point go onto a chip that takes them, and open it") {
    Bench bench("iso-native");
    const auto secrets = personalize::make_holder_secrets(bench.profile.features, system_rng());
    personalize::set_holder_secrets(bench.document, secrets);
    // CVCA, DV and terminal.
    std::vector<crypto::PrivateKey> keys;
    while (keys.size() < 3) keys.push_back(*crypto::PrivateKey::generate_ec(crypto::Curve::bp256r1));
    const auto algorithm = pki::CvAlgorithm::suited_to(keys[0].public_key().info());
    const auto certificate = [&](const char* authority, const char* holder, pki::CvRole role, std::size_t of, std::size_t by) {
        pki::CvTemplate t;
        t.certification_authority_reference = authority;
        t.certificate_holder_reference = holder;
        t.holder_authorization = pki::HolderAuthorization::inspection_system(role, {true, true});
        t.effective_date = {2026, 1, 1};
        t.expiration_date = {2028, 1, 1};
        t.algorithm = algorithm;
        t.with_domain_parameters = role == pki::CvRole::cvca;
        return *pki::build_cv_certificate(t, keys[of].public_key(), pki::cv_signer(keys[by], algorithm));
    };
    const auto cvca = certificate("UTCVCA00001", "UTCVCA00001", pki::CvRole::cvca, 0, 0);
    CHECK(cvca.raw.size() > bench.profile.max_write);
    REQUIRE(personalize::set_trust_point(bench.document, bench.profile.features, cvca, date_of(today)));
    // A chip that knows none of it refuses before it is asked.
    CHECK(personalize::set_trust_point(bench.document, Bench().profile.features, cvca, date_of(today)).error().code == Errc::profile_bad);

    const auto card = bench.blank();
    {
        const auto t = transport::with_fault(transport::in_process(*card), plan_of(Fault::torn_before, 40));
        REQUIRE(bench.run(*t).failure);
    }
    const auto outcome = bench.run(*transport::in_process(*card), true);
    if (outcome.failure) FAIL(outcome.failure->message());
    CHECK(outcome.condition == ChipCondition::finished);

    inspect::ReadRequest request;
    request.mrz_information = bench.document.mrz_information;
    request.also = {lds::Ef::cvca};
    request.terminal = std::make_shared<term_auth::Credentials>(
        *term_auth::Credentials::of({cvca, certificate("UTCVCA00001", "UTDV00001", pki::CvRole::dv_domestic, 1, 0),
                                     certificate("UTDV00001", "UTIS00001", pki::CvRole::terminal, 2, 1)},
                                    keys[2]));
    const auto t = transport::in_process(*card);
    const auto evidence = inspect::read_chip(*t, request, system_rng(), today);
    REQUIRE(evidence);
    CHECK(evidence->files.at(lds::Ef::cvca).content == bench.document.files.at(lds::Ef::cvca));
    REQUIRE(evidence->terminal_authentication);
    CHECK(evidence->terminal_authentication->error.empty());
    for (const auto& [kind, secret] : {std::pair(&pace::Password::pin, &secrets.pin), std::pair(&pace::Password::puk, &secrets.puk)}) {
        inspect::ReadRequest by_holder;
        by_holder.password = *kind(as_text(secret->view()));
        const auto opened = transport::in_process(*card);
        CHECK(inspect::read_chip(*opened, by_holder, system_rng(), today));
        by_holder.password = *kind("0000000000");
        CHECK(inspect::read_chip(*transport::in_process(*card), by_holder, system_rng(), today).error().code == Errc::pace_wrong_password);
    }
    // The letter says it again, to nobody else's chip.
    const auto letter = personalize::to_letter(bench.document, secrets);
    CHECK(equal(personalize::read_letter(letter, bench.document)->pin.view(), secrets.pin.view()));
    auto other = bench.document;
    other.record = "another";
    CHECK(personalize::read_letter(letter, other).error().code == Errc::bad_json);
    for (const auto* text : {"", "{}", "[]", R"({"record": 7})"})
        CHECK(personalize::read_letter(text, other).error().code == Errc::bad_json);
}

TEST_CASE("a blank chip is written, read back, locked, proven and accepted") {
    const Bench bench;
    const auto card = bench.blank();
    const auto t = transport::in_process(*card);
    const auto outcome = bench.run(*t);
    REQUIRE_FALSE(outcome.failure);
    CHECK(outcome.condition == ChipCondition::finished);
    CHECK(outcome.verdict->overall == inspect::Overall::accept_with_notes);
    CHECK(card->locked());

    SECTION("a locked chip is refused and not touched") {
        const auto before = card->state_json();
        const auto again = bench.run(*t);
        REQUIRE(again.failure);
        CHECK(again.failure->code == Errc::perso_locked);
        CHECK(again.condition == ChipCondition::found_locked);
        CHECK(card->state_json() == before);
    }
    SECTION("resume finds it finished") {
        const auto again = bench.run(*t, true);
        CHECK_FALSE(again.failure);
        CHECK(again.was_finished);
    }
    SECTION("resume with another person's record is refused") {
        Bench other;
        const auto person = sample::make_person(3, 2, date_of(today));
        const auto checked = checked_record(sample::record_json(person, "p.jpg"));
        other.document = *personalize::make_document(*checked.record, *sample::draw_portrait(person, 3));
        const auto again = other.run(*t, true);
        REQUIRE(again.failure);
        CHECK(again.failure->code == Errc::perso_locked);
    }
}

TEST_CASE("a chip that is written, but not locked, wants --resume") {
    const Bench bench;
    const auto card = bench.blank();
    {
        const auto t = transport::with_fault(transport::in_process(*card), plan_of(Fault::torn_before, 20));
        CHECK(bench.run(*t).condition == ChipCondition::half_written);
    }
    const auto t = transport::in_process(*card);
    const auto refused = bench.run(*t);
    REQUIRE(refused.failure);
    CHECK(refused.failure->code == Errc::perso_already_personalized);
    CHECK(refused.condition == ChipCondition::found_written);
    CHECK(bench.run(*t, true).condition == ChipCondition::finished);
}

TEST_CASE("an interruption at every command of every dialect leaves a chip that a second run finishes") {
    for (const auto* dialect : dialects) {
        const Bench bench(dialect);
        const auto total = count_exchanges(bench);
        REQUIRE(total > 100);
        for (const auto fault : {Fault::torn_before, Fault::torn_after, Fault::torn_half, Fault::short_reply, Fault::reader_gone}) {
            // Every command: tests/flow/line_test.cpp, with the ledger beside it.
            for (std::size_t at = static_cast<std::size_t>(fault) % 5; at < total; at += 5 * stride) {
                INFO(dialect << ": fault " << static_cast<int>(fault) << " at exchange " << at);
                const auto card = bench.blank();
                auto plan = plan_of(fault, at);
                plan.power_off = [&] { card->power_down(); };
                plan.cut = [&] { card->cut_power_in_next_update(7); };
                personalize::Outcome first;
                {
                    const auto t = transport::with_fault(transport::in_process(*card), plan);
                    first = bench.run(*t);
                }
                // Reading has a second way, and a signature that is shorter by a byte may save the last exchange.
                if (!first.failure) {
                    CHECK((first.condition == ChipCondition::finished && card->locked()));
                    continue;
                }
                CHECK(first.authentications <= 2);  // once to write, once more after reading as a terminal
                CHECK(card->tries_left() >= 2);     // an attempt that was cut off may have cost one, and a good one gives it back
                check_recovery(bench, *card, first);
            }
        }
    }
}

TEST_CASE("what an interrupted run for somebody else has left on the chip does not go out") {
    const Bench first("gp-dgi");
    REQUIRE(first.document.files.contains(lds::Ef::dg13));
    const auto card = first.blank();
    {
        const auto total = count_exchanges(first);
        const auto t = transport::with_fault(transport::in_process(*card), plan_of(Fault::torn_before, total / 3));
        REQUIRE(first.run(*t).condition == ChipCondition::half_written);
    }
    // Another person, whose document has no DG13.
    Bench second("gp-dgi");
    second.document.files.erase(lds::Ef::dg13);
    personalize::list_in_com(second.document);
    const auto fresh = second.blank();
    CHECK(second.run(*transport::in_process(*fresh)).condition == ChipCondition::finished);
    if (card->files().find(0x010D) == nullptr) {  // torn before it came that far: put there what a longer run would have
        card->files().create(0x010D, 3);
        card->files().update(0x010D, 0, Bytes{0x6D, 0x01, 0x00}, 3);
    }
    const auto outcome = second.run(*transport::in_process(*card));
    REQUIRE(outcome.failure);
    CHECK(outcome.failure->code == Errc::perso_not_accepted);
    CHECK(outcome.failure->detail.find("nobody signed it") != std::string::npos);
    CHECK(outcome.condition == ChipCondition::locked);
}

TEST_CASE("keys: none, a wrong one, and a card that has no try left") {
    for (const auto* dialect : {"gp-dgi", "iso-native"}) {
        INFO(dialect);
        const Bench bench(dialect);
        const auto card = bench.blank();
        const auto run_with = [&](card_keys::Source* keys) {
            personalize::Options options;
            options.keys = keys;
            personalize::Job job{bench.document, bench.keys.clone(), *bench.signer};
            const auto t = transport::in_process(*card);
            return personalize::personalize(*t, bench.profile, job, bench.trust, system_rng(), today, options);
        };
        const auto none = run_with(nullptr);
        CHECK(none.failure->code == Errc::cardkey_missing);
        CHECK(none.condition == ChipCondition::untouched);
        class WrongKeys final : public card_keys::Source {
        public:
            WrongKeys(MakersKeys& right, int which) : right_(right), which_(which) {}
            Result<card_keys::KeySet> keys(ByteView card) override {
                auto set = *right_.keys(card);
                auto& key = which_ == 0 ? set.enc : set.mac;
                key.writable()[3] = static_cast<Byte>(key.writable()[3] ^ 0x10U);
                return set;
            }
            card_keys::Algorithm algorithm() const override { return right_.algorithm(); }

        private:
            MakersKeys& right_;
            int which_;
        };
        // The one that the card could only be asked about by trying is the MAC key of the native card.
        for (const int which : {0, 1}) {
            WrongKeys wrong(bench.makers_keys, which);
            const auto refused = run_with(&wrong);
            REQUIRE(refused.failure);
            const bool counted = which == 1 && std::string(dialect) == "iso-native";
            CHECK(refused.failure->code == (counted ? Errc::scp_refused : Errc::scp_wrong_key));
            CHECK(refused.condition == (counted ? ChipCondition::key_refused : ChipCondition::untouched));
            CHECK(refused.authentications == (counted ? 1 : 0));
            CHECK(card->tries_left() == (counted ? 2 : 3));
        }
        CHECK(run_with(&bench.makers_keys).condition == ChipCondition::finished);
    }
}

TEST_CASE("a script wrapped where the keys are personalizes its card where they are not, torn or not") {
    const Bench bench("gp-dgi");
    const auto made_for = [&](sim::Card& card, std::uint32_t next, std::size_t spares) {
        const auto serial = *from_hex(nlohmann::json::parse(card.state_json()).at("serial").get<std::string>());
        personalize::ScriptRequest request;
        request.key_diversification_data = concat({Bytes(4), serial, Bytes(2)});
        request.next_counter = next;
        request.spares = spares;
        personalize::Job job{bench.document, bench.keys.clone(), *bench.signer};
        auto script = personalize::make_script(bench.profile, job, bench.makers_keys, request, system_rng(), today);
        if (!script) FAIL(script.error().message());
        // It survives being a file, and shows nobody's number.
        const auto text = script->to_json();
        CHECK(text.find(to_hex(bench.document.variables.at("mrz.document_number").bytes)) == std::string::npos);
        return *personalize::Script::from_json(text);
    };
    const auto verified = [&](sim::Card& card) {
        inspect::ReadRequest request;
        request.mrz_information = bench.document.mrz_information;
        const auto t = transport::in_process(card);
        return inspect::judge(*inspect::read_chip(*t, request, system_rng(), today), bench.trust, today).overall <=
               inspect::Overall::accept_with_notes;
    };
    SECTION("the whole way, and not twice") {
        const auto card = bench.blank();
        const auto script = made_for(*card, 1, 2);
        const auto t = transport::in_process(*card);
        const auto outcome = personalize::run_script(*t, script);
        if (outcome.failure) FAIL(outcome.failure->message());
        CHECK(outcome.condition == ChipCondition::locked);
        CHECK(verified(*card));
        const auto again = personalize::run_script(*transport::in_process(*card), script);
        CHECK(again.failure->code == Errc::perso_locked);
        CHECK(again.condition == ChipCondition::found_locked);
    }
    SECTION("another card, a channel too early, too late") {
        const auto card = bench.blank(), other = bench.blank();
        const auto script = made_for(*card, 2, 1);
        const auto on = [&](sim::Card& c) { return personalize::run_script(*transport::in_process(c), script).failure; };
        CHECK(on(*other)->code == Errc::script_other_card);
        CHECK(on(*card)->code == Errc::script_other_card);  // the card is at 1
        const auto t = transport::with_fault(transport::in_process(*card), plan_of(Fault::torn_before, 6));
        CHECK(personalize::run_script(*t, script).condition == ChipCondition::half_written);  // 2 is burnt
        CHECK_FALSE(on(*card));                                                               // 3
        const auto spent = bench.blank();
        const auto first = made_for(*spent, 1, 0);
        CHECK(
            personalize::run_script(*transport::with_fault(transport::in_process(*spent), plan_of(Fault::torn_before, 6)), first).failure);
        CHECK(personalize::run_script(*transport::in_process(*spent), first).failure->code == Errc::script_spent);
    }
    SECTION("torn at every command: the next channel finishes it") {
        const auto whole = bench.blank();
        const auto counters = std::make_shared<transport::Counters>();
        CHECK_FALSE(
            personalize::run_script(*transport::with_counters(transport::in_process(*whole), counters), made_for(*whole, 1, 0)).failure);
        for (const auto fault : {Fault::torn_before, Fault::torn_after, Fault::garbage}) {
            for (std::size_t at = 0; at < counters->commands; at += stride) {
                INFO("fault " << static_cast<int>(fault) << " at " << at);
                const auto card = bench.blank();
                const auto script = made_for(*card, 1, 1);
                auto plan = plan_of(fault, at);
                plan.power_off = [&] { card->power_down(); };
                const auto first = personalize::run_script(*transport::with_fault(transport::in_process(*card), plan), script);
                REQUIRE(first.failure);
                const auto second = personalize::run_script(*transport::in_process(*card), script);
                const bool done = !second.failure || second.condition == ChipCondition::found_locked;
                if (!done) FAIL(second.failure->message());
                CHECK(verified(*card));
            }
        }
    }
    SECTION("what the card refuses, and what that says of it") {
        const auto card = bench.blank();
        const auto script = made_for(*card, 1, 9);
        const auto commands = script.variants.front().commands.size();
        const auto refused = [&](std::size_t at, std::uint16_t sw) {
            return personalize::run_script(*transport::with_fault(transport::in_process(*card), plan_of(Fault::status_word, at, sw)),
                                           script);
        };
        // SELECT, INITIALIZE UPDATE, EXTERNAL AUTHENTICATE, ...
        const auto no_such_key = refused(1, 0x6A88), blocked = refused(1, 0x6983), counted = refused(2, 0x6300);
        CHECK(no_such_key.failure->code == Errc::scp_mismatch);
        CHECK(no_such_key.condition == ChipCondition::untouched);
        CHECK(blocked.failure->code == Errc::scp_refused);
        CHECK(blocked.condition == ChipCondition::key_refused);
        CHECK(counted.failure->code == Errc::scp_refused);
        CHECK(counted.condition == ChipCondition::key_refused);
        const auto unproven = refused(commands + 1, 0x9000);
        CHECK(unproven.failure->code == Errc::perso_lock_unproven);
        CHECK(unproven.condition == ChipCondition::lock_unknown);
    }
    SECTION("a file whose commands stand in another order, or end before the lock") {
        const auto card = bench.blank();
        const auto whole = nlohmann::json::parse(made_for(*card, 1, 0).to_json());
        const auto refused = [&](auto change) {
            auto j = whole;
            change(j["variants"][0]["commands"]);
            const auto script = personalize::Script::from_json(j.dump());
            return !script && script.error().code == Errc::script_bad;
        };
        using Json = nlohmann::json;
        CHECK_FALSE(refused([](Json&) {}));
        CHECK(refused([](Json& commands) { commands.erase(commands.size() - 1); }));
        CHECK(refused([](Json& commands) { commands.erase(0); }));
        CHECK(refused([](Json& commands) { std::swap(commands[1], commands[0]); }));
        CHECK(refused([](Json& commands) { commands[1]["stage"] = "proof"; }));
        CHECK(refused([](Json& commands) { commands[1]["stage"] = "burn"; }));
        CHECK(refused([](Json& commands) { commands[1].erase("stage"); }));
    }
    SECTION("what no script can be made for") {
        const auto made = [&](const profile::Profile& p) {
            personalize::Job job{bench.document, bench.keys.clone(), *bench.signer};
            return personalize::make_script(p, job, bench.makers_keys, {Bytes(10), 1, 0}, system_rng(), today).error().code;
        };
        CHECK(made(Bench("jmrtd-applet").profile) == Errc::profile_bad);
        CHECK(made(Bench("iso-native").profile) == Errc::profile_bad);
        auto random = bench.profile;
        random.channel.scp.i = 0x60;
        CHECK(made(random) == Errc::profile_bad);
        for (const auto* text : {"", "{", "[]", "{\"schema\": 2}"})
            CHECK(personalize::Script::from_json(text).error().code == Errc::script_bad);
    }
}

TEST_CASE("a wrong status word or nonsense at any command never ends in a card taken for finished wrongly") {
    const Bench bench;
    const auto total = count_exchanges(bench);
    for (const int word : {0x6F00, 0x6581, 0x6300, 0x63C0, 0x6982, 0x6985, 0x6988, 0x6A84, 0x6C10, 0x6110}) {
        const auto sw = static_cast<std::uint16_t>(word);
        for (std::size_t at = 0; at < total; at += 3 * stride) {
            INFO("status word " << std::hex << sw << " at exchange " << std::dec << at);
            const auto card = bench.blank();
            personalize::Outcome first;
            {
                const auto t = transport::with_fault(transport::in_process(*card), plan_of(Fault::status_word, at, sw));
                first = bench.run(*t);
            }
            check_recovery(bench, *card, first);
        }
    }
    for (std::size_t at = 0; at < total; at += stride) {
        INFO("garbage at exchange " << at);
        const auto card = bench.blank();
        personalize::Outcome first;
        {
            const auto t = transport::with_fault(transport::in_process(*card), plan_of(Fault::garbage, at));
            first = bench.run(*t);
        }
        check_recovery(bench, *card, first);
    }
}

TEST_CASE("a file that reads back differently stops before the lock") {
    const Bench bench;
    const auto card = bench.blank();
    // The chip's memory loses a bit between writing and reading back.
    class Decaying final : public transport::Transport {
    public:
        Decaying(std::unique_ptr<transport::Transport> inner, sim::Card& chip) : inner_(std::move(inner)), chip_(chip) {}
        Result<Bytes> transmit(ByteView c) override {
            if (c.size() > 1 && c[1] == 0x84 && chip_.files().find(0x0102) != nullptr) {
                auto file = *chip_.files().find(0x0102);
                file.content[5000] = static_cast<Byte>(file.content[5000] ^ 1U);  // of DG2
                chip_.files().restore(0x0102, file);
            }
            return inner_->transmit(c);
        }
        Result<Bytes> reset() override { return inner_->reset(); }
        std::string name() const override { return "decaying"; }

    private:
        std::unique_ptr<transport::Transport> inner_;
        sim::Card& chip_;
    };
    Decaying t(transport::in_process(*card), *card);
    const auto outcome = bench.run(t);
    REQUIRE(outcome.failure);
    CHECK(outcome.failure->code == Errc::perso_readback_differs);
    CHECK(outcome.failure->offset == 5000U);
    CHECK(outcome.condition == ChipCondition::half_written);
    CHECK_FALSE(card->locked());
}

TEST_CASE("a chip of another kind is not touched") {
    const Bench bench;
    class Foreign final : public transport::VirtualCard {
    public:
        Bytes atr() const override { return {0x3B, 0x00}; }
        void power_up() override {}
        void power_down() override {}
        Bytes transmit(ByteView c) override {
            commands.push_back(to_bytes(c));
            return {0x6A, 0x82};
        }
        std::vector<Bytes> commands;
    } card;
    const auto t = transport::in_process(card);
    const auto outcome = bench.run(*t);
    REQUIRE(outcome.failure);
    CHECK(outcome.failure->code == Errc::profile_mismatch);
    CHECK(outcome.condition == ChipCondition::untouched);
    CHECK(card.commands.size() == 1);
}

TEST_CASE("no profile takes another kind of blank for its own, and none of them is touched") {
    for (const auto* dialect : dialects) {
        const Bench bench(dialect);
        for (const auto* other : dialects) {
            if (std::string_view(other) == dialect) continue;
            INFO(dialect << " onto " << other);
            sim::CardOptions options;
            options.blank = other;
            const auto card = *sim::make_card(options);
            const auto before = card->state_json();
            const auto outcome = bench.run(*transport::in_process(*card));
            REQUIRE(outcome.failure);
            CHECK(outcome.failure->code == Errc::profile_mismatch);
            CHECK(outcome.condition == ChipCondition::untouched);
            CHECK(card->state_json() == before);
        }
    }
}

TEST_CASE("a card is looked up in the stock by what it says of itself") {
    for (const auto* dialect : {"gp-dgi", "iso-native"}) {
        INFO(dialect);
        const Bench bench(dialect);
        const auto card = bench.blank();
        auto serial = nlohmann::json::parse(card->state_json()).at("serial").get<std::string>();
        if (std::string_view(dialect) == "gp-dgi") serial = "00000000" + serial + "0000";  // the key diversification data
        const auto run_with = [&](const std::set<std::string>& stock) {
            personalize::Options options;
            options.keys = &bench.makers_keys;
            options.stock = &stock;
            personalize::Job job{bench.document, bench.keys.clone(), *bench.signer};
            return personalize::personalize(*transport::in_process(*card), bench.profile, job, bench.trust, system_rng(), today, options);
        };
        const auto foreign = run_with({"0123456789ABCDEF"});
        REQUIRE(foreign.failure);
        CHECK(foreign.failure->code == Errc::profile_mismatch);
        CHECK(foreign.condition == ChipCondition::untouched);
        CHECK(foreign.authentications == 0);
        const auto ours = run_with({"0123456789ABCDEF", serial});
        CHECK_FALSE(ours.failure);
        CHECK(ours.serial == serial);
    }
    const Bench nameless("jmrtd-applet");
    const auto card = nameless.blank();
    const std::set<std::string> stock{"00"};
    personalize::Options options;
    options.stock = &stock;
    personalize::Job job{nameless.document, nameless.keys.clone(), *nameless.signer};
    const auto outcome =
        personalize::personalize(*transport::in_process(*card), nameless.profile, job, nameless.trust, system_rng(), today, options);
    REQUIRE(outcome.failure);
    CHECK(outcome.failure->code == Errc::profile_bad);
    CHECK(outcome.condition == ChipCondition::untouched);
}

TEST_CASE("a card without a key of this version is not the profile's, and is not touched") {
    const Bench bench("gp-dgi");
    const auto card = bench.blank();
    std::size_t at = 0;  // of INITIALIZE UPDATE
    for (std::size_t i = 0; i < 6 && at == 0; ++i)
        if (bench.run(*transport::with_fault(transport::in_process(*card), plan_of(Fault::status_word, i, 0x6A88))).failure->code ==
            Errc::scp_mismatch)
            at = i;
    REQUIRE(at != 0);
    const auto run_with = [&](std::uint16_t sw) {
        return bench.run(*transport::with_fault(transport::in_process(*card), plan_of(Fault::status_word, at, sw)));
    };
    CHECK(run_with(0x6A88).condition == ChipCondition::untouched);
    const auto blocked = run_with(0x6983);
    CHECK(blocked.failure->code == Errc::scp_refused);
    CHECK(blocked.condition == ChipCondition::key_refused);
    CHECK(card->tries_left() == 3);
    CHECK_FALSE(bench.run(*transport::in_process(*card)).failure);
}

TEST_CASE("a document that does not fit the card is found before the card is touched") {
    Bench bench;
    bench.document.files[lds::Ef::dg3] = {0x63, 0x00};
    const auto card = bench.blank();
    const auto before = card->state_json();
    const auto t = transport::in_process(*card);
    const auto outcome = bench.run(*t);
    REQUIRE(outcome.failure);
    CHECK(outcome.failure->code == Errc::perso_does_not_fit);
    CHECK(card->state_json() == before);
}

TEST_CASE("no personal datum and no key stands in an error of personalization") {
    const Bench bench;
    const auto number = as_text(bench.document.variables.at("mrz.document_number").bytes);
    const auto total = count_exchanges(bench);
    for (std::size_t at = 0; at < total; at += 5) {
        const auto card = bench.blank();
        const auto t = transport::with_fault(transport::in_process(*card), plan_of(Fault::status_word, at));
        const auto outcome = bench.run(*t);
        if (outcome.failure) CHECK(outcome.failure->message().find(number) == std::string::npos);
    }
}

TEST_CASE("a record with every Vietnamese field becomes DG1, DG2, DG11 and DG13 and comes back equal", "[flow]") {
    auto json = sample::record_json(sample::make_person(3, 9, date_of(today)), "portrait.jpg");
    json.back() = ',';
    json +=
        R"("data_groups":"DG11 DG12","other_names":"Mẫu Khác; Thử","birth_place":"Hà Nội","telephone":"+84999","profession":"Thợ","title":"Bà",)"
        R"("authority":"Cục Cảnh sát","personal_identification":"Nốt ruồi C: 1cm","spouse":"Lê Thị Vợ","old_number":"123456789","serial":"0123456789ABCDEF"})";
    const auto checked = checked_record(json);
    REQUIRE(checked.record);
    const auto& r = *checked.record;
    const auto portrait = *sample::draw_portrait(sample::make_person(3, 9, date_of(today)), 3);
    for (const auto format : {image::RecordFormat::iso19794, image::RecordFormat::iso39794}) {
        personalize::DocumentOptions options;
        options.face = format;
        const auto document = *personalize::make_document(r, portrait, options);
        CHECK(document.files.size() == 6);  // EF.COM, DG1, DG2, DG11, DG12, DG13
        const auto dg1 = *lds::Dg1::parse(document.files.at(lds::Ef::dg1));
        CHECK(dg1.mrz.lines == record::make_zone(r)->lines);
        CHECK(dg1.mrz.faults.empty());
        const auto dg2 = *lds::Dg2::parse(document.files.at(lds::Ef::dg2));
        REQUIRE(dg2.faces.size() == 1);
        CHECK(equal(dg2.faces[0].image, portrait));
        CHECK(dg2.notes.empty());
        CHECK(dg2.templates[0].data_tag == image::data_object_tag(format));
        const auto dg11 = *lds::DetailFile::parse(lds::Ef::dg11, document.files.at(lds::Ef::dg11));
        CHECK(dg11.notes.empty());
        CHECK(dg11.text(lds::dg11::personal_number) == r.details.personal_number);
        CHECK(dg11.names() == std::vector<std::string>{"Mẫu Khác", "Thử"});
        CHECK(dg11.text(lds::dg11::address) == r.details.residence);
        CHECK(dg11.text(lds::dg11::profession) == "Thợ");
        const auto dg12 = *lds::DetailFile::parse(lds::Ef::dg12, document.files.at(lds::Ef::dg12));
        CHECK(dg12.text(lds::dg12::authority) == "Cục Cảnh sát");
        const auto dg13 = *vietnam::Dg13::parse(document.files.at(lds::Ef::dg13));
        Notes notes;
        CHECK(vietnam::read_details(dg13, notes) == r.details);
        CHECK(dg13.notes.empty());
        CHECK(notes.empty());
        CHECK(dg13.encode() == document.files.at(lds::Ef::dg13));
    }
}
