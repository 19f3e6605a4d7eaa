// Names that the program itself defines come before those of the C library.
#include "flow/bad_disk.hpp"

#include <cerrno>

#include <sys/syscall.h>
#include <unistd.h>

using namespace idchip::test;

extern "C" {

int fdatasync(int fd) {
    if (bad_disk::sync_error != 0) {
        errno = bad_disk::sync_error;
        return -1;
    }
    return bad_disk::syncs_at_once ? 0 : static_cast<int>(::syscall(SYS_fdatasync, fd));
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
    if (bad_disk::write_error != 0) {
        errno = bad_disk::write_error;
        return -1;
    }
    return ::syscall(SYS_pwrite64, fd, data, size, at);
}

int usleep(useconds_t microseconds) {
    if (bad_disk::sleeps_not) return 0;
    timespec time{static_cast<time_t>(microseconds / 1'000'000), static_cast<long>(microseconds % 1'000'000) * 1000};
    return ::nanosleep(&time, nullptr);
}
}
