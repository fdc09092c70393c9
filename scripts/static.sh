#!/usr/bin/env bash
# Links the program that was built for release once more, with every library inside it, and runs it in
# a root that holds nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=.build-static
objects=$(readlink -f .build/release)/spillway.product/Objects.LinkFileList
mkdir -p "$scratch"
libraries=()
# Foundation's parts and ICU need each other, so that they are one group for the linker.
for library in Foundation FoundationEssentials FoundationInternationalization _FoundationICU \
  _FoundationCShims _FoundationCollections CoreFoundation swiftSynchronization \
  swift_StringProcessing swift_RegexParser swift_Concurrency swiftDispatch dispatch BlocksRuntime \
  swiftCore stdc++ gsl gslcblas m; do
  libraries+=(-Xlinker "-l$library")
done
clang -O2 -c scripts/static/EmptyRoot.c -o "$scratch/EmptyRoot.o"
# glibc warns of every call that looks up users or opens libraries; a simulation makes none.
swiftc -static-executable -o "$scratch/spillway" "@$objects" "$scratch/EmptyRoot.o" -Xlinker --defsym=main=spillway_main \
  -Xlinker --start-group "${libraries[@]}" -Xlinker --end-group 2>"$scratch/link.log" ||
  { grep -v 'warning: Using' "$scratch/link.log" >&2; exit 1; }
if ldd "$scratch/spillway" >/dev/null 2>&1; then
  echo "static: $scratch/spillway still needs libraries:" >&2
  ldd "$scratch/spillway" >&2
  exit 1
fi

if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
root=$(mktemp -d)
trap '$sudo rm -rf --one-file-system "$root"' EXIT
cp "$scratch/spillway" Scenarios/claim-holds.yaml "$root/"
$sudo env -i "$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)" "$root" \
  /spillway run /claim-holds.yaml --out /out --quiet
[ -s "$root/out/report.html" ]
echo "static: $scratch/spillway, $(($(stat -c %s "$scratch/spillway") >> 20)) MiB, ran in an empty root"
