"""Writes salib.txt: outputs of two functions on samples of SALib's shape, and what SALib 1.6 says of them.

Run: python salib.py > salib.txt (with SALib from PyPI). The sample of the Sobol' part is a plain random one in the order A, AB_1 .. AB_3, B;
an index estimator takes any sample of that shape. Lines: a name, then numbers in full digits.
"""
import numpy as np
from SALib.analyze import morris, sobol
from SALib.sample.morris import sample

NAMES = ["a", "b", "c"]
PROBLEM = {"num_vars": 3, "names": NAMES, "bounds": [[0.0, 1.0]] * 3}


def model(x):
    return 100.0 + np.exp(2.0 * x[:, 0]) + x[:, 1] * x[:, 2] ** 2 - 3.0 * x[:, 0] * x[:, 1]


def say(name, numbers):
    print(name, *(repr(float(number)) for number in np.ravel(numbers)))


def sobol_part():
    generator = np.random.default_rng(20260901)
    a, b = generator.random((64, 3)), generator.random((64, 3))
    rows = []
    for row_a, row_b in zip(a, b):
        mixed = [np.where(np.arange(3) == i, row_b, row_a) for i in range(3)]
        rows += [row_a, *mixed, row_b]
    outputs = model(np.array(rows))
    found = sobol.analyze(PROBLEM, outputs, calc_second_order=False, seed=1)
    say("sobol_outputs", outputs)
    say("sobol_first", found["S1"])
    say("sobol_total", found["ST"])


def morris_part():
    points = sample(PROBLEM, 12, num_levels=6, seed=7)
    outputs = model(points)
    found = morris.analyze(PROBLEM, points, outputs, num_levels=6, seed=1)
    say("morris_points", points)
    say("morris_outputs", outputs)
    say("morris_mu", found["mu"])
    say("morris_mu_star", found["mu_star"])
    say("morris_sigma", found["sigma"])


sobol_part()
morris_part()
