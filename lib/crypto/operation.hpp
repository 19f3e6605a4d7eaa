// Prepared operations of a key. Setting one up can cost a tenth of running it, so a key keeps those that were used; each serves one thread
// at a time.
#pragma once

#include <mutex>

#include <idchip/crypto/key.hpp>

namespace idchip::crypto {

class Signing {
public:
    virtual ~Signing() = default;
    virtual Result<Bytes> sign(ByteView digest) = 0;  // ECDSA: DER
};

class Verifying {
public:
    virtual ~Verifying() = default;
    virtual Result<void> verify(ByteView digest, ByteView signature) = 0;  // ECDSA: DER. Errors: crypto.bad_signature, crypto.failed
};

template <class Operation>
class OperationPool {
public:
    // Runs `use` with an idle operation for this algorithm, or with one that `make` gives.
    template <class Make, class Use>
    auto with(const SignatureAlgorithm& algorithm, Make make, Use use) -> decltype(use(std::declval<Operation&>())) {
        auto operation = take(algorithm);
        if (!operation) {
            auto made = make();
            if (!made) return fail(std::move(made.error()));
            operation = std::move(*made);
        }
        auto result = use(*operation);
        // One that has failed is not used again: who knows what it is left with.
        if (result) give_back(algorithm, std::move(operation));
        return result;
    }

private:
    struct Idle {
        SignatureAlgorithm algorithm;
        std::unique_ptr<Operation> operation;
    };
    std::unique_ptr<Operation> take(const SignatureAlgorithm& algorithm) {
        const std::scoped_lock lock(mutex_);
        for (auto it = idle_.begin(); it != idle_.end(); ++it) {
            if (it->algorithm != algorithm) continue;
            auto operation = std::move(it->operation);
            idle_.erase(it);
            return operation;
        }
        return nullptr;
    }
    void give_back(const SignatureAlgorithm& algorithm, std::unique_ptr<Operation> operation) {
        const std::scoped_lock lock(mutex_);
        if (idle_.size() < 64) idle_.push_back({algorithm, std::move(operation)});
    }

    std::mutex mutex_;
    std::vector<Idle> idle_;
};

}  // namespace idchip::crypto
