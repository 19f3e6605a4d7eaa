#!/usr/bin/env bash
# Two operators: a request, their releases, and a key that signs more than its policy has because of them.
. "$(dirname "$0")/../lib.sh"
need openssl python3

certify() { # certify NAME FILE: a key and a self-signed certificate
    openssl req -x509 -nodes -days 30 -subj "/C=VN/O=SPECIMEN/CN=$1" -keyout "$2.pem" -out "$2.crt" \
        -newkey ec -pkeyopt ec_paramgen_curve:P-256 2>/dev/null || die "openssl req"
}
mkdir operators
certify An operators/an
certify Binh operators/binh
certify Stranger stranger
mv operators/*.pem .

sign() { # sign REQUEST WHO [OPTIONS]: into REQUEST.WHO
    local folder=operators
    [ "$2" = stranger ] && folder=.
    "$IDCHIP" release sign "$1" --key "$2.pem" --certificate "$folder/$2.crt" --out "$1.$2" "${@:3}"
}
show() { "$IDCHIP" release show "$@" --operators operators; }

# --- a key that has signed all that its policy allows
expect 0 "$IDCHIP" pki init --out pki
echo '{"most": 5}' > pki/signer/policy.json
python3 - <<'PY'
import hashlib, json
for name, numbers in (('first', range(4)), ('second', range(4, 8)), ('third', range(8, 12))):
    with open(name + '.jsonl', 'w') as f:
        for i in numbers:
            f.write(json.dumps({'id': 'doc-%d' % i, 'type': 'ID', 'hashes': {n: hashlib.sha256(b'%d' % i).hexdigest() for n in '12'}}) + '\n')
PY
sods() { "$IDCHIP" sod sign --signer pki/signer --images "$1.jsonl" --out "$1.sods" "${@:2}"; }
expect 0 sods first
expect 40 sods second
err_has "limit"

# --- somebody requests more; nobody signs what they have not seen
more() { "$IDCHIP" release request --kind key_use --signer pki/signer --up-to 8 --reason "next key is late" --out more.txt "$@"; }
expect 0 more
out_has "subject key $(openssl x509 -inform DER -in pki/signer/ds.cer -noout -fingerprint -sha256 | sed 's/.*=//; s/://g') up to 8 signatures"
[ "$(head -n 1 more.txt)" = "idchip release 1" ] || die "the request"
expect 74 more
expect 0 sign more.txt an
err_has "An signs this:"
err_has "reason next key is late"
err_has "up to 8 signatures"
expect 74 sign more.txt an
expect 40 "$IDCHIP" release sign more.txt --key an.pem --certificate operators/binh.crt --out crossed
err_has "do not belong together"
[ ! -e crossed ] || die "a release was made with another's key"

# --- one is not enough, nor is one twice, nor a stranger
raised() { sods "$1" --request more.txt --operators operators --release "${@:2}"; }
expect 40 show more.txt
out_has "nobody has signed"
expect 40 show more.txt more.txt.an
out_has "more.txt.an: signed by An"
out_has "not released: key_use: this needs the release of two operators (An alone has signed)"
expect 40 raised second more.txt.an
one_error_line
expect 40 raised second more.txt.an more.txt.an
expect 0 sign more.txt stranger
expect 40 raised second more.txt.an more.txt.stranger
err_has "release 2: not a valid release (its signer is none of the 2 operators)"
[ ! -e pki/signer/releases.log ] || die "a release that did not stand is in the log"
[ ! -s second.sods ] || die "the key has signed without a release"

# --- two are
openssl pkcs8 -topk8 -in binh.pem -out locked.pem -passout pass:secret 2>/dev/null
echo secret > pass
expect 0 "$IDCHIP" release sign more.txt --key locked.pem --passphrase-file pass --certificate operators/binh.crt --out more.txt.binh
expect 0 show more.txt more.txt.an more.txt.binh
out_has "released by An and Binh, request $(sha256sum more.txt | cut -c 1-64 | tr a-f A-F)"
expect 0 show more.txt more.txt.an more.txt.binh --json
python3 -c 'import json,sys; j = json.load(sys.stdin); assert j["released"] and [r["operators"] for r in j["releases"]] == [["An"], ["Binh"]], j' <"$work/out" || die "the JSON of show"
expect 40 show more.txt more.txt.an more.txt.stranger --json
python3 -c 'import json,sys; j = json.load(sys.stdin); assert not j["released"] and j["error"]["name"] == "release.bad" and "error" in j["releases"][1], j' <"$work/out" || die "the JSON of show"
expect 0 raised second more.txt.an more.txt.binh
[ "$(wc -l < second.sods)" = 4 ] || die "the released signatures"
expect 40 raised third more.txt.an more.txt.binh
err_has "limit"
expect 40 sods third
python3 - <<'PY' || die "the log of releases"
import hashlib, json
lines = [json.loads(line) for line in open('pki/signer/releases.log')]
assert len(lines) == 2, lines
for line in lines:
    assert line['operators'] == ['An', 'Binh'] and line['kind'] == 'key_use' and line['subject'].endswith('up to 8 signatures'), line
    assert line['digest'] == hashlib.sha256(open('more.txt', 'rb').read()).hexdigest().upper(), line
PY

# --- for this key and this number alone, and for what was requested
echo '{"most": 8}' > pki/signer/policy.json
expect 40 raised third more.txt.an more.txt.binh
err_has "allows 8 signatures already"
rm pki/signer/policy.json
expect 40 raised third more.txt.an more.txt.binh
err_has "no limit"
echo '{"most": 5}' > pki/signer/policy.json
expect 0 "$IDCHIP" pki init --out other
expect 40 "$IDCHIP" sod sign --signer other/signer --images third.jsonl --out third.sods --request more.txt --operators operators --release more.txt.an more.txt.binh
err_has "it asks for key_use"
sed 's/up to 8/up to 9/' more.txt > nine.txt
expect 40 "$IDCHIP" sod sign --signer pki/signer --images third.jsonl --out third.sods --request nine.txt --operators operators --release more.txt.an more.txt.binh
err_has "what was signed is not this request"
expect 0 "$IDCHIP" release request --kind reprint --subject "ledger L1 job 17" --reason "broken when handed out" --out reprint.txt --days 1
for who in an binh; do expect 0 sign reprint.txt $who; done
expect 0 show reprint.txt reprint.txt.an reprint.txt.binh
expect 65 "$IDCHIP" sod sign --signer pki/signer --images third.jsonl --out third.sods --request reprint.txt --operators operators --release reprint.txt.an reprint.txt.binh
[ "$(wc -l < pki/signer/releases.log)" = 2 ] || die "a release that did not stand is in the log"

# --- several signers take turns: the release is for the one whose key it names, and is written down there alone
echo '{"most": 1}' > other/signer/policy.json
expect 0 "$IDCHIP" release request --kind key_use --signer pki/signer --up-to 12 --reason "next key is late" --out twelve.txt
for who in an binh; do expect 0 sign twelve.txt $who; done
turns() { # turns SIGNERS: those take turns, with the release
    "$IDCHIP" sod sign --signer "$@" --images third.jsonl --out turns.sods --request twelve.txt --operators operators --release twelve.txt.an twelve.txt.binh
}
expect 0 "$IDCHIP" pki init --out third
expect 40 turns other/signer third/signer
one_error_line
err_has "none of the signers here has that key"
[ ! -e turns.sods ] || die "somebody signed under another's release"
expect 0 turns other/signer pki/signer
[ "$(wc -l < turns.sods)" = 4 ] || die "the released signatures of signers that take turns"
[ "$(wc -l < pki/signer/releases.log)" = 3 ] || die "the release of signers that take turns is not in the log"
for folder in other third; do [ ! -e $folder/signer/releases.log ] || die "a release is in the log of a signer that it does not name"; done

# --- what does not make a request or a release
request() { "$IDCHIP" release request --out none.txt --reason why "$@"; }
expect 65 request --kind reprint
expect 65 request --kind reprint --subject "two
lines"
expect 65 request --kind key_use --subject "all keys"
expect 65 request --kind reprint --subject job --days 32
expect 64 request --kind other --subject job
expect 64 request --kind key_use --signer pki/signer
expect 64 request --kind key_use --signer pki/signer --up-to 9 --subject job
expect 66 request --kind key_use --signer none --up-to 9
[ ! -e none.txt ] || die "a request was made of nothing"
expect 64 sods third --request more.txt --release more.txt.an
expect 64 sods third --release more.txt.an --operators operators
expect 66 "$IDCHIP" release show more.txt more.txt.an --operators none
sed 's/^reason /reason  /' more.txt > padded.txt
expect 65 sign padded.txt an
err_has "padded.txt/reason"

# --- the same with openssl alone
openssl cms -verify -binary -inform DER -in reprint.txt.an -CAfile operators/an.crt -purpose any -out statement 2>"$work/err" || die "openssl cms -verify"
cmp -s statement reprint.txt || die "the statement that openssl finds"
openssl cms -sign -nodetach -binary -in reprint.txt -signer operators/binh.crt -inkey binh.pem -outform DER -out foreign 2>"$work/err" || die "openssl cms -sign"
expect 0 show reprint.txt reprint.txt.an foreign
echo "release: ok"
