#!/usr/bin/env bash
# One record onto every kind of blank card, over pcscd and vpcd, by the name of the profile alone; wrong keys, wrong cards.
. "$(dirname "$0")/../lib.sh"
inside_virtual_reader

"$IDCHIP" sample --count 2 --seed 7 --out people >/dev/null
"$IDCHIP" pki init --out pki >/dev/null
person=S7-000000

blank() { # blank KIND [OPTION...]: a card of this kind into the reader, its keys into KIND.json
    local kind=$1
    shift
    "$IDCHIP" sim --connect "$VPCD" --blank "$kind" --state "$kind.state" "$@" >/dev/null &
    card=$!
    pids+=("$card")
    for _ in $(seq 100); do "$IDCHIP" readers | grep -q "^$READER: card" && return; sleep 0.05; done
    die "the card did not appear in the reader"
}
keys_of() { case $1 in gp-dgi|iso-native) echo "--keys $1.json" ;; esac; }
personalize() { "$IDCHIP" personalize people/records.jsonl --only $person --reader "$READER" --pki pki "$@"; }

for kind in $("$IDCHIP" profile list | awk '{print $1}'); do
    rm -f "$kind.state"
    if [ -n "$(keys_of "$kind")" ]; then blank "$kind" --keys-out "$kind.json"; else blank "$kind"; fi
    # shellcheck disable=SC2046
    expect 0 personalize --profile "$kind" $(keys_of "$kind") --reports reports
    grep -q '"signed_off": true' reports/$person.json || die "$kind: the report does not sign the card off"
    grep -q "\"sha256\": \"$("$IDCHIP" profile show "$kind" | awk '/^SHA-256/ {print $2}')\"" reports/$person.json || die "$kind: no hash of the profile"
    ! grep -qi "$(field $person document_number)" reports/$person.json || die "the report shows personal data"
    out_has "locked, lock proven, ACCEPT"
    # shellcheck disable=SC2046
    code=0; "$IDCHIP" verify --reader "$READER" $(key_of $person) --trust pki/trust >"$work/out" 2>"$work/err" || code=$?
    [ "$code" -le 1 ] || die "$kind does not verify: exit code $code"
    # A finished card is somebody's.
    # shellcheck disable=SC2046
    expect 20 personalize --profile "$kind" $(keys_of "$kind")
    err_has "the chip is locked"
    remove_card
done

# --- keys of chips out of a pool, wiped when their chip is locked
echo "at a bench" > pass
expect 0 "$IDCHIP" keys pool pool --profile gp-dgi --count 2 --passphrase-file pass
out_has "2 made; 2 left; 0 taken"
rm -f gp-dgi.state
blank gp-dgi
expect 0 personalize --profile gp-dgi --keys gp-dgi.json --pool pool --pool-passphrase-file pass
expect 0 "$IDCHIP" keys pool pool --profile gp-dgi --passphrase-file pass --json
out_has '"left":1,"taken":0'
remove_card

