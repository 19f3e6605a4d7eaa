#include <set>

#include <fmt/format.h>

#include <idchip/base/file.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

constexpr std::size_t value_limit = default_file_limit;
constexpr std::size_t value_depth = 8;

class ValueReader {
public:
    ValueReader(const std::filesystem::path& folder, const std::string& where) : folder_(folder), where_(where) {}

    Result<Bytes> read(const Json& value, std::size_t depth) const {
        if (depth > value_depth) return bad(where_, "nested too deep");
        if (value.is_string()) return hex(value);
        if (!value.is_object()) return bad(where_, "want hexadecimal text or an object");
        auto bytes = TRY(base(value, depth));
        if (bytes.size() > value_limit) return bad(where_, "too large");
        if (value.contains("patch")) TRY(patch(bytes, value["patch"]));
        if (value.contains("first")) {
            const auto& count = value["first"];
            if (!count.is_number_unsigned() || count.get<std::size_t>() > bytes.size())
                return bad(where_, "\"first\" runs out of the value");
            bytes.resize(count.get<std::size_t>());
        }
        return bytes;
    }

private:
    Result<Bytes> hex(const Json& value) const {
        auto bytes = from_hex(value.get_ref<const std::string&>());
        if (!bytes) return bad(where_, "not hexadecimal text");
        return bytes;
    }

    Result<Bytes> base(const Json& value, std::size_t depth) const {
        static const std::set<std::string, std::less<>> bases = {"file", "text", "repeat", "concat"};
        const Json* content = nullptr;
        std::string_view kind;
        for (const auto& [key, member] : value.items()) {
            if (key == "patch" || key == "first") continue;
            const auto known = bases.find(key);
            if (known == bases.end()) return bad(where_, "unknown key \"" + key + "\"");
            if (content != nullptr) return bad(where_, "one of file, text, repeat, concat, not two");
            kind = *known;
            content = &member;
        }
        if (content == nullptr) return bad(where_, "want one of file, text, repeat, concat");
        if (kind == "file") return file(*content);
        if (kind == "repeat") return repeat(*content, depth);
        if (kind == "concat") return join(*content, depth);
        if (!content->is_string()) return bad(where_, "\"text\" is not text");
        return to_bytes(as_bytes(content->get_ref<const std::string&>()));
    }

    // Only what lies beside the vector: a vector folder can be moved, and can name nothing else on the disk.
    Result<Bytes> file(const Json& name) const {
        if (!name.is_string()) return bad(where_, "\"file\" is not text");
        const auto relative = std::filesystem::path(name.get_ref<const std::string&>()).lexically_normal();
        if (relative.empty() || relative.is_absolute() || *relative.begin() == "..")
            return bad(where_, "\"file\" must lie below the folder of the vector");
        auto bytes = read_file(folder_ / relative, value_limit);
        if (!bytes) return bad(where_, bytes.error().message());
        return bytes;
    }

    Result<Bytes> repeat(const Json& pair, std::size_t depth) const {
        if (!pair.is_array() || pair.size() != 2 || !pair[1].is_number_unsigned()) return bad(where_, "\"repeat\" wants [value, count]");
        const auto unit = TRY(read(pair[0], depth + 1));
        const auto count = pair[1].get<std::uint64_t>();
        if (unit.empty() || count > value_limit / unit.size()) return bad(where_, "\"repeat\" of nothing, or too large");
        Bytes bytes;
        bytes.reserve(unit.size() * count);
        for (std::uint64_t i = 0; i < count; ++i) append(bytes, unit);
        return bytes;
    }

    Result<Bytes> join(const Json& parts, std::size_t depth) const {
        if (!parts.is_array()) return bad(where_, "\"concat\" wants a list");
        Bytes bytes;
        for (const auto& part : parts) {
            append(bytes, TRY(read(part, depth + 1)));
            if (bytes.size() > value_limit) return bad(where_, "too large");
        }
        return bytes;
    }

    Result<void> patch(Bytes& bytes, const Json& patches) const {
        if (!patches.is_array()) return bad(where_, "\"patch\" wants a list of [offset, hexadecimal text]");
        for (const auto& p : patches) {
            if (!p.is_array() || p.size() != 2 || !p[0].is_number_unsigned() || !p[1].is_string())
                return bad(where_, "\"patch\" wants a list of [offset, hexadecimal text]");
            const auto offset = p[0].get<std::size_t>();
            const auto content = TRY(hex(p[1]));
            if (offset > bytes.size() || content.size() > bytes.size() - offset)
                return bad(where_, fmt::format("patch at {} runs out of the value of {} bytes", offset, bytes.size()));
            const auto before = ByteView(bytes).subspan(offset, content.size());
            if (content.empty() || equal(before, content)) return bad(where_, fmt::format("patch at {} changes nothing", offset));
            std::copy(content.begin(), content.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
        }
        return {};
    }

    const std::filesystem::path& folder_;
    const std::string& where_;
};

}  // namespace

