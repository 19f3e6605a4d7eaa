// One child, one picture.
#pragma once

#include <idchip/codec/portrait.hpp>

#include "codec/wire.hpp"

namespace idchip::codec {

// The errors of this room.
constexpr Errc bad_picture = Errc::lds_bad_image, too_costly = Errc::codec_too_costly, crashed = Errc::codec_crashed,
               does_not_fit = Errc::codec_does_not_fit, unavailable = Errc::codec_unavailable;

struct Answer {
    wire::Reply head;
    Bytes body;
};

// Starts the child, sends, receives, ends the child. A good answer has kept the rules of `wire`, and its body is not larger than
// `largest_body`; nothing else about it can be trusted. Errors: as `decode`.
Result<Answer> run(wire::Request request, ByteView body, std::uint64_t largest_body, const Limits& limits);

// Where the program is. Errors: `unavailable`.
Result<std::string> find_child();

}  // namespace idchip::codec
