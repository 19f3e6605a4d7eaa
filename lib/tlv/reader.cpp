#include <idchip/tlv/reader.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::tlv {
namespace {

struct Header {
    std::uint32_t tag = 0;
    bool constructed = false;
    std::size_t tag_size = 0;
    std::size_t size = 0;    // tag and length bytes
    std::size_t length = 0;  // of the contents
    bool indefinite = false;
    bool minimal = true;
};

// ISO 7816-4, 5.2.2 and X.690, 8.1: the tag field.
tl::expected<Header, std::optional<Errc>> parse_tag(ByteView in) {
    Header h;
    if (in.empty()) return tl::unexpected(std::optional<Errc>());
    h.tag = in[0];
    h.constructed = (in[0] & 0x20U) != 0;
    h.tag_size = 1;
    if ((in[0] & 0x1FU) != 0x1F) return h;
    for (;;) {
        if (h.tag_size >= in.size()) return tl::unexpected(std::optional<Errc>());
        if (h.tag_size == 4) return tl::unexpected(std::optional(Errc::tlv_bad_tag));
        const Byte b = in[h.tag_size];
        if (h.tag_size == 1 && b == 0x80) return tl::unexpected(std::optional(Errc::tlv_bad_tag));
        h.tag = h.tag << 8U | b;
        ++h.tag_size;
        if ((b & 0x80U) == 0) return h;
    }
}

// Tag and length; an empty error means that more bytes are needed.
tl::expected<Header, std::optional<Errc>> parse_header(ByteView in) {
    auto tag = parse_tag(in);
    if (!tag) return tag;
    Header h = *tag;
    if (h.tag_size >= in.size()) return tl::unexpected(std::optional<Errc>());
    const Byte first = in[h.tag_size];
    h.size = h.tag_size + 1;
    if (first < 0x80) {
        h.length = first;
        return h;
    }
    if (first == 0x80) {
        h.indefinite = true;
        return h;
    }
    const std::size_t count = first & 0x7FU;
    if (count > 4) return tl::unexpected(std::optional(Errc::tlv_bad_length));
    if (h.size + count > in.size()) return tl::unexpected(std::optional<Errc>());
    h.length = static_cast<std::size_t>(read_be(in.subspan(h.size, count)));
    h.size += count;
    h.minimal = h.length >= 0x80 && (count == 1 || h.length >> (8 * (count - 1)) != 0);
    return h;
}

}  // namespace

std::string tag_text(std::uint32_t tag) { return tag < 0x100 ? fmt::format("{:02X}", tag) : fmt::format("{:04X}", tag); }

Reader::Reader(ByteView input, Rules rules, const char* where)
    : input_(input), rest_(input), rules_(rules), where_(where), budget_(std::make_shared<Budget>()) {}

Reader Reader::enter(const Element& element) const {
    Reader inner(*this);
    inner.input_ = element.value;
    inner.rest_ = element.value;
    inner.base_ = element.value_offset();
    if (level_ < max_depth) inner.path_[level_] = element.tag;
    inner.level_ = level_ + 1;
    return inner;
}

std::string Reader::where() const {
    std::string text = where_;
    for (std::size_t k = 0; k < std::min(level_, max_depth); ++k) text += (text.empty() ? "" : "/") + tag_text(path_[k]);
    return text;
}

Failure Reader::error(Errc code, std::string detail) const { return fail(Error(code, where(), std::move(detail)).at(offset())); }

