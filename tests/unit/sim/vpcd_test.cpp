// The card side of the virtual reader, against a reader that this test plays.
#include "unit/unit.hpp"

#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <idchip/sim/vpcd.hpp>

using namespace idchip;
using namespace idchip::test;

namespace {

class LoggingCard final : public transport::VirtualCard {
public:
    Bytes atr() const override { return "3B80800101"_hex; }
    void power_up() override { log += "+"; }
    void power_down() override { log += "-"; }
    Bytes transmit(ByteView command) override {
        log += "c";
        return command[0] == 0xEE ? Bytes() : concat({command, "9000"_hex});
    }
    std::string log;  // looked at after the card's thread has ended
};

// vpcd listens, the card connects.
class ReaderSide {
public:
    ReaderSide() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(listener_, 1) == 0);
        socklen_t size = sizeof address;
        REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
    }
    ReaderSide(const ReaderSide&) = delete;
    ReaderSide& operator=(const ReaderSide&) = delete;
    ~ReaderSide() {
        hang_up();
        ::close(listener_);
    }
    sim::VpcdAddress address() const { return {"127.0.0.1", port_}; }
    void accept() {
        connection_ = ::accept(listener_, nullptr, nullptr);
        REQUIRE(connection_ >= 0);
    }
    void hang_up() {
        if (connection_ >= 0) ::close(connection_);
        connection_ = -1;
    }
    // As vpcd does: the length and the body in two pieces.
    void send(ByteView body) {
        Bytes length;
        append_be(length, body.size(), 2);
        REQUIRE(::send(connection_, length.data(), 2, MSG_NOSIGNAL) == 2);
        if (!body.empty()) REQUIRE(::send(connection_, body.data(), body.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(body.size()));
    }
    // A message; empty when the card has hung up.
    Bytes receive() {
        Bytes length(2);
        if (::recv(connection_, length.data(), 2, MSG_WAITALL) != 2) return {};
        Bytes body(static_cast<std::size_t>(read_be(length)));
        REQUIRE(::recv(connection_, body.data(), body.size(), MSG_WAITALL) == static_cast<ssize_t>(body.size()));
        return body;
    }

private:
    int listener_;
    int connection_ = -1;
    std::uint16_t port_ = 0;
};

struct Served {
    LoggingCard card;
    ReaderSide reader;
    std::atomic<bool> stop = false;
    std::string result;
    std::thread thread;
    Served() : thread([this] { result = error_of(sim::serve_vpcd(card, reader.address(), stop)); }) { reader.accept(); }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;
    ~Served() { end(); }
    void end() {
        stop = true;
        if (thread.joinable()) thread.join();
    }
};

}  // namespace

TEST_CASE("the reader's control messages and commands reach the card", "[sim]") {
    Served s;
    s.reader.send("01"_hex);
    s.reader.send("04"_hex);
    CHECK(s.reader.receive() == "3B80800101"_hex);
    s.reader.send("00A4040C07A0000002471001"_hex);
    CHECK(s.reader.receive() == "00A4040C07A00000024710019000"_hex);
    s.reader.send("02"_hex);
    s.reader.send(Bytes(60'000, 0x11));
    CHECK(s.reader.receive().size() == 60'002);
    s.reader.send("00"_hex);
    s.reader.send("07"_hex);  // a control byte that does not exist
    s.reader.send("04"_hex);
    CHECK_FALSE(s.reader.receive().empty());
    s.reader.hang_up();
    s.thread.join();
    CHECK(s.result == "none");
    CHECK(s.card.log == "+c-+c-");
}

TEST_CASE("a mute card drops off the line", "[sim]") {
    Served s;
    s.reader.send("01"_hex);
    s.reader.send(
        "EE"
        "00"_hex);
    CHECK(s.reader.receive().empty());
    s.thread.join();
    CHECK(s.result == "none");
}

TEST_CASE("serving stops when it is told to", "[sim]") {
    Served s;
    s.end();
    CHECK(s.result == "none");
}

TEST_CASE("without a reader there is an error that names the address", "[sim]") {
    LoggingCard card;
    const std::atomic<bool> stop = false;
    std::uint16_t port = 0;
    {
        const ReaderSide closed;
        port = closed.address().port;
    }
    const auto failed = sim::serve_vpcd(card, {"127.0.0.1", port}, stop);
    REQUIRE(error_of(failed) == "io.failed");
    CHECK(failed.error().where == "127.0.0.1:" + std::to_string(port));
}

TEST_CASE("addresses are a host, and a port unless it is the usual one", "[sim]") {
    CHECK(good(sim::parse_address("127.0.0.1:35963")).port == 35963);
    CHECK(good(sim::parse_address("localhost")).port == 35963);
    CHECK(good(sim::parse_address("localhost")).host == "localhost");
    CHECK(good(sim::parse_address("host:1")).port == 1);
    for (const auto* bad : {"", ":", ":35963", "host:", "host:0", "host:65536", "host:12a", "host:-1", "host: 1"})
        CHECK(error_of(sim::parse_address(bad)) == "input.bad_field");
}
