// The store as one JSON file.
#pragma once

#include <idchip/trust/store.hpp>

namespace idchip::trust {

struct StoreFile {
    static Result<Store> read(const std::filesystem::path& folder);
    static Result<void> write(const Store& store);
};

}  // namespace idchip::trust
