#!/usr/bin/env bash
# All tests: unit and flow tests, vectors, scripts (command line, PC/SC, consumer), fuzz seeds and a few seconds of fuzzing; the
# unit tests under sanitizers too. Prints what was counted; the last line is "N passed, N failed, N skipped". With IDCHIP_NO_SKIP
# a skip is a failure.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0
notes=()

say() { printf '\033[1m== %s\033[0m\n' "$*"; }

# count NAME STATUS: 0 passed, 77 skipped, else failed
count() {
    case $2 in
        0) passed=$((passed + 1)) ;;
        77) skipped=$((skipped + 1)); notes+=("SKIPPED $1") ;;
        *) failed=$((failed + 1)); notes+=("FAILED  $1") ;;
    esac
}

build() { # build PRESET [CMAKE OPTION...]
    say "build $1"
    local log
    log=$(mktemp)
    cmake --preset "$@" >"$log" 2>&1 && cmake --build --preset "$1" >>"$log" 2>&1
    local code=$?
    [ $code = 0 ] || tail -n 60 "$log"
    rm -f "$log"
    count "build $1" $code
    return $code
}

# ctest NAME...: every ctest test is one; its own counts are printed by it
run_ctest() {
    local preset=$1 log
    shift
    say "tests ($preset)"
    log=$(mktemp)
    ctest --test-dir "build/$preset" --output-on-failure "$@" | tee "$log"
    while read -r line; do
        case $line in
            *" Passed "*) passed=$((passed + 1)) ;;
            *"***Skipped"*) skipped=$((skipped + 1)); notes+=("SKIPPED $(echo "$line" | sed 's/.*: //; s/ \.\..*//')") ;;
            *"***"*) failed=$((failed + 1)); notes+=("FAILED  $line") ;;
        esac
    done < <(grep -E '^ *[0-9]+/[0-9]+ Test' "$log")
    rm -f "$log"
    grep -hE '^(All tests passed|test cases:|assertions:)' "build/$preset/Testing/Temporary/LastTest.log"
}

start=$SECONDS
# `./run demo` leaves the tests out of the same folder.
if build release -DIDCHIP_DEVELOPER=ON -DIDCHIP_TESTS=ON; then
    run_ctest release -LE matrix
    run_ctest release -L matrix -j "$(nproc)"
    say "vectors, counted"
    ./build/release/idchip vectors run test-vectors | tail -n 1 | sed 's/^/vectors: /'
fi
# One build with clang for both: the unit tests under sanitizers, and the fuzz targets. IDCHIP_SANITIZERS=0 leaves it out while one works.
if [ "${IDCHIP_SANITIZERS:-1}" = 0 ]; then
    count "sanitizers and fuzzing (IDCHIP_SANITIZERS=0)" 77
elif ! command -v clang++ >/dev/null; then
    count "sanitizers and fuzzing (clang is not installed)" 77
elif build fuzz; then
    say "unit tests and vectors under AddressSanitizer and UndefinedBehaviorSanitizer"
    log=$(mktemp)
    ./build/fuzz/tests/idchip_tests >"$log" 2>&1
    code=$?
    # What a sanitizer found stands first in its report; a test that failed, anywhere.
    [ $code = 0 ] || grep -m 3 -E -A 25 'ERROR: |runtime error: |FAILED:' "$log"
    tail -n 3 "$log"
    rm -f "$log"
    count "unit tests under sanitizers" $code
    say "fuzz seeds and a few seconds each"
    bash fuzz/replay.sh "${IDCHIP_FUZZ_SECONDS:-2}" build/fuzz
    count "fuzz" $?
fi

printf '\n'
[ ${#notes[@]} = 0 ] || printf '%s\n' "${notes[@]}"
printf 'total time: %s s\n' $((SECONDS - start))
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ] || exit 1
[ "$skipped" = 0 ] || [ -z "${IDCHIP_NO_SKIP:-}" ] || { echo "skipped tests are not allowed here"; exit 1; }
