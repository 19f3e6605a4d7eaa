#!/bin/bash
# Replays the seeds of every fuzz target, then fuzzes each for SECONDS: replay.sh SECONDS BUILD_DIR [TARGET...]
# Exit: 0 nothing found; 1 a find (its input lies in BUILD_DIR/fuzz/finds); 64 usage.
set -u
if [ $# -lt 2 ]; then
  echo "usage: $0 SECONDS BUILD_DIR [TARGET...]" >&2
  exit 64
fi
seconds=$1
build=$(cd "$2" && pwd) || exit 64
shift 2
source=$(cd "$(dirname "$0")" && pwd)
finds=$build/fuzz/finds
mkdir -p "$finds"

# Longest input worth trying: several times the longest seed; where length is the attack, more.
max_len() {
  case $1 in
    dg2|image_header) echo 8192 ;;
    master_list|deviation_list|lint) echo 6144 ;;
    ldif) echo 2048 ;;
    pace|chip_auth|emrtd|read_session|active_auth|bundle_journal) echo 4096 ;;
    sod|certificate|crl|profile|script|evidence_json) echo 6144 ;;
    card_keys|tlv|der|apdu|cv_certificate|sm_unwrap|face_record|finger_record|iris_record|iso39794|enveloped|bundle|release) echo 2048 ;;
    dg3|dg4|dg11|dg12|dg13|dg14|dg16|vietnam_qr|record|show|plan) echo 1024 ;;
    *) echo 512 ;;
  esac
}

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:allocator_may_return_null=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
failed=0
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for file in "$source"/fuzz_*.cpp; do
    name=$(basename "$file" .cpp)
    targets+=("${name#fuzz_}")
  done
fi

for target in "${targets[@]}"; do
  program=$build/fuzz/fuzz_$target
  seeds=$source/seeds/$target
  limits=(-timeout=5 -rss_limit_mb=512 "-max_len=$(max_len "$target")" "-artifact_prefix=$finds/$target-")
  if [ ! -x "$program" ] || [ ! -d "$seeds" ]; then
    echo "$target: no program or no seeds"
    failed=1
    continue
  fi
  log=$(mktemp)
  corpus=$(mktemp -d)
  if ! "$program" "${limits[@]}" "$seeds"/* >"$log" 2>&1; then
    echo "$target: FOUND while replaying the seeds"
    tail -n 40 "$log"
    failed=1
  elif [ "$seconds" -gt 0 ]; then
    if "$program" "${limits[@]}" -max_total_time="$seconds" -print_final_stats=1 "$corpus" "$seeds" >"$log" 2>&1; then
      runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
      rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
      coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
      printf '%-14s %3d seeds, %10d executions, %7d a second, coverage %s\n' "$target" "$(ls "$seeds" | wc -l)" "$runs" "$rate" "$coverage"
    else
      echo "$target: FOUND"
      tail -n 40 "$log"
      failed=1
    fi
  else
    printf '%-14s %3d seeds replayed\n' "$target" "$(ls "$seeds" | wc -l)"
  fi
  rm -rf "$log" "$corpus"
done
exit $failed
