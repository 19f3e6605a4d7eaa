# A PostgreSQL server of the test's own, to be sourced after lib.sh: private folder, no network, ended by its process id.
#   postgres_start    the first time it makes the database; $postgres_address is where it is
#   postgres_stop     nothing is written out: as after a power cut
postgres_bin=$(find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' 2>/dev/null | sort -V | tail -n 1)
[ -n "$postgres_bin" ] || skip "postgresql is not installed"
# The server refuses to run as root, and nobody else gets into the test's folder.
postgres_folder=$(mktemp -d)
postgres_as=()
if [ "$(id -u)" = 0 ]; then
    need setpriv
    chown postgres "$postgres_folder"
    postgres_as=(setpriv --reuid=postgres --clear-groups)
fi
postgres_address="postgresql:///postgres?user=test&host=$postgres_folder"
postgres_pid=
trap 'postgres_stop; rm -rf "$postgres_folder"; cleanup' EXIT

postgres_start() {
    local data=$postgres_folder/data
    [ -d "$data" ] || (cd / && "${postgres_as[@]}" "$postgres_bin/initdb" -D "$data" -A trust -U test -E UTF8 --locale=C --no-sync) >postgres.log 2>&1 ||
        die "initdb: $(tail -n 3 postgres.log)"
    "${postgres_as[@]}" "$postgres_bin/postgres" -D "$data" -k "$postgres_folder" -c listen_addresses= >>postgres.log 2>&1 </dev/null &
    postgres_pid=$!
    for _ in $(seq 200); do
        "$postgres_bin/pg_isready" -q -h "$postgres_folder" && return
        kill -0 "$postgres_pid" 2>/dev/null || break
        sleep 0.05
    done
    die "PostgreSQL did not start: $(tail -n 3 postgres.log)"
}

postgres_stop() {
    [ -n "$postgres_pid" ] || return 0
    kill -QUIT "$postgres_pid" 2>/dev/null || true
    wait "$postgres_pid" 2>/dev/null || true
    postgres_pid=
}
