"""Problems for a comparison of two trees, in public terms only.

Run as a script it is the worker of :mod:`benchmarks.against`: for each line of standard input, the
name of a case, it solves the case and prints the seconds of one ``solve`` as JSON. It imports
nothing but numpy and whatever ``persuasion_lp`` stands first on its path.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import persuasion_lp as plp

__all__ = ["CASES"]

Case = tuple[Any, str, dict[str, Any]]


def _game(n: int, procedure: str, **settings: Any) -> Case:
    rng = np.random.default_rng([n, 0])
    prior = rng.dirichlet(np.full(2**n, 0.3)).reshape((2,) * n)
    receivers = [plp.Receiver.threshold(cutoff) for cutoff in rng.uniform(0.5, 0.9, n)]
    return plp.PersuasionGame(prior, receivers), procedure, settings


def _vote(n: int, procedure: str, **settings: Any) -> Case:
    rng = np.random.default_rng(n)
    prior = rng.dirichlet(np.full(2**n, 0.3)).reshape((2,) * n)
    return plp.VotingGame(prior, rng.uniform(0.6, 0.95, n), n // 2 + 1), procedure, settings


def _menu(types: int, states: int, payment: float, procedure: str, **settings: Any) -> Case:
    rng = np.random.default_rng([types, states, 0])
    masses = rng.dirichlet(np.full(states, 5.0))
    probs = rng.dirichlet(np.ones(types))
    problem = plp.ManagerProblem(
        plp.StateGrid(np.sort(rng.random(states)), masses / masses.sum()),
        payment,
        np.sort(rng.uniform(1.01, 0.99 / payment, types)),
        probs / probs.sum(),
    )
    return problem, procedure, settings


def _beliefs(n: int, procedure: str) -> Case:
    rng = np.random.default_rng(n)
    receivers = [plp.Receiver(np.sort(rng.random(3)), rng.random(4)) for _ in range(n)]
    return plp.BeliefGame(0.45, receivers), procedure, {}


def _means(states: int) -> Case:
    rng = np.random.default_rng(states)
    prior = plp.StateGrid(np.sort(rng.random(states)), np.full(states, 1 / states))
    payoff = plp.PiecewiseLinear.steps([0.3, 0.5, 0.7], [0.0, 0.4, 0.5, 1.0])
    return plp.PosteriorMeanGame(prior, payoff), "simultaneous", {}


def _cases() -> Iterator[tuple[str, Callable[[], Case]]]:
    for n in (2, 3, 4, 5, 6):
        yield f"games/simultaneous, {n}", partial(_game, n, "simultaneous")
    for n in (2, 4, 6, 8):
        yield f"games/sequential, {n}", partial(_game, n, "sequential", order=tuple(range(n)))
    for n in (2, 3, 4):
        yield f"games/flexible, {n}", partial(_game, n, "flexible")
    for n in (2, 4, 6, 8):
        yield f"games/first-best, {n}", partial(_game, n, "first_best")
    for n in (3, 4):
        yield f"games/best-order, {n}", partial(_game, n, "sequential")
    for n in (3, 5, 7):
        yield f"votes/sequential, {n}", partial(_vote, n, "sequential", order=tuple(range(n)))
        yield f"votes/first-best, {n}", partial(_vote, n, "first_best")
    for n in (2, 5, 7):
        yield f"beliefs/order, {n}", partial(_beliefs, n, "sequential")
    for types in (10, 30, 100):
        yield f"menus/one-programme, {types}", partial(_menu, types, 1000, 0.55, "menu")
    for types in (10, 30):
        yield f"menus/lowest-served, {types}", partial(_menu, types, 1000, 0.4, "menu")
    for states in (10, 100, 1000):
        yield f"menus/many-states, {states}", partial(_menu, 5, states, 0.55, "menu")
    yield "menus/commitment, 100", partial(_menu, 5, 100, 0.55, "commitment")
    for states in (10, 100):
        yield f"means/steps, {states}", partial(_means, states)


CASES: dict[str, Callable[[], Case]] = dict(_cases())


def _seconds(case: Case) -> float:
    problem, procedure, settings = case
    solve: Callable[..., Any] = plp.solve
    started = time.perf_counter()
    solve(problem, procedure, **settings)
    return time.perf_counter() - started


def main() -> None:
    """Answer every line with the seconds that its case takes."""
    built: dict[str, Case] = {}
    for line in sys.stdin:
        name = line.strip()
        if name not in built:
            built[name] = CASES[name]()
            _seconds(built[name])  # imports and caches: not counted
        print(json.dumps(_seconds(built[name])), flush=True)


if __name__ == "__main__":
    main()
