#include "document_jobs.hpp"

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/crypto/hash.hpp>
#include <idchip/record/intake.hpp>

#include "base/try.hpp"
#include "record_options.hpp"
#include "terminal.hpp"

namespace idchip::cli {
namespace {

personalize::DocumentOptions options_of(const DocumentStyle& o) {
    personalize::DocumentOptions options;
    if (o.face_record == "iso39794") options.face = image::RecordFormat::iso39794;
    if (o.lds == "1.8") options.lds_version = personalize::LdsVersion::v1_8;
    if (o.portrait_format == "jpeg") options.portrait_format = codec::Format::jpeg;
    if (o.portrait_format == "jpeg2000") options.portrait_format = codec::Format::jpeg2000;
    if (o.portrait_bytes != 0) options.portrait_bytes = o.portrait_bytes;
    return options;
}

Result<Bytes> read_portrait(const std::filesystem::path& folder, const record::Record& record) {
    auto portrait = read_file(folder / record.portrait, record::largest_portrait_file);
    if (!portrait) return fail(std::move(portrait.error()).inside(record.id + "/portrait"));
    return portrait;
}

std::string digest_of(ByteView portrait) { return to_hex(crypto::hash(crypto::HashAlg::sha256, portrait)); }

}  // namespace

Result<std::string> portrait_digest(const std::filesystem::path& folder, const record::Record& record) {
    return digest_of(TRY(read_portrait(folder, record)));
}

Result<personalize::Document> make_document(const std::filesystem::path& folder, const record::Record& record, const DocumentStyle& style,
                                            const std::string& digest) {
    const auto portrait = TRY(read_portrait(folder, record));
    if (!digest.empty() && digest_of(portrait) != digest)
        return fail(Errc::record_changed, record.id + "/portrait", "it is another picture than the one that was looked at");
    return personalize::make_document(record, portrait, options_of(style));
}

Result<std::vector<DocumentJob>> prepare(const DocumentJobOptions& o) {
    std::vector<DocumentJob> jobs;
    std::size_t bad = 0;
    bool seen = false;
    const auto base = o.records == "-" ? std::filesystem::path(".") : std::filesystem::path(o.records).parent_path();
    record::IntakeOptions options;
    options.settings = TRY(record_settings(o.card));
    options.portraits = false;  // `record check` looks at pixels; here the chip's room decides
    record::Intake intake(options);
    const auto source = TRY(record::open_records(o.records));
    TRY(intake.run(*source, o.records, [&](const record::Checked& checked) -> Result<void> {
        if (!o.only.empty() && checked.id != o.only) return {};
        seen = true;
        for (const auto& problem : checked.problems)
            if (problem.severity == Severity::error)
                fmt::print(stderr, "idchip: {}{}{}\n", checked.id, problem.field.empty() ? ": " : "/", problem_line(problem));
        auto document =
            checked.record ? make_document(base, *checked.record, o.style) : Result<personalize::Document>(fail(Errc::bad_field));
        if (document) jobs.push_back({checked.record->id, std::move(*document)});
        else ++bad;
        if (checked.record && !document) print_error(document.error());
        return {};
    }));
    if (!seen) return fail(Errc::bad_field, o.records, o.only.empty() ? "no records" : "no record is called " + o.only);
    if (bad != 0)
        return fail(Errc::bad_field, o.records, fmt::format("{} of {} records have problems; no card was touched", bad, bad + jobs.size()));
    return jobs;
}

void add_document_style_options(CLI::App& verb, DocumentStyle& o) {
    verb.add_option("--face-record", o.face_record, "record around the portrait in DG2: iso19794, or iso39794 (issuers must from 2030)")
        ->check(CLI::IsMember({"iso19794", "iso39794"}))
        ->capture_default_str();
    verb.add_option("--lds", o.lds, "LDS version: 1.7, or 1.8 with the version signed")
        ->check(CLI::IsMember({"1.7", "1.8"}))
        ->capture_default_str();
    verb.add_option("--portrait-format", o.portrait_format, "encode portraits as jpeg or jpeg2000; default: as they come, jpeg from PNG")
        ->check(CLI::IsMember({"jpeg", "jpeg2000"}));
    verb.add_option("--portrait-bytes", o.portrait_bytes, "encode portraits that are larger anew, to at most so many bytes")
        ->check(CLI::Range(1'000, 100'000));
}

void add_document_job_options(CLI::App& verb, DocumentJobOptions& o) {
    verb.add_option("records", o.records, "records, one JSON object a line; - for standard input")->required();
    verb.add_option("--only", o.only, "only this record");
    add_card_option(verb, o.card);
    add_document_style_options(verb, o.style);
}

}  // namespace idchip::cli
