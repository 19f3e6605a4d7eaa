// cRLDistributionPoints: RFC 5280, 4.2.1.13 and Doc 9303-12, 7.1.1.4.
#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/country.hpp>

#include "base/try.hpp"
#include "lint/checks.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

struct Point {
    bool named = false;  // distributionPoint
    bool reasons = false, issuer = false;
    bool other_names = false;  // a name that is no URI, or one relative to the issuer
    std::vector<std::string> uris;
};

Result<Point> read_point(tlv::Reader r) {
    Point point;
    if (const auto name = TRY(r.take(der::context_constructed(0)))) {
        point.named = true;
        auto choice = r.enter(*name);
        const auto full = TRY(choice.take(der::context_constructed(0)));
        point.other_names = !full;
        if (full)
            for (auto names = choice.enter(*full); !names.at_end();) {
                const auto e = TRY(names.next());
                if (e.tag == der::context(6)) point.uris.push_back(as_text(e.value));
                else point.other_names = true;
            }
    }
    point.reasons = TRY(r.take(der::context(1))).has_value();
    point.issuer = TRY(r.take(der::context_constructed(2))).has_value();
    TRY(r.expect_end());
    return point;
}

Result<std::vector<Point>> read_points(ByteView value) {
    tlv::Reader outer(value, lenient, "CRLDistributionPoints");
    auto list = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    std::vector<Point> points;
    while (!list.at_end()) points.push_back(TRY(read_point(list.enter(TRY(list.expect(der::sequence))))));
    return points;
}

// RFC 3986, 3.1: schemes are compared without regard to case.
bool has_scheme(const std::string& uri) {
    const auto upper = upper_ascii(uri);
    return upper.starts_with("HTTP://") || upper.starts_with("HTTPS://") || upper.starts_with("LDAP://");
}

// Doc 9303-12, 7.1.1.4: https://pkddownload1.icao.int/CRLs/CHN_HKG.crl
bool follows_pkd_template(std::string_view uri, const std::string& country) {
    const auto host = uri.find("pkddownload");
    if (host == std::string_view::npos || uri.find(".icao.int", host) == std::string_view::npos) return true;
    for (const auto* start : {"https://pkddownload1.icao.int/CRLs/", "https://pkddownload2.icao.int/CRLs/"}) {
        if (!uri.starts_with(start) || !uri.ends_with(".crl")) continue;
        const auto codes = split(uri.substr(std::string_view(start).size(), uri.size() - std::string_view(start).size() - 4), '_');
        return codes.size() <= 2 &&
               std::all_of(codes.begin(), codes.end(), [](const auto& c) { return pki::certificate_country(c).has_value(); }) &&
               std::any_of(codes.begin(), codes.end(), [&](const auto& c) { return pki::same_issuer(c, country); });
    }
    return false;
}

void check_point(const Point& p, const std::string& country, const std::string& where, Findings& f) {
    f.want(p.named, Rule::crldp_no_point, where);
    f.want(!p.reasons, Rule::crldp_reasons, where);
    f.want(!p.issuer, Rule::crldp_issuer, where);
    f.want(!p.named || (!p.other_names && !p.uris.empty()), Rule::crldp_not_uri, where);
    for (const auto& uri : p.uris) {
        f.want(has_scheme(uri), Rule::crldp_scheme, where, printable(uri));
        f.want(follows_pkd_template(uri, country), Rule::crldp_pkd, where, printable(uri));
    }
}

}  // namespace

void check_distribution_points(const Subject& s, Findings& f) {
    const auto* e = find(s.certificate.extensions, pki::oids::crl_distribution_points());
    if (e == nullptr) return;
    const auto points = opened(read_points(e->value), *e, f);
    if (!points) return;
    f.want(!points->empty(), Rule::crldp_no_point, place(e->id));
    const auto* country = s.certificate.issuer.find(pki::oids::country());
    for (std::size_t i = 0; i < points->size(); ++i)
        check_point((*points)[i], country != nullptr ? as_text(country->value) : std::string(), fmt::format("{}/{}", place(e->id), i), f);
}

}  // namespace idchip::lint
