#include <idchip/transport/pcsc.hpp>

#include <array>
#include <cstring>

#include <fmt/format.h>
#include <reader.h>
#include <winscard.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "transport/within.hpp"

namespace idchip::transport {
namespace {

// A reply larger than the buffer is lost although the chip executed the command: always offer the largest.
constexpr std::size_t largest_reply = 65538;
// What the service may take for a question that no card has to answer.
constexpr std::chrono::milliseconds service_answers{5000};

std::uint32_t code_of(LONG rv) { return static_cast<std::uint32_t>(rv); }

Error pcsc_error(LONG rv, std::string where) {
    const auto detail = fmt::format("PC/SC {:08X}", code_of(rv));
    const auto as = [&](Errc code) { return Error(code, std::move(where), detail); };
    switch (rv) {
        case SCARD_E_NO_SERVICE:
        case SCARD_E_SERVICE_STOPPED: return as(Errc::no_service);
        case SCARD_E_UNKNOWN_READER:
        case SCARD_E_NO_READERS_AVAILABLE: return as(Errc::no_reader);
        case SCARD_E_SHARING_VIOLATION: return as(Errc::reader_busy);
        // pcsc-lite and drivers name a lost card in many ways; all of them mean: ask the chip who it is.
        case SCARD_E_NO_SMARTCARD:
        case SCARD_W_REMOVED_CARD:
        case SCARD_W_RESET_CARD:
        case SCARD_W_UNPOWERED_CARD:
        case SCARD_W_UNRESPONSIVE_CARD:
        case SCARD_E_NOT_TRANSACTED:
        case SCARD_E_CARD_UNSUPPORTED: return as(Errc::card_lost);
        default: return as(Errc::reader_failed);
    }
}

class Context {
public:
    Context() = default;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() {
        if (open_) SCardReleaseContext(context_);
    }
    Result<void> establish() {
        const LONG rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_);
        if (rv != SCARD_S_SUCCESS) return fail(Errc::no_service, "PC/SC", fmt::format("PC/SC {:08X}", code_of(rv)));
        open_ = true;
        return {};
    }
    SCARDCONTEXT get() const { return context_; }

private:
    SCARDCONTEXT context_ = 0;
    bool open_ = false;
};

Result<std::vector<std::string>> reader_names(const Context& context) {
    DWORD size = 0;
    LONG rv = SCardListReaders(context.get(), nullptr, nullptr, &size);
    if (rv == SCARD_E_NO_READERS_AVAILABLE) return std::vector<std::string>();
    if (rv != SCARD_S_SUCCESS) return fail(pcsc_error(rv, "PC/SC"));
    std::string buffer(size, '\0');
    rv = SCardListReaders(context.get(), nullptr, buffer.data(), &size);
    if (rv == SCARD_E_NO_READERS_AVAILABLE) return std::vector<std::string>();
    if (rv != SCARD_S_SUCCESS) return fail(pcsc_error(rv, "PC/SC"));
    std::vector<std::string> names;
    for (const char* p = buffer.data(); p < buffer.data() + size && *p != '\0'; p += std::strlen(p) + 1) names.emplace_back(p);
    return names;
}

Result<std::string> find_reader(const Context& context, const std::string& wanted) {
    const auto names = TRY(reader_names(context));
    std::vector<std::string> starting;
    std::string present;
    for (const auto& name : names) {
        if (name == wanted) return name;
        if (name.starts_with(wanted)) starting.push_back(name);
        present += (present.empty() ? "" : ", ") + name;
    }
    if (starting.size() == 1) return starting.front();
    if (starting.size() > 1) return fail(Errc::no_reader, wanted, "several readers begin so: " + present);
    return fail(Errc::no_reader, wanted, present.empty() ? "no reader is connected" : "present: " + present);
}

Result<void> wait_until(bool present, const Context& context, const std::string& reader, std::chrono::milliseconds limit) {
    SCARD_READERSTATE state{};
    state.szReader = reader.c_str();
    state.dwCurrentState = SCARD_STATE_UNAWARE;
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        const auto step = static_cast<DWORD>(std::clamp<std::int64_t>(left.count(), 0, 500));
        const LONG rv = SCardGetStatusChange(context.get(), step, &state, 1);
        if (rv != SCARD_S_SUCCESS && rv != SCARD_E_TIMEOUT) return fail(pcsc_error(rv, reader));
        const bool found = (state.dwEventState & SCARD_STATE_PRESENT) != 0;
        if (found == present && (state.dwEventState & SCARD_STATE_MUTE) == 0) return {};
        if (left.count() <= 0) return present ? fail(Errc::no_card, reader) : fail(Errc::deadline, reader, "the card is still in it");
        state.dwCurrentState = state.dwEventState;
    }
}

class Pcsc final : public Transport {
public:
    explicit Pcsc(std::string reader) : reader_(std::move(reader)) {}
    Pcsc(const Pcsc&) = delete;
    Pcsc& operator=(const Pcsc&) = delete;
    // Secure messaging would survive SCARD_LEAVE_CARD: the next program must not find our session.
    ~Pcsc() override {
        if (connected_) SCardDisconnect(card_, SCARD_RESET_CARD);
    }

