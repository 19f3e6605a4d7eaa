#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/lds/ef_sod.hpp>
#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::HashAlg;
using lds::Ef;
using lds::EfSod;
using lds::LdsSecurityObject;

namespace {

lds::Files sample_files() {
    return {{Ef::com, Bytes(3, 1)},  {Ef::dg1, Bytes(10, 1)}, {Ef::dg2, Bytes(20, 2)},
            {Ef::dg15, Bytes(5, 3)}, {Ef::sod, Bytes(1)},     {Ef::card_access, Bytes(1)}};
}

// The parts of an LDSSecurityObject, to be bent one by one.
struct Parts {
    Bytes version = der::write_integer(0);
    Bytes algorithm = der::sequence_of({der::write(crypto::oid(HashAlg::sha256))});
    std::vector<Bytes> entries = {entry(1), entry(2)};
    Bytes info, after;
    static Bytes entry(std::int64_t number, std::size_t size = 32) {
        return der::sequence_of({der::write_integer(number), der::write_octet_string(Bytes(size, 7))});
    }
    Bytes encode() const {
        Bytes list;
        for (const auto& e : entries) append(list, e);
        return der::sequence_of({version, algorithm, tlv::element(der::sequence, list), info, after});
    }
    std::string error() const { return error_of(LdsSecurityObject::parse(encode())); }
    std::string notes() const { return ids(good(LdsSecurityObject::parse(encode())).notes); }
};

}  // namespace

TEST_CASE("a security object holds the hashes of every data group of the image and of nothing else", "[lds]") {
    const auto object = LdsSecurityObject::of(sample_files(), HashAlg::sha384, 0);
    CHECK(object.data_group_hashes.size() == 3);
    CHECK(object.data_group_hashes.at(1) == crypto::hash(HashAlg::sha384, Bytes(10, 1)));
    CHECK(object.data_group_hashes.at(15) == crypto::hash(HashAlg::sha384, Bytes(5, 3)));
}

TEST_CASE("security objects of both versions read back as they were encoded", "[lds]") {
    for (const auto alg : {HashAlg::sha1, HashAlg::sha224, HashAlg::sha256, HashAlg::sha384, HashAlg::sha512})
        for (const int version : {0, 1}) {
            const auto object = LdsSecurityObject::of(sample_files(), alg, version);
            const auto bytes = object.encode();
            const auto back = good(LdsSecurityObject::parse(bytes));
            CHECK(back.version == version);
            CHECK(back.hash_alg == alg);
            CHECK(back.data_group_hashes == object.data_group_hashes);
            CHECK(back.lds_version == (version == 1 ? "0108" : ""));
            CHECK(back.unicode_version == (version == 1 ? "040000" : ""));
            CHECK(back.notes.empty());
            CHECK(back.encode() == bytes);
        }
}

TEST_CASE("a security object in the shape of RFC 5754, with and without NULL, in any order of groups", "[lds]") {
    Parts p;
    CHECK(p.error() == "none");
    p.algorithm = der::sequence_of({der::write(crypto::oid(HashAlg::sha256)), der::write_null()});
    CHECK(p.error() == "none");
    CHECK(p.notes() == "");
    p.entries = {Parts::entry(16), Parts::entry(2), Parts::entry(1)};
    CHECK(good(LdsSecurityObject::parse(p.encode())).data_group_hashes.size() == 3);
}

TEST_CASE("data group numbers out of range or doubled are refused", "[lds]") {
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{17}, std::int64_t{-1}, std::int64_t{257}, std::int64_t{300}, std::int64_t{1} << 32U | 1}) {
        Parts p;
        p.entries.push_back(Parts::entry(number));
        CAPTURE(number);
        CHECK(p.error() == "lds.bad_file");
    }
    Parts p;
    p.entries.push_back(Parts::entry(2));
    CHECK(p.error() == "lds.bad_file");
}

