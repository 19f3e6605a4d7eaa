#include "unit/codec/child.hpp"
#include "unit/codec/pictures.hpp"
#include "unit/record/record_maker.hpp"

#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/personalize/document.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::test;
using personalize::DocumentOptions;

namespace {

const auto ready = *checked(good_record()).record;

Bytes drawn(codec::Format format) {
    const auto p = painted(240, 320, 3);
    if (format == codec::Format::png) return png(240, 320, 8, Png::rgb, p.pixels);
    return good(format == codec::Format::jpeg ? codec::encode_jpeg(p, 90) : codec::encode_jpeg2000(p, 4));
}

Result<Bytes> fitted_portrait(ByteView portrait, const DocumentOptions& options) {
    auto anew = personalize::refit_portrait(portrait, options);
    if (!anew) return fail(anew.error());
    return *anew ? std::move(**anew) : to_bytes(portrait);
}

image::FaceImage face_of(const personalize::Document& document) {
    return good(lds::Dg2::parse(document.files.at(lds::Ef::dg2))).faces.at(0);
}

}  // namespace

TEST_CASE("a portrait goes onto the chip as it comes, unless it must be encoded anew", "[personalize]") {
    for (const auto format : {codec::Format::jpeg, codec::Format::jpeg2000}) {
        const auto portrait = drawn(format);
        CHECK(good(fitted_portrait(portrait, {})) == portrait);
        DocumentOptions same;
        same.portrait_format = format;
        same.portrait_bytes = portrait.size();
        CHECK(good(fitted_portrait(portrait, same)) == portrait);
        DocumentOptions smaller;
        smaller.portrait_bytes = portrait.size() / 2;
        const auto fitted = good(fitted_portrait(portrait, smaller));
        CHECK(fitted.size() <= portrait.size() / 2);
        CHECK(codec::sniff(fitted) == format);
    }
    const auto from_png = good(fitted_portrait(drawn(codec::Format::png), {}));
    CHECK(codec::sniff(from_png) == codec::Format::jpeg);
    CHECK(from_png.size() <= 20'000);
    DocumentOptions jpeg2000;
    jpeg2000.portrait_format = codec::Format::jpeg2000;
    jpeg2000.portrait_bytes = 6'000;
    const auto document = good(personalize::make_document(ready, drawn(codec::Format::png), jpeg2000));
    const auto face = face_of(document);
    CHECK(codec::sniff(face.image) == codec::Format::jpeg2000);
    CHECK(face.image.size() <= 6'000);
    CHECK(face.width == 240);
    CHECK(face.height == 320);
    CHECK(error_of(fitted_portrait("89504E470D0A1A0A"_hex, {})) == "lds.bad_image");
}

TEST_CASE("LDS 1.8 stands in EF.COM and is signed", "[personalize]") {
    const auto now = start_of(record_today);
    const auto pki = good(signer::make_test_pki({.now = now}, system_rng()));
    const auto signer = good(signer::make_software_signer(pki.ds, good(crypto::PrivateKey::from_pem(good(pki.ds_key.to_pem())))));
    for (const auto& [version, text, object_version] :
         {std::tuple{personalize::LdsVersion::v1_7, "0107", 0}, {personalize::LdsVersion::v1_8, "0108", 1}}) {
        DocumentOptions options;
        options.lds_version = version;
        auto document = good(personalize::make_document(ready, drawn(codec::Format::jpeg), options));
        good(personalize::sign_document(document, *signer, now));
        CHECK(good(lds::EfCom::parse(document.files.at(lds::Ef::com))).lds_version == text);
        const auto sod = good(lds::EfSod::parse(document.files.at(lds::Ef::sod)));
        const auto object = good(lds::LdsSecurityObject::parse(good(pki::SignedData::parse(sod.cms)).content));
        CHECK(object.version == object_version);
        CHECK(object.lds_version == (object_version == 1 ? text : ""));
    }
}
