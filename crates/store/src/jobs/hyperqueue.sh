#!/bin/sh
# @SHARDS@ shards as a task array of HyperQueue, on machines that share this folder. Needs a running `hq server` and workers. A task
# whose worker is lost is started again and goes on where it was; one that fails, as by exit code 2 (a file is wrong), is not.
#   sh shards.sh
#   sh shards.sh "$(brownout merge shards --missing)"     those that are missing
#   brownout merge shards
set -eu
cd "$(dirname "$0")"
hq submit --array "${1:-1-@SHARDS@}" --cpus 1 --crash-limit 5 --wait -- \
    sh -c 'exec brownout @COMMAND@ "$1" --shard "$HQ_TASK_ID/@SHARDS@" --threads 1 --out shards --resume' shard @FILE_SH@