Result<Element> Reader::next() {
    if (level_ >= max_depth) return error(Errc::tlv_too_deep, fmt::format("limit {}", max_depth));
    if (budget_->elements == 0) return error(Errc::tlv_too_many);
    --budget_->elements;
    if (rest_.empty()) return error(Errc::tlv_missing, "the data ends here");
    const auto header = parse_header(rest_);
    if (!header) return error(header.error().value_or(Errc::tlv_truncated));
    // X.690, 8.1.2.2: numbers up to 30 stand in one byte. Cards have 5F01 (Doc 9303-10, EF.COM); DER has no such tag.
    if (rules_ == Rules::der && header->tag_size == 2 && (header->tag & 0xFFU) < 0x1F) return error(Errc::tlv_bad_tag);
    if (rules_ == Rules::der && !header->minimal) return error(Errc::tlv_not_minimal);
    budget_->long_lengths |= !header->minimal;

    Element e;
    e.tag = header->tag;
    e.constructed = header->constructed;
    e.offset = offset();
    e.minimal_length = header->minimal;
    e.indefinite = header->indefinite;
    if (header->indefinite) {
        if (rules_ != Rules::ber_indefinite || !header->constructed) return error(Errc::tlv_indefinite);
        // X.690, 8.1.3.6: contents run to the end-of-contents octets of this level. The walk keeps a stack of
        // open levels instead of recursing, so that nested indefinite lengths cost linear time.
        std::vector<std::size_t> ends;  // end position of each open level, npos for an indefinite one
        constexpr std::size_t open = static_cast<std::size_t>(-1);
        ends.push_back(open);
        std::size_t at = header->size;
        for (;;) {
            if (ends.back() == open && rest_.size() - at >= 2 && rest_[at] == 0 && rest_[at + 1] == 0) {
                at += 2;
                ends.pop_back();
                if (ends.empty()) break;
                continue;
            }
            const auto inner = parse_header(rest_.subspan(at));
            if (!inner) return error(inner.error().value_or(Errc::tlv_truncated));
            if (budget_->elements == 0) return error(Errc::tlv_too_many);
            --budget_->elements;
            at += inner->size;
            if (inner->indefinite) {
                if (!inner->constructed) return error(Errc::tlv_indefinite);
                if (ends.size() + level_ >= max_depth) return error(Errc::tlv_too_deep);
                ends.push_back(open);
            } else {
                if (inner->length > rest_.size() - at) return error(Errc::tlv_truncated);
                at += inner->length;
            }
        }
        e.raw = rest_.first(at);
        e.value = rest_.subspan(header->size, at - header->size - 2);
    } else {
        if (header->length > rest_.size() - header->size)
            return error(Errc::tlv_truncated, fmt::format("tag {} announces {} bytes, {} are left", tag_text(e.tag), header->length,
                                                          rest_.size() - header->size));
        e.raw = rest_.first(header->size + header->length);
        e.value = e.raw.subspan(header->size);
    }
    rest_ = rest_.subspan(e.raw.size());
    return e;
}

Result<Element> Reader::expect(std::uint32_t tag) {
    if (rest_.empty()) return error(Errc::tlv_missing, "want tag " + tag_text(tag));
    const auto before = rest_;
    const auto e = next();
    if (!e || e->tag == tag) return e;
    rest_ = before;
    return error(Errc::tlv_unexpected, "want tag " + tag_text(tag) + ", found " + tag_text(e->tag));
}

Result<std::optional<Element>> Reader::take(std::uint32_t tag) {
    const auto header = parse_tag(rest_);
    if (!header || header->tag != tag) return std::optional<Element>();
    return std::optional(TRY(next()));
}

Result<void> Reader::expect_end() const {
    if (!rest_.empty()) return error(Errc::tlv_trailing, fmt::format("{} bytes", rest_.size()));
    return {};
}

Result<Element> parse_single(ByteView input, Rules rules, const char* where) {
    Reader reader(input, rules, where);
    const Element e = TRY(reader.next());
    TRY(reader.expect_end());
    return e;
}

Result<std::optional<std::size_t>> announced_size(ByteView first_bytes) {
    const auto header = parse_header(first_bytes);
    if (!header) {
        if (header.error()) return fail(*header.error());
        return std::optional<std::size_t>();
    }
    if (header->indefinite) return fail(Errc::tlv_indefinite);
    return std::optional(header->size + header->length);
}

}  // namespace idchip::tlv
