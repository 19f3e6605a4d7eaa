// What a run onto a simulated blank needs: a person, a profile, keys, somebody who signs.
#pragma once

#include <atomic>
#include <set>

#include "catch.hpp"
#include "sanitized.hpp"

#include <idchip/personalize/holder.hpp>
#include <idchip/personalize/run.hpp>
#include <idchip/record/source.hpp>
#include <idchip/sample/sample.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>
#include <idchip/sim/card.hpp>

namespace idchip::bench {

inline const Instant today = start_of({2026, 11, 21});

inline record::Checked checked_record(std::string_view json) {
    record::RawRecord raw;
    record::read_json(json, raw);
    return record::check(raw, {{}, date_of(today)});
}

// The keys that the simulated blanks leave their maker with.
class MakersKeys final : public card_keys::Source {
public:
    explicit MakersKeys(bool aes) : aes_(aes) {}
    Result<card_keys::KeySet> keys(ByteView) override {
        ++asked;
        return card_keys::KeySet{0x30, key(0x40), key(aes_ ? 0x40 : 0x50), key(0x40)};
    }
    card_keys::Algorithm algorithm() const override { return aes_ ? card_keys::Algorithm::aes : card_keys::Algorithm::tdes; }
    std::atomic<std::size_t> asked = 0;

private:
    static Secret key(unsigned first) {
        Secret k(16);
        for (unsigned i = 0; i < 16; ++i) k.writable()[i] = static_cast<Byte>(first + i);
        return k;
    }
    bool aes_;
};

struct Bench {
    profile::Profile profile;
    signer::TestPki pki;
    std::unique_ptr<pki::ContentSigner> signer;
    pki::TrustStore trust;
    personalize::Document document;
    personalize::ChipKeys keys;
    mutable MakersKeys makers_keys;

    explicit Bench(const std::string& name = "jmrtd-applet")
        : profile(*profile::load_profile(std::string(IDCHIP_SOURCE_DIR) + "/profiles/" + name + ".json")),
          pki(*signer::make_test_pki({.now = today}, system_rng())),
          signer(*signer::make_software_signer(pki.ds, *crypto::PrivateKey::from_pem(*pki.ds_key.to_pem()))),
          keys(*personalize::make_chip_keys(profile.features, system_rng())),
          makers_keys(profile.channel.kind == profile::ChannelKind::scp03) {
        trust.csca.push_back(pki.csca);
        trust.crls.push_back(pki.crl);
        const auto person = sample::make_person(3, 1, date_of(today));
        const auto checked = checked_record(sample::record_json(person, "portrait.jpg"));
        document = *personalize::make_document(*checked.record, *sample::draw_portrait(person, 3));
    }

    personalize::Outcome run(transport::Transport& t, bool resume = false) const {
        personalize::Options options;
        options.resume = resume;
        options.keys = &makers_keys;
        personalize::Job job{document, keys.clone(), *signer};
        return personalize::personalize(t, profile, job, trust, system_rng(), today, options);
    }
    std::unique_ptr<sim::Card> blank() const {
        sim::CardOptions options;
        options.blank = profile.name;
        return *sim::make_card(options);
    }
};

// A prime, so that the sample meets every kind of command.
constexpr std::size_t stride = idchip::test::sanitized ? 11 : 1;

inline transport::FaultPlan plan_of(transport::Fault fault, std::size_t at, std::uint16_t sw = 0x6F00) {
    transport::FaultPlan plan;
    plan.fault = fault;
    plan.at = at;
    plan.sw = sw;
    return plan;
}

constexpr const char* dialects[] = {"jmrtd-applet", "jmrtd-applet-lifecycle", "gp-dgi", "iso-native"};

}  // namespace idchip::bench
