// What the parts of `make_seeds` share.
#pragma once

#include <string_view>

#include <idchip/base/bytes.hpp>

namespace seeds {

idchip::Bytes hex(std::string_view text);
// Into the folder of that target.
void save(std::string_view target, std::string_view name, idchip::ByteView bytes);

void biometric_records();
void cards();
void dialogues();
void lists();
void offices();

}  // namespace seeds
