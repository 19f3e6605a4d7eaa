#include <idchip/image/iso39794.hpp>

#include <fmt/format.h>

#include "image/iso39794_codec.hpp"

namespace idchip::image::iso39794 {

namespace {
constexpr std::uint32_t tag_standardized = 0xA1;  // Doc 9303-10, 4.5.6: biometric data in standardized format
}

std::optional<Part> part_of(ByteView record) {
    tlv::Reader reader(record, tlv::Rules::ber, "ISO 39794");
    auto e = reader.next();
    if (e && e->tag == tag_standardized) e = reader.enter(*e).next();
    if (!e) return std::nullopt;
    for (const auto part : {Part::finger, Part::face, Part::iris})
        if (e->tag == static_cast<std::uint32_t>(part)) return part;
    return std::nullopt;
}

namespace codec {

// Tags of one byte have their number in the lower five bits.
std::uint32_t rank(std::uint32_t tag) { return tag <= 0xFF && (tag & 0xC0U) == 0x80 ? tag & 0x1FU : unranked; }

namespace {
Failure bad_value(const tlv::Reader& reader, const tlv::Element& e, const char* why) {
    return idchip::fail(Error(Errc::der_bad_value, reader.where() + "/" + tlv::tag_text(e.tag), why).at(e.offset));
}
}  // namespace

Result<int> read_int(const tlv::Reader& reader, const tlv::Element& e) {
    const auto v = e.value;
    if (v.empty()) return bad_value(reader, e, "INTEGER without contents");
    if (v.size() > 1 && (v[0] == 0 || v[0] == 0xFF) && (v[0] & 0x80U) == (v[1] & 0x80U))
        return bad_value(reader, e, "INTEGER not in its shortest form");
    if (v.size() > sizeof(int)) return bad_value(reader, e, "INTEGER too large");
    std::int64_t value = v[0] >= 0x80 ? -1 : 0;
    for (const Byte b : v) value = value * 256 + b;
    return static_cast<int>(value);
}

Result<bool> read_bool(const tlv::Reader& reader, const tlv::Element& e) {
    if (e.value.size() != 1 || (e.value[0] != 0 && e.value[0] != 0xFF)) return bad_value(reader, e, "BOOLEAN is neither 00 nor FF");
    return e.value[0] == 0xFF;
}

Bytes contents_of(int value) {
    const auto whole = der::write_integer(value);  // 02, a length of one byte, contents
    return {whole.begin() + 2, whole.end()};
}

Bytes contents_of(bool value) { return {static_cast<Byte>(value ? 0xFF : 0x00)}; }

Decoder::Decoder(tlv::Reader contents, State& state) : reader_(contents), state_(state) {
    collect(contents);
    used_.resize(elements_.size());
}

void Decoder::collect(tlv::Reader contents) {
    std::uint32_t last = 0;
    while (!state_.failed() && !contents.at_end()) {
        const auto e = state_.take(contents.next());
        if (!e) return;
        const auto r = rank(e->tag);
        for (const auto& other : elements_)
            if (r != unranked && rank(other.tag) == r) return state_.fail(contents.error(Errc::tlv_duplicate, tlv::tag_text(e->tag)));
        if (elements_.size() == max_elements) return state_.fail(contents.error(Errc::tlv_too_many));
        if (r < last) state_.out_of_order = true;
        last = std::max(last, r);
        elements_.push_back(*e);
    }
}

std::size_t Decoder::position(std::uint32_t tag) const {
    for (std::size_t i = 0; i < used_.size(); ++i)
        if (elements_[i].tag == tag && !used_[i]) return i;
    return npos;
}

const tlv::Element* Decoder::find(std::uint32_t tag) {
    const auto at = position(tag);
    if (at == npos) return nullptr;
    used_[at] = true;
    return &elements_[at];
}

std::optional<Decoder::Found> Decoder::follow(std::span<const unsigned> tags, bool primitive) {
    const auto at = position(der::context_constructed(tags[0]));
    if (at == npos) return std::nullopt;
    Found found{reader_, elements_[at]};
    for (std::size_t i = 1; i < tags.size() && !state_.failed(); ++i) {
        auto inner = found.within.enter(found.element);
        if (inner.at_end()) return std::nullopt;
        const auto e = state_.take(inner.next());
        const bool leaf = primitive && i + 1 == tags.size();
        if (!e || !inner.at_end() || e->tag != (leaf ? der::context(tags[i]) : der::context_constructed(tags[i]))) return std::nullopt;
        found = {inner, *e};
    }
    if (state_.failed()) return std::nullopt;
    used_[at] = true;
    return found;
}

void Decoder::missing(unsigned n) { state_.fail(reader_.error(Errc::tlv_missing, fmt::format("field [{}]", n))); }

void Decoder::exactly_one() {
    if (elements_.size() != 1) state_.fail(reader_.error(Errc::tlv_unexpected, fmt::format("a choice of {} elements", elements_.size())));
}

void Decoder::rest(Unknown& unknown) {
    for (std::size_t i = 0; i < used_.size(); ++i)
        if (!used_[i]) unknown.push_back(elements_[i].raw);
}

void Decoder::end() {
    for (std::size_t i = 0; i < used_.size(); ++i)
        if (!used_[i]) return state_.fail(reader_.error(Errc::tlv_unexpected, tlv::tag_text(elements_[i].tag)));
}

bool Encoder::has(std::uint32_t r) const {
    return std::any_of(parts_.begin(), parts_.end(), [r](const Part& part) { return part.rank == r; });
}

void Encoder::add(std::uint32_t tag, ByteView contents) { parts_.push_back({rank(tag), tlv::element(tag, contents)}); }

void Encoder::add_path(std::span<const unsigned> tags, bool primitive, Bytes contents) {
    if (has(tags[0])) return;  // another choice has been written
    for (std::size_t i = tags.size(); i-- > 1;) {
        const bool leaf = primitive && i + 1 == tags.size();
        contents = tlv::element(leaf ? der::context(tags[i]) : der::context_constructed(tags[i]), contents);
    }
    add(der::context_constructed(tags[0]), contents);
}

void Encoder::rest(const Unknown& unknown) {
    const auto written = parts_.size();
    for (const auto raw : unknown) {
        const auto e = tlv::parse_single(raw, tlv::Rules::ber);
        if (!e) continue;
        const auto r = rank(e->tag);
        const auto end = parts_.begin() + static_cast<std::ptrdiff_t>(written);
        const bool replaced = std::any_of(parts_.begin(), end, [r](const Part& part) { return part.rank == r; });
        if (!replaced) parts_.push_back({r, to_bytes(raw)});
    }
}

Bytes Encoder::finish() && {
    std::stable_sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) { return a.rank < b.rank; });
    std::size_t size = 0;
    for (const auto& part : parts_) size += part.element.size();
    Bytes bytes;
    bytes.reserve(size);
    for (const auto& part : parts_) append(bytes, part.element);
    return bytes;
}

Result<Opened> open(ByteView record, Part part, const char* where, Notes& notes) {
    tlv::Reader reader(record, tlv::Rules::ber, where);
    auto e = TRY(reader.next());
    std::size_t over = reader.rest().size();
    const bool standardized = e.tag == tag_standardized;
    if (standardized) {
        reader = reader.enter(e);
        e = TRY(reader.next());
        over += reader.rest().size();
    }
    const auto wanted = static_cast<std::uint32_t>(part);
    if (e.tag != wanted)
        return reader.error(Errc::tlv_unexpected, fmt::format("want {}, found {}", tlv::tag_text(wanted), tlv::tag_text(e.tag)));
    if (over > 0) notes.push_back({"iso39794.trailing_bytes", where, fmt::format("{} bytes", over)});
    return Opened{reader, e, standardized};
}

Bytes close(Part part, bool standardized, ByteView contents) {
    auto block = tlv::element(static_cast<std::uint32_t>(part), contents);
    return standardized ? tlv::element(tag_standardized, block) : block;
}

}  // namespace codec
}  // namespace idchip::image::iso39794
