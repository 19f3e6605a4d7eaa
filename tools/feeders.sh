# Card feeders for a line, to be sourced inside tools/with-virtual-reader: one a virtual reader, each with a stack of simulated blanks. What
# moves the cards is what would move them in a hall: the events that `idchip line run --json` writes.
#   feeders_start COUNT CARDS [SIM OPTION...]    COUNT readers, CARDS blanks each; chips are kept in chips0/, chips1/ ...
#   feeders_drive < EVENTS                       takes out what may be taken out, until the events end; copies them to events.jsonl
#   feeders_stop
# Wants `$idchip`, the program.
declare -A feeder_of=()
feeder_pids=()
feeder_fds=()

feeders_start() {
    local count=$1 cards=$2 i address reader fd
    shift 2
    for i in $(seq 0 $((count - 1))); do
        address=VPCD$i reader=READER$i
        mkfifo "feeder$i"
        "$idchip" sim --connect "${!address}" --stack "$cards" --state "chips$i" "$@" <"feeder$i" >>feeders.log 2>&1 &
        feeder_pids+=($!)
        exec {fd}>"feeder$i"
        rm "feeder$i"
        feeder_fds+=("$fd")
        feeder_of[${!reader}]=$fd
    done
    for _ in $(seq 100); do
        [ "$("$idchip" readers | grep -c ': card')" -ge "$count" ] && return
        sleep 0.05
    done
    echo "the feeders have put no cards in" >&2
    return 1
}

feeders_drive() {
    local event reader
    while IFS= read -r event; do
        printf '%s\n' "$event" >>events.jsonl
        case $event in
            *'"event":"remove"'*)
                reader=${event#*\"reader\":\"}
                reader=${reader%%\"*}
                echo next >&"${feeder_of[$reader]}" ;;
        esac
    done
}

feeders_stop() {
    local pid fd
    for pid in "${feeder_pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${feeder_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    for fd in "${feeder_fds[@]}"; do exec {fd}>&-; done
    feeder_pids=() feeder_fds=()
}
