#!/usr/bin/env bash
# idchip cvc: chains made, shown, verified; OpenSSL's opinion on every signature; every refusal with its exit code.
. "$(dirname "$0")/../lib.sh"
need openssl python3

cvc() { "$IDCHIP" cvc "$@"; }
create() { # create ROLE NAME HOLDER ISSUER [OPTION...]: NAME.cvcert and NAME.pem
    local role=$1 name=$2 holder=$3 issuer=$4
    shift 4
    expect 0 cvc create --role "$role" --holder "$holder" ${issuer:+--issuer-certificate "$issuer.cvcert" --issuer-key "$issuer.pem"} \
        --effective 2026-01-01 --expires 2026-12-31 --out "$name.cvcert" --key-out "$name.pem" "$@"
}

# --- chains by every kind of key, and a foreign program on every signature
cat > split.py <<'PY'
import sys
def tlv(b):
    i = 0
    while i < len(b):
        j = i + (2 if b[i] & 0x1F == 0x1F else 1)
        t, n = b[i:j].hex(), b[j]
        j += 1
        if n & 0x80:
            k = n & 0x7F
            n, j = int.from_bytes(b[j:j + k], 'big'), j + k
        yield t, b[j:j + n], b[i:j + n]
        i = j + n
(tag, contents, _), = tlv(open(sys.argv[1], 'rb').read())
(body, fields, raw), (sig, signature, _) = tlv(contents)
assert (tag, body, sig) == ('7f21', '7f4e', '5f37')
assert [t for t, _, _ in tlv(fields)] == ['5f29', '42', '7f49', '5f20', '7f4c', '5f25', '5f24']
open('body', 'wb').write(raw)
if sys.argv[2] == 'ec':
    def number(b):
        b = b.lstrip(b'\0') or b'\0'
        b = (b'\0' if b[0] & 0x80 else b'') + b
        return b'\2' + bytes([len(b)]) + b
    half = len(signature) // 2
    pair = number(signature[:half]) + number(signature[half:])
    signature = b'\x30' + (b'\x81' if len(pair) > 127 else b'') + bytes([len(pair)]) + pair
open('signature', 'wb').write(signature)
PY
verified_by_openssl() { # certificate, key of the issuer, kind, digest
    python3 split.py "$1.cvcert" "$3"
    openssl pkey -in "$2.pem" -pubout -out public.pem 2>/dev/null
    local options=()
    [ "$3" = rsa ] && options=(-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest)
    openssl dgst "-$4" -verify public.pem -signature signature "${options[@]}" body >"$work/out" 2>&1 || die "openssl refuses $1 ($3, $4)"
}
for kind in ec:brainpoolP256r1/sha256 ec:P-224/sha224 ec:brainpoolP384r1/sha384 ec:brainpoolP512r1/sha512 rsa:2048/sha256; do
    key=${kind%/*} digest=${kind#*/}
    rm -f ./*.cvcert ./*.pem
    create cvca cvca UTCVCAUT001 "" --new-key "$key"
    create link link UTCVCAUT002 cvca --new-key "$key"
    create dv-domestic dv UTDVUT001 link
    create is is UTISUT001 dv --rights dg3
    for pair in cvca/cvca link/cvca dv/link is/dv; do verified_by_openssl "${pair%/*}" "${pair#*/}" "${key%%:*}" "$digest"; done
    expect 0 cvc verify --trust cvca.cvcert is.cvcert link.cvcert dv.cvcert --at 2026-06-01
    out_has "VALID UTISUT001, may read DG3"
done
[ "$(stat -c %a is.pem)" = 600 ] || die "the key file is readable by others"

