// Quirks of chips as data.
#pragma once

#include <set>

#include <idchip/base/bytes.hpp>

namespace idchip::chip {

enum class Quirk {
#define IDCHIP_QUIRK(id, name, text, case_id) id,
#include <idchip/chip/quirks.def>
#undef IDCHIP_QUIRK
};

struct QuirkInfo {
    Quirk quirk;
    std::string_view name, text, case_id;
};
const std::vector<QuirkInfo>& all_quirks();
const QuirkInfo& info(Quirk quirk);
std::optional<Quirk> quirk_by_name(std::string_view name);

using Quirks = std::set<Quirk>;

// What identifies a document before it is opened.
struct DocumentKey {
    std::string issuing_state;  // of the machine readable zone, three letters; empty: not known
    Bytes atr;
};
// Quirks that are known of such documents, so that they cost no refused command. A guess: what is used is reported all the same.
Quirks known_quirks(const DocumentKey& key);

}  // namespace idchip::chip
