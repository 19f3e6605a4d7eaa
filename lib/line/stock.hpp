// Documents that wait for a card: made by one thread while the readers are busy, so many at most as there are readers.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include <idchip/line/crew.hpp>

namespace idchip::line {

class Stock {
public:
    // How many are wanted at a time.
    void want(std::size_t count);
    // Makes them until `close`; one thread calls this. Errors: of `next`.
    Result<void> fill(const std::function<Result<std::optional<Ready>>()>& next);
    // Nothing: none is left now, perhaps one comes back when a card in hand fails.
    std::optional<Ready> take(std::chrono::milliseconds at_most);
    // A job went back to the queue: look there again.
    void look_again();
    bool is_exhausted() const;
    void close();

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Ready> ready_;
    std::size_t wanted_ = 0;
    bool exhausted_ = false;
    bool closed_ = false;
};

}  // namespace idchip::line
