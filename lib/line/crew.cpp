#include <idchip/line/crew.hpp>

#include "line/worker.hpp"

namespace idchip::line {
namespace {

// Workers for the readers that are there, and for those that come.
class Hall {
public:
    explicit Hall(Crew& crew) : crew_(crew) {}
    ~Hall() {
        for (auto& thread : threads_) thread.join();
    }
    Hall(const Hall&) = delete;
    Hall& operator=(const Hall&) = delete;

    void open() {
        take_in();
        auto looked = Clock::now();
        while (crew_.may_begin() && !crew_.is_done() && !all_over()) {
            std::this_thread::sleep_for(glance);
            look_round();
            if (Clock::now() - looked < breath) continue;
            take_in();
            looked = Clock::now();
        }
        for (; !all_over(); look_round()) std::this_thread::sleep_for(glance / 4);
    }

private:
    void look_round() {
        crew_.heed();
        crew_.watch();
    }
    void take_in() {
        for (auto& reader : crew_.supply.readers()) {
            workers_.push_back(std::make_unique<Worker>(crew_, std::move(reader)));
            threads_.emplace_back([worker = workers_.back().get()] { worker->run(); });
        }
        crew_.stock.want(workers_.size());
    }
    // A line that begins anew and has no reader waits for one; whoever only finishes has nothing to do there.
    bool all_over() const {
        if (workers_.empty()) return !crew_.begins_anew() || !crew_.may_begin() || crew_.is_done();
        return std::all_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->is_over.load(); });
    }

    Crew& crew_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<std::thread> threads_;
};

}  // namespace

Result<Summary> run(const Station& station, const Supply& supply, const StopWish& wish, const Patience& patience) {
    Crew crew(station, supply, wish, patience);
    std::thread preparing;
    if (crew.begins_anew())
        preparing = std::thread([&crew] {
            if (const auto filled = crew.stock.fill(crew.supply.next); !filled) crew.stop(filled.error());
        });
    { Hall(crew).open(); }
    crew.stock.close();
    if (preparing.joinable()) preparing.join();
    // All at once: a ledger that somebody holds is not waited for once a record.
    if (crew.begins_anew())
        if (const auto back = station.ledger.give_back_all(station.ledger.station()); !back) crew.stop(back.error());
    return crew.result();
}

}  // namespace idchip::line