# --- the chain of the examples, shown
rm -f ./*.cvcert ./*.pem
create cvca cvca UTCVCAUT001 ""
out_has "in the clear"
create dv-domestic dv UTDVUT001 cvca
create is is UTISUT001 dv
expect 0 cvc show cvca.cvcert is.cvcert
out_has "EC brainpoolP256r1 (domain parameters)"
out_has "domain parameters inherited"
expect 0 cvc show is.cvcert --json
python3 -c 'import json,sys; f, = json.load(open(sys.argv[1]))["files"]; c = f["content"]; assert c["holder"] == "UTISUT001" and c["rights"] == ["DG3", "DG4"] and c["role"] == "terminal" and "tolerances" not in c' "$work/out" || die "the JSON of show"
expect 0 "$IDCHIP" show dv.cvcert --hex
out_has "CV certificate"
out_has "7F4C"
cvc show - < dv.cvcert | grep -q UTDVUT001 || die "a certificate from standard input"
expect 0 "$IDCHIP" cvc show "$IDCHIP_SOURCE/test-vectors/cvc/DECVCAEPASS00102.cvcert"
out_has "DECVCAEPASS00102"
out_has "cvc.sequence_number_country"

# --- verify: each reason, and its exit code
expect 0 cvc verify --trust cvca.cvcert is.cvcert dv.cvcert cvca.cvcert --at 2025-06-01 --json
python3 -c 'import json,sys; j = json.load(open(sys.argv[1])); c, = j["chains"]; assert j["valid"] and c["rights"] == ["DG3", "DG4"] and c["certificates"][0]["current_date"] == "2026-01-01" and j["unused"] == []' "$work/out" || die "the JSON of verify"
expect 40 cvc verify --trust cvca.cvcert is.cvcert dv.cvcert --at 2027-01-01
one_error_line
err_has "UTDVUT001: the chain of CV certificates is not valid (expired on 2026-12-31, the current date is 2027-01-01)"
out_has "NOT VALID UTISUT001"
expect 40 cvc verify --trust cvca.cvcert is.cvcert --at 2026-06-01
err_has "no certificate of UTDVUT001 from UTCVCAUT001 on"
expect 40 cvc verify --trust cvca.cvcert is.cvcert --at 2026-06-01 --json
python3 -c 'import json,sys; j = json.load(open(sys.argv[1])); assert not j["valid"] and j["chains"][0]["error"]["name"] == "ta.no_chain"' "$work/out" || die "the JSON of a refusal"
python3 -c 'b = bytearray(open("is.cvcert", "rb").read()); b[-1] ^= 1; open("bad.cvcert", "wb").write(b)'
expect 50 cvc verify --trust cvca.cvcert bad.cvcert dv.cvcert --at 2026-06-01
err_has "the signature does not verify"
# The good one and the bad one have the same holder: each is judged.
expect 50 cvc verify --trust cvca.cvcert bad.cvcert is.cvcert dv.cvcert --at 2026-06-01
[ "$(grep -c '^VALID' "$work/out")" = 1 ] && [ "$(grep -c '^NOT VALID' "$work/out")" = 1 ] || die "not both certificates were judged"
expect 40 cvc verify --trust dv.cvcert is.cvcert
err_has "no trust point"
expect 64 cvc verify --trust cvca.cvcert cvca.cvcert
expect 64 cvc verify is.cvcert
expect 65 cvc verify --trust cvca.cvcert is.cvcert --at 2026-02-30
expect 66 cvc verify --trust none.cvcert is.cvcert
head -c 100 is.cvcert > short.cvcert
expect 65 cvc show short.cvcert
one_error_line
err_has "short.cvcert"
expect 65 cvc show is.pem
expect 66 cvc show none.cvcert

# --- create refuses what would not verify, and overwrites nothing
before=$(cat is.cvcert is.pem | cksum)
expect 74 cvc create --role is --holder UTISUT001 --issuer-certificate dv.cvcert --issuer-key dv.pem --expires 2026-12-31 --out is.cvcert --key-out new.pem
expect 74 cvc create --role is --holder UTISUT001 --issuer-certificate dv.cvcert --issuer-key dv.pem --expires 2026-12-31 --out new.cvcert --key-out is.pem
[ "$before" = "$(cat is.cvcert is.pem | cksum)" ] || die "a file was overwritten"
refuse() { # CODE TEXT OPTION...
    local code=$1 text=$2
    shift 2
    expect "$code" cvc create --effective 2026-01-01 --out new.cvcert "$@"
    one_error_line
    err_has "$text"
    [ ! -e new.cvcert ] && [ ! -e new.pem ] || die "something was written: $*"
}
dv=(--issuer-certificate dv.cvcert --issuer-key dv.pem --expires 2026-12-31 --key-out new.pem)
refuse 40 "do not belong together" --role is --holder UTISUT001 --issuer-certificate dv.cvcert --issuer-key is.pem --expires 2026-12-31 --key-out new.pem
refuse 40 "a terminal issues no certificate" --role is --holder UTISUT001 --issuer-certificate is.cvcert --issuer-key is.pem --expires 2026-12-31 --key-out new.pem
refuse 40 "a domestic DV issues no certificate to a foreign DV" --role dv-foreign --holder UTDVUT002 "${dv[@]}"
refuse 40 "a CVCA issues no certificate to a terminal" --role is --holder UTISUT001 --issuer-certificate cvca.cvcert --issuer-key cvca.pem --expires 2026-12-31 --key-out new.pem
refuse 65 "a reference of 5 characters" --role is --holder UT001 "${dv[@]}"
refuse 64 "ASCII" --role is --holder UTÜUT001 "${dv[@]}"
refuse 65 "ec:P-256" --role is --holder UTISUT001 "${dv[@]}" --new-key ec:P-256
refuse 65 "it expires before it is effective" --role is --holder UTISUT001 --issuer-certificate dv.cvcert --issuer-key dv.pem --expires 2025-12-31 --key-out new.pem
refuse 65 "2000 to 2099" --role is --holder UTISUT001 --issuer-certificate dv.cvcert --issuer-key dv.pem --expires 2100-01-01 --key-out new.pem
refuse 64 "dg3" --role is --holder UTISUT001 "${dv[@]}" --rights dg2
refuse 64 "--key-out" --role cvca --holder UTCVCAUT009 --expires 2026-12-31
refuse 64 "signs itself" --role cvca --holder UTCVCAUT009 "${dv[@]}"
refuse 64 "belong to this role" --role is --holder UTISUT001 --expires 2026-12-31 --key-out new.pem
refuse 65 "with 521 bits is not allowed" --role cvca --holder UTCVCAUT009 --expires 2026-12-31 --key-out new.pem --new-key ec:P-521
refuse 65 "with 1024 bits is not allowed" --role cvca --holder UTCVCAUT009 --expires 2026-12-31 --key-out new.pem --new-key rsa:1024
refuse 64 "no such algorithm" --role cvca --holder UTCVCAUT009 --expires 2026-12-31 --key-out new.pem --algorithm id-TA-MD5
refuse 64 "want ec:CURVE" --role cvca --holder UTCVCAUT009 --expires 2026-12-31 --key-out new.pem --new-key ec:none
expect 64 cvc create --role king --holder UTCVCAUT009 --expires 2026-12-31 --out new.cvcert
expect 66 cvc create --role cvca --holder UTCVCAUT009 --expires 2026-12-31 --key-out new.pem --out none/new.cvcert
[ ! -e new.pem ] || die "a key without its certificate was left"

# --- keys with a passphrase, and keys that are there already
echo "correct horse" > passphrase
create cvca locked UTCVCAUT003 "" --passphrase-file passphrase
grep -q "BEGIN ENCRYPTED PRIVATE KEY" locked.pem || die "the key is not encrypted"
refuse 40 "passphrase" --role dv-foreign --holder UTDVUT003 --issuer-certificate locked.cvcert --issuer-key locked.pem --expires 2026-12-31 --key-out new.pem
expect 0 cvc create --role dv-foreign --holder UTDVUT003 --issuer-certificate locked.cvcert --issuer-key locked.pem --issuer-passphrase-file passphrase \
    --effective 2026-01-01 --expires 2026-12-31 --key dv.pem --out dv3.cvcert
expect 0 cvc verify --trust locked.cvcert dv3.cvcert --at 2026-06-01
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1 2>/dev/null |
    openssl pkcs8 -topk8 -nocrypt -outform DER -out foreign.der
expect 0 cvc create --role dv-domestic --holder UTDVUT004 --issuer-certificate cvca.cvcert --issuer-key cvca.pem --effective 2026-01-01 \
    --expires 2026-12-31 --key foreign.der --out dv4.cvcert
expect 0 cvc verify --trust cvca.cvcert dv4.cvcert --at 2026-06-01

# --- legacy algorithms only by name and switch
create cvca old UTCVCAUT008 "" --new-key rsa:2048 --algorithm id-TA-RSA-v1-5-SHA-256 --legacy-algorithms
create dv-domestic olddv UTDVUT008 old
expect 40 cvc verify --trust old.cvcert olddv.cvcert --at 2026-06-01
err_has "id-TA-RSA-v1-5-SHA-256 with 2048 bits is not allowed"
expect 0 cvc verify --trust old.cvcert olddv.cvcert --at 2026-06-01 --legacy-algorithms

# --- published chains
vectors=$IDCHIP_SOURCE/test-vectors/cvc
expect 0 cvc verify --trust "$vectors/persosim_is_cvca.cvcert" "$vectors/persosim_is.cvcert" "$vectors/persosim_is_dv.cvcert" --at 2016-12-01
out_has "VALID DETESTIS00001, may read DG3 and DG4"
expect 0 cvc verify --trust "$vectors/persosim_at_cvca.cvcert" --trust "$vectors/persosim_is_cvca.cvcert" "$vectors"/persosim_is{,_dv}.cvcert "$vectors"/persosim_at{,_dv}.cvcert --at 2016-12-01
[ "$(grep -c '^VALID' "$work/out")" = 2 ] || die "not both chains were judged"
expect 40 cvc verify --trust "$vectors/bsi_ecdsa_cvca.cvcert" "$vectors/bsi_ecdsa_at.cvcert" "$vectors/bsi_ecdsa_dv.cvcert" --at 2010-10-01
err_has "terminal type id-AT below id-IS"
echo "cvc: ok"
