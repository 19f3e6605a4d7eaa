#!/usr/bin/env bash
# Every bad input: one clear line, the documented exit code, nothing half-written.
. "$(dirname "$0")/../lib.sh"

expect 64 "$IDCHIP"
expect 64 "$IDCHIP" verfy
expect 64 "$IDCHIP" verify --trust x
expect 64 "$IDCHIP" verify --trust x --number 1 --birth 900101
expect 64 "$IDCHIP" verify --trust x --mrz a --number 1 --birth 900101 --expiry 300101
expect 0 "$IDCHIP" --help
out_has "Exit codes"
for verb in sample pki readers sim record qr personalize verify judge show cvc vectors; do
    expect 0 "$IDCHIP" $verb --help
done
for verb in sample "pki init" readers sim "record check" qr personalize verify judge show "cvc create" "cvc show" "cvc verify" "vectors run"; do
    expect 0 "$IDCHIP" $verb --help
    out_has "Example"
done

# --- sample and pki do not overwrite
expect 0 "$IDCHIP" sample --count 2 --seed 7 --out people
expect 74 "$IDCHIP" sample --count 2 --seed 7 --out people
one_error_line
expect 0 "$IDCHIP" pki init --out pki
expect 74 "$IDCHIP" pki init --out pki
[ "$(stat -c %a pki/signer/ds.SPECIMEN.key.pem)" = 600 ] || die "the key file is readable by others"

