// Certificates in any order -> the chain that a chip wants to see.
#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include <idchip/pki/cv_chain.hpp>

namespace idchip::pki {
namespace {

constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

// Breadth first, so that the chain with the fewest links wins.
std::vector<CvCertificate> shortest_path(const std::vector<CvCertificate>& given, std::string_view trusted, std::string_view holder) {
    std::vector<std::size_t> parent(given.size(), no_parent);
    std::vector<bool> seen(given.size(), false);
    std::deque<std::size_t> open;
    const auto reach = [&](std::string_view authority, CvRole role, std::size_t from) {
        for (std::size_t i = 0; i < given.size(); ++i) {
            const auto& c = given[i];
            if (seen[i] || c.self_signed() || c.certification_authority_reference != authority || !may_issue(role, c.role())) continue;
            seen[i] = true;
            parent[i] = from;
            open.push_back(i);
        }
    };
    reach(trusted, CvRole::cvca, no_parent);
    while (!open.empty()) {
        const auto at = open.front();
        open.pop_front();
        if (given[at].certificate_holder_reference == holder) {
            std::vector<CvCertificate> path;
            for (auto i = at; i != no_parent; i = parent[i]) path.push_back(given[i]);
            std::reverse(path.begin(), path.end());
            return path;
        }
        reach(given[at].certificate_holder_reference, given[at].role(), at);
    }
    return {};
}

// Upwards from the holder to the first reference that no certificate explains.
std::string missing(const std::vector<CvCertificate>& given, const std::vector<std::string>& trusted, std::string_view holder) {
    std::string trust;
    for (const auto& t : trusted) trust += (trust.empty() ? "" : ", ") + reference_text(t);
    if (trust.empty()) trust = "nobody";
    auto wanted = holder;
    for (std::size_t steps = 0; steps <= given.size(); ++steps) {
        const auto c = std::find_if(given.begin(), given.end(), [&](const CvCertificate& candidate) {
            return candidate.certificate_holder_reference == wanted && !candidate.self_signed();
        });
        if (c == given.end()) return fmt::format("no certificate of {} from {} on", reference_text(wanted), trust);
        if (std::find(trusted.begin(), trusted.end(), c->certification_authority_reference) != trusted.end())
            return fmt::format("{} may not stand below {}", c->text(), reference_text(c->certification_authority_reference));
        wanted = c->certification_authority_reference;
    }
    return fmt::format("the certificates of {} lead in a circle and not to {}", reference_text(holder), trust);
}

}  // namespace

Result<std::vector<CvCertificate>> order_chain(const std::vector<CvCertificate>& given, const std::vector<std::string>& trusted,
                                               std::string_view holder) {
    // Of certificates that have the same place, the one that lasts longest.
    auto lasting = given;
    std::stable_sort(lasting.begin(), lasting.end(),
                     [](const CvCertificate& a, const CvCertificate& b) { return a.expiration_date > b.expiration_date; });
    for (const auto& reference : trusted)
        if (auto path = shortest_path(lasting, reference, holder); !path.empty()) return path;
    return fail(Errc::ta_no_chain, reference_text(holder), missing(given, trusted, holder));
}

}  // namespace idchip::pki
