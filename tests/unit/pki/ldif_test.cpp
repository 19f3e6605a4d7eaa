// LDIF: the examples of RFC 2849, entries as the PKD has them, and hostile files.
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <sstream>

#include <idchip/pki/ldif.hpp>

using namespace idchip;
using namespace idchip::test;
using pki::LdifEntry;
using pki::LdifLimits;
using pki::LdifReader;
using pki::PkdObject;

namespace {

// Every entry and every error in order: "dn@line name=value name;option=value" or "line: error".
std::vector<std::string> read(const std::string& text, LdifLimits limits = {}) {
    std::istringstream stream(text);
    LdifReader reader(stream, limits);
    std::vector<std::string> found;
    for (int i = 0; i < 1000; ++i) {
        const auto entry = reader.next();
        if (!entry) {
            CHECK(entry.error().name() == "pki.bad_ldif");
            CHECK(entry.error().where.starts_with("LDIF line "));
            found.push_back(entry.error().where.substr(10) + ": " + entry.error().detail);
            continue;
        }
        if (!*entry) return found;
        auto line = (*entry)->dn + "@" + std::to_string((*entry)->line);
        for (const auto& a : (*entry)->attributes) {
            line += " " + a.name;
            for (const auto& option : a.options) line += ";" + option;
            line += "=" + as_text(a.value);
        }
        found.push_back(line);
    }
    FAIL("it does not end");
    return found;
}
using Found = std::vector<std::string>;

std::string with_crlf(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '\n' ? "\r\n" : std::string(1, c);
    return result;
}

LdifEntry entry_of(const std::string& dn) { return {dn, 1, {}}; }

}  // namespace

TEST_CASE("entries, values, comments and folded lines are read as RFC 2849 has them", "[pki]") {
    // Example 2 of RFC 2849, shortened, and what its notes say of comments and of spaces.
    const std::string text =
        "version: 1\n"
        "# a comment\n"
        "#  and one that\n"
        "   is folded: it names no attribute\n"
        "dn:cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com\n"
        "objectclass:top\n"
        "objectclass:   person\n"
        "description:Babs is a big sailing fan, and travels extensively in sea\n"
        " rch of perfect sailing conditions.\n"
        "title:Product Manager, \n"
        "  Rod and Reel Division\n"
        "# within an entry\n"
        "empty:\n"
        "colon: a:b\n"
        "\n"
        "\n"
        "dn: cn=Bjorn Jensen,dc=com\n"
        "cn: last";
    const Found want = {
        "cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com@5 objectclass=top objectclass=person description=Babs is a big sailing "
        "fan, and travels extensively in search of perfect sailing conditions. title=Product Manager,  Rod and Reel Division empty= "
        "colon=a:b",
        "cn=Bjorn Jensen,dc=com@17 cn=last"};
    CHECK(read(text) == want);
    CHECK(read(with_crlf(text)) == want);
    CHECK(read(text + "\n\n\n") == want);
    CHECK(read("\n\n" + text.substr(11))[0].starts_with("cn=Barbara Jensen"));
}

TEST_CASE("base64 values are decoded, folded or not, and a dn may be one", "[pki]") {
    CHECK(read("dn:: Y249w6k=\nuserCertificate;binary:: MIIB\n AgME\n BQ==\nx;lang-ja;phonetic::   QQ==\ny::\n") ==
          Found{"cn=\u00E9@1 userCertificate;binary=" + as_text("308201020304 05"_hex) + " x;lang-ja;phonetic=A y="});
    CHECK(read("dn: cn=\u00E9\ncn: \u00E9\n") == Found{"cn=\u00E9@1 cn=\u00E9"});  // not allowed, and common
    CHECK(read("dn: a=b\nx:: QQ=\n\ndn: c=d\n") == Found{"2: not base64", "c=d@4"});
    CHECK(read("dn: a=b\nx:: Q!==\n") == Found{"2: not base64"});
    CHECK(read("dn: a=b\nx:: QQ\n ==\n") == Found{"a=b@1 x=A"});
    CHECK(read("dn:: /w==\n") == Found{"1: the dn is not UTF-8"});
    CHECK(read("dn: \xFF\n") == Found{"1: the dn is not UTF-8"});
}

TEST_CASE("a value behind a URL is refused, and nothing is opened", "[pki]") {
    TempFolder folder;
    good(write_text(folder / "secret", "secret"));
    const auto url = "file://" + (folder / "secret").string();
    CHECK(read("dn: a=b\nuserCertificate;binary:< " + url + "\n\ndn: c=d\n") ==
          Found{"2: the value stands behind a URL, which is not followed", "c=d@4"});
    CHECK(read("dn:< " + url + "\n") == Found{"1: the value stands behind a URL, which is not followed"});
    CHECK(read("dn: a=b\nx: < " + url + "\n") == Found{"a=b@1 x=< " + url});  // a text
}

