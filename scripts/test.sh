#!/usr/bin/env bash
# Every test: unit, law and tidy tests in debug, the heavy ones in release, then the examples, which
# see the library product alone.
# Where the folder of shared reference data is beside the package, a skipped test is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

heavy='^(Conformance|Validation|Replay|CommandLine)Tests\.'
logs=.build/test-logs
mkdir -p "$logs"
failed=()
skipped=0

# Passes on what a reader needs of swift test's output: neither the start nor the success of each
# test, nor the issues that mutants are meant to record.
show() {
  local line hidden=no
  while IFS= read -r line; do
    case $line in
    '━ Test run'*) hidden=no ;;
    '◇'* | '✔ '[TS]*'"'* | '━'* | '['[0-9]* | '↳ T'*' Library Version'* | '↳ Target Platform'*)
      hidden=yes ;;
    '✔ Test run'* | '✘'* | '➜'* | *'error: '* | *'warning: '* | *'Fatal error'* | '***'* | 'Build'*)
      hidden=no ;;
    # Anything else goes on with what stands above it.
    esac
    if [ "$hidden" = no ]; then printf '%s\n' "$line"; fi
  done
}

run() {
  local name=$1 log="$logs/$1.log" status
  shift
  printf '\n== %s tests\n' "$name"
  set +e
  swift test --disable-xctest "$@" 2>&1 | tee "$log" | show
  status=${PIPESTATUS[0]}
  set -e
  if [ "$status" -ne 0 ]; then
    failed+=("$name tests (exit $status; everything they printed: $log)")
  elif ! grep -qE '^(✔|━) Test run with [1-9]' "$log"; then
    failed+=("$name tests: none was run")
  fi
  skipped=$((skipped + $(grep -cE '^➜ Test ' "$log" || true)))
}

printf '== formatting\n'
make --no-print-directory lint || failed+=("formatting ('make format' mends most of it)")
SPILLWAY_SUITES=light run debug --skip "$heavy" --explicit-target-dependency-import-check error
SPILLWAY_SUITES=heavy run release --filter "$heavy" -c release -Xswiftc -enable-testing \
  --scratch-path .build-release-tests
run examples --package-path Examples --scratch-path .build-examples
for main in Examples/*/Main.swift; do
  example=$(basename "$(dirname "$main")")
  printf '\n== example %s\n' "$example"
  if ! .build-examples/debug/"$example" | tee "$logs/$example.txt" || [ ! -s "$logs/$example.txt" ]; then
    failed+=("example $example")
  fi
done

printf '\n== summary, after %s s\n' "$SECONDS"
for name in debug release examples; do
  printf '%-8s %s\n' "$name" "$(grep -E '^(✔|✘|━) Test run with ' "$logs/$name.log" || echo '✘ none')"
done
if [ "$skipped" -gt 0 ]; then
  if [ -e ../shared ]; then
    failed+=("$skipped tests skipped, though ../shared is there")
  else
    echo "$skipped tests skipped: they read published data that is not beside this clone"
  fi
fi
if [ "${#failed[@]}" -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo "every test passed"
