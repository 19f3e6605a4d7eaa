#!/usr/bin/env bash
# The walk of CONTRIBUTING.md: a profile for a new card without a compiler, executed line by line as it stands there.
. "$(dirname "$0")/../lib.sh"
inside_virtual_reader

"$IDCHIP" sample --count 1 --seed 7 --out people >/dev/null
"$IDCHIP" pki init --out pki >/dev/null
"$IDCHIP" sim --connect "$VPCD" --blank gp-dgi --channel scp02 --keys-out keys.json >/dev/null &
pids+=("$!")
for _ in $(seq 100); do "$IDCHIP" readers | grep -q "^$READER: card" && break; sleep 0.05; done

export READER PROFILES="$IDCHIP_SOURCE/profiles" PATH="$(dirname "$IDCHIP"):$PATH"
sed -n '/^```sh$/,/^```$/p' "$IDCHIP_SOURCE/CONTRIBUTING.md" | grep -v '^```' > walk.sh
[ "$(grep -vc '^#' walk.sh)" -ge 8 ] || die "CONTRIBUTING.md has no walk"
expect 0 bash -eu walk.sh
out_has "my-card"
out_has "blank"
out_has "store files"
out_has "locked, lock proven, ACCEPT"
out_has '"signed_off": true'
echo "new profile: ok"
