// Terminal authentication, the input is the chip's answers. The chip's role is in fuzz_cv_certificate and fuzz_emrtd.
#include <idchip/protocol/term_auth/term_auth.hpp>

#include "dialogue.hpp"

using namespace idchip;

namespace {

pki::CvCertificate certificate(pki::CvRole role, const std::string& by, const std::string& holder) {
    static const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p256).value();
    pki::CvTemplate t;
    t.certification_authority_reference = by;
    t.certificate_holder_reference = holder;
    t.holder_authorization = pki::HolderAuthorization::inspection_system(role, {true, true});
    t.effective_date = {2020, 1, 1};
    t.expiration_date = {2099, 1, 1};
    t.algorithm = pki::CvAlgorithm::suited_to(key.public_key().info());
    return pki::build_cv_certificate(t, key.public_key(), pki::cv_signer(key, t.algorithm)).value();
}

const std::vector<pki::CvCertificate>& chain() {
    static const std::vector chain = {certificate(pki::CvRole::dv_domestic, "UTCVCAUT001", "UTDVUT00001"),
                                      certificate(pki::CvRole::terminal, "UTDVUT00001", "UTISUT00001")};
    return chain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Messages answers(ByteView(data, size));
    std::size_t signatures = 0;
    const auto sign = [&](ByteView input) -> Result<Bytes> {
        ++signatures;
        FUZZ_CHECK(input.size() == 10 + term_auth::challenge_size + 20);  // nothing but what the standard wants is ever signed
        return Bytes(64, 0x5A);
    };
    term_auth::Terminal terminal(chain(), sign, {Bytes(10, 1), Bytes(20, 2)});
    FUZZ_CHECK(terminal.first().encode());
    for (int step = 0; step < 16; ++step) {
        const auto command = terminal.next(answers.next_answer());
        if (!command || !*command) {
            FUZZ_CHECK(command ? signatures == 1 : signatures <= 1);
            return 0;
        }
        FUZZ_CHECK((*command)->encode());
    }
    FUZZ_CHECK(false);
}
