// Records from a file, one after the other, in bounded memory: JSON Lines (one object a line) or CSV (RFC 4180, with a heading).
#pragma once

#include <memory>

#include <idchip/record/record.hpp>

namespace idchip::record {

class Source {
public:
    static constexpr std::size_t longest_line = 1U << 20U;

    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    // Fills `raw`; false at the end. A line that is no record is `raw.readable == false`, not an error.
    // Errors: io.failed; input.too_large for a line over the limit.
    virtual Result<bool> next(RawRecord& raw) = 0;
    // The next record is the one that begins at this position of the file. Errors: io.failed (standard input).
    virtual Result<void> seek(std::uint64_t position);
    virtual std::uint64_t bytes_read() const = 0;
    std::uint64_t total_bytes() const { return total_; }  // 0 when unknown (standard input)

protected:
    std::uint64_t total_ = 0;
};

// `path` "-" is standard input. CSV when the name ends in .csv or the first character is neither '{' nor white space; a byte
// order mark is passed over; cells are separated by whichever of , ; and tab the heading has most of.
// Errors: input.not_found, io.failed, input.bad_field (a CSV heading without the column "record").
Result<std::unique_ptr<Source>> open_records(const std::string& path);

// One line of JSON, for those who have it already.
void read_json(std::string_view line, RawRecord& raw);
// The stated fields as one line of JSON, without line end; `read_json` gives them back. Precondition: the values are UTF-8, as those of
// every readable record are.
std::string write_json(const RawRecord& raw);
// What a record is known by, whatever file it stands in: SHA-256 of write_json, hexadecimal; empty for what is no record.
std::string digest_of(const RawRecord& raw);

}  // namespace idchip::record
