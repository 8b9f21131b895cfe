"""Very many solves in one process: memory does not grow, no file handle is left."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SOLVES = 20_000
GROWTH = 10 * 2**20
"""Bytes of resident memory by which a process may grow."""

SCRIPT = """
import gc, json, os, sys
import persuasion_lp as plp

solves, leak = int(sys.argv[1]), bool(int(sys.argv[2]))
step = plp.PiecewiseLinear([0, 0.5, 1], [[0, 0], [1, 2]])
problems = [
    plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2),
    plp.PersuasionGame([0.2, 0.8], [plp.Receiver.from_utility([[0, 0], [-2, 1]], [0, 1])]),
    plp.VotingGame([[0.25, 0.25], [0.25, 0.25]], [0.7, 0.6], quota=1),
    plp.BeliefGame(0.3, [plp.Receiver.threshold(0.8), plp.PiecewiseLinear([0, 1], [0, 1])]),
    plp.ManagerProblem(plp.StateGrid([1 / 3, 0.7]), 0.45, [1.75, 1.5], [0.2, 0.8]),
    plp.PosteriorMeanGame(plp.StateGrid([0.2, 0.6]), step),
]
from persuasion_lp.core.family import family_of

jobs = [
    (problem, name)
    for problem in problems
    for name in family_of(problem).procedures_for(problem)
]
kept = []


def state():
    gc.collect()
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[1])
    return pages * os.sysconf("SC_PAGESIZE"), len(os.listdir("/proc/self/fd"))


def run(count):
    for k in range(count):
        problem, procedure = jobs[k % len(jobs)]
        result = plp.solve(problem, procedure)
        if leak:
            kept.append(result)
            kept.append(open(os.devnull))


run(min(1000, solves))
before = state()
run(solves)
after = state()
growth, handles = (now - then for now, then in zip(after, before))
print(json.dumps({"growth": growth, "handles": handles, "jobs": len(jobs)}))
"""


def endured(solves: int, *, leak: bool = False) -> dict[str, int]:
    """Growth of memory and handles over so many solves, after a thousand more."""
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT, str(solves), str(int(leak))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found


@pytest.mark.nightly
def test_twenty_thousand_solves_leave_nothing_behind() -> None:
    found = endured(SOLVES)
    assert found["jobs"] >= 15
    assert found["growth"] < GROWTH
    assert found["handles"] == 0


def test_a_leak_would_be_seen() -> None:
    found = endured(300, leak=True)
    assert found["handles"] == 300
    assert found["growth"] > 2**20
