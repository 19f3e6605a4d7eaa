#!/usr/bin/env bash
# What goes wrong in a hall, at the line over pcscd and vpcd: after each fault the line is run again, and every record has one live chip, no
# open card is forgotten, the ledger is whole, and one more run changes nothing.
#   IDCHIP_FAULTS="service disk"    only these
source "$(dirname "$(realpath "$0")")/../lib.sh"
need python3 openssl
inside_virtual_reader
ledger=hall.ledger
declare -A sim=()
left_out=
# What a failed test has stopped does not hear that it shall end.
trap 'kill -CONT "${pids[@]}" "$(cat "$PCSCD_FOLDER/pid")" 2>/dev/null || true; umount "$work"/*.disk 2>/dev/null || true; cleanup' EXIT

# --- the hall
hall() { # hall RECORDS: a folder of its own, a queue, blanks
    mkdir "$work/$fault"
    cd "$work/$fault"
    expect 0 "$IDCHIP" sample --count "$1" --seed 31 --out people
    expect 0 "$IDCHIP" ledger import people/records.jsonl --ledger "$ledger"
    expect 0 "$IDCHIP" ledger stock --add 20 --note "of the test" --ledger "$ledger"
    mkfifo events.pipe
    options=()
}
put() { # put READER CHIP [SIM OPTION...]: a chip into reader 0 or 1; one that was there before is the same again
    local slot=$1 chip=$2 address=VPCD$1
    shift 2
    "$IDCHIP" sim --connect "${!address}" --state "$chip.json" "${kind[@]}" "$@" >>sims.log 2>&1 &
    sim[$slot]=$!
    pids+=($!)
}
drop() { # drop SIGNAL READER: it leaves the reader
    local name=READER$2
    kill "$1" "${sim[$2]}" 2>/dev/null || true
    wait "${sim[$2]}" 2>/dev/null || true
    for _ in $(seq 200); do
        # vpcd: a slot that is filled again as soon as it reads empty may stay empty for good.
        "$IDCHIP" readers 2>>sims.log | grep -q "^${!name}: empty" && { sleep 1; return; }
        sleep 0.05
    done
    die "$fault: the card did not leave the reader"
}
take() { drop -TERM "$1"; }
# The chip thinks, as long as a test needs it to.
freeze() { kill -STOP "${sim[$1]}"; }
thaw() { kill -CONT "${sim[$1]}"; }

# --- the line
start() { # start [VERB] [OPTION...]: in the background; its events in events.jsonl
    local verb=${1:-run}
    shift || true
    : >events.jsonl
    "$IDCHIP" line "$verb" --pki ../pki --ledger "$ledger" --station hall/line --json "${options[@]}" "$@" >events.pipe 2>>line.log </dev/null &
    line=$!
    pids+=("$line")
    exec {events}<events.pipe
}
until_event() { # until_event COUNT TEXT: returns at once when the line says so for that time
    local seen event
    seen=$(grep -cF -- "$2" events.jsonl || true)
    while [ "$seen" -lt "$1" ] && IFS= read -t 30 -r -u "$events" event; do
        printf '%s\n' "$event" >>events.jsonl
        if [[ $event == *"$2"* ]]; then seen=$((seen + 1)); fi
    done
    [ "$seen" -ge "$1" ] || trouble "it never says $2"
}
trouble() {
    tail -n 8 events.jsonl line.log >&2
    die "$fault: $*"
}
ends() { # ends CODE [TEXT]: the line does, with this code, and says so
    local code=0 event
    while IFS= read -t 60 -r -u "$events" event || code=$?; [ $code = 0 ]; do printf '%s\n' "$event" >>events.jsonl; done
    [ $code = 1 ] || trouble "the line does not end"
    code=0
    exec {events}<&-
    wait "$line" || code=$?
    [ "$code" = "$1" ] || trouble "exit code $code instead of $1"
    [ -z "${2:-}" ] || grep -qF -- "$2" line.log || trouble "it does not say: $2"
}
until_written() { until_event 1 '"stage":"write"'; }
until_issued() { until_event "$1" '"end":"issued"'; }
open_cards() { # open_cards COUNT
    expect 0 "$IDCHIP" ledger status --ledger "$ledger" --json
    [ "$(grep -o '"card":' "$work/out" | wc -l)" = "$1" ] || die "$fault: not $1 open cards"
}

