// The disk and the sleep of this program as a test wants them. Process-wide: SQLite gets them, too.
#pragma once

#include <atomic>

namespace idchip::test::bad_disk {

inline std::atomic<int> write_error = 0;         // what writing to a place in a file fails with: ENOSPC
inline std::atomic<int> sync_error = 0;          // EIO
inline std::atomic<bool> syncs_at_once = false;  // no power fails in a test
inline std::atomic<bool> sleeps_not = false;     // whoever waits for a lock has waited

// Until it goes out of scope, nothing waits for the disk.
struct Fast {
    Fast() { syncs_at_once = true; }
    ~Fast() { syncs_at_once = false; }
    Fast(const Fast&) = delete;
    Fast& operator=(const Fast&) = delete;
};

inline void mend() {
    write_error = 0;
    sync_error = 0;
    sleeps_not = false;
}

}  // namespace idchip::test::bad_disk
