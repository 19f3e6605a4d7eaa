// EnvelopedData before two of its recipients: an input is a whole ContentInfo, or the recipients of one.
#include "fuzz.hpp"

#include <idchip/pki/enveloped.hpp>

#include "holder.hpp"

using namespace idchip;

namespace {

Bytes with_recipients(ByteView recipients) {
    const auto cipher = der::sequence_of({der::write(der::Oid("2.16.840.1.101.3.4.1.42")), der::write_octet_string(Bytes(16, 1))});
    const auto content =
        der::sequence_of({der::write(der::Oid("1.2.840.113549.1.7.1")), cipher, tlv::element(der::context(0), Bytes(16, 2))});
    const auto enveloped = der::sequence_of({der::write_integer(2), tlv::element(der::set, recipients), content});
    return der::sequence_of({der::write(der::Oid("1.2.840.113549.1.7.3")), tlv::element(der::context_constructed(0), enveloped)});
}

bool is_foreseen(const Error& error) {
    switch (error.code) {
        case Errc::pki_bad_envelope:
        case Errc::der_bad_value:
        case Errc::crypto_unsupported:
        case Errc::pki_not_recipient:
        case Errc::pki_undecryptable: return true;
        default: return error.name().starts_with("tlv.");
    }
}

void check_open(ByteView input, const fuzz::Holder& own) {
    const auto content = pki::open(input, own.certificate, own.key);
    if (!content) {
        FUZZ_CHECK(is_foreseen(content.error()));
        return;
    }
    // Padding is never nothing. Whoever has the certificate alone has no key; what was read can be sealed and read again.
    FUZZ_CHECK(content->size() < input.size());
    static const auto stranger_ec = fuzz::ec_holder("stranger", 77);
    FUZZ_CHECK(!pki::open(input, own.certificate, stranger_ec.key));
    const auto again = pki::seal(*content, std::span(&stranger_ec.certificate, 1));
    FUZZ_CHECK(again && pki::open(*again, stranger_ec.certificate, stranger_ec.key) == *content);
    FUZZ_CHECK(pki::open(*again, own.certificate, own.key).error().code == Errc::pki_not_recipient);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto centre = fuzz::ec_holder("centre", 1), rsa = fuzz::rsa_holder("rsa");
    const ByteView input(data, size);
    const auto wrapped = with_recipients(input);
    for (const auto* own : {&centre, &rsa}) {
        check_open(input, *own);
        check_open(wrapped, *own);
    }
    return 0;
}