# --- records
first=$(head -n 1 people/records.jsonl)
try() { # try EXPECTED-TEXT RECORD-LINE
    printf '%s\n' "$2" > people/bad.jsonl
    expect 65 "$IDCHIP" personalize people/bad.jsonl --pki pki --dry-run
    err_has "$1"
    err_has "no card was touched"
}
try "S7-000000/surname" "$(echo "$first" | sed 's/"surname":"[^"]*"/"surname":""/')"
try "S7-000000/birth_date" "$(echo "$first" | sed 's/"birth_date":"[^"]*"/"birth_date":"2001-02-30"/')"
try "S7-000000/expiry_date" "$(echo "$first" | sed 's/"expiry_date":"[^"]*"/"expiry_date":"1901-01-01"/')"
try "S7-000000/document_number" "$(echo "$first" | sed 's/"document_number":"[^"]*"/"document_number":"12 34"/')"
try "S7-000000/sex" "$(echo "$first" | sed 's/"sex":"[^"]*"/"sex":"?"/')"
try "S7-000000/residence" "$(echo "$first" | sed 's/"residence":"[^"]*",//')"
try "S7-000000/issuing_state" "$(echo "$first" | sed 's/"issuing_state":"[^"]*",//; s/vn-cccd-2021/icao-td1/')"
try "want one JSON object a line" '{"record": "x", '
try "want an object" '[1,2]'
try "line 1/record: missing" '{}'
try "no such file" "$(echo "$first" | sed 's/"portrait":"[^"]*"/"portrait":"none.jpg"/')"
printf '%s\n' "$first" | sed 's/"surname":"[^"]*"/"surname":"漢字"/' > people/bad.jsonl
expect 65 "$IDCHIP" personalize people/bad.jsonl --pki pki --dry-run
err_has "U+6F22"
printf 'no jpeg' > people/portraits/bad.jpg
try "the image is unreadable" "$(echo "$first" | sed 's/"portrait":"[^"]*"/"portrait":"portraits\/bad.jpg"/')"
head -c 300 people/portraits/S7-000000.jpg > people/portraits/bad.jpg
try "the image is unreadable" "$(echo "$first" | sed 's/"portrait":"[^"]*"/"portrait":"portraits\/bad.jpg"/')"
# A value of the record never stands in a message.
printf '%s\n' "$(echo "$first" | sed 's/"document_number":"[^"]*"/"document_number":"CANARY\&4711"/; s/"surname":"[^"]*"/"surname":"Kanarienvogel☃"/')" > people/bad.jsonl
expect 65 "$IDCHIP" personalize people/bad.jsonl --pki pki --dry-run
! grep -qiE 'canary|kanarien' "$work/err" || die "a value of the record stands in a message"
expect 66 "$IDCHIP" personalize none.jsonl --pki pki --dry-run
one_error_line
expect 65 "$IDCHIP" personalize people/records.jsonl --pki pki --dry-run --only nobody
expect 30 "$IDCHIP" personalize people/records.jsonl --pki pki --dry-run --profile nothing
expect 66 "$IDCHIP" personalize people/records.jsonl --pki nowhere --dry-run
expect 0 "$IDCHIP" personalize people/records.jsonl --pki pki --dry-run
out_has "secret bytes"
number=$(field S7-000000 document_number)
! grep -q "$(printf '%s' "$number" | od -An -tx1 | tr -d ' \n' | tr a-f A-F)" "$work/out" || die "the dry run shows the document number"
(cd people && "$IDCHIP" personalize - --pki ../pki --dry-run < records.jsonl >"$work/out" 2>"$work/err") || die "records from standard input"

# --- a signer that is not marked SPECIMEN is refused
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/C=VN/CN=Real Signer" -addext keyUsage=critical,digitalSignature \
    -keyout real.pem -out real.crt -days 30 2>/dev/null
mkdir -p real/signer real/trust
cp real.crt real/signer/ds.cer; cp real.pem real/signer/ds.SPECIMEN.key.pem; cp pki/trust/* real/trust/
expect 40 "$IDCHIP" personalize people/records.jsonl --pki real --dry-run
err_has SPECIMEN
# Key and certificate of two signers.
expect 0 "$IDCHIP" pki init --out other
cp -r pki mixed; cp other/signer/ds.SPECIMEN.key.pem mixed/signer/
expect 40 "$IDCHIP" personalize people/records.jsonl --pki mixed --dry-run
err_has "do not belong together"

# --- trust folders and evidence
mkdir empty; echo hello > empty/readme.txt; echo rubbish > empty/a.cer
expect 66 "$IDCHIP" judge people --trust empty
err_has "no country signing certificate"
expect 66 "$IDCHIP" judge people --trust nowhere
one_error_line
expect 65 "$IDCHIP" judge empty --trust pki/trust
expect 66 "$IDCHIP" judge none.json --trust pki/trust
echo '{"format": "idchip-evidence", "version": 1}' > short.json
expect 65 "$IDCHIP" judge short.json --trust pki/trust
echo '{{{' > broken.json
expect 65 "$IDCHIP" judge broken.json --trust pki/trust
one_error_line

# --- show
expect 0 "$IDCHIP" show pki/trust/csca.cer
expect 0 "$IDCHIP" show pki/trust/csca.crl --json
printf '\x61\x84\xff\xff\xff\xff' > huge.bin
expect 65 "$IDCHIP" show huge.bin
err_has "at byte 0"
: > nothing.bin
expect 65 "$IDCHIP" show nothing.bin
expect 66 "$IDCHIP" show none.bin
head -c 100000 /dev/zero > zeros.bin
expect 65 "$IDCHIP" show zeros.bin

# --- MRZ
printf 'IDVNM0990000176999099000017<<5\n9905153M3905151VNM<<<<<<<<<<<4\nNGUYEN<<VAN<MAU<<<<<<<<<<<<<<<\n' > good.mrz
sed 's/9905153M/9905154M/' good.mrz > bad.mrz
expect 65 "$IDCHIP" verify --mrz bad.mrz --trust pki/trust
err_has "check digit"
expect 65 "$IDCHIP" verify --number 099000017 --birth 990532 --expiry 390515 --trust pki/trust
expect 66 "$IDCHIP" verify --mrz none.mrz --trust pki/trust

# --- a full disk leaves nothing behind that looks done
if [ "$(id -u)" = 0 ] && command -v unshare >/dev/null && unshare --mount true 2>/dev/null; then
    mkdir small
    expect 0 unshare --mount bash -c "mount -t tmpfs -o size=64k tmpfs small && { '$IDCHIP' sample --count 20 --seed 3 --out small/people; [ \$? = 74 ]; } && [ ! -e small/people/records.jsonl ] && [ -z \"\$(find small -name '*.part*')\" ]"
    err_has "no space left"
fi
[ -w /dev/full ] && { code=0; "$IDCHIP" show pki/trust/csca.cer > /dev/full 2>"$work/err" || code=$?; [ $code = 74 ] || die "full output: exit $code"; }

# --- no core file, no dump of memory
grep -q "forbid_core_files()" "$IDCHIP_SOURCE/cli/main.cpp" || die "core files are not forbidden"
echo "bad input: ok"
