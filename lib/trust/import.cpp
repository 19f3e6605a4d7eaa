// What an import takes, and on whose word. Doc 9303-12, 5.3 and 9: a list is believed when a pinned CSCA has certified its signer.
#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/ldif.hpp>
#include <idchip/pki/master_list.hpp>
#include <idchip/trust/store.hpp>

#include "base/try.hpp"

namespace idchip::trust {

using Outcome = ImportItem::Outcome;
using pki::Certificate;

class Importer {
public:
    Importer(Store& store, std::string file, const ImportOptions& options, ImportReport& report)
        : store_(store), file_(std::move(file)), options_(options), report_(report) {}
    // The place that is named from now on.
    void at(std::string file) { file_ = std::move(file); }

    void certificate(ByteView content) {
        auto parsed = Certificate::parse_any(content);
        if (!parsed) return refuse(Kind::certificate, "certificate", std::move(parsed.error()));
        const auto what = parsed->subject.text();
        if (!parsed->public_key) return refuse(Kind::certificate, what, *parsed->key_error);
        const bool csca = parsed->is_csca.value_or(parsed->self_issued());
        if (!csca) return document_signer(std::move(*parsed));
        if (parsed->self_issued() && !is_link(*parsed)) {
            if (!parsed->verify_signature(*parsed->public_key))
                return refuse(Kind::certificate, what, Error(Errc::crypto_bad_signature, {}, "it has not signed itself"));
            // A file says nothing of where it comes from: the operator does, by pinning it.
            if (!options_.pin && !find(*parsed))
                return refuse(Kind::certificate, what,
                              Error(Errc::trust_unproven, {},
                                    "compare SHA-256 " + parsed->fingerprint() + " with the issuer's, then give it with --root"));
        } else if (pki::find_issuer(*parsed, trusted()).issuer == nullptr) {
            return refuse(Kind::certificate, what, Error(Errc::trust_unproven, {}, "no trusted key has signed this link certificate"));
        }
        const auto source = remember(content, Kind::certificate, nullptr, {}, std::nullopt);
        const auto outcome = add_anchor(*parsed, source, options_.pin);
        item(Kind::certificate, what, outcome);
    }

    void crl(ByteView content) {
        auto parsed = pki::Crl::parse_any(content);
        if (!parsed) return refuse(Kind::crl, "revocation list", std::move(parsed.error()));
        const auto what = parsed->issuer.text();
        const auto signed_by = [&](const Anchor& a) {
            return a.withdrawn.empty() && a.certificate.subject.matches(parsed->issuer) && a.certificate.public_key &&
                   parsed->verify_signature(*a.certificate.public_key);
        };
        const auto signer = std::find_if(store_.anchors_.begin(), store_.anchors_.end(), signed_by);
        if (signer == store_.anchors_.end())
            return refuse(Kind::crl, what, Error(Errc::trust_unproven, {}, "no trusted CSCA of this name has signed it"));
        const auto same =
            std::find_if(store_.crls_.begin(), store_.crls_.end(), [&](const auto& c) { return c.first.issuer.matches(parsed->issuer); });
        if (same != store_.crls_.end()) {
            if (same->first.raw == parsed->raw) return item(Kind::crl, what, Outcome::known);
            if (parsed->this_update < same->first.this_update && !options_.allow_older)
                return refuse(Kind::crl, what,
                              Error(Errc::trust_older, {},
                                    "of " + to_iso(parsed->this_update) + ", in the store is that of " + to_iso(same->first.this_update)));
            store_.sources_.erase(same->second);
            store_.crls_.erase(same);
            item(Kind::crl, what, Outcome::replaced);
        } else {
            item(Kind::crl, what, Outcome::added);
        }
        const auto source = remember(content, Kind::crl, &parsed->issuer, signer->certificate.fingerprint(), parsed->this_update);
        store_.crls_.emplace_back(std::move(*parsed), source);
    }

