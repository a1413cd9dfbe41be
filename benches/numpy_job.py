"""The job of job.ron as an analyst would write it in NumPy: all tenants of a replication at once, stage by stage.

Nobody waits for anybody in this job, so the ladder is walked once with arrays: how long each tenant stays in a stage, then
one histogram of the ends of all stretches, whose running sums over the days give occupancy and mail by stage and day.
Usage: numpy_job.py [TENANTS] [REPLICATIONS] [SEED] [FILE.csv]   prints time and totals; the file gets the mean daily series.
"""
import sys, time
import numpy as np

DAYS = np.array([30, 10, 10, 10, 10, 10, 10, np.inf])
DELAYED = np.array([0, 5, 10, 20, 30, 0, 0, 0]) / 60
LOST = np.array([0, 0, 0, 0, 5, 10, 20, 60]) / 60
MULT = np.array([1.4, 1.6, 1.9, 2.4, 3.0, 4.0, 6.0, 15.0])
PAUSED_MULT, PAUSE_DAYS = 1.4, 90.0
BASE = 0.045 / 30.4375
HORIZON = 1096
STAGES = len(MULT)


def replicate(n, seed):
    rng = np.random.default_rng(seed)
    detected = rng.random(n) * 30
    now = detected.copy()
    threshold = rng.standard_exponential(n)
    diligence = np.exp(1.2 * rng.standard_normal(n) - 0.72)
    volume = 560 * np.exp(1.4 * rng.standard_normal(n))
    u = rng.random(n)
    pauses_at = np.where(u < 0.25, 1, np.where(u < 0.5, 4, -1))
    left = threshold / (BASE * diligence)
    ladder = np.zeros((STAGES, HORIZON + 2))
    mail = np.zeros((STAGES, HORIZON + 2))
    times = []

    def live(most, mult, now, left):
        """How long, and who remediates."""
        most, needed = np.minimum(most, HORIZON - now), left / mult
        return np.minimum(most, needed), needed <= most

    def enter(stage, at, sign, volume):
        """Stretches that begin (sign 1) or end (-1): the rest of the day, then every later day in full."""
        day = at.astype(np.int64)
        gone = at - day
        length = HORIZON + 2
        for into, weight in ((ladder, sign), (mail, sign * volume)):
            late = weight * gone
            into[stage] += np.bincount(day, weight - late, length)
            into[stage] += np.bincount(day + 1, late, length)

    for s in range(STAGES):
        who = np.flatnonzero(pauses_at == s)
        if who.size:
            days, done = live(PAUSE_DAYS, PAUSED_MULT, now[who], left[who])
            now[who] += days
            left[who] -= days * PAUSED_MULT
            out = who[done]
            times.append(now[out] - detected[out])
            stay = now < HORIZON
            stay[out] = False
            now, left, detected, volume, pauses_at = (a[stay] for a in (now, left, detected, volume, pauses_at))
        days, done = live(DAYS[s], MULT[s], now, left)
        end = now + days
        enter(s, now, 1.0, volume)
        enter(s, end, -1.0, volume)
        times.append(end[done] - detected[done])
        stay = ~done & (end < HORIZON)
        left = (left - days * MULT[s])[stay]
        now, detected, volume, pauses_at = end[stay], detected[stay], volume[stay], pauses_at[stay]

    servers = np.cumsum(ladder, axis=1)[:, :HORIZON]
    mail = np.cumsum(mail, axis=1)[:, :HORIZON]
    times = np.concatenate(times)
    median = np.partition(times, n // 2)[n // 2] if len(times) > n // 2 else np.nan
    return LOST @ mail, DELAYED @ mail, servers, len(times), median


def main():
    argument = lambda place, default: int(sys.argv[place]) if len(sys.argv) > place else default
    n, replications, seed = argument(1, 20_000), argument(2, 10), argument(3, 42)
    begin = time.perf_counter()
    daily, rows = np.zeros((2 + STAGES, HORIZON)), []
    for replication in range(replications):
        lost, delayed, servers, remediated, median = replicate(n, seed + replication)
        daily += np.vstack([lost, delayed, servers])
        rows.append((lost.sum(), delayed.sum(), median, remediated))
    seconds = time.perf_counter() - begin
    print(f"numpy: {n} tenants x {replications}: {seconds:.3f} s, {seconds / (n * replications) * 1e9:.0f} ns a life")
    rows = np.array(rows)
    errors = rows.std(axis=0, ddof=1) / replications ** 0.5 if replications > 1 else np.zeros(4)
    for name, mean, error in zip(("lost", "delayed", "median_days", "remediated"), rows.mean(axis=0), errors):
        print(f"  {name:12} {mean:16.2f} +- {error:.2f}")
    print("  stage days  ", " ".join(f"{d:.0f}" for d in daily[2:].sum(axis=1) / replications))
    if len(sys.argv) > 4:
        table = np.column_stack([np.arange(HORIZON), (daily / replications).T])
        np.savetxt(sys.argv[4], table, fmt=["%d"] + ["%.3f"] * (2 + STAGES), delimiter=",")


main()
