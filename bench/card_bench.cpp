// What one card costs: CPU of the host, from the record to the signed-off card, without what the card itself, the signature and the making
// of key pairs take; and its commands, against the fewest that could write the same files. Each dialect onto its simulated blank, in
// process.
#include <benchmark/benchmark.h>

#include <ctime>

#include <idchip/personalize/run.hpp>
#include <idchip/record/source.hpp>
#include <idchip/sample/sample.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>
#include <idchip/sim/card.hpp>

namespace {

using namespace idchip;
using personalize::Stage;

const Instant now = start_of({2026, 11, 21});
constexpr std::size_t portrait_size = 20'000;
constexpr double host_budget = 0.010;     // seconds
constexpr double extended_budget = 40.0;  // commands, with extended length

// CPU and not the clock on the wall: whoever else runs on this machine does not count.
double cpu_of_thread() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// Adds what this thread works while it lives.
class Spending {
public:
    explicit Spending(double& sum) : sum_(sum), before_(cpu_of_thread()) {}
    ~Spending() { sum_ += cpu_of_thread() - before_; }
    Spending(const Spending&) = delete;
    Spending& operator=(const Spending&) = delete;

private:
    double& sum_;
    double before_;
};

struct Costs {
    double all = 0, card = 0, signature = 0;  // seconds of CPU
    Stage stage = Stage::identify;
    std::map<Stage, std::size_t> commands;