    void master_list(ByteView content) {
        auto list = pki::MasterList::parse(content);
        if (!list) return refuse(Kind::master_list, "master list", std::move(list.error()));
        auto vouched = believe(list->check(pinned(list->certificates), options_.now), Kind::master_list, "master list");
        if (!vouched) return;
        auto& [check, entry] = *vouched;
        const auto key = Kind::master_list;
        const auto older = older_of(key, check.signer->subject.country());
        if (older && !newer(check, *older, entry)) return push(std::move(entry));
        if (older && older->id == id_of(content)) {
            entry.outcome = Outcome::known;
            return push(std::move(entry));
        }
        const auto source = remember(content, key, &check.signer->subject, check.anchor->fingerprint(), check.signing_time);
        entry.outcome = older ? Outcome::replaced : Outcome::added;
        take_certificates(*list, source, entry);
        if (older) withdraw(older->id, source, entry);
        push(std::move(entry));
    }

    void deviation_list(ByteView content) {
        auto list = pki::DeviationList::parse(content);
        if (!list) return refuse(Kind::deviation_list, "deviation list", std::move(list.error()));
        // Every State speaks for its own documents: its CSCA need not be pinned, being trusted is enough.
        std::vector<Certificate> anchors;
        for (const auto& a : store_.anchors_)
            if (a.withdrawn.empty()) anchors.push_back(a.certificate);
        auto vouched = believe(list->check(anchors, options_.now), Kind::deviation_list, "deviation list");
        if (!vouched) return;
        auto& [check, entry] = *vouched;
        const auto older = older_of(Kind::deviation_list, check.signer->subject.country());
        if (older && !newer(check, *older, entry)) return push(std::move(entry));
        entry.outcome = !older ? Outcome::added : older->id == id_of(content) ? Outcome::known : Outcome::replaced;
        if (entry.outcome != Outcome::known) {
            if (older) {
                std::erase_if(store_.deviation_lists_, [&](const StoredDeviations& d) { return d.source == older->id; });
                store_.sources_.erase(older->id);
            }
            const auto source =
                remember(content, Kind::deviation_list, &check.signer->subject, check.anchor->fingerprint(), check.signing_time);
            store_.deviation_lists_.push_back({std::move(*list), to_bytes(content), source});
        }
        push(std::move(entry));
    }

    void refuse(Kind kind, std::string what, Error error) {
        ImportItem i;
        i.kind = kind;
        i.what = std::move(what);
        i.outcome = Outcome::refused;
        i.reason = std::move(error).inside(file_);
        push(std::move(i));
    }

private:
    struct Vouched {
        pki::ListCheck check;
        ImportItem entry;
    };

    static std::string id_of(ByteView content) { return to_hex(crypto::hash(crypto::HashAlg::sha256, content)); }
    static bool is_link(const Certificate& c) {
        return c.authority_key_id && c.subject_key_id && !equal(*c.authority_key_id, *c.subject_key_id);
    }

    void push(ImportItem item) { report_.items.push_back(std::move(item)); }
    void item(Kind kind, std::string what, Outcome outcome) {
        ImportItem i;
        i.kind = kind;
        i.what = std::move(what);
        i.outcome = outcome;
        push(std::move(i));
    }

    Anchor* find(const Certificate& c) {
        const auto it =
            std::find_if(store_.anchors_.begin(), store_.anchors_.end(), [&](const Anchor& a) { return a.certificate.raw == c.raw; });
        return it == store_.anchors_.end() ? nullptr : &*it;
    }

    // Files that an operator imports have no signer; lists have one.
    std::string remember(ByteView content, Kind kind, const pki::Name* signer, std::string anchor, std::optional<Instant> signed_at) {
        auto id = id_of(content);
        store_.sources_[id] = {id,
                               file_,
                               kind,
                               signer != nullptr ? signer->text() : "",
                               signer != nullptr ? upper_ascii(signer->country()) : "",
                               std::move(anchor),
                               signed_at,
                               options_.now};
        return id;
    }

    // As it is now; made anew only when an anchor has come.
    const pki::TrustStore& trusted() {
        if (!trusted_ || trusted_->csca.size() != store_.anchors_.size()) trusted_ = store_.trust();
        return *trusted_;
    }

