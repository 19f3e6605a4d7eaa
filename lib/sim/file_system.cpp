#include <idchip/sim/card.hpp>

#include <algorithm>

namespace idchip::sim {

const FileSystem::File* FileSystem::find(std::uint16_t fid) const {
    const auto it = files_.find(fid);
    return it == files_.end() ? nullptr : &it->second;
}

std::size_t FileSystem::used() const {
    std::size_t sum = 0;
    for (const auto& [fid, file] : files_) sum += file.allocated;
    return sum;
}

bool FileSystem::create(std::uint16_t fid, std::size_t size) {
    const auto it = files_.find(fid);
    if (it == files_.end()) {
        if (used() + size > memory_) return false;
        files_[fid] = {size, size, Bytes(size)};
        return true;
    }
    if (size > it->second.allocated) return false;
    it->second.size = size;
    return true;
}

void FileSystem::update(std::uint16_t fid, std::size_t offset, ByteView data, std::size_t keep) {
    const auto part = data.first(std::min(keep, data.size()));
    std::copy(part.begin(), part.end(), files_.at(fid).content.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace idchip::sim
