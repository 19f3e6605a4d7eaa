// Family B of docs/inspection-cases.md: the structure of the files. Each case with its nearest legitimate neighbour.
#include "inspect/document_maker.hpp"

#include <idchip/base/text.hpp>

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;
using tlv::element;

namespace {

using status_words = std::vector<std::uint16_t>;

// Doc 9303-10, table 50.
Bytes dg3_without_fingers() { return element(0x63, element(0x7F61, element(0x02, Bytes{0}))); }

lds::Files with_clone_defence() {
    auto groups = clean_files();
    groups[Ef::dg14] = dg14();
    groups[Ef::dg15] = dg15();
    return groups;
}

// A document over this security object, signed as it stands.
Evidence over_object(const SecurityObjectMaker& object) { return evidence_of(with_sod(clean_files(), CmsMaker(object.der()).file())); }

Verdict judged_with_com(Bytes com, int version = 0) {
    auto evidence = evidence_of(sign(clean_files(), crypto::HashAlg::sha256, version));
    evidence.files[Ef::com].content = std::move(com);
    return judged(evidence);
}

// The outer length written with more bytes than it needs.
Bytes long_length(Bytes file) {
    const std::size_t value = file[1];
    REQUIRE(value < 0x80);
    Bytes longer = {file[0], 0x82, 0x00, file[1]};
    append(longer, ByteView(file).subspan(2));
    return longer;
}

}  // namespace

TEST_CASE("B01 DG14 and DG15 deleted from the chip and from EF.COM, still in EF.SOD") {
    const auto whole = evidence_of(sign(with_clone_defence()));
    for (const auto ef : {Ef::dg14, Ef::dg15}) {
        auto stripped = refused(whole, ef, 0x6A82);
        auto remaining = with_clone_defence();
        remaining.erase(ef);
        stripped.files[Ef::com].content = with_sod(remaining, {})[Ef::com];
        check(judged(stripped), Overall::reject, Outcome::fail, "file." + lds::name(ef), "B01");
    }
    SECTION("neighbour: they are there") { check_clean(judged(whole)); }
    SECTION("neighbour: the issuer never put them in") { check_clean(judged(refused(clean(), Ef::dg14, 0x6A82))); }
    SECTION("neighbour: present and signed, but EF.COM forgot them") {
        auto evidence = whole;
        evidence.files[Ef::com].content = with_sod(clean_files(), {})[Ef::com];
        check_noted(judged(evidence), Outcome::note, "file.EF.COM.incomplete", "B01");
    }
}

TEST_CASE("B02 DG14 and DG15 signed, and refused as if protected") {
    const auto whole = evidence_of(sign(with_clone_defence()));
    for (const auto sw : status_words({0x6982, 0x6983, 0x6700, 0x6F00, 0x6985}))
        for (const auto ef : {Ef::dg14, Ef::dg15})
            check(judged(refused(whole, ef, sw)), Overall::refer, Outcome::fail, "file." + lds::name(ef), "B02");
    SECTION("neighbour: DG3 refused with the same words") {
        auto groups = clean_files();
        groups[Ef::dg3] = dg3_without_fingers();
        const auto verdict = judged(refused(evidence_of(sign(groups)), Ef::dg3, 0x6982));
        check_noted(verdict, Outcome::not_applicable, "file.DG3", "B27");
    }
}

TEST_CASE("B03 a data group on the chip that nobody signed") {
    auto evidence = clean();
    evidence.files[Ef::dg11] = {element(0x6B, Bytes{0x5C, 0}), 0x9000, true, 0, {}};
    check(judged(evidence), Overall::refer, Outcome::fail, "file.DG11", "B03");
    SECTION("neighbour: it is signed") { check_clean(judged_with(Ef::dg11, element(0x6B, Bytes{0x5C, 0}))); }
    SECTION("nothing is signed at all") {
        check(judged(refused(clean(), Ef::sod, 0x6A82)), Overall::refer, Outcome::fail, "file.EF.SOD", "B03");
    }
}

TEST_CASE("B04 EF.COM lists a data group that is not in EF.SOD") {
    auto listed = clean_files();
    listed[Ef::dg15] = dg15();
    check(judged_with_com(with_sod(listed, {})[Ef::com]), Overall::refer, Outcome::fail, "file.EF.COM.unsigned", "B04");
    SECTION("neighbour: in both") { check_clean(judged_with(Ef::dg15, dg15())); }
}