    Result<void> open(const PcscOptions& options) {
        TRY(context_.establish());
        reader_ = TRY(find_reader(context_, reader_));
        TRY(wait_until(true, context_, reader_, options.wait_for_card));
        LONG rv =
            SCardConnect(context_.get(), reader_.c_str(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card_, &protocol_);
        if (rv == SCARD_E_NO_SMARTCARD || rv == SCARD_W_REMOVED_CARD) return fail(Errc::no_card, reader_);
        if (rv != SCARD_S_SUCCESS) return fail(pcsc_error(rv, reader_));
        connected_ = true;
        rv = SCardBeginTransaction(card_);
        if (rv != SCARD_S_SUCCESS) return fail(pcsc_error(rv, reader_));
        return {};
    }

    Result<Bytes> transmit(ByteView command) override {
        const auto* pci = protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
        DWORD size = static_cast<DWORD>(reply_.size());
        const LONG rv = SCardTransmit(card_, pci, command.data(), command.size(), nullptr, reply_.data(), &size);
        if (rv != SCARD_S_SUCCESS) {
            auto error = pcsc_error(rv, reader_);
            // In the middle of an exchange a vanished service leaves the chip in doubt, too.
            if (error.code == Errc::no_service || error.code == Errc::no_reader) error.code = Errc::reader_failed;
            return fail(std::move(error));
        }
        // A card torn out during the exchange reads as success with nothing in it.
        if (size < 2) return fail(Errc::no_answer, reader_, fmt::format("{} bytes", size));
        return Bytes(reply_.begin(), reply_.begin() + static_cast<std::ptrdiff_t>(size));
    }

    Result<Bytes> reset() override {
        const LONG rv = SCardReconnect(card_, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_RESET_CARD, &protocol_);
        if (rv != SCARD_S_SUCCESS) return fail(pcsc_error(rv, reader_));
        return read_atr();
    }

    std::string name() const override { return reader_; }

private:
    Result<Bytes> read_atr() const {
        std::array<Byte, MAX_ATR_SIZE> atr{};
        DWORD atr_size = atr.size();
        DWORD name_size = 0;
        DWORD state = 0;
        DWORD protocol = 0;
        const LONG rv = SCardStatus(card_, nullptr, &name_size, &state, &protocol, atr.data(), &atr_size);
        if (rv != SCARD_S_SUCCESS) return fail(pcsc_error(rv, reader_));
        return Bytes(atr.begin(), atr.begin() + static_cast<std::ptrdiff_t>(atr_size));
    }

    std::string reader_;
    Context context_;
    SCARDHANDLE card_ = 0;
    DWORD protocol_ = 0;
    bool connected_ = false;
    Bytes reply_ = Bytes(largest_reply);
};

}  // namespace

Result<std::vector<ReaderState>> list_readers() {
    const auto ask = []() -> Result<std::vector<ReaderState>> {
        Context context;
        TRY(context.establish());
        std::vector<ReaderState> readers;
        for (const auto& name : TRY(reader_names(context))) {
            SCARD_READERSTATE state{};
            state.szReader = name.c_str();
            ReaderState reader{name, false, false, {}};
            if (SCardGetStatusChange(context.get(), 0, &state, 1) == SCARD_S_SUCCESS) {
                reader.card_present = (state.dwEventState & SCARD_STATE_PRESENT) != 0;
                reader.in_use = (state.dwEventState & SCARD_STATE_EXCLUSIVE) != 0;
                reader.atr.assign(state.rgbAtr, state.rgbAtr + state.cbAtr);
            }
            readers.push_back(std::move(reader));
        }
        return readers;
    };
    // A service that hangs holds up nobody who only looks.
    return within<std::vector<ReaderState>>(service_answers, "PC/SC", ask);
}

Result<bool> wait_for_card(const std::string& reader, bool card_is_in, std::chrono::milliseconds at_most) {
    const auto ask = [reader, card_is_in, at_most]() -> Result<bool> {
        Context context;
        TRY(context.establish());
        const auto waited = wait_until(card_is_in, context, reader, at_most);
        if (waited) return true;
        if (waited.error().code == Errc::no_card || waited.error().code == Errc::deadline) return false;
        return fail(waited.error());
    };
    return within<bool>(at_most + service_answers, reader, ask);
}

Result<std::string> reader_serial(const std::string& reader) {
    const auto ask = [reader]() -> Result<std::string> {
        Context context;
        TRY(context.establish());
        SCARDHANDLE handle = 0;
        DWORD protocol = 0;
        const LONG rv = SCardConnect(context.get(), reader.c_str(), SCARD_SHARE_DIRECT, 0, &handle, &protocol);
        if (rv == SCARD_E_UNKNOWN_READER) return fail(pcsc_error(rv, reader));
        if (rv != SCARD_S_SUCCESS) return std::string();
        std::array<Byte, 128> value{};
        DWORD size = value.size();
        const LONG got = SCardGetAttrib(handle, SCARD_ATTR_VENDOR_IFD_SERIAL_NO, value.data(), &size);
        SCardDisconnect(handle, SCARD_LEAVE_CARD);
        if (got != SCARD_S_SUCCESS) return std::string();
        const std::string_view text(reinterpret_cast<const char*>(value.data()), size);
        return printable(trim(text.substr(0, text.find('\0'))));
    };
    return within<std::string>(service_answers, reader, ask);
}

Result<void> wait_until_removed(const std::string& reader, std::chrono::milliseconds limit) {
    Context context;
    TRY(context.establish());
    return wait_until(false, context, TRY(find_reader(context, reader)), limit);
}

Result<std::unique_ptr<Transport>> open_pcsc(const std::string& reader, const PcscOptions& options) {
    const auto open = [reader, options]() -> Result<std::unique_ptr<Transport>> {
        auto pcsc = std::make_unique<Pcsc>(reader);
        TRY(pcsc->open(options));
        return pcsc;
    };
    return with_deadline(TRY(open_within(options.deadline + options.wait_for_card, reader, open)), options.deadline);
}

}  // namespace idchip::transport
