// Every ready-made card is read as a checkpoint would, and judged: what its description says must come of it.
#include "sanitized.hpp"
#include "unit.hpp"

#include <idchip/cards/cards.hpp>
#include <idchip/inspect/judge.hpp>
#include <idchip/inspect/reader.hpp>
#include <idchip/mrz/mrz.hpp>
#include <idchip/sim/emrtd.hpp>
#include <idchip/signer/software.hpp>

using namespace idchip;
using namespace idchip::test;

namespace {

constexpr std::size_t torn_stride = sanitized ? 7 : 1;
const Instant today = start_of({2026, 11, 21}) + 9 * 3600;

const signer::TestPki& pki_of_all() {
    static const auto pki = [] {
        signer::TestPkiOptions options;
        options.now = today;
        options.ec_encoding = crypto::EcEncoding::named;
        return good(signer::make_test_pki(options, system_rng()));
    }();
    return pki;
}

cards::Card loaded(const std::function<Result<cards::Card>(const cards::LoadOptions&)>& load) {
    const auto ds = good(signer::make_software_signer(pki_of_all().ds, pki_of_all().ds_key));
    cards::LoadOptions options;
    options.signer = ds.get();
    options.now = today;
    return good(load(options));
}
cards::Card ready_made(const std::string& name) {
    return loaded([&](const auto& options) { return cards::load(name, options); });
}
cards::Card described(const std::string& json) {
    return loaded([&](const auto& options) { return cards::parse(json, {}, options); });
}

// All that the card's holder and the checkpoint bring.
inspect::ReadRequest request_for(const cards::Card& card) {
    std::string zone;
    for (const auto& line : card.zone) zone += line + "\n";
    const auto mrz = good(mrz::parse_strict(zone));
    inspect::ReadRequest request;
    request.mrz_information = good(mrz::mrz_information(mrz));
    request.expected = inspect::ExpectedDocument{zone, mrz.document_number, mrz.birth, mrz.expiry};
    if (card.terminal) {
        const auto& t = *card.terminal;
        request.terminal = std::make_shared<const term_auth::Credentials>(good(term_auth::Credentials::of({t.dv, t.is}, t.is_key)));
    }
    return request;
}

struct Inspected {
    std::string outcome;  // of the verdict, or "none (error)"
    std::string listing;
    inspect::WireCounters wire;
    std::string access, password;  // the one that opened it
};

Inspected inspected(transport::Transport& transport, const inspect::ReadRequest& request) {
    auto evidence = inspect::read_chip(transport, request, system_rng(), today);
    if (!evidence) return {"none (" + std::string(evidence.error().name()) + ")", evidence.error().message(), {}, {}, {}};
    const pki::TrustStore trust{{pki_of_all().csca}, {pki_of_all().crl}, {}, "test"};
    const auto verdict = inspect::judge(*evidence, trust, today);
    std::string text;
    for (const auto& f : verdict.findings)
        if (f.outcome != inspect::Outcome::pass)
            text += "\n  " + std::string(inspect::name(f.outcome)) + " " + f.case_id + " " + f.id + ": " + f.text + " (" + f.detail + ")";
    return {std::string(inspect::name(verdict.overall)), text, evidence->wire, evidence->access,
            evidence->attempts.empty() ? std::string() : evidence->attempts.back().password};
}

Inspected inspected(cards::Card card) {
    const auto request = request_for(card);
    sim::Emrtd chip(std::move(card.config), system_rng());
    const auto transport = transport::in_process(chip);
    return inspected(*transport, request);
}

}  // namespace

TEST_CASE("every ready-made card gets the verdict that its description names", "[cards]") {
    for (const auto& d : good(cards::ready_made())) {
        const auto result = inspected(ready_made(d.name));
        INFO(d.name << ": " << d.about << result.listing);
        // Where nothing could be read there is no verdict: the error says what to do (A03, A04).
        const auto outcome = result.outcome.starts_with("none") ? "CANNOT" : result.outcome;
        CHECK(outcome == d.outcome);
    }
}

// Gone from the field at one exchange; a reset brings it back.
class Wobbly final : public transport::Transport {
public:
    Wobbly(sim::Emrtd& chip, std::size_t at) : chip_(transport::in_process(chip)), at_(at) {}
    Result<Bytes> transmit(ByteView command) override {
        if (count_++ == at_) lost_ = true;
        if (lost_) return fail(Errc::card_lost, name());
        return chip_->transmit(command);
    }
    Result<Bytes> reset() override {
        lost_ = false;
        return chip_->reset();
    }
    std::string name() const override { return "wobbly"; }

private:
    std::unique_ptr<transport::Transport> chip_;
    std::size_t at_, count_ = 0;
    bool lost_ = false;
};

// Two exchanges more than a reading has are tried: those must not change anything.
TEST_CASE("a card torn out at any exchange is told as that, or read again", "[cards]") {
    for (const std::string name : {"pace-gm", "pace-im", "pace-dh", "pace-cam", "eac", "vn-cccd-2021"}) {
        auto card = ready_made(name);
        const auto request = request_for(card);
        const auto outcome = card.description.outcome;
        sim::Emrtd chip(std::move(card.config), system_rng());
        const auto commands = inspected(*transport::in_process(chip), request).wire.commands;
        // What comes last asks whether the chip opens without PACE, too (A26): the reading is over then.
        const auto reading = commands - 2;
        std::size_t came_back = 0;
        for (std::size_t at = 0; at < commands + 2; at += torn_stride) {
            const auto torn = [&](transport::Fault fault) {
                transport::FaultPlan plan;
                plan.fault = fault;
                plan.at = at;
                return inspected(*transport::with_fault(transport::in_process(chip), plan), request).outcome;
            };
            INFO(name << ", torn at exchange " << at << " of " << commands);
            CHECK(torn(transport::Fault::torn_before) == (at < reading ? "none (transport.card_lost)" : outcome));
            CHECK(torn(transport::Fault::torn_after) == (at < reading ? "none (transport.no_answer)" : outcome));
            // In PACE the reader tries once more from cold (A04); a reading that has begun is the officer's to begin again.
            Wobbly wobbly(chip, at);
            const auto result = inspected(wobbly, request);
            if (at < reading && result.outcome == outcome) ++came_back;
            else CHECK(result.outcome == (at < reading ? "none (transport.card_lost)" : outcome));
        }
        CHECK(came_back <= 5);
        CHECK((came_back == 5 || torn_stride > 1));
    }
}

