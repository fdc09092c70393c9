#!/usr/bin/env bash
# Runs every scenario with many other seeds. Each run checks its conservation laws and Little's law;
# a verdict may differ from seed to seed, but anything other than 0 and 1 is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${SPILLWAY:-.build/release/spillway}
folder=out/soak
mkdir -p "$folder"
for ((seed = 1; seed <= ${SOAK_SEEDS:-20}; seed++)); do
  for file in Scenarios/*.yaml; do
    status=0
    "$program" run "$file" --seed "$seed" --replications 8 --quiet --out "$folder/run" || status=$?
    if [ "$status" -gt 1 ]; then
      echo "$file with seed $seed: exit $status" >&2
      exit "$status"
    fi
  done
  echo "seed $seed: every scenario ran, every law held"
done
