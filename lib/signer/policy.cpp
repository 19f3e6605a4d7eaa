#include <nlohmann/json.hpp>

#include <idchip/signer/document_signer.hpp>

#include "base/try.hpp"

namespace idchip::signer {
namespace {

using Json = nlohmann::json;

Result<void> read_member(SigningPolicy& policy, const std::string& key, const Json& value) {
    if (key == "from") {
        policy.from = start_of(TRY(parse_iso_date(value.get<std::string>())));
    } else if (key == "until") {
        policy.until = start_of(TRY(parse_iso_date(value.get<std::string>()))) + (seconds_per_day - 1);
    } else if (key == "most") {
        if (!value.is_number_unsigned()) return fail(Errc::bad_field, key, "want a number of signatures");
        policy.most = value.get<std::uint64_t>();
    } else if (key == "document_types") {
        policy.document_types = value.get<std::vector<std::string>>();
    } else {
        return fail(Errc::bad_field, key, "unknown; there are from, until, most, document_types");
    }
    return {};
}

}  // namespace

Result<SigningPolicy> parse_policy(std::string_view json) {
    SigningPolicy policy;
    try {
        const auto j = Json::parse(json);
        if (!j.is_object()) return fail(Errc::bad_json, {}, "want an object");
        for (const auto& [key, value] : j.items()) TRY(read_member(policy, key, value));
    } catch (const Json::exception& e) {
        return fail(Errc::bad_json, {}, e.what());
    }
    return policy;
}

}  // namespace idchip::signer
