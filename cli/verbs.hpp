// The verbs of `idchip`. Each adds its options to the program and returns its exit code when it ran.
#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include <idchip/base/result.hpp>

namespace idchip::cli {

// What a verb does once its options are parsed: its exit code, or an error that main prints as one line.
using Action = std::function<Result<int>()>;

// Each registers one verb and stores its action into `chosen` when the user picked it.
void add_sample(CLI::App& app, Action& chosen);
void add_pki(CLI::App& app, Action& chosen);
void add_readers(CLI::App& app, Action& chosen);
void add_sim(CLI::App& app, Action& chosen);
void add_personalize(CLI::App& app, Action& chosen);
void add_perso(CLI::App& app, Action& chosen);
void add_profile(CLI::App& app, Action& chosen);
void add_card(CLI::App& app, Action& chosen);
void add_apdu(CLI::App& app, Action& chosen);
void add_qr(CLI::App& app, Action& chosen);
void add_record(CLI::App& app, Action& chosen);
void add_release(CLI::App& app, Action& chosen);
void add_verify(CLI::App& app, Action& chosen);
void add_judge(CLI::App& app, Action& chosen);
void add_show(CLI::App& app, Action& chosen);
void add_sod(CLI::App& app, Action& chosen);
void add_cvc(CLI::App& app, Action& chosen);
void add_trust(CLI::App& app, Action& chosen);
void add_keys(CLI::App& app, Action& chosen);
void add_line(CLI::App& app, Action& chosen);
void add_ledger(CLI::App& app, Action& chosen);
void add_report(CLI::App& app, Action& chosen);
void add_vectors(CLI::App& app, Action& chosen);

}  // namespace idchip::cli
