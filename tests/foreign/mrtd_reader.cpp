// A foreign terminal for our chip: Debian's libmrtd does basic access control, secure messaging and file reading, over PC/SC.
// libmrtd wants a libnfc device; its one call for an exchange is answered here with SCardTransmit.
//   mrtd_reader READER MRZ_INFORMATION FOLDER
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <nfc/nfc.h>
#include <winscard.h>

extern "C" {
#include <mrtd/mrtd.h>
}

namespace {

SCARDHANDLE card;

int exchange(const std::uint8_t* command, std::size_t size, std::uint8_t* answer, std::size_t room) {
    DWORD got = room;
    if (SCardTransmit(card, SCARD_PCI_T1, command, size, nullptr, answer, &got) != SCARD_S_SUCCESS) return -1;
    return static_cast<int>(got);
}

int failed(const char* what) {
    std::fprintf(stderr, "mrtd_reader: %s\n", what);
    return 1;
}

}  // namespace

extern "C" int nfc_initiator_transceive_bytes(nfc_device*, const std::uint8_t* tx, std::size_t tx_size, std::uint8_t* rx,
                                              std::size_t rx_size, int) {
    return exchange(tx, tx_size, rx, rx_size);
}

int main(int argc, char** argv) {
    if (argc != 4) return failed("usage: mrtd_reader READER MRZ_INFORMATION FOLDER");
    SCARDCONTEXT context = 0;
    DWORD protocol = 0;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context) != SCARD_S_SUCCESS ||
        SCardConnect(context, argv[1], SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, &card, &protocol) != SCARD_S_SUCCESS)
        return failed("cannot connect");
    std::array<std::uint8_t, 300> answer{};
    const std::array<std::uint8_t, 12> select = {0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
    if (exchange(select.data(), select.size(), answer.data(), answer.size()) != 2 || answer[0] != 0x90) return failed("SELECT refused");

    std::array<std::uint8_t, 16> ks_enc{};
    std::array<std::uint8_t, 16> ks_mac{};
    std::uint64_t ssc = 0;
    mrtd_bac_randomize_rndifd_kifd();
    if (mrtd_bac_keyhandshake(nullptr, reinterpret_cast<const std::uint8_t*>(argv[2]), ks_enc.data(), ks_mac.data(), &ssc) < 0)
        return failed("basic access control failed");
    const std::vector<std::pair<const char*, std::array<std::uint8_t, 2>>> files = {
        {"EF_COM.bin", {0x01, 0x1E}}, {"DG1.bin", {0x01, 0x01}}, {"DG2.bin", {0x01, 0x02}}, {"EF_SOD.bin", {0x01, 0x1D}}};
    for (const auto& [name, fid] : files) {
        std::vector<std::uint8_t> content(100'000);
        int size = static_cast<int>(content.size());
        if (mrtd_fileread_read(nullptr, fid.data(), content.data(), &size, ks_enc.data(), ks_mac.data(), &ssc) < 0) return failed(name);
        std::ofstream(std::string(argv[3]) + "/" + name, std::ios::binary).write(reinterpret_cast<const char*>(content.data()), size);
    }
    SCardDisconnect(card, SCARD_RESET_CARD);
    SCardReleaseContext(context);
    return 0;
}
