#!/usr/bin/env bash
# A day of a hall over four virtual readers: import, stock, line, killed once, resumed, reconciled; then a correction, a reprint that two
# operators release, the audit, and the progress of the campaign.
source "$(dirname "$(realpath "$0")")/../lib.sh"
need python3 openssl
export VIRTUAL_READERS=4
inside_virtual_reader
idchip=$IDCHIP
source "$IDCHIP_SOURCE/tools/feeders.sh"
on=(--ledger hall.ledger)
count() { "$IDCHIP" ledger status "${on[@]}" --json | python3 -c "import json,sys; s=json.load(sys.stdin); print($1)"; }
drive() { # drive LINE-OPTION...: with the feeders; the exit code is the line's
    local code=0
    mkfifo events.pipe
    feeders_drive <events.pipe &
    local driver=$!
    "$IDCHIP" "$@" --json >events.pipe 2>>line.log || code=$?
    wait "$driver"
    rm events.pipe
    return $code
}

expect 0 "$IDCHIP" sample --count 24 --seed 3 --out people
expect 0 "$IDCHIP" pki init --out pki
line=(line run --pki pki "${on[@]}" --station hall/line)

# --- into the queue: once, by priority, without the bad ones
head -n 20 people/records.jsonl >people/day.jsonl
tail -n 4 people/records.jsonl >people/students.jsonl
{ cat people/day.jsonl; sed -n 1p people/day.jsonl | sed 's/"record":"[^"]*"/"record":"BAD"/; s/"birth_date":"[^"]*"/"birth_date":"2026-02-30"/'; } >people/faulty.jsonl
expect 65 "$IDCHIP" ledger import people/faulty.jsonl "${on[@]}" --corrections corrections.csv
out_has "21 records: 20 queued, 0 known already, 1 with errors"
grep -q "BAD.*birth_date" corrections.csv || die "no correction list"
expect 0 "$IDCHIP" ledger import people/day.jsonl "${on[@]}" --json
out_has '"queued":0,"known":20'
expect 0 "$IDCHIP" ledger import people/students.jsonl "${on[@]}" --priority 10
expect 0 "$IDCHIP" ledger stock --add 40 --note "delivery 1" "${on[@]}"
out_has "40 are left"
expect 64 "$IDCHIP" ledger import - "${on[@]}"
expect 66 "$IDCHIP" ledger status --ledger none.ledger
[ ! -e none.ledger ] || die "a question has made a ledger"

# --- the line; killed as soon as six cards are issued, and then finished
feeders_start 4 12
pids+=("${feeder_pids[@]}")
mkfifo events.pipe
feeders_drive <events.pipe &
driver=$!
: >>events.jsonl
"$IDCHIP" "${line[@]}" --json >events.pipe 2>>line.log &
running=$!
for _ in $(seq 400); do [ "$(grep -c '"end":"issued"' events.jsonl 2>/dev/null || true)" -ge 6 ] && break; sleep 0.02; done
kill -9 $running
wait $running 2>/dev/null || true
wait $driver
rm events.pipe
[ "$(count 's["jobs"].get("issued", 0)')" -lt 24 ] || die "nothing was left to do"
# The students, whose records came in last, were first.
for r in $(sed 's/.*"record":"\([^"]*\)".*/\1/' people/students.jsonl); do
    expect 0 "$IDCHIP" ledger find --record "$r" "${on[@]}" --json
    [ "$(grep -c '"state": "queued"' out)" = 0 ] || die "a student still waits"
done
code=0
drive line resume --pki pki "${on[@]}" --station hall/line --wait 3 || code=$?
[ $code = 0 ] && [ "$(count 'len(s["open_cards"])')" = 0 ] || die "cards are open after resume ($code)"
drive "${line[@]}" || die "the line has not ended well"
[ "$(count 's["jobs"].get("issued", 0)')" = 24 ] || die "not all are issued"
before=$(count 's')
drive "${line[@]}" --records people/day.jsonl || die "running again fails"
[ "$before" = "$(count 's')" ] || die "running again has changed something"

# --- every blank accounted for
left=$(count 's["left"]')
expect 0 "$IDCHIP" ledger reconcile --counted "$left" "${on[@]}"
out_has "they agree"
expect 50 "$IDCHIP" ledger reconcile --counted $((left - 1)) "${on[@]}" --json
out_has '"difference":-1'

# --- one person's card: masked, unless somebody says why
record=$(sed -n 's/.*"record":"\([^"]*\)".*/\1/p' people/day.jsonl | head -n 1)
number=$(field "$record" personal_number)
expect 0 "$IDCHIP" ledger find --number "$number" "${on[@]}"
out_has "issued"
! grep -q "$number" out || die "the number is not masked"
expect 0 "$IDCHIP" ledger find --number "$number" --unmask "letter 5" "${on[@]}" --json
out_has "$number"
expect 66 "$IDCHIP" ledger find --number 000000000000 "${on[@]}"
expect 64 "$IDCHIP" ledger find "${on[@]}"
expect 0 "$IDCHIP" ledger export --out all.csv "${on[@]}"
[ "$(grep -c ,issued, all.csv)" = 24 ] || die "the export has another number"
! grep -q "$number" all.csv || die "the export is not masked"
[ "$(stat -c %a all.csv)" = 600 ] || die "others may read the export"
expect 65 "$IDCHIP" ledger find --number "$number" --unmask " " "${on[@]}"