TEST_CASE("B06 EF.COM absent, empty, or against the signed LDS version") {
    SECTION("absent") { check_noted(judged(refused(clean(), Ef::com, 0x6A82)), Outcome::note, "file.EF.COM", "B06"); }
    SECTION("empty") { check_noted(judged_with_com({}), Outcome::note, "file.EF.COM", "B06"); }
    SECTION("malformed") { check_noted(judged_with_com({0x60, 0x05, 0x5F}), Outcome::note, "file.EF.COM", "B06"); }
    SECTION("a tag of no file") {
        auto com = lds::EfCom::of({Ef::dg1, Ef::dg2});
        com.tags.push_back(0x41);
        check_noted(judged_with_com(com.encode()), Outcome::note, "lds.com_unknown_tag", "B06");
    }
    SECTION("something behind the list") {
        auto com = lds::EfCom::of({Ef::dg1, Ef::dg2}).encode();
        append(com, Bytes{0x53, 0x00});
        com[1] = static_cast<Byte>(com[1] + 2);
        check_noted(judged_with_com(com), Outcome::note, "lds.com_extra_objects", "B06");
    }
    auto com = lds::EfCom::of({Ef::dg1, Ef::dg2});
    SECTION("contradicts a signed version") {
        com.lds_version = "0107";
        check(judged_with_com(com.encode(), 1), Overall::refer, Outcome::fail, "file.EF.COM.version", "B06");
    }
    SECTION("neighbour: agrees with it") {
        com.lds_version = "0108";
        check_clean(judged_with_com(com.encode(), 1));
    }
    SECTION("neighbour: no signed version to contradict") {
        com.lds_version = "0108";
        check_clean(judged_with_com(com.encode(), 0));
    }
    SECTION("version information in an object of version 0") {
        SecurityObjectMaker object(clean_files());
        object.versions = {"0107", "040000"};
        check_noted(judged(over_object(object)), Outcome::note, "sod.version_info_in_v0", "B06");
    }
}

TEST_CASE("B07 one byte of DG1 or DG2 changed") {
    const auto whole = clean();
    check_clean(judged(whole));
    for (const auto ef : {Ef::dg1, Ef::dg2}) {
        const auto size = whole.content(ef)->size();
        for (std::size_t i = 0; i < size; ++i) {
            auto evidence = whole;
            (*evidence.files[ef].content)[i] ^= 0x01;
            check(judged(evidence), Overall::reject, Outcome::fail, "pa.hash." + lds::name(ef), "B07");
        }
    }
    SECTION("neighbour: the same change before signing") {
        auto m = td1();
        m.document_number = "099000018";
        check_clean(judged_with(Ef::dg1, dg1(m)));
    }
}

TEST_CASE("B08 DG2 not read, or not readable") {
    auto evidence = clean();
    evidence.files.erase(Ef::dg2);
    check(judged(evidence), Overall::cannot, Outcome::unavailable, "file.DG2", "B08");
    check(judged(refused(clean(), Ef::dg2, 0)), Overall::cannot, Outcome::unavailable, "file.DG2", "B08");
    check(judged(refused(clean(), Ef::dg2, 0x6982)), Overall::cannot, Outcome::unavailable, "file.DG2", "B08");
    check(judged(refused(clean(), Ef::dg2, 0x6A82)), Overall::refer, Outcome::fail, "file.DG2", "B08");
    SECTION("no policy makes it acceptable") {
        Policy policy;
        policy.overrides["file.DG2"] = Overall::accept;
        check(judged(evidence, trust(), today, policy), Overall::cannot, Outcome::unavailable, "file.DG2", "B08");
    }
    SECTION("EF.SOD not read") {
        auto none = clean();
        none.files.erase(Ef::sod);
        check(judged(none), Overall::cannot, Outcome::unavailable, "file.EF.SOD", "B08");
        check(judged(refused(clean(), Ef::sod, 0x6982)), Overall::cannot, Outcome::unavailable, "file.EF.SOD", "B08");
    }
    SECTION("neighbour: a group that is not signed was not read") { check_clean(judged(refused(clean(), Ef::dg11, 0x6A82))); }
}

