#!/usr/bin/env python3
"""Lives @SHARDS@ shards on a Dask cluster, with no shared folder: texts are sent, shards come back.

    python3 -m pip install dask distributed
    python3 shards.py                                    on the processors of this machine
    python3 shards.py --scheduler tcp://HOST:8786        on a cluster; its workers need the program `brownout`
    brownout merge shards                                when all are there

A shard whose worker is lost is lived on another one; one whose files are wrong (exit code 2) is not tried again. Shards that
are there are kept: started again, it goes on.
"""
import argparse
import pathlib
import sys

COMMAND, FILE, STEM, SHARDS = "@COMMAND@", @FILE_JSON@, @STEM_JSON@, @SHARDS@
PATHS = @PATHS_JSON@
HERE = pathlib.Path(__file__).resolve().parent
TRIES = 4  # of a shard that fails for another reason than its files


def name(index):
    return f"{STEM}-{index:0@DIGITS@}-of-{SHARDS}.shard"


def live(texts, index, program):
    """On a worker: the bytes of a shard, or its exit code and what it says."""
    import pathlib
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for path, text in texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text)
        words = [program, COMMAND, FILE, "--shard", f"{index}/{SHARDS}", "--threads", "1", "--out", "shards", "--stdin-life"]
        # The shard ends when this worker does, however that ends: its standard input closes then.
        child = subprocess.Popen(words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        told = child.stderr.read().decode(errors="replace")
        code = child.wait()
        return (code, told) if code else (0, (folder / "shards" / name(index)).read_bytes())


def main():
    from dask.distributed import Client, as_completed

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scheduler", help="address of a cluster; without one, this machine")
    parser.add_argument("--program", default="brownout", help="the program on the workers")
    options = parser.parse_args()
    texts = {path: (HERE / "inputs" / path).read_bytes() for path in PATHS}
    shards = HERE / "shards"
    shards.mkdir(exist_ok=True)
    left = [index for index in range(1, SHARDS + 1) if not (shards / name(index)).exists()]
    tries = dict.fromkeys(left, 1)
    with Client(options.scheduler) as client:
        # Sent with every shard: what is kept on workers goes with them.
        ask = lambda index: client.submit(live, texts, index, options.program, key=f"{STEM}-{index}-{tries[index]}", pure=False)
        futures = {ask(index): index for index in left}
        done, work = SHARDS - len(left), as_completed(futures)
        for future in work:
            index = futures[future]
            code, came = future.result() if future.status == "finished" else (None, repr(future.exception()))
            if code == 0:
                part = shards / (name(index) + ".part")
                part.write_bytes(came)
                part.rename(shards / name(index))
                done += 1
                bar = "#" * (40 * done // SHARDS)
                print(f"\r[{bar:40}] {done} of {SHARDS} shards", end="", file=sys.stderr, flush=True)
            elif code == 2 or tries[index] == TRIES:
                print(f"\nshard {index}: {came}", file=sys.stderr)
                client.cancel(list(futures))
                return 2 if code == 2 else 1
            else:
                tries[index] += 1
                again = ask(index)
                futures[again] = index
                work.add(again)
    print(f"\nall are there: brownout merge {shards}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
