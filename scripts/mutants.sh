#!/usr/bin/env bash
# Changes one rule of the scheduler at a time in a throw-away copy and runs the test that must notice.
# Exit 1 if a mutant survives. MUTANTS: only those whose name contains this text.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/Sources" "$copy/Tests"
cp scripts/mutants/Package.swift "$copy/Package.swift"
cp -R Sources/Foundations/Quantities Sources/Control/ClusterModel Sources/Control/Scheduling \
  Tests/TestSupport "$copy/Sources/"
cp -R Tests/Scheduling "$copy/Tests/SchedulingTests"

# Builds the copy and runs some tests; the output goes to a log.
try() {
  swift build --package-path "$copy" --build-tests >"$copy/log" 2>&1 || return 3
  swift test --package-path "$copy" --skip-build --disable-xctest --filter "SchedulingTests.$1" \
    >"$copy/log" 2>&1
}

# The first line of a mutant's block that begins so.
field() { printf '%s\n' "$block" | sed -n "s/^$1 //p" | head -n 1; }

if ! try ''; then
  tail -n 20 "$copy/log"
  echo "the scheduler's tests fail without any mutant"
  exit 1
fi

killed=0
survivors=()
judge() {
  local name file old new test status=0
  name=$(field 'name:') file=$(field 'file:') old=$(field '-') new=$(field '+')
  test=$(field 'test:')
  case $name in *"${MUTANTS:-}"*) ;; *) return ;; esac
  local path="$copy/Sources/Scheduling/$file" whole before after
  whole=$(cat "$path")
  before=${whole%%"$old"*}
  after=${whole#*"$old"}
  if [ "$before" = "$whole" ] || [ "${after#*"$old"}" != "$after" ]; then
    printf 'stale     %-62s %s\n' "$name" "$file"
    survivors+=("$name: its text doesn't stand exactly once in $file")
    return
  fi
  printf '%s%s%s\n' "$before" "$new" "$after" >"$path"
  try "$test" || status=$?
  if [ "$status" -eq 3 ]; then
    printf 'unbuilt   %-62s %s\n' "$name" "$test"
    grep -m 3 'error:' "$copy/log" || true
    survivors+=("$name: it doesn't compile")
  elif [ "$status" -ne 0 ] && grep -q '^✘ Test run' "$copy/log"; then
    printf 'killed    %-62s %s\n' "$name" "$test"
    killed=$((killed + 1))
  else
    printf 'SURVIVED  %-62s %s\n' "$name" "$test"
    survivors+=("$name")
  fi
  printf '%s\n' "$whole" >"$path"
}

block=''
while IFS= read -r line || [ -n "$line" ]; do
  case $line in
  '#'*) ;;
  '') if [ -n "$block" ]; then judge; fi; block='' ;;
  *) block+="$line"$'\n' ;;
  esac
done <scripts/mutants/list.txt
if [ -n "$block" ]; then judge; fi

printf '%s killed, %s survived\n' "$killed" "${#survivors[@]}"
if [ "${#survivors[@]}" -gt 0 ]; then
  printf '  %s\n' "${survivors[@]}"
  exit 1
fi
