#!/usr/bin/env bash
# ./run demo, inside virtual readers: three persons become three chips, three checkpoints read them, one chip is tampered with; then a line makes
# 20 cards over 4 readers, is killed once, and loses none.
#   VIRTUAL_READERS=4 tools/with-virtual-reader bash tools/demo.sh IDCHIP OUT
set -euo pipefail
idchip=$1 out=$2
source "$(dirname "$(realpath "$0")")/feeders.sh"
rm -rf "$out"
mkdir -p "$out"
cd "$out"

if [ -t 1 ]; then bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'; else bold='' dim='' plain=''; fi
step=0
chapter() { step=$((step + 1)); printf '\n%s%d. %s%s\n' "$bold" "$step" "$*" "$plain"; }
shown() { printf '%s$ idchip %s%s\n' "$dim" "$*" "$plain"; "$idchip" "$@"; }
field() { sed -n "$1p" people/records.jsonl | sed -n "s/.*\"$2\":\"\\([^\"]*\\)\".*/\\1/p"; }
yymmdd() { echo "${1:2:2}${1:5:2}${1:8:2}"; }

card=
put_in() { # the chip kept in $1 goes into the reader
    "$idchip" sim --connect "$VPCD" --blank jmrtd-applet --state "$1" >/dev/null &
    card=$!
    for _ in $(seq 100); do "$idchip" readers | grep -q "^$READER: card" && return; sleep 0.05; done
    echo "the card did not appear in the reader" >&2
    exit 1
}
put_document() { # a finished document goes into the reader, signed with the demo's keys
    "$idchip" sim --connect "$VPCD" --card "$1" --pki pki >/dev/null &
    card=$!
    for _ in $(seq 100); do "$idchip" readers | grep -q "^$READER: card" && return; sleep 0.05; done
    echo "the document did not appear in the reader" >&2
    exit 1
}
take_out() {
    kill "$card"
    wait "$card" 2>/dev/null || true
    for _ in $(seq 100); do "$idchip" readers | grep -q "^$READER: empty" && { sleep 1; return; }; sleep 0.05; done
}
trap '[ -z "$card" ] || kill "$card" 2>/dev/null || true; feeders_stop' EXIT
# verify ends with 0 or 1 for a good document
accepted() { local code=0; shown "$@" || code=$?; [ "$code" -le 1 ]; }

chapter "Three synthetic persons, with drawn portraits"
shown sample --count 3 --seed 7 --out people
for i in 1 2 3; do
    printf '   %-12s %-28s born %s  number %s\n' "$(field $i record)" "$(field $i surname) $(field $i given_names)" "$(field $i birth_date)" "$(field $i personal_number)"
done

chapter "Every record is checked before it becomes a chip (999 is no province, so these are nobody's numbers)"
shown record check people/records.jsonl

chapter "A test PKI: country signing CA, document signer, revocation list"
shown pki init --out pki

chapter "A reader (pcscd with vsmartcard's virtual reader, started privately for this demo)"
shown readers

for i in 1 2 3; do
    record=$(field $i record)
    chapter "Blank chip $i goes into the reader and becomes the card of $(field $i surname) $(field $i given_names)"
    put_in "chip$i.json"
    shown personalize people/records.jsonl --only "$record" --reader "$READER" --profile jmrtd-applet --pki pki
    printf '   and a checkpoint, a fresh process that knows only what is printed on the card and whom it trusts:\n'
    expiry=$(field $i expiry_date)
    key="--number $(field $i document_number) --birth $(yymmdd "$(field $i birth_date)") --expiry $(yymmdd "${expiry:-1999-12-31}")"
    # shellcheck disable=SC2086
    accepted verify --reader "$READER" $key --trust pki/trust --dump "card$i"
    take_out
done

chapter "What the chip of card 1 says of its holder: DG13 of the Vietnamese card, and the QR code that is printed on it"
shown show card1/DG13.bin
shown qr people/records.jsonl --only "$(field 1 record)"