TEST_CASE("fewer than two hashes, or one of the wrong length, are refused", "[lds]") {
    Parts p;
    p.entries = {};
    CHECK(p.error() == "lds.bad_file");
    p.entries = {Parts::entry(1)};
    CHECK(p.error() == "lds.bad_file");
    for (const std::size_t size : {0U, 20U, 31U, 33U, 64U}) {
        p.entries = {Parts::entry(1), Parts::entry(2, size)};
        CHECK(p.error() == "lds.bad_file");
    }
}

TEST_CASE("version and version information must go together", "[lds]") {
    const auto info = der::sequence_of({der::write_printable("0108"), der::write_printable("040000")});
    Parts p;
    p.info = info;
    CHECK(p.notes() == "sod.version_info_in_v0");
    p.version = der::write_integer(1);
    CHECK(p.notes() == "");
    p.info = {};
    CHECK(p.error() == "lds.bad_file");
    for (const std::int64_t version : {-1, 2, 256}) {
        p.version = der::write_integer(version);
        CHECK(p.error() == "lds.bad_file");
    }
    p = Parts();
    p.info = der::sequence_of({der::write_printable("0108")});
    CHECK(p.error() == "tlv.missing");
}

TEST_CASE("unknown hashes and anything left over are refused", "[lds]") {
    Parts p;
    p.algorithm = der::sequence_of({der::write(der::Oid("1.2.840.113549.2.5"))});
    CHECK(p.error() == "crypto.unsupported");
    p = Parts();
    p.after = der::write_null();
    CHECK(p.error() == "tlv.trailing");
    p = Parts();
    p.entries[0] = der::sequence_of({der::write_integer(1), der::write_octet_string(Bytes(32)), der::write_null()});
    CHECK(p.error() == "tlv.trailing");
    auto bytes = Parts().encode();
    bytes.push_back(0);
    CHECK(error_of(LdsSecurityObject::parse(bytes)) == "tlv.trailing");
    for (std::size_t n = 0; n + 1 < bytes.size(); ++n) REQUIRE_FALSE(LdsSecurityObject::parse(ByteView(bytes).first(n)));
}

TEST_CASE("a long length anywhere in a security object is noted", "[lds]") {
    Parts p;
    const auto digest = concat({"020101 048120"_hex, Bytes(32, 7)});
    p.entries[0] = der::sequence_of({digest});
    CHECK(p.notes() == "sod.not_der");
    const auto body = Parts().encode();
    CHECK(ids(good(LdsSecurityObject::parse(concat({"3082"_hex, Bytes{0, static_cast<Byte>(body.size() - 2)}, ByteView(body).subspan(2)})))
                  .notes) == "sod.not_der");
}

TEST_CASE("EF.SOD wraps a CMS object and tells of what is around it", "[lds]") {
    const auto cms = "3003020105"_hex;
    const auto file = EfSod::encode(cms);
    CHECK(to_hex(file) == "77053003020105");
    CHECK(equal(good(EfSod::parse(file)).cms, cms));
    CHECK(good(EfSod::parse(file)).notes.empty());
    const auto padded = concat({file, Bytes(2)});
    CHECK(ids(good(EfSod::parse(padded)).notes) == "lds.trailing_bytes");
    const auto long_form = concat({"778105"_hex, cms});
    CHECK(ids(good(EfSod::parse(long_form)).notes) == "lds.length_not_minimal");
    const auto indefinite = concat({"7780"_hex, cms, "0000"_hex});
    CHECK(ids(good(EfSod::parse(indefinite)).notes) == "lds.indefinite_length");
    CHECK(equal(good(EfSod::parse(indefinite)).cms, cms));
    CHECK(error_of(EfSod::parse("6100"_hex)) == "tlv.unexpected");
    CHECK(error_of(EfSod::parse({})) == "tlv.missing");
    CHECK(error_of(EfSod::parse("7784FFFFFFFF"_hex)) == "tlv.truncated");
    CHECK(lds::oid_lds_security_object().dotted() == "2.23.136.1.1.1");
}
