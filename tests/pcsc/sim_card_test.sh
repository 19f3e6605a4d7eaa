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

zone_of bac-only > mrz.txt
insert_document bac-only
expect 1 "$IDCHIP" verify --reader "$READER" --mrz mrz.txt --trust pki/trust
out_has "ACCEPT*"
remove_card

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
