// idchip pki masterlist, deviations: what a State says of other States' CSCAs, and of its own documents.
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/pki/deviation_list.hpp>
#include <idchip/pki/master_list.hpp>

#include "base/try.hpp"
#include "key_files.hpp"
#include "pki.hpp"
#include "signer_folder.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::json;

struct Options {
    std::string signer, out, signing_time, input;
    std::vector<std::string> certificates, csca;
    SignerAccess access;
};

Result<Instant> signing_time(const Options& o) { return o.signing_time.empty() ? now() : parse_iso_instant(o.signing_time); }

Result<std::vector<pki::Certificate>> read_certificates(const std::vector<std::string>& files) {
    std::vector<pki::Certificate> list;
    for (const auto& file : files) list.push_back(TRY(read_certificate(file)));
    return list;
}

Result<int> run_masterlist(const Options& o) {
    if (std::filesystem::exists(o.out)) return fail(Errc::already_exists, o.out);
    const auto certificates = TRY(read_certificates(o.certificates));
    const auto signer = TRY(open_signer(o.signer, o.access, signer::Purpose::master_lists));
    const auto when = TRY(signing_time(o));
    for (const auto at : {now(), when}) TRY(signer->may_sign({}, at));  // no list is dated back to when the key was good
    const auto list = TRY(pki::build_master_list(certificates, *signer, TRY(read_certificates(o.csca)), when));
    TRY(write_file(o.out, list));
    TRY(print(fmt::format("master list of {} certificates, signed by {}, in {}\n", certificates.size(),
                          signer->certificate().subject.text(), o.out)));
    return 0;
}

Result<Instant> day(const Json& j, bool last) {
    return start_of(TRY(parse_iso_date(j.get<std::string>()))) + (last ? seconds_per_day - 1 : 0);
}

Result<pki::DeviationDocuments> documents_from(const Json& j) {
    pki::DeviationDocuments d;
    for (const auto& [key, value] : j.items()) {
        if (key == "type") d.document_type = value.get<std::string>();
        else if (key == "numbers") d.document_numbers = value.get<std::vector<std::string>>();
        else if (key == "signer") {
            const auto c = TRY(read_certificate(value.get<std::string>()));
            d.issuer_and_serial = pki::DeviationDocuments::IssuerAndSerial{c.issuer, c.serial};
        } else if (key == "issued") {
            d.issuing_date = pki::DeviationDocuments::Period{TRY(day(value.at("from"), false)), TRY(day(value.at("until"), true))};
        } else {
            return fail(Errc::bad_field, "documents/" + key, "unknown; there are type, signer, issued, numbers");
        }
    }
    return d;
}

Result<pki::DeviationDescription> description_from(const Json& j) {
    const auto text = j.at("kind").get<std::string>();
    const auto kind = pki::deviation_kind_by_name(text);
    if (!kind) return fail(Errc::bad_field, "kind", text + ": want a name of Doc 9303-12, 10.2, as LDS-DGHashWrong");
    std::optional<pki::DeviationParameter> parameter;
    if (j.contains("parameter")) parameter = pki::DeviationParameter{j["parameter"].get<std::int64_t>(), {}};
    return pki::DeviationDescription::of(*kind, parameter, j.value("text", std::string()));
}

Result<std::vector<pki::Deviation>> read_deviations(const std::string& file) {
    const auto text = TRY(read_text(file, 1U << 24U));
    std::vector<pki::Deviation> list;
    try {
        for (const auto& entry : Json::parse(text)) {
            const auto where = fmt::format("{}/{}", file, list.size());
            pki::Deviation deviation;
            auto documents = documents_from(entry.at("documents"));
            if (!documents) return fail(std::move(documents.error()).inside(where));
            deviation.documents = std::move(*documents);
            for (const auto& d : entry.at("descriptions")) {
                auto description = description_from(d);
                if (!description) return fail(std::move(description.error()).inside(where));
                deviation.descriptions.push_back(std::move(*description));
            }
            list.push_back(std::move(deviation));
        }
    } catch (const Json::exception& e) {
        return fail(Errc::bad_json, file, e.what());
    }
    return list;
}

Result<int> run_deviations(const Options& o) {
    if (std::filesystem::exists(o.out)) return fail(Errc::already_exists, o.out);
    const auto deviations = TRY(read_deviations(o.input));
    const auto signer = TRY(open_signer(o.signer, o.access, signer::Purpose::deviation_lists));
    const auto when = TRY(signing_time(o));
    for (const auto at : {now(), when}) TRY(signer->may_sign({}, at));  // no list is dated back to when the key was good
    const auto list = TRY(pki::build_deviation_list(deviations, std::nullopt, *signer, TRY(read_certificates(o.csca)), when));
    TRY(write_file(o.out, list));
    TRY(print(fmt::format("deviation list of {} entries, signed by {}, in {}\n", deviations.size(), signer->certificate().subject.text(),
                          o.out)));
    return 0;
}

void add_list_options(CLI::App& verb, Options& o) {
    verb.add_option("--signer", o.signer, "folder of the signer, made by `pki ds --purpose ...`")->required();
    verb.add_option("--csca", o.csca, "certificate of the CSCA that has certified the signer; it goes into the list")->required();
    verb.add_option("--out", o.out, "where the list goes, DER")->required();
    verb.add_option("--signing-time", o.signing_time, "YYYY-MM-DDThh:mm:ssZ; default: now");
    add_signer_options(verb, o.access);
}

}  // namespace

void add_pki_masterlist(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("masterlist", "sign a list of the CSCA certificates that this State trusts");
    const auto o = std::make_shared<Options>();
    verb->add_option("certificates", o->certificates, "CSCA certificates")->required();
    add_list_options(*verb, *o);
    verb->footer("Example:\n  idchip pki masterlist trusted/*.cer --signer mls --csca pki/trust/csca.cer --out VN.ml");
    verb->callback([o, &chosen] { chosen = [o] { return run_masterlist(*o); }; });
}

void add_pki_deviations(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("deviations", "sign a list of known faults of this State's documents");
    const auto o = std::make_shared<Options>();
    verb->add_option(
            "input", o->input,
            "JSON: [{\"documents\": {\"signer\": \"ds.cer\"}, \"descriptions\": [{\"kind\": \"LDS-DGHashWrong\", \"parameter\": 2}]}]")
        ->required();
    add_list_options(*verb, *o);
    verb->footer("Example:\n  idchip pki deviations faults.json --signer dls --csca pki/trust/csca.cer --out VN.dl");
    verb->callback([o, &chosen] { chosen = [o] { return run_deviations(*o); }; });
}

}  // namespace idchip::cli
