// Writes the seeds of the fuzz targets with our own encoders: make_seeds FOLDER. Keys are fresh each time.
#include <cstdio>

#include <idchip/base/file.hpp>
#include <idchip/inspect/evidence.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/pki/cv_certificate.hpp>
#include <idchip/protocol/sm/secure_messaging.hpp>
#include <idchip/signer/sod.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>
#include <idchip/tlv/writer.hpp>

#include "make_seeds.hpp"

using namespace idchip;
using crypto::Curve;
using crypto::EcEncoding;
using crypto::HashAlg;
using lds::Ef;

namespace {

std::filesystem::path folder;

}  // namespace

Bytes seeds::hex(std::string_view text) { return from_hex(text).value(); }

void seeds::save(std::string_view target, std::string_view name, ByteView bytes) {
    const auto path = folder / target;
    if (!make_folder(path) || !write_file(path / name, bytes)) {
        std::fprintf(stderr, "cannot write %s/%s\n", path.c_str(), std::string(name).c_str());
        std::exit(1);
    }
}

namespace {

using seeds::hex;
using seeds::save;

Bytes text(std::string_view t) { return to_bytes(as_bytes(t)); }
Bytes prefixed(unsigned first, ByteView rest) { return concat({Bytes{static_cast<Byte>(first)}, rest}); }

const std::vector<std::string> td3 = {"PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3404159ZE184226B<<<<<16"};
const std::vector<std::string> td2 = {"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"};
const std::vector<std::string> td1 = {"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"};
const std::vector<std::string> td1_long = {"I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2",
                                           "STEVENSON<<PETER<JOHN<<<<<<<<<"};
const std::vector<std::string> td2_long = {"I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8"};

std::string joined(const std::vector<std::string>& lines, std::string_view between) {
    std::string result;
    for (const auto& line : lines) result += (result.empty() ? "" : std::string(between)) + line;
    return result;
}

const Bytes jpeg = hex(
    "FFD8 FFE0 0010 4A46494600010100000100010000 FFC0 0011 08 0140 00F0 03 011100 021101 031101 FFDA 000C 03 0100 0211 0311 003F00 00 FFD9");
const Bytes codestream =
    hex("FF4FFF51 002F 0000 0000019D 00000213 00000000 00000000 0000019D 00000213 00000000 00000000 0003 070101 070101 070101 FFD9");

Bytes box(std::string_view type, ByteView contents) {
    Bytes b;
    append_be(b, 8 + contents.size(), 4);
    append(b, as_bytes(type));
    append(b, contents);
    return b;
}

Bytes jp2() {
    return concat({hex("0000000C6A5020200D0A870A"), box("ftyp", hex("6A703220000000006A703220")),
                   box("jp2h", box("ihdr", hex("000002130000019D0003070700 00"))), box("jp2c", codestream)});
}

image::FaceImage face(const Bytes& picture, Byte type) {
    image::FaceImage f;
    f.gender = 1;
    f.width = 240;
    f.height = 320;
    f.data_type = type;
    f.image = picture;
    return f;
}

// A face record with feature points, which our encoder does not write.
Bytes with_points(unsigned points) {
    auto r = image::encode_face_record(face(jpeg, 0));
    r.insert(r.begin() + 34, 8 * points, Byte{1});
    const auto put = [&r](std::size_t at, std::size_t value, std::size_t width) {
        Bytes b;
        append_be(b, value, width);
        std::copy(b.begin(), b.end(), r.begin() + static_cast<std::ptrdiff_t>(at));
    };
    put(8, r.size(), 4);
    put(14, r.size() - 14, 4);
    put(18, points, 2);
    return r;
}

signer::TestPki make_pki(Curve csca, Curve ds, EcEncoding encoding) {
    signer::TestPkiOptions o;
    o.csca_curve = csca;
    o.ds_curve = ds;
    o.ec_encoding = encoding;
    o.now = start_of({2026, 11, 21});
    return signer::make_test_pki(o, system_rng()).value();
}

void tlv_and_der(const signer::TestPki& pki) {
    const auto com = lds::EfCom::of({Ef::dg1, Ef::dg2, Ef::dg14}).encode();
    const Bytes samples[] = {com,
                             lds::Dg1::encode(td1),
                             lds::Dg2::encode(face(jpeg, 0)),
                             hex("7F60 03 7F61 00"),
                             hex("30030101FF"),
                             hex("5F1F81020000"),
                             hex("3080 3080 0401AA 0000 0000"),
                             hex("2480 0402AABB 0401CC 0000"),
                             pki.ds.raw,
                             hex("DF81827F00 7F817F00")};
    unsigned n = 0;
    for (const auto& sample : samples)
        for (unsigned rules = 0; rules < 3; ++rules) save("tlv", "sample" + std::to_string(n++), prefixed(rules, sample));
    save("der", "certificate", pki.ds.raw);
    save("der", "csca", pki.csca.raw);
    save("der", "crl", pki.crl.raw);
    save("der", "spki", pki.ds.spki);
    save("der", "integers",
         concat({der::write_integer(0), der::write_integer(-129), der::write_integer(1'000'000), der::write_unsigned(Bytes(20, 0xAA))}));
    save(
        "der", "oids",
        concat({der::write(der::Oid("2.23.136.1.1.1")), der::write(der::Oid("1.3.36.3.3.2.8.1.1.13")), hex("060B2A82808080808080808000")}));
    save("der", "times",
         concat({der::write_time(start_of({2026, 1, 1})), der::write_time(start_of({2060, 1, 1})),
                 der::write_generalized_time(start_of({2026, 1, 1}))}));
    save("der", "strings",
         concat({der::write_utf8("Bộ Công an"), der::write_printable("VN"), hex("1E0400411EAB"), hex("1402E941"), hex("16024142")}));
    save("der", "bits",
         concat({der::write_named_bits({0}), der::write_named_bits({5, 6}), der::write_bit_string(Bytes(4)), der::write_boolean(true)}));
    for (const auto scheme : {crypto::Scheme::ecdsa, crypto::Scheme::rsa_pkcs1, crypto::Scheme::rsa_pss})
        save("der", "algorithm" + std::to_string(static_cast<int>(scheme)), crypto::SignatureAlgorithm{scheme}.encode());
}

void zones() {
    unsigned n = 0;
    for (const auto* lines : {&td1, &td2, &td3, &td1_long, &td2_long}) {
        save("mrz", "lines" + std::to_string(n), text(joined(*lines, "\n")));
        save("mrz", "run" + std::to_string(n), text(joined(*lines, "")));
        save("dg1", "zone" + std::to_string(n++), lds::Dg1::encode(*lines));
    }
    auto bent = td3;
    bent[1][9] = '7';
    save("mrz", "wrong_check_digit", text(joined(bent, "\r\n")));
    save("dg1", "wrong_check_digit", lds::Dg1::encode(bent));
    save("dg1", "two_zones",
         tlv::element(0x61, {tlv::element(0x5F1F, as_bytes(joined(td3, ""))), tlv::element(0x5F1F, as_bytes(joined(td1, "")))}));
    save("dg1", "padded", concat({lds::Dg1::encode(td2), Bytes(5)}));
    save("dg1", "long_length", concat({hex("618200 5B 5F1F58"), as_bytes(joined(td3, ""))}));
}

void apdus() {
    unsigned n = 0;
    for (const auto* command :
         {"00A4040C07A0000002471001", "0084000008", "00B0000000", "00A4020C02011E", "00D6000003AABBCC", "00B000000000E7",
          "00D60000000003AABBCC", "00CB3FFF000003AABBCC0000", "00DADEAD", "AABBCC9000", "9000", "6A82"})
        save("apdu", "apdu" + std::to_string(n++), hex(command));
}

void secure_messaging() {
    using iso7816::CommandApdu;
    for (unsigned c = 0; c < 4; ++c) {
        const auto cipher = static_cast<crypto::Cipher>(c);
        // The same keys as in the target: see fuzz_sm_unwrap.cpp.
        const auto session = [&] {
            Bytes key(crypto::key_size(cipher));
            for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<Byte>(0x11 * i + 1);
            return sm::Session{{cipher, Secret(ByteView(key)), Secret(ByteView(key))},
                               sm::SendSequenceCounter(Bytes(crypto::block_size(cipher)))};
        };
        const auto without_mac = [](const Bytes& b) { return ByteView(b).first(b.size() - 10); };
        unsigned n = 0;
        for (const auto& command : {CommandApdu{0, 0xB0, 0, 0, {}, 4, false}, CommandApdu{0, 0xB0, 0, 0, Bytes(20, 7), {}, false},
                                    CommandApdu{0, 0xB0, 0, 0, Bytes(9), 300, false}}) {
            sm::Terminal terminal(session());
            save("sm_unwrap", "command" + std::to_string(c) + std::to_string(n++),
                 prefixed(c | 4U | 8U, without_mac(terminal.protect(command).value().data)));
        }
        for (const auto& plain :
             {iso7816::ResponseApdu{Bytes(4, 9), 0x9000}, iso7816::ResponseApdu{{}, 0x6A82}, iso7816::ResponseApdu{Bytes(40, 9), 0x6282}}) {
            sm::Terminal terminal(session());
            sm::Chip chip(session());
            static_cast<void>(chip.open(terminal.protect({0, 0xB0, 0, 0, {}, 4, false}).value()));
            const auto sealed = chip.seal(plain, 0xB0).value();
            Bytes sw;
            append_be(sw, plain.sw, 2);
            save("sm_unwrap", "response" + std::to_string(c) + std::to_string(n++),
                 concat({Bytes{static_cast<Byte>(c | 4U)}, without_mac(sealed.data), sw}));
        }
    }
}

void lds_files() {
    unsigned n = 0;
    for (const auto& groups :
         {std::vector<Ef>{}, std::vector<Ef>{Ef::dg1}, std::vector<Ef>{Ef::dg1, Ef::dg2},
          std::vector<Ef>{Ef::dg1, Ef::dg2, Ef::dg14, Ef::dg15}, std::vector<Ef>{Ef::dg2, Ef::dg1, Ef::dg3, Ef::dg4, Ef::dg16}})
        save("ef_com", "groups" + std::to_string(n++), lds::EfCom::of(groups).encode());
    lds::EfCom odd;
    odd.lds_version = "0108";
    odd.tags = {0x61, 0x60, 0x00};
    save("ef_com", "unknown_tags", odd.encode());
    save("ef_com", "padded", concat({odd.encode(), Bytes(3)}));
    save("ef_com", "long_length", hex("6081135F0104303130375F36063034303030305C0161"));

    const auto record = image::encode_face_record(face(jpeg, 0));
    const auto header = tlv::element(0xA1, hex("80020101 810102 87020101 88020008"));
    const auto dg2 = [&](unsigned count, std::initializer_list<Bytes> templates) {
        auto group = tlv::element(0x02, Bytes{static_cast<Byte>(count)});
        for (const auto& t : templates) append(group, t);
        return tlv::element(0x75, tlv::element(0x7F61, group));
    };
    const auto template_of = [&](std::uint32_t tag, ByteView data) { return tlv::element(0x7F60, {header, tlv::element(tag, data)}); };
    const auto one = template_of(0x5F2E, record);
    save("dg2", "jpeg", lds::Dg2::encode(face(jpeg, 0)));
    save("dg2", "jp2", lds::Dg2::encode(face(jp2(), 1)));
    save("dg2", "codestream", lds::Dg2::encode(face(codestream, 1)));
    save("dg2", "two", dg2(2, {one, one}));
    save("dg2", "none", dg2(0, {}));
    save("dg2", "count_lies", dg2(9, {one}));
    save("dg2", "iso39794", dg2(1, {template_of(0x7F2E, hex("A100"))}));
    save("dg2", "points", dg2(1, {template_of(0x5F2E, with_points(3))}));
    save("dg2", "unreadable", dg2(1, {template_of(0x5F2E, hex("46414300"))}));

    save("face_record", "jpeg", record);
    save("face_record", "jp2", image::encode_face_record(face(jp2(), 1)));
    save("face_record", "no_image", image::encode_face_record(face({}, 0)));
    save("face_record", "wrong_type", image::encode_face_record(face(jpeg, 1)));
    save("face_record", "points1", with_points(1));
    save("face_record", "points9", with_points(9));
    auto two = concat({record, ByteView(record).subspan(14)});
    two[8] = static_cast<Byte>(two.size() >> 24U);
    two[9] = static_cast<Byte>(two.size() >> 16U);
    two[10] = static_cast<Byte>(two.size() >> 8U);
    two[11] = static_cast<Byte>(two.size());
    two[13] = 2;
    save("face_record", "two", two);
    save("face_record", "trailing", concat({record, Bytes(4)}));

    save("image_header", "jpeg", jpeg);
    save("image_header", "progressive",
         hex("FFD8 FFDB 0004 0000 FFC4 0003 00 FFC2 000B 08 0010 0020 01 011100 FFDA 0008 01 0100 003F00 12 FF00 34 FFD9"));
    save("image_header", "fill_bytes", hex("FFD8FFFFFFE00002FFC20008080010002001FFD9"));
    save("image_header", "jp2", jp2());
    save("image_header", "codestream", codestream);
    save("image_header", "offset",
         hex("FF4FFF51002900000000 01F4 00000258 00000057 00000045 0000019D 00000213 00000000 00000000 0001 070101 FFD9"));
    save(
        "image_header", "open_end",
        concat({hex("0000000C6A5020200D0A870A"), box("ftyp", hex("6A703220000000006A703220")), hex("00000000"), text("jp2c"), codestream}));
    save("image_header", "restart",
         hex("FFD8 FFDD 0004 0008 FFC0 000B 08 0010 0020 01 011100 FFDA 0008 01 0100 003F00 12 FFD0 34 FFD1 56 FFD9"));
}

void signed_things() {
    const lds::Files files = {{Ef::dg1, lds::Dg1::encode(td1)}, {Ef::dg2, Bytes(100, 2)}, {Ef::dg13, Bytes(10, 3)}};
    const auto save_sod = [&](std::string_view name, pki::ContentSigner& signer, const signer::SodOptions& options) {
        save("sod", name, signer::sign_sod(files, signer, options).value());
    };
    const auto signer_of = [](const signer::TestPki& pki) {
        return signer::make_software_signer(pki.ds, crypto::PrivateKey::from_pem(pki.ds_key.to_pem().value()).value()).value();
    };
    unsigned n = 0;
    for (const auto& [csca, ds, encoding] : {std::tuple{Curve::p256, Curve::p256, EcEncoding::named},
                                             std::tuple{Curve::bp256r1, Curve::bp224r1, EcEncoding::explicit_parameters},
                                             std::tuple{Curve::p384, Curve::p521, EcEncoding::named}}) {
        const auto pki = make_pki(csca, ds, encoding);
        const auto number = std::to_string(n++);
        const auto s = signer_of(pki);
        save_sod("v0_" + number, *s, {HashAlg::sha256, 0, {}});
        save_sod("v1_" + number, *s, {n == 1 ? HashAlg::sha1 : HashAlg::sha512, 1, start_of({2026, 11, 21})});
        save("certificate", "csca" + number, pki.csca.raw);
        save("certificate", "ds" + number, pki.ds.raw);
        save("certificate", "pem" + number, text(pki::to_pem(pki.ds.raw, "CERTIFICATE")));
        save("crl", "empty" + number, pki.crl.raw);
        save("crl", "pem" + number, text(pki::to_pem(pki.crl.raw, "X509 CRL")));
        pki::CrlTemplate t;
        t.issuer = pki.csca.subject;
        t.this_update = start_of({2026, 11, 1});
        t.next_update = start_of({2027, 2, 1});
        t.authority_key_id = *pki.csca.subject_key_id;
        t.revoked = {{pki.ds.serial, t.this_update, 1}, {Bytes{5}, t.this_update, {}}};
        save("crl", "revoked" + number,
             pki::build_crl(t, pki.csca_key, signer::default_algorithm(pki.csca_key.public_key().info())).value());
    }
    // RSA: the certificate signs itself, and a document.
    const auto rsa = crypto::PrivateKey::generate_rsa(1024).value();
    pki::CertificateTemplate t;
    t.serial = Bytes{7};
    t.issuer = t.subject = pki::Name::of("C=UT, OU=SPECIMEN, CN=RSA").value();
    t.not_before = t.private_key_not_before = start_of({2026, 1, 1});
    t.not_after = t.private_key_not_after = start_of({2036, 1, 1});
    t.country_code = "UTO";
    t.document_types = {"P", "ID"};
    t.authority_key_id = pki::key_id(rsa.public_key());
    for (const auto scheme : {crypto::Scheme::rsa_pkcs1, crypto::Scheme::rsa_pss})
        save("certificate", scheme == crypto::Scheme::rsa_pss ? "rsa_pss" : "rsa_pkcs1",
             pki::build_certificate(t, rsa.public_key(), rsa, crypto::SignatureAlgorithm{scheme}).value());
    const auto der = pki::build_certificate(t, rsa.public_key(), rsa, crypto::SignatureAlgorithm{crypto::Scheme::rsa_pss}).value();
    const auto s =
        signer::make_software_signer(pki::Certificate::parse(der).value(), crypto::PrivateKey::from_pem(rsa.to_pem().value()).value())
            .value();
    save_sod("rsa", *s, {HashAlg::sha256, 0, {}});
    save("sod", "object_v0", lds::LdsSecurityObject::of(files, HashAlg::sha256, 0).encode());
    save("sod", "object_v1", lds::LdsSecurityObject::of(files, HashAlg::sha384, 1).encode());
    tlv_and_der(make_pki(Curve::p256, Curve::p256, EcEncoding::explicit_parameters));
}

// A chain by each kind of key; the CVCA has the name that the target trusts.
void cv_certificates() {
    using pki::CvRole;
    unsigned n = 0;
    const auto chain = [&n](const crypto::PrivateKey& key, const pki::CvAlgorithm& algorithm) {
        const auto put = [&](std::string_view authority, std::string_view holder, CvRole role, bool with_extension) {
            pki::CvTemplate t;
            t.certification_authority_reference = authority;
            t.certificate_holder_reference = holder;
            t.holder_authorization = pki::HolderAuthorization::inspection_system(role, {true, false});
            t.effective_date = {2026, 1, 1};
            t.expiration_date = {2026, 12, 31};
            t.algorithm = algorithm;
            t.with_domain_parameters = role == CvRole::cvca;
            if (with_extension) t.extensions = {{der::Oid("0.4.0.127.0.7.3.1.3.2"), tlv::element(0x80, Bytes(20, 7))}};
            const auto c = pki::build_cv_certificate(t, key.public_key(), pki::cv_signer(key, algorithm)).value();
            save("cv_certificate", "made" + std::to_string(n++), c.raw);
            if (role == CvRole::terminal) save("cv_certificate", "contents" + std::to_string(n), c.contents());
        };
        put("DEISCVCA00001", "DEISCVCA00001", CvRole::cvca, false);
        put("DEISCVCA00001", "DEISCVCADE002", CvRole::cvca, false);
        put("DEISCVCA00001", "DEDVDE001", CvRole::dv_foreign, true);
        put("DEDVDE001", "DEISDE001", CvRole::terminal, false);
    };
    for (const auto curve : {Curve::bp256r1, Curve::p384}) {
        const auto key = crypto::PrivateKey::generate_ec(curve).value();
        chain(key, pki::CvAlgorithm::suited_to(key.public_key().info()));
    }
    const auto rsa = crypto::PrivateKey::generate_rsa(1024).value();
    for (const auto* name : {"id-TA-RSA-PSS-SHA-256", "id-TA-RSA-v1-5-SHA-1"}) chain(rsa, *pki::CvAlgorithm::by_name(name));
}

constexpr auto small_profile =
    R"json({"schema":1,"profile":"p","version":1,"title":"t","application":"A0000002471001","chip":{"access":["bac"]},
"files":["EF.COM",{"file":"DG1","parameters":{"dgi":"object.fid"}}],"secrets":[{"name":"s","value":"sha1(mrz.birth)","parameters":{"dgi":"0xFF01"}}],
"limits":{"max_write":200,"largest_file":32767,"deadline_ms":5000},
"identify":{"probes":[{"id":"p","cla":"00","ins":"84","p1":"0x00","p2":"0x00","le":8,"states":{"9000":"written"},"continue_on":["6982"]}]},
"channel":{"kind":"scp03","i":"70","level":"33","key_version":48,"select":"A000000151000000"},
"steps":[{"id":"s","cla":"00","ins":"DA","p1":"0x00","p2":"0x62","data":"tlv(0x62, mrz.document_number)","secret":true},
{"for_each":"secret","collect":"dgi(object.dgi, object.content)","steps":[{"id":"c","chunks_of":"collected","sequence":"q","cla":"80","ins":"E2",
"p1":"or(0x08, chunk.last)","p2":"be(chunk.number, 1)","data":"chunk"}]},
{"for_each":"file","steps":[{"id":"w","chunks_of":"object.content","cla":"00","ins":"D6","p1":"be(chunk.offset_high, 1)",
"p2":"be(chunk.offset_low, 1)","data":"chunk"}]}],
"verify":{"before_lock":[{"for_each":"file","steps":[{"id":"r","chunks_of":"object.content","cla":"00","ins":"B0","p1":"0x00","p2":"0x00",
"le":"size(chunk)","answer":"chunk"}]}]},
"lock":{"steps":[{"id":"l","cla":"00","ins":"DA","p1":"0xDE","p2":"0xAD"}],
"proof":[{"id":"q","cla":"00","ins":"E0","p1":"0x00","p2":"0x00","data":"0x6304","expect":["6985"]}]}})json";

