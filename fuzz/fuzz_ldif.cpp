// LDIF: whatever is read can be written and read again; the form of the line ends makes no difference; limits hold.
#include "fuzz.hpp"

#include <algorithm>
#include <sstream>

#include <idchip/base/text.hpp>
#include <idchip/pki/ldif.hpp>

using namespace idchip;
using pki::LdifEntry;
using pki::LdifLimits;
using pki::LdifReader;

namespace {

using Found = std::vector<Result<LdifEntry>>;

Found read(const std::string& text, LdifLimits limits = {}) {
    std::istringstream stream(text);
    LdifReader reader(stream, limits);
    Found found;
    for (;;) {
        auto entry = reader.next();
        if (entry && !*entry) return found;
        if (entry) {
            found.emplace_back(std::move(**entry));
        } else {
            FUZZ_CHECK(entry.error().code == Errc::pki_bad_ldif);
            found.emplace_back(tl::unexpect, std::move(entry.error()));
        }
        FUZZ_CHECK(found.size() <= text.size());
    }
}

bool same(const LdifEntry& a, const LdifEntry& b, bool with_lines) {
    const bool attributes =
        std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(), b.attributes.end(), [&](const auto& x, const auto& y) {
            return x.name == y.name && x.options == y.options && x.value == y.value && (!with_lines || x.line == y.line);
        });
    return attributes && a.dn == b.dn && (!with_lines || a.line == b.line);
}

// All in base64, folded after every seventh character.
std::string written(const LdifEntry& entry) {
    const auto line = [](const std::string& name, ByteView value) {
        const auto whole = name + ":: " + to_base64(value);
        std::string text;
        for (std::size_t i = 0; i < whole.size(); i += 7) text += (i == 0 ? "" : "\n ") + whole.substr(i, 7);
        return text + "\n";
    };
    auto text = line("dn", as_bytes(entry.dn));
    for (const auto& a : entry.attributes) {
        auto name = a.name;
        for (const auto& option : a.options) name += ";" + option;
        text += line(name, a.value);
    }
    return text;
}

void check_entry(const LdifEntry& entry) {
    FUZZ_CHECK(is_valid_utf8(as_bytes(entry.dn)));
    FUZZ_CHECK(entry.line > 0);
    for (const auto& a : entry.attributes) {
        FUZZ_CHECK(!a.name.empty() && a.line > entry.line);
        static_cast<void>(pki::pkd_object(a));
    }
    if (const auto parts = pki::parse_dn(entry.dn)) {
        for (const auto& part : *parts) FUZZ_CHECK(!part.type.empty() && is_valid_utf8(as_bytes(part.value)));
    } else {
        FUZZ_CHECK(pki::country_of(entry).empty());
    }
    const auto again = read(written(entry));
    FUZZ_CHECK(again.size() == 1 && again[0] && same(*again[0], entry, false));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto found = read(text);
    for (const auto& entry : found)
        if (entry) check_entry(*entry);

    if (text.find('\r') == std::string::npos) {
        std::string crlf;
        for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
        const auto other = read(crlf);
        FUZZ_CHECK(other.size() == found.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            FUZZ_CHECK(found[i].has_value() == other[i].has_value());
            FUZZ_CHECK(found[i] ? same(*found[i], *other[i], true) : found[i].error().where == other[i].error().where);
        }
    }
    // Under limits fewer entries are good, and none is larger.
    for (const auto& entry : read(text, {64, 3})) {
        if (!entry) continue;
        FUZZ_CHECK(std::any_of(found.begin(), found.end(), [&](const auto& other) { return other && same(*entry, *other, true); }));
        std::size_t bytes = entry->dn.size();
        for (const auto& a : entry->attributes) bytes += a.name.size() + a.value.size();
        FUZZ_CHECK(entry->attributes.size() <= 3 && bytes <= 65 + entry->attributes.size());
    }
    return 0;
}