TEST_CASE("B10 hash algorithm of the data groups unknown, broken, or not the one of the digests") {
    SecurityObjectMaker object(clean_files());
    SECTION("unknown: SHA3-256") {
        object.algorithm = algorithm_id("2.16.840.1.101.3.4.2.8");
        check(judged(over_object(object)), Overall::cannot, Outcome::inconclusive, "pa.security_object", "B10");
    }
    SECTION("MD5") {
        object.algorithm = algorithm_id("1.2.840.113549.2.5", der::write_null());
        for (auto& [number, hash] : object.hashes) hash.resize(16);
        check(judged(over_object(object)), Overall::refer, Outcome::fail, "pa.security_object", "C30");
    }
    SECTION("a digest of another length") {
        object.hashes[1].second.resize(20);
        check(judged(over_object(object)), Overall::refer, Outcome::fail, "pa.security_object", "B10");
    }
    SECTION("neighbours: each hash of the standard, with and without NULL parameters") {
        for (const auto hash : {crypto::HashAlg::sha224, crypto::HashAlg::sha256, crypto::HashAlg::sha384, crypto::HashAlg::sha512}) {
            check_clean(judged(evidence_of(sign(clean_files(), hash))));
            SecurityObjectMaker with_null(clean_files(), hash);
            with_null.algorithm = der::sequence_of({der::write(crypto::oid(hash)), der::write_null()});
            check_clean(judged(over_object(with_null)));
        }
    }
    SECTION("neighbour: SHA-1, deprecated") {
        check_noted(judged(evidence_of(sign(clean_files(), crypto::HashAlg::sha1))), Outcome::note, "pa.deprecated_hash_of_groups", "C29");
    }
}

TEST_CASE("B12 data group numbers that do not exist, or stand twice") {
    const auto hash = crypto::hash(crypto::HashAlg::sha256, {});
    for (const std::int64_t number : {0, 17, -1, 300, 1, 257}) {
        SecurityObjectMaker object(clean_files());
        object.hashes.emplace_back(number, hash);
        check(judged(over_object(object)), Overall::refer, Outcome::fail, "pa.security_object", "B12");
    }
    SECTION("a version of the future") {
        SecurityObjectMaker object(clean_files());
        object.version = 2;
        check(judged(over_object(object)), Overall::refer, Outcome::fail, "pa.security_object", "B12");
    }
    SECTION("version 1 without version information") {
        SecurityObjectMaker object(clean_files());
        object.version = 1;
        check(judged(over_object(object)), Overall::refer, Outcome::fail, "pa.security_object", "B12");
    }
    SECTION("neighbour: DG16") { check_clean(judged_with(Ef::dg16, element(0x70, Bytes{0x02, 1, 0}))); }
    SECTION("neighbour: numbers in another order") {
        SecurityObjectMaker object(clean_files());
        std::swap(object.hashes[0], object.hashes[1]);
        check_clean(judged(over_object(object)));
    }
}

TEST_CASE("B14 bytes behind the object") {
    SECTION("left behind by the reader") {
        auto evidence = clean();
        evidence.files[Ef::dg1].bytes_after_end = 128;
        check_noted(judged(evidence), Outcome::note, "lds.bytes_after_file", "B14");
        evidence = clean();
        evidence.files[Ef::sod].bytes_after_end = 4;
        check_noted(judged(evidence), Outcome::note, "lds.bytes_after_file", "B14");
    }
    SECTION("in a dump that holds whole files, unsigned") {
        auto evidence = clean();
        append(*evidence.files[Ef::dg1].content, Bytes(64));
        const auto verdict = judged(evidence);
        check(verdict, Overall::accept_with_notes, Outcome::note, "lds.bytes_after_file", "B14");
        check(verdict, Overall::accept_with_notes, Outcome::note, "lds.trailing_bytes", "B14");
        check(verdict, Overall::accept_with_notes, Outcome::pass, "pa.hash.DG1");
    }
    SECTION("signed with the file") {
        auto padded = dg2(jpeg());
        append(padded, Bytes(3));
        check_noted(judged_with(Ef::dg2, padded), Outcome::note, "lds.trailing_bytes", "B14");
    }
    SECTION("behind the face record") {
        auto record = face_record(jpeg());
        append(record, Bytes(5));
        check_noted(judged_with(Ef::dg2, dg2_of(1, {face_template(record)})), Outcome::note, "face.trailing_bytes", "B14");
    }
    SECTION("attack: the padding hides a second object, the first was changed") {
        auto evidence = clean();
        auto m = td1();
        m.secondary = "THI<HAI";
        evidence.files[Ef::dg1].content = concat({dg1(m), dg1(td1())});
        check(judged(evidence), Overall::reject, Outcome::fail, "pa.hash.DG1", "B07");
    }
}

