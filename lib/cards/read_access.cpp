// What opens the chip, and what authenticates chip and terminal.
#include "cards/blueprint.hpp"

#include <idchip/base/file.hpp>

namespace idchip::cards {
namespace {

// Doc 9303-11, table 12.
Result<crypto::Domain> read_domain(const Node& node) {
    auto domain = crypto::Domain::standardized(TRY(node.number(0, 31)));
    if (!domain) return node.bad("no standardized domain parameters");
    return std::move(*domain);
}

Result<Secret> read_secret(const Node& node) { return Secret(TRY(node.hex())); }

Result<PacePlan> read_pace(const Node& node) {
    TRY(node.check_keys("pace"));
    if (!node.has("protocol") || !node.has("parameter_id")) return node.bad("want \"protocol\" and \"parameter_id\"");
    const auto suite = pace::Suite::of(TRY(read_protocol(node.at("protocol"))));
    if (!suite) return node.at("protocol").bad("not a protocol of PACE");
    PacePlan p{*suite, TRY(node.at("parameter_id").number(0, 31)), {}};
    const auto domain = TRY(read_domain(node.at("parameter_id")));
    if (domain.is_ec() != suite->ecdh || !pace::defined_on(*suite, domain))
        return node.bad(suite->name() + " is not defined on " + domain.text());
    TRY(take(node, "private_key", p.private_key, read_secret));
    return p;
}

Result<std::string> read_digits(const Node& node) {
    auto text = TRY(node.text());
    if (text.empty() || text.size() > 32 || text.find_first_not_of("0123456789") != std::string::npos) return node.bad("want digits");
    return text;
}

Result<std::string> read_can(const Node& node) {
    if (node.is_text() && node.json() == "last-six") return node.text();
    return read_digits(node);
}

Result<ChipAuthenticationPlan> read_key(const Node& node) {
    TRY(node.check_keys("chip_authentication"));
    if (!node.has("protocols") || !node.has("domain")) return node.bad("want \"protocols\" and \"domain\"");
    ChipAuthenticationPlan p{{}, TRY(read_domain(node.at("domain"))), {}, {}};
    for (const auto& item : TRY(node.at("protocols").items())) {
        const auto suite = chip_auth::Suite::of(TRY(read_protocol(item)));
        if (!suite) return item.bad("not a protocol of chip authentication");
        if (suite->ecdh != p.domain.is_ec()) return item.bad("not for " + p.domain.text());
        p.suites.push_back(*suite);
    }
    if (node.has("key_id")) p.key_id = TRY(node.at("key_id").number(0, INT32_MAX));
    TRY(take(node, "private_key", p.private_key, read_secret));
    using Encoding = crypto::AgreementEncoding;
    if (node.has("encoding")) {
        constexpr Encoding order[] = {Encoding::explicit_parameters, Encoding::named_curve, Encoding::standardized, Encoding::x9_42};
        p.encoding = order[TRY(node.at("encoding").choice({"explicit", "named", "standardized", "x9.42"}))];
        const bool fits = p.domain.is_ec() ? p.encoding != Encoding::x9_42 : p.encoding != Encoding::named_curve;
        if (!fits) return node.at("encoding").bad("not for " + p.domain.text());
    }
    return p;
}

}  // namespace

Result<AccessPlan> read_access(const Node& node) {
    TRY(node.check_keys("access"));
    AccessPlan a;
    TRY(take(node, "bac", a.bac, as_flag));
    if (node.has("pace"))
        for (const auto& item : TRY(node.at("pace").items())) a.pace.push_back(TRY(read_pace(item)));
    TRY(take(node, "can", a.can, read_can));
    TRY(take(node, "pin", a.pin, read_digits));
    TRY(take(node, "puk", a.puk, read_digits));
    if (node.has("pin_tries")) a.pin_tries = static_cast<unsigned>(TRY(node.at("pin_tries").number(0, 15)));
    return a;
}

Result<std::vector<ChipAuthenticationPlan>> read_chip_authentication(const Node& node) {
    std::vector<ChipAuthenticationPlan> keys;
    for (const auto& item : TRY(node.items())) keys.push_back(TRY(read_key(item)));
    return keys;
}

Result<ActiveAuthenticationPlan> read_active_authentication(const Node& node, const std::filesystem::path& folder) {
    TRY(node.check_keys("active_authentication"));
    ActiveAuthenticationPlan p;
    const int ways = (node.has("rsa_bits") ? 1 : 0) + (node.has("curve") ? 1 : 0) + (node.has("private_key") ? 1 : 0);
    if (ways != 1) return node.bad("want one of rsa_bits, curve, private_key");
    if (node.has("rsa_bits")) p.rsa_bits = static_cast<std::size_t>(TRY(node.at("rsa_bits").number(1024, 4096)));
    if (node.has("curve")) {
        const auto curve = crypto::curve_by_name(TRY(node.at("curve").text()));
        if (!curve) return node.at("curve").bad("no curve is called so");
        p.curve = *curve;
    }
    if (node.has("private_key")) {
        const auto key = node.at("private_key");
        TRY(key.check_keys("content"));
        p.private_key_pem = as_text(TRY(read_content(key, folder)));
    }
    if (node.has("hash")) {
        const auto hash = crypto::hash_by_name(TRY(node.at("hash").text()));
        if (!hash) return node.at("hash").bad("no hash function is called so");
        p.hash = *hash;
    }
    if (node.has("form") && TRY(node.at("form").choice({"plain", "der"})) == 1) p.format = active_auth::EcdsaFormat::der;
    return p;
}

Result<TerminalAuthenticationPlan> read_terminal_authentication(const Node& node, const std::filesystem::path& folder) {
    TRY(node.check_keys("terminal_authentication"));
    TerminalAuthenticationPlan p;
    if (node.has("test_pki") == node.has("trust_points")) return node.bad("want one of test_pki, trust_points");
    if (node.has("test_pki")) {
        const auto test = node.at("test_pki");
        TRY(test.check_keys("test_pki"));
        auto& t = p.test_pki.emplace();
        TRY(take(test, "dg3", t.rights.dg3, as_flag));
        TRY(take(test, "dg4", t.rights.dg4, as_flag));
        TRY(take(test, "from", t.from, read_date));
        TRY(take(test, "until", t.until, read_date));
    } else {
        for (const auto& item : TRY(node.at("trust_points").items())) p.trust_points.push_back(TRY(read_content(item, folder)));
        if (p.trust_points.empty()) return node.at("trust_points").bad("none");
    }
    TRY(take(node, "current_date", p.current_date, read_date));
    TRY(take(node, "in_master_file", p.in_master_file, as_flag));
    TRY(take(node, "older_algorithms", p.older_algorithms, as_flag));
    return p;
}

}  // namespace idchip::cards
