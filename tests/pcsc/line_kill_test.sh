#!/usr/bin/env bash
# idchip line run, killed with -9 again and again in mid-work: every record once, no card lost, no second live chip of a document.
#   IDCHIP_KILLS=N    how often (200)
source "$(dirname "$(realpath "$0")")/../lib.sh"
need python3
export VIRTUAL_READERS=4
inside_virtual_reader
idchip=$IDCHIP
source "$IDCHIP_SOURCE/tools/feeders.sh"

kills=${IDCHIP_KILLS:-200}
records=$((kills * 2))
expect 0 "$IDCHIP" sample --count "$records" --seed 11 --out people
expect 0 "$IDCHIP" pki init --out pki
expect 0 "$IDCHIP" ledger import people/records.jsonl --ledger hall.ledger
expect 0 "$IDCHIP" ledger stock --add $((4 * records)) --note "of the test" --ledger hall.ledger
feeders_start 4 "$records"
pids+=("${feeder_pids[@]}")

line=(line run --pki pki --ledger hall.ledger --station hall/line --json)
mkfifo events
RANDOM=7
killed=0
while [ "$killed" -lt "$kills" ]; do
    feeders_drive <events &
    driver=$!
    "$IDCHIP" "${line[@]}" >events 2>>line.log &
    running=$!
    sleep "$(printf '0.%03d' $((100 + RANDOM % 500)))"
    kill -9 "$running" 2>/dev/null || { cat line.log >&2; echo "FAILED: the line ended by itself" >&2; exit 1; }
    wait "$running" 2>/dev/null || true
    wait "$driver"
    killed=$((killed + 1))
    "$IDCHIP" ledger status --ledger hall.ledger --json >before.json
    cat before.json >>history.jsonl
done
# Once more to the end, without the last records: what was begun is finished, and nothing is left open.
"$IDCHIP" "${line[@]/run/resume}" --wait 2 > >(feeders_drive) 2>>line.log || { tail -n 5 line.log >&2; "$IDCHIP" ledger status --ledger hall.ledger; exit 1; }
expect 0 "$IDCHIP" ledger status --ledger hall.ledger --json
cp out status.json
expect 0 "$IDCHIP" ledger verify --ledger hall.ledger
expect 0 "$IDCHIP" ledger export --ledger hall.ledger --out all.csv --unmask "the test counts"
feeders_stop

python3 - "$killed" <<'PY'
import csv, glob, json, re, sys
killed = int(sys.argv[1])
before, status = json.load(open("before.json")), json.load(open("status.json"))
assert not status["open_cards"], status
rows = list(csv.DictReader(open("all.csv", encoding="utf-8-sig")))
issued = {r["record"] for r in rows if r["state"] == "issued"}
assert len(issued) == status["jobs"]["issued"] == status["cards"]["issued"], status
assert all(r["state"] in ("issued", "queued", "rejected") for r in rows)
# Of the chips themselves: which are locked, and whose they are. DG1 says it.
live = {}
for name in glob.glob("chips*/chip-*.json"):
    chip = json.load(open(name))
    text = json.dumps(chip)
    if not chip.get("locked"):
        continue
    dg1 = next(f["content"] for fid, f in chip["files"].items() if fid.lower() == "0101")
    live.setdefault(dg1[:200], []).append(name)
assert all(len(chips) == 1 for chips in live.values()), "two live chips of one document"
locked_ends = status["cards"]["issued"] + status["cards"].get("spoiled", 0) + status["cards"].get("quarantined", 0)
assert len(issued) <= len(live) <= locked_ends, (len(issued), len(live), locked_ends)
states = [card["state"] + ("+" + card["intent"] if card["intent"] else "") for line in open("history.jsonl") for card in json.loads(line)["open_cards"]]
hits = {state: states.count(state) for state in sorted(set(states))}
print(f"{killed} times killed; cards that were open then: {hits}; {before['jobs'].get('issued', 0)} issued, {len(before['open_cards'])} open before the end; "
      f"{len(issued)} issued, {status['cards'].get('spoiled', 0)} spoiled, {status['cards'].get('quarantined', 0)} quarantined after it")
PY
python3 "$IDCHIP_SOURCE/tests/no_person_in.py" people/records.jsonl line.log events.jsonl
