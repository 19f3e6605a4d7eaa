#include <csignal>

#include <sys/prctl.h>
#include <sys/resource.h>

#include <fmt/format.h>

#include "terminal.hpp"
#include "verbs.hpp"

namespace {

// Keys and personal data must not end in a core file.
void forbid_core_files() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

constexpr auto footer = R"(Examples:
  idchip sample --count 3 --seed 7 --out people/
  idchip pki init --out pki/
  idchip personalize people/records.jsonl --reader "Virtual PCD 00 00" --profile jmrtd-applet --pki pki/
  idchip verify --reader "Virtual PCD 00 00" --mrz mrz.txt --trust pki/trust

Exit codes: 0 ACCEPT or done, 1 ACCEPT* (or a failed vector), 2 REFER, 3 REJECT, 4 CANNOT, 5 chip not read,
10-50 personalization, 64 usage, 65 bad input, 66 missing input, 70 internal, 74 input/output. See idchip(1).)";

}  // namespace

int main(int argc, char** argv) {
    using namespace idchip;
    forbid_core_files();
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app("Personalizes and verifies ICAO Doc 9303 chips", "idchip");
    app.set_version_flag("--version", std::string("idchip ") + IDCHIP_VERSION);
    app.require_subcommand(1);
    app.footer(footer);
    app.get_formatter()->column_width(38);
    cli::Action chosen;
    for (const auto add : {cli::add_sample, cli::add_pki,    cli::add_readers, cli::add_sim,         cli::add_record, cli::add_qr,
                           cli::add_card,   cli::add_apdu,   cli::add_profile, cli::add_personalize, cli::add_perso,  cli::add_verify,
                           cli::add_judge,  cli::add_show,   cli::add_sod,     cli::add_cvc,         cli::add_trust,  cli::add_keys,
                           cli::add_line,   cli::add_ledger, cli::add_release, cli::add_report,      cli::add_vectors})
        add(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        // Help and version end well; everything else is a usage error, whatever CLI11's own number for it.
        return app.exit(e) == 0 ? 0 : info(Errc::bad_usage).exit_code;
    }
    try {
        auto code = chosen();
        if (code) return *code;
        cli::print_error(code.error());
        return info(code.error().code).exit_code;
    } catch (const std::exception& e) {
        cli::print_error(Error(Errc::internal, {}, e.what()));
        return info(Errc::internal).exit_code;
    }
}
