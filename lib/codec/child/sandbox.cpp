#include "codec/child/sandbox.hpp"

#include <cerrno>

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <initializer_list>

namespace idchip::codec::child {
namespace {

bool limit(__rlimit_resource_t resource, std::uint64_t soft, std::uint64_t hard) {
    const rlimit l{soft, hard};
    return ::setrlimit(resource, &l) == 0;
}

bool limit_resources(const Budget& b) {
    return limit(RLIMIT_AS, b.memory, b.memory) && limit(RLIMIT_CPU, b.seconds, b.seconds + 1) && limit(RLIMIT_FSIZE, 0, 0) &&
           limit(RLIMIT_NOFILE, 0, 0) && limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_NPROC, 0, 0) && limit(RLIMIT_MEMLOCK, 0, 0);
}

// The system calls that decoding needs; any other ends the process with SIGSYS, which tells the parent what happened.
class Filter {
public:
    Filter() : context_(::seccomp_init(SCMP_ACT_KILL_PROCESS)) {}
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;
    ~Filter() {
        if (context_ != nullptr) ::seccomp_release(context_);
    }

    template <class... Conditions>
    void add(std::uint32_t action, int call, Conditions... conditions) {
        note(context_ == nullptr ? -ENOMEM : ::seccomp_rule_add(context_, action, call, sizeof...(conditions), conditions...));
    }
    // 0 or a negative errno.
    int load() {
        if (error_ == 0) note(::seccomp_load(context_));
        return error_;
    }

private:
    void note(int result) {
        if (result < 0 && error_ == 0) error_ = result;
    }
    scmp_filter_ctx context_;
    int error_ = 0;
};

scmp_arg_cmp argument(unsigned index, scmp_compare how, std::uint64_t a, std::uint64_t b = 0) { return {index, how, a, b}; }

int load_filter() {
    Filter f;
    f.add(SCMP_ACT_ALLOW, SCMP_SYS(read), argument(0, SCMP_CMP_EQ, 0));
    f.add(SCMP_ACT_ALLOW, SCMP_SYS(write), argument(0, SCMP_CMP_EQ, 1));
    // Memory, but none that can be executed.
    for (const int call : {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise)}) f.add(SCMP_ACT_ALLOW, call);
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)})
        f.add(SCMP_ACT_ALLOW, call, argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // Time, where the kernel does not offer it without a call; locks of libraries; the end.
    for (const int call : {SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn),
                           SCMP_SYS(exit), SCMP_SYS(exit_group)})
        f.add(SCMP_ACT_ALLOW, call);
    // abort() shall look like abort(): a message to nowhere, then a signal to itself and to nobody else.
    f.add(SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), argument(0, SCMP_CMP_EQ, 2));
    f.add(SCMP_ACT_ERRNO(EBADF), SCMP_SYS(writev));
    for (const int call : {SCMP_SYS(rt_sigprocmask), SCMP_SYS(getpid), SCMP_SYS(gettid)}) f.add(SCMP_ACT_ALLOW, call);
    f.add(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), argument(0, SCMP_CMP_EQ, static_cast<std::uint64_t>(::getpid())));
    return f.load();
}

}  // namespace

const char* enter_sandbox(const Budget& budget) {
    // The parent has closed them already; this is the second lock. Kernels before 5.9 do not know the call.
    if (::syscall(SYS_close_range, 2U, ~0U, 0U) != 0 && errno != ENOSYS) return "close_range";
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "PR_SET_NO_NEW_PRIVS";
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return "PR_SET_DUMPABLE";
    if (!limit_resources(budget)) return "setrlimit";
    if (const int error = load_filter(); error != 0) {
        errno = -error;
        return "seccomp filter";
    }
    return nullptr;
}

}  // namespace idchip::codec::child