    Outcome add_anchor(const Certificate& c, const std::string& source, bool pin) {
        if (auto* known = find(c)) {
            const bool news = (pin && !known->pinned) || !known->withdrawn.empty();
            known->pinned |= pin;
            known->withdrawn.clear();
            if (std::find(known->sources.begin(), known->sources.end(), source) == known->sources.end()) known->sources.push_back(source);
            return news ? Outcome::replaced : Outcome::known;
        }
        store_.anchors_.push_back({c, pin, {source}, {}});
        return Outcome::added;
    }

    // Of the PKD: kept for documents that do not carry their own, when a trusted CSCA has signed it.
    void document_signer(Certificate c) {
        const auto what = c.subject.text();
        const auto& known = store_.document_signers_;
        if (std::any_of(known.begin(), known.end(), [&](const Certificate& k) { return k.raw == c.raw; }))
            return item(Kind::certificate, what, Outcome::known);
        if (pki::find_issuer(c, trusted()).issuer == nullptr)
            return refuse(Kind::certificate, what, Error(Errc::trust_unproven, {}, "no trusted CSCA has signed it"));
        store_.document_signers_.push_back(std::move(c));
        item(Kind::certificate, what, Outcome::added);
    }

    // Pinned anchors, and what links in the list itself lead on to from them.
    std::vector<Certificate> pinned(const std::vector<Certificate>& links) const {
        std::vector<Certificate> anchors;
        for (const auto& a : store_.anchors_)
            if (a.pinned && a.withdrawn.empty()) anchors.push_back(a.certificate);
        return pki::anchors_with_links(std::move(anchors), links, options_.now);
    }

    bool revoked(const Certificate& c) const {
        return std::any_of(store_.crls_.begin(), store_.crls_.end(),
                           [&](const auto& crl) { return crl.first.issuer.matches(c.issuer) && crl.first.find(c.serial) != nullptr; });
    }

    // Nothing where the list was refused. A signer that has expired since is told, and no reason: the list was right when it was signed.
    std::optional<Vouched> believe(pki::ListCheck check, Kind kind, const char* what) {
        ImportItem entry;
        entry.kind = kind;
        entry.what = check.signer ? check.signer->subject.text() : what;
        for (const auto& objection : check.objections) {
            const bool expired_since = objection.rule == pki::ListRule::expired && check.signing_time && check.signer &&
                                       *check.signing_time <= check.signer->not_after;
            if (!expired_since) {
                refuse(kind, entry.what, objection.error);
                return std::nullopt;
            }
            entry.remarks.push_back("its signer's certificate has expired on " + to_iso(date_of(check.signer->not_after)) +
                                    ", after it was signed");
        }
        if (revoked(*check.signer)) {
            refuse(kind, entry.what, Error(Errc::trust_unproven, {}, "the signer's certificate is revoked"));
            return std::nullopt;
        }
        return Vouched{std::move(check), std::move(entry)};
    }

    // The list of the same State that is in the store.
    std::optional<Source> older_of(Kind kind, const std::string& country) const {
        for (const auto& [id, source] : store_.sources_)
            if (source.kind == kind && source.country == upper_ascii(country)) return source;
        return std::nullopt;
    }

    bool newer(const pki::ListCheck& check, const Source& older, ImportItem& entry) const {
        if (options_.allow_older || !older.signed_at || !check.signing_time || *check.signing_time >= *older.signed_at) return true;
        entry.outcome = Outcome::refused;
        entry.reason = Error(Errc::trust_older, file_,
                             "signed at " + to_iso(*check.signing_time) + ", in the store is that of " + to_iso(*older.signed_at));
        return false;
    }

    void take_certificates(const pki::MasterList& list, const std::string& source, ImportItem& entry) {
        for (const auto& why : list.skipped) entry.remarks.push_back(why.message());
        pki::TrustStore among;
        among.csca = list.certificates;
        for (const auto& c : list.certificates) {
            if (!c.public_key) {
                entry.remarks.push_back(c.subject.text() + ": " + c.key_error->message());
                continue;
            }
            // A signature that does not fit is worth a remark, not a refusal: the State that signed the list vouches for the key.
            if (c.verify_signature(*c.public_key)) ++entry.self_signed;
            else if (pki::find_issuer(c, among).issuer != nullptr || signed_by_key_of(c, list.certificates)) ++entry.signed_by_other;
            else ++entry.unproven;
            const auto outcome = add_anchor(c, source, false);
            ++(outcome == Outcome::added ? entry.added : entry.known);
        }
    }

