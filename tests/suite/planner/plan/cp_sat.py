"""Random projects, planned by brownout and by CP-SAT (OR-tools) with a model of its own.

The model is written from the rules of docs/MODEL.md and scenarios/plans/README.md, not from the planner's code: candidates, crews, gaps,
waiting, pauses and clocks are worked out here from the same input files. Of each project the plan that brownout wrote is checked rule
by rule and priced here; its bound must not lie above what CP-SAT found, and where it claims that no plan costs less, none does.

    python cp_sat.py PROGRAM few|ahead FIRST COUNT [DIRECTORY]

prints a line for each project and one of sums; leaves with 1 where something is broken.
"""

import csv
import datetime as dt
import json
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from cp_project import SCALE, SECONDS, Project  # noqa: E402


def broken(project, chosen, paused):
    """The rules that a plan breaks, in words."""
    found = []
    for crew in range(len(project.crews)):
        for place in range(project.days):
            busy = sum(1 for way in chosen if way[0] == crew and place in way[4])
            if busy > project.crews[crew]["jobs"]:
                found.append(f"crew {crew} has {busy} jobs on day {place}")
    places = sorted(way[1] for way in chosen)
    if project.gap and any(b - a < project.gap for a, b in zip(places, places[1:])):
        found.append("a gap is too short")
    for server, way in zip(project.servers, chosen):
        if any(chosen[other][1] >= way[3] for other in server["after"]):
            found.append(f"{server['name']} does not wait")
    for year in project.years():
        if sum(p for place, p in enumerate(paused) if project.date(place).year == year) > project.left(year):
            found.append(f"the budget of {year} is overspent")
    run = 0
    for one in list(paused) + [False]:
        if not one and 0 < run < project.least:
            found.append(f"a pause of {run} days")
        run = run + 1 if one else 0
    return found


class PlanModel:
    """The rules of a project as constraints of CP-SAT, and what its plans cost."""

    def __init__(self, project):
        from ortools.sat.python import cp_model

        self.project, self.model, self.days = project, cp_model.CpModel(), range(project.days)
        self.pause = [self.model.new_bool_var(f"p{d}") for d in self.days]
        self.most = sum(project.left(year) for year in project.years())
        self.objective = [round(project.pause_day * SCALE) * p for p in self.pause]
        self.ways, self.takes, self.lags, self.values = [], [], {}, {}

    def pauses(self):
        """Pauses last long enough and keep to the budgets; each costs its days and its commands."""
        model, pause, project, days = self.model, self.pause, self.project, self.days
        begins = []
        for d in days:
            begin = model.new_bool_var(f"b{d}")
            before = pause[d - 1] if d else 0
            model.add(begin >= pause[d] - before)
            model.add(begin <= pause[d])
            if d:
                model.add(begin + before <= 1)
            for ahead in range(project.least):
                model.add_implication(begin, pause[d + ahead]) if d + ahead < project.days else model.add(begin == 0)
            begins.append(begin)
            if d and project.date(d).year != project.date(d - 1).year:
                both = model.new_bool_var(f"y{d}")
                model.add(both >= pause[d] + pause[d - 1] - 1)
                begins.append(both)
        for year in project.years():
            model.add(sum(pause[d] for d in days if project.date(d).year == year) <= project.left(year))
        self.objective += [project.command * SCALE * b for b in begins]

    def value(self, server, d, second):
        """Points of a day for one message a day, in millionths, as the pauses have it."""
        key = (server["detected"], d, second)
        if key in self.values:
            return self.values[key]
        model, project = self.model, self.project
        first = project.detected_place(server)
        limit = max(0, min(self.most, d - first))
        table = [round(project.cost(server, d, second, lag) * SCALE) for lag in range(limit + 1)]
        if not any(table):
            self.values[key] = 0
            return 0
        if (first, d) not in self.lags:
            lag = model.new_int_var(0, limit, "")
            model.add(lag == sum(self.pause[first:d]))
            self.lags[first, d] = lag
        unpaused = model.new_int_var(0, max(table), "")
        model.add_element(self.lags[first, d], table, unpaused)
        found = model.new_int_var(0, max(table), "")
        model.add(found >= unpaused).only_enforce_if(self.pause[d].negated())
        self.values[key] = found
        return found

    def server(self, server):
        """A server is cut over once, and pays for its days until then; false if it has no candidate."""
        model, candidates = self.model, self.project.candidates(server)
        if not candidates:
            return False
        taken = [model.new_bool_var("") for _ in candidates]
        model.add_exactly_one(taken)
        self.ways.append(candidates)
        self.takes.append(taken)
        for d in self.days:
            later = [x for x, way in zip(taken, candidates) if way[1] > d]
            instants = {way[2] for way in candidates if way[1] == d}
            whole = self.value(server, d, SECONDS)
            parts = {second: self.value(server, d, second) for second in instants}
            if isinstance(whole, int) and all(isinstance(part, int) for part in parts.values()):
                continue
            pay = model.new_int_var(0, round(1.5 * SCALE * self.project.level(d)) + 10, "")
            if later and not isinstance(whole, int):
                waits = model.new_bool_var("")
                model.add(sum(later) == waits)
                model.add(pay >= whole).only_enforce_if(waits)
            for second, part in parts.items():
                if not isinstance(part, int):
                    here = [x for x, way in zip(taken, candidates) if way[1] == d and way[2] == second]
                    for x in here:
                        model.add(pay >= part).only_enforce_if(x)
            self.objective.append(server["volume"] * pay)
        return True

    def together(self):
        """Crews have room, gaps are kept, and servers wait for what comes before them."""
        model, project, ways, takes = self.model, self.project, self.ways, self.takes
        for crew in range(len(project.crews)):
            for d in self.days:
                busy = [x for w, t in zip(ways, takes) for way, x in zip(w, t) if way[0] == crew and d in way[4]]
                if len(busy) > project.crews[crew]["jobs"]:
                    model.add(sum(busy) <= project.crews[crew]["jobs"])
        if project.gap:
            for d in self.days:
                near = [x for w, t in zip(ways, takes) for way, x in zip(w, t) if d <= way[1] < d + project.gap]
                model.add_at_most_one(near)
        for number, server in enumerate(project.servers):
            for other in server["after"]:
                for way, x in zip(ways[number], takes[number]):
                    model.add_bool_or([y for w, y in zip(ways[other], takes[other]) if w[1] < way[3]] + [x.negated()])


