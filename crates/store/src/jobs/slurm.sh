#!/bin/bash
# @SHARDS@ shards as a job array, on nodes that share this folder. Exit code 2 (a file is wrong) fails a task for good; a task that
# lost its node may be requeued, and goes on where it was.
#   sbatch shards.sbatch
#   sbatch --array="$(brownout merge shards --missing)" shards.sbatch     those that are missing
#   brownout merge shards
#SBATCH --job-name=@LABEL@
#SBATCH --array=1-@SHARDS@
#SBATCH --cpus-per-task=1
#SBATCH --mem=500M
#SBATCH --requeue
#SBATCH --output=%x-%a.log
set -eu
cd "${SLURM_SUBMIT_DIR:-.}"
exec brownout @COMMAND@ @FILE_SH@ --shard "$SLURM_ARRAY_TASK_ID/@SHARDS@" --threads "${SLURM_CPUS_PER_TASK:-1}" --out shards --resume
