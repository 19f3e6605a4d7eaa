#include <idchip/profile/lint.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/profile/plan.hpp>

namespace idchip::profile {
namespace {

using Severity = LintSeverity;

struct Rule {
    std::string_view name;
    Severity severity;
    std::string_view text;
};
constexpr Rule rules[] = {
    {"plan.fails", Severity::error, "no card can be planned: an expression names what is not there, or a length is wrong"},
    {"probe.locked", Severity::error, "no probe tells a locked chip: after a doubt nobody could say whether the lock took effect"},
    {"probe.blank", Severity::error, "no probe tells a blank chip"},
    {"lock.proof", Severity::error, "no proof of the lock is a command that must be refused"},
    {"lock.destroys", Severity::warning, "the proof of the lock writes data: if the lock did not take, it harms the chip"},
    {"secret.shown", Severity::error, "a command carries a key or a password and is not marked secret"},
    {"block.too_large", Severity::error, "blocks are larger than what the secure channel leaves of a command"},
    {"key.weaker", Severity::warning, "the channel's key is weaker than a key that is sent through it"},
    {"key.in_clear", Severity::warning, "private keys travel without a secure channel"},
    {"key.unchecked", Severity::warning, "the card's key is tried without a check value: a wrong one costs a try"},
    {"key.version", Severity::info, "no key version: the card takes whichever key set comes first"},
    {"level.no_response_mac", Severity::warning, "answers are not authenticated: somebody in between could say that all is well"},
    {"sw.undeclared", Severity::warning, "a command that changes the chip gives a refusal (6985, 6A84) no meaning"},
    {"read_back.none", Severity::info, "nothing is read back before the lock: an error shows when the card is spoilt"},
};

const Rule& rule(std::string_view name) {
    return *std::find_if(std::begin(rules), std::end(rules), [&](const Rule& r) { return r.name == name; });
}

// A document of every kind, so that each step is planned.
lds::Files specimen_files(const Profile& p) {
    lds::Files files;
    for (const auto& place : p.files) files[*place.file] = Bytes(*place.file == lds::Ef::dg2 ? 2000 : 40, 0x61);
    return files;
}

Variables specimen_variables() {
    Variables v;
    for (const auto* text : {"mrz.document_number", "mrz.birth", "mrz.expiry", "mrz.information", "can", "pin", "puk"})
        v[text] = Value::of(as_bytes("123456"));
    for (const auto* name : {"aa.modulus", "aa.public_exponent", "aa.private_exponent", "aa.private_key", "ca.private_key", "ca.public_key",
                             "ca.p", "ca.a", "ca.b", "ca.g", "ca.n", "ca.h", "cvca.certificate", "date"})
        v[name] = Value::of(ByteView(Bytes(32, 0x11)));
    v["resume"] = Value();
    return v;
}

constexpr std::string_view secret_names[] = {"mrz.", "can", "pin", "puk", "aa.private", "ca.private"};

bool names_secret(std::string_view expression) {
    return std::any_of(std::begin(secret_names), std::end(secret_names), [&](std::string_view n) {
        const auto at = expression.find(n);
        // A whole word, or its beginning.
        return at != std::string_view::npos && (at == 0 || std::isalnum(static_cast<unsigned char>(expression[at - 1])) == 0) &&
               (n.ends_with('.') || n.find('.') != std::string_view::npos || at + n.size() == expression.size() ||
                (std::isalnum(static_cast<unsigned char>(expression[at + n.size()])) == 0 && expression[at + n.size()] != '.'));
    });
}

std::vector<const CommandTemplate*> commands_of(const std::vector<Step>& steps) {
    std::vector<const CommandTemplate*> all;
    for (const auto& step : steps)
        for (const auto& c : step.commands) all.push_back(&c);
    return all;
}

class Linter {
public:
    explicit Linter(const Profile& p) : p_(p) {}

    std::vector<LintFinding> all() {
        check_plan();
        check_probes();
        check_lock();
        check_secrets();
        check_blocks();
        check_channel();
        check_status_words();
        if (p_.read_back == ReadBack::none) add("read_back.none", "verify");
        std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.severity < b.severity; });
        return std::move(found_);
    }

private:
    void add(std::string_view name, std::string where, const std::string& detail = {}) {
        const auto& r = rule(name);
        found_.push_back({std::string(r.name), r.severity, std::move(where), std::string(r.text) + (detail.empty() ? "" : ": " + detail)});
    }

    void check_plan() {
        for (const bool resumed : {false, true}) {
            auto variables = specimen_variables();
            if (!resumed) variables.erase("resume");
            const auto plan = make_plan(p_, variables, specimen_files(p_));
            if (!plan) return add("plan.fails", plan.error().where, plan.error().detail);
        }
    }