TEST_CASE("one bad entry does not cost the others", "[pki]") {
    CHECK(read("cn: without dn\n\ndn: a=b\ncn: x\n") == Found{"1: the entry does not begin with its dn", "a=b@3 cn=x"});
    CHECK(read("dn;binary: a=b\n\ndn: a=b\n") == Found{"1: the entry does not begin with its dn", "a=b@3"});
    CHECK(read("dn: a=b\nnonsense\nx:: !\nmore: y\n\ndn: c=d\n") == Found{"2: no attribute name before a colon", "c=d@6"});
    CHECK(read(with_crlf("dn: a=b\nnonsense\nx: y\n\ndn: c=d\n\n")) == Found{"2: no attribute name before a colon", "c=d@5"});
    CHECK(read("dn: a=b\ndn: c=d\n") == Found{"2: a second dn: no blank line between two entries"});
    CHECK(read(" dn: a=b\n\ndn: c=d\n") == Found{"1: it continues no line", "c=d@3"});
    CHECK(read("dn: a=b\n\n x: y\n") == Found{"a=b@1", "3: it continues no line"});
    for (const auto* line : {": x", "x y: z", "x;: y", ";binary: y", "\u00E9: y", "-", "x"})
        CHECK(read("dn: a=b\n" + std::string(line) + "\n") == Found{"2: no attribute name before a colon"});
    CHECK(read("dn: a=b\n2.5.4.36;binary: y\n") == Found{"a=b@1 2.5.4.36;binary=y"});
}

TEST_CASE("a file with a version and nothing else holds no entry; another version is refused", "[pki]") {
    CHECK(read("").empty());
    CHECK(read("\n\r\n").empty());
    CHECK(read("version: 1\n\n").empty());  // as the PKD publishes a delta without changes
    CHECK(read("version: 1\ndn: a=b\n") == Found{"a=b@2"});
    CHECK(read("version: 1\n\ndn: a=b\nversion: 2\n") == Found{"a=b@3 version=2"});
    CHECK(read("version: 2\ndn: a=b\n") == Found{"1: another version than 1"});
    CHECK(read("# only a comment").empty());
}

TEST_CASE("a change record that adds is an entry, others are refused", "[pki]") {
    CHECK(read("dn: a=b\nchangetype: add\ncn: x\n") == Found{"a=b@1 cn=x"});
    CHECK(read("dn: a=b\nchangetype: delete\n\ndn: c=d\n") == Found{"2: a change other than add", "c=d@4"});
    CHECK(read("dn: a=b\nchangetype: modify\nadd: cn\ncn: x\n-\n") == Found{"2: a change other than add"});
    CHECK(read("dn: a=b\ncontrol: 1.2.840.113556.1.4.805 true\nchangetype: delete\n") == Found{"2: controls are not read"});
}

