// How blocks of ISO/IEC 39794 are read and written. Not public.
//
// One function `fields(io, block)` for each block names its fields with their tags, and serves both directions: `io` is a Decoder or an
// Encoder. Each is defined in one place: here for what the parts share, else beside its part.
// The numbers are those of the ASN.1 modules ISO-IEC-39794-1-ed-1-v1, -4-ed-1-v2, -5-ed-1-v1 and -6-ed-1-v1 of ISO/IEC.
// Tags are IMPLICIT, but around a CHOICE; a CHOICE is read as a block of which exactly one field is there.
#pragma once

#include <algorithm>
#include <concepts>
#include <initializer_list>
#include <span>

#include <idchip/image/iso39794.hpp>
#include <idchip/tlv/der.hpp>

#include "base/try.hpp"

namespace idchip::image::iso39794 {

// A block that is read into or written from: T or const T.
template <class B, class T>
concept Is = std::same_as<std::remove_const_t<B>, T>;

namespace codec {

constexpr std::uint32_t sequence = 0x30, octet_string = 0x04, visible_string = 0x1A;

// No block of an edition has a third of it.
inline constexpr std::size_t max_elements = 64;

// Where an element belongs in its block: context tags of one byte by their number, all others behind them with one and the same rank.
inline constexpr std::uint32_t unranked = 0xFF;
std::uint32_t rank(std::uint32_t tag);

// --- primitive types; errors: der.bad_value
template <class T>
concept Primitive = Is<T, int> || Is<T, bool> || Is<T, ByteView> || Is<T, std::string>;

Result<int> read_int(const tlv::Reader& reader, const tlv::Element& e);
Result<bool> read_bool(const tlv::Reader& reader, const tlv::Element& e);
Bytes contents_of(int value);
Bytes contents_of(bool value);
inline Bytes contents_of(ByteView value) { return to_bytes(value); }
inline Bytes contents_of(const std::string& value) { return to_bytes(as_bytes(value)); }

// The tag of a member of a SEQUENCE OF.
template <class T>
constexpr std::uint32_t member_tag() {
    if constexpr (Is<T, ByteView>) return octet_string;
    else if constexpr (Is<T, std::string>) return visible_string;
    else return sequence;
}

template <class T>
constexpr std::uint32_t field_tag(unsigned n) {
    return Primitive<T> ? der::context(n) : der::context_constructed(n);
}

// What the readers of one record share. After the first error nothing more is read.
struct State {
    std::optional<Error> error;
    Notes notes;
    bool out_of_order = false;
    bool failed() const { return error.has_value(); }
    // The value of a result, or the end of the reading.
    template <class T>
    std::optional<T> take(Result<T> result) {
        if (result) return std::move(*result);
        if (!error) error = std::move(result.error());
        return std::nullopt;
    }
    void fail(Failure failure) {
        if (!error) error = std::move(failure.value());
    }
};

// The elements of one block, by tag; each is taken by at most one field.
class Decoder {
public:
    // `contents` stands at the first element of the block.
    Decoder(tlv::Reader contents, State& state);

    // A mandatory field. Error: tlv.missing.
    template <class T>
    void field(unsigned n, T& value) {
        if (const auto* e = find(field_tag<T>(n))) decode(reader_, *e, value);
        else missing(n);
    }
    template <class T>
    void field(unsigned n, std::optional<T>& value) {
        if (const auto* e = find(field_tag<T>(n))) decode(reader_, *e, value.emplace());
    }
    // An optional SEQUENCE OF. One that is there and empty stays unknown: `values` cannot tell it from none.
    template <class T>
    void field(unsigned n, std::vector<T>& values) {
        const auto at = position(der::context_constructed(n));
        if (at == npos || elements_[at].value.empty()) return;
        used_[at] = true;
        decode_list(elements_[at], values);
    }
    // A mandatory SEQUENCE OF.
    template <class T>
    void list(unsigned n, std::vector<T>& values) {
        if (const auto* e = find(der::context_constructed(n))) decode_list(*e, values);
        else missing(n);
    }
    // A field inside nested CHOICEs: the tags on the way, each around exactly one element. Where another way was chosen nothing
    // is taken.
    template <class T>
    void path(std::initializer_list<unsigned> tags, std::optional<T>& value) {
        if (const auto found = follow({tags.begin(), tags.size()}, Primitive<T>)) decode(found->within, found->element, value.emplace());
    }
    // Whether a field stands here as a primitive element: where editions number differently.
    void primitive(unsigned n, bool& found) const { found = position(der::context(n)) != npos; }
    // Error: tlv.unexpected.
    void exactly_one();
    // Everything that no field took. Must be the last.
    void rest(Unknown& unknown);
    // Where a type has no room for extensions. Error: tlv.unexpected.
    void end();

private:
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
    struct Found {
        tlv::Reader within;
        tlv::Element element;
    };

    void collect(tlv::Reader contents);
    std::size_t position(std::uint32_t tag) const;
    const tlv::Element* find(std::uint32_t tag);
    std::optional<Found> follow(std::span<const unsigned> tags, bool primitive);
    void missing(unsigned n);

