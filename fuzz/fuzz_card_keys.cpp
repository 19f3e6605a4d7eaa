// Files of card keys. An input that begins with '{' is JSON, any other CSV, of 3DES keys when its first byte is odd. The file lies in memory.
#include "fuzz.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <idchip/card_keys/card_keys.hpp>

using namespace idchip;

namespace {

Result<Secret> kek() { return Secret(ByteView(Bytes(16, 0x40))); }

bool is_foreseen(Errc code) {
    return code == Errc::cardkey_bad || code == Errc::cardkey_check_value || code == Errc::bad_json || code == Errc::cardkey_missing;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int file = ::memfd_create("keys", MFD_CLOEXEC);
    FUZZ_CHECK(file >= 0 && ::fchmod(file, 0600) == 0);
    FUZZ_CHECK(::write(file, data, size) == static_cast<ssize_t>(size));
    const auto path = "/proc/self/fd/" + std::to_string(file);
    const bool json = size > 0 && data[0] == '{';
    const auto algorithm = size > 0 && (data[0] & 1U) != 0 ? card_keys::Algorithm::tdes : card_keys::Algorithm::aes;
    auto source = json ? card_keys::open_file(path, kek) : card_keys::open_csv(path, algorithm, kek);
    ::close(file);
    if (!source) {
        FUZZ_CHECK(is_foreseen(source.error().code));
        return 0;
    }
    // What was taken has keys of a length that its algorithm knows, for every card or for the cards of its list.
    const auto keys = (*source)->keys(Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    if (!keys) {
        FUZZ_CHECK(keys.error().code == Errc::cardkey_missing);
        return 0;
    }
    const auto length = keys->enc.size();
    FUZZ_CHECK((*source)->algorithm() == card_keys::Algorithm::aes ? length == 16 || length == 24 || length == 32 : length == 16);
    FUZZ_CHECK(keys->mac.size() == length && keys->dek.size() == length);
    return 0;
}
