// The team's side: checked records into sealed bundles, without a network.
#pragma once

#include <memory>

#include <idchip/bundle/bundle.hpp>
#include <idchip/record/intake.hpp>

namespace idchip::bundle {

struct PackOptions {
    record::IntakeOptions intake;
    pki::Certificate team;
    std::shared_ptr<const crypto::SigningKey> key;
    pki::Certificate centre;           // whom the bundles are encrypted to
    std::filesystem::path out;         // "day.idb"; several become day-1.idb, day-2.idb ...
    std::filesystem::path count_file;  // holds the number of the team's last bundle; made when missing
    std::size_t most_bytes = usual_content;
    Instant now;
};

struct MadeBundle {
    std::filesystem::path file;
    Manifest manifest;
};

// Memory: one bundle, a few times over, and what the duplicate search of record::Intake needs.
class Packer {
public:
    // Looks at everything that can be wrong before a record is read, since the next network may be days away.
    // Errors: pki.refused (a certificate is not valid now, has no team's name or may not sign; key and certificate do not belong
    // together; nothing can be encrypted to the centre), io.exists.
    static Result<Packer> create(PackOptions options);
    Packer(Packer&&) noexcept;
    Packer& operator=(Packer&&) = delete;
    ~Packer();

    // As record::Intake::run; records without errors go into a bundle, `report` gets all. Errors: as there; crypto.*, token.*, io.*.
    Result<void> add(record::Source& source, const std::string& file, const std::function<Result<void>(const record::Checked&)>& report);
    // Writes what is left; nothing is made of no records. Each file is there whole or not at all. Errors: as `add`.
    Result<std::vector<MadeBundle>> finish();
    const record::Totals& totals() const;

private:
    struct Impl;
    explicit Packer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace idchip::bundle
