// Terminal authentication against the simulated chip, driven by term_auth::Terminal: Doc 9303-11, 7.1 and appendix K.
#include "unit/sim/cv_chain_maker.hpp"
#include "unit/sim/emrtd_under_test.hpp"

#include <idchip/lds/ef_cvca.hpp>

using namespace idchip;
using namespace idchip::test;

namespace {

const auto domain = crypto::Domain::ecdh(crypto::Curve::bp256r1);

struct EacChip {
    CvChainMaker cv;
    chip_auth::Choice choice;
    EmrtdUnderTest chip;

    explicit EacChip(bool with_pace, pki::AccessRights rights = {true, false}, bool cam = false)
        : EacChip(CvChainMaker(rights), with_pace, cam) {}
    EacChip(CvChainMaker maker, bool with_pace, bool cam)
        : cv(std::move(maker)), choice{suite(), key(), {}, false}, chip(config(with_pace, cam)) {}

    static const crypto::KeyPair& pair() {
        static TestRng rng(31);
        static const auto made = good(crypto::KeyPair::generate(domain, rng));
        return made;
    }
    static chip_auth::Suite suite() {
        return good_optional(chip_auth::Suite::of(good_optional(lds::protocol_by_name("id-CA-ECDH-AES-CBC-CMAC-128"))));
    }
    static crypto::AgreementKey key() { return {domain, pair().public_value}; }
    sim::EmrtdConfig config(bool with_pace, bool cam) const {
        auto c = with_pace ? pace_config(cam ? "id-PACE-ECDH-CAM-AES-CBC-CMAC-128" : gm_aes_128) : bac_config();
        if (cam) c.pace[0].chip_authentication_key = pair().private_value.clone();
        c.lengths = {true, false, 4000, 4000, 0, sim::TooLong::correct_length};
        c.files[Ef::dg3] = file_of(0x63, 300);
        c.files[Ef::dg4] = file_of(0x76, 300);
        c.files[Ef::cvca] = good(lds::EfCvca{{"VNCVCA00001"}, {}}.encode());
        c.chip_authentication.push_back({key(), pair().private_value.clone(), {}, {suite()}});
        c.terminal_authentication = {cv.trust(), {}, false};
        return c;
    }
    EacChip& open() {
        chip.secured.reset();
        chip.card.power_up();
        if (chip.card.config().pace.empty()) chip.bac();
        else chip.pace().in_application();
        return *this;
    }
    EacChip& chip_authentication() {
        good(chip.try_chip_authentication(choice));
        return *this;
    }
    term_auth::Binding binding() const {
        const bool pace = !chip.pace_pk_ic.empty();
        return {pace ? term_auth::compress(domain, chip.pace_pk_ic) : term_auth::id_ic_of_bac(document_key),
                term_auth::compress(domain, chip.pk_ifd)};
    }
    Result<void> terminal_authentication() { return terminal_authentication(cv.credentials(), binding()); }
    Result<void> terminal_authentication(const term_auth::Credentials& credentials, const term_auth::Binding& bound) {
        term_auth::Terminal terminal(TRY_CHAIN(credentials), credentials.sign, bound);
        auto response = chip.send(terminal.first());
        for (;;) {
            auto next = terminal.next(response);
            if (!next) return fail(std::move(next.error()));
            if (!*next) return {};
            response = chip.send(**next);
        }
    }
    static std::vector<pki::CvCertificate> TRY_CHAIN(const term_auth::Credentials& c) { return good(c.chain_from({"VNCVCA00001"})); }
    std::pair<std::uint16_t, std::uint16_t> sensitive() { return {chip.select(0x0103).sw, chip.read_short(0x04, 10).sw}; }
};
const std::pair<std::uint16_t, std::uint16_t> closed{0x6982, 0x6982}, only_dg3{0x9000, 0x6982}, only_dg4{0x6982, 0x9000},
    both{0x9000, 0x9000};

}  // namespace

