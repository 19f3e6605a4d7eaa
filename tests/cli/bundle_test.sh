#!/usr/bin/env bash
# record pack and merge: two teams without a network, a centre, lost and doubled bundles, tampering, correction lists.
. "$(dirname "$0")/../lib.sh"
need openssl python3

certify() { # certify NAME FILE [OPTIONS]: a key and a self-signed certificate
    local name=$1 file=$2
    shift 2
    openssl req -x509 -nodes -days 30 -subj "/C=VN/O=SPECIMEN/CN=$name" -keyout "$file.pem" -out "$file.crt" "$@" 2>/dev/null || die "openssl req"
}
ec=(-newkey ec -pkeyopt ec_paramgen_curve:P-256)
mkdir teams
certify Centre centre -newkey rsa:3072
certify north teams/north "${ec[@]}"
certify south teams/south "${ec[@]}"
certify stranger stranger "${ec[@]}"
mv teams/*.pem .

expect 0 "$IDCHIP" sample --count 14 --seed 7 --out people
pack() { # pack TEAM OUT RECORDS
    local folder=teams
    [ "$1" = stranger ] && folder=.
    "$IDCHIP" record pack "$3" --team "$1" --key "$1.pem" --certificate "$folder/$1.crt" --to centre.crt --out "$2" "${@:4}"
}
merge() { "$IDCHIP" record merge --store store --certificate centre.crt --key centre.pem --teams teams --corrections-dir back "$@"; }
records_in_store() { wc -l < store/records.jsonl; }

# --- in the villages: north has a record with an error; one record was taken by both teams
{ sed -n 1,5p people/records.jsonl; sed -n 6p people/records.jsonl | sed 's/"birth_date":"[^"]*",//'; } > people/north.jsonl
sed -n 5,9p people/records.jsonl > people/south.jsonl
expect 65 pack north north1.idb people/north.jsonl --corrections north1.csv
out_has "S7-000005 (line 6): birth_date: missing"
out_has "north1.idb: bundle 1 of north, 5 records"
out_has "6 records: 5 packed, 1 with errors stay here"
grep -q "record.missing" north1.csv || die "the team's own correction list"
expect 0 pack south south1.idb people/south.jsonl --json
tail -n 1 "$work/out" | python3 -c 'import json,sys; s = json.load(sys.stdin)["summary"]; assert s["packed"] == 5 and s["bundles"][0]["team"] == "south", s' || die "the JSON of pack"
[ "$(cat teams/south.bundles)" = 1 ] || die "the count of the team's bundles"
for value in "$(field S7-000002 personal_number)" "$(field S7-000002 surname)" "$(field S7-000002 father)"; do
    ! grep -qF "$value" north1.idb || die "a value stands in the bundle in the clear"
done
expect 74 pack north north1.idb people/north.jsonl
err_has "exists already"
for wrong in "--team south --key north.pem" "--team north --key south.pem"; do
    # shellcheck disable=SC2086
    expect 40 "$IDCHIP" record pack people/north.jsonl $wrong --certificate teams/north.crt --to centre.crt --out other.idb
    one_error_line
done
expect 66 pack north other.idb none.jsonl
expect 64 "$IDCHIP" record pack people/north.jsonl --out other.idb
[ ! -e other.idb ] || die "a bundle was made of nothing"
# A second correction of the same day, from standard input; nothing of the portraits but their files is read.
(cd people && sed -n 10p records.jsonl | "$IDCHIP" record pack - --key ../north.pem --certificate ../teams/north.crt --to ../centre.crt \
    --out ../north2.idb >"$work/out" 2>"$work/err") || die "records from standard input"

# --- at the centre: out of order, doubled, in two runs
expect 0 merge north2.idb
out_has "north2.idb: bundle 2 of north"
out_has "north: bundle 1 has not come"
expect 0 merge south1.idb north1.idb south1.idb
out_has "5 taken, 0 known before, 0 refused"
out_has "4 taken, 1 known before, 0 refused"
out_has ", merged before: 5 taken"
out_has "3 bundles, 0 refused; 9 records taken, 10 in the store"
[ "$(records_in_store)" = 10 ] || die "$(records_in_store) records in the store"
[ "$(find store/portraits -type f | wc -l)" = 10 ] || die "portraits"
cp store/records.jsonl before.jsonl
expect 0 merge north1.idb south1.idb north2.idb --json
cmp -s store/records.jsonl before.jsonl || die "bundles that came again changed the store"
tail -n 1 "$work/out" | python3 -c 'import json,sys; s = json.load(sys.stdin)["summary"]; assert s["taken"] == 0 and s["records"] == 10 and s["missing"] == [], s' || die "the JSON of merge"
expect 0 "$IDCHIP" record check store/records.jsonl
out_has "10 records: 10 ready, 0 with errors"

# --- a record that says something else, and a number under another name
{
    sed -n 1p people/records.jsonl | sed 's/"religion":"[^"]*"/"religion":"Phật giáo"/; s/"father":"[^"]*"/"father":"Trần Văn Khác"/'
    sed -n 2p people/records.jsonl | sed 's/"record":"[^"]*"/"record":"again"/'
    sed -n 11p people/records.jsonl
} > people/changed.jsonl
expect 0 pack south south2.idb people/changed.jsonl
expect 65 merge south2.idb
out_has "S7-000000 (line 2): record: a record of this name with other content has been merged already (line 2 of bundle "
out_has "again (line 3): personal_number: another record has this number (line 3 of bundle "
out_has "1 taken, 0 known before, 2 refused"
python3 - <<'EOF' || die "the correction list of the bundle"
import csv, glob
with open(glob.glob('back/south-2-*.csv')[0], encoding='utf-8-sig', newline='') as f:
    rows = list(csv.DictReader(f))
codes = {(r['record'], r['code']) for r in rows}
assert ('S7-000000', 'record.merged_otherwise') in codes and ('again', 'record.duplicate_number') in codes, codes
assert {r['team'] for r in rows} == {'south'} and {r['number'] for r in rows} == {'2'}, rows
EOF
[ "$(ls back | wc -l)" = 1 ] || die "a list for a bundle of which nothing was refused"
cp back/south-2-*.csv morning.csv
cp store/records.jsonl before.jsonl

# --- what is refused whole: strangers, other recipients, altered and cut files; the others are taken all the same
expect 0 pack stranger stranger.idb people/south.jsonl
expect 40 merge stranger.idb
err_has "stranger.idb/bundle: no team that is known has signed it"
one_error_line
head -c 3000 north1.idb > cut.idb
expect 65 merge cut.idb
python3 - <<'EOF'
b = bytearray(open('north1.idb', 'rb').read())
b[len(b) // 2] ^= 1
open('bent.idb', 'wb').write(b)
EOF
expect 50 merge bent.idb
expect 40 "$IDCHIP" record merge north1.idb --store store --certificate stranger.crt --key stranger.pem --teams teams
expect 66 merge none.idb
expect 66 "$IDCHIP" record merge north1.idb --store store --certificate centre.crt --key centre.pem --teams people
cmp -s store/records.jsonl before.jsonl || die "something was taken from a bundle that was refused"
sed -n 12p people/records.jsonl > people/last.jsonl
expect 0 pack north north3.idb people/last.jsonl
expect 50 merge bent.idb north3.idb stranger.idb
one_error_line 2
out_has "3 bundles, 2 refused; 1 records taken, 12 in the store"
for file in "$work/out" "$work/err" back/*.csv store/merged.jsonl; do
    ! grep -qF "$(field S7-000001 personal_number)" "$file" || die "a personal number stands in $file"
done

# --- a crash between records and journal, a torn line of the journal
cp -r store crashed
tail -n 1 before.jsonl >> store/records.jsonl
printf '{"bundle":"half' >> store/merged.jsonl
expect 0 merge north3.idb
out_has "they were cut off"
for file in records.jsonl merged.jsonl; do cmp -s "store/$file" "crashed/$file" || die "$file was not mended"; done
rm crashed/merged.jsonl
expect 74 "$IDCHIP" record merge north3.idb --store crashed --certificate centre.crt --key centre.pem --teams teams

# --- encrypted keys
openssl pkcs8 -topk8 -in centre.pem -out locked.pem -passout pass:secret 2>/dev/null
echo secret > pass
locked() { "$IDCHIP" record merge north3.idb --store store --certificate centre.crt --key locked.pem --teams teams "$@"; }
expect 0 locked --passphrase-file pass
IDCHIP_KEY_PASSPHRASE=secret expect 0 locked
expect 40 locked

# --- the layers are what the standard says: openssl opens them
openssl cms -decrypt -binary -inform DER -in north3.idb -recip centre.crt -inkey centre.pem -out signed.der 2>"$work/err" || die "openssl cms -decrypt"
openssl cms -verify -binary -inform DER -in signed.der -CAfile teams/north.crt -purpose any -out text.jsonl 2>"$work/err" || die "openssl cms -verify"
[ "$(wc -l < text.jsonl)" = 2 ] || die "the text of the bundle"
head -n 1 text.jsonl | python3 -c 'import json,sys; m = json.load(sys.stdin); assert m["schema"] == 1 and m["team"] == "north" and m["number"] == 3 and m["count"] == 1, m' || die "the manifest"

# --- in the afternoon another bundle of the team comes: the list of the morning stays
sed -n 13p people/records.jsonl > people/afternoon.jsonl
expect 0 pack south south3.idb people/afternoon.jsonl
expect 0 merge south3.idb
cmp -s morning.csv back/south-2-*.csv || die "the list of an earlier bundle was lost"
sed -n 1p people/records.jsonl | sed 's/"father":"[^"]*"/"father":"Trần Văn Khác"/' > people/again.jsonl
expect 0 pack south south4.idb people/again.jsonl
expect 65 merge south4.idb
cmp -s morning.csv back/south-2-*.csv || die "the list of an earlier bundle was lost"
grep -q "record.merged_otherwise" back/south-4-*.csv || die "the list of the second bundle"
# The same bundle number twice, because the count was lost: two lists.
echo 3 > teams/south.bundles
sed -n 2p people/records.jsonl | sed 's/"father":"[^"]*"/"father":"Trần Văn Khác"/' > people/again.jsonl
expect 0 pack south south4b.idb people/again.jsonl
expect 65 merge south4b.idb
out_has "another bundle of south has number 4"
[ "$(ls back/south-4-*.csv | wc -l)" = 2 ] || die "two bundles of one number share a list"

# --- packed with --card, it says so itself; refused for an option of the centre, it is taken when the bundle comes again
sed -n 14p people/records.jsonl | sed 's/"card":"[^"]*",//; s/"document_number":"[^"]*",//' > people/plain.jsonl
expect 65 pack north plain.idb people/plain.jsonl
expect 0 pack north north4.idb people/plain.jsonl --card vn-cccd-2021
expect 65 merge north4.idb --most-portrait-bytes 100
grep -q "record.portrait_large" back/north-4-*.csv || die "the list of the refused portrait"
expect 0 merge north4.idb
out_has "1 taken, 0 known before, 0 refused"
[ "$(wc -l < "$(echo back/north-4-*.csv)")" = 1 ] || die "what is taken by now is still in the list"
tail -n 1 store/records.jsonl | grep -q '"card":"vn-cccd-2021"' || die "the card that the record was checked as"
expect 0 merge north4.idb
out_has ", merged before: 1 taken"
echo "bundle: ok"
