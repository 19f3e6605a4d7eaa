// Releases. An input is a request, the subject of a use of a key, a release (a whole ContentInfo), or the SignerInfos of a release.
#include "fuzz.hpp"

#include <algorithm>

#include <idchip/base/text.hpp>

#include "release_scene.hpp"

using namespace idchip;
using release::Request;

namespace {

// What is signed has one form, and it looks like what it is.
void check_request(std::string_view text) {
    const auto r = Request::parse(text);
    if (!r) {
        FUZZ_CHECK(r.error().code == Errc::bad_field || r.error().code == Errc::bad_date || r.error().code == Errc::too_large);
        return;
    }
    FUZZ_CHECK(r->statement() == text);
    const auto lines = split(text, '\n');
    FUZZ_CHECK(lines.size() == 8 && lines.back().empty());
    for (const auto& line : lines) FUZZ_CHECK(is_printable(line) && trim(line) == line);
    FUZZ_CHECK(r->kind == release::reprint || (r->kind == release::key_use && release::KeyUse::parse(r->subject)));
    FUZZ_CHECK(r->at < r->until && r->until <= r->at + release::longest_days * seconds_per_day);
    // Nobody has signed it, whenever it stands.
    FUZZ_CHECK(release::check(*r, {}, {}, r->at).error().code == Errc::release_missing);
    FUZZ_CHECK(release::check(*r, {}, {}, r->until).error().code == Errc::release_missing);
    FUZZ_CHECK(release::check(*r, {}, {}, r->until + 1).error().code == Errc::release_bad);
}

void check_key_use(std::string_view text) {
    const auto use = release::KeyUse::parse(text);
    if (!use) FUZZ_CHECK(use.error().code == Errc::bad_field);
    else FUZZ_CHECK(use->subject() == text && use->most > 0 && use->certificate.size() == 64);
}

// Whoever has signed is of the operators and of the seeds; none of them has signed anything else.
void check_release(ByteView input) {
    static const auto request = fuzz::request();
    static const auto operators = [] {
        std::vector<pki::Certificate> all;
        for (const auto& person : fuzz::operators()) all.push_back(person.certificate);
        return all;
    }();
    const auto signers = release::signers(request, input, operators, fuzz::noon);
    const auto released = release::check(request, std::vector<Bytes>{to_bytes(input)}, operators, fuzz::noon);
    if (!signers) {
        FUZZ_CHECK(signers.error().code == Errc::release_bad && released.error().code == Errc::release_bad);
        return;
    }
    FUZZ_CHECK(!signers->empty());
    for (const auto* person : *signers) FUZZ_CHECK(person == &operators[0] || person == &operators[1]);
    const auto signed_by = [&](std::size_t i) { return std::find(signers->begin(), signers->end(), &operators[i]) != signers->end(); };
    FUZZ_CHECK(released.has_value() == (signed_by(0) && signed_by(1)));
    if (released) FUZZ_CHECK(released->operators.size() == 2 && released->digest == request.digest());
    else FUZZ_CHECK(released.error().code == Errc::release_missing);

    auto other = request;
    other.nonce = "FF0102030405060708090A0B0C0D0E0F";
    FUZZ_CHECK(!release::signers(other, input, operators, fuzz::noon));
    FUZZ_CHECK(!release::signers(request, input, std::span(operators).last(1), fuzz::noon));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    check_request(as_text(input));
    check_key_use(as_text(input));
    check_release(input);
    check_release(fuzz::with_signers(input));
    return 0;
}
