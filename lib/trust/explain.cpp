#include <idchip/trust/explain.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

namespace idchip::trust {
namespace {

using pki::Certificate;

constexpr std::size_t longest_path = 8, most_paths = 64;

std::string step(const Certificate& c) { return c.subject.text() + " (SHA-256 " + c.fingerprint().substr(0, 16) + ")"; }

std::string provenance(const Anchor& a, const Store& store) {
    std::string text = a.pinned ? "pinned" : "";
    for (const auto& id : a.sources) {
        const auto it = store.sources().find(id);
        if (it == store.sources().end() || it->second.kind != Kind::master_list) continue;
        const auto& s = it->second;
        text += (text.empty() ? "" : ", ") + ("on the list of " + s.signer) +
                (s.signed_at ? " of " + to_iso(date_of(*s.signed_at)) : std::string());
    }
    return text.empty() ? "imported by hand" : text;
}

// Every way up. A link certificate is an anchor like any other; where its own issuer is in the store the way goes on, to the root.
class Search {
public:
    Search(const Store& store, Instant now) : store_(store), now_(now) {}

    std::vector<Path> run(const Certificate& c) {
        Path path;
        path.steps.push_back(step(c));
        climb(c, std::move(path));
        if (found_.empty()) found_.push_back({{step(c)}, false, "no trusted certificate has the name of its issuer: " + c.issuer.text()});
        return std::move(found_);
    }

private:
    void climb(const Certificate& c, Path path) {
        for (const auto& a : store_.anchors()) {
            if (found_.size() >= most_paths) return;
            if (a.certificate.raw == c.raw || !a.certificate.subject.matches(c.issuer)) continue;
            auto next = path;
            next.steps.push_back(step(a.certificate));
            next.reason = objection(c, a);
            next.trusted = next.reason.empty();
            if (next.trusted) next.reason = provenance(a, store_) + validity(a.certificate);
            const bool onwards = next.trusted && !a.certificate.self_issued() && next.steps.size() < longest_path &&
                                 visited_.insert(a.certificate.raw).second;
            found_.push_back(next);
            if (onwards) climb(a.certificate, std::move(next));
        }
    }

    std::string objection(const Certificate& c, const Anchor& a) const {
        const auto& issuer = a.certificate;
        if (c.authority_key_id && issuer.subject_key_id && !equal(*c.authority_key_id, *issuer.subject_key_id))
            return "another key: the authority key identifier is " + to_hex(*c.authority_key_id).substr(0, 16) + ", this key is " +
                   to_hex(*issuer.subject_key_id).substr(0, 16);
        if (!issuer.public_key) return "its key cannot be used: " + issuer.key_error->message();
        if (const auto verified = c.verify_signature(*issuer.public_key); !verified)
            return "the signature does not verify: " + verified.error().message();
        if (!a.withdrawn.empty()) return "withdrawn: " + a.withdrawn;
        for (const auto& [crl, source] : store_.crls())
            if (crl.issuer.matches(c.issuer) && crl.find(c.serial) != nullptr)
                return "revoked, list of " + to_iso(date_of(crl.this_update));
        return {};
    }

    std::string validity(const Certificate& c) const {
        if (now_ > c.not_after) return "; expired on " + to_iso(date_of(c.not_after));
        return now_ < c.not_before ? "; not valid before " + to_iso(date_of(c.not_before)) : "";
    }

    const Store& store_;
    Instant now_;
    std::vector<Path> found_;
    std::set<Bytes> visited_;
};

}  // namespace

std::vector<Path> paths(const Certificate& certificate, const Store& store, Instant now) {
    std::vector<Path> found;
    for (const auto& a : store.anchors())
        if (a.certificate.raw == certificate.raw)
            found.push_back({{step(certificate)},
                             a.withdrawn.empty(),
                             a.withdrawn.empty() ? "in the store: " + provenance(a, store) : "withdrawn: " + a.withdrawn});
    if (found.empty() || !certificate.self_issued()) {
        auto more = Search(store, now).run(certificate);
        found.insert(found.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    return found;
}

std::map<std::string, CountryCoverage> coverage(const Store& store, Instant now) {
    std::map<std::string, CountryCoverage> map;
    const auto of = [&](const pki::Name& name) -> CountryCoverage& { return map[upper_ascii(name.country())]; };
    for (const auto& a : store.anchors()) {
        if (!a.withdrawn.empty()) continue;
        auto& c = of(a.certificate.subject);
        ++c.anchors;
        if (a.pinned) ++c.pinned;
        if (a.certificate.not_before <= now && now <= a.certificate.not_after) ++c.valid;
        if (!c.last_expiry || a.certificate.not_after > *c.last_expiry) c.last_expiry = a.certificate.not_after;
    }
    for (const auto& d : store.document_signers()) ++of(d.subject).document_signers;
    for (const auto& [crl, source] : store.crls()) {
        auto& c = of(crl.issuer);
        if (c.crl_of && *c.crl_of > crl.this_update) continue;
        c.crl_of = crl.this_update;
        c.crl_due = crl.next_update;
        c.crl_fresh = crl.this_update <= now && (!crl.next_update || now <= *crl.next_update);
    }
    return map;
}

Difference difference(const std::vector<Certificate>& here, const std::vector<Certificate>& there) {
    const auto set_of = [](const std::vector<Certificate>& list) {
        std::set<Bytes> raws;
        for (const auto& c : list) raws.insert(c.raw);
        return raws;
    };
    const auto in_here = set_of(here);
    const auto in_there = set_of(there);
    Difference d;
    for (const auto& c : here) {
        if (in_there.contains(c.raw)) ++d.in_both;
        else d.only_here.push_back(c);
    }
    for (const auto& c : there)
        if (!in_here.contains(c.raw)) d.only_there.push_back(c);
    return d;
}

}  // namespace idchip::trust
