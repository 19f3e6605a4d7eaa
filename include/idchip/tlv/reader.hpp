// A bounded walk over BER-TLV and DER. No recursion, no copies: elements are views into the input.
#pragma once

#include <array>
#include <memory>

#include <idchip/base/bytes.hpp>

namespace idchip::tlv {

// Which encoding rules the input must keep.
enum class Rules {
    ber,             // cards: any length form up to 4 bytes, no indefinite lengths
    der,             // X.690 clause 10: shortest lengths
    ber_indefinite,  // CMS from the field: indefinite lengths too
};

struct Element {
    std::uint32_t tag = 0;  // all tag bytes, big-endian: 0x5F1F
    bool constructed = false;
    ByteView raw;            // tag, length and value as they stand (end-of-contents octets included)
    ByteView value;          // contents without end-of-contents octets
    std::size_t offset = 0;  // of the tag, from the start of the outermost input
    bool minimal_length = true;
    bool indefinite = false;

    std::size_t value_offset() const { return offset + static_cast<std::size_t>(value.data() - raw.data()); }
};

// Deeper nesting is an attack: no file of a chip, certificate or CMS object needs half of it.
inline constexpr std::size_t max_depth = 16;

// What is left to spend on one input, and what was seen of it; shared by all readers opened on it.
struct Budget {
    std::size_t elements = 100'000;
    bool long_lengths = false;  // a length stood in a longer form than needed
};

class Reader {
public:
    // `where` names the file in errors: a literal, or other text that outlives the reader.
    Reader(ByteView input, Rules rules, const char* where = "");
    // Reads the contents of an element. Errors (on first `next`): tlv.too_deep.
    Reader enter(const Element& element) const;

    bool at_end() const { return rest_.empty(); }
    ByteView rest() const { return rest_; }
    std::size_t offset() const { return base_ + (input_.size() - rest_.size()); }
    // The file and the tags on the way here: "EF.SOD/77/30".
    std::string where() const;
    // Whether every length read so far, by this reader and all others on the same input, was in its shortest form.
    bool lengths_minimal() const { return !budget_->long_lengths; }

    // The next element, or an error if there is none left.
    // Errors: tlv.truncated, tlv.bad_tag, tlv.bad_length, tlv.not_minimal, tlv.indefinite, tlv.too_deep, tlv.too_many.
    Result<Element> next();
    // The next element, which must have this tag. Errors: as `next`, tlv.missing, tlv.unexpected.
    Result<Element> expect(std::uint32_t tag);
    // The next element if it has this tag; nothing is consumed otherwise.
    Result<std::optional<Element>> take(std::uint32_t tag);
    // Errors: tlv.trailing.
    Result<void> expect_end() const;

    Failure error(Errc code, std::string detail = {}) const;

private:
    ByteView input_;
    ByteView rest_;
    std::size_t base_ = 0;
    std::size_t level_ = 0;
    Rules rules_;
    const char* where_;
    std::array<std::uint32_t, max_depth> path_{};  // tags entered, the first `level_` of them
    std::shared_ptr<Budget> budget_;
};

// Exactly one element and nothing after it.
Result<Element> parse_single(ByteView input, Rules rules, const char* where = "");

// Length of the first element (header and contents) from its first bytes, for reading a file from a chip piecemeal.
// Returns nothing when more bytes are needed. Errors: tlv.bad_tag, tlv.bad_length.
Result<std::optional<std::size_t>> announced_size(ByteView first_bytes);

std::string tag_text(std::uint32_t tag);

}  // namespace idchip::tlv
