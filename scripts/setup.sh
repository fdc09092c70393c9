#!/usr/bin/env bash
# Makes sure that Swift 6.3 and the GNU Scientific Library are there; installs the latter by apt
# where it is missing. SPILLWAY_NO_INSTALL=1 keeps it from installing anything.
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

needed_major=6
needed_minor=3

check_swift() {
  local hint="install Swift $needed_major.$needed_minor or later from https://www.swift.org/install"
  command -v swift >/dev/null || die "Swift is missing; $hint"
  local version
  version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p')
  version=${version%%$'\n'*}
  [ -n "$version" ] || die "'swift --version' names no version; $hint"
  local major=${version%%.*} minor=${version#*.}
  if [ "$major" -lt "$needed_major" ] ||
    { [ "$major" -eq "$needed_major" ] && [ "$minor" -lt "$needed_minor" ]; }; then
    die "Swift $version is too old; $hint"
  fi
}

check_git() {
  command -v git >/dev/null || die "git is missing; the Swift package manager fetches with it"
}

has_gsl() {
  if command -v pkg-config >/dev/null; then
    pkg-config --exists gsl
  else
    [ -e /usr/include/gsl/gsl_rng.h ] || [ -e /usr/local/include/gsl/gsl_rng.h ]
  fi
}

# Runs apt-get as root, after saying so; its own chatter is shown only if it fails.
as_root() {
  local log
  if [ "$(id -u)" -eq 0 ]; then
    say "running: $*"
    log=$(DEBIAN_FRONTEND=noninteractive "$@" 2>&1) || { printf '%s\n' "$log" >&2; return 1; }
  else
    command -v sudo >/dev/null || die "that needs root and there is no sudo; run as root: $*"
    say "running: sudo $* (sudo may ask for your password)"
    sudo env DEBIAN_FRONTEND=noninteractive "$@" >/dev/null
  fi
}

install_gsl() {
  local install=(apt-get install -qq -y --no-install-recommends libgsl-dev)
  say "the GNU Scientific Library is missing"
  if [ "${SPILLWAY_NO_INSTALL:-}" = 1 ]; then
    die "SPILLWAY_NO_INSTALL=1, so nothing is installed; install libgsl-dev and run again"
  fi
  if ! command -v apt-get >/dev/null; then
    die "there is no apt-get here; install GSL with its headers (brew install gsl, dnf install" \
      "gsl-devel, pacman -S gsl) and run again"
  fi
  if ! apt-cache show libgsl-dev >/dev/null 2>&1; then
    as_root apt-get update -qq || die "apt-get can't fetch its lists; install libgsl-dev yourself"
  fi
  # Lists that are there may still be too old for the mirror.
  as_root "${install[@]}" || { as_root apt-get update -qq && as_root "${install[@]}"; } ||
    die "apt-get couldn't install libgsl-dev"
  has_gsl || die "libgsl-dev is installed, but pkg-config still doesn't find gsl"
}

check_swift
check_git
has_gsl || install_gsl
