// Errors are values: every function that can fail returns Result<T>.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace idchip {

// When the same thing may be tried again.
enum class Retry { never, same_session, new_session, other_reader, operator_decides };

// What the failed call may have done to the chip. `unknown` forces re-identification and read back.
enum class ChipEffect { none, unknown, done };

enum class Errc : std::uint16_t {
#define IDCHIP_ERROR(id, name, cause, remedy, exit_code, retry, effect) id,
#include <idchip/base/errors.def>
#undef IDCHIP_ERROR
};

struct ErrorInfo {
    std::string_view name;    // stable, "room.what": scripts and vectors match on it
    std::string_view cause;   // one clause for a person
    std::string_view remedy;  // what to do now
    int exit_code;
    Retry retry;
    ChipEffect chip_effect;
};

const ErrorInfo& info(Errc code);
std::optional<Errc> errc_by_name(std::string_view name);
std::size_t errc_count();

// Never put a secret or a person's data into `where` or `detail`: errors are printed and logged.
struct Error {
    Errc code;
    std::string where;                  // file, tag path, reader or record: "EF.SOD/77/30"
    std::string detail;                 // what exactly: numbers, names of things
    std::optional<std::size_t> offset;  // byte offset in the input, where there is one
    std::optional<std::uint16_t> sw;    // status word of the chip, where one caused it

    Error(Errc c, std::string w = {}, std::string d = {}) : code(c), where(std::move(w)), detail(std::move(d)) {}
    Error&& at(std::size_t o) && {
        offset = o;
        return std::move(*this);
    }
    Error&& with_sw(std::uint16_t s) && {
        sw = s;
        return std::move(*this);
    }
    // Puts an outer place in front of `where`.
    Error&& inside(std::string_view outer) &&;
    std::string_view name() const { return info(code).name; }
    // One line: where: cause (detail, offset, SW); remedy.
    std::string message() const;
};

template <class T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;

inline Failure fail(Errc code, std::string where = {}, std::string detail = {}) {
    return Failure(Error(code, std::move(where), std::move(detail)));
}
inline Failure fail(Error error) { return Failure(std::move(error)); }

}  // namespace idchip
