#include "sim/emrtd/misbehaviour.hpp"

#include <algorithm>

#include <idchip/tlv/reader.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"

namespace idchip::sim::emrtd {
namespace {

void flip_last_bit(Bytes& bytes) {
    if (!bytes.empty()) bytes.back() = static_cast<Byte>(bytes.back() ^ 1U);
}

// The last byte of the outer object's length field.
void change_length(Bytes& file) {
    const std::size_t tag = !file.empty() && (file[0] & 0x1FU) == 0x1F ? 2 : 1;
    if (file.size() <= tag) return;
    const std::size_t last = (file[tag] & 0x80U) != 0 ? tag + (file[tag] & 0x7FU) : tag;
    if (last < file.size()) file[last] = static_cast<Byte>(file[last] ^ 1U);
}

// The objects of a protected answer without DO'99' and DO'8E', and then `do99`.
Bytes with_status_object(ByteView sealed, ByteView do99) {
    Bytes objects;
    tlv::Reader r(sealed, tlv::Rules::ber);
    while (!r.at_end()) {
        const auto e = r.next();
        if (!e) break;
        if (e->tag != 0x99 && e->tag != 0x8E) append(objects, e->raw);
    }
    append(objects, do99);
    return objects;
}

}  // namespace

const Fault* Misbehaviour::active(FaultId id) const {
    const auto it = std::find_if(faults_.begin(), faults_.end(), [id](const Fault& f) { return f.id == id; });
    return it == faults_.end() ? nullptr : &*it;
}

const Fault* Misbehaviour::active(FaultId id, std::optional<lds::Ef> file, std::size_t commands) const {
    for (const auto& fault : faults_)
        if (fault.id == id && (!fault.file || fault.file == file) && (fault.after == 0 || commands > fault.after)) return &fault;
    return nullptr;
}

const std::vector<chip_auth::ChipKey>& Misbehaviour::chip_keys(const std::vector<chip_auth::ChipKey>& right, Rng& rng) {
    if (active(FaultId::ca_wrong_key) == nullptr) return right;
    wrong_keys_.clear();
    for (const auto& key : right) wrong_keys_.push_back({key.public_key, key.public_key.domain.draw_private(rng), key.key_id, key.suites});
    return wrong_keys_;
}

ByteView Misbehaviour::content(lds::Ef file, ByteView right, std::size_t offset) {
    const auto* content = active(FaultId::content_unstable, file);
    const auto* length = active(FaultId::length_unstable, file);
    if (content == nullptr && length == nullptr) return right;
    auto& readings = readings_[file];
    if (offset == 0) ++readings;
    if (readings % 2 == 0) return right;
    altered_ = to_bytes(right);
    if (content != nullptr) flip_last_bit(altered_);
    if (length != nullptr) change_length(altered_);
    return altered_;
}

void Misbehaviour::edit_answer(const Command& c, std::optional<lds::Ef> file, Response& answer) const {
    if (c.ins != iso7816::ins::read_binary && c.ins != iso7816::ins::read_binary_odd) return;
    if (active(FaultId::read_empty, file) != nullptr && answer.ok()) answer.data.clear();
    if (const auto* fault = active(FaultId::response_too_long, file); fault != nullptr && answer.ok())
        answer.data.resize(answer.data.size() + fault->bytes);
}

Result<Misbehaviour::Sealed> Misbehaviour::seal(ChannelKeys& keys, std::size_t commands, std::optional<lds::Ef> file, const Response& plain,
                                                Byte ins) {
    const auto fault = [&](FaultId id) { return active(id, file, commands); };
    auto sealed = TRY(keys.seal(plain, static_cast<Byte>(fault(FaultId::sm_objects_mixed) != nullptr ? ins ^ 1U : ins)));
    const auto before = std::exchange(last_sealed_, sealed);
    if (const auto* f = fault(FaultId::sm_session_ends)) return Sealed{Response::of(f->sw), true};
    if (const auto* f = fault(FaultId::sm_bare_status)) return Sealed{Response::of(f->sw)};
    if (fault(FaultId::sm_plain_answer) != nullptr) return Sealed{{plain.data, 0x9000}};
    if (fault(FaultId::sm_replay) != nullptr && before) return Sealed{*before};
    if (fault(FaultId::sm_do99_absent) != nullptr) sealed.data = TRY(keys.authenticate_again(with_status_object(sealed.data, {})));
    if (fault(FaultId::sm_do99_one_byte) != nullptr)
        sealed.data = TRY(keys.authenticate_again(with_status_object(sealed.data, tlv::element(0x99, Bytes{0x90}))));
    if (fault(FaultId::sm_mac_wrong) != nullptr) flip_last_bit(sealed.data);
    if (const auto* f = fault(FaultId::sm_status_differs)) sealed.sw = f->sw;
    return Sealed{std::move(sealed)};
}

}  // namespace idchip::sim::emrtd