# --- what must hold after each of them; the readers are empty
whole() { # whole ISSUED: of the records
    expect 0 "$IDCHIP" ledger status --ledger "$ledger" --json
    cp "$work/out" status.json
    expect 0 "$IDCHIP" ledger verify --ledger "$ledger"
    expect 0 "$IDCHIP" ledger reconcile --ledger "$ledger"
    expect 0 "$IDCHIP" ledger export --ledger "$ledger" --out all.csv --unmask "the test counts"
    python3 - "$fault" "$1" <<'PY' || die "$fault: see above"
import csv, glob, json, sys
fault, issued = sys.argv[1], int(sys.argv[2])
status = json.load(open("status.json"))
rows = [r["state"] for r in csv.DictReader(open("all.csv", encoding="utf-8-sig"))]
live = {}
for name in glob.glob("chip*.json"):
    chip = json.load(open(name))
    if chip.get("locked") or chip.get("personalized"):
        dg1 = next(f["content"] for fid, f in chip["files"].items() if fid == "0101")
        live.setdefault(dg1[:200], []).append(name)
assert not status["open_cards"], status
assert all(len(chips) == 1 for chips in live.values()), ("two live chips of one document", live)
assert len(live) == rows.count("issued") == status["jobs"]["issued"] == status["cards"].get("issued", 0) == issued, (len(live), status)
PY
    python3 "$IDCHIP_SOURCE/tests/no_person_in.py" people/records.jsonl line.log events.jsonl
    cat chip*.json >chips.before
    start run
    ends 0
    expect 0 "$IDCHIP" ledger status --ledger "$ledger" --json
    cmp -s "$work/out" status.json || die "$fault: one more run has changed something"
    cat chip*.json | cmp -s - chips.before || die "$fault: one more run has changed a chip"
}

the_other_card() { # in the run that goes on
    put 0 chip2
    ends 0
    take 0
    whole 2
}
the_other_card_too() { # in a new run
    start run
    the_other_card
}

expect 0 "$IDCHIP" pki init --out pki

# The PC/SC service dies while a card is written.
fault_service() {
    hall 2
    start run
    put 0 chip1
    until_written
    bash "$IDCHIP_SOURCE/tools/with-virtual-reader" --kill
    until_event 1 '"event":"reader_gone"'
    open_cards 1
    wait "${sim[0]}" || true
    bash "$IDCHIP_SOURCE/tools/with-virtual-reader" --start
    until_event 1 '"event":"reader_back"'
    put 0 chip1
    until_issued 1
    take 0
    the_other_card
}

# The card is taken out while it is written; the same one comes back: to the same run, and to another one.
fault_torn() {
    hall 2
    start run
    put 0 chip1
    until_written
    drop -9 0
    until_event 1 '"end":"open"'
    open_cards 1
    put 0 chip1
    until_issued 1
    take 0
    put 0 chip2
    until_event 3 '"stage":"write"'
    drop -9 0
    until_event 2 '"end":"open"'
    ends 5 "cards are open"
    start resume --wait 20
    the_other_card
}

# The chip gives no answer for longer than anybody waits.
fault_silent_chip() {
    hall 2
    options=(--deadline 1)
    start run
    put 0 chip1
    until_written
    freeze 0
    until_event 1 '"transport.deadline"'
    open_cards 1
    thaw 0
    take 0
    put 0 chip1
    until_issued 1
    take 0
    the_other_card
}

