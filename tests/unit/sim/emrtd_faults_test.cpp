// Every fault of access and secure messaging does what its name says, and the terminal roles see it.
#include "unit/sim/emrtd_under_test.hpp"

#include <set>

using namespace idchip;
using namespace idchip::test;
using sim::FaultId;

namespace {

const CommandApdu read_dg1{0x00, 0xB0, 0x81, 0x00, {}, 20};

// How the terminal's secure messaging ends when it reads DG1 from a chip with this fault.
std::string reading(sim::Fault fault, bool aes) {
    EmrtdUnderTest chip(aes ? pace_config() : bac_config());
    if (aes) chip.pace().in_application();
    else chip.bac();
    chip.card.config().faults = {fault};
    const auto answer = chip.plain(good(chip.secured->protect(read_dg1)));
    return error_of(chip.secured->unprotect(answer));
}

std::string pace_run(sim::Fault fault, const char* protocol = gm_aes_128, std::int64_t parameters = 13) {
    auto config = pace_config(protocol, parameters);
    config.lengths = {true, false, 2000, 2000, 0, sim::TooLong::correct_length};
    config.faults = {fault};
    EmrtdUnderTest chip(std::move(config));
    const auto result = chip.try_pace(choice_of(chip.card.config().pace.front()), pace::Password::mrz(document_key));
    return result ? "none" : std::string(result.error().name()) + " " + result.error().where;
}

}  // namespace

TEST_CASE("the table of faults is in order", "[sim]") {
    std::set<std::string_view> names;
    for (const auto& fault : sim::all_faults()) {
        CAPTURE(fault.name);
        CHECK(names.insert(fault.name).second);
        CHECK(&sim::info(fault.id) == &fault);
        CHECK(sim::fault_by_name(fault.name) == fault.id);
        CHECK(fault.case_id.size() == 3);
        CHECK_FALSE(fault.text.empty());
    }
    CHECK_FALSE(sim::fault_by_name("no-such-fault"));
    CHECK(sim::info(FaultId::sm_status_differs).takes("sw"));
    CHECK_FALSE(sim::info(FaultId::sm_status_differs).takes("step"));
}

TEST_CASE("faults of secure messaging end the terminal's session", "[sim]") {
    for (const bool aes : {false, true}) {
        CAPTURE(aes);
        for (const auto id : {FaultId::sm_mac_wrong, FaultId::sm_do99_absent, FaultId::sm_do99_one_byte, FaultId::sm_status_differs,
                              FaultId::sm_plain_answer, FaultId::sm_session_ends, FaultId::sm_bare_status}) {
            CAPTURE(sim::info(id).name);
            CHECK(reading({id}, aes) == "sm.broken");
        }
    }
}

TEST_CASE("an answer that comes again has the wrong counter", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.bac();
    CHECK(chip.sw(read_dg1) == 0x9000);
    chip.card.config().faults = {{FaultId::sm_replay}};
    const auto answer = chip.plain(good(chip.secured->protect(read_dg1)));
    CHECK(answer.sw == 0x9000);
    CHECK(error_of(chip.secured->unprotect(answer)) == "sm.broken");
}

TEST_CASE("the MAC over a mutilated status object is right", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.bac();
    chip.card.config().faults = {{FaultId::sm_do99_one_byte}};
    const auto answer = chip.plain(good(chip.secured->protect(read_dg1)));
    tlv::Reader r(answer.data, tlv::Rules::ber);
    CHECK(good(r.next()).tag == 0x87);
    CHECK(good(r.next()).value.size() == 1);
    CHECK(good(r.next()).tag == 0x8E);
    CHECK(r.at_end());
}

TEST_CASE("DO85 in the place of DO87 is authentic", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.bac();
    chip.card.config().faults = {{FaultId::sm_objects_mixed}};
    const auto answer = chip.plain(good(chip.secured->protect(read_dg1)));
    CHECK(answer.data[0] == 0x85);
    (void)chip.secured->unprotect(answer);
}

TEST_CASE("a bare status word of somebody on the line leaves the chip's session, the chip's own ends it", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.bac();
    chip.card.config().faults = {{FaultId::sm_bare_status, Ef::dg1, 0, 0x6A82}};
    CHECK(chip.read_short(0x1E, 4).sw == 0x9000);  // another file
    auto copy = good(chip.secured->protect({0x00, 0xA4, 0x02, 0x0C, "0101"_hex, {}}));
    CHECK(chip.plain(copy).encode() == "6A82"_hex);
    CHECK(chip.plain(copy).sw == 0x6988);  // a session is there, and its counter has moved on
    chip.card.config().faults = {{FaultId::sm_session_ends, {}, 2, 0x6982}};
    chip.secured.reset();
    chip.card.power_up();
    chip.bac();
    CHECK(chip.read_short(0x01, 4).sw == 0x9000);
    CHECK(chip.read_short(0x01, 4).sw == 0x9000);
    CHECK(chip.plain(good(chip.secured->protect(read_dg1))).encode() == "6982"_hex);
    CHECK(chip.plain(good(chip.secured->protect(read_dg1))).encode() == "6882"_hex);
}

