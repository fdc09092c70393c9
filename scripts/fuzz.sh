#!/usr/bin/env bash
# Feeds readers with made-up texts, under libFuzzer: those of amounts (and durations) with the address
# sanitizer, then those of manifests, JSON, series, recorded failures, spot histories, SWF, SimKube's
# traces, and of everything that can be imported. A text that crashes one, that isn't the same amount
# once printed and read back, or whose diagnostics have no place, is left in .build-fuzz.
# FUZZ_SECONDS: how long each; FUZZ_READERS: which.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$PWD/.build-fuzz
seconds=${FUZZ_SECONDS:-60}
readers=${FUZZ_READERS:-amounts manifests json series faults spot swf sktrace imports}
status=0

fuzz() {
  local name=$1 length=$2
  shift 2
  mkdir -p "$scratch/$name"
  printf '\n== %s\n' "$name"
  (cd "$scratch/$name" && mkdir -p corpus &&
    SWIFT_BACKTRACE=enable=no FUZZ_READER="$name" "$@" -max_total_time="$seconds" \
      -max_len="$length" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 corpus 2>&1 |
    grep -vE '^#|NEW_FUNC') || status=1
}

amounts() {
  mkdir -p "$scratch/amounts/corpus"
  swiftc -O -swift-version 6 -parse-as-library -sanitize=fuzzer,address \
    Sources/Foundations/Quantities/*.swift scripts/fuzz/QuantitiesFuzz.swift \
    -o "$scratch/amounts/fuzz"
  # Every text that the tests read is a seed.
  grep -hoE '"[^"\\]{1,40}"' Tests/Quantities/*.swift | sort -u | while IFS= read -r text; do
    text=${text:1:${#text}-2}
    printf '%s' "$text" >"$scratch/amounts/corpus/$(printf '%s' "$text" | cksum | cut -d ' ' -f 1)"
  done
  fuzz amounts 64 ./fuzz
}

# Copies files of at most 8 kB into a reader's corpus.
seed() {
  local name=$1
  shift
  mkdir -p "$scratch/$name/corpus"
  find "$@" -type f -size -16 -exec cp -n {} "$scratch/$name/corpus/" \; 2>/dev/null || true
}

# The modules that read files, made to tell the fuzzer which branches were taken, and its entry.
build_readers() {
  swift build --scratch-path "$scratch/build" -c release --target TraceImport \
    -Xswiftc -sanitize=fuzzer
  local release=$scratch/build/release yams=$scratch/build/checkouts/Yams/Sources/CYaml/include
  find "$(readlink -f "$release")" -path '*.build/*.o' >"$scratch/objects"
  swiftc -O -swift-version 6 -parse-as-library -sanitize=fuzzer \
    scripts/fuzz/ReadersFuzz.swift Tests/Replay/FuzzedReaders.swift -I "$release/Modules" \
    -Xcc -fmodule-map-file=Sources/Foundations/CGSL/module.modulemap \
    -Xcc -fmodule-map-file="$release/CRandom.build/module.modulemap" \
    -Xcc -I -Xcc "$yams" -Xcc -fmodule-map-file="$yams/module.modulemap" \
    "@$scratch/objects" -lgsl -lgslcblas -lm -o "$scratch/readers"
}

built=""
for reader in $readers; do
  if [ "$reader" = amounts ]; then
    amounts
    continue
  fi
  if [ -z "$built" ]; then
    build_readers
    built="$scratch/readers"
  fi
  case $reader in
  manifests) seed manifests Scenarios -name '*.yaml' ;;
  json) seed json Scenarios/Invalid -name '*.json' ;;
  series | faults) seed "$reader" Scenarios -name '*.csv' ;;
  spot) seed spot Scenarios/data -name '*.json' ;;
  swf) seed swf Scenarios -name '*.swf' ;;
  sktrace) seed sktrace scripts/fuzz/seeds -name 'trace.*' ;;
  imports) seed imports scripts/fuzz/seeds -name '*.import' ;;
  esac
  fuzz "$reader" 8192 "$built"
done
exit "$status"
