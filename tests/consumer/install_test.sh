#!/usr/bin/env bash
# The installed library is found and used by a project of its own, and the installed program finds its data.
. "$(dirname "$0")/../lib.sh"
need cmake
cmake --install "$IDCHIP_BUILD" --prefix "$work/root" >"$work/out" 2>"$work/err" || die "install"
# Nothing of the source tree is needed: profiles come from the installation.
export IDCHIP_PROFILES=$work/root/share/idchip/profiles
cmake -S "$IDCHIP_SOURCE/tests/consumer/app" -B app -DCMAKE_PREFIX_PATH="$work/root" -DCMAKE_BUILD_TYPE=Debug >"$work/out" 2>"$work/err" || die "find_package(idchip)"
cmake --build app >"$work/out" 2>"$work/err" || die "consumer does not build"
expect 0 app/consumer
out_has "60145F0104303130375F36063034303030305C026175 L898902C<369080619406236 jmrtd-applet"
expect 0 "$work/root/bin/idchip" --version
expect 0 "$work/root/bin/idchip" vectors run "$work/root/share/idchip/test-vectors" --only 'bac.*'
expect 0 "$work/root/bin/idchip" sample --count 1 --seed 1 --out people
expect 0 "$work/root/bin/idchip" record check people/records.jsonl  # finds idchip-codec in libexec
echo "consumer: ok"
