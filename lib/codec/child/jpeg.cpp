// ITU-T T.81 by libjpeg.
#include <cstdio>
#include <cstdlib>

#include <array>

#include <jpeglib.h>

#include <jerror.h>

#include "codec/child/channel.hpp"
#include "codec/child/raster.hpp"

namespace idchip::codec::child {
namespace {

[[noreturn]] void give_up(j_common_ptr jpeg) {
    std::array<char, JMSG_LENGTH_MAX> text{};
    jpeg->err->format_message(jpeg, text.data());
    refuse(jpeg->err->msg_code == JERR_OUT_OF_MEMORY ? wire::Status::no_memory : wire::Status::bad, text.data());
}

// libjpeg fills what it misses with grey and only warns: a portrait with a grey half would go on a card.
void warned(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    switch (jpeg->err->msg_code) {
        case JWRN_HIT_MARKER:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_JPEG_EOF:
        case JWRN_MUST_RESYNC:
        case JWRN_ARITH_BAD_CODE: give_up(jpeg);
        default: ++jpeg->err->num_warnings;
    }
}

void prepare(jpeg_error_mgr& errors) {
    jpeg_std_error(&errors);
    errors.error_exit = give_up;
    errors.emit_message = warned;
    errors.output_message = [](j_common_ptr) {};
}

}  // namespace

Raster decode_jpeg(ByteView image, std::uint64_t max_pixels) {
    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = &errors;
    prepare(errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, image.data(), image.size());
    jpeg_read_header(&jpeg, TRUE);
    check_size(jpeg.image_width, jpeg.image_height, max_pixels);
    if (jpeg.num_components != 1 && jpeg.num_components != 3) refuse(wire::Status::unsupported, "JPEG neither grey nor of three colours");
    jpeg.out_color_space = jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg.dct_method = JDCT_ISLOW;
    jpeg_start_decompress(&jpeg);
    Raster r{jpeg.output_width, jpeg.output_height, static_cast<std::uint32_t>(jpeg.output_components), {}, 0};
    const std::size_t row = std::size_t{r.width} * r.components;
    r.pixels.resize(row * r.height);
    while (jpeg.output_scanline < r.height) {
        JSAMPROW to = r.pixels.data() + row * jpeg.output_scanline;
        jpeg_read_scanlines(&jpeg, &to, 1);
    }
    jpeg_finish_decompress(&jpeg);
    if (errors.num_warnings > 0) r.remarks |= wire::jpeg_irregular;
    return r;
}

Bytes encode_jpeg(const Raster& r, int quality) {
    jpeg_compress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = &errors;
    prepare(errors);
    jpeg_create_compress(&jpeg);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&jpeg, &out, &size);
    jpeg.image_width = r.width;
    jpeg.image_height = r.height;
    jpeg.input_components = static_cast<int>(r.components);
    jpeg.in_color_space = r.components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&jpeg);  // sequential, 4:2:0
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg.optimize_coding = TRUE;
    jpeg.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&jpeg, TRUE);
    const std::size_t row = std::size_t{r.width} * r.components;
    while (jpeg.next_scanline < r.height) {
        JSAMPROW from = const_cast<JSAMPROW>(r.pixels.data() + row * jpeg.next_scanline);
        jpeg_write_scanlines(&jpeg, &from, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    Bytes bytes(out, out + size);
    std::free(out);
    return bytes;
}

Fitted fit_jpeg(const Raster& r, std::uint64_t target) {
    Fitted best;
    for (int low = 1, high = 100; low <= high;) {
        const int quality = (low + high) / 2;
        auto bytes = encode_jpeg(r, quality);
        if (bytes.size() <= target) {
            best = {std::move(bytes), static_cast<double>(quality)};
            low = quality + 1;
        } else {
            high = quality - 1;
        }
    }
    if (best.bytes.empty()) refuse(wire::Status::does_not_fit, "even JPEG of quality 1 is larger than the target");
    return best;
}

}  // namespace idchip::codec::child
