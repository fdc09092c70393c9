#!/usr/bin/env bash
# Builds a fully static program and runs it in a root that holds nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=.build-static
swift build -c release --product spillway --scratch-path "$scratch" --static-swift-stdlib \
  -Xswiftc -static-executable
cp "$scratch/release/spillway" "$scratch/spillway"
if ldd "$scratch/spillway" >/dev/null 2>&1; then
  echo "static: $scratch/spillway still needs libraries:" >&2
  ldd "$scratch/spillway" >&2
  exit 1
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cp "$scratch/spillway" Scenarios/claim-holds.yaml "$root/"
if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
$sudo env -i "$(command -v chroot)" "$root" /spillway run /claim-holds.yaml --out /out --quiet
echo "static: $scratch/spillway, $(($(stat -c %s "$scratch/spillway") >> 20)) MiB, ran in an empty root"
