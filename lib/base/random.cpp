#include <idchip/base/random.hpp>

#include <cerrno>
#include <cstdlib>

#include <sys/random.h>

namespace idchip {
namespace {

class SystemRng final : public Rng {
public:
    void fill(std::span<Byte> out) override {
        while (!out.empty()) {
            const auto n = getrandom(out.data(), out.size(), 0);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) std::abort();  // no randomness: nothing here can go on safely
            out = out.subspan(static_cast<std::size_t>(n));
        }
    }
};

}  // namespace

Rng& system_rng() {
    static SystemRng rng;
    return rng;
}

}  // namespace idchip