# The PC/SC service hangs: the line says so, and can be stopped all the same.
fault_silent_service() {
    hall 2
    options=(--deadline 1)
    start run
    put 0 chip1
    until_written
    kill -STOP "$(cat "$PCSCD_FOLDER/pid")"
    until_event 1 '"transport.deadline"'
    kill -INT "$line"
    ends 5 "cards are open"
    kill -CONT "$(cat "$PCSCD_FOLDER/pid")"
    start resume --wait 20
    ends 0
    take 0
    the_other_card_too
}

# Another blank is put in instead: the open card is waited for.
fault_other_blank() {
    kind=(--blank gp-dgi)
    hall 2
    options=(--profile gp-dgi --keys keys.json)
    "$IDCHIP" sim --blank gp-dgi --keys-out keys.json --connect 127.0.0.1:1 >/dev/null 2>&1 || true
    start run
    put 0 chip1
    until_written
    drop -9 0
    until_event 1 '"end":"open"'
    put 0 chip2
    ends 5 "cards are open"
    until_issued 1
    take 0
    open_cards 1
    start resume --wait 20
    put 1 chip1
    ends 0
    take 1
    whole 2
}

# The same with chips that have no name: what is known to be written is no blank any more.
fault_other_nameless() {
    hall 2
    start run
    put 0 chip1
    until_event 1 '"stage":"read_back"'
    freeze 0
    drop -9 0
    until_event 1 '"end":"open"'
    put 0 chip2
    ends 5 "cards are open"
    until_issued 1
    take 0
    open_cards 1
    start resume --wait 20
    put 0 chip1
    ends 0
    take 0
    whole 2
}

# The disk of the ledger is full: before the line begins, and while a card is written.
fault_disk() {
    mkdir "$work/$fault.disk"
    mount -t tmpfs -o size=2m tmpfs "$work/$fault.disk" 2>/dev/null || { left_out="disk: nothing can be mounted here"; return 0; }
    ledger=$work/$fault.disk/hall.ledger
    hall 2
    fill
    start run
    ends 74 "no space left on the device"
    rm "$work/$fault.disk/ballast"
    start run
    put 0 chip1
    until_written
    freeze 0
    fill
    thaw 0
    ends 74 "no space left on the device"
    rm "$work/$fault.disk/ballast"
    open_cards 1
    start resume
    ends 0
    take 0
    start run
    put 0 chip2
    ends 0
    take 0
    whole 2
    umount "$work/$fault.disk"
    ledger=hall.ledger
}
fill() { cat /dev/zero >"$work/$fault.disk/ballast" 2>/dev/null || true; }