chapter "Somebody changes one byte of the portrait on chip 3"
before=$(cksum chip3.json)
# One hexadecimal digit in the middle of DG2, in the chip's memory.
awk '/"0102"/ { in_dg2 = 1 } in_dg2 && /"content"/ { at = int(length($0) / 2); d = substr($0, at, 1); $0 = substr($0, 1, at - 1) (d == "A" ? "B" : "A") substr($0, at + 1); in_dg2 = 0 } { print }' chip3.json > chip3.tampered
mv chip3.tampered chip3.json
[ "$before" != "$(cksum chip3.json)" ]
put_in chip3.json
code=0
# shellcheck disable=SC2086
shown verify --reader "$READER" $key --trust pki/trust || code=$?
take_out
[ "$code" = 3 ] || { echo "the tampered chip was not rejected (exit code $code)" >&2; exit 1; }

chapter "A finished card like those of 2021: PACE with the number printed on it, chip and active authentication"
can=$("$idchip" sim --card vn-cccd-2021 --show | sed -n 's/^  CAN  *//p')
put_document vn-cccd-2021
accepted verify --reader "$READER" --can "$can" --trust pki/trust --stats
take_out

chapter "A copy of such a card: all data and signatures are there, the chip's secret keys are not"
put_document e04-ca-wrong-key
mrz=$("$idchip" sim --card e04-ca-wrong-key --show | sed -n 's/^  zone  *//p')
code=0
printf '%s\n' "$mrz" | shown verify --reader "$READER" --mrz - --trust pki/trust || code=$?
take_out
[ "$code" = 2 ] || { echo "the copy was not noticed (exit code $code)" >&2; exit 1; }

chapter "The same for a hall: twenty records into the queue of a ledger, forty blanks into the stock"
shown sample --count 20 --seed 11 --out hall
shown ledger import hall/records.jsonl --ledger hall.ledger
shown ledger stock --add 40 --note "delivery 1" --ledger hall.ledger

chapter "A line over four readers, with a feeder at each; in the middle it is killed (kill -9)"
feeders_start 4 10
line() { # line VERB OPTION...: with the feeders, which go by its events
    mkfifo events.pipe
    feeders_drive <events.pipe &
    driver=$!
    "$idchip" line "$@" --pki pki --ledger hall.ledger --json >events.pipe 2>line.log &
    running=$!
}
line_ends() { local code=0; wait "$running" 2>/dev/null || code=$?; wait "$driver"; rm events.pipe; cat line.log; return $code; }
printf '%s$ idchip line run --pki pki --ledger hall.ledger --json%s\n' "$dim" "$plain"
: >events.jsonl
line run
until [ "$(grep -c '"event":"begun"' events.jsonl)" -ge 10 ] || ! kill -0 "$running" 2>/dev/null; do sleep 0.01; done
sleep 0.05
kill -9 "$running" 2>/dev/null || true
line_ends 2>/dev/null || true
shown ledger status --ledger hall.ledger

chapter "Every open card is finished; the chip itself is asked how far it came"
printf '%s$ idchip line resume --pki pki --ledger hall.ledger --json%s\n' "$dim" "$plain"
line resume --wait 2
line_ends
printf '%s$ idchip line run --pki pki --ledger hall.ledger --json%s\n' "$dim" "$plain"
line run
line_ends
feeders_stop

chapter "Every record once, every blank accounted for, and nobody has changed what was written down"
shown ledger status --ledger hall.ledger
shown ledger reconcile --ledger hall.ledger
shown ledger verify --ledger hall.ledger
"$idchip" ledger status --ledger hall.ledger --json | grep -q '"issued":20' || { echo "not all twenty are issued" >&2; exit 1; }

chapter "Where the campaign stands, for the wall of the office"
{ echo "province,eligible,target,deadline"; sed -n 's/.*"residence":"[^"]*, \([^",]*\)".*/\1/p' hall/records.jsonl | sort | uniq -c |
    while read -r n unit; do echo "$unit,$((4 * n)),$((3 * n)),$(date -d '+30 days' +%F)"; done; } > plan.csv
shown report progress --plan plan.csv --ledger hall.ledger --html progress.html

printf '\n%sTwenty-three cards issued, all accepted; one line killed, no card lost; one forgery rejected, one copy noticed.%s What was made lies in %s\n' "$bold" "$plain" "$out"
