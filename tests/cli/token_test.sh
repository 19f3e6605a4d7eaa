#!/usr/bin/env bash
# Keys that stay in a token: SoftHSM2, initialised here. An authority, a batch that loses its token, and what goes on afterwards.
. "$(dirname "$0")/../lib.sh"
need softhsm2-util openssl python3
module=$(find /usr/lib -name libsofthsm2.so -print -quit)
[ -n "$module" ] || skip "libsofthsm2.so is not installed"

export SOFTHSM2_CONF=$work/softhsm2.conf
mkdir tokens
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$work" >"$SOFTHSM2_CONF"
softhsm2-util --init-token --free --label line --so-pin 314159 --pin 271828 >/dev/null
uri() { echo "pkcs11:token=line;object=$1?module-path=$module"; }
echo 271828 >pin

# --- the PIN: from a file, the environment, the URI's pin-source; never from the command line, never tried twice
expect 0 "$IDCHIP" keys make ec:P-256 "$(uri ds)" --pin-file pin
IDCHIP_TOKEN_PIN=271828 expect 0 "$IDCHIP" keys check "$(uri ds)"
expect 0 "$IDCHIP" keys check "$(uri ds)&pin-source=file:$work/pin"
expect 65 "$IDCHIP" keys check "$(uri ds)&pin-value=271828"
err_has "a PIN does not stand on a command line"
expect 64 "$IDCHIP" keys check "$(uri ds)"
IDCHIP_TOKEN_PIN=000000 expect 40 "$IDCHIP" keys check "$(uri ds)"
err_has "the token refused the PIN"
grep -q 000000 err && die "the PIN stands in the message"
expect 66 "$IDCHIP" keys check "$(uri other)" --pin-file pin
expect 66 "$IDCHIP" keys check "pkcs11:token=none?module-path=$module" --pin-file pin
expect 66 "$IDCHIP" keys check "pkcs11:token=line;object=ds?module-path=/no/such.so" --pin-file pin
expect 74 "$IDCHIP" keys make ec:P-256 "$(uri ds)" --pin-file pin

# --- an authority and its signer, without a key on disk, and no specimens
export IDCHIP_TOKEN_PIN=271828
expect 0 "$IDCHIP" pki csca --out pki --name "C=VN, O=Ministry, CN=CSCA" --country-code VNM --crl-url http://example.org/vn.crl \
    --key "$(uri csca)" --new-key ec:brainpoolP256r1 --ec-parameters named
expect 0 "$IDCHIP" pki ds --pki pki --out pki/signer --name "C=VN, O=Ministry, CN=DS 1" --types ID --key "$(uri ds)"
expect 0 "$IDCHIP" keys list "$(uri '')"
out_has "csca"
[ -z "$(find pki -name '*.pem')" ] || die "a key lies on disk"
openssl x509 -inform DER -in pki/trust/csca.cer -out csca.pem
openssl x509 -inform DER -in pki/signer/ds.cer -out ds.pem
openssl verify -CAfile csca.pem ds.pem >/dev/null || die "openssl refuses what the token has signed"

# --- a batch: the token goes in the middle, comes back, and nothing is lost or counted twice
python3 - <<'PY'
import hashlib, json
with open('images.jsonl', 'w') as f:
    for i in range(6000):
        hashes = {str(n): hashlib.sha256(b'%d/%d' % (i, n)).hexdigest() for n in (1, 2, 13)}
        f.write(json.dumps({'id': 'doc-%05d' % i, 'type': 'ID', 'hashes': hashes}) + '\n')
PY
echo '{"most": 10000, "document_types": ["ID"]}' > pki/signer/policy.json
cp -a tokens tokens.kept
"$IDCHIP" sod sign --signer pki/signer --images images.jsonl --out sods.jsonl --threads 2 >batch.out 2>batch.err &
batch=$!
for _ in $(seq 400); do [ -s sods.jsonl ] && break; sleep 0.02; done
rm -rf tokens
code=0
wait $batch || code=$?
if [ $code != 0 ]; then
    [ $code = 10 ] || { cat batch.err >&2; die "exit code $code of a batch that lost its token"; }
    grep -q "the token does not answer any more" batch.err || die "the message does not name the token"
fi
mv tokens.kept tokens
before=$(wc -l <sods.jsonl)
echo "the token went after $before of 6000 documents (exit code $code)"
expect 0 "$IDCHIP" sod sign --signer pki/signer --images images.jsonl --out sods.jsonl --json
out_has "\"signed_before\":$before"
out_has '"used":6000'
[ "$(wc -l <sods.jsonl)" = 6000 ] || die "not every document has its SOD"
[ "$(sed 's/.*"id":"\([^"]*\)".*/\1/' sods.jsonl | sort -u | wc -l)" = 6000 ] || die "a document stands twice"
sed -n '777s/.*"sod":"\([^"]*\)".*/\1/p' sods.jsonl | base64 -d | tail -c +5 > cms.der
openssl cms -verify -inform DER -in cms.der -CAfile csca.pem -purpose any -out content 2>/dev/null || die "openssl cms refuses what the token has signed"

# --- the limit of the key, and its types
head -n 10 images.jsonl | sed 's/doc-/more-/; s/"ID"/"P"/' > passports.jsonl
expect 40 "$IDCHIP" sod sign --signer pki/signer --images passports.jsonl --out passports.sods
err_has "type P"
sed 's/doc-/more-/' images.jsonl > more.jsonl
expect 40 "$IDCHIP" sod sign --signer pki/signer --images more.jsonl --out more.sods
err_has "limit"
[ "$(wc -l <more.sods)" -le 4000 ] || die "the key has signed more than it may"
echo "keys in a token: ok"
