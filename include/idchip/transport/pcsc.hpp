// PC/SC readers through pcsc-lite.
#pragma once

#include <idchip/transport/transport.hpp>

namespace idchip::transport {

struct ReaderState {
    std::string name;
    bool card_present = false;
    bool in_use = false;  // another program holds the card exclusively
    Bytes atr;
};

// Errors: transport.no_service. No reader is an empty list.
Result<std::vector<ReaderState>> list_readers();

struct PcscOptions {
    std::chrono::milliseconds deadline{10'000};  // of each transmit
    std::chrono::milliseconds wait_for_card{0};  // how long to wait for one to be put in
};

// Connects exclusively and holds a transaction; the card is reset when the transport dies. `reader` is the full name, or the
// beginning of exactly one. Errors: transport.no_service, no_reader (lists those present), no_card, reader_busy.
Result<std::unique_ptr<Transport>> open_pcsc(const std::string& reader, const PcscOptions& options);

// Whether a card is in the reader (or out of it); waits at most so long for that, and little longer if the service hangs.
// Errors: transport.*: the reader or the service is gone.
Result<bool> wait_for_card(const std::string& reader, bool card_is_in, std::chrono::milliseconds at_most);
// The serial number that the reader itself tells; empty: it tells none, or another program has it. Errors: transport.no_service, no_reader.
Result<std::string> reader_serial(const std::string& reader);

// Waits until the reader is empty, so that one card is never taken for the next. Errors: transport.*, transport.deadline.
Result<void> wait_until_removed(const std::string& reader, std::chrono::milliseconds limit);

}  // namespace idchip::transport
