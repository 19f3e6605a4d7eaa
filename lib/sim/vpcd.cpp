#include <idchip/sim/vpcd.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::sim {
namespace {

// vsmartcard, vpcd: messages of length 1 from the reader are control.
enum class Control : Byte { power_off = 0, power_on = 1, reset = 2, get_atr = 4 };

class Socket {
public:
    explicit Socket(int fd) : fd_(fd) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }

private:
    int fd_;
};

Failure failed(const VpcdAddress& a, std::string what) {
    return fail(Errc::io_error, fmt::format("{}:{}", a.host, a.port), std::move(what));
}

Result<int> connect_to(const VpcdAddress& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int rc = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &list); rc != 0)
        return failed(address, ::gai_strerror(rc));
    int fd = -1;
    int error = 0;
    for (const addrinfo* a = list; a != nullptr && fd < 0; a = a->ai_next) {
        fd = ::socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd >= 0 && ::connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            error = errno;
            ::close(fd);
            fd = -1;
        }
    }
    ::freeaddrinfo(list);
    if (fd < 0) return failed(address, std::generic_category().message(error) + "; is pcscd running with vpcd?");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

// False: the reader is gone, or it is time to stop.
bool receive(int fd, std::span<Byte> out, const std::atomic<bool>& stop) {
    while (!out.empty()) {
        pollfd p{fd, POLLIN, 0};
        const int ready = ::poll(&p, 1, 100);
        if (stop) return false;
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        // vpcd sends a message in two pieces; without this the kernel delays the acknowledgement of the first by 40 ms, and
        // the option does not last: it is set before every read.
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
        const auto n = ::recv(fd, out.data(), out.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        out = out.subspan(static_cast<std::size_t>(n));
    }
    return true;
}

// A message has two bytes for its length; a longer answer falls off the line.
bool send_message(int fd, ByteView body) {
    if (body.size() > 0xFFFF) return false;
    Bytes message;
    append_be(message, body.size(), 2);
    append(message, body);
    ByteView rest(message);
    while (!rest.empty()) {
        const auto n = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        rest = rest.subspan(static_cast<std::size_t>(n));
    }
    return true;
}

bool handle_control(transport::VirtualCard& card, int fd, Byte code) {
    switch (static_cast<Control>(code)) {
        case Control::power_off: card.power_down(); return true;
        case Control::power_on: card.power_up(); return true;
        case Control::reset:
            card.power_down();
            card.power_up();
            return true;
        case Control::get_atr: return send_message(fd, card.atr());
    }
    return true;
}

}  // namespace

Result<VpcdAddress> parse_address(std::string_view text) {
    VpcdAddress address;
    const auto colon = text.rfind(':');
    address.host = std::string(text.substr(0, colon));
    if (colon != std::string_view::npos) {
        const auto port = text.substr(colon + 1);
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
        if (error != std::errc() || end != port.data() + port.size() || address.port == 0)
            return fail(Errc::bad_field, "address", "want HOST:PORT");
    }
    if (address.host.empty()) return fail(Errc::bad_field, "address", "want HOST:PORT");
    return address;
}

Result<void> serve_vpcd(transport::VirtualCard& card, const VpcdAddress& address, const std::atomic<bool>& stop) {
    const Socket socket(TRY(connect_to(address)));
    for (;;) {
        std::array<Byte, 2> length{};
        if (!receive(socket.get(), length, stop)) return {};
        Bytes message(static_cast<std::size_t>(read_be(length)));
        if (!receive(socket.get(), message, stop)) return {};
        if (message.size() == 1) {
            if (!handle_control(card, socket.get(), message[0])) return {};
            continue;
        }
        const auto response = card.transmit(message);
        // A mute or torn card drops off the line: the reader then reports it as gone.
        if (response.empty()) return {};
        if (!send_message(socket.get(), response)) return {};
    }
}

}  // namespace idchip::sim
