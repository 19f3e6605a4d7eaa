// A question in a thread of its own: whoever never answers is left behind with it.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <idchip/base/result.hpp>

namespace idchip::transport {

// Errors: transport.deadline, and those of `ask`.
template <class T>
Result<T> within(std::chrono::milliseconds limit, const std::string& name, std::function<Result<T>()> ask) {
    struct Asking {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<Result<T>> result;
    };
    const auto shared = std::make_shared<Asking>();
    std::thread([shared, ask = std::move(ask)] {
        auto result = ask();
        const std::scoped_lock lock(shared->mutex);
        shared->result = std::move(result);
        shared->changed.notify_all();
    }).detach();
    std::unique_lock lock(shared->mutex);
    if (!shared->changed.wait_for(lock, limit, [&] { return shared->result.has_value(); }))
        return fail(Errc::deadline, name, "while connecting");
    return std::move(*shared->result);
}

}  // namespace idchip::transport
