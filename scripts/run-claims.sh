#!/usr/bin/env bash
# Runs the two scenarios that the claim of 1000 Pods a minute is about and compares their verdicts
# with those they must have: it fails at default quotas and holds once every limit is raised.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${SPILLWAY:-.build/release/spillway}
folder=${SPILLWAY_OUT:-out/make-run}
wrong=0

# The verdicts in a run's summary, on one line, without repetition.
verdicts() {
  [ -e "$1/summary.json" ] || { echo none; return; }
  # A ladder's rungs have verdicts of their own.
  sed '/"ladder": \[$/,/^      \]/d' "$1/summary.json" | grep -oE '"verdict" *: *"[a-z]+"' | sed -E 's/.*"([a-z]+)"$/\1/' | sort -u |
    paste -sd ' ' -
}

expect() {
  local scenario=$1 verdict=$2 status=$3 actual=0
  rm -rf "${folder:?}/$scenario"
  "$program" run "Scenarios/$scenario.yaml" --out "$folder/$scenario" || actual=$?
  local found
  found=$(verdicts "$folder/$scenario")
  if [ "$actual" -eq "$status" ] && [ "$found" = "$verdict" ]; then
    summary+=("✔ $scenario: $verdict, as expected · $folder/$scenario/report.md")
  else
    summary+=("✘ $scenario: expected $verdict (exit $status), got $found (exit $actual)")
    wrong=1
  fi
}

summary=()
mkdir -p "$folder"
expect claim-default-quotas fails 1
expect claim-holds holds 0
printf '\n'
printf '%s\n' "${summary[@]}"
exit "$wrong"
