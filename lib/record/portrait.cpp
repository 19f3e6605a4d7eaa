#include <cmath>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/codec/portrait.hpp>
#include <idchip/crypto/hash.hpp>
#include <idchip/image/header.hpp>
#include <idchip/record/intake.hpp>

namespace idchip::record {
namespace {

constexpr const char* field = "portrait";
// Of luminance 0 to 255.
constexpr double dark = 50, bright = 215, flat = 12, plain_background = 25;

void check_size(const codec::Picture& picture, const PortraitRules& rules, Problems& problems) {
    if (picture.width < rules.least_width || picture.height < rules.least_height)
        problems.push_back(
            problem(Kind::portrait_small, field,
                    fmt::format("{}x{}, at least {}x{}", picture.width, picture.height, rules.least_width, rules.least_height)));
    const double ratio = static_cast<double>(picture.width) / picture.height;
    if (std::abs(ratio - rules.ratio) > rules.ratio_tolerance)
        problems.push_back(problem(Kind::portrait_ratio, field, fmt::format("{}x{}", picture.width, picture.height)));
}

void check_bytes(std::size_t size, const PortraitRules& rules, Problems& problems) {
    if (size > rules.most_bytes)
        problems.push_back(problem(Kind::portrait_large, field, fmt::format("{} bytes, at most {}", size, rules.most_bytes)));
    if (size < rules.least_bytes)
        problems.push_back(problem(Kind::portrait_few_bytes, field, fmt::format("{} bytes, at least {}", size, rules.least_bytes)));
}

void check_look(const codec::PictureFacts& facts, Problems& problems) {
    if (facts.grey) problems.push_back(problem(Kind::portrait_grey, field));
    if (facts.contrast < flat) return problems.push_back(problem(Kind::portrait_flat, field));
    if (facts.mean_luminance < dark) problems.push_back(problem(Kind::portrait_dark, field));
    if (facts.mean_luminance > bright) problems.push_back(problem(Kind::portrait_bright, field));
    if (facts.background_spread > plain_background) problems.push_back(problem(Kind::portrait_background, field));
}

}  // namespace

PortraitCheck check_portrait(const std::filesystem::path& file, const PortraitRules& rules) {
    const auto bytes = read_file(file, largest_portrait_file);
    if (bytes) return check_portrait(*bytes, rules);
    const bool missing = bytes.error().code == Errc::not_found;
    return {
        {problem(missing ? Kind::portrait_missing : Kind::portrait_unreadable, field, missing ? std::string_view() : bytes.error().name())},
        std::nullopt,
        bytes.error()};
}

PortraitCheck check_portrait(ByteView bytes, const PortraitRules& rules) {
    PortraitCheck result;
    auto& problems = result.problems;
    const bool png = codec::sniff(bytes) == codec::Format::png;
    const auto complete = png ? Result<image::Header>(image::Header()) : image::check_complete(bytes);
    const auto picture = complete ? codec::decode(bytes) : Result<codec::Picture>(fail(complete.error()));
    if (!picture) {
        problems.push_back(problem(Kind::portrait_unreadable, field, picture.error().detail));
        result.failure = picture.error();
        return result;
    }
    if (png) problems.push_back(problem(Kind::portrait_format, field));
    else check_bytes(bytes.size(), rules, problems);
    if (complete->orientation != 1)
        problems.push_back(problem(Kind::portrait_turned, field, fmt::format("orientation {}", complete->orientation)));
    for (const auto& note : picture->notes) problems.push_back(problem(Kind::portrait_converted, field, note.id));
    check_size(*picture, rules, problems);
    const auto facts = codec::facts(*picture);
    check_look(facts, problems);
    const auto digest = crypto::hash(crypto::HashAlg::sha256, bytes);
    result.marks = PortraitMarks{read_be(ByteView(digest).first(8)), facts.dhash, static_cast<float>(facts.mean_luminance),
                                 static_cast<float>(facts.contrast), static_cast<float>(facts.colourfulness)};
    return result;
}

}  // namespace idchip::record