# --- a reprint: not without two operators
for name in An Binh; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.pem -out $name.crt -days 30 -subj "/CN=$name" 2>/dev/null
done
mkdir operators
cp ./*.crt operators/
reprint=(ledger reprint --record "$record" --records people/day.jsonl "${on[@]}")
expect 40 "$IDCHIP" "${reprint[@]}"
subject=$(sed -n 's/.*--subject "\([^"]*\)".*/\1/p' err)
[ -n "$subject" ] || die "it does not say what to request"
expect 0 "$IDCHIP" release request --kind reprint --subject "$subject" --reason "lost in the post" --out lost.txt
for name in An Binh; do expect 0 "$IDCHIP" release sign lost.txt --key $name.pem --certificate $name.crt --out lost.$name; done
expect 40 "$IDCHIP" "${reprint[@]}" --request lost.txt --release lost.An --operators operators
[ "$(count 's["jobs"].get("issued", 0)')" = 24 ] || die "one operator was enough"
expect 0 "$IDCHIP" "${reprint[@]}" --request lost.txt --release lost.An lost.Binh --operators operators
# What they have agreed to, one of them does not exchange for something else.
expect 0 "$IDCHIP" ledger reject --record "$record" --reason "not today" "${on[@]}"
grep -F "\"record\":\"$record\"" people/day.jsonl | sed 's/"residence":"/"residence":"Nhà số 2, /' >people/exchanged.jsonl
expect 65 "$IDCHIP" ledger import people/exchanged.jsonl "${on[@]}"
err_has "ledger reprint"
expect 0 "$IDCHIP" ledger requeue --record "$record" --reason "today" "${on[@]}"
portrait=people/$(field "$record" portrait)
cp "$portrait" face
cp "people/$(sed -n '2s/.*"portrait":"\([^"]*\)".*/\1/p' people/day.jsonl)" "$portrait"
! cmp -s face "$portrait" || die "the face is the same"
code=0
drive "${line[@]}" || code=$?
[ $code = 65 ] || die "another face is written than two operators have seen ($code)"
cp face "$portrait"
# The same release is for that document, which is not live any more.
expect 40 "$IDCHIP" "${reprint[@]}" --request lost.txt --release lost.An lost.Binh --operators operators
drive "${line[@]}" || die "the reprint was not made"
expect 0 "$IDCHIP" ledger find --record "$record" "${on[@]}"
out_has "replaced"
out_has "released by An and Binh"
[ "$(count 's["jobs"].get("issued", 0)')" = 24 ] && [ "$(count 's["jobs"].get("replaced", 0)')" = 1 ] || die "old and new are not one each"

# --- a record that is withdrawn, corrected, and made after all
"$IDCHIP" sample --count 1 --seed 99 --out more >/dev/null
sed -i 's/"record":"[^"]*"/"record":"Đỏ-ấ"/' more/records.jsonl
expect 0 "$IDCHIP" ledger import more/records.jsonl "${on[@]}"
expect 0 "$IDCHIP" ledger find --record Đỏ-ấ "${on[@]}" --json
python3 -m json.tool out >/dev/null || die "no JSON"
out_has "****"
sed -i 's/"record":"[^"]*"/"record":"LATE"/' more/records.jsonl
expect 65 "$IDCHIP" ledger import more/records.jsonl "${on[@]}"  # its number is live
expect 0 "$IDCHIP" ledger reject --record Đỏ-ấ --reason "another name" "${on[@]}"
expect 0 "$IDCHIP" ledger import more/records.jsonl "${on[@]}"
expect 0 "$IDCHIP" ledger reject --record LATE --reason "the office asks" "${on[@]}"
expect 30 "$IDCHIP" ledger reject --record LATE --reason "again" "${on[@]}"
sed 's/"residence":"/"residence":"Nhà số 1, /' more/records.jsonl >more/corrected.jsonl
cmp -s more/records.jsonl more/corrected.jsonl && die "nothing was corrected"
expect 0 "$IDCHIP" ledger import more/corrected.jsonl "${on[@]}"
out_has "1 queued"

# --- the audit: a checkpoint that lay elsewhere, and a row that somebody changes
expect 0 "$IDCHIP" ledger checkpoint --key An.pem --certificate An.crt "${on[@]}" --station hall/line --out friday.json
expect 0 "$IDCHIP" ledger verify --trust operators --kept friday.json "${on[@]}"
out_has "whole"
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("hall.ledger")
db.execute("UPDATE event SET detail = detail || ' ' WHERE sequence = 20 AND chain = 'hall/line'")
db.commit()
PY
expect 50 "$IDCHIP" ledger verify --trust operators --kept friday.json "${on[@]}" --json
out_has '"whole":false'

# --- the campaign
province=$(python3 -c "
import csv, collections
units = collections.Counter(r['province'] for r in csv.DictReader(open('all.csv', encoding='utf-8-sig')))
w = csv.writer(open('plan.csv', 'w', encoding='utf-8'), lineterminator='\n')
w.writerow(['province', 'eligible', 'target', 'deadline'])
for unit, n in sorted(units.items()): w.writerow([unit, 10 * n, 2 * n, '2099-12-31'])
print(sum(units.values()))")
expect 0 "$IDCHIP" report progress --plan plan.csv "${on[@]}" --html progress.html --csv progress.csv --json
python3 -c "
import json
total = json.load(open('out'))['total']
assert (total['done'], total['target']) == (24, 2 * $province), total"
grep -q "<html" progress.html || die "no page"
expect 0 "$IDCHIP" report progress --plan plan.csv "${on[@]}" --by commune
expect 66 "$IDCHIP" report progress --plan none.csv "${on[@]}"

# --- nothing of a person in what anybody may read
python3 "$IDCHIP_SOURCE/tests/no_person_in.py" people/records.jsonl line.log events.jsonl feeders.log
feeders_stop
