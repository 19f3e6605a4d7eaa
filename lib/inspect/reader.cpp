#include <idchip/inspect/reader.hpp>

#include <set>

#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/cms.hpp>

#include "base/try.hpp"

namespace idchip::inspect {
namespace {

// Data groups that EF.SOD and EF.COM name, without an opinion on either.
std::set<lds::Ef> announced_groups(const Evidence& e) {
    std::set<lds::Ef> groups;
    if (const auto* file = e.content(lds::Ef::com))
        if (const auto com = lds::EfCom::parse(*file))
            for (const auto ef : com->files()) groups.insert(ef);
    if (const auto* file = e.content(lds::Ef::sod))
        if (const auto sod = lds::EfSod::parse(*file))
            if (const auto data = pki::SignedData::parse(sod->cms))
                if (const auto object = lds::LdsSecurityObject::parse(data->content))
                    for (const auto& [number, hash] : object->data_group_hashes) groups.insert(lds::data_group(number));
    // With no usable announcement the mandatory files are still asked for.
    groups.insert({lds::Ef::dg1, lds::Ef::dg2});
    return groups;
}

class Reader {
public:
    Reader(transport::Transport& transport, const ReadRequest& request, Rng& rng) : session_(transport), request_(request), rng_(rng) {}

    Result<void> open() {
        TRY(session_.select_application());
        if (!request_.mrz_information.empty()) TRY(session_.basic_access_control(request_.mrz_information, rng_));
        return {};
    }

    Result<FileEvidence> read(lds::Ef ef) {
        for (int attempt = 0;; ++attempt) {
            auto outcome = session_.read_file(ef);
            if (outcome) return evidence_of(std::move(*outcome));
            auto& error = outcome.error();
            const auto family = error.name().substr(0, error.name().find('.'));
            if (family == "transport") return fail(std::move(error));
            FileEvidence f;
            f.error = std::string(error.name());
            f.sw = error.sw.value_or(0);
            // The file itself is at fault: the session goes on.
            if (error.code != Errc::sm_broken) return f;
            TRY(session_.transport().reset());
            TRY(open());
            if (attempt == 1) return f;
        }
    }

private:
    static FileEvidence evidence_of(chip::ReadOutcome&& o) {
        FileEvidence f;
        f.content = std::move(o.content);
        f.sw = o.sw;
        f.protected_status = o.protected_status;
        f.bytes_after_end = f.content ? o.after_end.size() : 0;
        return f;
    }

    chip::Session session_;
    const ReadRequest& request_;
    Rng& rng_;
};

}  // namespace

Result<Evidence> read_chip(transport::Transport& transport, const ReadRequest& request, Rng& rng, Instant now) {
    Evidence e;
    e.read_at = now;
    e.reader = transport.name();
    e.atr = TRY(transport.reset());
    e.access = request.mrz_information.empty() ? "none" : "bac";
    e.expected = request.expected;
    Reader reader(transport, request, rng);
    TRY(reader.open());
    const auto read = [&](lds::Ef ef) -> Result<void> {
        auto f = TRY(reader.read(ef));
        if (request.progress) request.progress(ef, f.content ? f.content->size() : 0);
        e.files[ef] = std::move(f);
        return {};
    };
    TRY(read(lds::Ef::com));
    TRY(read(lds::Ef::sod));
    for (const auto ef : announced_groups(e)) TRY(read(ef));
    return e;
}

}  // namespace idchip::inspect
