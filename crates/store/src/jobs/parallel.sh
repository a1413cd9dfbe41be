#!/bin/sh
# @SHARDS@ shards by GNU parallel, one for each processor at a time. Started again, it goes on: shards that are there are kept.
#   sh shards.sh
#   sh shards.sh --sshlogin HOST,HOST --workdir "$PWD"     on more machines that share this folder
#   brownout merge shards
# Exit code 2 (a file is wrong) is wrong for every shard: the first failure ends all, and nothing is tried again by itself.
set -eu
cd "$(dirname "$0")"
file=@FILE_SH@
export file
seq 1 @SHARDS@ | parallel --env file --halt now,fail=1 "$@" \
    'brownout @COMMAND@ "$file" --shard {}/@SHARDS@ --threads 1 --out shards --resume'