def solve(project, seconds, hint):
    """Best objective and bound of CP-SAT in points; `None` where there is no plan."""
    from ortools.sat.python import cp_model

    plan = PlanModel(project)
    plan.pauses()
    if not all(plan.server(server) for server in project.servers):
        return None
    plan.together()
    model, ways, takes, pause = plan.model, plan.ways, plan.takes, plan.pause
    model.minimize(sum(plan.objective))
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = seconds
    if hint:
        begin_with(model, hint, pause, ways, takes)
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return float("inf"), max(0.0, solver.best_objective_bound / SCALE), "nothing found"
    # Its objective is in whole millionths a message: what its plan costs is priced like ours.
    chosen = [next(way for way, x in zip(w, t) if solver.value(x)) for w, t in zip(ways, takes)]
    cost = project.plan_points([way[1:3] for way in chosen], [bool(solver.value(p)) for p in pause])
    return cost, solver.best_objective_bound / SCALE, solver.status_name(status)


def begin_with(model, hint, pause, ways, takes):
    """Lets the search begin with a plan: its cut-overs and pauses are fixed once, and all that follows from them is the hint."""
    from ortools.sat.python import cp_model

    for x, p in zip(pause, hint[1]):
        model.add_hint(x, p)
    for candidates, taken, chosen in zip(ways, takes, hint[0]):
        for way, x in zip(candidates, taken):
            model.add_hint(x, way == chosen)
    fixed = cp_model.CpSolver()
    fixed.parameters.fix_variables_to_their_hinted_value = True
    fixed.parameters.max_time_in_seconds = 10
    if fixed.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        model.clear_hints()
        for place, value in enumerate(fixed.response_proto.solution):
            model.add_hint(model.get_int_var_from_proto_index(place), value)


def read(project, directory):
    """What brownout wrote: chosen ways, paused days, gap, and whether it calls the plan optimal."""
    rows = {row["server"]: row for row in csv.DictReader(open(directory / "out" / "plan.csv"))}
    chosen = []
    for server in project.servers:
        row = rows[server["name"]]
        at = dt.datetime.fromisoformat(row["cut_over"].rstrip("Z"))
        key = ([c["name"] for c in project.crews].index(row["crew"]), (at.date() - project.as_of).days, (at - dt.datetime.combine(at.date(), dt.time())).seconds)
        way = [way for way in project.candidates(server) if way[:3] == key]
        if not way:
            return f"{server['name']} cannot be cut over at {row['cut_over']}"
        chosen.append(way[0])
    paused = [False] * project.days
    for row in csv.DictReader(open(directory / "out" / "pauses.csv")):
        if row["held"] == "true" or row.get("kind", "") == "conditional":
            continue
        first = (dt.date.fromisoformat(row["at"][:10]) - project.as_of).days
        for place in range(first, first + int(row["days"])):
            paused[place] = True
    manifest = json.loads((directory / "out" / "manifest.json").read_text())
    return chosen, paused, manifest["gap"], manifest["optimal"]


