// What parent and child say to each other over one socket: a request with its body, a reply with its body, and the child ends.
// Both run on one machine and are built together: fixed structs in host order.
#pragma once

#include <array>
#include <type_traits>

#include <idchip/base/bytes.hpp>

namespace idchip::codec::wire {

constexpr std::array<char, 16> magic = {'i', 'd', 'c', 'h', 'i', 'p', '-', 'c', 'o', 'd', 'e', 'c', ' ', '1', '\n', 0};
constexpr std::size_t longest_text = 200;
// What libjpeg can encode; no side of a portrait comes near.
constexpr std::uint32_t longest_side = 65'500;

enum class Job : std::uint32_t { decode, encode, encode_to_size };

enum class Format : std::uint32_t { jpeg, jpeg2000, png };

struct Request {
    std::array<char, 16> magic = wire::magic;
    Job job = Job::decode;
    Format format = Format::jpeg;
    std::uint64_t max_pixels = 0;  // decode
    std::uint32_t width = 0;       // encode: the body is width * height * components bytes
    std::uint32_t height = 0;
    std::uint32_t components = 0;
    std::uint32_t reserved = 0;
    double quality = 0;        // JPEG: 1 to 100; JPEG 2000: ratio
    std::uint64_t target = 0;  // encode_to_size: bytes
    std::uint64_t body = 0;
};

enum class Status : std::uint32_t {
    good,
    bad,          // cut off or damaged
    unsupported,  // well formed, but nothing that a portrait may be
    too_large,
    no_memory,
    does_not_fit,  // not even the lowest quality
    no_sandbox,
    last = no_sandbox
};

// What decoding tolerated or gave up, as bits.
constexpr std::uint32_t alpha_flattened = 1, depth_reduced = 2, jpeg_irregular = 4, all_remarks = 7;

struct Reply {
    std::array<char, 16> magic = wire::magic;
    Status status = Status::good;
    std::uint32_t remarks = 0;
    std::uint32_t width = 0;  // decode
    std::uint32_t height = 0;
    std::uint32_t components = 0;
    std::uint32_t reserved = 0;
    double quality = 0;      // encode_to_size: what was found
    std::uint64_t body = 0;  // pixels or an encoded picture; behind a refusal: text, no longer than `longest_text`
};

static_assert(std::is_trivially_copyable_v<Request> && std::has_unique_object_representations_v<Job> && sizeof(Request) == 72);
static_assert(std::is_trivially_copyable_v<Reply> && sizeof(Reply) == 56);

template <class T>
ByteView bytes_of(const T& message) {
    return {reinterpret_cast<const Byte*>(&message), sizeof message};
}
template <class T>
std::span<Byte> writable_bytes_of(T& message) {
    return {reinterpret_cast<Byte*>(&message), sizeof message};
}

}  // namespace idchip::codec::wire
