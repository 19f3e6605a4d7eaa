// How the chip is opened: what is printed on the document or known to its holder.
#pragma once

#include <CLI/CLI.hpp>

#include <idchip/inspect/reader.hpp>

namespace idchip::cli {

struct AccessOptions {
    std::string mrz, number, birth, expiry, can, pin, puk;
    std::vector<std::string> pace;
    std::string terminal_key, terminal_passphrase_file, terminal_pin_file;
    std::vector<std::string> cvc;
    bool no_bac = false, no_pace = false;

    bool empty() const { return mrz.empty() && number.empty() && can.empty() && pin.empty() && puk.empty(); }
};

void add_access_options(CLI::App& verb, AccessOptions& options);
// Reads the zone and secrets where the options say so. Errors: input.*, mrz.*.
Result<inspect::ReadRequest> read_request(const AccessOptions& options);

}  // namespace idchip::cli
