// Records that become documents: what verbs that write cards share.
#pragma once

#include <filesystem>

#include <CLI/CLI.hpp>

#include <idchip/personalize/document.hpp>

namespace idchip::cli {

// What the issuer chooses for all documents.
struct DocumentStyle {
    std::string face_record = "iso19794", lds = "1.7", portrait_format;
    std::size_t portrait_bytes = 0;
};
void add_document_style_options(CLI::App& verb, DocumentStyle& o);
// SHA-256 of its portrait's file, hexadecimal. Errors: input.not_found, input.too_large, io.failed.
Result<std::string> portrait_digest(const std::filesystem::path& folder, const record::Record& record);
// Of a record that was checked; its portrait is looked for in `folder`. Errors: as personalize::make_document; input.not_found; input.changed
// (the portrait has another digest than this; none is given: any).
Result<personalize::Document> make_document(const std::filesystem::path& folder, const record::Record& record, const DocumentStyle& style,
                                            const std::string& digest = {});

struct DocumentJobOptions {
    std::string records, only, card;
    DocumentStyle style;
};
void add_document_job_options(CLI::App& verb, DocumentJobOptions& o);

struct DocumentJob {
    std::string id;
    personalize::Document document;
};
// All records are checked before the first card: a list with a fault in line 900 is not half done. Problems stand on standard error.
// Errors: input.*, io.*.
Result<std::vector<DocumentJob>> prepare(const DocumentJobOptions& o);

}  // namespace idchip::cli
