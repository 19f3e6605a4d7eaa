// Decodes the files of a chip, certificates, revocation lists and CMS objects for people and programs.
#pragma once

#include <filesystem>

#include <idchip/base/bytes.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::report {

struct ShowOptions {
    std::optional<lds::Ef> file;  // which file it is, where that is known (its name); the content decides otherwise
    bool hex = false;             // every TLV object too, with offset, tag, length and bytes
};

struct Shown {
    std::string kind;  // "DG1", "EF.SOD", "certificate", "CRL"
    std::string json;
    std::string text;
};

// Errors: input.unknown_content, and the decoder's own with offset and tag path.
Result<Shown> show(ByteView content, const ShowOptions& options = {});

// Every file of a chip that lies in a folder under its name (`verify --dump` writes them), in the order of Doc 9303-10.
// A file that cannot be decoded is shown with what is wrong at which byte, and counted.
struct ShownFolder {
    std::string json, text;
    std::size_t files = 0, undecodable = 0;
};
// Errors: input.not_found, io.failed; inspect.bad_evidence when no file of a chip is there.
Result<ShownFolder> show_folder(const std::filesystem::path& folder, const ShowOptions& options = {});

}  // namespace idchip::report
