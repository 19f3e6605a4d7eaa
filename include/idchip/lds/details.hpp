// DG11 and DG12, additional details of person and document: Doc 9303-10, 4.7.11 and 4.7.12. Both are a tag list (5C) and
// the objects it names; an object A0 holds a count and repeated names.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct Detail {
    std::uint32_t tag = 0;
    Bytes value;  // as it stands; of A0: its whole contents
    bool operator==(const Detail&) const = default;
};

// Kinds of values, for those who print or check them.
enum class DetailKind { text, date, date_time, image, names };

struct DetailField {
    std::uint32_t tag = 0;
    std::string_view name;  // "full name"
    DetailKind kind = DetailKind::text;
};

// Names of DG11
namespace dg11 {
constexpr std::uint32_t full_name = 0x5F0E, other_names = 0xA0, other_name = 0x5F0F, personal_number = 0x5F10, birth_date = 0x5F2B,
                        birth_place = 0x5F11, address = 0x5F42, telephone = 0x5F12, profession = 0x5F13, title = 0x5F14,
                        personal_summary = 0x5F15, proof_of_citizenship = 0x5F16, other_documents = 0x5F17, custody = 0x5F18;
}
// Names of DG12
namespace dg12 {
constexpr std::uint32_t authority = 0x5F19, issue_date = 0x5F26, other_persons = 0xA0, other_person = 0x5F1A, endorsements = 0x5F1B,
                        tax_exit = 0x5F1C, front_image = 0x5F1D, rear_image = 0x5F1E, personalization_time = 0x5F55,
                        personalization_system = 0x5F56;
}

struct DetailFile {
    Ef ef = Ef::dg11;                     // dg11 or dg12
    std::vector<std::uint32_t> tag_list;  // as 5C names them
    std::vector<Detail> objects;          // in the order of the file
    Notes notes;

    // The fields that Doc 9303-10 gives the file, in its order.
    static const std::vector<DetailField>& fields(Ef ef);

    const Detail* find(std::uint32_t tag) const;
    // Text as it stands; nothing when absent.
    std::optional<std::string> text(std::uint32_t tag) const;
    // YYYYMMDD (or YYYYMMDDhhmmss) from eight ASCII characters or four BCD bytes; "0" stands for what is unknown.
    std::optional<std::string> date(std::uint32_t tag) const;
    // The repeated names inside A0.
    std::vector<std::string> names() const;

    // Adds an object and its entry in the tag list. An empty list of names adds nothing.
    void set(std::uint32_t tag, std::string_view value);
    void set_names(const std::vector<std::string>& names);

    Bytes encode() const;
    // Errors: tlv.*, lds.bad_file.
    static Result<DetailFile> parse(Ef ef, ByteView file);
};

}  // namespace idchip::lds
