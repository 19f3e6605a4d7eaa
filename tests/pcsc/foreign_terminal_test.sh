#!/usr/bin/env bash
# A terminal that is not ours (Debian's libmrtd) opens and reads the chip that we personalized, and gets the same bytes.
. "$(dirname "$0")/../lib.sh"
reader_program=${IDCHIP_BUILD:-}/tests/mrtd_reader
[ -x "$reader_program" ] || skip "libmrtd-dev is not installed"
inside_virtual_reader

"$IDCHIP" sample --count 1 --seed 9 --out people >/dev/null
"$IDCHIP" pki init --out pki >/dev/null
insert_card chip.json
expect 0 "$IDCHIP" personalize people/records.jsonl --reader "$READER" --pki pki
# shellcheck disable=SC2046
expect 1 "$IDCHIP" verify --reader "$READER" $(key_of S9-000000) --trust pki/trust --dump ours --json
# MRZ information out of the zone: document number, birth, expiry, each with its check digit (Doc 9303-11, 4.3.2).
line1=$(sed -n 's/.*"\(ID[A-Z0-9<]\{28\}\)".*/\1/p' "$work/out")
line2=$(sed -n 's/.*"\([0-9]\{7\}[MF<][A-Z0-9<]\{22\}\)".*/\1/p' "$work/out")
mkdir theirs
expect 0 timeout 60 "$reader_program" "$READER" "${line1:5:10}${line2:0:7}${line2:8:7}" theirs
for file in EF_COM DG1 DG2 EF_SOD; do
    cmp "ours/$file.bin" "theirs/$file.bin" || die "$file differs"
done
# With another key it gets in nowhere.
expect 1 timeout 60 "$reader_program" "$READER" "999999999${line1:14:1}${line2:0:7}${line2:8:7}" theirs
echo "foreign terminal: ok"
