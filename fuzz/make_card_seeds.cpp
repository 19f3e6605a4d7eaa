// Seeds of what stands around blank cards: files of keys, secure channels, scripts.
#include "make_seeds.hpp"

#include <idchip/personalize/script.hpp>
#include <idchip/protocol/scp/scp.hpp>

namespace {

using namespace idchip;

constexpr auto master = R"json({"schema": 1, "algorithm": "aes", "version": 48, "diversification": "kdf3",
 "enc": "404142434445464748494A4B4C4D4E4F", "mac": "404142434445464748494A4B4C4D4E4F", "dek": "404142434445464748494A4B4C4D4E4F",
 "check_values": {"enc": "504A77", "mac": "504A77", "dek": "504A77"}})json";
constexpr auto cards = R"json({"schema": 1, "algorithm": "tdes", "cards": [{"card": "00010203040506070809", "version": 1,
 "enc": "404142434445464748494A4B4C4D4E4F", "mac": "505152535455565758595A5B5C5D5E5F", "dek": "404142434445464748494A4B4C4D4E4F"}]})json";
constexpr auto wrapped = R"json({"schema": 1, "algorithm": "aes", "wrapped": true, "cards": [{"card": "00010203040506070809",
 "enc": "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5", "mac": "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5",
 "dek": "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"}]})json";
constexpr auto csv =
    "card,version,enc,mac,dek\n00010203040506070809,48,404142434445464748494A4B4C4D4E4F,404142434445464748494A4B4C4D4E4F,"
    "404142434445464748494A4B4C4D4E4F\n";

void key_files() {
    unsigned n = 0;
    for (const auto* text : {master, cards, wrapped, csv, "{}", "card,enc\n", "wrapped_enc,wrapped_mac,wrapped_dek,card\n00,00,00,00\n"})
        seeds::save("card_keys", "file" + std::to_string(n++), as_bytes(std::string_view(text)));
}

class Counting final : public Rng {
public:
    void fill(std::span<Byte> out) override {
        for (auto& b : out) b = ++next_;
    }

private:
    Byte next_ = 100;  // another host than the one of the target
};

// An honest exchange, as either end would see it from somebody with other challenges.
void channel(std::string name, Byte choice, const scp::Parameters& p) {
    Counting rng;
    const auto keys = [] {
        const auto key = seeds::hex("404142434445464748494A4B4C4D4E4F");
        return scp::StaticKeys{0x30, Secret(ByteView(key)), Secret(ByteView(key)), Secret(ByteView(key))};
    };
    scp::Terminal terminal(p, rng.bytes(p.challenge_size()));
    scp::Chip chip(p, keys(), Bytes(10, 0x22), Bytes(p.protocol == scp::Protocol::scp02 ? 2 : 3, 0x01), Bytes(8, 0xA0), rng);
    const auto save = [&](const char* what, Byte end, const Bytes& bytes) {
        seeds::save("scp", name + "-" + what, concat({Bytes{choice, end}, bytes}));
    };
    const auto update = terminal.initialize_update(0x30);
    const auto answer = chip.initialize_update(update);
    const auto authenticate = terminal.external_authenticate(keys(), terminal.read(answer).value()).value();
    auto session = terminal.finish(chip.external_authenticate(authenticate)).value();
    const auto command = session.wrap({0x80, 0xE2, 0x88, 0x00, Bytes(20, 0x5A), {}}).value();
    static_cast<void>(chip.open(command).value());
    const auto sealed = chip.seal({{}, 0x9000}).value();
    save("answer", 0, answer.encode());
    save("sealed", 2, sealed.encode());
    save("refused", 2, Bytes{0x6A, 0x80});
    save("update", 1, update.encode().value());
    save("authenticate", 3, authenticate.encode().value());
    save("command", 5, command.encode().value());
}

void script() {
    using personalize::ScriptStage;
    personalize::Script s;
    s.record = "1";
    s.profile = "gp-dgi";
    s.profile_hash = std::string(64, '0');
    s.select = seeds::hex("A000000151000000");
    s.key_diversification_data = Bytes(10, 0x22);
    s.initialize_update = seeds::hex("80503000080102030405060708");
    personalize::ScriptVariant v;
    v.counter = {0, 0, 1};
    v.card_challenge = v.card_cryptogram = Bytes(8, 0x33);
    for (const auto stage : {ScriptStage::open, ScriptStage::write, ScriptStage::lock, ScriptStage::proof})
        v.commands.push_back({"c", stage, seeds::hex("84E2880002AABB"), {0x90, 0x00}, 0x9000, {{0x6985, Errc::perso_locked}}});
    s.variants = {v, v};
    seeds::save("script", "whole", as_bytes(s.to_json()));
    seeds::save("script", "empty", as_bytes("{}"));
}

}  // namespace

void seeds::cards() {
    using scp::Protocol;
    key_files();
    channel("scp02", 0, {Protocol::scp02, 0x15, 0x01, true});
    channel("scp02-rmac", 2, {Protocol::scp02, 0x75, 0x13, true});
    channel("scp03", 3, {Protocol::scp03, 0x60, 0x33, true});
    channel("scp03-s16", 5, {Protocol::scp03, 0x71, 0x33, true});
    script();
}
