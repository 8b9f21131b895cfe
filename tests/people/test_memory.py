"""What a process takes at its peak, against the memory limit that it was given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.people.test_interrupts import PRELUDE

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="pages in use are read where Linux shows them"
)

FACTOR = 1.3

CASES = {
    "coalitions": 'solve(committee(9), "simultaneous", memory_limit=limit)',
    "game": 'solve(large(8), "simultaneous", memory_limit=limit)',
    "paths": 'solve(large(5), "flexible", formulation="paths", memory_limit=limit)',
    "exact game": 'solve(written(7), "simultaneous", exact=True, memory_limit=limit)',
    "exact committee": 'solve(committee(8), "simultaneous", exact=True, memory_limit=limit)',
    "means": 'solve(means(700), "simultaneous", memory_limit=limit)',
    "transport": ('solve(means(250), "simultaneous", formulation="transport", memory_limit=limit)'),
    "exact means": 'solve(means(500), "simultaneous", exact=True, memory_limit=limit)',
    "exact transport": (
        'solve(means(150), "simultaneous", formulation="transport", exact=True, memory_limit=limit)'
    ),
    "cells": 'solve(on_cells(), "simultaneous", cells=700, memory_limit=limit)',
    "full menu": 'solve(plan(120), "menu", formulation="full", memory_limit=limit)',
    "commitment": 'solve(plan(700), "commitment", memory_limit=limit)',
    "envelopes": 'solve(smooth(300000), "flexible", memory_limit=limit)',
    "search on a grid": 'solve(smooth(200000), "sequential", memory_limit=limit)',
    "grid": 'solve(smooth(300000), "simultaneous", memory_limit=limit)',
    "belief program": 'solve(smooth(300), "flexible", formulation="lp", memory_limit=limit)',
}
"""Each takes well above the few megabytes that any solve takes."""

SCRIPT = """
import os, re
from persuasion_lp import BeliefFunction, BeliefGame
from persuasion_lp.errors import SizeError

def smooth(n):
    function = BeliefFunction(lambda x: x * (1 - x), lipschitz=1)
    return BeliefGame(0.3, [function, Receiver.threshold(0.6)], grid=n)

def on_cells():
    steps = PiecewiseLinear([0, "7/10", 1], [[0, 0], [1, 1]])
    return PosteriorMeanGame(StateDistribution.uniform(), steps)

def committee(n):
    w = weights(n)
    prior = [Fraction(int(k), int(w.sum())) for k in w.ravel()]
    return VotingGame(
        np.reshape(np.array(prior, dtype=object), w.shape),
        [Fraction(10 + k, 25) for k in range(n)],
        n // 2,
    )

def run(limit):
    try:
        {solve}
    except SizeError as error:
        return error.needed
    return 0

solve(written(3), "sequential", exact=True)
before = int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
limit = 1000
while needed := run(limit):
    limit = needed
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
print(limit, int(peak[1]) * 1024 - before)
"""


LONG = ("coalitions", "cells", "commitment", "paths", "full menu", "belief program")
"""Of the same kinds as others, and longer."""


@pytest.mark.parametrize(
    "case", [pytest.param(c, marks=[pytest.mark.nightly] if c in LONG else []) for c in CASES]
)
def test_the_peak_is_what_was_allowed(case: str) -> None:
    """With the smallest limit that is not refused, and no limit is refused for much too much."""
    code = PRELUDE + SCRIPT.format(solve=CASES[case])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        timeout=300,
    )
    limit, peak = map(int, done.stdout.split())
    assert limit > 2**25
    assert peak <= FACTOR * limit
    assert limit <= 3 * peak
