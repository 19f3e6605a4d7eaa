// Text of the card: what may stand in it, dates and sex as it writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <idchip/base/time.hpp>

namespace idchip::vietnam {

// Valid UTF-8 without control characters, bidirectional overrides and other characters that change how text is shown.
bool is_clean(std::string_view text);
// Letters and marks composed (normal form C), as cards have them. Broken UTF-8 is not.
bool is_composed(std::string_view text);
// Composed for comparison; broken UTF-8 stays as it is.
std::string composed(std::string_view text);
bool is_digits(std::string_view text, std::size_t count);
// A nine-digit CMND or a twelve-digit number.
bool is_old_number(std::string_view text);
// 16 letters or digits.
bool is_serial(std::string_view text);

enum class DateForm { slashes, compact };  // dd/MM/yyyy in DG13, ddMMyyyy in the QR code
// Nothing for anything but a real date in exactly that form.
std::optional<Date> read_date(std::string_view text, DateForm form);
std::string write_date(Date date, DateForm form);

// "Nam", "Nữ"; empty for anything else.
std::string_view sex_text(char sex);
// M, F, or '<' for a text that is neither, in any case and normal form.
char read_sex(std::string_view text);

inline constexpr std::string_view no_expiry_text = "Không thời hạn";
bool means_no_expiry(std::string_view text);

}  // namespace idchip::vietnam
