#include "unit/unit.hpp"

#include <set>

#include <idchip/lds/files.hpp>

using namespace idchip;
using namespace idchip::test;
using lds::Ef;

// Doc 9303-10, 3.11 and tables 3 to 5, in the words of the standard.
TEST_CASE("files have the identifiers and tags of Doc 9303-10", "[lds]") {
    struct Row {
        Ef ef;
        std::uint16_t fid;
        Byte sfi;
        std::uint32_t tag;
    };
    const Row rows[] = {{Ef::com, 0x011E, 0x1E, 0x60},      {Ef::dg1, 0x0101, 1, 0x61},          {Ef::dg2, 0x0102, 2, 0x75},
                        {Ef::dg3, 0x0103, 3, 0x63},         {Ef::dg4, 0x0104, 4, 0x76},          {Ef::dg5, 0x0105, 5, 0x65},
                        {Ef::dg10, 0x010A, 10, 0x6A},       {Ef::dg11, 0x010B, 11, 0x6B},        {Ef::dg14, 0x010E, 14, 0x6E},
                        {Ef::dg15, 0x010F, 15, 0x6F},       {Ef::dg16, 0x0110, 16, 0x70},        {Ef::sod, 0x011D, 0x1D, 0x77},
                        {Ef::card_access, 0x011C, 0x1C, 0}, {Ef::card_security, 0x011D, 0x1D, 0}};
    for (const auto& row : rows) {
        const auto& i = lds::info(row.ef);
        CAPTURE(i.name);
        CHECK(i.fid == row.fid);
        CHECK(i.sfi == row.sfi);
        CHECK(i.tag == row.tag);
    }
}

TEST_CASE("the table of files is complete, in order, and without doubles", "[lds]") {
    std::set<std::string_view> names;
    std::set<std::pair<lds::Df, std::uint16_t>> places;
    for (std::size_t i = 0; i < lds::all_files().size(); ++i) {
        const auto& row = lds::all_files()[i];
        CHECK(row.ef == static_cast<Ef>(i));
        CHECK(names.insert(row.name).second);
        CHECK(names.insert(row.dump_name).second == (row.name != row.dump_name));
        CHECK(places.insert({row.df, row.fid}).second);
    }
    CHECK(lds::all_files().size() == static_cast<std::size_t>(Ef::atr_info) + 1);
}

TEST_CASE("files are found by either name, in any case, with or without extension", "[lds]") {
    for (const auto& row : lds::all_files()) {
        CHECK(lds::ef_by_name(row.name) == row.ef);
        CHECK(lds::ef_by_name(row.dump_name) == row.ef);
        CHECK(lds::ef_by_name(std::string(row.dump_name) + ".bin") == row.ef);
    }
    CHECK(lds::ef_by_name("ef.sod") == Ef::sod);
    CHECK(lds::ef_by_name("dg10.BIN") == Ef::dg10);
    CHECK(lds::ef_by_name("EF.COM.bin") == Ef::com);
    for (const auto* name : {"", ".", "DG", "DG0", "DG17", "DG1x", "EF", "EF.", "..", "DG1.", "SOD/DG1"}) {
        CAPTURE(name);
        CHECK(lds::ef_by_name(name).has_value() == (std::string_view(name) == "DG1."));
    }
}

TEST_CASE("files are found by their tag, those without a tag by none", "[lds]") {
    CHECK(lds::ef_by_tag(0x75) == Ef::dg2);
    CHECK(lds::ef_by_tag(0x77) == Ef::sod);
    CHECK_FALSE(lds::ef_by_tag(0));
    CHECK_FALSE(lds::ef_by_tag(0x62));
    CHECK_FALSE(lds::ef_by_tag(0x7F61));
}

TEST_CASE("data groups are numbered from 1 to 16", "[lds]") {
    for (int n = 1; n <= 16; ++n) {
        CHECK(lds::dg_number(lds::data_group(n)) == n);
        CHECK(lds::is_data_group(lds::data_group(n)));
        CHECK(lds::name(lds::data_group(n)) == "DG" + std::to_string(n));
    }
    for (const auto ef : {Ef::com, Ef::sod, Ef::cvca, Ef::card_access}) {
        CHECK_FALSE(lds::is_data_group(ef));
        CHECK(lds::dg_number(ef) == 0);
    }
}