void profiles() {
    save("profile", "whole", text(small_profile));
    save("profile", "empty", text("{}"));
    unsigned n = 0;
    for (const auto* expression :
         {"0x6304 be(n, 2) mrz.birth", "tlv(0x62, tlv(0x04, right_pad(mrz.document_number, 9, 0x3C)), tlv(0x04, mrz.birth))",
          "be(size(mrz.expiry), 2)", "first(sha256(mrz.birth), 16)", "left_pad(0x01, 8, 0x00)", "sha1(tlv(0x5F1F, 0xAABB) 0x00)", "0xDEAD",
          "tlv(0x7F61, tlv(0x02, 0x01), )"})
        save("profile", "expression" + std::to_string(n++), text(expression));
}

void evidence() {
    unsigned n = 0;
    const auto put = [&](const inspect::Evidence& e) {
        save("evidence_json", "evidence" + std::to_string(n++), text(inspect::to_json(e)));
    };
    inspect::Evidence e;
    e.read_at = start_of({2026, 11, 21});
    e.reader = "reader";
    put(e);
    e.atr = hex("3B80800101");
    e.access = "bac";
    put(e);
    e.expected = inspect::ExpectedDocument{joined(td1, "\n"), {}, {}, {}};
    put(e);
    e.expected = inspect::ExpectedDocument{{}, "L898902C", "690806", "940623"};
    e.files[Ef::com] = {lds::EfCom::of({Ef::dg1}).encode(), 0x9000, true, 0, {}};
    put(e);
    e.files[Ef::dg1] = {lds::Dg1::encode(td1), 0x9000, true, 3, {}};
    put(e);
    e.files[Ef::dg3] = {{}, 0x6982, true, 0, {}};
    put(e);
    e.files[Ef::dg2] = {{}, 0x6A82, false, 0, "sm.broken"};
    put(e);
    e.files[Ef::sod] = {Bytes{}, 0x9000, false, 0, {}};
    e.access = "unknown";
    put(e);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: make_seeds FOLDER\n");
        return 64;
    }
    folder = argv[1];
    zones();
    apdus();
    secure_messaging();
    lds_files();
    seeds::biometric_records();
    seeds::dialogues();
    signed_things();
    seeds::lists();
    seeds::offices();
    cv_certificates();
    profiles();
    seeds::cards();
    evidence();
    return 0;
}
