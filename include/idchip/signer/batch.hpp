// Many documents signed ahead of need. What has been signed is on disk before it counts, so that a batch that was cut off goes on where it
// stopped: no document twice, no signature lost.
#pragma once

#include <functional>
#include <map>
#include <unordered_set>

#include <idchip/signer/document_signer.hpp>
#include <idchip/signer/sod.hpp>

namespace idchip::signer {

struct BatchItem {
    std::string id;             // of the document, once in a batch
    std::string document_type;  // as in the zone: "ID"; empty: any
    lds::LdsSecurityObject object;
};
// {"id": "...", "type": "ID", "hash": "SHA-256", "lds": "1.7", "hashes": {"1": "hex", "2": "hex"}}, or with
// "files": {"DG1": "base64", ...} in place of the hashes. Errors: input.bad_json, input.bad_field, crypto.unsupported.
Result<BatchItem> parse_batch_item(std::string_view json);

// The result, one line a document: {"id", "signer", "lot", "sod"}. Opened again it goes on; a last line that was cut off is dropped.
class BatchOutput {
public:
    // Errors: io.*, input.bad_json (with the line).
    static Result<BatchOutput> open(const std::filesystem::path& file);
    BatchOutput(BatchOutput&& other) noexcept;
    BatchOutput& operator=(BatchOutput&&) = delete;
    ~BatchOutput();

    bool has(const std::string& id) const { return ids_.contains(id); }
    std::size_t size() const { return ids_.size(); }
    // Documents of a lot that are on disk.
    std::uint64_t count_of(const std::string& lot) const;
    struct Line {
        std::string id;
        Bytes sod;
    };
    // On disk when it returns. Nothing of it is kept where an error is told. Errors: io.*.
    Result<void> append(const std::string& signer, const std::string& lot, const std::vector<Line>& lines);

private:
    BatchOutput(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
    Result<void> read_back();
    std::filesystem::path file_;
    int fd_;
    std::unordered_set<std::string> ids_;
    std::map<std::string, std::uint64_t> lots_;
};

struct BatchOptions {
    unsigned threads = 1;
    std::uint64_t lot = 512;              // documents between two writes
    Instant now;                          // binds the signers' periods
    std::optional<Instant> signing_time;  // that is stated; default: now. The periods bind it, too
    std::string job;                      // names the batch in the signers' counts: the output's path
    std::function<void(std::uint64_t done)> progress;
};
struct BatchResult {
    std::uint64_t signed_now = 0, found_signed = 0;
};
// `next` gives documents until it gives none. Errors: of `next`, signer.*, token.*, io.*: what was signed before is in `output`, and counted.
Result<BatchResult> sign_batch(const std::function<Result<std::optional<BatchItem>>()>& next, Rotation& signers, BatchOutput& output,
                               const BatchOptions& options);

}  // namespace idchip::signer
