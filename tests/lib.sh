# For test scripts: a private folder, `expect` for exit codes, `contains` for texts. Source it first.
set -euo pipefail
: "${IDCHIP:?the tests set IDCHIP to the program under test}"
: "${IDCHIP_SOURCE:?}"
script=$(realpath "$0")
work=$(mktemp -d)
pids=()

cleanup() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
cd "$work"

die() { echo "FAILED: $*" >&2; echo "--- stdout" >&2; cat "$work/out" >&2 || true; echo "--- stderr" >&2; cat "$work/err" >&2 || true; exit 1; }
skip() { echo "SKIPPED: $*"; exit 77; }
need() { local tool; for tool in "$@"; do command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin; command -v "$tool" >/dev/null || skip "$tool is not installed"; done; }

# expect CODE COMMAND...: stdout in $work/out, stderr in $work/err
expect() {
    local want=$1 code=0
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
    [ "$code" = "$want" ] || die "exit code $code instead of $want: $*"
}
out_has() { grep -qF -- "$1" "$work/out" || die "standard output lacks: $1"; }
err_has() { grep -qF -- "$1" "$work/err" || die "standard error lacks: $1"; }
# One line, that says where and what to do.
one_error_line() { [ "$(grep -c '^idchip: ' "$work/err")" = "${1:-1}" ] || die "not ${1:-1} error lines"; }

field() { # field RECORD NAME: a field of people/records.jsonl, as text
    grep -F "\"record\":\"$1\"" people/records.jsonl | sed -n "s/.*\"$2\":\"\\([^\"]*\\)\".*/\\1/p"
}
yymmdd() { echo "${1:2:2}${1:5:2}${1:8:2}"; }
# The access key of a record as options of `verify`.
key_of() {
    local expiry
    expiry=$(field "$1" expiry_date)
    echo "--number $(field "$1" document_number) --birth $(yymmdd "$(field "$1" birth_date)") --expiry $(yymmdd "${expiry:-1999-12-31}")"
}

# In a script that uses a virtual reader: run it again inside one.
inside_virtual_reader() {
    [ -n "${VPCD:-}" ] && return
    need pcscd unshare
    local code=0
    bash "$IDCHIP_SOURCE/tools/with-virtual-reader" bash "$script" || code=$?
    exit $code
}
insert_card() { # insert_card STATE [ADDRESS]: the simulated card goes into the reader
    "$IDCHIP" sim --connect "${2:-$VPCD}" --state "$1" >/dev/null &
    card=$!
    pids+=("$card")
    for _ in $(seq 100); do "$IDCHIP" readers | grep -q "^$READER: card" && return; sleep 0.05; done
    die "the card did not appear in the reader"
}
remove_card() {
    kill "$card" 2>/dev/null || true
    wait "$card" 2>/dev/null || true
    for _ in $(seq 100); do
        # vpcd: a slot that is filled again as soon as it reads empty may stay empty for good.
        "$IDCHIP" readers | grep -q "^$READER: empty" && { sleep 1; return; }
        sleep 0.05
    done
    die "the card did not leave the reader"
}
