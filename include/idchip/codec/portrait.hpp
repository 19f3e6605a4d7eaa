// Portraits as pixels. Decoding and encoding happen in a sandboxed child process, one for each call: docs/adr/0004-image-sandbox.md
//
// The child is the program `idchip-codec`. It is looked for in this order, and the first rule that applies is final:
//   1. the file that the environment variable IDCHIP_CODEC names (ignored in set-user-ID programs),
//   2. `idchip-codec` in the folder of the running program (the build tree, a portable folder),
//   3. `../libexec/idchip-codec` from there (an installation anywhere),
//   4. the folder for such programs that was chosen at build time: <prefix>/libexec/idchip-codec.
//
// All functions may be called from several threads at once. Nothing here raises SIGPIPE, leaves a zombie or needs a signal handler.
#pragma once

#include <optional>

#include <idchip/base/bytes.hpp>
#include <idchip/base/note.hpp>

namespace idchip::codec {

enum class Format { jpeg, jpeg2000, png };

std::string_view name(Format format);
// By the first bytes; nothing when it is none of the three.
std::optional<Format> sniff(ByteView image);

// What one call may use up.
struct Limits {
    std::uint64_t max_pixels = 40'000'000;   // width times height
    std::uint64_t memory = 1'536ULL << 20U;  // bytes of address space of the child: what 40 megapixels of JPEG 2000 need
    unsigned seconds = 20;                   // of the wall clock, and of the processor
};

struct Picture {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    unsigned components = 3;  // 1: grey; 3: red, green, blue
    Bytes pixels;             // width * height * components, 8 bit each, rows from the top, interleaved
    Notes notes;              // what decoding tolerated or gave up: codec.*
};

// Errors: lds.bad_image (of no known kind, cut off, damaged, of an unsupported kind), codec.too_costly (pixels, memory, time),
// codec.crashed, codec.unavailable (no helper program, no sandbox).
Result<Picture> decode(ByteView image, const Limits& limits = {});

// Baseline JPEG (JFIF, 4:2:0), as ISO/IEC 19794-5 wants it. `quality` 1 to 100. Errors: as `decode`; lds.bad_image also when the
// picture contradicts itself or has a side of more than 65,500 pixels.
Result<Bytes> encode_jpeg(const Picture& picture, int quality, const Limits& limits = {});

// A JP2 file. `ratio` is how many times smaller than the raw pixels it shall be (10 to 20 suits portraits); 1 is lossless.
Result<Bytes> encode_jpeg2000(const Picture& picture, double ratio, const Limits& limits = {});

struct Encoded {
    Bytes bytes;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    unsigned components = 0;
    double quality = 0;  // what was found: quality of JPEG, ratio of JPEG 2000
};

// The best quality that is not larger than `target_bytes`: quality 1 to 100 of JPEG, ratio 1 (lossless) to 500 of JPEG 2000, which
// comes within 2 % of the target where the picture has that much to tell. Up to 10 encodings; the size in pixels stays.
// Errors: as `decode`; codec.does_not_fit when even the lowest quality does not; lds.bad_image for PNG, which has no quality to choose.
Result<Encoded> encode_to_size(const Picture& picture, Format format, std::size_t target_bytes, const Limits& limits = {});

// What the intake check looks at. Luminance is that of ITU-R BT.601: 0 black to 255 white.
struct PictureFacts {
    double mean_luminance = 0;
    double contrast = 0;           // standard deviation of luminance: 0 is one flat grey, a good portrait has 40 to 80
    bool grey = true;              // one component, or all three equal in every pixel
    double colourfulness = 0;      // mean of (largest - smallest component): tells a tint from a colour photograph
    double background_spread = 0;  // standard deviation of luminance in the two upper corners: a plain background has less than 20
    std::uint64_t dhash = 0;       // difference hash of 8 x 8; see `hash_distance`
};

// Pure, linear in the number of pixels. A picture that contradicts itself (sizes, components) or is empty has default facts.
PictureFacts facts(const Picture& picture);

// Bits that differ, 0 to 64: the same portrait, encoded or scaled anew, stays below 8; other persons are mostly beyond 16.
int hash_distance(std::uint64_t a, std::uint64_t b);

}  // namespace idchip::codec
