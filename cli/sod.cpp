// idchip sod sign, verify: EF.SOD for many documents ahead of need; one or many looked at.
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>
#include <idchip/inspect/judge.hpp>
#include <idchip/signer/batch.hpp>

#include "base/try.hpp"
#include "signer_folder.hpp"
#include "terminal.hpp"
#include "verbs.hpp"

namespace idchip::cli {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

struct SignOptions {
    std::vector<std::string> signers;
    std::string images, out, type, lds = "1.7", hash, signing_time;
    unsigned threads = 0;
    SignerAccess access;
    bool json = false;
};

using Next = std::function<Result<std::optional<signer::BatchItem>>()>;

struct Images {
    Next next;
    std::uint64_t total = 0;                         // documents, or bytes of the file
    std::function<std::uint64_t(std::uint64_t)> at;  // progress in the same measure
};

// A folder for each document, with DG1.bin, DG2.bin ... in it; the folder's name is the document's.
Result<signer::BatchItem> read_folder(const fs::path& folder, const SignOptions& o) {
    lds::Files files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (const auto ef = lds::ef_by_name(entry.path().filename().string())) files[*ef] = TRY(read_file(entry.path()));
    signer::BatchItem item;
    item.id = folder.filename().string();
    item.document_type = o.type;
    item.object = lds::LdsSecurityObject::of(files, TRY(crypto::hash_by_name(o.hash.empty() ? "SHA-256" : o.hash)), o.lds == "1.8" ? 1 : 0);
    return item;
}

Result<Images> from_folders(const SignOptions& o) {
    auto folders = std::make_shared<std::vector<fs::path>>();
    for (const auto& entry : fs::directory_iterator(o.images))
        if (entry.is_directory()) folders->push_back(entry.path());
    std::sort(folders->begin(), folders->end());
    if (folders->empty()) return fail(Errc::not_found, o.images, "no folder of a document in it");
    auto at = std::make_shared<std::size_t>(0);
    Images images;
    images.total = folders->size();
    images.next = [=]() -> Result<std::optional<signer::BatchItem>> {
        if (*at == folders->size()) return std::nullopt;
        return std::optional(TRY(read_folder((*folders)[(*at)++], o)));
    };
    images.at = [](std::uint64_t done) { return done; };
    return images;
}

Result<Images> from_lines(const SignOptions& o) {
    const bool standard_input = o.images == "-";
    auto file = std::make_shared<std::ifstream>();
    if (!standard_input) {
        file->open(o.images, std::ios::binary);
        if (!*file) return fail(Errc::not_found, o.images);
    }
    auto line_number = std::make_shared<std::size_t>(0);
    auto bytes = std::make_shared<std::uint64_t>(0);
    Images images;
    images.total = standard_input ? 0 : fs::file_size(o.images);
    images.next = [=, name = standard_input ? std::string("standard input") : o.images]() -> Result<std::optional<signer::BatchItem>> {
        std::istream& in = standard_input ? std::cin : *file;
        for (std::string line; std::getline(in, line);) {
            ++*line_number;
            *bytes += line.size() + 1;
            if (trim(line).empty()) continue;
            auto item = signer::parse_batch_item(line);
            if (!item) return fail(std::move(item.error()).inside(fmt::format("{} (line {})", name, *line_number)));
            return std::optional(std::move(*item));
        }
        return std::nullopt;
    };
    images.at = [bytes](std::uint64_t) { return *bytes; };
    return images;
}

// From the lines into the folders of the documents, as a line wants them.
Result<void> write_folders(const fs::path& journal, const fs::path& out) {
    std::ifstream in(journal, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
        const auto j = Json::parse(line);
        const auto id = j.at("id").get<std::string>();
        // An id comes from outside: it must not lead out of the folder.
        if (id != fs::path(id).filename() || id == "." || id == "..")
            return fail(Errc::bad_field, "id",
                        "\"" + printable(id) + "\" cannot be the name of a folder; its EF.SOD is in " + journal.string());
        const auto folder = out / id;
        if (fs::exists(folder / "EF_SOD.bin")) continue;
        TRY(make_folder(folder));
        TRY(write_file(folder / "EF_SOD.bin", TRY(from_base64(j.at("sod").get<std::string>()))));
    }
    return {};
}

Result<int> run_sign(const SignOptions& o) {
    signer::Rotation rotation(TRY(open_signers(o.signers, o.access)));
    const bool folders = o.images != "-" && fs::is_directory(o.images);
    auto images = TRY(folders ? from_folders(o) : from_lines(o));
    const bool into_folders = fs::is_directory(o.out) || o.out.ends_with('/');
    if (into_folders) TRY(make_folder(o.out));
    const fs::path journal = into_folders ? fs::path(o.out) / "sods.jsonl" : fs::path(o.out);
    auto output = TRY(signer::BatchOutput::open(journal));
    Progress progress("signing", images.total);
    signer::BatchOptions options;
    options.threads = o.threads != 0 ? o.threads : std::max(1U, std::thread::hardware_concurrency());
    options.job = fs::absolute(journal).string();
    options.now = now();
    if (!o.signing_time.empty()) options.signing_time = TRY(parse_iso_instant(o.signing_time));
    options.progress = [&](std::uint64_t done) { progress.at(images.at(done), fmt::format("{} documents", done)); };
    const auto result = TRY(signer::sign_batch(images.next, rotation, output, options));
    if (into_folders) TRY(write_folders(journal, o.out));
    Json counts = Json::array();
    for (const auto& s : rotation.signers())
        counts.push_back({{"subject", s->certificate().subject.text()}, {"used", TRY(s->used())}, {"most", s->policy().most}});
    if (o.json) {
        TRY(print(
            Json{{"signed", result.signed_now}, {"signed_before", result.found_signed}, {"out", journal.string()}, {"signers", counts}}
                .dump() +
            "\n"));
        return 0;
    }
    TRY(print(fmt::format("{} signed, {} were signed before; in {}\n", result.signed_now, result.found_signed, journal.string())));
    for (const auto& c : counts) {
        const auto most = c["most"].get<std::uint64_t>();
        TRY(print(fmt::format("  {}: {}{} signatures\n", c["subject"].get<std::string>(), c["used"].get<std::uint64_t>(),
                              most != 0 ? fmt::format(" of {}", most) : "")));
    }
    return 0;
}

struct VerifyOptions {
    std::vector<std::string> files;
    std::string trust, at;
    bool json = false;
};

// A SOD alone is judged as a document of which nothing else was read: only what is said of its signature counts.
inspect::Evidence evidence_of(Bytes sod, Instant at) {
    inspect::Evidence e;
    e.read_at = at;
    e.access = "unknown";
    e.files[lds::Ef::sod].content = std::move(sod);
    e.files[lds::Ef::sod].sw = 0x9000;
    return e;
}

bool about_signature(const inspect::Finding& f) {
    return f.id.starts_with("pa.sign") || f.id.starts_with("pa.security") || f.id.starts_with("pa.content") || f.id.starts_with("pki.");
}

Result<int> run_verify(const VerifyOptions& o) {
    const auto trust = TRY(load_trust(o.trust));
    const auto at = o.at.empty() ? now() : TRY(parse_iso_instant(o.at.find('T') == std::string::npos ? o.at + "T00:00:00Z" : o.at));
    Json list = Json::array();
    auto worst = inspect::Overall::accept;
    for (const auto& file : o.files) {
        const auto verdict = inspect::judge(evidence_of(TRY(read_file(file)), at), trust, at);
        auto overall = inspect::Overall::accept;
        Json findings = Json::array();
        std::string text;
        for (const auto& f : verdict.findings) {
            if (!about_signature(f)) continue;
            overall = std::max(overall, f.overall);
            findings.push_back(
                {{"id", f.id}, {"outcome", inspect::name(f.outcome)}, {"case", f.case_id}, {"text", f.text}, {"detail", f.detail}});
            text += fmt::format("  {:<7} {}{}\n", inspect::name(f.outcome), f.text, f.detail.empty() ? "" : " (" + f.detail + ")");
        }
        worst = std::max(worst, overall);
        list.push_back({{"file", file}, {"overall", inspect::name(overall)}, {"findings", std::move(findings)}});
        if (!o.json) TRY(print(fmt::format("{:<8} {}\n{}", inspect::name(overall), file, text)));
    }
    if (o.json) TRY(print(Json{{"files", std::move(list)}}.dump(1) + "\n"));
    return inspect::exit_code(worst);
}

void add_sign(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("sign", "sign EF.SOD for many documents; goes on where it stopped");
    const auto o = std::make_shared<SignOptions>();
    verb->add_option("--signer", o->signers, "folder of a document signer; several take turns")->required();
    verb->add_option("--images", o->images, "folder with a folder for each document (DG1.bin ...), or JSON Lines, - for standard input")
        ->required();
    verb->add_option("--out", o->out, "JSON Lines; or a folder, which gets EF_SOD.bin for each document, too")->required();
    verb->add_option("--type", o->type, "type of the documents in folders, as in the zone: ID");
    verb->add_option("--hash", o->hash, "of the data groups in folders: SHA-256 ...");
    verb->add_option("--lds", o->lds, "1.7 or 1.8, of the documents in folders")
        ->check(CLI::IsMember({"1.7", "1.8"}))
        ->capture_default_str();
    verb->add_option("--signing-time", o->signing_time, "YYYY-MM-DDThh:mm:ssZ; default: now");
    verb->add_option("--threads", o->threads, "default: one for each processor");
    verb->add_flag("--json", o->json, "the counts as JSON");
    add_signer_options(*verb, o->access);
    verb->footer("Example:\n  idchip sod sign --signer pki/signer --images images/ --type ID --out sods.jsonl");
    verb->callback([o, &chosen] { chosen = [o] { return run_sign(*o); }; });
}

void add_verify_sod(CLI::App& group, Action& chosen) {
    auto* verb = group.add_subcommand("verify", "check the signature of EF.SOD files and who stands behind it");
    const auto o = std::make_shared<VerifyOptions>();
    verb->add_option("files", o->files, "EF.SOD files; - for standard input")->required();
    verb->add_option("--trust", o->trust, "store of `idchip trust import`, or folder of CSCA certificates and CRLs")->required();
    verb->add_option("--at", o->at, "judge as of this time");
    verb->add_flag("--json", o->json, "as JSON");
    verb->footer("Example:\n  idchip sod verify EF_SOD.bin --trust pki/trust\nExit codes: as `verify`");
    verb->callback([o, &chosen] { chosen = [o] { return run_verify(*o); }; });
}

}  // namespace

void add_sod(CLI::App& app, Action& chosen) {
    auto* group = app.add_subcommand("sod", "document security objects: sign ahead of need, verify");
    group->require_subcommand(1);
    add_sign(*group, chosen);
    add_verify_sod(*group, chosen);
}

}  // namespace idchip::cli