    double host() const { return all - card - signature; }
    std::size_t total() const {
        std::size_t sum = 0;
        for (const auto& [at, count] : commands) sum += count;
        return sum;
    }
    // What changes the card. The secure channel is opened before, the proof comes after.
    std::size_t writing() const {
        std::size_t sum = 0;
        for (const auto at : {Stage::generate, Stage::write, Stage::lock})
            if (const auto it = commands.find(at); it != commands.end()) sum += it->second;
        return sum;
    }
};

class MeteredCard final : public transport::Transport {
public:
    MeteredCard(transport::VirtualCard& card, Costs& costs) : inner_(transport::in_process(card)), costs_(costs) {}
    Result<Bytes> transmit(ByteView command) override {
        const Spending spending(costs_.card);
        ++costs_.commands[costs_.stage];
        return inner_->transmit(command);
    }
    Result<Bytes> reset() override {
        const Spending spending(costs_.card);
        return inner_->reset();
    }
    std::string name() const override { return inner_->name(); }

private:
    std::unique_ptr<transport::Transport> inner_;
    Costs& costs_;
};

class MeteredSigner final : public pki::ContentSigner {
public:
    MeteredSigner(pki::ContentSigner& inner, Costs& costs) : inner_(inner), costs_(costs) {}
    const pki::Certificate& certificate() const override { return inner_.certificate(); }
    crypto::SignatureAlgorithm algorithm() const override { return inner_.algorithm(); }
    Result<Bytes> sign(ByteView message) override {
        const Spending spending(costs_.signature);
        return inner_.sign(message);
    }
    Result<void> may_sign(const std::string& type, Instant at) const override { return inner_.may_sign(type, at); }

private:
    pki::ContentSigner& inner_;
    Costs& costs_;
};

// The keys that the simulated blanks leave their maker with.
class MakersKeys final : public card_keys::Source {
public:
    explicit MakersKeys(bool aes) : aes_(aes) {}
    Result<card_keys::KeySet> keys(ByteView) override { return card_keys::KeySet{0x30, key(0x40), key(aes_ ? 0x40 : 0x50), key(0x40)}; }
    card_keys::Algorithm algorithm() const override { return aes_ ? card_keys::Algorithm::aes : card_keys::Algorithm::tdes; }

private:
    static Secret key(Byte first) {
        Secret k(16);
        for (Byte i = 0; i < 16; ++i) k.writable()[i] = static_cast<Byte>(first + i);
        return k;
    }
    bool aes_;
};

// A comment behind the start of the image.
Bytes padded(Bytes jpeg, std::size_t size) {
    constexpr std::size_t start_of_image = 2, header = 4;
    if (jpeg.size() + header >= size) return jpeg;
    Bytes comment = {0xFF, 0xFE};
    append_be(comment, size - jpeg.size() - 2, 2);
    comment.resize(size - jpeg.size(), 0x20);
    jpeg.insert(jpeg.begin() + start_of_image, comment.begin(), comment.end());
    return jpeg;
}

// What a dialect cannot do without, beside the blocks of its files. The rest of what a profile sends could be left out on a fresh blank:
// room for a second run (`reserve EF.SOD`, `delete EF.CardAccess`), and blocks that begin anew because keys, files and EF.COM are sent
// apart.
struct Dialect {
    const char* profile;
    std::size_t each_file;   // commands before a file's blocks
    std::size_t once;        // for the whole card
    std::size_t block = 0;   // with extended length; 0: short, as the profile has it
    bool groupings = false;  // blocks run through all objects (DGI)
};
constexpr Dialect dialects[] = {
    {"jmrtd-applet", 2, 4},            // CREATE, SELECT; access keys, modulus, exponent, lock
    {"jmrtd-applet-lifecycle", 2, 6},  // the same, CAN, two steps to the lock
    {"gp-dgi", 0, 1, 0, true},         // INSTALL [for personalization]; the last block locks
    {"iso-native", 1, 8},              // CREATE (selects); application, BAC seed, PACE password, CAN, two key pairs, SELECT MF, ACTIVATE
    {"iso-native", 1, 8, 2'000},
};

struct Scene {
    const Dialect& dialect;
    profile::Profile profile;
    signer::TestPki pki;
    std::unique_ptr<pki::ContentSigner> signer;
    pki::TrustStore trust;
    std::string record;
    Bytes portrait;
    personalize::ChipKeys keys;
    MakersKeys makers_keys;
    personalize::Document written;  // as the last card has it

    explicit Scene(const Dialect& d)
        : dialect(d),
          profile(profile::load_profile(d.profile).value()),
          pki(signer::make_test_pki({.now = now}, system_rng()).value()),
          signer(signer::make_software_signer(pki.ds, crypto::PrivateKey::from_pem(pki.ds_key.to_pem().value()).value()).value()),
          trust{{pki.csca}, {pki.crl}, {}, "bench"},
          keys(personalize::make_chip_keys(profile.features, system_rng()).value()),
          makers_keys(profile.channel.kind == profile::ChannelKind::scp03) {
        const auto person = sample::make_person(3, 1, date_of(now));
        record = sample::record_json(person, "portrait.jpg");
        portrait = padded(sample::draw_portrait(person, 3).value(), portrait_size);
        profile.extended = d.block != 0;
        if (profile.extended) profile.max_write = d.block;
    }

    // Nothing: the card was not finished.
    std::optional<Costs> one_card() {
        sim::CardOptions options;
        options.blank = dialect.profile;
        const auto blank = sim::make_card(options).value();
        Costs costs;
        MeteredCard card(*blank, costs);
        MeteredSigner meter(*signer, costs);
        personalize::Options how;
        how.keys = &makers_keys;
        how.progress = [&costs](Stage stage, std::size_t, std::size_t) { costs.stage = stage; };
        personalize::Job job{{}, keys.clone(), meter};
        personalize::Outcome outcome;
        {
            const Spending spending(costs.all);
            record::RawRecord raw;
            record::read_json(record, raw);
            job.document = personalize::make_document(record::check(raw, {{}, date_of(now)}).record.value(), portrait).value();
            outcome = personalize::personalize(card, profile, job, trust, system_rng(), now, how);
        }
        written = std::move(job.document);
        return outcome.condition == personalize::ChipCondition::finished ? std::optional(std::move(costs)) : std::nullopt;
    }

    std::size_t blocks(std::size_t bytes) const { return (bytes + profile.max_write - 1) / profile.max_write; }

    // From sizes alone, not from the plan.
    std::size_t fewest_commands() const {
        auto commands = dialect.once;
        std::size_t grouped = 0;
        const auto add = [&](std::size_t size) {
            grouped += size + (size > 0xFE ? 5 : 3);
            if (!dialect.groupings) commands += dialect.each_file + blocks(size);
        };
        for (const auto& [ef, content] : written.files) add(content.size());
        if (!dialect.groupings) return commands;
        for (const auto& secret : profile.secrets)
            if (const auto value = profile::evaluate(secret.value, written.variables)) add(value->size());
        return commands + blocks(grouped);
    }
};

void card(benchmark::State& state, const Dialect& dialect) {
    static std::map<const Dialect*, std::unique_ptr<Scene>> scenes;
    auto& scene = scenes[&dialect];
    if (!scene) scene = std::make_unique<Scene>(dialect);
    Costs costs;
    double host = 0;
    for (auto _ : state) {
        auto spent = scene->one_card();
        if (!spent) return state.SkipWithError("the card is not finished");
        costs = std::move(*spent);
        host += costs.host();
        state.SetIterationTime(costs.host());
    }
    const auto fewest = static_cast<double>(scene->fewest_commands());
    const auto writing = static_cast<double>(costs.writing());
    state.counters["of_10_ms"] = host / static_cast<double>(state.iterations()) / host_budget;
    state.counters["writing"] = writing;
    state.counters["fewest"] = fewest;
    state.counters["of_fewest"] = writing / fewest;
    state.counters["all"] = static_cast<double>(costs.total());
    if (scene->profile.extended) state.counters["of_40"] = writing / extended_budget;
}
BENCHMARK_CAPTURE(card, jmrtd_applet, dialects[0])->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(card, jmrtd_applet_lifecycle, dialects[1])->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(card, gp_dgi, dialects[2])->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(card, iso_native, dialects[3])->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(card, iso_native_extended, dialects[4])->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
