#!/usr/bin/env bash
# Finished documents out of descriptions, in a virtual reader: what foreign programs and `verify` see of them.
. "$(dirname "$0")/../lib.sh"
inside_virtual_reader

insert_document() { # insert_document CARD [OPTIONS]: a finished document goes into the reader
    "$IDCHIP" sim --connect "$VPCD" --card "$@" --pki pki >/dev/null &
    card=$!
    pids+=("$card")
    for _ in $(seq 100); do "$IDCHIP" readers | grep -q "^$READER: card" && return; sleep 0.05; done
    die "the document did not appear in the reader"
}
zone_of() { "$IDCHIP" sim --card "$1" --show | sed -n 's/^  zone  *//p'; }

"$IDCHIP" pki init --out pki >/dev/null
expect 0 "$IDCHIP" sim --list
out_has "a05-card-access-absent       A05  REFER"
expect 64 "$IDCHIP" sim --show
expect 66 "$IDCHIP" sim --card no-such-card --show
echo '{"schema": 1, "like": "pace-gm", "acess": {}}' > mine.json
expect 65 "$IDCHIP" sim --card mine.json --show
err_has 'mine.json/card'
err_has 'unknown key "acess"'
echo '{"schema": 1, "like": "pace-gm", "faults": ["sm-mac-wrong"]}' > mine.json
expect 0 "$IDCHIP" sim --card mine.json --show
out_has "one bit of the MAC of an answer is wrong"
expect 0 "$IDCHIP" sim --card eac --terminal terminal --show
[ "$(stat -c %a terminal/is.SPECIMEN.key.pem)" = 600 ] || die "the terminal's key is readable by others"

insert_document pace-gm
if command -v opensc-tool >/dev/null; then
    # EF.CardAccess in the master file is free; the application is closed (Doc 9303-11, 4.4.2).
    opensc-tool --reader 0 -s 00B09C0000 2>&1 | grep -qi '31 14 30 12 06 0A 04 00 7F' || die "opensc-tool does not read EF.CardAccess"
    opensc-tool --reader 0 -s 00A4040C07A0000002471001 -s 00A4020C02011E 2>&1 | tail -n 1 | grep -q 'SW1=0x69, SW2=0x82' || die "the application is open"
else
    [ -z "${IDCHIP_NO_SKIP:-}" ] || die "opensc-tool is missing"
fi
remove_card

# A sample of what chips can do; the whole matrix runs in process.
for name in bac-only pace-im pace-cam pace-dh pace-strong aa-ecdsa ca; do
    zone_of $name > mrz.txt
    insert_document $name
    want=$(sed -n 's/.*"outcome": "\(.*\)",/\1/p' "$IDCHIP_SOURCE/data/cards/$name.json")
    case $want in ACCEPT) code=0 ;; *) code=1 ;; esac
    expect $code "$IDCHIP" verify --reader "$READER" --mrz mrz.txt --trust pki/trust
    out_has "$want"
    remove_card
done

# By what is printed on a Vietnamese card: its number holds the CAN. Extended length, over PC/SC too.
insert_document vn-cccd-2021
can=$("$IDCHIP" sim --card vn-cccd-2021 --show | sed -n 's/^  CAN  *//p')
expect 0 "$IDCHIP" verify --reader "$READER" --can "$can" --trust pki/trust --stats --json
out_has '"access": "pace"'
# Whose fault it is: the key's, the chip's, the reader's.
expect 5 "$IDCHIP" verify --reader "$READER" --can 000001 --trust pki/trust
err_has 'the chip refused the password'
expect 5 "$IDCHIP" verify --reader "No such reader" --can "$can" --trust pki/trust
err_has 'no such reader'
remove_card
expect 5 "$IDCHIP" verify --reader "$READER" --can "$can" --trust pki/trust
err_has 'no card in the reader'

zone_of eac > mrz.txt
insert_document eac --terminal terminal
expect 0 "$IDCHIP" verify --reader "$READER" --mrz mrz.txt --trust pki/trust --terminal-key terminal/is.SPECIMEN.key.pem --cvc terminal/dv.cvcert terminal/is.cvcert
out_has "ACCEPT"
remove_card

zone_of e03-ca-refused > mrz.txt
insert_document e03-ca-refused
expect 2 "$IDCHIP" verify --reader "$READER" --mrz mrz.txt --trust pki/trust
out_has "REFER"
remove_card
echo "simulated documents: ok"