    bool tells(ChipState state) const {
        return std::any_of(p_.identify.probes.begin(), p_.identify.probes.end(), [state](const Probe& probe) {
            const auto is = [state](const auto& entry) { return entry.second == state; };
            return std::any_of(probe.states.begin(), probe.states.end(), is) || std::any_of(probe.answers.begin(), probe.answers.end(), is);
        });
    }

    void check_probes() {
        if (!tells(ChipState::locked)) add("probe.locked", "identify");
        if (!tells(ChipState::blank)) add("probe.blank", "identify");
    }

    void check_lock() {
        const auto refused = [](const CommandTemplate& c) { return std::find(c.expect.begin(), c.expect.end(), 0x9000) == c.expect.end(); };
        if (std::none_of(p_.lock_proof.begin(), p_.lock_proof.end(), refused)) add("lock.proof", "lock/proof");
        for (const auto& c : p_.lock_proof)
            if (c.ins == iso7816::ins::update_binary || c.ins == iso7816::ins::put_data) add("lock.destroys", c.id);
    }

    void check_secrets() {
        for (const auto* c : commands_of(p_.steps))
            if (!c->secret && names_secret(c->data)) add("secret.shown", c->id);
        for (const auto& step : p_.steps)
            for (const auto& c : step.commands)
                if (step.loop == Loop::secrets && !c.secret && (!step.collect || !c.chunks_of.empty() || !c.data.empty()))
                    add("secret.shown", c.id);
    }

    // What is left of a short command: padding, and what protects it.
    std::size_t room() const {
        const auto& scp = p_.channel.scp;
        const bool encrypted = (scp.level & scp::c_decryption) != 0;
        switch (p_.channel.kind) {
            case ChannelKind::none: return 255;
            case ChannelKind::scp02: return encrypted ? (255 - 8) / 8 * 8 - 1 : 255 - 8;
            case ChannelKind::scp03: {
                const std::size_t mac = (scp.i & scp::i03::s16) != 0 ? 16 : 8;
                return encrypted ? (255 - mac) / 16 * 16 - 1 : 255 - mac;
            }
            case ChannelKind::mutual: return 239;  // DO'87' of 244 bytes and DO'8E'
        }
        return 255;
    }

    void check_blocks() {
        if (!p_.extended && p_.max_write > room())
            add("block.too_large", "limits/max_write", fmt::format("{} bytes, {} are left", p_.max_write, room()));
    }

    bool sends(std::string_view variable) const {
        const auto names = [&](const std::string& text) { return text.find(variable) != std::string::npos; };
        return std::any_of(p_.secrets.begin(), p_.secrets.end(), [&](const Object& o) { return names(o.value); }) || [&] {
            const auto commands = commands_of(p_.steps);
            return std::any_of(commands.begin(), commands.end(), [&](const CommandTemplate* c) { return names(c->data); });
        }();
    }

    void check_channel() {
        const auto& c = p_.channel;
        const bool private_keys = sends("aa.private") || sends("ca.private");
        if (c.kind == ChannelKind::none) {
            if (private_keys) add("key.in_clear", "channel");
            return;
        }
        // NIST SP 800-57, part 1, table 2: two-key 3DES is below every key that a chip still gets.
        const bool tdes = c.kind == ChannelKind::scp02 || (c.kind == ChannelKind::mutual && c.cipher == crypto::Cipher::tdes);
        if (tdes && private_keys) add("key.weaker", "channel", "two-key 3DES");
        if (c.kind == ChannelKind::mutual && !c.key_check_value) add("key.unchecked", "channel");
        if (c.kind == ChannelKind::mutual) return;
        if (c.key_version == 0) add("key.version", "channel");
        if ((c.scp.level & scp::r_mac) == 0) add("level.no_response_mac", "channel");
    }

    void check_status_words() {
        for (const auto& step : p_.steps)
            for (const auto& c : step.commands)
                if (!c.chunks_of.empty() && c.on_sw.empty()) add("sw.undeclared", c.id);
    }

    const Profile& p_;
    std::vector<LintFinding> found_;
};

}  // namespace

std::string_view name(LintSeverity severity) {
    switch (severity) {
        case LintSeverity::error: return "error";
        case LintSeverity::warning: return "warning";
        case LintSeverity::info: return "info";
    }
    return {};
}

std::vector<LintFinding> lint(const Profile& profile) { return Linter(profile).all(); }

std::vector<std::pair<std::string_view, std::string_view>> lint_rules() {
    std::vector<std::pair<std::string_view, std::string_view>> all;
    for (const auto& r : rules) all.emplace_back(r.name, r.text);
    return all;
}

}  // namespace idchip::profile
