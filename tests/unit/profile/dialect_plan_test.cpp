// Plans of the dialects: numbered blocks, what is left out, and how many commands a card takes.
#include "unit/unit.hpp"

#include <set>

#include <nlohmann/json.hpp>

#include <idchip/profile/plan.hpp>

using namespace idchip;
using namespace idchip::test;
using lds::Ef;
using profile::Value;

namespace {

profile::Profile shipped(const std::string& name) {
    return good(profile::load_profile(std::string(IDCHIP_SOURCE_DIR) + "/profiles/" + name + ".json"));
}

profile::Variables person() {
    profile::Variables v;
    for (const auto* name : {"mrz.document_number", "mrz.birth", "mrz.expiry", "mrz.information"}) v[name] = Value::of(as_bytes("123456"));
    v["aa.modulus"] = v["aa.private_exponent"] = Value::of(ByteView(Bytes(256, 0x11)));
    v["ca.private_key"] = Value::of(ByteView(Bytes(32, 0x22)));
    return v;
}

// A portrait of 20 kB, and what goes with it.
lds::Files document() {
    return {{Ef::com, Bytes(26, 0x60)},   {Ef::dg1, Bytes(95, 0x61)},   {Ef::dg2, Bytes(20'100, 0x75)}, {Ef::dg13, Bytes(400, 0x6D)},
            {Ef::dg14, Bytes(400, 0x6E)}, {Ef::dg15, Bytes(290, 0x6F)}, {Ef::sod, Bytes(1900, 0x77)},   {Ef::card_access, Bytes(20, 0x31)}};
}

std::size_t blocks(const lds::Files& files, std::size_t size) {
    std::size_t n = 0;
    for (const auto& [ef, content] : files) n += (content.size() + size - 1) / size;
    return n;
}

}  // namespace

TEST_CASE("blocks of STORE DATA are numbered through all steps, and the last one alone is marked", "[profile]") {
    const auto plan = good(profile::make_plan(shipped("gp-dgi"), person(), document()));
    Bytes stream;
    std::size_t number = 0;
    const auto check = [&](const profile::PlannedCommand& c, bool last) {
        if (c.apdu.ins != 0xE2) return;
        CHECK(c.apdu.p2 == number++);
        CHECK(c.apdu.p1 == (last ? 0x88 : 0x08));
        append(stream, c.apdu.data);
    };
    for (const auto& c : plan.write) check(c, false);
    REQUIRE(plan.lock.size() == 1);
    check(plan.lock[0], true);
    // Every data grouping, one after the other, with lengths of one and of three bytes.
    std::map<unsigned, std::size_t> groupings;
    for (std::size_t at = 0; at < stream.size();) {
        const auto id = static_cast<unsigned>(stream[at] << 8U | stream[at + 1]);
        std::size_t size = stream[at + 2], header = 3;
        if (size == 0xFF) {
            size = static_cast<std::size_t>(stream[at + 3]) << 8U | stream[at + 4];
            header = 5;
        }
        groupings[id] = size;
        at += header + size;
    }
    CHECK(groupings == std::map<unsigned, std::size_t>{{0x0101, 95},
                                                       {0x0102, 20'100},
                                                       {0x010D, 400},
                                                       {0x010E, 400},
                                                       {0x010F, 290},
                                                       {0x011C, 20},
                                                       {0x011D, 1900},
                                                       {0x011E, 26},
                                                       {0xFF01, 16},
                                                       {0xFF02, 516},
                                                       {0xFF03, 32},
                                                       {0xFF04, 20}});
}

TEST_CASE("more blocks than a card counts make no plan", "[profile]") {
    auto files = document();
    files[Ef::dg3] = Bytes(32'000, 0x63);
    files[Ef::dg5] = Bytes(8'000, 0x65);
    CHECK(error_of(profile::make_plan(shipped("gp-dgi"), person(), files)) == "perso.does_not_fit");
    files = document();
    for (const auto ef : {Ef::dg3, Ef::dg4, Ef::dg5}) files[ef] = Bytes(20'000, 0x63);
    CHECK(error_of(profile::make_plan(shipped("iso-native"), person(), files)) == "perso.does_not_fit");  // memory
}

TEST_CASE("what a document has no value for is left out", "[profile]") {
    auto v = person();
    v.erase("ca.private_key");
    const auto plan = good(profile::make_plan(shipped("gp-dgi"), v, document()));
    Bytes stream;
    for (const auto& c : plan.write)
        if (c.apdu.ins == 0xE2) append(stream, c.apdu.data);
    CHECK(to_hex(stream).find("FF0320") == std::string::npos);
    const auto native = shipped("iso-native");
    const auto names = [&](const profile::Variables& variables) {
        std::set<std::string> all;
        for (const auto& c : good(profile::make_plan(native, variables, document())).write) all.insert(c.id);
        return all;
    };
    CHECK(names(person()).contains("put CAN") == false);
    v["can"] = Value::of(as_bytes("123456"));
    CHECK(names(v).contains("put CAN"));
    CHECK_FALSE(names(v).contains("delete DG1"));
    v["resume"] = Value();
    CHECK(names(v).contains("delete DG1"));
}

TEST_CASE("a card takes hardly more commands than its dialect needs at least", "[profile]") {
    const auto files = document();
    const auto sent = [&](const profile::Profile& p) {
        auto v = person();
        if (p.features.aa_key == "RSA-1024") v["aa.modulus"] = v["aa.private_exponent"] = Value::of(ByteView(Bytes(128, 0x11)));
        auto mine = files;
        if (p.place_of(Ef::card_access) == nullptr) mine.erase(Ef::card_access);
        const auto plan = good(profile::make_plan(p, v, mine));
        return static_cast<double>(plan.write.size() + plan.lock.size());
    };
    // Least: every file created and selected, its blocks, access key and lock.
    const auto jmrtd = shipped("jmrtd-applet");
    CHECK(sent(jmrtd) <= 1.1 * static_cast<double>(blocks(files, 255) - 1 + 2 * 7 + 1 + 2 + 1));
    // Least: all in one stream.
    std::size_t bytes = 16 + 20 + 32 + 516 + 4 * 3;
    for (const auto& [ef, content] : files) bytes += content.size() + 5;
    CHECK(sent(shipped("gp-dgi")) <= 1.1 * static_cast<double>((bytes + 230) / 231 + 1));
    // Least: the application and every file created, its blocks, two secrets, activation.
    CHECK(sent(shipped("iso-native")) <= 1.1 * static_cast<double>(blocks(files, 231) + 1 + 8 + 2 + 1));
}

TEST_CASE("with extended length a card with a portrait of 20 kB takes at most 40 commands", "[profile]") {
    auto j = nlohmann::json::parse(good(read_text(std::string(IDCHIP_SOURCE_DIR) + "/profiles/iso-native.json")));
    j["limits"]["extended"] = true;
    j["limits"]["max_write"] = 2000;
    const auto p = good(profile::parse_profile(j.dump()));
    const auto plan = good(profile::make_plan(p, person(), document()));
    CHECK(plan.write.size() + plan.lock.size() + plan.lock_proof.size() <= 40);
    for (const auto& c : plan.write) CHECK(c.apdu.encode());
}
