// Fixed fields of ISO/IEC 19794 blocks, one after the other. Not public.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::image {

// The caller has checked that the block is as long as what is taken from it.
class Fields {
public:
    explicit Fields(ByteView bytes) : rest_(bytes) {}
    std::uint64_t take(std::size_t width) { return read_be(bytes(width)); }
    template <class T>
    void into(T& field) {
        field = static_cast<T>(take(sizeof(T)));
    }
    ByteView bytes(std::size_t width) {
        const auto taken = rest_.first(width);
        rest_ = rest_.subspan(width);
        return taken;
    }

private:
    ByteView rest_;
};

template <class T>
void put(Bytes& to, T field) {
    append_be(to, static_cast<std::uint64_t>(field), sizeof(T));
}

}  // namespace idchip::image
