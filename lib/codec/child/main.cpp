// idchip-codec: decodes or encodes one picture for its parent and ends. `idchip-codec MEMORY SECONDS`, one socket as 0 and 1.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

#include "codec/child/channel.hpp"
#include "codec/child/raster.hpp"
#include "codec/child/sandbox.hpp"

namespace idchip::codec::child {

void check_size(std::uint64_t width, std::uint64_t height, std::uint64_t max_pixels) {
    if (width == 0 || height == 0) refuse(wire::Status::bad, "a picture of no size");
    if (width > wire::longest_side || height > wire::longest_side || width * height > max_pixels)
        refuse(wire::Status::too_large,
               std::to_string(width) + " x " + std::to_string(height) + " pixels, limit " + std::to_string(max_pixels));
}

namespace {

[[noreturn]] void decode(const wire::Request& request, ByteView image) {
    const auto raster = [&] {
        switch (request.format) {
            case wire::Format::jpeg: return decode_jpeg(image, request.max_pixels);
            case wire::Format::jpeg2000: return decode_jpeg2000(image, request.max_pixels);
            case wire::Format::png: return decode_png(image, request.max_pixels);
        }
        refuse(wire::Status::unsupported, "unknown format");
    }();
    wire::Reply head;
    head.width = raster.width;
    head.height = raster.height;
    head.components = raster.components;
    head.remarks = raster.remarks;
    reply(head, raster.pixels);
}

[[noreturn]] void encode(const wire::Request& request, Bytes pixels) {
    const Raster raster{request.width, request.height, request.components, std::move(pixels), 0};
    const bool jpeg = request.format == wire::Format::jpeg;
    Fitted result;
    if (request.job == wire::Job::encode_to_size) {
        result = jpeg ? fit_jpeg(raster, request.target) : fit_jpeg2000(raster, request.target);
    } else {
        result.quality = request.quality;
        result.bytes = jpeg ? encode_jpeg(raster, static_cast<int>(request.quality)) : encode_jpeg2000(raster, request.quality);
    }
    wire::Reply head;
    head.quality = result.quality;
    reply(head, result.bytes);
}

bool is_socket(int fd) {
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

int run(int argc, char** argv) {
    if (argc != 3 || !is_socket(0) || !is_socket(1)) {
        std::fputs("idchip-codec decodes pictures in a sandbox; idchip starts it\n", stderr);
        return 64;
    }
    std::set_new_handler([] { refuse(wire::Status::no_memory, {}); });
    const Budget budget{std::strtoull(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10)};
    if (const char* step = enter_sandbox(budget)) refuse(wire::Status::no_sandbox, std::string(step) + ": " + std::strerror(errno));
    // Only now anything untrusted is read.
    Bytes body;
    const auto request = receive(body);
    if (request.job == wire::Job::decode) decode(request, body);
    encode(request, std::move(body));
}

}  // namespace
}  // namespace idchip::codec::child

int main(int argc, char** argv) { return idchip::codec::child::run(argc, argv); }
