#include "pictures.hpp"

#include <cmath>

#include <idchip/image/header.hpp>

using namespace idchip;
using namespace idchip::test;
using Catch::Matchers::Contains;
using codec::Format;

TEST_CASE("an encoded JPEG is what ISO/IEC 19794-5 wants and looks like its picture", "[codec]") {
    for (const unsigned components : {1U, 3U}) {
        const auto p = painted(300, 400, components);
        const auto image = good(codec::encode_jpeg(p, 90));
        const auto header = good(image::check_complete(image));
        CHECK(header.width == 300);
        CHECK(header.components == components);
        const auto text = as_text(image);
        CHECK_THAT(text.substr(0, 20), Contains("JFIF"));
        CHECK(text.find("\xFF\xC0") != std::string::npos);  // sequential, baseline
        CHECK(text.find("\xFF\xC2") == std::string::npos);
        CHECK(mean_difference(plainly_decoded(image), p) < 4);
        CHECK(good(codec::encode_jpeg(p, 20)).size() < image.size());
    }
}

TEST_CASE("a JPEG 2000 of ratio 1 is lossless, of a higher one as small as asked", "[codec]") {
    for (const unsigned components : {1U, 3U})
        for (const auto& [width, height] : {std::pair{1U, 1U}, {1U, 40U}, {3U, 2U}, {300U, 400U}}) {
            CAPTURE(components, width, height);
            const auto p = painted(width, height, components);
            const auto image = good(codec::encode_jpeg2000(p, 1));
            CHECK(good(image::check_complete(image)).height == height);
            const auto back = good(codec::decode(image));
            CHECK(back.components == components);
            CHECK(back.pixels == p.pixels);
        }
    const auto p = painted(300, 400, 3);
    const auto image = good(codec::encode_jpeg2000(p, 20));
    CHECK(image.size() < p.pixels.size() / 20 + 300);
    CHECK(mean_difference(good(codec::decode(image)), p) < 4);
}

TEST_CASE("the best quality that fits is found", "[codec]") {
    const auto p = painted(300, 400, 3);
    for (const std::size_t target : {6'000U, 12'000U, 20'000U, 50'000U}) {
        CAPTURE(target);
        const auto j = good(codec::encode_to_size(p, Format::jpeg, target));
        CHECK(j.bytes.size() <= target);
        CHECK(j.bytes == good(codec::encode_jpeg(p, static_cast<int>(j.quality))));
        CHECK(good(codec::encode_jpeg(p, static_cast<int>(j.quality) + 1)).size() > target);
        CHECK(j.width == 300);
        CHECK(j.height == 400);
        CHECK(j.components == 3);
        const auto k = good(codec::encode_to_size(p, Format::jpeg2000, target));
        CHECK(k.bytes.size() <= target);
        if (target < 40'000) CHECK(k.bytes.size() >= target * 97 / 100);  // all of the lossy picture is in 40,706 bytes
        CHECK(k.quality > 1);
        CHECK(k.bytes == good(codec::encode_jpeg2000(p, k.quality)));
        CHECK(mean_difference(good(codec::decode(k.bytes)), p) < 8);
    }
}

TEST_CASE("a target that is larger than everything gets the best there is", "[codec]") {
    const auto p = painted(60, 80, 1);
    const auto j = good(codec::encode_to_size(p, Format::jpeg, 1'000'000));
    CHECK(j.quality == 100);
    const auto k = good(codec::encode_to_size(p, Format::jpeg2000, 1'000'000));
    CHECK(k.quality == 1);
    CHECK(good(codec::decode(k.bytes)).pixels == p.pixels);
}

TEST_CASE("a target that not even the lowest quality meets is an error", "[codec]") {
    const auto p = painted(300, 400, 3);
    for (const auto format : {Format::jpeg, Format::jpeg2000})
        for (const std::size_t target : {0U, 1U, 300U}) {
            const auto e = codec::encode_to_size(p, format, target);
            CHECK(error_of(e) == "codec.does_not_fit");
            CHECK_THAT(words_of(e), Contains("does not fit"));
        }
    // The nearest neighbours: exactly what the lowest quality needs, and one byte less.
    const auto least = good(codec::encode_jpeg(p, 1)).size();
    CHECK(good(codec::encode_to_size(p, Format::jpeg, least)).bytes.size() == least);
    CHECK(error_of(codec::encode_to_size(p, Format::jpeg, least - 1)) == "codec.does_not_fit");
    const auto least2000 = good(codec::encode_jpeg2000(p, 500)).size();
    CHECK(good(codec::encode_to_size(p, Format::jpeg2000, least2000)).bytes.size() <= least2000);
    CHECK(error_of(codec::encode_to_size(p, Format::jpeg2000, least2000 - 1)) == "codec.does_not_fit");
}

TEST_CASE("a picture that contradicts itself is not encoded", "[codec]") {
    const OtherChild nobody("/nonexistent");  // refused before anything is started
    const auto fine = painted(4, 4, 3);
    auto short_one = fine, two = fine, flat = fine, long_one = fine;
    short_one.pixels.pop_back();
    two.components = 2;
    flat.height = 0;
    long_one.width = 65'501;
    for (const auto& p : {short_one, two, flat, long_one, codec::Picture{}}) {
        CHECK(error_of(codec::encode_jpeg(p, 80)) == "lds.bad_image");
        CHECK(error_of(codec::encode_jpeg2000(p, 10)) == "lds.bad_image");
        CHECK(error_of(codec::encode_to_size(p, Format::jpeg, 1000)) == "lds.bad_image");
    }
    for (const int quality : {0, -1, 101}) CHECK(error_of(codec::encode_jpeg(fine, quality)) == "lds.bad_image");
    for (const double ratio : {0.0, 0.99, -5.0, 10'001.0, std::nan("")})
        CHECK(error_of(codec::encode_jpeg2000(fine, ratio)) == "lds.bad_image");
    CHECK(error_of(codec::encode_to_size(fine, Format::png, 1000)) == "lds.bad_image");
    CHECK(error_of(codec::encode_jpeg(fine, 80)) == "codec.unavailable");  // the good one went as far as looking for the program
}
