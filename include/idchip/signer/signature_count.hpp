// How many signatures a key has made: durable, and never less than the truth. Signatures are reserved before they are made; what is left
// open by a run that was cut off counts as made until that run settles it.
#pragma once

#include <cstdint>
#include <filesystem>

#include <idchip/base/time.hpp>

namespace idchip::signer {

class SignatureCount {
public:
    struct Reservation {
        std::string id;   // of this reservation
        std::string job;  // who made it: settled by the same one
        std::uint64_t count = 0;
    };

    // The file is made by the first reservation. `certificate` is the fingerprint of the key's certificate.
    SignatureCount(std::filesystem::path file, std::string certificate) : file_(std::move(file)), certificate_(std::move(certificate)) {}

    // Made, or perhaps made. Errors: signer.bad_counter (damaged, or of another key), io.*.
    Result<std::uint64_t> used() const;
    // Before signing. Nothing is reserved where an error is told. Errors: signer.limit when it would be more than `most` (0: no limit), as used.
    Result<Reservation> reserve(std::uint64_t count, std::uint64_t most, const std::string& job);
    // Afterwards: so many of them were made. Twice is no error and changes nothing. Errors: as used.
    Result<void> settle(const Reservation& reservation, std::uint64_t made);
    // What earlier runs of this job left open. Errors: as used.
    Result<std::vector<Reservation>> left_open(const std::string& job) const;

private:
    struct State;
    Result<State> read() const;
    Result<void> write(const State& state) const;

    std::filesystem::path file_;
    std::string certificate_;
};

}  // namespace idchip::signer
