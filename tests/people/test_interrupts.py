"""Ctrl-C in the middle of a solve, and time limits, as whoever runs a script meets them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver
from persuasion_lp.theorems import RationalInstance

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX sends them")

ROOT = Path(__file__).parents[2]

LATE = 2.0
"""Seconds: one is promised, another one is for a machine that does other things too."""

PRELUDE = """
import time
from fractions import Fraction
import numpy as np
from persuasion_lp import BeliefFunction, BeliefGame, ManagerProblem, PersuasionGame
from persuasion_lp import PiecewiseLinear, PosteriorMeanGame, Receiver, SolverOptions
from persuasion_lp import StateDistribution, StateGrid, VotingGame, solve

def weights(n):
    return np.random.default_rng(0).integers(1, 50, (2,) * n)

def large(n):
    w = weights(n)
    cutoffs = np.random.default_rng(1).uniform(0.5, 0.9, n)
    return PersuasionGame(w / w.sum(), [Receiver.threshold(c) for c in cutoffs])

def written(n):
    w = weights(n)
    prior = [Fraction(int(k), int(w.sum())) for k in w.ravel()]
    receivers = [Receiver.threshold(Fraction(10 + k, 20)) for k in range(n)]
    return PersuasionGame(np.reshape(np.array(prior, dtype=object), w.shape), receivers)

def means(n):
    return PosteriorMeanGame(
        StateGrid([Fraction(k, n) for k in range(n + 1)]),
        PiecewiseLinear([0, "7/10", 1], [[0, 0], [1, 1]]),
    )

def plan(n):
    theta = [Fraction(2 * k + 1, 2 * n) for k in range(n)]
    return ManagerProblem(StateGrid(theta), Fraction(9, 20), [1 + Fraction(k, n) for k in range(n)])

def of_types():
    from scipy import stats
    return ManagerProblem(StateDistribution.beta(2, 3), 0.3, stats.uniform(1.1, 1.5))

def smooth(prior, steps):
    function = BeliefFunction(lambda x: np.sin(7 * x).sum(axis=-1) if x.ndim > 1 else x * (1 - x),
                              lipschitz=20)
    return BeliefGame(prior, [function] * 3, grid=steps)
"""

SLOW = {
    "dual simplex": 'solve(large(9), "simultaneous", options=options("dual-simplex"))',
    "primal simplex": 'solve(large(9), "simultaneous", options=options("primal-simplex"))',
    "interior point": 'solve(large(9), "simultaneous", options=options("ipm"))',
    "order": 'solve(large(9), "sequential", options=options("auto"))',
    "exact game": 'solve(written(7), "simultaneous", exact=True, options=options("auto"))',
    "exact means": 'solve(means(400), "simultaneous", exact=True, options=options("auto"))',
    "transport": (
        'solve(means(700), "simultaneous", formulation="transport", options=options("auto"))'
    ),
    "programme after programme": (
        'solve(plan(120), "menu", formulation="reduced", options=options("auto"))'
    ),
    "continuous types": 'solve(of_types(), "menu", tol=1e-13, options=options("auto"))',
    "finer grids": 'solve(smooth(0.3, 10), "flexible", tol=1e-13, options=options("auto"))',
    "search on a simplex": (
        'solve(smooth([0.3, 0.3, 0.4], 250), "sequential", options=options("auto"))'
    ),
}

SCRIPT = """
def options(algorithm):
    return SolverOptions(algorithm=algorithm, time_limit={limit})

print("started", flush=True)
started = time.perf_counter()
try:
    {solve}
    while {limit} is None:
        {solve}
    print("ended by itself", flush=True)
except (KeyboardInterrupt, RuntimeError) as ended:
    print(type(ended).__name__, time.perf_counter() - started, flush=True)
judges = PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2)
print(round(solve(judges, "sequential").value, 9), round(solve(large(5), "simultaneous").value, 6))
"""


def hear_interrupts() -> None:
    """What a shell starts in the background ignores interrupts, and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def process(command: list[str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, preexec_fn=hear_interrupts
    )


def script(solve: str, limit: float | None) -> subprocess.Popen[str]:
    code = PRELUDE + SCRIPT.format(solve=solve, limit=limit)
    return process([sys.executable, "-c", code])


@pytest.fixture(scope="module")
def afterwards() -> str:
    """What the solves after the interrupt give in a process of their own."""
    with script("raise KeyboardInterrupt", None) as run:
        return run.communicate(timeout=60)[0].splitlines()[-1]


@pytest.mark.parametrize("phase", SLOW)
def test_an_interrupt_returns_at_once_and_the_next_solve_is_right(
    phase: str, afterwards: str
) -> None:
    with script(SLOW[phase], None) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "started\n"
        time.sleep(1.0)
        run.send_signal(signal.SIGINT)
        sent = time.perf_counter()
        ended = run.stdout.readline()
        late = time.perf_counter() - sent
        rest, errors = run.communicate(timeout=60)
    assert ended.split()[0] == "KeyboardInterrupt"
    assert late < LATE
    assert rest.splitlines() == [afterwards]
    assert errors == ""


@pytest.mark.parametrize("phase", SLOW)
def test_a_time_limit_is_one_for_the_whole_call(phase: str, afterwards: str) -> None:
    limit = 0.3
    with script(SLOW[phase], limit) as run:
        output, _ = run.communicate(timeout=60)
    _, ended, rest = output.splitlines()
    kind, seconds = ended.split()
    assert kind == "LimitError"
    assert float(seconds) < 1.1 * limit + LATE
    assert rest == afterwards


def test_the_command_line_is_interrupted_without_a_traceback(tmp_path: Path) -> None:
    counts = np.random.default_rng(0).integers(1, 50, (2,) * 9)
    prior = [Fraction(int(count), int(counts.sum())) for count in counts.ravel()]
    receivers = [Receiver.threshold(Fraction(10 + k, 20)) for k in range(9)]
    game = PersuasionGame(np.reshape(np.array(prior, dtype=object), counts.shape), receivers)
    instance = tmp_path / "large.json"
    instance.write_text(RationalInstance.of(game).to_json(), encoding="utf-8")
    arguments = ["solve", str(instance), "--procedure", "simultaneous"]
    with process([sys.executable, "-m", "persuasion_lp", *arguments]) as run:
        time.sleep(4.0)
        run.send_signal(signal.SIGINT)
        sent = time.perf_counter()
        output, errors = run.communicate(timeout=60)
        late = time.perf_counter() - sent
    assert (run.returncode, output, errors) == (130, "", "")
    assert late < LATE
