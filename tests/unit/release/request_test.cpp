#include "unit/release/operator_maker.hpp"

using namespace idchip;
using namespace idchip::test;
using release::KeyUse;
using release::Request;

namespace {

constexpr std::string_view example =
    "idchip release 1\n"
    "kind reprint\n"
    "subject ledger L1 job 17 digest 5E\n"
    "reason thẻ hỏng khi giao\n"
    "at 2026-11-22T12:00:00Z\n"
    "until 2026-11-29T12:00:00Z\n"
    "nonce 000102030405060708090A0B0C0D0E0F\n";

std::string with(std::string_view old, std::string_view other) {
    std::string text(example);
    const auto at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), other);
}

}  // namespace

TEST_CASE("a request has one form, and reads back", "[release]") {
    const auto r = good(Request::parse(example));
    CHECK(r.kind == "reprint");
    CHECK(r.subject == "ledger L1 job 17 digest 5E");
    CHECK(r.reason == "thẻ hỏng khi giao");
    CHECK(r.until == r.at + 7 * seconds_per_day);
    CHECK(r.statement() == example);
    CHECK(r.digest() == to_hex(crypto::hash(crypto::HashAlg::sha256, as_bytes(example))));
    const auto made = a_request();
    CHECK(good(Request::parse(made.statement())).statement() == made.statement());
    CHECK(made.nonce != a_request().nonce);
}

TEST_CASE("what is not exactly that form is no request", "[release]") {
    const auto error = [](std::string_view text) { return error_of(Request::parse(text)); };
    CHECK(error("") == "input.bad_field");
    for (std::size_t size = 0; size < example.size(); ++size) CHECK(error(example.substr(0, size)) != "none");
    CHECK(error(std::string(example) + "\n") == "input.bad_field");
    CHECK(error(std::string(example) + "kind key_use\n") == "input.bad_field");
    CHECK(error(with("release 1", "release 2")) == "input.bad_field");
    CHECK(error(with("kind reprint", "kind other")) == "input.bad_field");
    CHECK(error(with("kind reprint\n", "")) == "input.bad_field");
    CHECK(error(with("kind reprint\n", "kind reprint\nkind reprint\n")) == "input.bad_field");
    CHECK(error(with("reason", "Reason")) == "input.bad_field");
    CHECK(error(with("job 17", "job 17\r")) == "input.bad_field");
    CHECK(error(with("job 17", "job \x1B[2J17")) == "input.bad_field");
    CHECK(error(with("job 17",
                     "job \xE2\x80\xAE"
                     "17")) == "input.bad_field");  // right-to-left override
    CHECK(error(with("job 17",
                     "job \xFF"
                     "17")) == "input.bad_field");
    CHECK(error(with("digest 5E", "digest 5E ")) == "input.bad_field");
    CHECK(error(with("subject ledger L1 job 17 digest 5E", "subject ")) == "input.bad_field");
    CHECK(error(with("digest 5E", std::string(501, 'x'))) == "input.bad_field");
    CHECK(error(with("digest 5E", std::string(400, 'x'))) == "none");
    CHECK(error(with("2026-11-22T12:00:00Z", "2026-11-22")) == "input.bad_field");  // the same day, but not this form
    CHECK(error(with("2026-11-22T12:00:00Z", "2026-11-31T12:00:00Z")) == "input.bad_date");
    CHECK(error(with("11-29T", "11-21T")) == "input.bad_field");  // ends before it begins
    CHECK(error(with("2026-11-29T", "2026-12-23T")) == "none");
    CHECK(error(with("2026-11-29T12:00:00Z", "2026-12-23T12:00:01Z")) == "input.bad_field");  // longer than any request stands
    CHECK(error(with("0E0F", "0E0f")) == "input.bad_field");
    CHECK(error(with("0E0F", "0E")) == "input.bad_field");
    CHECK(error(std::string(70'000, 'x')) == "input.too_large");
}

TEST_CASE("a request is checked when it is made", "[release]") {
    const auto make = [](std::string_view kind, const std::string& subject, const std::string& reason, std::int64_t days) {
        return error_of(release::make_request(kind, subject, reason, release_now, days, system_rng()));
    };
    CHECK(make("reprint", "job 1", "why", 1) == "none");
    CHECK(make("reprint", "job 1", "why", 31) == "none");
    CHECK(make("reprint", "job 1", "why", 32) == "input.bad_field");
    CHECK(make("reprint", "job 1", "why", 0) == "input.bad_field");
    CHECK(make("reprint", "job 1", "", 1) == "input.bad_field");
    CHECK(make("reprint", "job 1\nreason mine", "why", 1) == "input.bad_field");
    CHECK(make("key_use", "job 1", "why", 1) == "input.bad_field");
    CHECK(make("key_use", KeyUse{std::string(64, 'A'), 5}.subject(), "why", 1) == "none");
}

TEST_CASE("a key use names its key and its number", "[release]") {
    const KeyUse use{std::string(62, '0') + "1B", 5000};
    CHECK(use.subject() == "key " + use.certificate + " up to 5000 signatures");
    const auto again = good(KeyUse::parse(use.subject()));
    CHECK(again.certificate == use.certificate);
    CHECK(again.most == 5000);
    const auto error = [&](const std::string& number, const std::string& behind = " signatures") {
        return error_of(KeyUse::parse("key " + use.certificate + " up to " + number + behind));
    };
    CHECK(error("18446744073709551615") == "none");
    for (const auto* number : {"18446744073709551616", "0", "-1", "+1", "05", "5x", "", "5 000"}) CHECK(error(number) == "input.bad_field");
    CHECK(error("5", " signature") == "input.bad_field");
    CHECK(error("5", " signatures ") == "input.bad_field");
    CHECK(error_of(KeyUse::parse("key 1B up to 5 signatures")) == "input.bad_field");
    CHECK(error_of(KeyUse::parse("key " + std::string(64, 'a') + " up to 5 signatures")) == "input.bad_field");
}
