#include <idchip/transport/transport.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "transport/within.hpp"

namespace idchip::transport {
namespace {

// Shared by caller and worker; outlives whichever of them goes first.
struct Mailbox {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<Result<Bytes>(Transport&)> job;
    std::optional<Result<Bytes>> result;
    bool closing = false;
};

void work(const std::shared_ptr<Mailbox>& box, std::unique_ptr<Transport> inner) {
    std::unique_lock lock(box->mutex);
    for (;;) {
        box->changed.wait(lock, [&] { return box->job || box->closing; });
        if (!box->job) return;
        const auto job = std::exchange(box->job, nullptr);
        lock.unlock();
        auto result = job(*inner);
        lock.lock();
        box->result = std::move(result);
        box->changed.notify_all();
    }
}

class Deadline final : public Transport {
public:
    Deadline(std::unique_ptr<Transport> inner, std::chrono::milliseconds limit)
        : name_(inner->name()),
          limit_(limit),
          box_(std::make_shared<Mailbox>()),
          worker_([box = box_, t = std::move(inner)]() mutable { work(box, std::move(t)); }) {}
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline() override {
        {
            const std::lock_guard lock(box_->mutex);
            box_->closing = true;
        }
        box_->changed.notify_all();
        // A wedged worker never comes back; it is left behind with its mailbox.
        if (wedged_) worker_.detach();
        else worker_.join();
    }
    Result<Bytes> transmit(ByteView command) override {
        return run([c = to_bytes(command)](Transport& t) { return t.transmit(c); });
    }
    Result<Bytes> reset() override {
        return run([](Transport& t) { return t.reset(); });
    }
    std::string name() const override { return name_; }

private:
    Result<Bytes> run(std::function<Result<Bytes>(Transport&)> job) {
        if (wedged_) return fail(Errc::deadline, name_, "given up earlier");
        std::unique_lock lock(box_->mutex);
        box_->job = std::move(job);
        box_->changed.notify_all();
        if (!box_->changed.wait_for(lock, limit_, [&] { return box_->result.has_value(); })) {
            wedged_ = true;
            return fail(Errc::deadline, name_, fmt::format("{} ms", limit_.count()));
        }
        auto result = std::move(*box_->result);
        box_->result.reset();
        return result;
    }

    std::string name_;
    std::chrono::milliseconds limit_;
    std::shared_ptr<Mailbox> box_;
    std::thread worker_;
    bool wedged_ = false;
};

}  // namespace

std::unique_ptr<Transport> with_deadline(std::unique_ptr<Transport> inner, std::chrono::milliseconds deadline) {
    return std::make_unique<Deadline>(std::move(inner), deadline);
}

Result<std::unique_ptr<Transport>> open_within(std::chrono::milliseconds limit, const std::string& name,
                                               std::function<Result<std::unique_ptr<Transport>>()> open) {
    return within(limit, name, std::move(open));
}

}  // namespace idchip::transport