TEST_CASE("an entry has a limit, whether it is one line, many lines, or a comment that is none", "[pki]") {
    const LdifLimits limits{100, 3};
    const std::string next = "\n\ndn: c=d\n";
    CHECK(read("dn: a=b\nx: " + std::string(80, 'y') + next, limits).size() == 2);
    CHECK(read("dn: a=b\nx: " + std::string(80, 'y') + next, limits)[0].size() == 5 + 3 + 80);
    const Found refused = {"2: an entry of more than 100 bytes", "c=d@4"};
    CHECK(read("dn: a=b\nx: " + std::string(100, 'y') + next, limits) == refused);
    CHECK(read(with_crlf("dn: a=b\nx: " + std::string(100, 'y') + next), limits) == refused);
    CHECK(read("dn: a=b\nx: " + std::string(1'000'000, 'y') + next, limits) == refused);
    std::string folded = "dn: a=b\nx: y";
    for (int i = 0; i < 100; ++i) folded += "\n y";
    CHECK(read(folded + next, limits) == Found{"2: an entry of more than 100 bytes", "c=d@104"});
    CHECK(read("dn: a=b\nx: " + std::string(50, 'y') + "\nx: " + std::string(50, 'y') + next, limits) ==
          Found{"3: an entry of more than 100 bytes", "c=d@5"});
    CHECK(read("# " + std::string(100'000, 'c') + "\n# " + std::string(100'000, 'c') + "\ndn: a=b\n", limits) == Found{"a=b@3"});
    CHECK(read("dn: a=b\nx: 1\nx: 2\nx: 3\n", limits) == Found{"a=b@1 x=1 x=2 x=3"});
    CHECK(read("dn: a=b\nx: 1\nx: 2\nx: 3\nx: 4\n", limits) == Found{"5: more than 3 attributes"});
    // A value longer than the buffer, whole.
    const auto found = read("dn: a=b\nx: " + std::string(200'000, 'y') + "\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].size() == 8 + 200'000);
}

TEST_CASE("lines fall together with the ends of the buffer in every way", "[pki]") {
    for (std::size_t pad = 65'520; pad < 65'545; ++pad) {
        const auto text = "#" + std::string(pad - 2, 'c') + "\ndn: a=b\nx: y\n z\n\ndn: c=d\n";
        REQUIRE(read(text) == Found{"a=b@2 x=yz", "c=d@6"});
        REQUIRE(read(with_crlf(text)) == Found{"a=b@2 x=yz", "c=d@6"});
    }
}

TEST_CASE("a stream that fails is an error, not an end", "[pki]") {
    struct Broken final : std::streambuf {
        int_type underflow() override { throw std::runtime_error("broken"); }
    } buffer;
    std::istream stream(&buffer);
    LdifReader reader(stream);
    CHECK(error_of(reader.next()) == "io.failed");
}

TEST_CASE("what the PKD puts into an entry is known by its name, in letters of either case", "[pki]") {
    std::istringstream stream(
        "dn: cn=OU\\=Identity Services\\,C\\=NZ+sn=4E34,o=dsc,c=NZ,dc=data,dc=download,dc=pkd,dc=icao,dc=int\n"
        "pkdVersion: 1150\nuserCertificate;binary:: MAA=\nCACertificate;binary:: MAA=\ncertificateRevocationList;binary:: MAA=\n"
        "pkdMasterListContent:: MAA=\nCscaMasterListData:: MAA=\npkdDeviationListContent:: MAA=\nuserCertificates:: MAA=\n");
    const auto entry = good(LdifReader(stream).next());
    REQUIRE(entry);
    std::vector<std::optional<PkdObject>> kinds;
    for (const auto& a : entry->attributes) kinds.push_back(pki::pkd_object(a));
    CHECK(kinds == std::vector<std::optional<PkdObject>>{std::nullopt, PkdObject::document_signer, PkdObject::csca, PkdObject::crl,
                                                         PkdObject::master_list, PkdObject::master_list, PkdObject::deviation_list,
                                                         std::nullopt});
    CHECK(entry->attributes[1].value == "3000"_hex);
    CHECK(entry->attributes[1].line == 3);
    CHECK(pki::country_of(*entry) == "NZ");
}

TEST_CASE("names are taken apart as RFC 4514 says, escapes and all", "[pki]") {
    const auto parts = [](std::string_view dn) {
        std::string text;
        for (const auto& p : good(pki::parse_dn(dn))) text += (text.empty() ? "" : "|") + p.type + "=" + p.value;
        return text;
    };
    // Section 4 of RFC 4514.
    CHECK(parts("UID=jsmith,DC=example,DC=net") == "UID=jsmith|DC=example|DC=net");
    CHECK(parts("OU=Sales+CN=J.  Smith,DC=example,DC=net") == "OU=Sales|CN=J.  Smith|DC=example|DC=net");
    CHECK(parts("CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net") == "CN=James \"Jim\" Smith, III|DC=example|DC=net");
    CHECK(parts("CN=Before\\0dAfter,DC=example,DC=net") == "CN=Before\rAfter|DC=example|DC=net");
    CHECK(parts("1.3.6.1.4.1.1466.0=#04024869") == "1.3.6.1.4.1.1466.0=#04024869");
    CHECK(parts("CN=Lu\\C4\\8Di\\C4\\87") == "CN=Lu\u010Di\u0107");
    CHECK(parts("cn = a b , c = DE ") == "cn=a b|c=DE");
    CHECK(parts("cn=\\ a\\ ,c=") == "cn= a |c=");
    CHECK(parts("cn=a=b") == "cn=a=b");
    CHECK(parts("").empty());
    for (const auto* bad : {"cn", "cn=a,", "cn=a+", "=a", "cn=a,b", "cn=a\\", "cn=a\\C", "cn=a\\C,", "cn=a\\FF", ",cn=a"}) {
        CAPTURE(bad);
        CHECK(error_of(pki::parse_dn(bad)) == "pki.bad_ldif");
    }
    CHECK(pki::country_of(entry_of("cn=C\\=XX,c=vn,dc=data")) == "VN");
    CHECK(pki::country_of(entry_of("c=XX,o=dsc,c=VNM,dc=data")) == "VNM");
    CHECK(pki::country_of(entry_of("cn=x,dc=data")).empty());
    CHECK(pki::country_of(entry_of("cn=x,c=DE,")).empty());
}

TEST_CASE("the German master list in LDIF as the PKD folds it is the same list", "[pki]") {
    const auto path = shared_data("masterlists/DE_ML_2024-08-07-07-38-24.ml");
    if (!path) return;
    const auto list = good(read_file(*path));
    const auto whole = "pkdMasterListContent:: " + to_base64(list);
    std::string text = "version: 1\n\ndn: cn=CN\\=csca-germany\\,C\\=DE,o=ml,c=DE,dc=data,dc=download,dc=pkd,dc=icao,dc=int\n";
    for (std::size_t i = 0; i < whole.size(); i += 76) text += (i == 0 ? "" : "\n ") + whole.substr(i, 76);
    std::istringstream stream(with_crlf(text + "\n"));
    LdifReader reader(stream);
    const auto entry = good(reader.next());
    REQUIRE(entry);
    REQUIRE(entry->attributes.size() == 1);
    CHECK(pki::pkd_object(entry->attributes[0]) == PkdObject::master_list);
    CHECK(pki::country_of(*entry) == "DE");
    CHECK(entry->attributes[0].value == list);
    CHECK_FALSE(good(reader.next()));
}
