// The text of the QR code: accepted without a note, it is written as it was; whatever is written reads back.
#include "fuzz.hpp"

#include <idchip/national/vietnam/agreement.hpp>

using namespace idchip;
using namespace idchip::vietnam;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text({data, size});
    const auto qr = QrText::parse(text);
    if (!qr) return 0;
    const auto findings = check_agreement({nullptr, nullptr, &*qr});
    for (const auto& f : findings) FUZZ_CHECK(f.message.find(qr->personal_number) == std::string::npos);
    const auto written = qr->write();
    if (qr->notes.empty()) FUZZ_CHECK(written && *written == text);
    if (!written) return 0;
    const auto again = QrText::parse(*written);
    FUZZ_CHECK(again && again->notes.empty());
    FUZZ_CHECK(*again->write() == *written);
    FUZZ_CHECK(again->full_name == qr->full_name && again->extra == qr->extra && again->birth_date == qr->birth_date);
    return 0;
}
