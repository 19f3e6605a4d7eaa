#include <idchip/trust/store.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include <idchip/base/file.hpp>

#include "base/try.hpp"
#include "trust/store_file.hpp"

namespace idchip::trust {

std::string_view name(Kind kind) {
    switch (kind) {
        case Kind::certificate: return "certificate";
        case Kind::crl: return "revocation list";
        case Kind::master_list: return "master list";
        case Kind::deviation_list: return "deviation list";
    }
    return "";
}

std::string_view name(ImportItem::Outcome outcome) {
    switch (outcome) {
        case ImportItem::Outcome::added: return "added";
        case ImportItem::Outcome::known: return "known";
        case ImportItem::Outcome::replaced: return "replaced";
        case ImportItem::Outcome::refused: return "refused";
        case ImportItem::Outcome::skipped: return "skipped";
    }
    return "";
}

bool ImportReport::changed() const {
    return std::any_of(items.begin(), items.end(), [](const ImportItem& i) {
        return i.outcome == ImportItem::Outcome::added || i.outcome == ImportItem::Outcome::replaced;
    });
}

const ImportItem* ImportReport::first_refusal() const {
    const auto it = std::find_if(items.begin(), items.end(), [](const ImportItem& i) { return i.outcome == ImportItem::Outcome::refused; });
    return it == items.end() ? nullptr : &*it;
}

Result<Store> Store::open(const std::filesystem::path& folder) { return StoreFile::read(folder); }
Result<void> Store::save() const { return StoreFile::write(*this); }

// The operator's own word before anybody else's.
std::string Store::provenance(const Anchor& anchor) const {
    if (anchor.pinned) return "pinned";
    std::string text;
    for (const auto& id : anchor.sources) {
        const auto source = sources_.find(id);
        if (source == sources_.end() || source->second.signer.empty()) continue;
        text += (text.empty() ? "listed by " : ", by ") + source->second.signer;
        if (source->second.signed_at) text += " on " + to_iso(date_of(*source->second.signed_at));
    }
    return text.empty() ? "linked to a trusted key" : text;
}

pki::TrustStore Store::trust() const {
    pki::TrustStore t;
    t.source = folder_.string();
    for (const auto& a : anchors_) {
        if (a.withdrawn.empty()) {
            t.csca.push_back(a.certificate);
            t.provenance[a.certificate.fingerprint()] = provenance(a);
        } else {
            t.withdrawn.push_back({a.certificate, a.withdrawn});
        }
    }
    for (const auto& [crl, source] : crls_) t.crls.push_back(crl);
    t.document_signers = document_signers_;
    for (const auto& d : deviation_lists_) t.deviation_lists.push_back(d.list);
    for (const auto& [id, source] : sources_)
        if (source.signed_at && (!t.newest_data || *source.signed_at > *t.newest_data)) t.newest_data = source.signed_at;
    return t;
}

Result<StoreLock> StoreLock::take(const std::filesystem::path& folder) {
    TRY(make_folder(folder));
    const auto path = folder / "lock";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0 || ::flock(fd, LOCK_EX) != 0) {
        if (fd >= 0) ::close(fd);
        return fail(Errc::io_error, path.string(), "cannot be locked");
    }
    return StoreLock(fd);
}
StoreLock::StoreLock(StoreLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
StoreLock::~StoreLock() {
    if (fd_ >= 0) ::close(fd_);
}

Result<pki::TrustStore> load(const std::filesystem::path& path) {
    if (!Store::is_store(path)) return pki::TrustStore::load(path);
    auto t = TRY(Store::open(path)).trust();
    if (t.csca.empty()) return fail(Errc::pki_no_trust, path.string(), "the store holds no CSCA certificate");
    return t;
}

}  // namespace idchip::trust
