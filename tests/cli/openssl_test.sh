#!/usr/bin/env bash
# What we sign, foreign programs accept: OpenSSL's command line on certificates, CRL and EF.SOD.
. "$(dirname "$0")/../lib.sh"
need openssl
"$IDCHIP" sample --count 1 --seed 11 --out people >/dev/null
for keys in rsa ec-named ec; do
    "$IDCHIP" pki init --out "pki-$keys" --keys "$keys" >/dev/null
    openssl x509 -inform der -in "pki-$keys/trust/csca.cer" -out csca.pem
    openssl x509 -inform der -in "pki-$keys/signer/ds.cer" -out ds.pem
    openssl crl -inform der -in "pki-$keys/trust/csca.crl" -CAfile csca.pem -noout 2>&1 | grep -q "verify OK" || die "openssl crl refuses ($keys)"
    # OpenSSL 3 refuses explicit curve parameters in a chain, which Doc 9303-12, 4.1.6.3 demands: checked by signature only.
    if [ "$keys" = ec ]; then
        openssl verify -CAfile csca.pem ds.pem >"$work/out" 2>&1 && die "openssl has learnt explicit parameters: mend this test"
        grep -q "explicit ECC parameters" "$work/out" || die "openssl refuses for another reason"
    else
        openssl verify -CAfile csca.pem ds.pem >"$work/out" 2>&1 || die "openssl verify refuses ($keys)"
        cat csca.pem > chain.pem; openssl crl -inform der -in "pki-$keys/trust/csca.crl" >> chain.pem
        openssl verify -crl_check -CAfile chain.pem ds.pem >"$work/out" 2>&1 || die "openssl verify with CRL refuses ($keys)"
    fi
    openssl asn1parse -inform der -in "pki-$keys/trust/csca.cer" >/dev/null
    expect 0 "$IDCHIP" personalize people/records.jsonl --pki "pki-$keys" --dry-run --with-data
    # EF.SOD out of the plan: its blocks, without the outer tag 77.
    grep '^write EF.SOD' "$work/out" | awk '{print $5}' | tr -d '\n' | sed 's/^77\(8[12]\)/\1/' > sod.hex
    case $(head -c 2 sod.hex) in 82) cut=7 ;; 81) cut=5 ;; *) die "unexpected length form" ;; esac
    tail -c +$cut sod.hex | tr 'A-F' 'a-f' | sed 's/../\\x&/g' | xargs -0 printf '%b' > sod.cms
    flags=$([ "$keys" = ec ] && echo -noverify || true)
    openssl cms -verify -inform der -in sod.cms -CAfile csca.pem -purpose any $flags -out object.bin >"$work/out" 2>"$work/err" || die "openssl cms -verify refuses ($keys)"
    openssl asn1parse -inform der -in object.bin >/dev/null || die "the signed object is not DER"
done
echo "openssl: ok"