TEST_CASE("files that change, that are empty, and answers that are too long", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.bac();
    auto& faults = chip.card.config().faults;
    faults = {{FaultId::content_unstable, Ef::dg1}};
    const auto dg1 = chip.card.config().files.at(Ef::dg1);
    const auto altered = chip.read_file(0x0101);
    CHECK(altered != dg1);
    CHECK(altered.size() == dg1.size());
    CHECK(chip.read_file(0x0101) == dg1);
    CHECK(chip.read_file(0x0101) == altered);
    CHECK(chip.read_file(0x011E) == chip.read_file(0x011E));
    faults = {{FaultId::length_unstable, Ef::dg2}};
    const auto first = chip.read_file(0x0102), second = chip.read_file(0x0102);
    CHECK(first[3] != second[3]);
    CHECK(to_bytes(ByteView(first).subspan(4)) == to_bytes(ByteView(second).subspan(4)));
    faults = {{FaultId::read_empty, Ef::dg2}};
    CHECK(chip.read_short(0x02, 10).data.empty());
    CHECK(chip.read_short(0x02, 10).sw == 0x9000);
    CHECK(chip.read_short(0x01, 10).data.size() == 10);
    faults = {{FaultId::response_too_long}};
    CHECK(chip.read_short(0x01, 10).data.size() == 310);
    faults[0].bytes = 70'000;
    CHECK(chip.read_short(0x01, 10).data.size() == 70'010);
}

TEST_CASE("a chip that opens without access control, and one that hides its master file", "[sim]") {
    auto config = pace_config();
    config.faults = {{FaultId::open_without_access}};
    EmrtdUnderTest open(std::move(config));
    open.in_application();
    CHECK(open.read_file(0x0101) == open.card.config().files.at(Ef::dg1));
    auto other = pace_config();
    other.files[Ef::cvca] = file_of(0x42, 36);
    other.faults = {{FaultId::application_preselected}, {FaultId::open_without_access}};
    EmrtdUnderTest chip(std::move(other));
    CHECK(chip("00A4000C") == "9000");
    CHECK(chip.read_file(0x011C) == chip.card.config().files.at(Ef::cvca));
    CHECK(chip.read_file(0x011D) == chip.card.config().files.at(Ef::sod));
}

TEST_CASE("faults of BAC are seen by the terminal", "[sim]") {
    for (const auto id : {FaultId::bac_mac_wrong, FaultId::bac_rnd_ic_wrong, FaultId::bac_rnd_ifd_wrong}) {
        CAPTURE(sim::info(id).name);
        auto config = bac_config();
        config.faults = {{id}};
        EmrtdUnderTest chip(std::move(config));
        chip.in_application();
        const auto result = chip.try_bac();
        REQUIRE_FALSE(result);
        CHECK(result.error().name() == "bac.bad_answer");
        CHECK((result.error().detail == "MAC is wrong") == (id == FaultId::bac_mac_wrong));
    }
}

TEST_CASE("faults of PACE are seen by the terminal, at their step", "[sim]") {
    const auto at = [](unsigned step, std::uint16_t sw = 0x6A82) { return sim::Fault{FaultId::pace_step_refused, {}, 0, sw, step}; };
    CHECK(pace_run({FaultId::pace_set_at_refused, {}, 0, 0x6A80}) == "pace.refused MSE:Set AT");
    CHECK(pace_run(at(1)) == "pace.refused GENERAL AUTHENTICATE step 1");
    CHECK(pace_run(at(2)) == "pace.refused GENERAL AUTHENTICATE step 2");
    CHECK(pace_run(at(3)) == "pace.refused GENERAL AUTHENTICATE step 3");
    CHECK(pace_run(at(4, 0x63C2)).substr(0, 19) == "pace.wrong_password");
    CHECK(pace_run({FaultId::pace_token_wrong}) == "pace.bad_answer GENERAL AUTHENTICATE step 4");
    for (const auto& [protocol, parameters] : {std::pair{gm_aes_128, 13}, std::pair{"id-PACE-DH-GM-AES-CBC-CMAC-128", 2}}) {
        CAPTURE(protocol);
        for (const auto id : {FaultId::pace_key_off_curve, FaultId::pace_key_neutral}) {
            CAPTURE(sim::info(id).name);
            CHECK(pace_run({id, {}, 0, 0, 2}, protocol, parameters) == "pace.bad_answer GENERAL AUTHENTICATE step 2");
            CHECK(pace_run({id, {}, 0, 0, 3}, protocol, parameters) == "pace.bad_answer GENERAL AUTHENTICATE step 3");
        }
        CHECK(pace_run({FaultId::pace_key_repeated}, protocol, parameters) == "pace.bad_answer GENERAL AUTHENTICATE step 3");
        CHECK(pace_run({FaultId::pace_reflection}, protocol, parameters) == "pace.bad_answer GENERAL AUTHENTICATE step 3");
        CHECK(pace_run({FaultId::pace_mapping_reflection}, protocol, parameters) == "pace.bad_answer GENERAL AUTHENTICATE step 2");
    }
}

TEST_CASE("a mirror needs no password: its last answer is the terminal's own token", "[sim]") {
    auto config = pace_config();
    config.faults = {{FaultId::pace_reflection}};
    EmrtdUnderTest chip(std::move(config));
    REQUIRE(chip("0022C1A40F800A04007F00070202040202830101") == "9000");
    CHECK(chip("10860000027C0000").size() > 4);
    const auto& domain = chip.card.config().pace[0].domain;
    const auto send = [&](std::uint32_t tag, const Bytes& value, bool last) {
        return chip.send({static_cast<Byte>(last ? 0x00 : 0x10), 0x86, 0, 0, tlv::element(0x7C, tlv::element(tag, value)), 256});
    };
    const auto key = to_bytes(domain.generator());
    CHECK(send(0x81, key, false).sw == 0x9000);
    CHECK(send(0x83, key, false).data == tlv::element(0x7C, tlv::element(0x84, key)));
    const auto token = "0102030405060708"_hex;
    CHECK(send(0x85, token, true).encode() == concat({tlv::element(0x7C, tlv::element(0x86, token)), "9000"_hex}));
}
