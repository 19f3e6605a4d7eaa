#include "sample/jpeg.hpp"

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include "sample/canvas.hpp"

namespace idchip::sample {
namespace {

constexpr std::size_t room = 512 * 1024;

struct Encoder {
    jpeg_compress_struct jpeg;
    jpeg_error_mgr errors;
    std::jmp_buf escape;
    unsigned char* out;
    unsigned long size;
};

// libjpeg's own handler ends the process.
void escape(j_common_ptr jpeg) { std::longjmp(static_cast<Encoder*>(jpeg->client_data)->escape, 1); }
void keep_silent(j_common_ptr) {}

// Nothing here has a destructor that the jump could skip. `out` has room for the whole picture, so libjpeg never replaces it.
bool encode(Encoder& e, const Byte* pixels, int quality) {
    e.jpeg.err = jpeg_std_error(&e.errors);
    e.jpeg.client_data = &e;
    e.errors.error_exit = escape;
    e.errors.output_message = keep_silent;
    e.size = room;
    if (setjmp(e.escape) != 0) {
        jpeg_destroy_compress(&e.jpeg);
        return false;
    }
    jpeg_create_compress(&e.jpeg);
    jpeg_mem_dest(&e.jpeg, &e.out, &e.size);
    e.jpeg.image_width = width;
    e.jpeg.image_height = height;
    e.jpeg.input_components = 3;
    e.jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&e.jpeg);
    jpeg_set_quality(&e.jpeg, quality, TRUE);
    e.jpeg.comp_info[0].h_samp_factor = 2;  // 4:2:0
    e.jpeg.comp_info[0].v_samp_factor = 2;
    e.jpeg.dct_method = JDCT_ISLOW;  // the exact one
    e.jpeg.density_unit = 1;
    e.jpeg.X_density = 300;
    e.jpeg.Y_density = 300;
    jpeg_start_compress(&e.jpeg, TRUE);
    for (int y = 0; y < height; ++y) {
        JSAMPROW row = const_cast<JSAMPROW>(pixels + std::ptrdiff_t{y} * width * 3);
        jpeg_write_scanlines(&e.jpeg, &row, 1);
    }
    jpeg_finish_compress(&e.jpeg);
    jpeg_destroy_compress(&e.jpeg);
    return true;
}

}  // namespace

// Halves the range of qualities until the size fits.
Result<Bytes> encode_to_size(const Bytes& pixels) {
    Bytes out(room);
    int low = 40, high = 98, quality = 79;
    while (low <= high) {
        Encoder e{};
        e.out = out.data();
        if (!encode(e, pixels.data(), quality)) return fail(Errc::io_error, "portrait", "libjpeg cannot encode the picture");
        if (e.size >= smallest_jpeg && e.size <= largest_jpeg) {
            out.resize(e.size);
            return out;
        }
        if (e.size < smallest_jpeg) low = quality + 1;
        else high = quality - 1;
        quality = (low + high) / 2;
    }
    return Bytes{};
}

}  // namespace idchip::sample
