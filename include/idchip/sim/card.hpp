// A chip in software. Strict: what a real chip refuses, this one refuses, with the status word a real chip gives.
#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include <idchip/base/random.hpp>
#include <idchip/transport/transport.hpp>

namespace idchip::sim {

// EEPROM files: a power cut in the middle of an update leaves a prefix of the new bytes.
class FileSystem {
public:
    struct File {
        std::size_t allocated = 0;  // the first CREATE fixes it
        std::size_t size = 0;
        Bytes content;  // `allocated` bytes
    };
    explicit FileSystem(std::size_t memory) : memory_(memory) {}
    const File* find(std::uint16_t fid) const;
    // Creates, or sets a size up to the allocated one. False: no room.
    bool create(std::uint16_t fid, std::size_t size);
    // Writes at most `keep` of the bytes; the caller has checked the range.
    void update(std::uint16_t fid, std::size_t offset, ByteView data, std::size_t keep);
    bool remove(std::uint16_t fid) { return files_.erase(fid) != 0; }
    const std::map<std::uint16_t, File>& files() const { return files_; }
    void restore(std::uint16_t fid, File file) { files_[fid] = std::move(file); }
    std::size_t used() const;

private:
    std::size_t memory_;
    std::map<std::uint16_t, File> files_;
};

struct CardOptions {
    std::string blank = "jmrtd-applet";  // which kind of blank card
    std::filesystem::path state;         // empty: nothing is kept
    std::size_t memory = 80 * 1024;      // for files
    std::string channel;                 // of a GlobalPlatform card: scp02, or scp03 (the default)
    Rng* rng = nullptr;                  // nothing: the system's
};

class Card : public transport::VirtualCard {
public:
    // The next UPDATE BINARY before the next power down loses power after this many data bytes; the card is mute until it is
    // powered up again.
    virtual void cut_power_in_next_update(std::size_t after_bytes) = 0;
    // Persistent state, as JSON. Holds keys: for tests and for the state file only.
    virtual std::string state_json() const = 0;
    virtual bool locked() const = 0;
    // Before the card takes no key any more; blanks that ask for none have all of them always.
    virtual unsigned tries_left() const { return 3; }
    virtual FileSystem& files() = 0;  // tests tamper here
};

// A blank card, or the one kept in `options.state`. Errors: profile.not_found (unknown blank), input.bad_json, io.failed.
Result<std::unique_ptr<Card>> make_card(const CardOptions& options);
const std::vector<std::string>& blanks();
// The keys that a kind of blank leaves its maker with, as a file of card keys (docs/card-keys.md); empty: it asks for none. Errors:
// profile.not_found.
Result<std::string> makers_keys(const CardOptions& options);

}  // namespace idchip::sim
