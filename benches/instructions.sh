#!/bin/sh
# Instructions of the kernel and of its floor, counted by valgrind, so that figures repeat on any machine, however busy.
# Prints instructions for each server-life and their ratios within some minutes; says so and succeeds where valgrind is missing.
set -eu
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
    echo "skipped: valgrind is not installed"
    exit 0
fi

# Cargo names the program it built on its standard error.
program=$(cargo bench --bench kernel --no-run 2>&1 | sed -n 's/.*Executable.*(\(.*\)).*/\1/p')
[ -n "$program" ] || { echo "the benchmark does not build; see: cargo bench --bench kernel --no-run" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

# Instructions inside one function of the program, and all it calls.
count() {
    valgrind --tool=callgrind --callgrind-out-file="$scratch/$1" --collect-atstart=no --toggle-collect="$2" \
        "$program" --once "$1" 2>"$scratch/log"
    sed -n 's/.*Collected : //p' "$scratch/log"
}

kernel=$(count kernel '*replicate_one*')
seven=$(count seven '*replicate_one*')
ten=$(count ten '*replicate_one*')
job=$(count job '*replicate_one*')
job_lives=$(sed -n 's/^job lives //p' "$scratch/log")
floor=$(count floor '*floor::floor*')
addressed=$(count addressed '*addressed_floor*')
lives=$(sed -n 's/^lives //p' "$scratch/log")
echo "$kernel $floor $lives $seven $addressed $ten $job $job_lives" | awk '{
    printf "kernel  %6.0f instructions a server-life\n", $1 / $3
    printf "floor   %6.0f instructions a server-life\n", $2 / $3
    printf "  at addresses %.0f\n", $5 / $3
    printf "kernel = %.1f times the floor, %.1f times the floor at addresses\n", $1 / $2, $1 / $5
    printf "seven scenarios = %.2f times one\n", $4 / $1
    printf "job     %6.0f instructions a life\n", $7 / $8
    printf "ten times the servers = %.2f times the instructions\n", $6 / $1
}'
