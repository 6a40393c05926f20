#!/usr/bin/env bash
# Instructions per byte of text and table bytes per phrase, against .ci/ir-baseline.tsv; both are exact, so a busy
# machine changes nothing. More than 3 % more fails. `.ci/ir.sh --update` writes the baseline anew: commit it with the
# change that explains it. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
baseline=.ci/ir-baseline.tsv
if ! command -v valgrind > /dev/null; then
  echo "valgrind is not installed: instructions are not counted"
  exit 0
fi
cargo bench --quiet --bench ir --no-run
program=$(cargo bench --quiet --bench ir --no-run --message-format json 2> /dev/null |
  sed -n 's/.*"executable":"\([^"]*\/ir-[0-9a-f]*\)".*/\1/p' | tail -1)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Another compiler makes other instructions: nothing to compare.
now="# $(rustc --version)"$'\n'
for case in spans tokenize tag phrases; do
  bytes=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*measured*' "$program" "$case" 2> "$log")
  count=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$log")
  now+="$case"$'\t'"$(awk -v i="$count" -v b="$bytes" 'BEGIN { printf "%.2f", i / b }')"$'\n'
done
now+="bytes-a-phrase"$'\t'"$("$program" tables)"$'\n'
printf '%s' "$now"
if [ "${1:-}" = --update ]; then
  printf '%s' "$now" > "$baseline"
  exit 0
fi
if [ ! -f "$baseline" ]; then
  echo "no $baseline yet: write it with --update and commit it"
  exit 0
fi
if [ "$(head -1 "$baseline")" != "$(printf '%s' "$now" | head -1)" ]; then
  echo "the baseline is of another compiler: not compared"
  exit 0
fi
printf '%s' "$now" | awk -F'\t' '
  /^#/ { next }
  FNR == NR { old[$1] = $2; next }
  !($1 in old) { printf "%s has no baseline\n", $1; bad = 1; next }
  $2 > old[$1] * 1.03 { printf "%s: %s, was %s\n", $1, $2, old[$1]; bad = 1 }
  END { exit bad }' "$baseline" -