TEST_CASE("DG3 and DG4 open for the terminal that has the right, after BAC and after PACE", "[sim]") {
    for (const bool with_pace : {false, true}) {
        struct Row {
            pki::AccessRights rights;
            std::pair<std::uint16_t, std::uint16_t> then;
        };
        for (const auto& [rights, then] :
             {Row{{true, false}, only_dg3}, Row{{false, true}, only_dg4}, Row{{true, true}, both}, Row{{}, closed}}) {
            CAPTURE(with_pace, rights.dg3, rights.dg4);
            EacChip eac(with_pace, rights);
            eac.open();
            CHECK(eac.sensitive() == closed);
            CHECK(eac.chip.read_file(0x011C).size() == 36);
            eac.chip_authentication();
            CHECK(eac.sensitive() == closed);
            good(eac.terminal_authentication());
            CHECK(eac.sensitive() == then);
            if (rights.dg3) CHECK(eac.chip.read_file(0x0103) == eac.chip.card.config().files.at(Ef::dg3));
            // Not more than one execution in a session.
            CHECK(error_of(eac.terminal_authentication()) == "ta.refused");
            CHECK(eac.sensitive() == then);
            // Rights last as long as the keys that they were bound to, selections or not.
            CHECK(eac.chip.sw({0x00, 0xA4, 0x00, 0x0C, {}, {}}) == 0x9000);
            eac.chip.in_application();
            CHECK(eac.sensitive() == then);
            eac.chip_authentication();
            CHECK(eac.sensitive() == closed);
        }
    }
}

TEST_CASE("PACE-CAM stands in for chip authentication", "[sim]") {
    EacChip eac(true, {true, false}, true);
    eac.open();
    CHECK(eac.sensitive() == closed);
    good(eac.terminal_authentication());
    CHECK(eac.sensitive() == only_dg3);
}

TEST_CASE("terminal authentication wants chip authentication, a session, and its place", "[sim]") {
    EacChip eac(true);
    eac.open();
    eac.chip.pk_ifd = Bytes(65, 1);
    CHECK(error_of(eac.terminal_authentication()) == "ta.refused");
    CHECK(eac.sensitive() == closed);
    // In the clear.
    EacChip plain(true);
    CHECK(plain.chip("002281B60D830B564E43564341303030 3031") == "6982");
    CHECK(plain.chip("0084000008") == "6985");
    // In the master file only where the chip says so.
    EacChip master(true);
    master.chip.card.config().chip_authentication_in_master_file = true;
    master.chip.pace();
    master.chip_authentication();
    CHECK(error_of(master.terminal_authentication()) == "ta.refused");
    master.chip.card.config().terminal_authentication->in_master_file = true;
    good(master.terminal_authentication());
    master.chip.in_application();
    CHECK(master.sensitive() == only_dg3);
}

TEST_CASE("a terminal that is somebody else is refused, and the session goes on", "[sim]") {
    EacChip eac(true);
    const CvChainMaker other;
    const auto refused = [&](const term_auth::Credentials& credentials, const term_auth::Binding& binding) {
        const auto result = eac.terminal_authentication(credentials, binding);
        REQUIRE_FALSE(result);
        CHECK(eac.sensitive() == closed);
        CHECK(eac.chip.read_short(0x01, 4).sw == 0x9000);
        return result.error().sw.value_or(0);
    };
    eac.open().chip_authentication();
    CHECK(refused(other.credentials(), eac.binding()) == 0x6300);  // another CVCA of the same name
    // Bound to another chip, to another session.
    CHECK(refused(eac.cv.credentials(), {term_auth::id_ic_of_bac(document_key), eac.binding().pk_ifd}) == 0x6300);
    CHECK(refused(eac.cv.credentials(), {eac.binding().id_ic, Bytes(32, 7)}) == 0x6300);
    // Another key than the certificate's.
    auto credentials = eac.cv.credentials();
    credentials.sign = other.credentials().sign;
    CHECK(refused(credentials, eac.binding()) == 0x6300);
    good(eac.terminal_authentication());
    CHECK(eac.sensitive() == only_dg3);
}

TEST_CASE("the chip's date is that of the last certificate, and expired terminals are refused", "[sim]") {
    EacChip eac(false);
    auto& trust = eac.chip.card.config().terminal_authentication->trust;
    trust.current_date = {2027, 1, 2};
    eac.open().chip_authentication();
    const auto result = eac.terminal_authentication();
    REQUIRE_FALSE(result);
    CHECK(result.error().sw == 0x6985);
    CHECK(eac.sensitive() == closed);
    CHECK(trust.current_date == Date{2027, 1, 2});
}

