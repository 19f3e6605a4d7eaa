#!/usr/bin/env bash
# record check, qr and show on real files: counts, exit codes, and a correction list that another program reads.
. "$(dirname "$0")/../lib.sh"
need python3

expect 0 "$IDCHIP" sample --count 30 --seed 7 --out people
records=people/records.jsonl
expect 0 "$IDCHIP" record check $records --summary-by province
out_has "30 records: 30 ready, 0 with errors"

# --- problems: one record without a birth date, one number twice, one portrait gone, one line that is no JSON
{
    sed -n 1p $records | sed 's/"birth_date":"[^"]*",//'
    sed -n 2,4p $records
    sed -n 4p $records | sed 's/"record":"[^"]*"/"record":"again"/'
    echo '{"record": '
    sed -n 6,30p $records
} > people/bad.jsonl
rm people/portraits/S7-000001.jpg
expect 65 "$IDCHIP" record check people/bad.jsonl --corrections list.csv --summary-by district
out_has "S7-000000 (line 1): birth_date: missing; fill it in [record.missing]"
out_has "again (line 5): personal_number: another record has this number (line 4)"
out_has "S7-000001 (line 2): portrait: no such file"
out_has "line 6 (line 6): the line cannot be read as a record"
out_has "31 records: 27 ready, 4 with errors"
python3 - <<'EOF' || die "the correction list is not what a spreadsheet reads"
import csv
with open('list.csv', encoding='utf-8-sig', newline='') as f:
    rows = list(csv.DictReader(f))
codes = [(r['record'], r['field'], r['code']) for r in rows if r['severity'] == 'error']
assert ('S7-000000', 'birth_date', 'record.missing') in codes, codes
assert ('again', 'personal_number', 'record.duplicate_number') in codes
assert any(any(ord(c) > 0x1E00 for c in r['province'] + r['district'] + r['commune']) for r in rows), 'no diacritics came through'
assert open('list.csv', 'rb').read(3) == b'\xef\xbb\xbf'
EOF
expect 65 "$IDCHIP" record check people/bad.jsonl --json
tail -n 1 "$work/out" | python3 -c 'import json,sys; s = json.load(sys.stdin)["summary"]; assert s["records"] == 31 and s["with_errors"] == 4, s' || die "the JSON summary"
# Values of a record never stand in the list.
! grep -qF "$(field S7-000003 personal_number)" list.csv || die "a personal number stands in the correction list"

# --- the same as CSV, made by another program
python3 - <<'EOF'
import csv, json
rows = [json.loads(l) for l in open('people/records.jsonl')]
for r in rows:
    if r['expiry_date'] is None: r['expiry_date'] = 'none'
with open('people/records.csv', 'w', newline='', encoding='utf-8-sig') as f:
    w = csv.DictWriter(f, rows[0].keys(), delimiter=';')
    w.writeheader()
    w.writerows(rows)
EOF
expect 0 "$IDCHIP" record check people/records.csv --no-portraits
out_has "30 records: 30 ready"
"$IDCHIP" record check - --no-portraits < $records >"$work/out" 2>"$work/err" || die "records from standard input"
out_has "30 records: 30 ready"
expect 66 "$IDCHIP" record check none.jsonl
one_error_line
expect 64 "$IDCHIP" record check $records --card vn-2021
expect 64 "$IDCHIP" record check
expect 74 "$IDCHIP" record check $records --no-portraits --corrections none/list.csv
printf 'name;sex\nx;M\n' > bad.csv
expect 65 "$IDCHIP" record check bad.csv
err_has 'a column "record" is missing'
[ ! -e bad.csv.part ] || die "a half-written file was left"

# --- QR
expect 0 "$IDCHIP" qr $records --only S7-000003 --text
grep -qE '^999[0-9]{9}\|\|.*\|[0-9]{8}\|(Nam|Nữ)\|.*\|[0-9]{8}$' "$work/out" || die "the QR text of 2021"
cp "$work/out" qr.txt
expect 0 "$IDCHIP" qr qr.txt --json --svg qr.svg --pbm qr.pbm
out_has "\"personal_number\": \"$(field S7-000003 personal_number)\""
expect 0 "$IDCHIP" qr $records --only S7-000003 --card vn-cancuoc-2024 --text
grep -qE '\|\|\|\|$' "$work/out" || die "the QR text of 2024"
python3 -c 'import xml.dom.minidom as m; assert m.parse("qr.svg").documentElement.tagName == "svg"' || die "the SVG"
[ "$(head -c 2 qr.pbm)" = P4 ] || die "the PBM"
expect 65 "$IDCHIP" qr $records --only nobody
expect 65 "$IDCHIP" qr $records --card icao-td1 --only S7-000003
echo "no code" > none.txt
expect 65 "$IDCHIP" qr none.txt

# --- show: a folder, offsets, and what is wrong where
mkdir chip
printf '\x60\x14\x5f\x01\x040107\x5f\x36\x06040000\x5c\x02\x61\x75' > chip/EF_COM.bin
printf '\x31\x14\x30\x12\x06\x0a\x04\x00\x7f\x00\x07\x02\x02\x04\x02\x02\x02\x01\x02\x02\x01\x0d' > chip/EF_CardAccess.bin
expect 0 "$IDCHIP" show chip --hex
out_has "id-PACE-ECDH-GM-AES-CBC-CMAC-128"
out_has "13 (brainpoolP256r1)"
out_has "000002  "
printf '\x6b\x05\x5c\x09\x5f\x0e\x00' > chip/DG11.bin
expect 65 "$IDCHIP" show chip --hex
out_has "at byte"
err_has "1 of 3 files cannot be decoded"
expect 65 "$IDCHIP" show chip --json
python3 -c 'import json,sys; f = json.load(open(sys.argv[1]))["files"]; assert [x["file"] for x in f] == ["EF_COM.bin", "DG11.bin", "EF_CardAccess.bin"] and "offset" in f[1]["error"]' "$work/out" || die "the JSON of a folder"
expect 65 "$IDCHIP" show people
expect 0 "$IDCHIP" show chip/EF_CardAccess.bin
echo "record, qr, show: ok"
