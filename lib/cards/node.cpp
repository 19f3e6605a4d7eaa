#include "cards/node.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cards/keys.hpp"

namespace idchip::cards {

Failure Node::bad(std::string detail) const { return fail(Errc::sim_bad_card, where_.empty() ? "card" : where_, std::move(detail)); }

Result<void> Node::check_keys(std::string_view section) const {
    if (!value_->is_object()) return bad("want an object");
    const auto& known = keys_of(section);
    for (const auto& [key, value] : value_->items())
        if (std::find(known.begin(), known.end(), key) == known.end()) return bad("unknown key \"" + key + "\"");
    return {};
}

bool Node::has(std::string_view key) const {
    const auto it = value_->find(std::string(key));
    return it != value_->end() && !it->is_null();
}

Node Node::at(std::string_view key) const {
    return Node(*value_->find(std::string(key)), where_.empty() ? std::string(key) : where_ + "/" + std::string(key));
}

Result<std::string> Node::text() const {
    if (!value_->is_string()) return bad("want text");
    return value_->get<std::string>();
}

Result<std::int64_t> Node::number(std::int64_t from, std::int64_t to) const {
    if (!value_->is_number_integer()) return bad("want a whole number");
    if (value_->is_number_unsigned() && value_->get<std::uint64_t>() > static_cast<std::uint64_t>(to))
        return bad(fmt::format("over {}", to));
    const auto n = value_->get<std::int64_t>();
    if (n < from || n > to) return bad(fmt::format("{} out of {}..{}", n, from, to));
    return n;
}

Result<bool> Node::flag() const {
    if (!value_->is_boolean()) return bad("want true or false");
    return value_->get<bool>();
}

Result<Bytes> Node::hex() const {
    auto bytes = from_hex(TRY(text()));
    if (!bytes) return bad("want hexadecimal text");
    return bytes;
}

Result<std::uint16_t> Node::status_word() const {
    const auto bytes = TRY(hex());
    if (bytes.size() != 2) return bad("want a status word: four hexadecimal digits");
    return static_cast<std::uint16_t>(read_be(bytes));
}

Result<std::size_t> Node::choice(std::initializer_list<std::string_view> words) const {
    const auto word = TRY(text());
    const auto it = std::find(words.begin(), words.end(), word);
    if (it != words.end()) return static_cast<std::size_t>(it - words.begin());
    std::string known;
    for (const auto w : words) known += (known.empty() ? "" : ", ") + std::string(w);
    return bad("want one of " + known);
}

Result<std::vector<Node>> Node::items() const {
    if (!value_->is_array()) return bad("want a list");
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < value_->size(); ++i) nodes.emplace_back((*value_)[i], fmt::format("{}/{}", where_, i));
    return nodes;
}

Result<std::vector<std::pair<std::string, Node>>> Node::members() const {
    if (!value_->is_object()) return bad("want an object");
    std::vector<std::pair<std::string, Node>> nodes;
    for (const auto& [key, value] : value_->items())
        if (!value.is_null()) nodes.emplace_back(key, at(key));
    return nodes;
}

}  // namespace idchip::cards
