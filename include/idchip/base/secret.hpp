// Key material: zeroed when it dies, never copied by accident, never printable.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip {

// Overwrites in a way that the optimizer keeps.
void wipe(std::span<Byte> bytes) noexcept;

class Secret {
public:
    Secret() = default;
    explicit Secret(std::size_t size) : bytes_(size) {}
    // Takes a copy; the caller wipes the source if it is secret too.
    explicit Secret(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}
    // Takes the bytes over; the source is left empty.
    explicit Secret(Bytes&& bytes) noexcept : bytes_(std::move(bytes)) {}
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(bytes_); }

    // A second holder, on purpose.
    Secret clone() const { return Secret(ByteView(bytes_)); }

    ByteView view() const { return bytes_; }
    std::span<Byte> writable() { return bytes_; }
    std::size_t size() const { return bytes_.size(); }
    bool empty() const { return bytes_.empty(); }

private:
    Bytes bytes_;
};

}  // namespace idchip