# --- the holder's PIN and PUK, on paper before they are on the chip; a trust point of terminal authentication
expect 0 "$IDCHIP" cvc create --role cvca --holder UTCVCA00001 --expires 2028-12-31 --out cvca.cvcert --key-out cvca.pem
rm -f iso-native.state
blank iso-native
expect 30 personalize --profile gp-dgi --keys gp-dgi.json --letters letters
err_has "takes no PIN"
expect 30 personalize --profile gp-dgi --keys gp-dgi.json --cvca cvca.cvcert
err_has "takes no certificate of a CVCA"
# A run that is resumed has its letters: a new one could say what the chip does not know.
expect 66 personalize --profile iso-native --keys iso-native.json --letters letters --resume
[ ! -e letters/$person.json ] || die "a letter was made for a chip that may have another PIN"
expect 0 personalize --profile iso-native --keys iso-native.json --letters letters --cvca cvca.cvcert
before=$(cksum < letters/$person.json)
expect 0 personalize --profile iso-native --keys iso-native.json --letters letters --cvca cvca.cvcert --resume
[ "$before" = "$(cksum < letters/$person.json)" ] || die "the letter was written again"
[ "$(stat -c %a letters/$person.json)" = 600 ] || die "others can read the letter"
pin=$(sed -n 's/.*"pin": "\([0-9]*\)".*/\1/p' letters/$person.json)
[ ${#pin} = 6 ] || die "no PIN of six digits"
code=0; echo "$pin" | "$IDCHIP" verify --reader "$READER" --pin - --trust pki/trust >"$work/out" 2>"$work/err" || code=$?
[ "$code" -le 1 ] || die "the PIN does not open the chip: exit code $code"
remove_card

# --- a script: wrapped with the keys, sent without
rm -f gp-dgi.state
blank gp-dgi
expect 0 "$IDCHIP" card probe --reader "$READER" --profile gp-dgi --json
for _ in $(seq 20); do [ -e gp-dgi.state ] && break; "$IDCHIP" apdu --reader "$READER" 80503000080102030405060708 >/dev/null || true; sleep 0.1; done
serial=$(sed -n 's/.*"serial": "\([0-9A-F]*\)".*/\1/p' gp-dgi.state)
next=$(($(sed -n 's/.*"sequence": \([0-9]*\).*/\1/p' gp-dgi.state) + 1))
expect 0 "$IDCHIP" perso script people/records.jsonl --only $person --profile gp-dgi --keys gp-dgi.json --pki pki \
    --for-card "00000000${serial}0000" --next-counter "$next" --out card.script
! grep -qi "$(field $person document_number)" card.script || die "the script shows personal data"
expect 0 "$IDCHIP" perso run card.script --reader "$READER"
out_has "written, locked, lock proven"
# shellcheck disable=SC2046
code=0; "$IDCHIP" verify --reader "$READER" $(key_of $person) --trust pki/trust >"$work/out" 2>"$work/err" || code=$?
[ "$code" -le 1 ] || die "the scripted card does not verify: exit code $code"
expect 20 "$IDCHIP" perso run card.script --reader "$READER" --json
out_has '"condition":"locked, as it was found"'
echo '{' > bad.script
expect 65 "$IDCHIP" perso run bad.script --reader "$READER"
remove_card

# --- keys: none, wrong ones, and one that the card would count
rm -f gp-dgi.state
blank gp-dgi
expect 40 personalize --profile gp-dgi
err_has "give --keys"
sed 's/404142/404742/' gp-dgi.json > wrong.json
chmod 600 wrong.json
expect 40 personalize --profile gp-dgi --keys wrong.json
err_has "no try of the card was used up"
err_has "the chip is untouched"
grep -q '"tries": 3' gp-dgi.state || die "a wrong key has cost a try"
cp wrong.json wrong2.json
chmod 600 wrong2.json
chmod 644 wrong.json
expect 65 personalize --profile gp-dgi --keys wrong.json
# A card that is not of this stock, an empty list, and a list that is none.
echo "0123456789ABCDEF # of another batch" > stock
expect 30 personalize --profile gp-dgi --keys gp-dgi.json --stock stock
err_has "is not of this stock"
echo "xyz" > stock
expect 65 personalize --profile gp-dgi --keys gp-dgi.json --stock stock
err_has "(line 1)"
# A GlobalPlatform card is looked up by its key diversification data.
serial=$(sed -n 's/.*"serial": "\([0-9A-F]*\)".*/\1/p' gp-dgi.state)
echo "00000000${serial}0000 # ours" > stock
expect 40 personalize --profile gp-dgi --keys wrong2.json --stock stock
err_has "no try of the card was used up"
# Another kind of card, another channel.
expect 30 personalize --profile iso-native --keys iso-native.json
err_has "not the kind that the profile describes"
remove_card
rm -f gp-dgi.state
blank gp-dgi --channel scp02
expect 30 personalize --profile gp-dgi --keys gp-dgi.json
err_has "another secure channel"
remove_card
rm -f iso-native.state
blank iso-native
# Another byte than the parity bits, which DES does not see.
sed 's/404142/404742/' iso-native.json > wrong-iso.json
chmod 600 wrong-iso.json
expect 40 personalize --profile iso-native --keys wrong-iso.json
err_has "check value"
! grep -q '"tries": [012]' iso-native.state 2>/dev/null || die "a wrong key has cost a try"
remove_card

# --- at the bench: what a card is, commands in the clear and through the channel; no trace of keys without two words of consent
rm -f gp-dgi.state
blank gp-dgi
expect 0 "$IDCHIP" card probe --reader "$READER"
grep -q "gp-dgi  *blank" "$work/out" || die "the probe does not know the card"
grep -q "iso-native  *not this kind" "$work/out" || die "the probe takes the card for another"
out_has "production data"
expect 0 "$IDCHIP" apdu --reader "$READER" 00A4040008A000000151000000 80CA00E000
out_has "C00401308810"
# GET DATA within the channel; a plain one ends it.
expect 0 "$IDCHIP" apdu --reader "$READER" --profile gp-dgi --keys gp-dgi.json 80E620000D000007A000000247100100000000
out_has "9000"
expect 5 "$IDCHIP" apdu --reader "$READER" 80E620000D000007A000000247100100000000
expect 65 "$IDCHIP" apdu --reader "$READER" 00A4
expect 64 "$IDCHIP" card probe --reader "$READER" --trace-unsafe
err_has "IDCHIP_TRACE_UNSAFE=1 is not set"
IDCHIP_TRACE_UNSAFE=1 expect 0 "$IDCHIP" card probe --reader "$READER" --trace-unsafe
err_has "WARNING"
err_has "> 00A40400"
remove_card
expect 0 "$IDCHIP" card reset-sim --state gp-dgi.state
[ ! -e gp-dgi.state ] || die "the card is still kept"
echo "dialects: ok"