TEST_CASE("a PIN with one try left is tried behind the CAN only", "[cards]") {
    auto card = ready_made("pace-pin");
    const auto pin = [&](const std::string& text) { return good(pace::Password::pin(text)); };
    const auto right = card.config.pin;
    const auto can = card.config.can;
    inspect::ReadRequest request;
    sim::Emrtd chip(std::move(card.config), system_rng());
    const auto transport = transport::in_process(chip);
    request.password = pin(right == "000000" ? "111111" : "000000");
    while (chip.pin_tries_left() > 1) CHECK(inspected(*transport, request).outcome == "none (pace.wrong_password)");
    request.password = pin(right);
    CHECK(inspected(*transport, request).outcome == "none (pace.suspended)");
    request.resuming = good(pace::Password::can(can == "000000" ? "111111" : "000000"));
    CHECK(inspected(*transport, request).outcome == "none (pace.wrong_password)");
    CHECK(chip.pin_tries_left() == 1);
    request.resuming = good(pace::Password::can(can));
    const auto resumed = inspected(*transport, request);
    INFO(resumed.listing);
    CHECK(resumed.access == "pace");
    CHECK(resumed.password == "PIN");
    CHECK(chip.pin_tries_left() == 3);
}

TEST_CASE("a terminal whose own certificates do not hold does not trouble the chip", "[cards]") {
    auto card = described(R"({"schema": 1, "like": "eac",
        "terminal_authentication": {"test_pki": {"from": "2026-01-01", "until": "2026-06-01"}, "current_date": "2026-02-01"}})");
    auto request = request_for(card);
    const auto& t = *card.terminal;
    sim::Emrtd chip(std::move(card.config), system_rng());
    // The chip's date is behind: it would accept the expired terminal. So the terminal looks at itself, where it has the CVCA's certificate.
    CHECK(inspected(*transport::in_process(chip), request).outcome == "ACCEPT");
    request.terminal = std::make_shared<const term_auth::Credentials>(good(term_auth::Credentials::of({t.cvca, t.dv, t.is}, t.is_key)));
    const auto result = inspected(*transport::in_process(chip), request);
    INFO(result.listing);
    CHECK(result.listing.find("UNAVAIL F04") != std::string::npos);
    CHECK(result.outcome == "ACCEPT*");
}

// EF.COM, DG1, DG2, DG13, DG14, DG15, EF.SOD of a card with PACE, chip and active authentication; the portrait has 15 kB.
TEST_CASE("a document is read with few commands", "[cards]") {
    const auto card_with = [](const std::string& key, const std::string& lengths) {
        auto card = described(R"({"schema": 1, "like": "vn-cccd-2021", "terminal_authentication": null,
            "document": {"portrait_bytes": 15000, "fingerprints": null}, "active_authentication": )" +
                              key + R"(, "lengths": )" + lengths + "}");
        for (const auto ef : {lds::Ef::com, lds::Ef::sod, lds::Ef::dg1, lds::Ef::dg2, lds::Ef::dg13, lds::Ef::dg14, lds::Ef::dg15})
            REQUIRE(card.config.files.contains(ef));
        REQUIRE(card.config.files.at(lds::Ef::dg2).size() > 15'000);
        return card;
    };
    SECTION("extended length") {
        const auto result =
            inspected(card_with(R"({"rsa_bits": 2048})", R"({"extended": true, "largest_command": 2048, "largest_response": 2048})"));
        INFO(result.listing);
        CHECK(result.outcome == "ACCEPT");
        CHECK(result.access == "pace");
        CHECK(result.wire.commands <= 30);
    }
    SECTION("short length") {
        // A signature of RSA 2048 does not fit a protected answer of short length.
        auto card = card_with(R"({"rsa_bits": null, "hash": null, "curve": "brainpoolP256r1"})",
                              R"({"extended": false, "largest_command": 261, "largest_response": 258})");
        // What a terminal that knew the card could not save: EF.CardAccess, PACE, the application, chip and active authentication; then
        // what is read, 223 bytes a command: 256 less DO'99', DO'8E' and the header of DO'87' leave 14 blocks, one byte is padding.
        std::size_t least = 1 + 5 + 1 + 1 + 1;
        for (const auto& [ef, content] : card.config.files)
            if (lds::info(ef).df == lds::Df::application && ef != lds::Ef::dg3) least += (content.size() + 222) / 223;
        const auto result = inspected(std::move(card));
        INFO(result.listing);
        CHECK(result.outcome == "ACCEPT");
        CHECK(result.access == "pace");
        INFO(result.wire.commands << " commands, " << least << " at least");
        CHECK(static_cast<double>(result.wire.commands) <= 1.15 * static_cast<double>(least));
        CHECK(result.wire.commands >= least);
    }
}
