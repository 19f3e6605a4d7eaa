#include "card_record.hpp"

#include <nlohmann/json.hpp>

#include <idchip/crypto/hash.hpp>

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string sha256(ByteView bytes) { return to_hex(crypto::hash(crypto::HashAlg::sha256, bytes)); }

Json keys_of(const personalize::ChipKeys& keys) {
    Json j = Json::object();
    if (keys.aa_public) j["active_authentication"] = sha256(keys.aa_public->to_spki(crypto::EcEncoding::named));
    if (keys.ca_public) j["chip_authentication"] = sha256(keys.ca_public->to_spki());
    return j;
}

Json findings_of(const inspect::Verdict& verdict) {
    Json list = Json::array();
    for (const auto& f : verdict.findings)
        if (f.outcome != inspect::Outcome::pass) list.push_back({{"id", f.id}, {"outcome", inspect::name(f.outcome)}, {"case", f.case_id}});
    return list;
}

}  // namespace

std::string card_record(const personalize::Job& job, const profile::Profile& p, const personalize::Outcome& outcome, Instant at) {
    const bool finished = outcome.condition == personalize::ChipCondition::finished;
    Json j = {{"schema", 1}, {"record", job.document.record}, {"at", to_iso(at)}, {"signed_off", finished && !outcome.failure}};
    j["condition"] = personalize::name(outcome.condition);
    j["next"] = personalize::next_action(outcome.condition);
    j["profile"] = {{"name", p.name}, {"version", p.version}, {"sha256", p.hash}};
    j["card"] = {{"serial", outcome.serial},
                 {"channel", profile::name(p.channel.kind)},
                 {"authentications", outcome.authentications},
                 {"commands", outcome.commands},
                 {"found_finished", outcome.was_finished}};
    j["keys"] = keys_of(job.keys);
    j["files"] = Json::object();
    for (const auto& [ef, content] : job.document.files)
        j["files"][lds::name(ef)] = {{"bytes", content.size()}, {"sha256", sha256(content)}};
    j["checks"] = {{"read_back_before_lock", outcome.read_back}, {"lock_proven", outcome.lock_proven}, {"compared_after_lock", finished}};
    if (outcome.verdict) j["verdict"] = {{"overall", inspect::name(outcome.verdict->overall)}, {"findings", findings_of(*outcome.verdict)}};
    if (outcome.failure) j["error"] = {{"name", outcome.failure->name()}, {"message", outcome.failure->message()}};
    return j.dump(1) + "\n";
}

}  // namespace idchip::cli
