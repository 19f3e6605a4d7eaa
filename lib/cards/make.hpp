// From what a description says to a card. Errors: those of the rooms that make documents and keys, and sim.bad_card.
#pragma once

#include "cards/blueprint.hpp"

namespace idchip::cards {

// The document before signing: DG1, DG2 and what the record and the plan add; the record as JSON.
struct Holder {
    personalize::Document document;
    std::vector<std::string> zone;
    std::string personal_number;  // or document number
};
Result<Holder> make_holder(const DocumentPlan& plan, const std::filesystem::path& folder, Date today);
// DG3 with this many drawn fingers. Errors: lds.bad_image.
Result<Bytes> make_fingerprints(unsigned count);

// --- keys. With a seed they are the same every time.
class KeySource {
public:
    KeySource(std::string seed, Rng& rng) : seed_(std::move(seed)), rng_(rng) {}
    // `given`, or made for this purpose.
    Result<crypto::KeyPair> agreement_key(const crypto::Domain& domain, const Secret& given, const std::string& purpose) const;
    Result<crypto::PrivateKey> signing_key(crypto::Curve curve, const std::string& purpose) const;

private:
    std::string seed_;
    Rng& rng_;
};
Result<void> make_access(const Blueprint& blueprint, const Holder& holder, const KeySource& keys, sim::EmrtdConfig& config);
Result<void> make_chip_authentication(const Blueprint& blueprint, const KeySource& keys, sim::EmrtdConfig& config);
Result<void> make_active_authentication(const Blueprint& blueprint, const KeySource& keys, sim::EmrtdConfig& config);
Result<void> make_terminal_authentication(const Blueprint& blueprint, const KeySource& keys, Card& card);

// --- what the chip announces: Doc 9303-11, 9.2.11. Nothing where the file is not needed.
std::optional<lds::SecurityInfos> card_access_infos(const Blueprint& blueprint, const sim::EmrtdConfig& config);
Result<std::optional<lds::SecurityInfos>> card_security_infos(const Blueprint& blueprint, const sim::EmrtdConfig& config);
std::optional<lds::SecurityInfos> dg14_infos(const Blueprint& blueprint, const sim::EmrtdConfig& config);
Bytes make_atr_info(const sim::EmrtdConfig& config);

Result<void> apply(const Tampering& tampering, lds::Files& files);

Result<Card> make(Blueprint blueprint, const std::filesystem::path& folder, const LoadOptions& options);

}  // namespace idchip::cards
