#!/usr/bin/env bash
# More readers than one PC/SC service has room for: one line over two services, a process for each.
source "$(dirname "$(realpath "$0")")/../lib.sh"
need pcscd unshare
inside_virtual_reader
unshare --mount true 2>/dev/null || skip "a mount namespace is not possible here"

# The second service, with its socket in a folder of its own.
mkdir second second.conf
port=$((${VPCD##*:} + 100))
driver=$(find /usr/lib -name 'libifdvpcd.so*' -path '*serial*' | sort | head -n 1)
printf 'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x%X\nLIBPATH %s\nCHANNELID 0x%X\n' $port "$driver" $port >second.conf/vpcd
unshare --mount bash -c 'mount --bind second /run/pcscd && exec pcscd --foreground --critical --config "$PWD/second.conf"' >second.log 2>&1 &
pids+=($!)
for _ in $(seq 100); do [ -S second/pcscd.comm ] && (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null && break; sleep 0.05; done
sockets=(/run/pcscd/pcscd.comm "$work/second/pcscd.comm")
[ -S "${sockets[1]}" ] || die "the second service did not start: $(cat second.log)"

expect 0 "$IDCHIP" sample --count 6 --seed 5 --out people
expect 0 "$IDCHIP" pki init --out pki
for address in "$VPCD" "$VPCD1" "127.0.0.1:$port" "127.0.0.1:$((port + 1))"; do
    "$IDCHIP" sim --connect "$address" >/dev/null &
    pids+=($!)
done
readers_of() { PCSCLITE_CSOCK_NAME=$1 "$IDCHIP" readers | grep -c ': card' || true; }
for _ in $(seq 100); do [ "$(readers_of "${sockets[0]}")$(readers_of "${sockets[1]}")" = 22 ] && break; sleep 0.05; done

# Six records, four cards: when these are made it is told to stop, as by a Ctrl-C that reaches the first process only.
"$IDCHIP" line run --records people/records.jsonl --pki pki --ledger hall.ledger --pcscd "${sockets[@]}" --json >events 2>err &
line=$!
for _ in $(seq 400); do [ "$(grep -c '"event":"remove"' events || true)" -ge 4 ] && break; sleep 0.05; done
kill -INT $line
code=0
wait $line || code=$?
[ $code = 0 ] || die "the line ended with $code"
for k in 1 2; do
    [ "$(grep -c "\"event\":\"ended\",\"reader\":\"$k: Virtual PCD 00 0.*\"end\":\"issued\"" events)" = 2 ] || die "service $k has not made two cards: $(cat events)"
done
grep -q '"event":"stopping"' events || die "nobody says that it stops"
grep -q "2 issued" err || die "the shards' words are lost"
expect 0 "$IDCHIP" ledger status --ledger hall.ledger --json
out_has '"issued":4'
out_has '"open_cards":[]'
expect 0 "$IDCHIP" ledger verify --ledger hall.ledger

# A service that is not there.
expect 5 "$IDCHIP" line run --pki pki --ledger hall.ledger --pcscd "$work/none"
grep -q "transport.no_service\|PC/SC" "$work/err" || die "it does not say that the service is missing"
