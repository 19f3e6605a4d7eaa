// Teams, a centre, and bundles between them: good ones through Packer, bad ones through the layers below it.
#pragma once

#include <algorithm>

#include <fmt/format.h>

#include <idchip/bundle/merge.hpp>
#include <idchip/bundle/pack.hpp>
#include <idchip/sample/sample.hpp>

#include "bundle/content.hpp"
#include "bundle/sealed.hpp"
#include "unit/pki/plain_certificate.hpp"

namespace idchip::test {

inline const Instant bundle_now{start_of({2026, 11, 22}).seconds + 12 * 3600};
inline const Date bundle_today = date_of(bundle_now);

inline HolderOptions valid_then(HolderOptions o = {}) {
    o.from = bundle_now + -30 * seconds_per_day;
    o.until = bundle_now + 30 * seconds_per_day;
    return o;
}

// Signs with a holder's key, whatever the library thinks of it.
class PlainSigner final : public pki::ContentSigner {
public:
    explicit PlainSigner(const Holder& holder) : holder_(holder) {}
    const pki::Certificate& certificate() const override { return holder_.certificate; }
    crypto::SignatureAlgorithm algorithm() const override { return signer::default_algorithm(holder_.key->public_key().info()); }
    Result<Bytes> sign(ByteView message) override { return holder_.key->sign(algorithm(), message); }

private:
    const Holder& holder_;
};

// Begins as a JPEG does; no two numbers have the same.
inline Bytes marked_portrait(std::uint64_t number) { return concat({"FFD8FFE000104A464946"_hex, TestRng(number + 1).bytes(60)}); }

inline std::string person_line(std::uint64_t number) {
    return sample::record_json(sample::make_person(5, number, bundle_today), fmt::format("p{}.jpg", number)) + "\n";
}
inline std::string changed(std::string line, std::string_view member, std::string_view value) {
    const auto key = "\"" + std::string(member) + "\":\"";
    const auto at = line.find(key) + key.size();
    return line.replace(at, line.find('"', at) - at, value);
}

// A mobile team: its laptop is a folder.
struct Team {
    Holder holder;
    TempFolder laptop;
    std::uint64_t day = 0;

    explicit Team(std::string_view name, const HolderOptions& options = valid_then()) : holder(make_holder(name, options)) {}

    bundle::PackOptions options(const Holder& centre) {
        bundle::PackOptions o;
        o.intake.settings.today = bundle_today;
        o.intake.portraits = false;
        o.team = holder.certificate;
        o.key = holder.key;
        o.centre = centre.certificate;
        o.out = laptop / fmt::format("day{}.idb", ++day);
        o.count_file = laptop / "count";
        o.now = bundle_now;
        return o;
    }

    // Lines of JSON; portraits p0.jpg to p99.jpg lie beside them.
    std::vector<Bytes> pack(const bundle::PackOptions& o, const std::string& lines) {
        for (std::uint64_t i = 0; i < 100; ++i)
            if (const auto file = laptop / fmt::format("p{}.jpg", i); !std::filesystem::exists(file))
                good(write_file(file, marked_portrait(i)));
        good(write_text(laptop / "records.jsonl", lines));
        auto packer = good(bundle::Packer::create(o));
        const auto file = (laptop / "records.jsonl").string();
        const auto source = good(record::open_records(file));
        good(packer.add(*source, file, [](const record::Checked&) -> Result<void> { return {}; }));
        std::vector<Bytes> bundles;
        for (const auto& made : good(packer.finish())) bundles.push_back(good(read_file(made.file)));
        return bundles;
    }
    Bytes pack(const Holder& centre, const std::string& lines) {
        auto bundles = pack(options(centre), lines);
        REQUIRE(bundles.size() == 1);
        return std::move(bundles[0]);
    }
    Bytes pack(const Holder& centre, std::initializer_list<std::uint64_t> persons) {
        std::string lines;
        for (const auto number : persons) lines += person_line(number);
        return pack(centre, lines);
    }
    // Whatever text, as a bundle.
    Bytes seal_text(const Holder& centre, ByteView content, Instant at = bundle_now) const {
        PlainSigner signer(holder);
        return good(bundle::sign_and_seal(content, signer, centre.certificate, at, system_rng()));
    }
    bundle::Manifest manifest(std::uint64_t count) const {
        return {to_hex(system_rng().bytes(16)), good(bundle::team_name(holder.certificate)), 1, bundle_now, count};
    }
};

struct Centre {
    Holder holder;
    std::vector<pki::Certificate> teams;

    explicit Centre(const std::vector<const Team*>& known, const HolderOptions& options = valid_then())
        : holder(make_holder("Centre", options)) {
        for (const auto* team : known) teams.push_back(team->holder.certificate);
    }
    bundle::MergeOptions options() const {
        bundle::MergeOptions o;
        o.settings.today = bundle_today;
        o.portraits = false;
        o.now = bundle_now;
        return o;
    }
    Result<bundle::MergeReport> merge(bundle::Store& store, ByteView bytes, const bundle::MergeOptions& o) const {
        return store.merge(bytes, holder.certificate, holder.private_key(), teams, o);
    }
    Result<bundle::MergeReport> merge(bundle::Store& store, ByteView bytes) const { return merge(store, bytes, options()); }
    // The store is opened for this one bundle.
    Result<bundle::MergeReport> merge(const std::filesystem::path& folder, ByteView bytes) const {
        auto store = bundle::Store::open(folder);
        if (!store) return fail(store.error());
        return merge(*store, bytes);
    }
};

// Everything that a store holds, in an order of its own.
inline std::vector<std::string> contents_of(const std::filesystem::path& store) {
    std::vector<std::string> all;
    const auto text = good(read_text(store / "records.jsonl"));
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        REQUIRE(end != std::string::npos);
        all.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    for (const auto& entry : std::filesystem::directory_iterator(store / "portraits"))
        all.push_back(entry.path().filename().string() + " " +
                      to_hex(crypto::hash(crypto::HashAlg::sha256, good(read_file(entry.path())))));
    std::sort(all.begin(), all.end());
    return all;
}

inline std::string codes(const bundle::MergeReport& report) {
    std::string text;
    for (const auto& c : report.corrections)
        text += fmt::format("{}{}:{} {} {}", text.empty() ? "" : "; ", c.line, c.record, c.problem.field, c.problem.code);
    return text;
}

}  // namespace idchip::test
