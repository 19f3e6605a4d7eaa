// A centre, a team that it knows, and the one text that this team has ever signed.
#pragma once

#include "bundle/content.hpp"
#include "holder.hpp"

namespace idchip::fuzz {

inline bundle::Manifest manifest(std::uint64_t count) { return {"000102030405060708090A0B0C0D0E0F", "north", 7, noon, count}; }

inline const Holder& centre() {
    static const auto h = ec_holder("centre", 1);
    return h;
}
inline const Holder& team() {
    static const auto h = ec_holder("north", 21);
    return h;
}
inline Bytes signed_text() { return bundle::write_content(manifest(1), bundle::entry_line(R"({"record":"A1"})", {})); }

}  // namespace idchip::fuzz
