#!/usr/bin/env bash
# Two stations, eight readers, one PostgreSQL ledger: every record once, although the server breaks down and one station is killed with -9.
#   IDCHIP_RECORDS=N    how many (200)
source "$(dirname "$(realpath "$0")")/../lib.sh"
need python3
export VIRTUAL_READERS=8
inside_virtual_reader
source "$IDCHIP_SOURCE/tests/postgres.sh"
idchip=$IDCHIP
source "$IDCHIP_SOURCE/tools/feeders.sh"

records=${IDCHIP_RECORDS:-200}
postgres_start
ledger=$postgres_address
expect 0 "$IDCHIP" sample --count "$records" --seed 23 --out people
expect 0 "$IDCHIP" pki init --out pki
expect 0 "$IDCHIP" ledger import people/records.jsonl --ledger "$ledger" --station desk
expect 0 "$IDCHIP" ledger stock --add $((8 * records)) --note "of the test" --ledger "$ledger" --station desk
feeders_start 8 "$records"
pids+=("${feeder_pids[@]}")

declare -A readers=([A]="Virtual PCD 00,Virtual PCD B" [B]="Virtual PCD C,Virtual PCD D") running=() driver=()
station() { # station VERB NAME [OPTION...]: in the background; A.jsonl has its events, A.log what it says
    local verb=$1 name=$2
    shift 2
    rm -f "$name.events"
    mkfifo "$name.events"
    feeders_drive < <(tee -a "$name.jsonl" <"$name.events") &
    driver[$name]=$!
    "$IDCHIP" line "$verb" --pki pki --ledger "$ledger" --station "$name" --readers "${readers[$name]}" --json "$@" >"$name.events" 2>>"$name.log" &
    running[$name]=$!
    pids+=("${running[$name]}")
}
ended() { # ended NAME: its exit code
    local code=0
    wait "${running[$1]}" 2>/dev/null || code=$?
    wait "${driver[$1]}" || true
    echo "$code" >"$1.code"
}
issued() { "$IDCHIP" ledger status --ledger "$ledger" --station desk --json | sed 's/.*"jobs":{[^}]*"issued":\([0-9]*\).*/\1/;t;s/.*/0/'; }
until_issued() { # until_issued COUNT: as long as a station works
    for _ in $(seq 400); do
        [ "$(issued)" -ge "$1" ] && return
        sleep 0.2
    done
    tail -n 3 ./*.log >&2
    die "not $1 records were issued in time"
}

# --- both work; the server breaks down
station run A --lease 2
station run B --lease 2
until_issued $((records / 4))
postgres_stop
for name in A B; do
    ended $name
    [ "$(cat $name.code)" = 5 ] || die "station $name: exit code $(cat $name.code) when the server broke down: $(cat $name.log)"
    grep -q "the ledger's database does not answer" $name.log || die "station $name does not say what is wrong: $(cat $name.log)"
done
expect 5 "$IDCHIP" ledger status --ledger "$ledger" --station desk
postgres_start

# --- both go on; one is killed with cards in hand, the other one works on
station run A --lease 2
station run B --lease 2
until_issued $((records / 2))
for _ in 1 2 3 4 5; do
    until [[ $(tail -n 1 A.jsonl) == *'"stage":"write"'* ]] || ! kill -0 "${running[A]}" 2>/dev/null; do :; done
    kill -9 "${running[A]}"
    ended A
    "$IDCHIP" ledger status --ledger "$ledger" --station desk --json >killed.json
    grep -q '"station":"A"' killed.json && break
    station run A --lease 2
done
grep -q '"station":"A"' killed.json || die "A had no card in hand when it was killed"

# --- what A has left open is finished where it lies, whatever B has in hand; then A takes part again
station resume A --wait 3
ended A
[ "$(cat A.code)" = 0 ] || die "resume beside another station: exit code $(cat A.code): $(cat A.log)"
station run A --lease 2
until_issued $((records * 3 / 4))

# --- A sleeps for longer than its lease: B takes what A has claimed and not begun, and A wastes no blank on it when it wakes up
kill -STOP "${running[A]}"
ended B
kill -CONT "${running[A]}"
[ "$(cat B.code)" = 0 ] || die "station B: exit code $(cat B.code): $(cat B.log)"
! grep -q "cards are open: put them in" B.log || die "B speaks of the cards of A: $(cat B.log)"
ended A
[ "$(cat A.code)" = 0 ] || die "station A: exit code $(cat A.code): $(cat A.log)"
! grep -hE '"not_begun".*"ledger[.](order|known)"|"reader_stopped"' A.jsonl B.jsonl || die "blanks were wasted"
expect 0 "$IDCHIP" ledger status --ledger "$ledger" --station desk --json
cp out status.json
expect 0 "$IDCHIP" ledger verify --ledger "$ledger" --station desk
expect 0 "$IDCHIP" ledger reconcile --ledger "$ledger" --station desk
expect 0 "$IDCHIP" ledger export --ledger "$ledger" --station desk --out all.csv --unmask "the test counts"
feeders_stop

python3 - "$records" <<'PY'
import csv, glob, json, sys
records = int(sys.argv[1])
status, killed = json.load(open("status.json")), json.load(open("killed.json"))
assert status["jobs"] == {"issued": records} or all(n == 0 for s, n in status["jobs"].items() if s != "issued"), status
assert status["jobs"]["issued"] == status["cards"]["issued"] == records and not status["open_cards"], status
rows = list(csv.DictReader(open("all.csv", encoding="utf-8-sig")))
assert sorted(r["record"] for r in rows if r["state"] == "issued") == sorted(json.loads(p)["record"] for p in open("people/records.jsonl", encoding="utf-8"))
# Of the chips themselves: each document is on one that is locked.
live = {}
for name in glob.glob("chips*/chip-*.json"):
    chip = json.load(open(name))
    if chip.get("locked"):
        dg1 = next(f["content"] for fid, f in chip["files"].items() if fid == "0101")
        live.setdefault(dg1[:200], []).append(name)
assert len(live) == records, (len(live), records)
assert all(len(chips) == 1 for chips in live.values()), "two live chips of one document"
done = {}
for station in "AB":
    ends = [json.loads(line) for line in open(f"{station}.jsonl") if '"ended"' in line]
    done[station] = sum(e["end"] == "issued" for e in ends)
    assert done[station] > records // 10, done
open_of_a = sum(c["station"] == "A" for c in killed["open_cards"])
ends = {k: v for k, v in status["cards"].items() if v}
print(f"{records} records, once each: {done['A']} at A, {done['B']} at B, as their events tell; {open_of_a} cards of A were open when it was killed; cards: {ends}")
PY
python3 "$IDCHIP_SOURCE/tests/no_person_in.py" people/records.jsonl A.jsonl B.jsonl A.log B.log
