// Seeds of enveloped, bundle, bundle_journal, release and plan. enveloped/openssl_* are of `openssl cms -encrypt`, for the same recipients.
#include <idchip/pki/cms.hpp>
#include <idchip/pki/enveloped.hpp>

#include "bundle/journal.hpp"
#include "bundle_scene.hpp"
#include "make_seeds.hpp"
#include "release_scene.hpp"
#include "signer/key_signer.hpp"

using namespace idchip;
using seeds::save;

namespace {

const der::Oid id_data("1.2.840.113549.1.7.1");

Bytes text(std::string_view t) { return to_bytes(as_bytes(t)); }

Bytes signed_by(const fuzz::Holder& person, ByteView content, bool by_key_id) {
    signer::KeySigner signer(person.certificate, person.key);
    return pki::build_signed_data(id_data, content, signer, fuzz::noon, {{}, by_key_id}).value();
}

// Contents of the last SET, or of the only one, of the structure in a ContentInfo: its SignerInfos or its recipients.
Bytes last_set(ByteView content_info) {
    tlv::Reader outer(content_info, tlv::Rules::der, "seed");
    auto info = outer.enter(outer.expect(der::sequence).value());
    info.next().value();
    auto wrapper = info.enter(info.next().value());
    Bytes contents;
    for (auto r = wrapper.enter(wrapper.next().value()); !r.at_end();)
        if (const auto e = r.next().value(); e.tag == der::set) contents = to_bytes(e.value);
    return contents;
}

void envelopes() {
    const auto other = fuzz::ec_holder("other", 2);
    const std::vector both = {other.certificate, fuzz::centre().certificate};
    const auto one = pki::seal(text("content"), std::span(both).last(1)).value();
    save("enveloped", "one", one);
    save("enveloped", "two", pki::seal(Bytes(16, 0x30), both).value());
    save("enveloped", "recipients", last_set(one));
    save("enveloped", "for_another", pki::seal({}, std::span(both).first(1)).value());
}

void bundles() {
    save("bundle", "signed", signed_by(fuzz::team(), fuzz::signed_text(), true));
    save("bundle", "signed_by_serial", signed_by(fuzz::team(), fuzz::signed_text(), false));
    save("bundle", "signed_by_stranger", signed_by(fuzz::ec_holder("north", 22), fuzz::signed_text(), true));
    save("bundle", "text", fuzz::signed_text());
    save("bundle", "nothing", bundle::write_content(fuzz::manifest(0), {}));
    const auto portrait = seeds::hex("FFD8FFE000104A464946");
    save("bundle", "lines",
         text(bundle::entry_line(R"({"record":"A1","surname":"Trần","birth":null})", portrait) +
              bundle::entry_line(R"({"record":"A2","unknown":{"a":[1,2.5]}})", {})));
}

std::string closed(const std::string& lines, std::uint64_t number, const std::string& team, std::uint64_t end) {
    bundle::Closed c;
    c.manifest = fuzz::manifest(2);
    c.manifest.team = team;
    c.manifest.number = number;
    c.content = to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(team + std::to_string(number))));
    c.taken = c.refused = 1;
    c.end = end;
    c.lines = to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(lines)));
    return lines + bundle::to_line(c);
}

// For the records of the target.
void journals() {
    const auto name = fuzz::manifest(1).bundle;
    const auto taken = [&](std::uint64_t line, const std::string& record, std::uint64_t end) {
        const auto content = to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(record)));
        return bundle::to_line(bundle::Taken{name, line, "A" + std::to_string(end), content, {std::string(32, 'A')}, content, end});
    };
    const auto refused =
        bundle::to_line(bundle::Refused{name, 3, "A3", {{"expiry", "record.missing", Severity::error, "message", "remedy", {}, {}}}});
    const auto first = closed(taken(2, "{}", 3) + refused, 2, "north", 3);
    const auto second = closed(taken(2, R"({"a":1})", 11), 5, "north", 11);
    save("bundle_journal", "two", text(first + second));
    save("bundle_journal", "in_one", text(closed(taken(2, "{}", 3) + taken(3, R"({"a":1})", 11), 1, "north", 11)));
    save("bundle_journal", "interrupted", text(first + taken(2, R"({"a":1})", 11)));
    save("bundle_journal", "nothing_taken", text(closed(refused, 1, "south", 0) + closed("", 1, "north", 0)));
    save("bundle_journal", "no_line", text(first + "x\n" + second));
}

void releases() {
    const auto statement = fuzz::request().statement();
    auto use = fuzz::request();
    use.kind = release::key_use;
    use.subject = release::KeyUse{std::string(64, 'A'), 5000}.subject();
    save("release", "reprint", text(statement));
    save("release", "key_use", text(use.statement()));
    save("release", "subject", text(use.subject));
    std::vector<Bytes> infos;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto release = signed_by(fuzz::operators()[i], as_bytes(statement), false);
        save("release", "by" + std::to_string(i), release);
        infos.push_back(last_set(release));
    }
    save("release", "signers", concat({infos[0], infos[1]}));
    save("release", "by_both", fuzz::with_signers(concat({infos[0], infos[1]})));
    save("release", "of_another", signed_by(fuzz::operators()[0], as_bytes(use.statement()), false));
}

void plans() {
    save("plan", "whole",
         text("province,district,commune,eligible,target,deadline,start\nTỉnh Mẫu,,,1200,1000,2026-04-11,2026-01-01\n"
              "Hà Nội,,Phường Mẫu,300,250,2026-06-30,\n"));
    save("plan", "quotes",
         text("\xEF\xBB\xBFprovince;eligible;target;deadline\r\n\"A \"\"B\"\"; C\";2;1;2026-12-31\r\n;;;\r\n"
              "Hue\xCC\x82\xCC\x81;2;0;2028-02-29"));
    save("plan", "tabs", text("deadline\ttarget\teligible\tprovince\n2026-12-31\t0\t10000000000\tA\xC2\xA0 B\n"));
    save("plan", "lines_in_quotes", text("province,eligible,target,deadline\n\"\nA\",2,1,2026-12-31\nB,1,2,2026-12-31\n"));
}

}  // namespace

void seeds::offices() {
    envelopes();
    bundles();
    journals();
    releases();
    plans();
}
