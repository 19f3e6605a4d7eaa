// The trust store on disk: CSCA certificates, revocation lists, document signers and deviation lists, each with where it came from. One file,
// replaced as a whole: an import that fails leaves the last good one.
#pragma once

#include <map>

#include <idchip/pki/trust.hpp>

namespace idchip::trust {

enum class Kind { certificate, crl, master_list, deviation_list };
std::string_view name(Kind kind);  // "master list"

// On whose word something is in the store.
struct Source {
    std::string id;    // SHA-256 of the object that was imported
    std::string file;  // as it was named; within LDIF with the entry's name
    Kind kind = Kind::certificate;
    std::string signer;   // of a list: subject; empty: the operator's own word
    std::string country;  // of the signer, in capitals
    std::string anchor;   // fingerprint of the CSCA that vouches for the signer
    std::optional<Instant> signed_at;
    Instant imported_at;
};

struct Anchor {
    pki::Certificate certificate;
    bool pinned = false;               // by the operator; only pinned anchors vouch for lists
    std::vector<std::string> sources;  // ids; none: withdrawn
    std::string withdrawn;             // why; empty: trusted
};

struct StoredDeviations {
    pki::DeviationList list;
    Bytes raw;
    std::string source;
};

// One object that an import met.
struct ImportItem {
    enum class Outcome { added, known, replaced, refused, skipped };
    Kind kind = Kind::certificate;
    std::string what;  // subject, issuer
    Outcome outcome = Outcome::added;
    std::optional<Error> reason;                      // refused, skipped
    std::vector<std::string> remarks;                 // "signer expired on ..., after the list was signed"
    std::size_t added = 0, known = 0, withdrawn = 0;  // CSCA certificates of a master list
    std::size_t self_signed = 0, signed_by_other = 0, unproven = 0;
};
std::string_view name(ImportItem::Outcome outcome);
struct ImportReport {
    std::vector<ImportItem> items;
    // Whether anything was taken.
    bool changed() const;
    const ImportItem* first_refusal() const;
};

struct ImportOptions {
    Instant now;
    bool pin = false;          // certificates become pinned anchors (--root)
    bool allow_older = false;  // lists that are older than those in the store
};

class Store {
public:
    // No file is an empty store. Errors: trust.bad_store, io.*.
    static Result<Store> open(const std::filesystem::path& folder);
    // Errors: io.*; the file is as it was before.
    Result<void> save() const;
    static bool is_store(const std::filesystem::path& folder);

    // A certificate, CRL, master list, deviation list (DER or PEM), or LDIF; what it is follows from its content. An object that is refused
    // leaves the others. Errors: input.unknown_content: none of these.
    Result<ImportReport> import(ByteView content, const std::string& file, const ImportOptions& options);

    // What a verdict rests on.
    pki::TrustStore trust() const;

    // Why an anchor of this store is trusted: see pki::TrustStore::provenance.
    std::string provenance(const Anchor& anchor) const;

    const std::vector<Anchor>& anchors() const { return anchors_; }
    const std::map<std::string, Source>& sources() const { return sources_; }
    const std::vector<std::pair<pki::Crl, std::string>>& crls() const { return crls_; }
    const std::vector<pki::Certificate>& document_signers() const { return document_signers_; }
    const std::filesystem::path& folder() const { return folder_; }

private:
    friend class Importer;
    friend struct StoreFile;
    std::filesystem::path folder_;
    std::vector<Anchor> anchors_;
    std::map<std::string, Source> sources_;
    std::vector<std::pair<pki::Crl, std::string>> crls_;  // with the source's id
    std::vector<pki::Certificate> document_signers_;
    std::vector<StoredDeviations> deviation_lists_;
};

// Held while a store is changed: one process at a time. Errors: io.failed.
class StoreLock {
public:
    static Result<StoreLock> take(const std::filesystem::path& folder);
    StoreLock(StoreLock&& other) noexcept;
    StoreLock& operator=(StoreLock&&) = delete;
    ~StoreLock();

private:
    explicit StoreLock(int fd) : fd_(fd) {}
    int fd_;
};

// A store, or a folder of certificates and lists (pki::TrustStore::load).
Result<pki::TrustStore> load(const std::filesystem::path& path);

}  // namespace idchip::trust
