// A release: two operators sign, each with a key of their own, before something is done that is no one person's to decide: a document is
// made again, a key is used beyond its policy. docs/release.md has the text that is signed.
#pragma once

#include <filesystem>
#include <vector>

#include <idchip/base/random.hpp>
#include <idchip/pki/cms.hpp>

namespace idchip::release {

inline constexpr std::size_t largest_file = 1U << 16U;  // bytes of a request, and of a release
inline constexpr std::size_t longest_value = 500;       // bytes
inline constexpr std::int64_t longest_days = 31;        // that a request stands
inline constexpr std::int64_t clock_tolerance = 300;    // seconds by which the clock of whoever requested may be fast

inline constexpr std::string_view reprint = "reprint", key_use = "key_use";

// What is asked for. It ends in ledgers and logs: no personal data.
struct Request {
    std::string kind;     // one of those above
    std::string subject;  // what exactly, one line: "ledger L1 job 17 digest 5E..."; of a key_use as KeyUse::subject
    std::string reason;   // one line
    Instant at, until;    // both included
    std::string nonce;    // 16 random bytes, hexadecimal: a release is for one request, not for all that read alike

    // The text that is signed.
    std::string statement() const;
    std::string digest() const;  // SHA-256 of it, hexadecimal
    // Takes what `statement` writes, and nothing else. Errors: input.bad_field, input.bad_date, input.too_large.
    static Result<Request> parse(std::string_view statement);
};
// Errors: as Request::parse.
Result<Request> make_request(std::string_view kind, const std::string& subject, const std::string& reason, Instant at, std::int64_t days,
                             Rng& rng);

// More signatures of a document signer's key than its policy has.
struct KeyUse {
    std::string certificate;  // its fingerprint
    std::uint64_t most = 0;   // in all: what the key has signed before counts

    std::string subject() const;  // "key 0A1B... up to 5000 signatures"
    // Errors: input.bad_field.
    static Result<KeyUse> parse(std::string_view subject);
};

// What an operator is called: the one common name (CN) of the certificate, 1 to 64 bytes that can be printed. Errors: pki.refused.
Result<std::string> operator_name(const pki::Certificate& certificate);
// A folder as pki::read_certificate_folder takes it. Errors: as that; pki.refused (no name of an operator); they name the file.
Result<std::vector<pki::Certificate>> load_operators(const std::filesystem::path& folder);

// CMS SignedData over the statement, DER. Errors: as Request::parse; release.bad when nobody would take it: the request does not stand now,
// the certificate is not valid now, may not sign or is another key's; token.*.
Result<Bytes> sign(const Request& request, pki::ContentSigner& signer, Instant now);

// Who has signed this release: certificates among `operators`, and no others. Those that came along with it prove nothing. Errors: as
// Request::parse; release.bad: the request does not stand now, something else was signed, a signature is wrong, a signer is none of the
// operators, or not now.
Result<std::vector<const pki::Certificate*>> signers(const Request& request, ByteView release, std::span<const pki::Certificate> operators,
                                                     Instant now);

struct Release {
    std::vector<std::string> operators;  // all who signed, each name once
    std::string digest;                  // of the request
    // For a ledger, one line: "released by An and Binh, request 5E..."
    std::string summary() const;
};
// Two persons at least: two certificates with different common names and different keys. One release that is bad makes all of it bad.
// Errors: as `signers`, which release in `where` ("release 2"); release.missing: fewer than two persons.
Result<Release> check(const Request& request, std::span<const Bytes> releases, std::span<const pki::Certificate> operators, Instant now);

}  // namespace idchip::release
