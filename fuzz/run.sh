#!/usr/bin/env bash
# Runs every fuzz target for its share of some seconds: `fuzz/run.sh [SECONDS]`, 60 in all by default.
#
# It needs nightly Rust and cargo-fuzz, and skips itself where they are missing. What it adds to the
# corpus goes to fuzz/grown, what it finds to fuzz/artifacts. Status 1: a target found something.
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

# The sanitizers look for what safe Rust cannot do: without them a target runs many times as often.
cargo +nightly fuzz build --sanitizer none

mapfile -t targets < <(cargo +nightly fuzz list)
share=$((seconds / ${#targets[@]}))
share=$((share > 0 ? share : 1))
found=()
for target in "${targets[@]}"; do
  grown="fuzz/grown/$target"
  log="fuzz/grown/$target.log"
  mkdir -p "$grown"
  # An input of 64 KiB is long enough for every state, and `growth` repeats its own.
  if cargo +nightly fuzz run --sanitizer none "$target" "$grown" "fuzz/corpus/$target" -- \
    -max_total_time="$share" -max_len=65536 -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
    >"$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "$target: nothing found in $runs runs, $share s"
  else
    found+=("$target")
    echo "$target: FOUND SOMETHING"
    tail -n 40 "$log"
  fi
done
if [ "${#found[@]}" -gt 0 ]; then
  echo "found something: ${found[*]}; the inputs are in fuzz/artifacts"
  exit 1
fi
