#!/usr/bin/env bash
# The main job over pcscd and vpcd: personalize, verify in another process, tamper, resume; and what foreign programs see.
. "$(dirname "$0")/../lib.sh"
inside_virtual_reader

"$IDCHIP" sample --count 3 --seed 7 --out people >/dev/null
"$IDCHIP" pki init --out pki >/dev/null
expect 5 "$IDCHIP" personalize people/records.jsonl --only S7-000000 --reader "No such reader" --pki pki
err_has "no such reader"
err_has "present: Virtual PCD 00 00"
expect 5 "$IDCHIP" personalize people/records.jsonl --only S7-000000 --reader "$READER" --pki pki
err_has "no card in the reader"

insert_card chip.json
expect 0 "$IDCHIP" personalize people/records.jsonl --only S7-000000 --reader "$READER" --pki pki --profile jmrtd-applet
out_has "read back equal, locked, lock proven, ACCEPT*"
# Foreign programs see the card.
if command -v opensc-tool >/dev/null; then
    opensc-tool --reader 0 --atr 2>&1 | grep -q '3b:80:80:01:01' || die "opensc-tool does not see the card"
    opensc-tool --reader 0 -s 00A4040C07A0000002471001 2>&1 | grep -q 'SW1=0x90, SW2=0x00' || die "opensc-tool cannot select the application"
    opensc-tool --reader 0 -s 00A4040C07A0000002471001 -s 00E000000663040010010B 2>&1 | tail -n 1 | grep -q 'SW1=0x69, SW2=0x85' || die "the lock does not hold against opensc-tool"
else
    [ -z "${IDCHIP_NO_SKIP:-}" ] || die "opensc-tool is missing"
fi
if command -v pcsc_scan >/dev/null; then
    timeout 2 pcsc_scan -n >"$work/out" 2>&1 || true
    grep -q "3B 80 80 01 01" "$work/out" || die "pcsc_scan does not see the card"
fi

key=$(key_of S7-000000)
# shellcheck disable=SC2086
{
expect 1 "$IDCHIP" verify --reader "$READER" $key --trust pki/trust --save evidence.json --dump dump
out_has "ACCEPT*"
expect 1 "$IDCHIP" judge evidence.json --trust pki/trust
expect 1 "$IDCHIP" judge dump --trust pki/trust
[ "$(stat -c %a evidence.json)" = 600 ] || die "evidence is readable by others"
# The same verdict without the chip, apart from the time of judging.
"$IDCHIP" verify --reader "$READER" $key --trust pki/trust --json --save again.json > live.json || true
"$IDCHIP" judge again.json --trust pki/trust --json > later.json || true
# A proof that the chip gave to another device is told as that (case E25); everything else is as it was.
without_chip() { python3 -c 'import json, sys
v = json.load(open(sys.argv[1]))
for k in ("judged_at", "overall"): v.pop(k, None)
v["findings"] = [f for f in v["findings"] if not f["id"].startswith("chip.")]
print(json.dumps(v, indent=1))' "$1"; }
diff <(without_chip live.json) <(without_chip later.json) >"$work/out" || die "verdict later differs from verdict live"
sed -n 's/.*"\([A-Z0-9<]\{30\}\)".*/\1/p' live.json > mrz.txt
expect 1 "$IDCHIP" verify --reader "$READER" --mrz mrz.txt --trust pki/trust --all
out_has "the printed zone is the one in DG1"
"$IDCHIP" verify --reader "$READER" --mrz - --trust pki/trust < mrz.txt >/dev/null || [ $? = 1 ] || die "MRZ from standard input"
expect 5 "$IDCHIP" verify --reader "$READER" --number 999999999 --birth 900101 --expiry 300101 --trust pki/trust
err_has "the chip refused the access key"
expect 1 "$IDCHIP" verify --reader "$READER" $key --trust pki/trust --trace
err_has "0CB00000"
! grep -q "$(field S7-000000 document_number)" "$work/err" || die "the trace shows personal data"
}

# A chip that is locked, or another person's.
expect 20 "$IDCHIP" personalize people/records.jsonl --only S7-000000 --reader "$READER" --pki pki
err_has "locked, as it was found"
expect 20 "$IDCHIP" personalize people/records.jsonl --only S7-000001 --reader "$READER" --pki pki --resume
expect 0 "$IDCHIP" personalize people/records.jsonl --only S7-000000 --reader "$READER" --pki pki --resume
out_has "was already written"
remove_card

# One byte of the portrait changed on the chip.
sed -i 's/\(FFD8FFE000104A464946\)/FFD8FFE000104A464947/' chip.json
insert_card chip.json
# shellcheck disable=SC2086
expect 3 "$IDCHIP" verify --reader "$READER" $key --trust pki/trust
out_has "REJECT"
out_has "DG2 was changed after it was signed"
remove_card

# Not trusted here: another country's CSCA.
"$IDCHIP" pki init --out other --country UT --country-code UTO >/dev/null
expect 4 "$IDCHIP" judge evidence.json --trust other/trust
out_has "no CSCA certificate of this country"
echo "flow: ok"
