#include <idchip/iso7816/status_word.hpp>
#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include <idchip/protocol/pace/mapping.hpp>
#include "protocol/pace/messages.hpp"

namespace idchip::pace {
namespace {

namespace sw = iso7816::sw;

Failure refuse(std::uint16_t status) { return fail(Error(Errc::pace_refused).with_sw(status)); }

// The object that this step must carry, alone.
Result<ByteView> expect(ByteView data, std::uint32_t tag) {
    const auto value = read_only_object(data, tag);
    if (!value || !*value) return refuse(sw::wrong_data);
    return **value;
}

}  // namespace

Chip::Chip(Choice choice, const Password& password, Randoms randoms, Options options)
    : choice_(std::move(choice)),
      k_pi_(derive_k_pi(password, choice_.suite.cipher)),
      randoms_(std::move(randoms)),
      options_(std::move(options)) {}

iso7816::ResponseApdu Chip::general_authenticate(ByteView data, bool chained) {
    // Every command but the last one is part of a chain (4.4.4.3).
    if (step_ == Step::ended) return iso7816::ResponseApdu::of(sw::conditions_not_satisfied);
    auto objects = chained == (step_ != Step::authenticate) ? answer(data) : Result<Bytes>(refuse(sw::conditions_not_satisfied));
    if (objects) return {tlv::element(dynamic_authentication_data, *objects), sw::ok};
    step_ = Step::ended;
    // What a peer can bring about is answered as bad data; the mathematics itself does not fail.
    return iso7816::ResponseApdu::of(objects.error().sw.value_or(sw::wrong_data));
}

Result<Bytes> Chip::answer(ByteView data) {
    switch (step_) {
        case Step::nonce: return send_nonce(data);
        case Step::map: return map(data);
        case Step::agree: return agree(data);
        case Step::authenticate: return authenticate(data);
        case Step::ended: break;
    }
    return refuse(sw::conditions_not_satisfied);
}

Result<Bytes> Chip::send_nonce(ByteView data) {
    const auto objects = read_dynamic_data(data);
    if (!objects || !objects->empty()) return refuse(sw::wrong_data);
    const auto& cipher = choice_.suite.cipher;
    const auto z = TRY(crypto::cbc_encrypt(cipher, k_pi_.view(), Bytes(crypto::block_size(cipher)), randoms_.nonce.view()));
    step_ = Step::map;
    return tlv::element(encrypted_nonce, z);
}

Result<Bytes> Chip::map(ByteView data) {
    const auto theirs = TRY(expect(data, map_ifd));
    if (choice_.suite.mapping == Mapping::integrated) {
        if (theirs.size() != nonce_t_size(choice_.suite.cipher)) return refuse(sw::wrong_data);
        mapped_ = TRY(map_integrated(choice_.domain, choice_.suite.cipher, randoms_.nonce.view(), theirs));
    } else {
        pk_map_ic_ = TRY(choice_.domain.public_value(randoms_.map_private.view()));
        mapped_ = TRY(map_generic(choice_.domain, randoms_.nonce.view(), randoms_.map_private.view(), theirs));
    }
    step_ = Step::agree;
    return tlv::element(map_ic, pk_map_ic_);
}

Result<Bytes> Chip::agree(ByteView data) {
    pk_ifd_ = to_bytes(TRY(expect(data, public_key_ifd)));
    pk_ic_ = TRY(mapped_->public_value(randoms_.agree_private.view()));
    if (equal(pk_ifd_, pk_ic_)) return refuse(sw::wrong_data);
    const auto k = TRY(mapped_->agree(randoms_.agree_private.view(), pk_ifd_));
    keys_ = sm::derive_session_keys(choice_.suite.cipher, k.view());
    step_ = Step::authenticate;
    return tlv::element(public_key_ic, pk_ic_);
}

Result<Bytes> Chip::authenticate(ByteView data) {
    const auto theirs = TRY(expect(data, token_ifd));
    step_ = Step::ended;
    if (!equal_constant_time(theirs, TRY(token(choice_, keys_, pk_ic_)))) {
        wrong_password_ = true;
        return refuse(sw::authentication_failed);
    }
    auto objects = tlv::element(token_ic, TRY(token(choice_, keys_, pk_ifd_)));
    const auto& references = options_.certification_authority_references;
    for (std::size_t i = 0; i < references.size() && i < 2; ++i)
        append(objects, tlv::element(i == 0 ? car_recent : car_previous, as_bytes(references[i])));
    std::optional<Bytes> sent;
    if (choice_.suite.mapping == Mapping::chip_authentication) {
        // 4.4.3.5.1: CA_IC = SK_IC^-1 * SK_map_ic
        const auto ca_ic = TRY(choice_.domain.divide(randoms_.map_private.view(), options_.chip_authentication_key.view()));
        append(objects, tlv::element(chip_authentication_data, TRY(encrypt_chip_authentication_data(keys_, ca_ic.view()))));
    }
    established_.emplace(
        Established{sm::start_session(std::move(keys_)), std::move(pk_ic_), std::move(pk_ifd_), std::move(pk_map_ic_), {}, references});
    return objects;
}

}  // namespace idchip::pace
