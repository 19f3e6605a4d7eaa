// idchip qr: the QR code of the Vietnamese card, made from a record or read from its text.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/national/vietnam/qr.hpp>
#include <idchip/national/vietnam/qr_image.hpp>
#include <idchip/record/source.hpp>

#include "base/try.hpp"
#include "record_options.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

struct Options {
    std::string file, card, only, svg, pbm;
    bool text = false, json = false;
};

// A record gives the text that its card will carry.
Result<std::string> text_of_record(const Options& o) {
    const auto settings = TRY(record_settings(o.card));
    const auto source = TRY(record::open_records(o.file));
    record::RawRecord raw;
    while (TRY(source->next(raw))) {
        const auto checked = record::check(raw, settings);
        if (!o.only.empty() && checked.id != o.only) continue;
        if (!checked.record) return fail(Errc::bad_field, checked.id, "the record has problems; see `idchip record check`");
        if (vietnam::info(checked.record->card).qr == vietnam::QrForm::none)
            return fail(Errc::bad_field, checked.id + "/card", "this card has no QR code");
        return vietnam::make_qr_text(checked.record->details, checked.record->card).write();
    }
    return fail(Errc::bad_field, o.file, o.only.empty() ? "no records" : "no record is called " + o.only);
}

// The text itself has bars and is no JSON; everything else is records.
Result<std::string> text_of(const Options& o) {
    if (o.file != "-" && !o.file.ends_with(".csv") && !o.file.ends_with(".jsonl") && !o.file.ends_with(".json")) {
        const auto text = TRY(read_text(o.file, 1U << 20U));
        if (!trim(text).starts_with('{')) return std::string(trim(text));
    }
    return text_of_record(o);
}

std::string date_text(const std::optional<Date>& date) { return date ? to_iso(*date) : std::string(); }

std::string fields_json(const vietnam::QrText& qr) {
    nlohmann::ordered_json j;
    j["form"] = qr.form == vietnam::QrForm::fields_7 ? "2021" : "2024";
    j["personal_number"] = qr.personal_number;
    j["old_number"] = qr.old_number;
    j["full_name"] = qr.full_name;
    j["birth_date"] = date_text(qr.birth_date);
    j["sex"] = std::string(1, qr.sex);
    j["residence"] = qr.residence;
    j["issue_date"] = date_text(qr.issue_date);
    j["extra"] = qr.extra;
    for (const auto& n : qr.notes) j["tolerances"].push_back(n.id);
    return j.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string fields_text(const vietnam::QrText& qr) {
    std::string text;
    const auto line = [&text](std::string_view name, std::string_view value) {
        if (!value.empty()) text += fmt::format("{:<16}{}\n", name, printable(value));
    };
    line("form", qr.form == vietnam::QrForm::fields_7 ? "2021" : "2024");
    line("personal number", qr.personal_number);
    line("old number", qr.old_number);
    line("full name", qr.full_name);
    line("birth", date_text(qr.birth_date));
    line("sex", std::string(1, qr.sex));
    line("residence", qr.residence);
    line("issued", date_text(qr.issue_date));
    for (const auto& extra : qr.extra) line("extra", extra);
    for (const auto& n : qr.notes) line("tolerance", n.id);
    return text;
}

Result<int> run(const Options& o) {
    const auto text = TRY(text_of(o));
    const auto qr = TRY(vietnam::QrText::parse(text));
    const auto symbol = TRY(vietnam::make_qr_symbol(text));
    if (!o.svg.empty()) TRY(write_text(o.svg, vietnam::to_svg(symbol)));
    if (!o.pbm.empty()) TRY(write_file(o.pbm, vietnam::to_pbm(symbol)));
    if (o.text) TRY(print(text + "\n"));
    else if (o.json) TRY(print(fields_json(qr)));
    else TRY(print(vietnam::to_half_blocks(symbol) + fields_text(qr)));
    return 0;
}

}  // namespace

void add_qr(CLI::App& app, Action& chosen) {
    auto* verb = app.add_subcommand("qr", "the QR code of the Vietnamese card: from a record, or from its text");
    const auto o = std::make_shared<Options>();
    verb->add_option("file", o->file, "records (JSON Lines, CSV), or a file with the text of a QR code; - for records on standard input")
        ->required();
    add_card_option(*verb, o->card);
    verb->add_option("--only", o->only, "this record; the first one otherwise");
    verb->add_option("--svg", o->svg, "write the symbol as SVG, 18 mm wide");
    verb->add_option("--pbm", o->pbm, "write the symbol as PBM");
    verb->add_flag("--text", o->text, "print the text only");
    verb->add_flag("--json", o->json, "print the fields as JSON");
    verb->footer("Example:\n  idchip qr people/records.jsonl --only S7-000001 --svg qr.svg");
    verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace idchip::cli
