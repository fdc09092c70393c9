#!/usr/bin/env bash
# Kills a sweep at twenty random moments (kill -9), lets it go on each time, and compares what comes
# out with a sweep that nobody disturbed, byte for byte. KILLS: another number of kills; KILL_SEED:
# other moments.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${SPILLWAY:-.build/release/spillway}
kills=${KILLS:-20}
RANDOM=${KILL_SEED:-7}
folder=out/test-kill
scenario=Scenarios/create-rate-sweep.yaml
shards=3
sweep=("$program" sweep "$scenario" --replications 40 --quiet)

rm -rf "$folder"
mkdir -p "$folder"
started=$(date +%s%N)
"${sweep[@]}" --out "$folder/whole"
took=$((($(date +%s%N) - started) / 1000000))
echo "undisturbed: $took ms"

# A shard takes a third of that; a kill comes at any moment of it. Loading takes part of it, so that
# a kill may come before, in and after the runs, and in the middle of a row.
killed=0
shard=1
while [ "$killed" -lt "$kills" ]; do
  "${sweep[@]}" --shard "$shard/$shards" --out "$folder/killed" 2>/dev/null &
  process=$!
  pause=$((RANDOM % (took / shards + 1)))
  sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
  if kill -9 "$process" 2>/dev/null; then
    wait "$process" 2>/dev/null || true
    killed=$((killed + 1))
    file="$folder/killed/shards/shard-$shard-of-$shards.csv"
    rows=0
    [ ! -e "$file" ] || rows=$(grep -cv '^#' "$file" || true)
    printf 'kill %2d: shard %d after %4d ms, %3d rows there\n' "$killed" "$shard" "$pause" "$rows"
  else
    wait "$process"
    # It was done before its time had come: the next one's turn, or again from the start.
    if [ "$shard" -lt "$shards" ]; then
      shard=$((shard + 1))
    else
      rm -rf "$folder/killed"
      shard=1
    fi
  fi
done
for ((shard = 1; shard <= shards; shard++)); do
  "${sweep[@]}" --shard "$shard/$shards" --out "$folder/killed"
done
"$program" merge "$folder/killed"

wrong=0
for file in plan.json results.csv; do
  one=$(sha256sum <"$folder/whole/$file")
  other=$(sha256sum <"$folder/killed/$file")
  echo "$file: ${one%% *} ${other%% *}"
  [ "$one" = "$other" ] || wrong=1
done
[ "$wrong" -eq 0 ] || { echo "the bytes differ" >&2; exit 1; }
echo "$killed kills left no trace"
