#include <idchip/line/pcsc_readers.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include <idchip/transport/pcsc.hpp>

#include "base/try.hpp"

namespace idchip::line {

std::string lasting_name(const std::string& name, const std::string& serial) {
    // " 00 01": the reader's number and its slot, both in hexadecimal.
    if (name.size() < 6 || name[name.size() - 6] != ' ' || name[name.size() - 3] != ' ')
        return serial.empty() ? name : name + " #" + serial;
    const auto model = name.substr(0, name.size() - 6), slot = name.substr(name.size() - 3);
    if (!serial.empty() && model.find(serial) == std::string::npos) return model + " #" + serial + slot;
    // The driver puts a serial number in round brackets.
    return !serial.empty() || model.ends_with(')') ? model + slot : name;
}

// Which of today's names is whose.
struct PcscReaders::Names {
    std::mutex mutex;
    std::map<std::string, std::string> lasting;  // by the name of today
    std::set<std::string> given_out;             // lasting names

    // Errors: transport.no_service.
    Result<void> look() {
        std::vector<std::string> present;
        for (auto& reader : TRY(transport::list_readers())) present.push_back(std::move(reader.name));
        const std::scoped_lock lock(mutex);
        std::erase_if(lasting, [&](const auto& known) { return std::find(present.begin(), present.end(), known.first) == present.end(); });
        for (const auto& name : present) {
            if (lasting.contains(name)) continue;
            const auto own = lasting_name(name, transport::reader_serial(name).value_or(std::string()));
            // Readers that all tell one serial number tell none.
            const bool is_anothers = std::any_of(lasting.begin(), lasting.end(), [&](const auto& known) { return known.second == own; });
            lasting[name] = is_anothers ? name : own;
        }
        return {};
    }
    std::optional<std::string> today(const std::string& lasting_name) {
        const std::scoped_lock lock(mutex);
        for (const auto& [name, of] : lasting)
            if (of == lasting_name) return name;
        return std::nullopt;
    }
};

namespace {

class PcscReader final : public Reader {
public:
    PcscReader(std::string name, std::shared_ptr<PcscReaders::Names> names, std::chrono::milliseconds deadline)
        : name_(std::move(name)), names_(std::move(names)), deadline_(deadline) {}

    const std::string& name() const override { return name_; }

    Result<bool> wait(bool card_is_in, std::chrono::milliseconds at_most) override {
        auto seen = transport::wait_for_card(TRY(today()), card_is_in, at_most);
        if (!seen) TRY(names_->look());
        return seen;
    }

    Result<std::unique_ptr<transport::Transport>> open() override { return transport::open_pcsc(TRY(today()), {deadline_, {}}); }

private:
    Result<std::string> today() {
        if (const auto name = names_->today(name_)) return *name;
        TRY(names_->look());
        if (const auto name = names_->today(name_)) return *name;
        return fail(Errc::no_reader, name_, "it is not plugged in");
    }

    std::string name_;
    std::shared_ptr<PcscReaders::Names> names_;
    std::chrono::milliseconds deadline_;
};

}  // namespace

PcscReaders::PcscReaders(std::vector<std::string> wanted, std::chrono::milliseconds deadline)
    : wanted_(std::move(wanted)), deadline_(deadline), names_(std::make_shared<Names>()) {}
PcscReaders::~PcscReaders() = default;

Result<std::vector<std::unique_ptr<Reader>>> PcscReaders::newcomers() {
    TRY(names_->look());
    std::vector<std::unique_ptr<Reader>> readers;
    const std::scoped_lock lock(names_->mutex);
    for (const auto& [today, lasting] : names_->lasting) {
        const auto is_meant = [&, &name = today, &own = lasting](const std::string& beginning) {
            return name.starts_with(beginning) || own.starts_with(beginning);
        };
        if (!wanted_.empty() && std::none_of(wanted_.begin(), wanted_.end(), is_meant)) continue;
        if (names_->given_out.insert(lasting).second) readers.push_back(std::make_unique<PcscReader>(lasting, names_, deadline_));
    }
    return readers;
}

}  // namespace idchip::line
