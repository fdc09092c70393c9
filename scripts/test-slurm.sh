#!/usr/bin/env bash
# Runs a sweep as an array on a real Slurm: starts munged, slurmctld and slurmd for this machine
# alone, hands in the script that `sweep --emit slurm` prints, kills a task on the way, and compares
# what the merge job leaves with an undivided sweep, byte for byte. Needs root; installs Slurm by apt
# where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(realpath "${SPILLWAY:-.build/release/spillway}")
folder=$PWD/out/test-slurm
scenario=$PWD/Scenarios/create-rate-sweep.yaml
state=$(mktemp -d /tmp/slurm-XXXXXX)

say() { printf 'slurm: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

[ "$(id -u)" -eq 0 ] || die "root starts the daemons; run as root"
if ! command -v slurmctld >/dev/null || ! command -v slurmd >/dev/null ||
  ! command -v munged >/dev/null; then
  [ "${SPILLWAY_NO_INSTALL:-}" != 1 ] || die "slurm-wlm or munge is missing, and nothing may be installed"
  say "installing slurm-wlm and munge"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >"$state/apt.log" 2>&1
  apt-get install -qq -y --no-install-recommends slurm-wlm munge >>"$state/apt.log" 2>&1 ||
    { tail -n 20 "$state/apt.log"; die "apt-get couldn't install them"; }
fi

started=()
stop() {
  local status=$? pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [ "$status" -ne 0 ]; then
    tail -n 20 "$state"/*.log 2>/dev/null || true
    cp "$state"/*.log "$folder/" 2>/dev/null || true
  fi
  rm -rf "$state"
}
trap stop EXIT

# Every daemon has ports and files of its own, so that a Slurm that is there already isn't touched.
base=$((20000 + RANDOM % 20000))
host=$(hostname -s)
processors=$(nproc)
mkdir -p "$state/spool" "$state/state" "$state/munge"
cat >"$state/slurm.conf" <<CONF
ClusterName=spillway
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$state/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmctldPort=$base
SlurmdPort=$((base + 1))
StateSaveLocation=$state/state
SlurmdSpoolDir=$state/spool
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd.pid
SlurmctldLogFile=$state/slurmctld.log
SlurmdLogFile=$state/slurmd.log
SchedulerParameters=batch_sched_delay=0,sched_interval=2
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$processors
PartitionName=main Nodes=$host Default=YES State=UP
CONF
export SLURM_CONF=$state/slurm.conf
dd if=/dev/urandom of="$state/munge/key" bs=1024 count=1 2>/dev/null
chmod 600 "$state/munge/key"
chmod 755 "$state" "$state/munge"
munged --foreground --force --key-file="$state/munge/key" --socket="$state/munge/socket" \
  --pid-file="$state/munge/pid" --seed-file="$state/munge/seed" --log-file="$state/munged.log" \
  >"$state/munged.out" 2>&1 &
started+=("$!")
for _ in $(seq 50); do [ -S "$state/munge/socket" ] && break; sleep 0.1; done
[ -S "$state/munge/socket" ] || { cat "$state/munged.out"; die "munged doesn't start"; }
slurmctld -D >"$state/slurmctld.out" 2>&1 &
started+=("$!")
slurmd -D >"$state/slurmd.out" 2>&1 &
started+=("$!")
for _ in $(seq 60); do
  [ "$(sinfo -h -o %t 2>/dev/null)" = idle ] && break
  sleep 0.5
done
say "$(sinfo --version), $(sinfo -h -o '%n is %t with %c processors')"
[ "$(sinfo -h -o %t)" = idle ] || die "the node isn't idle"

rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
options=("$scenario" --replications 40)
"$program" sweep "${options[@]}" --out whole --quiet
"$program" sweep "${options[@]}" --out results --shards 6 --emit slurm >sweep.sh
say "the script: $(grep -c . sweep.sh) lines, $(grep '^#SBATCH --array=' sweep.sh)"

# Whether a job is still to run or running.
lives() { [ -n "$(squeue -h -j "$1" -o %T 2>/dev/null)" ]; }

waits() {
  for _ in $(seq 600); do lives "$1" || return 0; sleep 0.2; done
  squeue
  die "job $1 doesn't end"
}

answer=$(bash sweep.sh)
say "$answer"
array=$(sed -E 's/^array ([0-9]+).*/\1/' <<<"$answer")
merge=$(sed -E 's/.*merge ([0-9]+);.*/\1/' <<<"$answer")
# The first task that has written rows and isn't done yet is killed, by its process.
victim=
for _ in $(seq 2000); do
  for file in results/shards/shard-*.csv; do
    [ -e "$file" ] || continue
    rows=$(grep -cv '^#' "$file" || true)
    if [ "$rows" -gt 0 ] && ! grep -q '^#end' "$file"; then
      number=${file#results/shards/shard-}
      number=${number%%-*}
      # It may have ended meanwhile; then another one is killed.
      process=$({ pgrep -f "$(basename "$program") sweep .*--out results" || true; } | while read -r pid; do
        if tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "SPILLWAY_SHARD=$number/6"; then
          echo "$pid"
        fi
      done | head -n 1)
      if [ -n "$process" ] && kill -9 "$process" 2>/dev/null; then victim=$number; break; fi
    fi
  done
  [ -z "$victim" ] || break
  sleep 0.01
done
[ -n "$victim" ] || die "no task could be killed on the way"
say "killed task $victim (process $process) with $(grep -cv '^#' "results/shards/shard-$victim-of-6.csv") rows written"
waits "$array"
waits "$merge"
merged=$(cat "slurm-$merge.out")
[ ! -e results/results.csv ] || die "the merge job didn't notice that a task was killed"
say "merge job $merge: $merged"
case $merged in *"shard-$victim-of-6.csv"*) ;; *) die "it doesn't name shard $victim" ;; esac

again=$(sbatch --parsable --array="$victim" sweep.sh)
waits "$again"
say "task $victim handed in again as job $again"
merge=$(sbatch --parsable --dependency="afterany:$again" --wrap "$program merge results")
waits "$merge"
say "merge job $merge: $(cat "slurm-$merge.out")"
for file in plan.json results.csv; do
  one=$(sha256sum <"whole/$file")
  other=$(sha256sum <"results/$file")
  say "$file: ${one%% *} ${other%% *}"
  [ "$one" = "$other" ] || die "$file differs"
done
say "the array gave the bytes of an undivided sweep"
