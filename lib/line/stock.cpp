#include "line/stock.hpp"

#include "base/try.hpp"

namespace idchip::line {

void Stock::want(std::size_t count) {
    const std::scoped_lock lock(mutex_);
    wanted_ = count;
    changed_.notify_all();
}

Result<void> Stock::fill(const std::function<Result<std::optional<Ready>>()>& next) {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return closed_ || (!exhausted_ && ready_.size() < wanted_); });
            if (closed_) return {};
        }
        auto made = TRY(next());
        const std::scoped_lock lock(mutex_);
        if (made) ready_.push_back(std::move(*made));
        else exhausted_ = true;
        changed_.notify_all();
    }
}

std::optional<Ready> Stock::take(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return closed_ || !ready_.empty(); });
    if (closed_ || ready_.empty()) return std::nullopt;
    auto taken = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return taken;
}

void Stock::look_again() {
    const std::scoped_lock lock(mutex_);
    exhausted_ = false;
    changed_.notify_all();
}

bool Stock::is_exhausted() const {
    const std::scoped_lock lock(mutex_);
    return exhausted_ && ready_.empty();
}

void Stock::close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

}  // namespace idchip::line
