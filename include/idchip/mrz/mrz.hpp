// The machine readable zone of Doc 9303-4, -5 and -6: parse, write, check.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::mrz {

enum class Format { td1, td2, td3 };  // 3x30, 2x36, 2x44 characters

// Doc 9303-3, 4.9: weights 7-3-1 over A-Z 0-9 <. The result is '0'..'9'.
// Precondition: only those characters.
char check_digit(std::string_view characters);

// Field values as printed, without trailing fillers. Inner fillers stay '<'.
struct Mrz {
    Format format = Format::td3;
    std::string document_code;    // "P", "ID"
    std::string issuing_state;    // "UTO", "D"
    std::string document_number;  // the whole number, also where it runs into the optional data (TD1, TD2)
    std::string birth;            // YYMMDD; unknown parts "<<"
    char sex = '<';               // M, F or '<'
    std::string expiry;           // YYMMDD
    std::string nationality;
    std::string optional_data_1;  // TD1: line 1 (the rest of it after a long number); TD2, TD3: the only one
    std::string optional_data_2;  // TD1: line 2
    std::string primary;          // name parts with '<' between words, as in the zone
    std::string secondary;
    char optional_check = '0';  // TD3 without optional data: '0' or '<', both are allowed (9303-4, 4.2.2.2, position 43)

    bool operator==(const Mrz&) const = default;
};

// A check digit that stands wrong in the zone.
struct CheckDigitFault {
    std::string field;  // "document_number", "birth", "expiry", "optional_data", "composite"
    char printed = ' ';
    char computed = ' ';
    std::size_t line = 0;    // from 0
    std::size_t column = 0;  // from 0
};

struct Parsed {
    Mrz mrz;
    std::vector<std::string> lines;
    std::vector<CheckDigitFault> faults;
};

// Lines separated by line ends, or all characters in one run (90, 72, 88), as DG1 holds them. Spaces at line ends are ignored.
// Wrong check digits are reported as faults, not as errors: the signed DG1 of a real document may have them.
// Visas (9303-7) are refused: the same sizes, but other fields and no composite check digit.
// Errors: mrz.bad_shape, mrz.bad_character (with line and position), mrz.bad_field.
Result<Parsed> parse(std::string_view text);
// As `parse`, for a zone typed or scanned: a wrong check digit is an error that names field and position.
// Errors: as `parse`, mrz.bad_check_digit.
Result<Mrz> parse_strict(std::string_view text);

// Writes the zone with all its check digits; lines without line ends. Whatever it accepts, `parse` gives back unchanged.
// Errors: mrz.bad_field (too long, wrong characters, impossible date).
Result<std::vector<std::string>> write(const Mrz& mrz);

// Doc 9303-11, 4.3.2 and appendix D.2: document number (at least 9 characters, filled up), birth, expiry, each with its check digit.
// A number of more than 9 characters is taken whole, with its one check digit.
// Errors: mrz.bad_field.
Result<std::string> mrz_information(std::string_view document_number, std::string_view birth, std::string_view expiry);
Result<std::string> mrz_information(const Mrz& mrz);

}  // namespace idchip::mrz
