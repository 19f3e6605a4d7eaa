// The child's end of the conversation. Whatever goes wrong, the child says so once and ends: no error travels through a library.
#pragma once

#include "codec/wire.hpp"

namespace idchip::codec::child {

// Waits for the one request. Ends the process when the parent is gone or talks nonsense.
wire::Request receive(Bytes& body);

[[noreturn]] void reply(const wire::Reply& head, ByteView body);

// A refusal that is really want of memory (errno says ENOMEM) is reported as that.
[[noreturn]] void refuse(wire::Status status, std::string_view text);

}  // namespace idchip::codec::child
