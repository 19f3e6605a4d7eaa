// CSV that a spreadsheet opens as it is: RFC 4180 in UTF-8 with a byte order mark, so that diacritics survive.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string_view>

#include <idchip/base/file.hpp>
#include <idchip/base/result.hpp>

namespace idchip::report {

// Written beside its place and renamed by `finish`: what is there under that name is whole. Without `finish` nothing stays.
class CsvFile {
public:
    // `secret`: what lies at that place is replaced by a file that its owner only may read. Errors: io.failed, io.disk_full.
    static Result<CsvFile> create(const std::filesystem::path& path, FileMode mode = FileMode::shared);
    CsvFile(CsvFile&&) noexcept;
    CsvFile& operator=(CsvFile&&) noexcept;
    ~CsvFile();

    // A cell that a spreadsheet would take for a formula gets an apostrophe in front. Errors: as `create`.
    Result<void> row(std::initializer_list<std::string_view> cells);
    Result<void> finish();

private:
    struct Impl;
    explicit CsvFile(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// One cell as it stands in the file.
std::string csv_cell(std::string_view text);

}  // namespace idchip::report
