#!/usr/bin/env bash
# Writes the sample reports: every scenario that has a folder under Reports, or those named.
# What changes from run to run (the manifest with its clock) and the bulky tables stay out.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${SPILLWAY:-.build/release/spillway}
scratch=out/make-reports
if [ "$#" -eq 0 ]; then
  for folder in Reports/*/; do set -- "$@" "$(basename "$folder")"; done
fi
for scenario in "$@"; do
  rm -rf "${scratch:?}/$scenario"
  mkdir -p "$scratch" "Reports/$scenario"
  status=0
  "$program" run "Scenarios/$scenario.yaml" --out "$scratch/$scenario" >"$scratch/$scenario.log" ||
    status=$?
  # 0 and 1 are verdicts; anything else is an error.
  if [ "$status" -gt 1 ]; then
    cat "$scratch/$scenario.log"
    echo "$scenario: exit $status" >&2
    exit "$status"
  fi
  rm -rf "Reports/$scenario"
  mkdir -p "Reports/$scenario"
  cp -R "$scratch/$scenario/." "Reports/$scenario"
  rm -rf "Reports/$scenario/manifest.json" "Reports/$scenario/csv"
  echo "Reports/$scenario"
done
