// ISO/IEC 15444-1 by OpenJPEG: one quality layer, in a JP2 file.
#include <array>

#include "codec/child/jpeg2000.hpp"
#include "codec/child/raster.hpp"

namespace idchip::codec::child {
namespace {

// The wavelet halves the picture at each resolution; OpenJPEG refuses more than the shorter side allows.
int resolutions_of(const Raster& r) {
    int n = 1;
    for (std::uint32_t side = std::min(r.width, r.height); side > 1 && n < 6; side /= 2) ++n;
    return n;
}

void fill(opj_image_t& image, const Raster& r) {
    image.x1 = r.width;
    image.y1 = r.height;
    const std::size_t count = std::size_t{r.width} * r.height;
    for (std::size_t i = 0; i < count; ++i)
        for (std::uint32_t c = 0; c < r.components; ++c) image.comps[c].data[i] = r.pixels[i * r.components + c];
}

}  // namespace

Bytes encode_jpeg2000(const Raster& r, double ratio) {
    opj_cparameters_t parameters;
    opj_set_default_encoder_parameters(&parameters);
    parameters.tcp_numlayers = 1;
    parameters.cp_disto_alloc = 1;
    parameters.tcp_rates[0] = ratio <= 1 ? 0 : static_cast<float>(ratio);  // 0: everything
    parameters.irreversible = ratio <= 1 ? 0 : 1;
    parameters.tcp_mct = r.components == 3 ? 1 : 0;
    parameters.numresolution = resolutions_of(r);
    std::array<opj_image_cmptparm_t, 3> components{};
    for (auto& c : components) c = {1, 1, r.width, r.height, 0, 0, 8, 8, 0};
    Image picture;
    picture.handle = opj_image_create(r.components, components.data(), r.components == 1 ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB);
    if (picture.handle == nullptr) jpeg2000_fails("memory for the picture");
    fill(*picture.handle, r);
    const Codec codec(opj_create_compress(OPJ_CODEC_JP2));
    Stream stream;
    if (opj_setup_encoder(codec.handle, &parameters, picture.handle) == 0 ||
        opj_start_compress(codec.handle, picture.handle, stream.handle()) == 0 || opj_encode(codec.handle, stream.handle()) == 0 ||
        opj_end_compress(codec.handle, stream.handle()) == 0)
        jpeg2000_fails("encoder");
    return stream.take();
}

// Halves the range of budgets, in bytes. OpenJPEG meets a budget to within its headers, so the first try mostly comes near.
Fitted fit_jpeg2000(const Raster& r, std::uint64_t target) {
    constexpr double highest_ratio = 500, near = 0.98;
    if (auto bytes = encode_jpeg2000(r, 1); bytes.size() <= target) return {std::move(bytes), 1};
    Fitted best{encode_jpeg2000(r, highest_ratio), highest_ratio};
    if (best.bytes.size() > target) refuse(wire::Status::does_not_fit, "even JPEG 2000 of ratio 500 is larger than the target");
    const double raw = static_cast<double>(r.pixels.size()), wanted = static_cast<double>(target);
    double low = raw / highest_ratio, high = wanted * 1.02, budget = wanted;
    for (int tries = 0; tries < 8 && budget > low && static_cast<double>(best.bytes.size()) < wanted * near; ++tries) {
        const double ratio = std::max(1.001, raw / budget);
        auto bytes = encode_jpeg2000(r, ratio);
        const bool fits = bytes.size() <= target;
        if (fits && bytes.size() == best.bytes.size()) break;  // there is no more in the picture
        (fits ? low : high) = budget;
        const double excess = static_cast<double>(bytes.size()) - wanted;
        if (fits) best = {std::move(bytes), ratio};
        // Too much by a little: less by about that.
        budget = std::max((low + high) / 2, fits ? 0 : budget - 1.5 * excess - 16);
    }
    return best;
}

}  // namespace idchip::codec::child
