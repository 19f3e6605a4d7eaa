#!/usr/bin/env bash
# A card torn out in the middle: a clear error with the chip's state, and the same card can be finished.
. "$(dirname "$0")/../lib.sh"
inside_virtual_reader

"$IDCHIP" sample --count 1 --seed 5 --out people >/dev/null
"$IDCHIP" pki init --out pki >/dev/null
for after in 0.01 0.05 0.1; do
    rm -f chip.json
    insert_card chip.json
    ( sleep $after; kill "$card" ) &
    code=0
    "$IDCHIP" personalize people/records.jsonl --reader "$READER" --pki pki >"$work/out" 2>"$work/err" || code=$?
    remove_card
    if [ $code != 0 ]; then
        [ $code = 5 ] || die "exit code $code after the card was torn out"
        err_has "the chip is"
    fi
    insert_card chip.json
    expect 0 "$IDCHIP" personalize people/records.jsonl --reader "$READER" --pki pki --resume
    # shellcheck disable=SC2046
    expect 1 "$IDCHIP" verify --reader "$READER" $(key_of S5-000000) --trust pki/trust
    remove_card
done
echo "torn: ok"
