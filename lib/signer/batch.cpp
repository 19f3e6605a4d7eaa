#include <thread>

#include <fmt/format.h>

#include <idchip/signer/batch.hpp>

#include "base/try.hpp"

namespace idchip::signer {
namespace {

// A lot goes to one signer; the types in it are one type.
struct Gathered {
    std::vector<BatchItem> items;
    std::optional<BatchItem> held_back;  // the first of another type
};

class Batch {
public:
    Batch(const std::function<Result<std::optional<BatchItem>>()>& next, Rotation& signers, BatchOutput& output,
          const BatchOptions& options)
        : next_(next), signers_(signers), output_(output), options_(options) {}

    Result<BatchResult> run() {
        for (const auto& signer : signers_.signers())
            TRY(signer->settle_left_open(options_.job, [&](const std::string& lot) { return output_.count_of(lot); }));
        for (;;) {
            auto items = TRY(gather());
            if (items.empty()) return result_;
            TRY(sign(items));
            result_.signed_now += items.size();
            if (options_.progress) options_.progress(result_.signed_now + result_.found_signed);
        }
    }

private:
    Result<std::vector<BatchItem>> gather() {
        std::vector<BatchItem> items;
        while (items.size() < options_.lot) {
            auto item = held_back_ ? std::exchange(held_back_, std::nullopt) : TRY(next_());
            if (!item) break;
            if (output_.has(item->id) || !in_this_lot_.insert(item->id).second) {
                ++result_.found_signed;
                continue;
            }
            if (!items.empty() && items.front().document_type != item->document_type) {
                in_this_lot_.erase(item->id);
                held_back_ = std::move(item);
                break;
            }
            items.push_back(std::move(*item));
        }
        in_this_lot_.clear();
        return items;
    }

    Result<void> sign(const std::vector<BatchItem>& items) {
        const auto at = options_.signing_time.value_or(options_.now);
        auto* signer = TRY(signers_.next(items.front().document_type, {options_.now, at}, items.size()));
        const auto lot = TRY(signer->open_lot(items.size(), options_.job));
        auto signatures = sign_all(items, *signer, at);
        // Whatever has been signed leaves, also where one of them failed.
        std::vector<BatchOutput::Line> lines;
        std::optional<Error> failure;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (signatures[i]) lines.push_back({items[i].id, std::move(*signatures[i])});
            else if (!failure) failure = std::move(signatures[i].error()).inside(items[i].id);
        }
        TRY(output_.append(signer->certificate().fingerprint(), lot->id(), lines));
        TRY(lot->settle(lines.size()));
        if (failure) return fail(std::move(*failure));
        return {};
    }

    std::vector<Result<Bytes>> sign_all(const std::vector<BatchItem>& items, DocumentSigner& signer, Instant at) const {
        std::vector<Result<Bytes>> signatures(items.size());
        std::atomic<std::size_t> next = 0;
        std::atomic<bool> stop = false;
        const auto work = [&] {
            for (std::size_t i = next++; i < items.size(); i = next++) {
                // After a failure nothing more is asked of a signer: a token that is lost would be asked a hundred times.
                if (stop) {
                    signatures[i] = fail(Errc::signer_refused, {}, "not tried");
                    continue;
                }
                signatures[i] = sign_security_object(items[i].object, signer, at);
                if (!signatures[i]) stop = true;
            }
        };
        std::vector<std::jthread> threads;
        for (unsigned t = 1; t < options_.threads; ++t) threads.emplace_back(work);
        work();
        threads.clear();
        return signatures;
    }

    const std::function<Result<std::optional<BatchItem>>()>& next_;
    Rotation& signers_;
    BatchOutput& output_;
    const BatchOptions& options_;
    BatchResult result_;
    std::optional<BatchItem> held_back_;
    std::unordered_set<std::string> in_this_lot_;
};

}  // namespace

Result<BatchResult> sign_batch(const std::function<Result<std::optional<BatchItem>>()>& next, Rotation& signers, BatchOutput& output,
                               const BatchOptions& options) {
    return Batch(next, signers, output, options).run();
}

}  // namespace idchip::signer
