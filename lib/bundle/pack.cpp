#include <idchip/bundle/pack.hpp>

#include <charconv>
#include <deque>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "bundle/content.hpp"
#include "bundle/growing_file.hpp"
#include "bundle/sealed.hpp"
#include "signer/key_signer.hpp"
#include "signer/same_key.hpp"

namespace idchip::bundle {
namespace {

namespace fs = std::filesystem;

// Keeps the fields as they came in until the record has been checked: the intake reads ahead, and reports in the order of the file.
class Keeping final : public record::Source {
public:
    Keeping(record::Source& source, std::optional<record::Card> card) : source_(source), card_(card) { total_ = source.total_bytes(); }
    Result<bool> next(record::RawRecord& raw) override {
        if (!TRY(source_.next(raw))) return false;
        if (card_) state_card(raw);
        kept_.push_back(raw.readable ? record::write_json(raw) : std::string());
        return true;
    }
    std::uint64_t bytes_read() const override { return source_.bytes_read(); }
    std::string take() {
        auto first = std::move(kept_.front());
        kept_.pop_front();
        return first;
    }

private:
    // The centre knows nothing of this laptop's options: the record says itself what it was checked as.
    void state_card(record::RawRecord& raw) const {
        constexpr auto at = static_cast<std::size_t>(record::Field::card);
        raw.values[at] = vietnam::info(*card_).name;
        raw.stated[at] = true;
    }

    record::Source& source_;
    std::optional<record::Card> card_;
    std::deque<std::string> kept_;
};

Result<void> check_time(const pki::Certificate& c, Instant now) {
    if (now >= c.not_before && now <= c.not_after) return {};
    return fail(
        Errc::pki_refused, c.subject.text(),
        fmt::format("valid from {} until {}, and this computer's clock says {}", to_iso(c.not_before), to_iso(c.not_after), to_iso(now)));
}

Result<void> check_free(const fs::path& file) {
    std::error_code ignored;
    // It may hold the only copy of what it holds.
    if (fs::exists(file, ignored) && !fs::is_character_file(file, ignored)) return fail(Errc::already_exists, file.string());
    return {};
}

// Taken before the bundle is written: after a crash a number is missing at the centre and somebody asks; never are there two of it.
Result<std::uint64_t> next_number(const fs::path& file) {
    const auto lock = TRY(lock_file(file.string() + ".lock", true));
    std::uint64_t last = 0;
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
        const auto content = TRY(read_text(file, 64));
        const auto digits = trim(content);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), last);
        if (error != std::errc() || end != digits.data() + digits.size() || last >= 1'000'000'000)
            return fail(Errc::bad_field, file.string(), "want the number of the team's last bundle");
    }
    TRY(write_text(file, fmt::format("{}\n", last + 1)));
    return last + 1;
}

}  // namespace

struct Packer::Impl {
    PackOptions options;
    std::string team;
    record::Intake intake;
    std::string entries;
    std::uint64_t count = 0;
    std::vector<MadeBundle> made;

    Impl(PackOptions o, std::string name) : options(std::move(o)), team(std::move(name)), intake(options.intake) {}

    // "day.idb" -> "day-2.idb"
    fs::path numbered(std::size_t n) const {
        auto path = options.out;
        return path.replace_filename(fmt::format("{}-{}{}", options.out.stem().string(), n, options.out.extension().string()));
    }

    Result<void> flush(bool last) {
        const auto file = last && made.empty() ? options.out : numbered(made.size() + 1);
        TRY(check_free(file));
        const auto number = TRY(next_number(options.count_file));
        const Manifest manifest{to_hex(system_rng().bytes(16)), team, number, options.now, count};
        const auto content = write_content(manifest, entries);
        entries = {};
        signer::KeySigner signer(options.team, *options.key);
        TRY(write_file(file, TRY(sign_and_seal(content, signer, options.centre, options.now, system_rng()))));
        made.push_back({file, manifest});
        count = 0;
        return {};
    }

    Result<void> add(const record::Record& r, const std::string& json, const fs::path& folder) {
        Bytes portrait;
        if (!r.portrait.empty()) {
            auto bytes = read_file(folder / r.portrait, record::largest_portrait_file);
            if (!bytes) return fail(std::move(bytes.error()).inside(r.id));
            portrait = std::move(*bytes);
        }
        const auto line = entry_line(json, portrait);
        if (count != 0 && (entries.size() + line.size() > options.most_bytes || count == most_records)) TRY(flush(false));
        entries += line;
        ++count;
        return {};
    }
};

Result<Packer> Packer::create(PackOptions o) {
    auto name = TRY(team_name(o.team));
    TRY(check_time(o.team, o.now));
    TRY(check_time(o.centre, o.now));
    if (!o.team.public_key || !signer::same_key(o.team.public_key->info(), o.key->public_key().info()))
        return fail(Errc::pki_refused, o.team.subject.text(), "key and certificate do not belong together");
    // All that can fail later, once on nothing.
    signer::KeySigner signer(o.team, *o.key);
    TRY(sign_and_seal(Bytes(1), signer, o.centre, o.now, system_rng()));
    auto impl = std::make_unique<Impl>(std::move(o), std::move(name));
    TRY(check_free(impl->options.out));
    TRY(check_free(impl->numbered(1)));
    return Packer(std::move(impl));
}

Packer::Packer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Packer::Packer(Packer&&) noexcept = default;
Packer::~Packer() = default;
const record::Totals& Packer::totals() const { return impl_->intake.totals(); }

Result<void> Packer::add(record::Source& source, const std::string& file,
                         const std::function<Result<void>(const record::Checked&)>& report) {
    const auto folder = file == "-" ? fs::path(".") : fs::path(file).parent_path();
    Keeping keeping(source, impl_->options.intake.settings.card);
    return impl_->intake.run(keeping, file, [&](const record::Checked& checked) -> Result<void> {
        const auto json = keeping.take();
        if (checked.record) TRY(impl_->add(*checked.record, json, folder));
        return report(checked);
    });
}

Result<std::vector<MadeBundle>> Packer::finish() {
    if (impl_->count != 0) TRY(impl_->flush(true));
    return std::move(impl_->made);
}

}  // namespace idchip::bundle