TEST_CASE("B16 lengths that run out of the file") {
    SECTION("in DG1, signed") {
        auto file = dg1(td1());
        file[4] = static_cast<Byte>(file[4] + 1);
        check(judged_with(Ef::dg1, file), Overall::refer, Outcome::fail, "file.DG1", "B16");
    }
    SECTION("four length bytes of FF") {
        check(judged_with(Ef::dg1, {0x61, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}), Overall::refer, Outcome::fail, "file.DG1", "B16");
        check(judged_with(Ef::dg2, {0x75, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}), Overall::refer, Outcome::fail, "file.DG2", "B16");
        auto evidence = clean();
        evidence.files[Ef::sod].content = Bytes{0x77, 0x84, 0xFF, 0xFF, 0xFF, 0xFF};
        check(judged(evidence), Overall::refer, Outcome::fail, "file.EF.SOD", "B16");
    }
    SECTION("more length bytes than any file needs") {
        check(judged_with(Ef::dg2, {0x75, 0x88, 0, 0, 0, 0, 0, 0, 0, 1, 0}), Overall::refer, Outcome::fail, "file.DG2", "B16");
    }
    SECTION("each length byte of DG2, one too much") {
        const auto good = dg2(jpeg());
        for (const std::size_t at : {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{6}}) {
            auto file = good;
            ++file[at];
            CHECK(judged_with(Ef::dg2, file).overall >= Overall::accept_with_notes);
        }
    }
    SECTION("EF.SOD cut off at every length") {
        const auto whole = clean();
        const auto sod = *whole.content(Ef::sod);
        for (std::size_t n = 0; n < sod.size(); ++n) {
            auto evidence = whole;
            evidence.files[Ef::sod].content->resize(n);
            check(judged(evidence), Overall::refer, Outcome::fail, "file.EF.SOD", "B16");
        }
    }
    SECTION("the chip announced nonsense") {
        for (const auto* error : {"tlv.bad_length", "tlv.bad_tag", "tlv.indefinite", "chip.file_too_large"})
            check(judged(broken(clean(), Ef::dg2, error)), Overall::refer, Outcome::fail, "file.DG2", "B16");
        check(judged(broken(clean(), Ef::sod, "tlv.bad_length")), Overall::refer, Outcome::fail, "file.EF.SOD", "B16");
        check(judged(broken(clean(), Ef::sod, "chip.nonsense")), Overall::cannot, Outcome::unavailable, "file.EF.SOD", "B08");
    }
    SECTION("neighbour: a long file with its right length") {
        auto image = jpeg();
        append(image, Bytes(20'000));
        check_clean(judged_with(Ef::dg2, dg2(image)));
    }
}

TEST_CASE("B17 lengths longer than needed, and indefinite ones") {
    SECTION("outer length") { check_noted(judged_with(Ef::dg1, long_length(dg1(td1()))), Outcome::note, "lds.length_not_minimal", "B17"); }
    SECTION("inner length") {
        const auto file = dg1(td1());
        const auto inner = concat({Bytes{0x5F, 0x1F, 0x81, 90}, ByteView(file).subspan(5)});
        check_noted(judged_with(Ef::dg1, element(0x61, inner)), Outcome::note, "lds.length_not_minimal", "B17");
    }
    SECTION("in a group that no parser looks into") {
        for (const auto& file : {Bytes{0x66, 0x81, 3, 0x30, 1, 0}, Bytes{0x66, 4, 0x30, 0x81, 1, 0}})
            check_noted(judged_with(Ef::dg6, file), Outcome::note, "lds.length_not_minimal", "B17");
    }
    SECTION("indefinite: a chip's file has no known end then") {
        const auto good = dg1(td1());
        const auto file = concat({Bytes{0x61, 0x80}, ByteView(good).subspan(2), Bytes{0, 0}});
        check(judged_with(Ef::dg1, file), Overall::refer, Outcome::fail, "file.DG1", "B16");
    }
    SECTION("neighbour: a length that needs two bytes") { check_clean(judged_with(Ef::dg6, element(0x66, Bytes(200, 0x04)))); }
}

TEST_CASE("B25 text of a certificate that would deceive the reader of the report") {
    auto maker = ds_like();
    maker.subject = name("C=VN, CN=Document\x1B[2J SPECIMEN \xE2\x80\xAE<script>").raw;
    const auto verdict = judged(signed_by(maker.make()));
    check_clean(verdict);
    for (const auto& f : verdict.findings) {
        CHECK(f.text == printable(f.text));
        CHECK(f.detail == printable(f.detail));
    }
    SECTION("an error text out of saved evidence") {
        const auto broken_text = judged(broken(clean(), Ef::dg2, "tlv.\x07\xFF"));
        for (const auto& f : broken_text.findings) CHECK(f.detail == printable(f.detail));
    }
    SECTION("neighbour: Vietnamese letters stay as they are") {
        maker.subject = name("C=VN, CN=Ký tài liệu SPECIMEN").raw;
        const auto* signature = find(judged(signed_by(maker.make())), "pa.signature", Outcome::pass);
        REQUIRE(signature != nullptr);
    }
}

TEST_CASE("B26 DG3 readable without terminal authentication") {
    check(judged_with(Ef::dg3, dg3_without_fingers()), Overall::accept_with_notes, Outcome::note, "file.DG3", "B26");
    SECTION("a checkpoint may want to see such a document again") {
        auto groups = clean_files();
        groups[Ef::dg3] = dg3_without_fingers();
        Policy policy;
        policy.overrides["file.DG3"] = Overall::refer;
        check(judged(evidence_of(sign(groups)), trust(), today, policy), Overall::refer, Outcome::note, "file.DG3", "B26");
    }
}

TEST_CASE("B27 DG3 and DG4 signed and not readable") {
    auto groups = clean_files();
    groups[Ef::dg3] = dg3_without_fingers();
    groups[Ef::dg4] = element(0x76, Bytes(20));
    auto evidence = evidence_of(sign(groups));
    for (const auto sw : status_words({0x6982, 0x6985, 0x6A88, 0x6F00})) {
        const auto verdict = judged(refused(refused(evidence, Ef::dg3, sw), Ef::dg4, sw));
        check(verdict, Overall::accept_with_notes, Outcome::not_applicable, "file.DG3", "B27");
        check(verdict, Overall::accept_with_notes, Outcome::not_applicable, "file.DG4", "B27");
    }
    SECTION("neighbour: a dump, where nobody could ask for them") {
        evidence.files.erase(Ef::dg3);
        evidence.files.erase(Ef::dg4);
        check(judged(evidence), Overall::accept_with_notes, Outcome::not_applicable, "file.DG3", "B27");
    }
    SECTION("attack: not there at all") {
        check(judged(refused(evidence, Ef::dg3, 0x6A82)), Overall::refer, Outcome::fail, "file.DG3", "B08");
    }
    SECTION("attack: changed") {
        (*evidence.files[Ef::dg3].content)[5] ^= 1;
        check(judged(evidence), Overall::reject, Outcome::fail, "pa.hash.DG3", "B07");
    }
}

TEST_CASE("B35 the file of another application under the same identifier") {
    SECTION("EF.CardSecurity in place of EF.SOD: the same CMS without its outer tag") {
        auto evidence = clean();
        evidence.files[Ef::sod].content = cms_over(clean_files()).content_info();
        check(judged(evidence), Overall::refer, Outcome::fail, "file.EF.SOD", "B16");
    }
    SECTION("DG2 in place of DG1, signed so") {
        check(judged_with(Ef::dg1, dg2(jpeg())), Overall::refer, Outcome::fail, "file.DG1", "B16");
    }
    SECTION("neighbour: each file in its place") { check_clean(judged(clean())); }
}
