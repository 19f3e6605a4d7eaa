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
    expect 0 personalize --profile "$kind" $(keys_of "$kind")
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
chmod 644 wrong.json
expect 65 personalize --profile gp-dgi --keys wrong.json
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
echo "dialects: ok"
