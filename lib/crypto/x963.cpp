#include <idchip/crypto/key_agreement.hpp>

#include <algorithm>

namespace idchip::crypto {

Secret x963_key(HashAlg alg, ByteView z, ByteView shared_info, std::size_t size) {
    Secret key(size);
    std::size_t done = 0;
    for (std::uint32_t counter = 1; done < size; ++counter) {
        Bytes number;
        append_be(number, counter, 4);
        const Secret part(hash(alg, {z, number, shared_info}));
        const auto n = std::min(part.size(), size - done);
        std::copy_n(part.view().begin(), n, key.writable().begin() + static_cast<std::ptrdiff_t>(done));
        done += n;
    }
    return key;
}

}  // namespace idchip::crypto
