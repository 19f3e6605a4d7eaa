// A program that knows only the installed library.
#include <cstdio>

#include <idchip/lds/ef_com.hpp>
#include <idchip/mrz/mrz.hpp>
#include <idchip/profile/profile.hpp>

int main() {
    const auto com = idchip::lds::EfCom::of({idchip::lds::Ef::dg1, idchip::lds::Ef::dg2}).encode();
    const auto information = idchip::mrz::mrz_information("L898902C", "690806", "940623");
    const auto profile = idchip::profile::load_profile("jmrtd-applet");
    std::printf("%s %s %s\n", idchip::to_hex(com).c_str(), information ? information->c_str() : "-",
                profile ? profile->name.c_str() : profile.error().message().c_str());
    return information && profile ? 0 : 1;
}
