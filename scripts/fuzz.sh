#!/usr/bin/env bash
# Feeds the readers of amounts with made-up texts, under the address sanitizer. A text that crashes
# one, or that isn't the same amount once printed and read back, is left in .build-fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=.build-fuzz
mkdir -p "$scratch/corpus"
swiftc -O -swift-version 6 -parse-as-library -sanitize=fuzzer,address \
  Sources/Foundations/Quantities/*.swift scripts/fuzz/*.swift -o "$scratch/quantities"
# Every text that the tests read is a seed.
grep -hoE '"[^"\\]{1,40}"' Tests/Quantities/*.swift | sort -u | while IFS= read -r text; do
  text=${text:1:${#text}-2}
  printf '%s' "$text" >"$scratch/corpus/$(printf '%s' "$text" | cksum | cut -d ' ' -f 1)"
done
cd "$scratch"
SWIFT_BACKTRACE=enable=no ./quantities -max_total_time="${FUZZ_SECONDS:-60}" -max_len=64 \
  -print_final_stats=1 corpus