    void decode(const tlv::Reader& within, const tlv::Element& e, int& value) { value = state_.take(read_int(within, e)).value_or(0); }
    void decode(const tlv::Reader& within, const tlv::Element& e, bool& value) {
        value = state_.take(read_bool(within, e)).value_or(false);
    }
    void decode(const tlv::Reader&, const tlv::Element& e, ByteView& value) { value = e.value; }
    void decode(const tlv::Reader&, const tlv::Element& e, std::string& value) { value = as_text(e.value); }
    template <class Block>
    void decode(const tlv::Reader& within, const tlv::Element& e, Block& block) {
        if (state_.failed()) return;
        Decoder inner(within.enter(e), state_);
        fields(inner, block);
    }
    template <class T>
    void decode_list(const tlv::Element& e, std::vector<T>& values) {
        auto members = reader_.enter(e);
        while (!state_.failed() && !members.at_end()) {
            const auto member = state_.take(members.expect(member_tag<T>()));
            if (!member) return;
            if (values.size() == max_blocks) return state_.fail(members.error(Errc::tlv_too_many));
            decode(members, *member, values.emplace_back());
        }
    }

    tlv::Reader reader_;
    State& state_;
    std::vector<tlv::Element> elements_;
    std::vector<bool> used_;
};

// Writes the fields in the order of their tags, whatever the order in which they come.
class Encoder {
public:
    template <class T>
    void field(unsigned n, const T& value) {
        add(field_tag<T>(n), contents(value));
    }
    template <class T>
    void field(unsigned n, const std::optional<T>& value) {
        if (value) field(n, *value);
    }
    template <class T>
    void field(unsigned n, const std::vector<T>& values) {
        if (!values.empty()) list(n, values);
    }
    template <class T>
    void list(unsigned n, const std::vector<T>& values) {
        Bytes members;
        for (const auto& value : values) append(members, tlv::element(member_tag<T>(), contents(value)));
        add(der::context_constructed(n), members);
    }
    template <class T>
    void path(std::initializer_list<unsigned> tags, const std::optional<T>& value) {
        if (value) add_path({tags.begin(), tags.size()}, Primitive<T>, contents(*value));
    }
    void primitive(unsigned, bool) {}
    void exactly_one() {}
    // Unknown elements, but where a field with their tag has been written.
    void rest(const Unknown& unknown);
    void end() {}

    Bytes finish() &&;

    template <class Block>
    static Bytes contents(const Block& block) {
        if constexpr (Primitive<Block>) return contents_of(block);
        else {
            Encoder inner;
            fields(inner, block);
            return std::move(inner).finish();
        }
    }

private:
    struct Part {
        std::uint32_t rank;
        Bytes element;
    };
    bool has(std::uint32_t rank) const;
    void add(std::uint32_t tag, ByteView contents);
    void add_path(std::span<const unsigned> tags, bool primitive, Bytes contents);
    std::vector<Part> parts_;
};

// The block inside A1, or alone.
struct Opened {
    tlv::Reader reader;
    tlv::Element block;
    bool standardized = false;
};
// Errors: tlv.*. Notes: iso39794.trailing_bytes.
Result<Opened> open(ByteView record, Part part, const char* where, Notes& notes);
Bytes close(Part part, bool standardized, ByteView contents);

template <class Block>
Result<Block> parse(ByteView record, Part part, const char* where) {
    State state;
    const auto opened = TRY(open(record, part, where, state.notes));
    Block block;
    Decoder decoder(opened.reader.enter(opened.block), state);
    fields(decoder, block);
    if (state.error) return idchip::fail(std::move(*state.error));
    block.standardized = opened.standardized;
    block.notes = std::move(state.notes);
    if (state.out_of_order) block.notes.push_back({"iso39794.order", where, {}});
    if (!opened.reader.lengths_minimal()) block.notes.push_back({"iso39794.long_length", where, {}});
    return block;
}

}  // namespace codec

// --- the blocks of part 1

template <class IO>
void fields(IO& io, Is<ExtensionBlock> auto& b) {
    io.field(0, b.fallback);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<Code> auto& b) {
    io.exactly_one();
    io.field(0, b.code);
    io.field(1, b.extension_block);
    io.end();
}

template <class IO>
void fields(IO& io, Is<VersionBlock> auto& b) {
    io.field(0, b.generation);
    io.field(1, b.year);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<RegistryIdBlock> auto& b) {
    io.field(0, b.organization);
    io.field(1, b.id);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<DateTimeBlock> auto& b) {
    io.field(0, b.year);
    io.field(1, b.month);
    io.field(2, b.day);
    io.field(3, b.hour);
    io.field(4, b.minute);
    io.field(5, b.second);
    io.field(6, b.millisecond);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ScoreOrError> auto& b) {
    io.exactly_one();
    io.field(0, b.score);
    io.field(1, b.error);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<QualityBlock> auto& b) {
    io.field(0, b.algorithm);
    io.field(1, b.score_or_error);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<ExtendedDataBlock> auto& b) {
    io.field(0, b.data_type);
    io.field(1, b.data);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<PadDataBlock> auto& b) {
    io.field(0, b.decision);
    io.field(1, b.score_blocks);
    io.field(2, b.extended_data_blocks);
    io.field(3, b.capture_context);
    io.field(4, b.supervision_level);
    io.field(5, b.risk_level);
    io.field(6, b.criteria_category);
    io.field(7, b.parameter);
    io.field(8, b.challenges);
    io.field(9, b.capture_date_time);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<Coordinate2D> auto& b) {
    io.field(0, b.x);
    io.field(1, b.y);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<Coordinate3D> auto& b) {
    io.field(0, b.x);
    io.field(1, b.y);
    io.field(2, b.z);
    io.rest(b.unknown);
}

template <class IO>
void fields(IO& io, Is<CaptureDeviceBlock> auto& b) {
    io.field(0, b.model);
    io.field(1, b.technology);
    io.field(2, b.certifications);
    io.rest(b.unknown);
}

}  // namespace idchip::image::iso39794
