#include "release_options.hpp"

#include <fmt/format.h>

#include <idchip/base/file.hpp>

#include "base/try.hpp"

namespace idchip::cli {

void add_release_options(CLI::App& verb, ReleaseOptions& o) {
    auto* request = verb.add_option("--request", o.request, "of `idchip release request`: what the operators have released");
    auto* release = verb.add_option("--release", o.releases, "of `idchip release sign`, by two operators");
    auto* operators = verb.add_option("--operators", o.operators, "folder with the operators' certificates");
    request->needs(release)->needs(operators);
    release->needs(request);
    operators->needs(request);
}

Result<release::Request> read_request(const std::string& file) {
    auto request = release::Request::parse(TRY(read_text(file, release::largest_file)));
    if (!request) return fail(std::move(request.error()).inside(file));
    return request;
}

Result<release::Release> require_release(const ReleaseOptions& o, std::string_view kind, const std::string& subject, Instant now) {
    if (!o.given())
        return fail(Errc::release_missing, std::string(kind),
                    fmt::format("`idchip release request --kind {} --subject \"{}\"`", kind, subject));
    const auto request = TRY(read_request(o.request));
    if (request.kind != kind || request.subject != subject)
        return fail(Errc::release_bad, o.request,
                    fmt::format("it asks for {} of \"{}\", and this is {} of \"{}\"", request.kind, request.subject, kind, subject));
    const auto operators = TRY(release::load_operators(o.operators));
    std::vector<Bytes> releases;
    for (const auto& file : o.releases) releases.push_back(TRY(read_file(file, release::largest_file)));
    return release::check(request, releases, operators, now);
}

}  // namespace idchip::cli
