#include <idchip/signer/signature_count.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/random.hpp>

#include "base/try.hpp"

namespace idchip::signer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view format_name = "idchip-signature-count";

// One process at a time reads and writes; a lock file of its own, because the count itself is replaced as a whole.
class Lock {
public:
    static Result<Lock> take(const std::filesystem::path& file) {
        const auto path = file.string() + ".lock";
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || ::flock(fd, LOCK_EX) != 0) {
            if (fd >= 0) ::close(fd);
            return fail(Errc::io_error, path, "cannot be locked");
        }
        return Lock(fd);
    }
    Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() {
        if (fd_ >= 0) ::close(fd_);
    }

private:
    explicit Lock(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace

struct SignatureCount::State {
    std::uint64_t settled = 0;
    std::vector<Reservation> open;

    std::uint64_t used() const {
        auto sum = settled;
        for (const auto& r : open) sum += r.count;
        return sum;
    }
};

Result<SignatureCount::State> SignatureCount::read() const {
    if (!std::filesystem::exists(file_)) return State{};
    const auto text = TRY(read_text(file_, 1U << 20U));
    const auto damaged = [&](const std::string& why) { return fail(Errc::signer_bad_counter, file_.string(), why); };
    try {
        const auto j = Json::parse(text);
        if (j.at("format") != format_name || j.at("version") != 1) return damaged("not a count of signatures");
        if (j.at("certificate") != certificate_) return damaged("it counts for another certificate");
        State state{j.at("settled").get<std::uint64_t>(), {}};
        for (const auto& r : j.at("open")) state.open.push_back({r.at("id"), r.at("job"), r.at("count").get<std::uint64_t>()});
        return state;
    } catch (const nlohmann::json::exception& e) {
        return damaged(e.what());
    }
}

Result<void> SignatureCount::write(const State& state) const {
    Json j = {{"format", format_name}, {"version", 1}, {"certificate", certificate_}, {"settled", state.settled}, {"open", Json::array()}};
    for (const auto& r : state.open) j["open"].push_back({{"id", r.id}, {"job", r.job}, {"count", r.count}});
    return write_text(file_, j.dump(1) + "\n", FileMode::secret);
}

Result<std::uint64_t> SignatureCount::used() const { return TRY(read()).used(); }

Result<SignatureCount::Reservation> SignatureCount::reserve(std::uint64_t count, std::uint64_t most, const std::string& job) {
    const auto lock = TRY(Lock::take(file_));
    auto state = TRY(read());
    const auto used = state.used();
    if (most != 0 && (used > most || count > most - used))
        return fail(Errc::signer_limit, file_.string(), fmt::format("{} of {} signatures are used, {} more are wanted", used, most, count));
    const Reservation reservation{to_hex(system_rng().bytes(8)), job, count};
    state.open.push_back(reservation);
    TRY(write(state));
    return reservation;
}

Result<void> SignatureCount::settle(const Reservation& reservation, std::uint64_t made) {
    const auto lock = TRY(Lock::take(file_));
    auto state = TRY(read());
    const auto it = std::find_if(state.open.begin(), state.open.end(), [&](const Reservation& r) { return r.id == reservation.id; });
    if (it == state.open.end()) return {};
    state.settled += std::min(made, it->count);
    state.open.erase(it);
    return write(state);
}

Result<std::vector<SignatureCount::Reservation>> SignatureCount::left_open(const std::string& job) const {
    auto state = TRY(read());
    std::erase_if(state.open, [&](const Reservation& r) { return r.job != job; });
    return std::move(state.open);
}

}  // namespace idchip::signer
