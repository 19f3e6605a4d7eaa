// LDIF (RFC 2849), the form in which the ICAO PKD is published: read entry by entry, however long the file is.
#pragma once

#include <istream>
#include <optional>

#include <idchip/base/bytes.hpp>

namespace idchip::pki {

struct LdifAttribute {
    std::string name;                  // as it stands, without options: "userCertificate"
    std::vector<std::string> options;  // "binary"
    Bytes value;
    std::size_t line = 0;  // where it begins
};

struct LdifEntry {
    std::string dn;  // UTF-8, escaped as it stands; print it with `printable`
    std::size_t line = 0;
    std::vector<LdifAttribute> attributes;
};

struct LdifLimits {
    std::size_t entry_bytes = 64U << 20U;  // text of an entry; the largest master list has two million bytes in base64
    std::size_t attributes = 10'000;       // of an entry
};

class LdifReader {
public:
    explicit LdifReader(std::istream& in, LdifLimits limits = {});
    // The next entry, or nothing at the end. Behind an error other than io.failed the reader goes on with the next entry, so that one
    // bad entry does not cost the others. Values behind URLs are refused and never fetched; so are changes other than `add`.
    // Errors: pki.bad_ldif, with the line; io.failed.
    Result<std::optional<LdifEntry>> next();

private:
    enum class Line { text, blank, too_long, end };
    bool fill();
    bool read_physical(std::string& to, std::size_t room);
    Line read_line(std::string& line, std::size_t room);
    Result<void> read_entry_line(std::string_view line, LdifEntry& entry, bool& has_dn) const;

    std::istream& in_;
    LdifLimits limits_;
    std::string buffer_;
    std::size_t at_ = 0;      // in the buffer
    std::size_t lines_ = 0;   // physical lines read
    std::size_t number_ = 0;  // of the physical line where the current one begins
    bool overflow_ = false;   // of the current line
};

// --- names: RFC 4514

struct DnPart {
    std::string type;   // "c"
    std::string value;  // without its escapes
};
// In the order of the text, the parts of a multi-valued name (`+`) one after the other. Errors: pki.bad_ldif.
Result<std::vector<DnPart>> parse_dn(std::string_view dn);
// The entry's country in capitals: the `c` nearest to the root. Empty when there is none, or when the name is malformed.
std::string country_of(const LdifEntry& entry);

// --- what the PKD puts into an entry

enum class PkdObject { document_signer, csca, crl, master_list, deviation_list };

// By the attribute's name; what the value really is, its parser says.
std::optional<PkdObject> pkd_object(const LdifAttribute& attribute);

}  // namespace idchip::pki