# Another program holds the ledger for longer than anybody waits.
fault_locked_ledger() {
    hall 2
    start run
    put 0 chip1
    until_written
    freeze 0
    mkfifo hold.pipe
    python3 -c '
import sqlite3, sys
db = sqlite3.connect("hall.ledger", timeout=5, isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()' >held <hold.pipe &
    pids+=($!)
    exec {held}>hold.pipe
    for _ in $(seq 100); do grep -q held held && break; sleep 0.05; done
    thaw 0
    ends 5 "another process holds the ledger"
    exec {held}>&-
    open_cards 1
    start resume
    ends 0
    take 0
    the_other_card_too
}

# Ctrl-C: the card in hand is finished. Twice: it is left as it is before the next step that cannot be undone.
fault_stop() {
    hall 2
    start run
    put 0 chip1
    until_written
    freeze 0
    kill -INT "$line"
    thaw 0
    ends 0
    open_cards 0
    until_issued 1
    take 0
    start run
    put 0 chip2
    until_written
    freeze 0
    kill -INT "$line"
    sleep 0.2
    kill -INT "$line"
    sleep 0.2
    thaw 0
    ends 5 "cards are open"
    open_cards 1
    grep -q '"locked": false' chip2.json || die "$fault: the card was locked"
    start resume
    ends 0
    take 0
    whole 2
}

# The keys are another batch's: the first card says so, it loses no try, and no other card is asked.
fault_wrong_keys() {
    kind=(--blank gp-dgi)
    hall 2
    options=(--profile gp-dgi --keys keys.json)
    put 0 chip1 --keys-out right.json
    put 1 chip2
    for _ in $(seq 100); do [ -s right.json ] && break; sleep 0.05; done
    umask 077
    sed 's/4E4F"/4E4E"/g' right.json >keys.json
    ! cmp -s keys.json right.json || die "$fault: the keys are not wrong"
    start run
    ends 30 "scp.wrong_key"
    [ "$(grep -c '"event":"ended"' events.jsonl)" -le 2 ] || die "$fault: more cards were asked"
    until_event 1 '"event":"line_stopped"'
    open_cards 0
    ! grep -q '"tries": [012]' chip*.json || die "$fault: a try was lost"
    cp right.json keys.json
    start run
    ends 0
    take 0
    take 1
    whole 2
}

# A portrait is gone: that record is rejected, the others are made.
fault_portrait() {
    hall 3
    rm "people/$(sed -n '2s/.*"portrait":"\([^"]*\)".*/\1/p' people/records.jsonl)"
    start run
    put 0 chip1
    until_issued 1
    take 0
    put 0 chip2
    ends 0
    until_event 1 '"input.not_found"'
    [ "$(grep -c '"event":"rejected"' events.jsonl)" = 1 ] || die "$fault: others were rejected, too"
    take 0
    whole 2
}

# A record was changed after the import: nothing is begun until somebody has looked.
fault_changed_record() {
    hall 2
    cp people/records.jsonl as_it_was
    sed -i '1s/"sex":"F"/"sex":"X"/; 1s/"sex":"M"/"sex":"F"/' people/records.jsonl
    put 0 chip1
    start run
    ends 65 "the record is not the one that was queued"
    expect 0 "$IDCHIP" ledger status --ledger "$ledger" --json
    out_has '"queued":2'
    out_has '"left":20'
    cp as_it_was people/records.jsonl
    start run
    until_issued 1
    take 0
    the_other_card
}

# A card that may be a whole document is lost: another one is made of its record when two operators agree.
fault_lost_card() {
    hall 2
    start run
    put 0 chip1
    until_event 1 '"stage":"inspect"'
    freeze 0
    drop -9 0
    until_event 1 '"end":"open"'
    kill -INT "$line"
    ends 5 "cards are open"
    local up=(ledger give-up --card 1 --as quarantined --reason "lost by the feeder" --ledger "$ledger") name
    expect 40 "$IDCHIP" "${up[@]}"
    local subject
    subject=$(sed -n 's/.*--subject "\([^"]*\)".*/\1/p' "$work/err")
    [[ $subject == "card 1 of job 1 "* ]] || die "$fault: it does not say what to request"
    open_cards 1
    mkdir operators
    for name in An Binh; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.pem -out operators/$name.crt -days 30 -subj "/CN=$name" 2>/dev/null
    done
    expect 0 "$IDCHIP" release request --kind reprint --subject "$subject" --reason "lost" --out lost.txt
    for name in An Binh; do expect 0 "$IDCHIP" release sign lost.txt --key $name.pem --certificate operators/$name.crt --out lost.$name; done
    expect 40 "$IDCHIP" "${up[@]}" --request lost.txt --release lost.An --operators operators
    expect 0 "$IDCHIP" "${up[@]}" --request lost.txt --release lost.An lost.Binh --operators operators
    open_cards 0
    rm chip1.json
    start run
    put 0 chip2
    until_issued 1
    take 0
    put 0 chip3
    ends 0
    take 0
    whole 2
}

run_fault() {
    fault=$1
    local begin=$SECONDS
    kind=(--blank jmrtd-applet)
    "fault_$1"
    cd "$work"
    echo "$1: ok, $((SECONDS - begin)) s"
}
for one in ${IDCHIP_FAULTS:-service silent_service torn silent_chip other_blank other_nameless disk locked_ledger lost_card stop wrong_keys portrait changed_record}; do run_fault "$one"; done
[ -z "$left_out" ] || skip "$left_out"
