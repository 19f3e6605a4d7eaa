// JSON with its place, so that every complaint says where. Errors of all readers: sim.bad_card.
#pragma once

#include <nlohmann/json.hpp>

#include <idchip/base/bytes.hpp>

#include "base/try.hpp"

namespace idchip::cards {

using Json = nlohmann::ordered_json;

class Node {
public:
    explicit Node(const Json& value, std::string where = {}) : value_(&value), where_(std::move(where)) {}

    const Json& json() const { return *value_; }
    Failure bad(std::string detail) const;
    // An object, and no key in it but those of this section (keys.hpp). A key that is not known is a mistake in typing.
    Result<void> check_keys(std::string_view section) const;
    // null says that there is nothing.
    bool has(std::string_view key) const;
    Node at(std::string_view key) const;  // precondition: has
    bool is_text() const { return value_->is_string(); }
    bool is_object() const { return value_->is_object(); }

    Result<std::string> text() const;
    Result<std::int64_t> number(std::int64_t from, std::int64_t to) const;
    Result<bool> flag() const;
    Result<Bytes> hex() const;
    Result<std::uint16_t> status_word() const;
    // One of these words.
    Result<std::size_t> choice(std::initializer_list<std::string_view> words) const;
    Result<std::vector<Node>> items() const;
    Result<std::vector<std::pair<std::string, Node>>> members() const;

private:
    const Json* value_;
    std::string where_;
};

// Reads `key` where it is there.
template <class T, class Read>
Result<void> take(const Node& object, std::string_view key, T& into, Read read) {
    if (object.has(key)) into = TRY(read(object.at(key)));
    return {};
}
inline constexpr auto as_text_value = [](const Node& n) { return n.text(); };
inline constexpr auto as_flag = [](const Node& n) { return n.flag(); };
inline constexpr auto as_size = [](const Node& n) -> Result<std::size_t> { return static_cast<std::size_t>(TRY(n.number(0, 16'000'000))); };

}  // namespace idchip::cards