TEST_CASE("a link certificate brings EF.CVCA and PACE up to date, and survives the session", "[sim]") {
    EacChip eac(true);
    const auto next_key = CvChainMaker::key();
    const auto link = CvChainMaker::make("VNCVCA00001", "VNCVCA00002", pki::CvRole::cvca, {true, true}, next_key, eac.cv.cvca_key,
                                         {2026, 6, 1}, {2028, 6, 1});
    eac.open().chip_authentication();
    CHECK(eac.chip.sw({0x00, 0x22, 0x81, 0xB6, tlv::element(0x83, as_bytes("VNCVCA00001")), {}}) == 0x9000);
    CHECK(eac.chip.sw({0x00, 0x2A, 0x00, 0xBE, to_bytes(link.contents()), {}}) == 0x9000);
    CHECK(eac.chip.sw({0x00, 0x2A, 0x00, 0xBF, to_bytes(link.contents()), {}}) == 0x6A86);
    const std::vector<std::string> now{"VNCVCA00002", "VNCVCA00001"};
    CHECK(good(lds::EfCvca::parse(eac.chip.read_file(0x011C))).authority_references == now);
    eac.chip.secured.reset();
    eac.chip.card.power_up();
    const auto choice = choice_of(eac.chip.card.config().pace.front());
    CHECK(good(eac.chip.try_pace(choice, pace::Password::mrz(document_key), true)).certification_authority_references == now);
    CHECK(eac.chip.card.config().terminal_authentication->trust.current_date == Date{2026, 6, 1});
}

TEST_CASE("certificates in chained commands, where the chip takes them", "[sim]") {
    EacChip eac(true);
    eac.chip.card.config().lengths = {false, true, 261, 258, 0, sim::TooLong::correct_length};
    eac.open().chip_authentication();
    const auto set_dst = [&](const char* reference) {
        return eac.chip.sw({0x00, 0x22, 0x81, 0xB6, tlv::element(0x83, as_bytes(reference)), {}});
    };
    const auto verify = [&](const pki::CvCertificate& c) {
        std::uint16_t last = 0;
        for (const auto& part : iso7816::chain({0x00, 0x2A, 0x00, 0xBE, to_bytes(c.contents()), {}}, 100)) last = eac.chip.sw(part);
        return last;
    };
    REQUIRE(eac.cv.dv.contents().size() > 100);
    CHECK(set_dst("VNCVCA00001") == 0x9000);
    CHECK(verify(eac.cv.dv) == 0x9000);
    CHECK(set_dst("VNDVDOM00001") == 0x9000);
    // Another command in between breaks the chain.
    const auto parts = iso7816::chain({0x00, 0x2A, 0x00, 0xBE, to_bytes(eac.cv.is.contents()), {}}, 100);
    CHECK(eac.chip.sw(parts[0]) == 0x9000);
    CHECK(eac.chip.sw({0x00, 0xB0, 0x81, 0, {}, 4}) == 0x6883);
    CHECK(eac.chip.sw(parts[1]) == 0x9000);
    CHECK(eac.chip.sw(parts.back()) != 0x9000);
    CHECK(set_dst("VNDVDOM00001") == 0x9000);
    CHECK(verify(eac.cv.is) == 0x9000);
    eac.chip.card.config().lengths.command_chaining = false;
    CHECK(eac.chip.sw(parts[0]) == 0x6884);
}

TEST_CASE("faults of terminal authentication", "[sim]") {
    EacChip eac(true);
    eac.chip.card.config().faults = {{sim::FaultId::ta_wrong_id}};
    eac.open().chip_authentication();
    CHECK(error_of(eac.terminal_authentication()) == "ta.refused");
    CHECK(eac.sensitive() == closed);
    good(eac.terminal_authentication(eac.cv.credentials(), {term_auth::id_ic_of_bac(document_key), eac.binding().pk_ifd}));
    eac.chip.card.config().faults = {{sim::FaultId::ta_refused, {}, 0, 0x6A80}};
    eac.open().chip_authentication();
    CHECK(eac.chip.sw({0x00, 0x22, 0x81, 0xB6, tlv::element(0x83, as_bytes("VNCVCA00001")), {}}) == 0x6A80);
    eac.chip.card.config().faults = {{sim::FaultId::open_after_failed_ta}};
    eac.open().chip_authentication();
    CHECK(eac.sensitive() == closed);
    CHECK_FALSE(eac.terminal_authentication(eac.cv.credentials(), {eac.binding().id_ic, Bytes(32, 7)}));
    CHECK(eac.sensitive() == both);
}
