// A whole document image, encoded and decoded without signing and hashing: EF.COM, DG1, DG2 with a portrait of 15 kB, DG11, DG12,
// DG13, DG14, DG15, EF.SOD. `copy` is the same bytes copied once: what no encoder can beat.
#include <benchmark/benchmark.h>

#include <idchip/lds/details.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg15.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/lds/security_infos.hpp>
#include <idchip/national/vietnam/person.hpp>
#include <idchip/tlv/der.hpp>

namespace {

using namespace idchip;
using lds::Ef;

const std::vector<std::string> zone = {"IDVNM0990000176999099000017<<5", "9905153M3905151VNM<<<<<<<<<<<4",
                                       "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<"};

// A JPEG as far as anybody looks who decodes no pixel.
Bytes portrait() {
    auto image = from_hex("FFD8FFE000104A46494600010100000100010000FFC0001108019000F003012200021101031101").value();
    image.resize(15'000 - 2, 0x55);
    append(image, Bytes{0xFF, 0xD9});
    return image;
}

vietnam::PersonDetails person() {
    vietnam::PersonDetails d;
    d.personal_number = "999099000017";
    d.full_name = "Nguyễn Văn Mẫu";
    d.birth_date = Date{1999, 5, 15};
    d.sex = 'M';
    d.ethnicity = "Kinh";
    d.religion = "Không";
    d.place_of_origin = "Xã Mẫu, Huyện Thử, Hà Nội";
    d.residence = "Số 1 Phố Thử, Phường Mẫu, Hà Nội";
    d.issue_date = Date{2022, 6, 20};
    d.expiry = vietnam::Expiry{Date{2039, 5, 15}};
    d.father = "Nguyễn Văn Cha";
    d.mother = "Trần Thị Mẹ";
    return d;
}

struct Image {
    std::array<Bytes, 9> files;
    std::size_t size() const {
        std::size_t sum = 0;
        for (const auto& f : files) sum += f.size();
        return sum;
    }
};

struct Input {
    Bytes picture = portrait();
    vietnam::PersonDetails details = person();
    Bytes spki = der::sequence_of(
        {der::sequence_of({der::write(der::Oid("1.2.840.113549.1.1.1")), der::write_null()}), der::write_bit_string(Bytes(270, 3))});
    Bytes cms = tlv::element(0x30, Bytes(2'000, 4));
    lds::SecurityInfos infos = lds::SecurityInfos::of(
        {lds::SecurityInfo::of(*lds::protocol_by_name("id-PACE-ECDH-GM-AES-CBC-CMAC-128"), lds::PaceInfo{2, 13}),
         lds::SecurityInfo::of(*lds::protocol_by_name("id-CA-ECDH-AES-CBC-CMAC-128"), lds::ChipAuthenticationInfo{1, {}}),
         lds::SecurityInfo::of(*lds::protocol_by_name("id-PK-ECDH"), lds::ChipAuthenticationPublicKeyInfo{spki, {}})});
};

Image encode(const Input& in) {
    image::FaceImage face;
    face.width = 240;
    face.height = 400;
    face.image = in.picture;
    lds::DetailFile dg11, dg12;
    dg11.ef = Ef::dg11;
    dg11.set(lds::dg11::full_name, "Nguyễn<<Văn<Mẫu");
    dg11.set(lds::dg11::personal_number, in.details.personal_number);
    dg11.set(lds::dg11::birth_date, "19990515");
    dg12.ef = Ef::dg12;
    dg12.set(lds::dg12::authority, "C06");
    dg12.set(lds::dg12::issue_date, "20220620");
    return {{lds::EfCom::of({Ef::dg1, Ef::dg2, Ef::dg11, Ef::dg12, Ef::dg13, Ef::dg14, Ef::dg15}).encode(), lds::Dg1::encode(zone),
             lds::Dg2::encode(face), dg11.encode(), dg12.encode(), vietnam::make_dg13(in.details, vietnam::Card::vn_cccd_2021)->encode(),
             lds::Dg14::encode(in.infos), lds::Dg15::encode(in.spki), lds::EfSod::encode(in.cms)}};
}

bool decode(const Image& image) {
    const auto& f = image.files;
    return lds::EfCom::parse(f[0]) && lds::Dg1::parse(f[1]) && lds::Dg2::parse(f[2]) && lds::DetailFile::parse(Ef::dg11, f[3]) &&
           lds::DetailFile::parse(Ef::dg12, f[4]) && vietnam::Dg13::parse(f[5]) && lds::Dg14::parse(f[6]) && lds::Dg15::parse(f[7]) &&
           lds::EfSod::parse(f[8]);
}

void document_encode_decode(benchmark::State& state) {
    const Input in;
    if (!decode(encode(in))) return state.SkipWithError("the image does not decode");
    for (auto _ : state) {
        const auto image = encode(in);
        benchmark::DoNotOptimize(decode(image));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(document_encode_decode);

void document_encode(benchmark::State& state) {
    const Input in;
    for (auto _ : state) benchmark::DoNotOptimize(encode(in));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(document_encode);

void document_decode(benchmark::State& state) {
    const auto image = encode(Input{});
    for (auto _ : state) benchmark::DoNotOptimize(decode(image));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(document_decode);

void document_copy(benchmark::State& state) {
    const auto image = encode(Input{});
    for (auto _ : state) {
        auto copy = image;
        benchmark::DoNotOptimize(copy);
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["bytes"] = static_cast<double>(image.size());
}
BENCHMARK(document_copy);

}  // namespace
