// idchip card probe, dump, reset-sim, and idchip apdu: for people at a bench.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/inspect/reader.hpp>
#include <idchip/iso7816/status_word.hpp>
#include <idchip/personalize/run.hpp>
#include <idchip/personalize/link.hpp>

#include "access_options.hpp"
#include "base/try.hpp"
#include "card_key_options.hpp"
#include "reader_options.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    ReaderOptions reader;
    AccessOptions access;
    CardKeyOptions keys;
    std::vector<std::string> profiles, commands;
    std::string profile, out, state;
    bool json = false;
};

// --- probe: what the card is, by harmless questions alone

// Card production life cycle data (GPC 2.3.1, H.6), where there is a GlobalPlatform card manager.
std::string production_data(transport::Transport& t) {
    constexpr Byte ins_get_data = 0xCA;
    const auto ask = [&](const iso7816::CommandApdu& c) -> Result<iso7816::ResponseApdu> {
        return iso7816::ResponseApdu::parse(TRY(t.transmit(TRY(c.encode()))));
    };
    const auto selected = ask({0x00, iso7816::ins::select, 0x04, 0x00, {}, 256});
    if (!selected || !selected->ok()) return {};
    const auto answer = ask({0x80, ins_get_data, 0x9F, 0x7F, {}, 256});
    return answer && answer->ok() ? to_hex(answer->data) : std::string();
}

Result<int> run_probe(const Options& o) {
    const auto transport = TRY(open_reader(o.reader));
    Json j = {{"reader", transport->name()}, {"atr", to_hex(TRY(transport->reset()))}, {"profiles", Json::array()}};
    std::string text = fmt::format("{}: ATR {}\n", transport->name(), j["atr"].get<std::string>());
    for (const auto& name : o.profiles.empty() ? profile::profile_names() : o.profiles) {
        const auto p = TRY(profile::load_profile(name));
        const auto found = personalize::identify(*transport, p, system_rng());
        if (!found && found.error().code != Errc::profile_mismatch) return fail(found.error());
        const auto state = found ? std::string(profile::name(found->state)) : "not this kind";
        const auto detail = found ? (found->serial.empty() ? std::string() : "serial " + to_hex(found->serial)) : found.error().detail;
        j["profiles"].push_back({{"profile", p.name}, {"state", state}, {"detail", detail}});
        text += fmt::format("  {:<24} {:<30} {}\n", p.name, state, printable(detail));
    }
    TRY(transport->reset());
    if (const auto data = production_data(*transport); !data.empty()) {
        j["production_data"] = data;
        text += fmt::format("  {:<24} {}\n", "production data", data);
    }
    TRY(print(o.json ? j.dump(1) + "\n" : text));
    return 0;
}

// --- dump: the files of a finished chip

Result<int> run_dump(const Options& o) {
    const auto request = TRY(read_request(o.access));
    const auto transport = TRY(open_reader(o.reader));
    const auto evidence = TRY(inspect::read_chip(*transport, request, system_rng(), now()));
    TRY(inspect::save_dump(evidence, o.out));
    for (const auto& [ef, file] : evidence.files)
        TRY(print(fmt::format("{:<16} {}\n", lds::name(ef),
                              file.content         ? fmt::format("{} bytes", file.content->size())
                              : file.error.empty() ? iso7816::sw::describe(file.sw)
                                                   : file.error)));
    return 0;
}

// --- reset-sim: the simulated card is a new one

Result<int> run_reset(const Options& o) {
    std::error_code error;
    if (!std::filesystem::remove(o.state, error))
        return fail(Errc::not_found, o.state, error ? error.message() : "no simulated card is kept there");
    TRY(print("the next `idchip sim --state " + o.state + "` is a new card\n"));
    return 0;
}

// --- apdu

