#!/usr/bin/env bash
# Runs the tests in debug, with a scratch path of its own, and prints the coverage of Sources.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=.build-coverage
log="$scratch/test.log"
mkdir -p "$scratch"
# Without a passing test run there is no profile to report on.
if ! swift test --disable-xctest --enable-code-coverage --scratch-path "$scratch" >"$log" 2>&1; then
  grep -E '^✘|error: ' "$log"
  exit 1
fi
grep -E '^✔ Test run with ' "$log"
# The toolchain's own llvm-cov: a distribution's may come first on the path and be too old.
binaries=$(dirname "$(readlink -f "$(command -v swift)")")
cov="$binaries/llvm-cov"
[ -x "$cov" ] || cov=llvm-cov
"$cov" report "$scratch/debug/spillwayPackageTests.xctest" \
  -instr-profile "$scratch/debug/codecov/default.profdata" \
  -ignore-filename-regex='\.build|Tests/'
