// What is in a store, and why somebody is trusted or not.
#pragma once

#include <idchip/trust/store.hpp>

namespace idchip::trust {

// One way from a certificate upwards, as far as it went.
struct Path {
    std::vector<std::string> steps;  // subjects with the beginning of their fingerprints, the certificate first
    bool trusted = false;
    std::string reason;  // why it ends there
};
// Every way that was tried: by name, then key identifier, then signature; link certificates lead on.
std::vector<Path> paths(const pki::Certificate& certificate, const Store& store, Instant now);

struct CountryCoverage {
    std::size_t anchors = 0, pinned = 0, valid = 0, document_signers = 0;
    std::optional<Instant> last_expiry;  // of its anchors
    std::optional<Instant> crl_of, crl_due;
    bool crl_fresh = false;
};
std::map<std::string, CountryCoverage> coverage(const Store& store, Instant now);

struct Difference {
    std::vector<pki::Certificate> only_here, only_there;
    std::size_t in_both = 0;
};
Difference difference(const std::vector<pki::Certificate>& here, const std::vector<pki::Certificate>& there);

}  // namespace idchip::trust
