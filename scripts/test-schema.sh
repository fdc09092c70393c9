#!/usr/bin/env bash
# Compares the JSON Schema with the readers by an independent validator, Python's jsonschema, which is
# installed by apt where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
python=python3
if ! $python -c 'import jsonschema, yaml' 2>/dev/null; then
  if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq python3 python3-jsonschema python3-yaml
  # What apt installs belongs to the system's own Python.
  $python -c 'import jsonschema, yaml' 2>/dev/null || python=/usr/bin/python3
fi
$python scripts/schema/check.py "${SPILLWAY:-.build/release/spillway}"
