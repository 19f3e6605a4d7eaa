// A worker for each reader: waits for a card, finishes it if it is one that an earlier run left open, else gives it the next record; waits
// until it is taken out. The line ends when no record is left, when the breaker says so, or when somebody asks.
#pragma once

#include <atomic>
#include <chrono>

#include <idchip/line/breaker.hpp>
#include <idchip/line/card.hpp>
#include <idchip/line/event.hpp>

namespace idchip::line {

// Where a card lies. One worker uses it.
class Reader {
public:
    virtual ~Reader() = default;
    // The same after it was unplugged and plugged in again: its serial number, where it has one.
    virtual const std::string& name() const = 0;
    // Whether a card is in (or out); waits at most so long for it. Errors: transport.*: the reader is gone.
    virtual Result<bool> wait(bool card_is_in, std::chrono::milliseconds at_most) = 0;
    // To the card, with a deadline on everything. Errors: transport.*.
    virtual Result<std::unique_ptr<transport::Transport>> open() = 0;
};

// A job with everything that its card needs, made ahead of need, so that no reader waits for a portrait, a key or a signature.
struct Ready {
    ledger::Job job;
    personalize::Document document;
    personalize::ChipKeys keys;
    // When its card has ended, or was left open. Errors stop the line.
    std::function<Result<void>(const personalize::Job& job, const Made& made)> after{};
};

// What a line works with. Called from several threads; no function from two at once, but one while another runs.
struct Supply {
    // Readers that were not given out before. Asked again and again, for what is plugged in meanwhile.
    std::function<std::vector<std::unique_ptr<Reader>>()> readers;
    // The next record, claimed; nothing: none is left now. Empty: open cards are finished, and nothing new is begun. Errors stop the line.
    std::function<Result<std::optional<Ready>>()> next;
    // The record of an open card. Errors: it is not to be had; the card stays open.
    std::function<Result<Ready>(const ledger::Job& job)> again;
    std::function<void(const Event& event)> sink;
};

// 0: go on; 1: finish the cards in hand and begin no other; 2: stop before the next step that cannot be undone.
using StopWish = std::atomic<int>;

struct Patience {
    // How long a reader may stay without a card before its worker gives up; nothing: for ever. Only where nothing new is begun.
    std::optional<std::chrono::milliseconds> for_cards;
    std::chrono::milliseconds until_stuck{60'000};  // a reader with a card from which nothing is heard
};

struct Summary {
    std::uint64_t issued = 0, spoiled = 0, quarantined = 0, open = 0;
    std::uint64_t readers_stopped = 0;  // by the breaker
    std::string stopped;                // why, when the breaker stopped all of it
};

// Errors: of the ledger and the supply. Cards that were in hand then are as open as the ledger says.
Result<Summary> run(const Station& station, const Supply& supply, const StopWish& wish, const Patience& patience = {});

}  // namespace idchip::line
