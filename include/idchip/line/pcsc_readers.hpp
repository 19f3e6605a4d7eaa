// The readers of this machine for a line.
#pragma once

#include <idchip/line/crew.hpp>

namespace idchip::line {

// What a reader is called for good: pcsc-lite counts readers anew whenever one is plugged in. With a serial number, its own or that within
// its name, the count is left out. "ACS ACR1252 [PICC] 00 01" with "X7" becomes "ACS ACR1252 [PICC] #X7 01"; without one it stays as it is.
std::string lasting_name(const std::string& pcsc_name, const std::string& serial);

// Gives out each reader once, when it is seen first; one that comes back under another name is the same. `wanted`: beginnings of names or of
// lasting names; empty: all. `deadline`: of each transmit.
class PcscReaders {
public:
    PcscReaders(std::vector<std::string> wanted, std::chrono::milliseconds deadline);
    ~PcscReaders();
    PcscReaders(const PcscReaders&) = delete;
    PcscReaders& operator=(const PcscReaders&) = delete;
    // Errors: transport.no_service.
    Result<std::vector<std::unique_ptr<Reader>>> newcomers();

    struct Names;

private:
    std::vector<std::string> wanted_;
    std::chrono::milliseconds deadline_;
    std::shared_ptr<Names> names_;
};

}  // namespace idchip::line
