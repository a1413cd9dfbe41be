"""Random projects as brownout reads them, with the rules of crews, clocks and mail a second time (see cp_sat.py)."""

import csv
import datetime as dt
import random

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
# Stages of microsoft-2023: days (the last is open-ended), throttled and blocked minutes of an hour.
LADDER = [(30, 0, 0), (10, 5, 0), (10, 10, 0), (10, 20, 0), (10, 30, 5), (10, 0, 10), (10, 0, 20), (None, 0, 60)]
SCALE = 10**6  # whole numbers for CP-SAT: millionths of a point for a message a day
SECONDS = 86_400
WORK_ENDS = 16 * 3600


def day(text):
    return dt.date.fromisoformat(text)


class Project:
    """What is random, and the two files that say it."""

    def __init__(self, kind, seed):
        r = random.Random(f"{kind} {seed}")
        self.kind, self.seed = kind, seed
        self.as_of = day("2026-11-09") + dt.timedelta(days=r.randrange(40))
        self.horizon = self.as_of + dt.timedelta(days=r.randrange(55, 90))
        self.days = (self.horizon - self.as_of).days
        self.gap = r.choice([0, 0, 1, 2, 3])
        self.least = r.choice([1, 3, 3, 5])
        self.command = r.choice([0, 5, 20])
        self.pause_day = r.choice([0.5, 1, 10])
        self.delayed = r.choice([0, 0.01, 0.05])
        self.used = {2026: r.randrange(60, 91), 2027: r.randrange(60, 91)}
        self.crews = [self.crew(r, number) for number in range(r.choice([1, 1, 2]) if kind == "few" else 1)]
        if kind == "few":
            count, ahead = r.randrange(3, 13), r.choice([0, 0, 1, 3])
        else:
            # One crew with much to do, so that the stages bite although nothing is detected yet.
            count = r.randrange(6, 11)
            ahead = count
            self.crews[0]["jobs"] = 1
            self.horizon += dt.timedelta(days=40)
            self.days += 40
        self.servers = [self.server(r, number, number < ahead) for number in range(count)]
        for number, server in enumerate(self.servers):
            others = [other for other in range(number) if r.random() < 0.15]
            server["after"] = others[:2]

    def crew(self, r, number):
        works = [True] * 5 + [r.random() < 0.2] * 2
        windows = []
        for weekday in r.sample(range(7), r.choice([2, 3, 5])):
            hour, hours = r.choice([0, 2.5, 8, 16, 20, 22]), r.choice([2, 4])
            # Not into the next day, whose window may begin at midnight.
            windows.append((weekday, hour, min(hours, 24 - hour)))
        freezes = []
        if r.random() < 0.5:
            begin = self.as_of + dt.timedelta(days=r.randrange(5, 40))
            freezes.append((begin, begin + dt.timedelta(days=r.randrange(3, 15))))
        holidays = [day(one) for one in ["2026-12-24", "2026-12-25", "2027-01-01"] if r.random() < 0.7]
        return dict(name=f"c{number}", works=works, windows=windows, freezes=freezes, holidays=holidays, jobs=r.choice([1, 1, 2]))

    def server(self, r, number, ahead):
        if ahead:
            detected = dt.datetime.combine(self.as_of + dt.timedelta(days=r.randrange(1, 28)), dt.time())
        else:
            second = r.choice([0, 908, 49_200, 86_399])
            detected = dt.datetime.combine(self.as_of - dt.timedelta(days=r.randrange(1, 50)), dt.time())
            detected += dt.timedelta(seconds=second)
        lead = r.random() < 0.1
        return dict(
            name=f"s{number}", detected=detected, volume=r.randrange(5, 400), lead=r.randrange(3, 20) if lead else None,
            work=None if lead else r.choice([0, 1, 1, 2, 2, 3]) if self.kind == "few" else r.randrange(3, 8),
            crews=sorted(r.sample(range(len(self.crews)), r.randrange(1, len(self.crews) + 1))),
            earliest=self.as_of + dt.timedelta(days=r.randrange(1, 20)) if r.random() < 0.2 else None,
        )

    def write(self, directory):
        quoted = lambda items: "[" + ", ".join(f'"{item}"' for item in items) + "]"
        crews = []
        for crew in self.crews:
            clock = lambda hour: f"{int(hour):02}:{int(hour % 1 * 60):02}"
            windows = ", ".join(f'(day: "{DAYS[d]}", from: "{clock(h)}", hours: {n})' for d, h, n in crew["windows"])
            freezes = ", ".join(f'(from: "{a}", to: "{b}")' for a, b in crew["freezes"])
            works = quoted(name for name, works in zip(DAYS, crew["works"]) if works)
            crews.append(
                f'(name: "{crew["name"]}", works: {works}, holidays: {quoted(crew["holidays"])}, jobs: {crew["jobs"]}, '
                f"windows: [{windows}], freezes: [{freezes}])"
            )
        used = ", ".join(f"{year}: {days}" for year, days in self.used.items())
        text = (
            f'(version: 1, question: "{self.kind} {self.seed}", as_of: "{self.as_of}", horizon: "{self.horizon}", '
            f'policy: "microsoft-2023", fleet: "fleet.csv", gap_days: {self.gap}, crews: [{", ".join(crews)}], '
            f"pauses: (used: {{{used}}}, least_days: {self.least}, command: {float(self.command)}), "
            f"minimise: (lost: 1, delayed: {self.delayed}, exposure: 0, pause_day: {self.pause_day}), "
            "risk: (level: 0.9, failure: (prob: 0, delay: Fixed(1))), replications: 5)"
        )
        (directory / "project.ron").write_text(text)
        with open(directory / "fleet.csv", "w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow("server product build first_detected messages_per_day route target work_likely lead_days crew earliest depends_on".split())
            for one in self.servers:
                rows.writerow([
                    one["name"], "2016", "15.1.2507.57", one["detected"].isoformat() + "Z", one["volume"], "upgrade", "SE",
                    "" if one["work"] is None else one["work"], "" if one["lead"] is None else one["lead"],
                    "|".join(self.crews[crew]["name"] for crew in one["crews"]), one["earliest"] or "",
                    "|".join(self.servers[other]["name"] for other in one["after"]),
                ])

    # Rules of crews.

    def date(self, place):
        return self.as_of + dt.timedelta(days=place)

    def works_on(self, crew, place):
        date = self.date(place)
        return self.crews[crew]["works"][date.weekday()] and date not in self.crews[crew]["holidays"]

    def cut_overs(self, crew):
        """Day and second of every opening."""
        found = []
        for place in range(self.days):
            date = self.date(place)
            if any(begin <= date < end for begin, end in self.crews[crew]["freezes"]):
                continue
            found += [(place, int(hour * 3600)) for weekday, hour, _ in self.crews[crew]["windows"] if weekday == date.weekday()]
        return found

    def candidates(self, server):
        """Ways to do a server: crew, day, second, first day that must be after others' cut-overs, busy days."""
        found = []
        earliest = max(0, (server["earliest"] - self.as_of).days) if server["earliest"] else 0
        for crew in server["crews"]:
            for place, second in self.cut_overs(crew):
                if server["lead"] is not None:
                    if place >= earliest + server["lead"]:
                        found.append((crew, place, second, place, [place]))
                    continue
                left, first = server["work"], place
                back = place if second >= WORK_ENDS else place - 1
                while left > 0 and back >= 0:
                    if self.works_on(crew, back):
                        left -= 1
                        first = back
                    back -= 1
                if left or first < earliest:
                    continue
                busy = [d for d in range(first, place + 1) if d == place or self.works_on(crew, d)]
                # What a job waits for is done before the first day on which its crew is busy.
                found.append((crew, place, second, busy[0], busy))
        return found

    # Rules of clocks and mail.

    def level(self, place):
        shares = [0.202, 0.194, 0.200, 0.187, 0.187, 0.013, 0.018]
        date = self.date(place)
        quiet = (date.month, date.day) >= (12, 23) or (date.month, date.day) < (1, 3)
        human = shares[date.weekday()] / sum(shares) * 7 * (0.05 if quiet else 1.0)
        return 0.2 + 0.8 * human

    def points(self, throttled, blocked):
        return blocked / 60 + self.delayed * throttled / 60

    def cost(self, server, place, second, lag):
        """Points of an unpaused day up to a second, for one message a day, when the clock is `lag` days behind."""
        start = dt.datetime.combine(self.date(place), dt.time())
        reading = (start - server["detected"]).total_seconds() - lag * SECONDS  # below 0: not detected yet
        total, at = 0.0, 0.0
        for length, throttled, blocked in LADDER:
            begin, end = at - reading, (at + length * SECONDS if length else float("inf")) - reading
            overlap = max(0.0, min(end, second) - max(begin, 0.0))
            total += overlap * self.points(throttled, blocked)
            at += length * SECONDS if length else 0
        return total / SECONDS * self.level(place)

    def detected_place(self, server):
        return max(0, (server["detected"].date() - self.as_of).days)

    def left(self, year):
        return 90 - self.used.get(year, 0)

    def years(self):
        return sorted({self.date(place).year for place in range(self.days)})

    def pause_points(self, paused):
        """What pauses cost in themselves: days, and commands: one for each pause and for each year it goes on in."""
        commands = 0
        for place in range(self.days):
            if paused[place]:
                new_year = place > 0 and self.date(place).year != self.date(place - 1).year
                commands += place == 0 or not paused[place - 1] or new_year
        return self.pause_day * sum(paused) + self.command * commands

    def plan_points(self, cut_overs, paused):
        total = self.pause_points(paused)
        for server, (place, second) in zip(self.servers, cut_overs):
            lag = 0
            for day in range(place + 1):
                if not paused[day]:
                    total += server["volume"] * self.cost(server, day, second if day == place else SECONDS, lag)
                elif day >= self.detected_place(server):
                    lag += 1
        return total
