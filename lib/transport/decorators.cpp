#include <idchip/transport/transport.hpp>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/iso7816/apdu.hpp>
#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"

namespace idchip::transport {
namespace {

class InProcess final : public Transport {
public:
    explicit InProcess(VirtualCard& card) : card_(card) { card_.power_up(); }
    InProcess(const InProcess&) = delete;
    InProcess& operator=(const InProcess&) = delete;
    ~InProcess() override { card_.power_down(); }
    Result<Bytes> transmit(ByteView command) override {
        auto response = card_.transmit(command);
        if (response.size() < 2) return fail(Errc::no_answer, name(), fmt::format("{} bytes", response.size()));
        return response;
    }
    Result<Bytes> reset() override {
        card_.power_down();
        card_.power_up();
        return card_.atr();
    }
    std::string name() const override { return "in-process"; }

private:
    VirtualCard& card_;
};

class Traced final : public Transport {
public:
    Traced(std::unique_ptr<Transport> inner, TraceSink sink) : inner_(std::move(inner)), sink_(std::move(sink)) {}
    Result<Bytes> transmit(ByteView command) override {
        const auto start = std::chrono::steady_clock::now();
        auto response = inner_->transmit(command);
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
        const auto header = to_hex(command.first(std::min<std::size_t>(4, command.size())));
        const auto c = iso7816::CommandApdu::parse(command);
        const auto sizes =
            c ? fmt::format("Lc {} Le {}", c->data.size(), c->le ? fmt::to_string(*c->le) : "-") : fmt::format("{} bytes", command.size());
        const auto result = response ? fmt::format("{} bytes, {}", response->size() - 2, iso7816::sw::describe(status(*response)))
                                     : std::string(response.error().name());
        sink_(fmt::format("{} {} -> {} ({:.1f} ms)", header, sizes, result, took.count()));
        return response;
    }
    Result<Bytes> reset() override {
        auto atr = inner_->reset();
        sink_(atr ? "reset, ATR " + to_hex(*atr) : "reset: " + std::string(atr.error().name()));
        return atr;
    }
    std::string name() const override { return inner_->name(); }

private:
    static std::uint16_t status(ByteView response) { return static_cast<std::uint16_t>(read_be(response.last(2))); }
    std::unique_ptr<Transport> inner_;
    TraceSink sink_;
};

class UnsafelyTraced final : public Transport {
public:
    UnsafelyTraced(std::unique_ptr<Transport> inner, TraceSink sink) : inner_(std::move(inner)), sink_(std::move(sink)) {}
    Result<Bytes> transmit(ByteView command) override {
        sink_("> " + to_hex(command));
        auto response = inner_->transmit(command);
        sink_(response ? "< " + to_hex(*response) : "# " + std::string(response.error().name()));
        return response;
    }
    Result<Bytes> reset() override {
        sink_(">");
        auto atr = inner_->reset();
        sink_(atr ? "< " + to_hex(*atr) : "# " + std::string(atr.error().name()));
        return atr;
    }
    std::string name() const override { return inner_->name(); }

private:
    std::unique_ptr<Transport> inner_;
    TraceSink sink_;
};

class Recorded final : public Transport {
public:
    Recorded(std::unique_ptr<Transport> inner, std::shared_ptr<Recording> into) : inner_(std::move(inner)), into_(std::move(into)) {}
    Result<Bytes> transmit(ByteView command) override {
        auto response = inner_->transmit(command);
        into_->exchanges.push_back({to_bytes(command), response.value_or(Bytes())});
        return response;
    }
    Result<Bytes> reset() override {
        auto atr = inner_->reset();
        into_->exchanges.push_back({{}, atr.value_or(Bytes())});
        return atr;
    }
    std::string name() const override { return inner_->name(); }

private:
    std::unique_ptr<Transport> inner_;
    std::shared_ptr<Recording> into_;
};

class Replay final : public Transport {
public:
    explicit Replay(Recording recording) : recording_(std::move(recording)) {}
    Result<Bytes> transmit(ByteView command) override { return next(command); }
    Result<Bytes> reset() override { return next({}); }
    std::string name() const override { return "replay"; }

private:
    Result<Bytes> next(ByteView command) {
        if (at_ >= recording_.exchanges.size()) return fail(Errc::replay_mismatch, name(), "the recording has ended");
        const auto& e = recording_.exchanges[at_];
        if (!equal(e.command, command)) return fail(Errc::replay_mismatch, name(), fmt::format("exchange {}", at_));
        ++at_;
        if (!command.empty() && e.response.size() < 2) return fail(Errc::no_answer, name());
        return e.response;
    }
    Recording recording_;
    std::size_t at_ = 0;
};

class Faulty final : public Transport {
public:
    Faulty(std::unique_ptr<Transport> inner, FaultPlan plan) : inner_(std::move(inner)), plan_(std::move(plan)) {}
    Result<Bytes> transmit(ByteView command) override {
        if (gone_) return fail(Errc::card_lost, name());
        if (count_++ != plan_.at) return inner_->transmit(command);
        switch (plan_.fault) {
            case Fault::torn_before: return tear(Errc::card_lost);
            case Fault::torn_half:
                if (plan_.cut) plan_.cut();
                [[fallthrough]];
            case Fault::torn_after: {
                const auto lost = inner_->transmit(command);
                return tear(Errc::no_answer);
            }
            case Fault::short_reply: return fail(Errc::no_answer, name(), "1 byte");
            case Fault::garbage: return Bytes{0xDE, 0xAD, 0xBE, 0xEF, 0x00, 0x99, 0x02, 0x90, 0x00, 0x12, 0x34};
            case Fault::status_word: return iso7816::ResponseApdu::of(plan_.sw).encode();
            case Fault::reader_gone: return tear(Errc::reader_failed);
        }
        return fail(Errc::internal);
    }
    Result<Bytes> reset() override {
        if (gone_) return fail(Errc::card_lost, name());
        return inner_->reset();
    }
    std::string name() const override { return inner_->name(); }

private:
    Failure tear(Errc code) {
        gone_ = true;
        if (plan_.power_off) plan_.power_off();
        return fail(code, name());
    }
    std::unique_ptr<Transport> inner_;
    FaultPlan plan_;
    std::size_t count_ = 0;
    bool gone_ = false;
};

class Counted final : public Transport {
public:
    Counted(std::unique_ptr<Transport> inner, std::shared_ptr<Counters> counters)
        : inner_(std::move(inner)), counters_(std::move(counters)) {}
    Result<Bytes> transmit(ByteView command) override {
        auto response = inner_->transmit(command);
        ++counters_->commands;
        counters_->bytes_to_chip += command.size();
        if (response) counters_->bytes_from_chip += response->size();
        return response;
    }
    Result<Bytes> reset() override { return inner_->reset(); }
    std::string name() const override { return inner_->name(); }

private:
    std::unique_ptr<Transport> inner_;
    std::shared_ptr<Counters> counters_;
};

}  // namespace

std::string Recording::to_text() const {
    std::string text;
    for (const auto& e : exchanges) text += "> " + to_hex(e.command) + "\n< " + to_hex(e.response) + "\n";
    return text;
}

Result<Recording> Recording::from_text(std::string_view text) {
    Recording recording;
    std::size_t number = 0;
    for (const auto& raw : split(text, '\n')) {
        ++number;
        const auto line = trim(raw);
        if (line.empty() || line[0] == '#') continue;
        const auto where = fmt::format("line {}", number);
        auto bytes = from_hex(trim(line.substr(1)));
        if (!bytes) return fail(std::move(bytes.error()).inside(where));
        const bool answers = !recording.exchanges.empty() && recording.exchanges.back().response.empty();
        if (line[0] == '>') recording.exchanges.push_back({std::move(*bytes), {}});
        else if (line[0] == '<' && answers) recording.exchanges.back().response = std::move(*bytes);
        else return fail(Errc::bad_field, where, "want '> command' and then '< response'");
    }
    return recording;
}

std::unique_ptr<Transport> in_process(VirtualCard& card) { return std::make_unique<InProcess>(card); }
std::unique_ptr<Transport> with_trace(std::unique_ptr<Transport> inner, TraceSink sink) {
    return std::make_unique<Traced>(std::move(inner), std::move(sink));
}

std::unique_ptr<Transport> with_unsafe_trace(std::unique_ptr<Transport> inner, TraceSink sink) {
    return std::make_unique<UnsafelyTraced>(std::move(inner), std::move(sink));
}
std::unique_ptr<Transport> with_recording(std::unique_ptr<Transport> inner, std::shared_ptr<Recording> into) {
    return std::make_unique<Recorded>(std::move(inner), std::move(into));
}
std::unique_ptr<Transport> replay(Recording recording) { return std::make_unique<Replay>(std::move(recording)); }
std::unique_ptr<Transport> with_fault(std::unique_ptr<Transport> inner, FaultPlan plan) {
    return std::make_unique<Faulty>(std::move(inner), std::move(plan));
}
std::unique_ptr<Transport> with_counters(std::unique_ptr<Transport> inner, std::shared_ptr<Counters> counters) {
    return std::make_unique<Counted>(std::move(inner), std::move(counters));
}

}  // namespace idchip::transport
