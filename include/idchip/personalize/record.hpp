// A person's record as it comes in: one JSON object a line.
#pragma once

#include <idchip/base/time.hpp>
#include <idchip/mrz/mrz.hpp>

namespace idchip::personalize {

struct Record {
    std::string id;                   // names the record in every message and log
    mrz::Format format = mrz::Format::td1;
    std::string document_code, issuing_state, nationality;
    std::string document_number, optional_data_1, optional_data_2;
    std::string surname, given_names; // as written, any script that Doc 9303-3 maps
    char sex = '<';
    Date birth;
    std::optional<Date> expiry;       // nothing: no expiry
    std::string portrait;             // path, relative to the record file
    Bytes dg13;                       // whole file, opaque; empty: none
};

// Every problem of the record, not only the first. Messages name fields, never their values.
struct CheckedRecord {
    std::string id;                   // as far as it could be read; "line 3" otherwise
    std::optional<Record> record;
    std::vector<Error> problems;
};
CheckedRecord check_record(std::string_view json, std::size_t line);

// Records of a JSON Lines file, blank lines skipped. Errors: input.not_found, io.failed.
Result<std::vector<CheckedRecord>> read_records(const std::string& path);

}  // namespace idchip::personalize
