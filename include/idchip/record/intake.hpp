// The intake check over whole files: each record by itself, its portrait, and the records against each other.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include <idchip/record/source.hpp>

namespace idchip::record {

// What a portrait must be. Bytes are those of the file, which go into DG2 as they are.
struct PortraitRules {
    std::size_t least_bytes = 3'000, most_bytes = 32'000;
    std::uint32_t least_width = 240, least_height = 320;
    double ratio = 0.75, ratio_tolerance = 0.03;  // width / height
};

// What the duplicate search remembers of a portrait.
struct PortraitMarks {
    std::uint64_t digest = 0;                              // of the file's bytes
    std::uint64_t dhash = 0;                               // of the picture: where it grows lighter and darker
    float luminance = 0, contrast = 0, colourfulness = 0;  // of the picture, as codec::facts has them
};
struct PortraitCheck {
    Problems problems;
    std::optional<PortraitMarks> marks;  // there when the picture could be decoded
    std::optional<Error> failure;        // why it could not; codec.unavailable says nothing about the picture
};
// Pixels are decoded in the sandboxed child.
PortraitCheck check_portrait(const std::filesystem::path& file, const PortraitRules& rules);
PortraitCheck check_portrait(ByteView file_content, const PortraitRules& rules);
constexpr std::size_t largest_portrait_file = 16U << 20U;

struct IntakeOptions {
    Settings settings;
    PortraitRules portrait_rules;
    bool portraits = true;
    bool digests = false;
    unsigned threads = 1;  // that check portraits
};

struct Count {
    std::uint64_t records = 0, with_errors = 0, with_warnings = 0;  // a record with both counts as one with errors
    Count& operator+=(const Count& other);
};
struct Totals {
    Count all;
    std::map<std::string, std::uint64_t> by_code;
    std::array<std::uint64_t, 4> by_quality{};            // problems, in the order of Quality
    std::map<std::array<std::string, 3>, Count> by_unit;  // province, district, commune
};

// Memory: some hundred bytes a record for the duplicate search and the units met, nothing else grows.
class Intake {
public:
    explicit Intake(IntakeOptions options);
    Intake(const Intake&) = delete;
    Intake& operator=(const Intake&) = delete;
    ~Intake();

    // `file` names the source in messages; portraits are looked for beside it. `report` gets every record in the order of the
    // file. May be called for several files; duplicates are found across them. Errors: as Source::next, and those of `report`.
    Result<void> run(Source& source, const std::string& file, const std::function<Result<void>(const Checked&)>& report);
    const Totals& totals() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace idchip::record
