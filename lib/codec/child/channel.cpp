#include "codec/child/channel.hpp"

#include <cerrno>

#include <unistd.h>

#include <algorithm>

namespace idchip::codec::child {
namespace {

constexpr int in = 0, out = 1, gone = 1;

void take(std::span<Byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::read(in, bytes.data(), bytes.size());
        if (n <= 0) ::_exit(gone);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

void give(ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(out, bytes.data(), bytes.size());
        if (n <= 0) ::_exit(gone);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

}  // namespace

wire::Request receive(Bytes& body) {
    wire::Request request;
    take(wire::writable_bytes_of(request));
    if (request.magic != wire::magic) refuse(wire::Status::unsupported, "another version asks");
    body.resize(request.body);
    take(body);
    errno = 0;  // from now on ENOMEM is the library's
    return request;
}

void reply(const wire::Reply& head, ByteView body) {
    auto h = head;
    h.body = body.size();
    give(wire::bytes_of(h));
    give(body);
    ::_exit(0);
}

void refuse(wire::Status status, std::string_view text) {
    wire::Reply head;
    head.status = status == wire::Status::bad && errno == ENOMEM ? wire::Status::no_memory : status;
    text = text.substr(0, std::min(text.size(), wire::longest_text));
    reply(head, {reinterpret_cast<const Byte*>(text.data()), text.size()});
}

}  // namespace idchip::codec::child
