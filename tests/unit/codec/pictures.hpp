// Foreign pictures for tests: written by the libraries themselves or byte by byte, never by the code under test.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>
#include <openjpeg.h>

#include "child.hpp"

namespace idchip::test {

// --- PNG, byte by byte: ISO/IEC 15948 with stored deflate blocks ---

inline std::uint32_t crc32(ByteView bytes) {
    std::uint32_t crc = ~0U;
    for (const Byte b : bytes) {
        crc ^= b;
        for (int i = 0; i < 8; ++i) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

inline Bytes png_chunk(std::string_view type, ByteView data) {
    Bytes body = to_bytes(as_bytes(type));
    append(body, data);
    Bytes chunk;
    append_be(chunk, data.size(), 4);
    append(chunk, body);
    append_be(chunk, crc32(body), 4);
    return chunk;
}

inline Bytes zlib_stored(ByteView data) {
    auto out = "7801"_hex;
    std::uint32_t a = 1, b = 0;
    for (const Byte v : data) {
        a = (a + v) % 65521;
        b = (b + a) % 65521;
    }
    for (std::size_t at = 0; at < data.size();) {
        const auto part = data.subspan(at, std::min<std::size_t>(65535, data.size() - at));
        at += part.size();
        const auto n = static_cast<unsigned>(part.size());
        const std::array<Byte, 5> head = {Byte{at == data.size()}, static_cast<Byte>(n), static_cast<Byte>(n >> 8U), static_cast<Byte>(~n),
                                          static_cast<Byte>(~n >> 8U)};
        append(out, head);
        append(out, part);
    }
    append_be(out, std::uint64_t{b} << 16U | a, 4);
    return out;
}

enum class Png : Byte { grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgb_alpha = 6 };

// `rows`: the packed samples of each row one after the other.
inline Bytes png(std::uint32_t width, std::uint32_t height, Byte depth, Png kind, ByteView rows, ByteView more_chunks = {}) {
    Bytes header;
    append_be(header, width, 4);
    append_be(header, height, 4);
    append(header, Bytes{depth, static_cast<Byte>(kind), 0, 0, 0});
    Bytes filtered;
    const std::size_t row = height == 0 ? 0 : rows.size() / height;
    for (std::uint32_t y = 0; y < height; ++y) {
        filtered.push_back(0);
        append(filtered, rows.subspan(y * row, row));
    }
    return concat(
        {"89504E470D0A1A0A"_hex, png_chunk("IHDR", header), more_chunks, png_chunk("IDAT", zlib_stored(filtered)), png_chunk("IEND", {})});
}

// --- JPEG, by libjpeg ---

struct JpegStyle {
    int quality = 90;
    bool progressive = false;
    bool full_chroma = false;
    int restart_interval = 0;
};

inline Bytes jpeg_of(const codec::Picture& p, const JpegStyle& style = {}, J_COLOR_SPACE space = JCS_UNKNOWN) {
    jpeg_compress_struct c{};
    jpeg_error_mgr errors{};
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    unsigned char* data = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&c, &data, &size);
    c.image_width = p.width;
    c.image_height = p.height;
    c.input_components = static_cast<int>(p.components);
    c.in_color_space = space != JCS_UNKNOWN ? space : p.components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, style.quality, TRUE);
    if (style.full_chroma) c.comp_info[0].h_samp_factor = c.comp_info[0].v_samp_factor = 1;
    if (style.progressive) jpeg_simple_progression(&c);
    c.restart_interval = static_cast<unsigned>(style.restart_interval);
    jpeg_start_compress(&c, TRUE);
    const std::size_t row = std::size_t{p.width} * p.components;
    while (c.next_scanline < p.height) {
        auto* from = const_cast<JSAMPROW>(p.pixels.data() + row * c.next_scanline);
        jpeg_write_scanlines(&c, &from, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    Bytes bytes(data, data + size);
    std::free(data);
    return bytes;
}

// What libjpeg sees in its own picture, in this process: only for JPEGs that tests made.
inline codec::Picture plainly_decoded(ByteView image) {
    jpeg_decompress_struct d{};
    jpeg_error_mgr errors{};
    d.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, image.data(), image.size());
    jpeg_read_header(&d, TRUE);
    jpeg_start_decompress(&d);
    codec::Picture p{d.output_width, d.output_height, static_cast<unsigned>(d.output_components), {}, {}};
    const std::size_t row = std::size_t{p.width} * p.components;
    p.pixels.resize(row * p.height);
    while (d.output_scanline < d.output_height) {
        JSAMPROW to = p.pixels.data() + row * d.output_scanline;
        jpeg_read_scanlines(&d, &to, 1);
    }
    jpeg_finish_decompress(&d);
    jpeg_destroy_decompress(&d);
    return p;
}

// --- JPEG 2000, by OpenJPEG, lossless ---

struct Component {
    std::vector<int> values;
    unsigned precision = 8;
    bool is_signed = false;
    unsigned step = 1;  // subsampling in both directions
    bool alpha = false;
};

inline Bytes jpeg2000_of(std::uint32_t width, std::uint32_t height, const std::vector<Component>& components, OPJ_COLOR_SPACE space,
                         bool boxes = true, std::uint32_t tile = 0) {
    std::vector<opj_image_cmptparm_t> parameters;
    for (const auto& c : components)
        parameters.push_back({c.step, c.step, (width + c.step - 1) / c.step, (height + c.step - 1) / c.step, 0, 0, c.precision, c.precision,
                              c.is_signed ? 1U : 0U});
    auto* image = opj_image_create(static_cast<OPJ_UINT32>(components.size()), parameters.data(), space);
    image->x1 = width;
    image->y1 = height;
    for (std::size_t i = 0; i < components.size(); ++i) {
        std::copy(components[i].values.begin(), components[i].values.end(), image->comps[i].data);
        image->comps[i].alpha = components[i].alpha ? 1 : 0;
    }
    opj_cparameters_t p;
    opj_set_default_encoder_parameters(&p);
    p.tcp_numlayers = 1;
    p.cp_disto_alloc = 1;
    p.numresolution = 3;
    if (tile > 0) {
        p.tile_size_on = OPJ_TRUE;
        p.cp_tdx = p.cp_tdy = static_cast<int>(tile);
    }
    auto* codec = opj_create_compress(boxes ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    const TempFolder folder;
    const auto path = (folder / "picture").string();
    auto* stream = opj_stream_create_default_file_stream(path.c_str(), OPJ_FALSE);
    const bool fine = opj_setup_encoder(codec, &p, image) != 0 && opj_start_compress(codec, image, stream) != 0 &&
                      opj_encode(codec, stream) != 0 && opj_end_compress(codec, stream) != 0;
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    if (!fine) FAIL("OpenJPEG does not encode");
    return good(read_file(path));
}

inline std::vector<Component> planes_of(const codec::Picture& p) {
    std::vector<Component> planes(p.components);
    for (std::size_t i = 0; i < p.pixels.size(); ++i) planes[i % p.components].values.push_back(p.pixels[i]);
    return planes;
}

}  // namespace idchip::test
