#!/usr/bin/env bash
# Builds the documentation's site into docs/: the guides, the decision records, and the reference of
# every public declaration, by the DocC that comes with Swift.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build
tools=$(dirname "$(readlink -f "$(command -v swift)")")
scratch=.build/docs
rm -rf "$scratch"
mkdir -p "$scratch/symbols" "$scratch/Spillway.docc"
modules=$(cd Sources && ls -d */*/ | cut -d / -f 2 | grep -vE '^C(GSL|Random)$')
triple=$(swift -print-target-info | sed -nE 's/.*"unversionedTriple": "(.*)".*/\1/p' | head -n 1)
for module in $modules; do
  "$tools/swift-symbolgraph-extract" -module-name "$module" -target "$triple" \
    -I .build/debug/Modules -I Sources/Foundations/CGSL -I .build/checkouts/Yams/Sources/CYaml/include \
    -Xcc -fmodule-map-file="$PWD/Sources/Foundations/CGSL/module.modulemap" \
    -Xcc -fmodule-map-file="$PWD/.build/debug/CRandom.build/module.modulemap" \
    -minimum-access-level public -output-dir "$scratch/symbols"
done
cp Documentation/Spillway.docc/*.md Documentation/*.md "$scratch/Spillway.docc/"
for record in Documentation/Decisions/0*.md; do
  cp "$record" "$scratch/Spillway.docc/decision-$(basename "$record")"
done
{
  printf '# Decisions\n\nWhy it is built the way it is, a page each.\n\n## Topics\n\n### Records\n\n'
  for record in Documentation/Decisions/0*.md; do
    printf -- '- <doc:decision-%s>\n' "$(basename "$record" .md)"
  done
} >"$scratch/Spillway.docc/Decisions.md"
"$tools/docc" convert "$scratch/Spillway.docc" --additional-symbol-graph-dir "$scratch/symbols" \
  --fallback-display-name Spillway --fallback-bundle-identifier sim.spillway \
  --diagnostic-level error --transform-for-static-hosting --output-path docs
echo "docs: open docs/documentation/spillway by a web server, such as python3 -m http.server -d docs"
