#include <idchip/crypto/message_recovery.hpp>

#include <array>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::crypto {
namespace {

constexpr Byte header = 0x6A, trailer_option1 = 0xBC, trailer_option2 = 0xCC;

struct HashNumber {
    HashAlg hash;
    Byte number;
};
// ISO/IEC 10118-3, as Doc 9303-11, 6.1.2.2 lists them.
constexpr std::array<HashNumber, 5> hash_numbers = {
    {{HashAlg::sha1, 0x33}, {HashAlg::sha224, 0x38}, {HashAlg::sha256, 0x34}, {HashAlg::sha384, 0x36}, {HashAlg::sha512, 0x35}}};

std::size_t size_of(TrailerOption option) { return static_cast<std::size_t>(option); }

Bytes trailer(HashAlg hash, TrailerOption option) {
    if (option == TrailerOption::option1) return {trailer_option1};
    for (const auto& row : hash_numbers)
        if (row.hash == hash) return {row.number, trailer_option2};
    return {};
}

Failure bad(std::string detail) { return fail(Errc::crypto_bad_signature, "ISO/IEC 9796-2", std::move(detail)); }

Result<void> check_header(Byte b) {
    if (b == header) return {};
    if (b >> 4U == 0x4U) return bad(fmt::format("header {:02X}: total recovery, M2 is not signed", b));
    if (b == 0x6B) return bad("header 6B: padding, M1 is too short");
    return bad(fmt::format("header {:02X} instead of 6A", b));
}

Result<HashAlg> hash_of_trailer(Byte number) {
    for (const auto& row : hash_numbers)
        if (row.number == number) return row.hash;
    // RIPEMD-160, RIPEMD-128, WHIRLPOOL
    if (number == 0x31 || number == 0x32 || number == 0x37)
        return fail(Errc::crypto_unsupported, "ISO/IEC 9796-2",
                    fmt::format("trailer {:02X}CC: hash function that Doc 9303 does not have", number));
    return bad(fmt::format("trailer {:02X}CC", number));
}

}  // namespace

TrailerOption usual_trailer(HashAlg hash) { return hash == HashAlg::sha1 ? TrailerOption::option1 : TrailerOption::option2; }

std::size_t recoverable_size(std::size_t size, HashAlg hash, TrailerOption option) {
    const std::size_t rest = 1 + digest_size(hash) + size_of(option);
    return size > rest ? size - rest : 0;
}

Result<Bytes> format_representative(std::size_t size, HashAlg hash, TrailerOption option, ByteView m1, ByteView m2) {
    const auto refuse = [](std::string detail) { return fail(Errc::crypto_bad_input, "ISO/IEC 9796-2", std::move(detail)); };
    if (option == TrailerOption::option1 && hash != HashAlg::sha1) return refuse("trailer option 1 stands for SHA-1");
    const auto wanted = recoverable_size(size, hash, option);
    if (wanted == 0 || m1.size() != wanted) return refuse(fmt::format("M1 of {} bytes instead of {}", m1.size(), wanted));
    return concat({Bytes{header}, m1, crypto::hash(hash, {m1, m2}), trailer(hash, option)});
}

Result<Recovered> open_representative(ByteView f) {
    if (f.size() < 3) return bad("too short");
    TRY(check_header(f.front()));
    Recovered r;
    if (f.back() == trailer_option2) {
        r.hash = TRY(hash_of_trailer(f[f.size() - 2]));
        r.option = TrailerOption::option2;
    } else if (f.back() != trailer_option1) {
        return bad(fmt::format("trailer {:02X}", f.back()));
    }
    const auto m1_size = recoverable_size(f.size(), r.hash, r.option);
    if (m1_size == 0) return bad(fmt::format("{} bytes leave no room for M1 beside {}", f.size(), name(r.hash)));
    r.m1 = to_bytes(f.subspan(1, m1_size));
    r.digest = to_bytes(f.subspan(1 + m1_size, digest_size(r.hash)));
    return r;
}

bool Recovered::signs(ByteView m2) const { return equal_constant_time(digest, crypto::hash(hash, {m1, m2})); }

}  // namespace idchip::crypto
