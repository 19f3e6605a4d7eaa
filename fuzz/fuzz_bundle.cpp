// Bundles below their envelope. An input is the SignedData of a team, a whole text, or the text's lines of records.
#include "fuzz.hpp"

#include <algorithm>

#include <idchip/crypto/hash.hpp>
#include <idchip/pki/enveloped.hpp>

#include "bundle/sealed.hpp"
#include "bundle_scene.hpp"

using namespace idchip;
using bundle::Content;
using bundle::Manifest;

namespace {

bool same(const Manifest& a, const Manifest& b) {
    return a.bundle == b.bundle && a.team == b.team && a.number == b.number && a.made_at == b.made_at && a.count == b.count;
}

// What was read is written and read again as the same. The number of records.
void check_content(Bytes bytes) {
    auto content = Content::parse(std::move(bytes));
    if (!content) {
        FUZZ_CHECK(content.error().code == Errc::bundle_bad || content.error().code == Errc::bundle_altered);
        return;
    }
    const auto moved = std::move(*content);
    const auto& manifest = moved.manifest();
    FUZZ_CHECK(moved.size() == manifest.count && manifest.number > 0 && bundle::is_team_name(manifest.team));
    std::string lines;
    for (std::size_t i = 0; i < moved.size(); ++i) {
        const auto entry = moved.entry(i);
        FUZZ_CHECK(entry && entry->record.readable && entry->record.line == i + 2);
        FUZZ_CHECK(entry->portrait_digest ==
                   (entry->portrait.empty() ? "" : to_hex(crypto::hash(crypto::HashAlg::sha256, entry->portrait))));
        lines += bundle::entry_line(record::write_json(entry->record), entry->portrait);
    }
    const auto again = Content::parse(bundle::write_content(manifest, lines));
    FUZZ_CHECK(again && same(again->manifest(), manifest) && again->size() == moved.size());
    for (std::size_t i = 0; i < moved.size(); ++i) {
        const auto a = moved.entry(i), b = again->entry(i);
        FUZZ_CHECK(a->record.values == b->record.values && a->record.stated == b->record.stated && a->portrait == b->portrait);
    }
}

bool is_foreseen(const Error& error) {
    switch (error.code) {
        case Errc::bundle_bad:
        case Errc::bundle_untrusted:
        case Errc::pki_bad_cms:
        case Errc::der_bad_value: return true;
        default: return error.name().starts_with("tlv.") || error.name().starts_with("crypto.");
    }
}

// Anybody can seal to the centre; it believes nothing but what the team has signed.
void check_signed(ByteView signed_data) {
    const auto sealed = pki::seal(signed_data, std::span(&fuzz::centre().certificate, 1));
    FUZZ_CHECK(sealed);
    const std::vector teams = {fuzz::centre().certificate, fuzz::team().certificate};
    const auto opened = bundle::open_and_verify(*sealed, fuzz::centre().certificate, fuzz::centre().key, teams, fuzz::noon);
    if (!opened) {
        FUZZ_CHECK(is_foreseen(opened.error()));
        return;
    }
    FUZZ_CHECK(opened->content == fuzz::signed_text() && opened->signed_at == fuzz::noon);
    FUZZ_CHECK(opened->team.raw == fuzz::team().certificate.raw);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (size > 0 && data[0] == 0x30) {
        check_signed(input);
        return 0;
    }
    check_content(to_bytes(input));
    check_content(
        bundle::write_content(fuzz::manifest(static_cast<std::uint64_t>(std::count(input.begin(), input.end(), '\n'))), as_text(input)));
    return 0;
}