    // A link certificate that names its issuer wrongly: the key identifier leads to who signed it.
    static bool signed_by_key_of(const Certificate& c, const std::vector<Certificate>& others) {
        return std::any_of(others.begin(), others.end(), [&](const Certificate& other) {
            return c.authority_key_id && other.subject_key_id && equal(*c.authority_key_id, *other.subject_key_id) && other.public_key &&
                   c.verify_signature(*other.public_key);
        });
    }

    // What only the older list vouched for is trusted no longer, and remembered as that (case D46).
    void withdraw(const std::string& older, const std::string& newer, ImportItem& entry) {
        for (auto& a : store_.anchors_) {
            std::erase(a.sources, older);
            if (!a.sources.empty() || a.pinned || !a.withdrawn.empty()) continue;
            const auto& list = store_.sources_[newer];
            a.withdrawn = "not on the list of " + list.signer +
                          (list.signed_at ? " of " + to_iso(date_of(*list.signed_at)) : std::string()) + " any more";
            ++entry.withdrawn;
        }
        if (older != newer) store_.sources_.erase(older);
    }

    Store& store_;
    std::string file_;
    const ImportOptions& options_;
    ImportReport& report_;
    std::optional<pki::TrustStore> trusted_;
};

namespace {

bool looks_like_ldif(ByteView content) {
    const auto head = std::string_view(reinterpret_cast<const char*>(content.data()), std::min<std::size_t>(content.size(), 4096));
    return head.starts_with("dn:") || head.starts_with("version:") || head.find("\ndn:") != std::string_view::npos;
}

struct Located {
    std::string where;
    pki::PkdObject kind;
    Bytes value;
};

// Everything that trust can use, and the entries that could not be read.
Result<std::vector<Located>> read_ldif(ByteView content, const std::string& file, Importer& importer) {
    std::istringstream in(std::string(reinterpret_cast<const char*>(content.data()), content.size()));
    pki::LdifReader reader(in);
    std::vector<Located> objects;
    for (;;) {
        auto entry = reader.next();
        if (!entry) {
            if (entry.error().code == Errc::io_error) return fail(std::move(entry.error()));
            importer.refuse(Kind::certificate, "entry", std::move(entry.error()));
            continue;
        }
        if (!*entry) return objects;
        for (auto& attribute : (*entry)->attributes)
            if (const auto kind = pki::pkd_object(attribute))
                objects.push_back({file + ": " + printable((*entry)->dn), *kind, std::move(attribute.value)});
    }
}

Result<void> import_ldif(ByteView content, const std::string& file, Importer& importer) {
    using pki::PkdObject;
    const auto objects = TRY(read_ldif(content, file, importer));
    // Anchors come before what they vouch for, wherever they stand in the file.
    for (const auto wanted :
         {PkdObject::csca, PkdObject::master_list, PkdObject::crl, PkdObject::document_signer, PkdObject::deviation_list})
        for (const auto& o : objects) {
            if (o.kind != wanted) continue;
            importer.at(o.where);
            if (wanted == PkdObject::crl) importer.crl(o.value);
            else if (wanted == PkdObject::master_list) importer.master_list(o.value);
            else if (wanted == PkdObject::deviation_list) importer.deviation_list(o.value);
            else importer.certificate(o.value);
        }
    return {};
}

}  // namespace

Result<ImportReport> Store::import(ByteView content, const std::string& file, const ImportOptions& options) {
    ImportReport report;
    Importer importer(*this, file, options, report);
    if (looks_like_ldif(content)) {
        TRY(import_ldif(content, file, importer));
    } else if (const auto signed_data = pki::SignedData::parse(content)) {
        if (signed_data->content_type == pki::oid_deviation_list()) importer.deviation_list(content);
        else importer.master_list(content);
    } else if (pki::Crl::parse_any(content)) {
        importer.crl(content);
    } else if (pki::Certificate::parse_any(content)) {
        importer.certificate(content);
    } else {
        return fail(Errc::unknown_content, file, "want a certificate, a CRL, a master list, a deviation list, or LDIF");
    }
    return report;
}

}  // namespace idchip::trust