Result<Bytes> read_value(const Json& value, const std::filesystem::path& folder, const std::string& where) {
    return ValueReader(folder, where).read(value, 0);
}

Inputs::Inputs(const Json& in, std::filesystem::path folder)
    : object_(&in), folder_(std::move(folder)), where_("in"), seen_(std::make_shared<SeenMap>()) {
    seen_->emplace(&in, Seen::entered);
}

Inputs::Inputs(const Json& object, const Inputs& parent, std::string where)
    : object_(&object), folder_(parent.folder_), where_(std::move(where)), seen_(parent.seen_) {
    seen_->emplace(&object, Seen::entered);
}

Result<const Json*> Inputs::find(std::string_view key, Seen how) const {
    const auto it = object_->find(key);
    if (it == object_->end()) return bad(where_, "missing key \"" + std::string(key) + "\"");
    seen_->emplace(&*it, how);
    return &*it;
}

std::optional<std::string> Inputs::unread_in(const Json& value, const std::string& path) const {
    const auto it = seen_->find(&value);
    if (it == seen_->end()) return path;
    if (it->second == Seen::whole) return std::nullopt;
    for (const auto& [key, member] : value.items())
        if (auto found = unread_in(member, path + "." + key)) return found;
    return std::nullopt;
}

Result<Bytes> Inputs::bytes(std::string_view key) const { return read_value(*TRY(find(key, Seen::whole)), folder_, place(key)); }

Result<std::vector<Bytes>> Inputs::byte_list(std::string_view key) const {
    const Json& list = *TRY(find(key, Seen::whole));
    if (!list.is_array()) return bad(place(key), "want a list of values");
    std::vector<Bytes> result;
    for (const auto& value : list) result.push_back(TRY(read_value(value, folder_, place(key))));
    return result;
}

Result<std::string> Inputs::text(std::string_view key) const {
    const Json& value = *TRY(find(key, Seen::whole));
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_object()) return bad(place(key), "want text");
    return as_text(TRY(read_value(value, folder_, place(key))));
}

Result<std::int64_t> Inputs::number(std::string_view key) const {
    const Json& value = *TRY(find(key, Seen::whole));
    // Above 2^63 - 1 the conversion would change the value without a word.
    if (!value.is_number_integer() || (value.is_number_unsigned() && value.get<std::uint64_t>() >> 63U != 0))
        return bad(place(key), "want a whole number of 64 bits");
    return value.get<std::int64_t>();
}

Result<std::uint64_t> Inputs::number_up_to(std::string_view key, std::uint64_t limit) const {
    const auto value = TRY(number(key));
    if (value < 0 || static_cast<std::uint64_t>(value) > limit) return bad(place(key), fmt::format("want a number from 0 to {}", limit));
    return static_cast<std::uint64_t>(value);
}

Result<std::vector<std::uint64_t>> Inputs::numbers(std::string_view key) const {
    const Json& list = *TRY(find(key, Seen::whole));
    if (!list.is_array()) return bad(place(key), "want a list of numbers");
    std::vector<std::uint64_t> result;
    for (const auto& value : list) {
        if (!value.is_number_unsigned()) return bad(place(key), "want a list of numbers");
        result.push_back(value.get<std::uint64_t>());
    }
    return result;
}

Result<bool> Inputs::flag(std::string_view key) const {
    if (!has(key)) return false;
    const Json& value = *TRY(find(key, Seen::whole));
    if (!value.is_boolean()) return bad(place(key), "want true or false");
    return value.get<bool>();
}

Result<Inputs> Inputs::object(std::string_view key) const {
    const Json& value = *TRY(find(key, Seen::entered));
    if (!value.is_object()) return bad(place(key), "want an object");
    return Inputs(value, *this, place(key));
}

Result<std::vector<Inputs>> Inputs::objects(std::string_view key) const {
    const Json& list = *TRY(find(key, Seen::entered));
    if (!list.is_array()) return bad(place(key), "want a list of objects");
    std::vector<Inputs> result;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (!list[i].is_object()) return bad(place(key), "want a list of objects");
        result.push_back(Inputs(list[i], *this, fmt::format("{}.{}", place(key), i)));
    }
    return result;
}

}  // namespace idchip::vectors
