#!/usr/bin/env bash
# Every switch of every verb's --help stands in the man page, and the README names every verb.
. "$(dirname "$0")/../lib.sh"
page=$IDCHIP_SOURCE/docs/man/idchip.1.scd
for verb in sample "pki init" "pki csca" "pki link" "pki ds" "pki crl" "pki masterlist" "pki deviations" "pki lint" "keys list" "keys make" "keys pool" "keys check" \
    "release request" "release sign" "release show" "sod sign" "sod verify" "trust import" "trust list" "trust diff" "trust why" "trust coverage" readers sim "record check" "record pack" "record merge" qr "card probe" "card dump" "card reset-sim" apdu "profile list" "profile show" "profile lint" personalize "perso script" "perso run" "line run" "line resume" "ledger import" "ledger stock" \
    "ledger status" "ledger find" "ledger reject" "ledger requeue" "ledger reprint" "ledger give-up" "ledger reconcile" "ledger export" "ledger checkpoint" \
    "ledger verify" "report progress" verify judge show "cvc create" "cvc show" "cvc verify" "vectors run"; do
    # shellcheck disable=SC2086
    expect 0 "$IDCHIP" $verb --help
    for switch in $(grep -oE '^ +(-[a-z],)?--[a-z0-9-]+' "$work/out" | grep -oE '\-\-[a-z0-9-]+' | grep -v -e '--help'); do
        grep -qF -- "*$switch*" "$page" || die "the man page lacks $switch of $verb"
    done
    grep -qF "## $verb" "$page" || die "the man page lacks $verb"
    grep -qF "| \`$verb\`" "$IDCHIP_SOURCE/README.md" || die "the README lacks $verb"
done
expect 0 "$IDCHIP" --help
for verb in $(sed -n '/^Subcommands:/,/^$/p' "$work/out" | awk '/^  [a-z]/ {print $1}'); do
    grep -qE "^\| \`$verb" "$IDCHIP_SOURCE/README.md" || die "the README lacks $verb"
done
if command -v scdoc >/dev/null; then scdoc < "$page" > "$work/page" || die "scdoc refuses the man page"; fi
echo "man page: ok"
