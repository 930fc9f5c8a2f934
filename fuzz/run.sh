#!/usr/bin/env bash
# Runs every fuzz target for an equal share of the time: `fuzz/run.sh [SECONDS]`, 60 in total by
# default.
#
# It needs nightly Rust and cargo-fuzz, and exits 0 without running if they are missing. New corpus
# inputs are written to fuzz/grown, failing ones to fuzz/artifacts. Exit status 1: a target failed.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="${1:-60}"
if ! [[ "$seconds" =~ ^[1-9][0-9]*$ ]]; then
  echo "expected a number of seconds, not \`$seconds\`: fuzz/run.sh [SECONDS]" >&2
  exit 2
fi
if ! version=$(cargo +nightly fuzz --version 2>/dev/null); then
  echo "skipped: nightly Rust or cargo-fuzz is missing (rustup toolchain install nightly; cargo install cargo-fuzz)"
  exit 0
fi
echo "$version"

# The program is safe Rust, so sanitizers find little, and they make a target many times slower.
cargo +nightly fuzz build --sanitizer none

mapfile -t targets < <(cargo +nightly fuzz list)
share=$((seconds / ${#targets[@]}))
share=$((share > 0 ? share : 1))
failed=()
for target in "${targets[@]}"; do
  grown="fuzz/grown/$target"
  log="fuzz/grown/$target.log"
  mkdir -p "$grown"
  # 64 KiB are enough to reach every state, and `growth` repeats its input.
  if cargo +nightly fuzz run --sanitizer none "$target" "$grown" "fuzz/corpus/$target" -- \
    -max_total_time="$share" -max_len=65536 -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
    >"$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "$target: no failure in $runs runs, $share s"
  else
    failed+=("$target")
    echo "$target: FAILED"
    tail -n 40 "$log"
  fi
done
if [ "${#failed[@]}" -gt 0 ]; then
  echo "failed: ${failed[*]}; the inputs are in fuzz/artifacts"
  exit 1
fi