class Sums:
    """What all projects came to."""

    def __init__(self):
        self.faults, self.excesses, self.gaps, self.proven, self.compared = [], [], [], 0, 0


def planned(program, project, directory, name, sums):
    """What brownout wrote for a project; `None` where it wrote none, which is a fault if there is a plan."""
    directory.mkdir(parents=True, exist_ok=True)
    project.write(directory)
    ran = subprocess.run(
        [program, "plan", "project.ron", "--out", "out", "--force", "--no-charts", "--time", "2"],
        cwd=directory, capture_output=True, text=True,
    )
    if ran.returncode == 2 and "no plan was found that keeps every rule" in ran.stderr:
        best = solve(project, 10, None)
        if best is not None and best[0] < float("inf"):
            sums.faults.append(f"{name}: no plan was found, though there is one of {best[0]}")
        print(f"{name}: no plan")
        return None
    if ran.returncode:
        sums.faults.append(f"{name}: {ran.stderr}")
        return None
    told = read(project, directory)
    if isinstance(told, str):
        sums.faults.append(f"{name}: {told}")
        return None
    return told


def compare(project, told, name, sums):
    """Checks a plan rule by rule, and its cost and bound against CP-SAT."""
    chosen, paused, gap, optimal = told
    sums.faults += [f"{name}: {words}" for words in broken(project, chosen, paused)]
    cost = project.plan_points([way[1:3] for way in chosen], paused)
    best = solve(project, 8, (chosen, paused))
    if best is None:
        sums.faults.append(f"{name}: CP-SAT says there is no plan")
        return
    objective, bound, status = best
    answered = objective < float("inf")
    sums.compared += answered
    objective = min(objective, cost)
    slack = 1e-4 * max(1.0, cost)
    if cost * (1 - gap) > objective + slack:
        sums.faults.append(f"{name}: the bound {cost * (1 - gap):.4f} lies above a plan of {objective:.4f}")
    if optimal and objective < cost - slack:
        sums.faults.append(f"{name}: {cost:.4f} is called the least, {objective:.4f} is less")
    if bound > cost + slack:
        sums.faults.append(f"{name}: {cost:.4f} is below the bound {bound:.4f} of CP-SAT: the models differ")
    excess = 0.0 if cost < 1e-6 else max(0.0, (cost - objective) / max(objective, 1.0))
    if answered:
        sums.excesses.append(excess)
    sums.gaps.append(gap)
    sums.proven += optimal
    print(
        f"{name}: {len(project.servers)} servers, {cost:.3f}, gap {gap:.2%}, CP-SAT {objective:.3f} ({status}, bound {bound:.3f}), "
        + (f"excess {excess:.2%}" if answered else "no excess, as CP-SAT found nothing"), flush=True,
    )


def conclude(kind, count, sums):
    """Prints what all came to, and leaves."""
    faults, excesses, gaps, compared = sums.faults, sums.excesses, sums.gaps, sums.compared
    mean, most = (sum(excesses) / len(excesses), max(excesses)) if excesses else (0.0, 0.0)
    print(f"{kind}: {len(gaps)} planned, CP-SAT solved {compared}, of these mean excess {mean:.3%}, most {most:.3%}, {sums.proven} proven, mean gap {sum(gaps) / max(len(gaps), 1):.2%}")
    if compared < len(gaps) / 4:
        # Its presolve needs seconds; on a busy machine only the rules, the costs and what it did find are checked.
        print(f"CP-SAT found a plan in time for {compared} of {len(gaps)} only")
    if kind == "few" and count > 1 and not compared:
        faults.append("CP-SAT answered for no project, so nothing was compared")
    if mean >= 0.005:
        faults.append(f"the mean excess is {mean:.3%}, not below 0.5 %")
    if most > 0.03:
        faults.append(f"the greatest excess is {most:.3%}, above 3 %")
    for fault in faults:
        print(f"FAULT {fault}")
    sys.exit(1 if faults else 0)


def main():
    program, kind, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    base = pathlib.Path(sys.argv[5]) if len(sys.argv) > 5 else pathlib.Path(tempfile.mkdtemp())
    sums = Sums()
    for seed in range(first, first + count):
        project, name = Project(kind, seed), f"{kind} {seed}"
        told = planned(program, project, base / f"{kind}-{seed}", name, sums)
        if told is not None:
            compare(project, told, name, sums)
    conclude(kind, count, sums)


if __name__ == "__main__":
    main()
