// The text of a bundle: a manifest, then one line of JSON for each record.
#pragma once

#include <idchip/bundle/bundle.hpp>
#include <idchip/record/source.hpp>

namespace idchip::bundle {

// One record with its line end. An empty portrait stands for none.
std::string entry_line(const std::string& record_json, ByteView portrait);
// `entries` are `manifest.count` lines.
Bytes write_content(const Manifest& manifest, std::string_view entries);
bool is_team_name(std::string_view name);

struct Entry {
    record::RawRecord record;     // its line is that of the bundle; the portrait's path is the team's, and means nothing here
    Bytes portrait;               // empty: none
    std::string portrait_digest;  // SHA-256, hexadecimal; empty: no portrait
};

class Content {
public:
    // Every line is looked at, so that `entry` cannot fail any more. Errors: bundle.bad, bundle.altered.
    static Result<Content> parse(Bytes bytes);

    const Manifest& manifest() const { return manifest_; }
    const std::string& digest() const { return digest_; }  // SHA-256 of all of it
    std::size_t size() const { return lines_.size(); }
    Result<Entry> entry(std::size_t i) const;

private:
    Bytes bytes_;
    Manifest manifest_;
    std::string digest_;
    std::vector<std::string_view> lines_;  // into bytes_
};

}  // namespace idchip::bundle
