#include <idchip/codec/portrait.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <idchip/image/header.hpp>

#include "base/try.hpp"
#include "codec/run.hpp"

namespace idchip::codec {
namespace {

constexpr auto where = "portrait";
constexpr std::array<Byte, 8> png_signature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

std::uint64_t raw_size(const Picture& p) { return std::uint64_t{p.width} * p.height * p.components; }

Result<void> check(const Picture& p, const Limits& limits) {
    if (p.components != 1 && p.components != 3) return fail(bad_picture, where, fmt::format("{} components", p.components));
    if (p.width == 0 || p.height == 0 || p.width > wire::longest_side || p.height > wire::longest_side)
        return fail(bad_picture, where, fmt::format("{} x {} pixels", p.width, p.height));
    if (p.pixels.size() != raw_size(p))
        return fail(bad_picture, where, fmt::format("{} bytes of pixels, want {}", p.pixels.size(), raw_size(p)));
    if (std::uint64_t{p.width} * p.height > limits.max_pixels)
        return fail(too_costly, where, fmt::format("too large: {} x {} pixels, limit {}", p.width, p.height, limits.max_pixels));
    return {};
}

wire::Request about(const Picture& p, wire::Job job, Format format) {
    wire::Request r;
    r.job = job;
    r.format = static_cast<wire::Format>(format);
    r.width = p.width;
    r.height = p.height;
    r.components = p.components;
    return r;
}

// An encoder needs no more than this for noise, with tables and boxes.
std::uint64_t largest_encoding(const Picture& p) { return 2 * raw_size(p) + 65'536; }

Notes notes_of(std::uint32_t remarks) {
    Notes notes;
    if ((remarks & wire::alpha_flattened) != 0) notes.push_back({"codec.alpha_flattened", where, "laid over white"});
    if ((remarks & wire::depth_reduced) != 0) notes.push_back({"codec.depth_reduced", where, "to 8 bits a component"});
    if ((remarks & wire::jpeg_irregular) != 0) notes.push_back({"codec.jpeg_irregular", where, "libjpeg warns; the pixels are whole"});
    return notes;
}

}  // namespace

std::string_view name(Format format) { return format == Format::jpeg ? "JPEG" : format == Format::jpeg2000 ? "JPEG 2000" : "PNG"; }

std::optional<Format> sniff(ByteView image) {
    switch (image::sniff(image)) {
        case image::Format::jpeg: return Format::jpeg;
        case image::Format::jpeg2000: return Format::jpeg2000;
        case image::Format::unknown: break;
    }
    if (image.size() >= png_signature.size() && equal(image.first(png_signature.size()), png_signature)) return Format::png;
    return std::nullopt;
}

Result<Picture> decode(ByteView image, const Limits& limits) {
    const auto format = sniff(image);
    if (!format) return fail(bad_picture, where, "not a JPEG, JPEG 2000 or PNG");
    wire::Request request;
    request.format = static_cast<wire::Format>(*format);
    request.max_pixels = limits.max_pixels;
    auto answer = TRY(run(request, image, 3 * std::min<std::uint64_t>(limits.max_pixels, 1U << 31U), limits));
    const auto& head = answer.head;
    // The child is not trusted: what it says of the picture must fit what it sent.
    Picture p{head.width, head.height, head.components, std::move(answer.body), notes_of(head.remarks)};
    const auto consistent = check(p, limits);
    if (!consistent || (head.remarks & ~wire::all_remarks) != 0) return fail(crashed, where, "the decoder's picture contradicts itself");
    return p;
}

Result<Bytes> encode_jpeg(const Picture& picture, int quality, const Limits& limits) {
    TRY(check(picture, limits));
    if (quality < 1 || quality > 100) return fail(bad_picture, where, fmt::format("quality {}, want 1 to 100", quality));
    auto request = about(picture, wire::Job::encode, Format::jpeg);
    request.quality = quality;
    return TRY(run(request, picture.pixels, largest_encoding(picture), limits)).body;
}

Result<Bytes> encode_jpeg2000(const Picture& picture, double ratio, const Limits& limits) {
    TRY(check(picture, limits));
    if (!(ratio >= 1 && ratio <= 10'000)) return fail(bad_picture, where, "a ratio of JPEG 2000 is 1 to 10,000");
    auto request = about(picture, wire::Job::encode, Format::jpeg2000);
    request.quality = ratio;
    return TRY(run(request, picture.pixels, largest_encoding(picture), limits)).body;
}

Result<Encoded> encode_to_size(const Picture& picture, Format format, std::size_t target_bytes, const Limits& limits) {
    TRY(check(picture, limits));
    if (format == Format::png) return fail(bad_picture, where, "a PNG has no quality to choose");
    auto request = about(picture, wire::Job::encode_to_size, format);
    request.target = target_bytes;
    auto answer = TRY(run(request, picture.pixels, std::min<std::uint64_t>(target_bytes, largest_encoding(picture)), limits));
    return Encoded{std::move(answer.body), picture.width, picture.height, picture.components, answer.head.quality};
}

}  // namespace idchip::codec
