#!/usr/bin/env bash
# Installs the program with its manual page and completions: install.sh PROGRAM PREFIX.
set -euo pipefail

program=$1
prefix=$2
bash=$prefix/share/bash-completion/completions
zsh=$prefix/share/zsh/site-functions
fish=$prefix/share/fish/vendor_completions.d
man=$prefix/share/man/man1

install -d "$prefix/bin" "$bash" "$zsh" "$fish" "$man"
install -m 755 "$program" "$prefix/bin/spillway"
"$program" manual >"$man/spillway.1"
"$program" --generate-completion-script bash >"$bash/spillway"
"$program" --generate-completion-script zsh >"$zsh/_spillway"
"$program" --generate-completion-script fish >"$fish/spillway.fish"
echo "$prefix/bin/spillway, its manual page, and completions for bash, zsh and fish"
