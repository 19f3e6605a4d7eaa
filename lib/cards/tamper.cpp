// What somebody did to the chip after the issuer had signed it.
#include <algorithm>

#include <idchip/lds/ef_com.hpp>

#include "cards/make.hpp"

namespace idchip::cards {
namespace {

Result<void> hide(lds::Ef file, lds::Files& files) {
    files.erase(file);
    const auto it = files.find(lds::Ef::com);
    if (it == files.end()) return {};
    auto com = TRY(lds::EfCom::parse(it->second));
    std::erase(com.tags, lds::info(file).tag);
    it->second = com.encode();
    return {};
}

}  // namespace

Result<void> apply(const Tampering& t, lds::Files& files) {
    using Kind = Tampering::Kind;
    if (t.kind == Kind::content) {
        files[t.file] = t.bytes;
        return {};
    }
    const auto it = files.find(t.file);
    if (it == files.end()) return fail(Errc::sim_bad_card, "tamper", lds::name(t.file) + " is not on the card");
    auto& content = it->second;
    switch (t.kind) {
        case Kind::remove: files.erase(it); break;
        case Kind::hide: return hide(t.file, files);
        case Kind::append: append(content, t.bytes); break;
        case Kind::truncate: content.resize(std::min(content.size(), static_cast<std::size_t>(t.position))); break;
        case Kind::flip: {
            const auto at = t.position < 0 ? t.position + static_cast<std::int64_t>(content.size()) : t.position;
            if (at < 0 || at >= static_cast<std::int64_t>(content.size()))
                return fail(Errc::sim_bad_card, "tamper", "no such byte in " + lds::name(t.file));
            auto& byte = content[static_cast<std::size_t>(at)];
            byte = static_cast<Byte>(byte ^ 1U);
            break;
        }
        case Kind::content: break;
    }
    return {};
}

}  // namespace idchip::cards