Result<iso7816::CommandApdu> read_command(const std::string& text) {
    auto bytes = from_hex(text);
    auto command = bytes ? iso7816::CommandApdu::parse(*bytes) : Result<iso7816::CommandApdu>(fail(std::move(bytes.error())));
    if (!command) return fail(std::move(command.error()).inside("\"" + printable(text) + "\""));
    return command;
}

Result<int> run_apdu(const Options& o) {
    std::vector<profile::PlannedCommand> commands;
    for (const auto& text : o.commands) {
        profile::PlannedCommand c;
        c.apdu = TRY(read_command(text));
        commands.push_back(std::move(c));
    }
    const auto p = o.profile.empty() ? profile::Profile() : TRY(profile::load_profile(o.profile));
    const auto keys = TRY(open_card_keys(o.keys, p));
    const auto transport = TRY(open_reader(o.reader));
    TRY(transport->reset());
    personalize::Link link(*transport, p, system_rng());
    if (!o.profile.empty()) {
        const auto found = TRY(personalize::identify(*transport, p, system_rng()));
        TRY(link.open(keys.get(), found.serial));
    }
    Json list = Json::array();
    std::uint16_t last = 0;
    for (const auto& c : commands) {
        const auto answer = TRY(link.exchange(c));
        last = answer.sw;
        list.push_back({{"data", to_hex(answer.data)}, {"sw", fmt::format("{:04X}", answer.sw)}});
        if (!o.json)
            TRY(print(fmt::format("{}{}{}\n", to_hex(answer.data), answer.data.empty() ? "" : " ", iso7816::sw::describe(answer.sw))));
    }
    if (o.json) TRY(print(list.dump(1) + "\n"));
    return last == iso7816::sw::ok ? 0 : info(Errc::chip_refused).exit_code;
}

}  // namespace

void add_card(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("card", "look at a card: what it is, what is on it");
    group->require_subcommand(1);
    const auto o = std::make_shared<Options>();
    auto* probe = group->add_subcommand("probe", "which profile the card fits and what state it is in, by harmless questions alone");
    add_reader_options(*probe, o->reader);
    probe->add_option("--profile", o->profiles, "only these profiles (default: all that are found)");
    probe->add_flag("--json", o->json, "as JSON");
    probe->footer("Example:\n  idchip card probe --reader \"Virtual PCD 00 00\"");
    probe->callback([o, &chosen] { chosen = [o] { return run_probe(*o); }; });
    auto* dump = group->add_subcommand("dump", "every file that can be read, as files of a folder (personal data)");
    add_reader_options(*dump, o->reader);
    add_access_options(*dump, o->access);
    dump->add_option("--out", o->out, "folder")->required();
    dump->footer("Example:\n  idchip card dump --mrz mrz.txt --out dump/");
    dump->callback([o, &chosen] { chosen = [o] { return run_dump(*o); }; });
    auto* reset = group->add_subcommand("reset-sim", "a simulated card is forgotten: the next one is new");
    reset->add_option("--state", o->state, "file of `idchip sim --state`")->required();
    reset->footer("Example:\n  idchip card reset-sim --state chip.json");
    reset->callback([o, &chosen] { chosen = [o] { return run_reset(*o); }; });
}

void add_apdu(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("apdu", "send commands as they are, in the clear or through a profile's secure channel");
    const auto o = std::make_shared<Options>();
    verb->add_option("commands", o->commands, "command APDUs, hexadecimal; one after the other in one session")->required();
    add_reader_options(*verb, o->reader);
    verb->add_option("--profile", o->profile, "open the channel of this profile first");
    add_card_key_options(*verb, o->keys);
    verb->add_flag("--json", o->json, "as JSON");
    verb->footer(
        "Answers stand on standard output as they come: what they hold is yours to protect.\n"
        "Exit code 0 when the last answer is 9000, else 5.\n"
        "Example:\n  idchip apdu 00A4040C07A0000002471001 0084000008");
    verb->callback([o, &chosen] { chosen = [o] { return run_apdu(*o); }; });
}

}  // namespace idchip::cli
