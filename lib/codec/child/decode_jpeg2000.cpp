// ISO/IEC 15444-1 by OpenJPEG: JP2 files and raw codestreams.
#include <array>
#include <cmath>
#include <vector>

#include "codec/child/jpeg2000.hpp"
#include "codec/child/raster.hpp"

namespace idchip::codec::child {
namespace {

// One component brought to 8 bits, with the size of its own grid.
class Plane {
public:
    explicit Plane(const opj_image_comp_t& c)
        : c_(c), bias_(c.sgnd != 0 ? std::int64_t{1} << (c.prec - 1) : 0), top_((std::int64_t{1} << c.prec) - 1) {}
    // `x`, `y` on a grid of `width` x `height`: components may be sampled more coarsely.
    unsigned at(std::uint32_t x, std::uint32_t y, std::uint32_t width, std::uint32_t height) const {
        const auto own_x = static_cast<std::size_t>(std::uint64_t{x} * c_.w / width);
        const auto own_y = static_cast<std::size_t>(std::uint64_t{y} * c_.h / height);
        const std::int64_t v = std::clamp<std::int64_t>(c_.data[own_y * c_.w + own_x] + bias_, 0, top_);
        return static_cast<unsigned>((v * 255 + top_ / 2) / top_);
    }

private:
    const opj_image_comp_t& c_;
    std::int64_t bias_, top_;
};

Byte clamp8(double v) { return static_cast<Byte>(std::clamp(std::lround(v), 0L, 255L)); }

// ITU-T T.871, 7 (full range), as sYCC has it.
std::array<Byte, 3> rgb_of_ycc(double y, double cb, double cr) {
    return {clamp8(y + 1.402 * (cr - 128)), clamp8(y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128)), clamp8(y + 1.772 * (cb - 128))};
}

Byte over_white(unsigned v, unsigned alpha) { return static_cast<Byte>((v * alpha + 255 * (255 - alpha) + 127) / 255); }

void check_components(const opj_image_t& image, std::uint64_t max_pixels) {
    if (image.x1 <= image.x0 || image.y1 <= image.y0) refuse(wire::Status::bad, "a picture of no size");
    check_size(image.x1 - image.x0, image.y1 - image.y0, max_pixels);
    if (image.numcomps < 1 || image.numcomps > 4) refuse(wire::Status::unsupported, "JPEG 2000 of more than four components");
    for (OPJ_UINT32 i = 0; i < image.numcomps; ++i) {
        const auto& c = image.comps[i];
        check_size(c.w, c.h, max_pixels);
        if (c.prec < 1 || c.prec > 16) refuse(wire::Status::unsupported, "JPEG 2000 of more than 16 bits a component");
    }
}

Raster raster_of(const opj_image_t& image) {
    for (OPJ_UINT32 i = 0; i < image.numcomps; ++i)
        if (image.comps[i].data == nullptr) refuse(wire::Status::bad, "a component without data");
    const auto& first = image.comps[0];
    const bool has_alpha = (image.numcomps == 2 || image.numcomps == 4) && image.comps[image.numcomps - 1].alpha != 0;
    const OPJ_UINT32 colours = image.numcomps - (has_alpha ? 1U : 0U);
    if ((colours != 1 && colours != 3) || image.color_space == OPJ_CLRSPC_CMYK || image.color_space == OPJ_CLRSPC_EYCC)
        refuse(wire::Status::unsupported, "JPEG 2000 neither grey nor RGB nor sYCC");
    Raster r{first.w, first.h, colours, {}, 0};
    r.pixels.reserve(std::size_t{r.width} * r.height * r.components);
    std::vector<Plane> planes;
    for (OPJ_UINT32 i = 0; i < image.numcomps; ++i) {
        planes.emplace_back(image.comps[i]);
        if (image.comps[i].prec > 8) r.remarks |= wire::depth_reduced;
    }
    if (has_alpha) r.remarks |= wire::alpha_flattened;
    // A codestream alone does not name its colours; coarser chroma gives sYCC away.
    const bool ycc = colours == 3 && (image.color_space == OPJ_CLRSPC_SYCC || image.comps[1].dx > first.dx);
    for (std::uint32_t y = 0; y < r.height; ++y)
        for (std::uint32_t x = 0; x < r.width; ++x) {
            const auto value = [&](std::size_t i) { return planes[i].at(x, y, r.width, r.height); };
            std::array<Byte, 3> pixel{};
            if (ycc) pixel = rgb_of_ycc(value(0), value(1), value(2));
            else
                for (std::size_t i = 0; i < colours; ++i) pixel[i] = static_cast<Byte>(value(i));
            for (std::size_t i = 0; i < colours; ++i) r.pixels.push_back(has_alpha ? over_white(pixel[i], value(colours)) : pixel[i]);
        }
    return r;
}

}  // namespace

Raster decode_jpeg2000(ByteView image, std::uint64_t max_pixels) {
    const Codec codec(opj_create_decompress(!image.empty() && image[0] == 0xFF ? OPJ_CODEC_J2K : OPJ_CODEC_JP2));
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    Stream stream(image);
    Image picture;
    if (opj_setup_decoder(codec.handle, &parameters) == 0 || opj_decoder_set_strict_mode(codec.handle, OPJ_TRUE) == 0 ||
        opj_read_header(stream.handle(), codec.handle, &picture.handle) == 0)
        jpeg2000_fails("header");
    check_components(*picture.handle, max_pixels);
    if (opj_decode(codec.handle, stream.handle(), picture.handle) == 0) jpeg2000_fails("codestream");
    if (opj_end_decompress(codec.handle, stream.handle()) == 0) jpeg2000_fails("end of the codestream");
    check_components(*picture.handle, max_pixels);  // palettes add components
    return raster_of(*picture.handle);
}

}  // namespace idchip::codec::child
