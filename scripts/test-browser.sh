#!/usr/bin/env bash
# Opens the reports of two scenarios and of a sweep in a headless Chromium and checks them.
# SPILLWAY_SHOTS names a folder for screenshots.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v chromium >/dev/null || ! command -v python3 >/dev/null; then
  if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq chromium python3 fonts-dejavu-core
fi
spillway="${SPILLWAY:-.build/release/spillway}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

check() {
  python3 scripts/browser/check.py "$spillway" "$work/$1" ${SPILLWAY_SHOTS:+"$SPILLWAY_SHOTS/$1"}
}

for scenario in claim-default-quotas hpa-lag; do
  # Whether the claim holds doesn't matter here.
  "$spillway" run "Scenarios/$scenario.yaml" --out "$work/$scenario" --quiet || [ $? = 1 ]
  check "$scenario"
done
"$spillway" sweep Scenarios/create-rate-sweep.yaml --replications 10 --out "$work/sweep" --quiet
"$spillway" report "$work/sweep" >/dev/null
check sweep
