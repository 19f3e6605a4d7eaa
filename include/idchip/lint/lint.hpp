// Judges certificates, revocation lists, EF.SOD and signed lists against their profiles: Doc 9303-12, 7.1 and 9 and 10, Doc 9303-10, 4.6.2.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <idchip/base/bytes.hpp>

namespace idchip::lint {

enum class Kind {
    csca,  // self-signed root
    link,
    document_signer,
    master_list_signer,
    deviation_list_signer,
    other_certificate,  // communication, LDS2 and bar code signers; which of them, its extended key usage tells
    crl,
    sod,
    master_list,
    deviation_list,
};
std::string_view name(Kind kind);  // "document-signer"
std::optional<Kind> kind_by_name(std::string_view name);
std::vector<std::string> kind_names();

// A broken MUST is an error, a broken SHOULD or RECOMMENDED a warning; info is worth knowing and breaks nothing.
enum class Severity { error, warning, info };
std::string_view name(Severity severity);

struct RuleInfo {
    std::string_view name;  // "pkup.missing": stable, scripts match on it
    Severity severity;
    std::string_view text;       // what is wrong, one clause
    std::string_view reference;  // "9303-12, table 6"
};
// The table of rules.def; docs/lint-rules.md prints it.
const std::vector<RuleInfo>& rules();

struct Finding {
    std::string rule;
    Severity severity = Severity::error;
    std::string text;   // the rule's text, and what exactly was found
    std::string where;  // "extensions/2.5.29.15", "signerInfos/0/digestAlgorithm"
    std::string reference;
};

struct Report {
    Kind kind = Kind::csca;
    std::string subject;            // of a certificate; the issuer of a CRL; who signed a list or an EF.SOD
    std::vector<Finding> findings;  // errors first
    std::size_t count(Severity severity) const;
    std::string counts() const;  // "3 errors, 1 warning"
    bool conforms() const { return count(Severity::error) == 0; }
};

// DER or PEM. What the file is follows from its content; a certificate's kind from its extensions, or from `as`. A certificate within a
// list or an EF.SOD is judged, too, but its findings are counted only: lint it by itself.
// Errors: input.unknown_content (none of the kinds, or not what `as` says), input.bad_base64, tlv.*, der.bad_value, pki.bad_cms: what
// cannot even be walked is not judged.
Result<Report> lint(ByteView file, std::optional<Kind> as = {});

// Issuer and serial number of a certificate, and its bytes.
using Serials = std::map<std::pair<Bytes, Bytes>, Bytes>;

// Several files of one authority: what none of them shows alone (cert.serial_reused).
class Collection {
public:
    // Errors: as `lint`.
    Result<Report> add(ByteView file, std::optional<Kind> as = {});

private:
    Serials seen_;
};

}  // namespace idchip::lint
