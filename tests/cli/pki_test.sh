#!/usr/bin/env bash
# idchip pki, sod, trust, keys: an authority with its keys in files and in a token; OpenSSL's opinion on everything that it makes.
. "$(dirname "$0")/../lib.sh"
need openssl

CSCA=(--country-code VNM --crl-url http://example.org/vn.crl)
name() { echo "C=VN, O=idchip, OU=SPECIMEN, CN=$1"; }
pem() { openssl x509 -inform DER -in "$1" -out "$2"; }

# --- an authority, by every kind of key; explicit parameters are the standard's, and OpenSSL chains only named ones
for kind in rsa:2048 ec:P-256 ec:brainpoolP384r1; do
    rm -rf pki images signer2
    expect 0 "$IDCHIP" pki csca --out pki --name "$(name CSCA)" "${CSCA[@]}" --new-key $kind --ec-parameters named
    expect 0 "$IDCHIP" pki ds --pki pki --out pki/signer --name "$(name DS)" --types ID,P --new-key $kind
    pem pki/trust/csca.cer csca.pem
    pem pki/signer/ds.cer ds.pem
    openssl verify -CAfile csca.pem ds.pem >/dev/null || die "openssl verify refuses the document signer ($kind)"
    openssl crl -inform DER -in pki/trust/csca.crl -CAfile csca.pem -noout 2>&1 | grep -q 'verify OK' || die "openssl crl refuses the list ($kind)"
    mkdir -p images/one images/two
    for d in one two; do printf 'a\002%s' "$d" >images/$d/DG1.bin; printf 'u\002%s' "$d" >images/$d/DG2.bin; done
    expect 0 "$IDCHIP" sod sign --signer pki/signer --images images --type ID --out sods/
    out_has "2 signed, 0 were signed before"
    # Without tag and length: the CMS.
    tail -c +5 sods/one/EF_SOD.bin > cms.der
    openssl cms -verify -inform DER -in cms.der -CAfile csca.pem -purpose any -out content 2>/dev/null || die "openssl cms refuses EF.SOD ($kind)"
    expect 0 "$IDCHIP" sod verify sods/one/EF_SOD.bin --trust pki/trust
    out_has "ACCEPT"
    rm -rf sods
done

# --- explicit parameters conform to the profile without a warning
expect 0 "$IDCHIP" pki csca --out standard --name "$(name CSCA)" "${CSCA[@]}" --new-key ec:brainpoolP384r1
expect 0 "$IDCHIP" pki ds --pki standard --out standard/signer --name "$(name DS)" --types ID --new-key ec:brainpoolP256r1
expect 0 "$IDCHIP" pki lint standard/trust/csca.cer standard/signer/ds.cer standard/trust/csca.crl

# --- revocation: the next list has what the last one had
expect 0 "$IDCHIP" pki crl --pki pki --revoke pki/signer/ds.cer
out_has "1 revoked, 1 of them new"
expect 40 "$IDCHIP" pki crl --pki pki --revoke pki/signer/ds.cer
err_has "revoked already"
expect 0 "$IDCHIP" pki crl --pki pki
out_has "list 3 of"
out_has "1 revoked, 0 of them new"
openssl crl -inform DER -in pki/trust/csca.crl -noout -text | grep -q "Serial Number" || die "the list does not revoke"
expect 40 "$IDCHIP" pki crl --pki pki --days 91
err_has "within 1 to 90 days"

# --- the next key, and a document signer under it
pem pki/trust/csca.cer old.pem
expect 0 "$IDCHIP" pki link --pki pki --new-key rsa:2048
pem pki/trust/csca.cer new.pem
pem pki/trust/link-*.cer link.pem
openssl verify -CAfile old.pem link.pem >/dev/null || die "openssl refuses the link"
expect 0 "$IDCHIP" pki ds --pki pki --out signer2 --name "$(name 'DS 2')" --types ID --new-key rsa:2048
pem signer2/ds.cer ds2.pem
openssl verify -CAfile new.pem ds2.pem >/dev/null || die "openssl refuses the signer under the new key"
openssl verify -CAfile old.pem ds2.pem >/dev/null 2>&1 && die "the old key cannot have certified it"

# --- what is refused
expect 74 "$IDCHIP" pki csca --out pki --name "$(name CSCA)" "${CSCA[@]}"
expect 40 "$IDCHIP" pki csca --out bad --name "C=VN, CN=CSCA" "${CSCA[@]}"
err_has "SPECIMEN"
expect 40 "$IDCHIP" pki csca --out bad --name "$(name CSCA)" --country-code SWE --crl-url http://example.org/x
err_has "another country"
expect 40 "$IDCHIP" pki csca --out bad --name "$(name CSCA)" "${CSCA[@]}" --hash SHA-1
expect 40 "$IDCHIP" pki ds --pki pki --out bad --name "$(name DS)" --new-key ec:P-256
err_has "types of documents"
expect 40 "$IDCHIP" pki ds --pki pki --out bad --name "$(name DS)" --types ID --valid-days 9000 --new-key ec:P-256
err_has "valid beyond its CSCA"
[ ! -e bad/ds.SPECIMEN.key.pem ] || die "a key was left behind"
expect 64 "$IDCHIP" pki ds --pki pki --out bad --name "$(name DS)" --types ID --new-key ec:P-999

# --- lists: signed by their own kind of signer only, imported on the word of a pinned root only
expect 0 "$IDCHIP" pki ds --pki pki --out mls --purpose master-lists --name "$(name Lists)" --new-key rsa:2048
expect 0 "$IDCHIP" pki ds --pki pki --out dls --purpose deviation-lists --name "$(name Deviations)" --new-key rsa:2048
expect 0 "$IDCHIP" pki masterlist pki/trust/csca.cer standard/trust/csca.cer --signer mls --csca pki/trust/csca.cer --out VN.ml
openssl cms -verify -inform DER -in VN.ml -CAfile new.pem -purpose any -out content 2>/dev/null || die "openssl cms refuses the master list"
expect 40 "$IDCHIP" pki masterlist pki/trust/csca.cer --signer dls --csca pki/trust/csca.cer --out other.ml
err_has "another purpose"
echo '[{"documents": {"signer": "signer2/ds.cer"}, "descriptions": [{"kind": "LDS-DGHashWrong", "parameter": 2, "text": "batch 7"}]}]' > faults.json
expect 0 "$IDCHIP" pki deviations faults.json --signer dls --csca pki/trust/csca.cer --out VN.dl
expect 0 "$IDCHIP" pki lint VN.ml VN.dl

T=(--store trust)
expect 40 "$IDCHIP" trust import VN.ml "${T[@]}"
[ ! -e trust/trust.json ] || die "a refused list made a store"
expect 0 "$IDCHIP" trust import VN.ml pki/trust/csca.crl VN.dl signer2/ds.cer "${T[@]}" --root pki/trust/csca.cer
expect 0 "$IDCHIP" trust list "${T[@]}"
out_has "pinned"
expect 0 "$IDCHIP" trust why signer2/ds.cer "${T[@]}"
out_has "trusted"
expect 0 "$IDCHIP" trust coverage "${T[@]}" --json
out_has '"VN"'
expect 0 "$IDCHIP" trust diff VN.ml "${T[@]}"
out_has "2 in both"
expect 65 "$IDCHIP" trust import faults.json "${T[@]}"
expect 40 "$IDCHIP" trust import pki/trust/csca-*.cer "${T[@]}"
out_has "compare SHA-256"
echo '{' > trust/trust.json
expect 74 "$IDCHIP" trust list "${T[@]}"
err_has "the trust store is damaged"
echo "issuing PKI: ok"
