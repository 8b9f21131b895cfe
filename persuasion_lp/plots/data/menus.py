r"""Menus of tests: which states pass, and where the tests stand among all that can be run.

A test is (p, q): the probability of a proposal, and the expected difficulty when there is one. It
can be run iff

    (E[θ] − R(1 − p)) / p  ≤  q  ≤  R(p) / p,       R(p) the integral of the p hardest states

(LX, Lemma 3); the manager is trusted iff q ≥ w + max(0, E[θ] − w) / p; and a worker of type x, who
gets U = p (x w − q), is indifferent between the tests on q = x w − U / p, and between a test and
none on q = x w.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.extras import load
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.screening import ScreeningTest
from persuasion_lp.inputs import is_a
from persuasion_lp.plots.fitting import check_fits
from persuasion_lp.primitives.states import StateGrid
from persuasion_lp.words import number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["menu_region", "tests"]

SAMPLES = 200
"""Probabilities of a proposal at which curves are drawn, beside the frontier's own kinks."""

LEAST = 1e-3
"""The least probability of a proposal for which curves are drawn: they divide by it."""

Row = dict[str, Any]


def tests(of: Any) -> pd.DataFrame:
    """Which states every test proposes on, with what probability, and who takes it.

    Parameters
    ----------
    of
        The answer to a :class:`ManagerProblem`, or a :class:`ScreeningTest` of a continuous
        difficulty.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``piece``, ``low``, ``high``, ``proposal``, ``p``, ``q``, ``kind``,
        ``takers``. Parts: ``band`` (an interval of states, or one state as ``low`` = ``high``, on
        which test ``piece`` proposes with probability ``proposal`` > 0), ``test`` (its p, q, kind
        and takers' names; of a continuous distribution of types one name, the interval of takers),
        ``support`` (all states: one row each, or one interval), ``excluded`` (types that take
        none).

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("tests", of)
    problem = of.problem if is_a(of, MenuResult) else None
    offered = (of,) if problem is None else of.tests
    rows: list[Row] = []
    for piece, test in enumerate(offered):
        rows += _bands(piece, test, problem)
        about = {"p": test.p, "q": test.q, "kind": test.kind, "takers": _takers(test, problem)}
        rows.append({"part": "test", "piece": piece, **about})
    if problem is not None:
        rows += _support(problem)
        if of.excluded:
            without = tuple(type_names(problem)[k] for k in of.excluded)
            rows.append({"part": "excluded", "takers": without})
    columns = ["part", "piece", "low", "high", "proposal", "p", "q", "kind", "takers"]
    return pd.DataFrame(rows, columns=columns)


def menu_region(of: Any) -> pd.DataFrame:
    """Which (p, q) can be run and are trusted, what types are indifferent between, and the menu.

    Parameters
    ----------
    of
        A :class:`ManagerProblem`, or its answer.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``piece``, ``type``, ``p``, ``q``. Parts: ``frontier`` and ``floor`` (the
        most and the least q for each p), ``trust`` (the least q at which the manager is trusted),
        ``indifference`` (of the type ``type``, numbered by ``piece``: through the test that he
        takes, or through no test at all; of continuous types, for the lowest taker of each test),
        ``test`` (those of the answer).

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("menu_region", of)
    problem = of.problem if is_a(of, MenuResult) else of
    offered: tuple[ScreeningTest, ...] = of.tests if is_a(of, MenuResult) else ()
    difficulty, w = problem.difficulty, problem.payment
    p = np.linspace(LEAST, 1.0, SAMPLES)
    if is_a(difficulty, StateGrid):
        kinks = np.clip(np.concatenate([difficulty.top_masses, 1 - difficulty.top_masses]), 0, 1)
        p = np.union1d(p, kinks[kinks > LEAST])
    most = np.array([float(difficulty.top_mean(share)) for share in p.tolist()])
    rest = np.array([float(difficulty.top_mean(1.0 - share)) for share in p.tolist()])
    curves = [
        _curve("frontier", p, most / p),
        _curve("floor", p, np.maximum(problem.mean - rest, 0.0) / p),
        _curve("trust", p, w + problem.required / p),
    ]
    for piece, (name, cutoff, utility) in enumerate(_indifferent(problem, of, offered)):
        curves.append({**_curve("indifference", p, cutoff - utility / p), "piece": piece})
        curves[-1]["type"] = name
    frames = [pd.DataFrame(curve) for curve in curves]
    frames += [
        pd.DataFrame([{"part": "test", "piece": piece, "p": test.p, "q": test.q}])
        for piece, test in enumerate(offered)
    ]
    columns = ["part", "piece", "type", "p", "q"]
    return pd.concat(frames, ignore_index=True).reindex(columns=columns)


def type_names(problem: Any) -> tuple[str, ...]:
    """Names of finitely many types: their labels, or their capabilities."""
    if problem.types is None:
        return ()
    return problem.type_labels or tuple(number(x) for x in problem.types.tolist())


def _bands(piece: int, test: ScreeningTest, problem: Any) -> Iterator[Row]:
    if test.proposal is None:
        low, high = test.interval
        yield {"part": "band", "piece": piece, "low": low, "high": high, "proposal": 1.0}
        return
    grid = problem.difficulty
    states, proposal = grid.states.tolist(), test.proposal.tolist()
    for state, mass, chance in zip(states, grid.masses.tolist(), proposal, strict=True):
        if mass > 0 and chance > 0:
            yield {"part": "band", "piece": piece, "low": state, "high": state, "proposal": chance}


def _support(problem: Any) -> Iterator[Row]:
    difficulty = problem.difficulty
    if not is_a(difficulty, StateGrid):
        yield {"part": "support", "low": difficulty.low, "high": difficulty.high}
        return
    for state in difficulty.states[difficulty.masses > 0].tolist():
        yield {"part": "support", "low": state, "high": state}


def _takers(test: ScreeningTest, problem: Any) -> tuple[str, ...]:
    names = () if problem is None else type_names(problem)
    if names:
        return tuple(names[k] for k in test.takers)
    if not test.types:
        return ()
    return (f"in [{number(test.types[0])}, {number(test.types[-1])}]",)


def _curve(part: str, p: Floats, q: Floats) -> dict[str, Any]:
    return {"part": part, "p": p, "q": q}


def _indifferent(
    problem: Any, of: Any, offered: tuple[ScreeningTest, ...]
) -> Iterator[tuple[str, float, float]]:
    """Each type with the difficulty that it accepts, x w, and what it gets."""
    if problem.types is None:
        for test in offered:
            cutoff = test.types[0] * problem.payment
            yield number(test.types[0]), cutoff, test.p * (cutoff - test.q)
        return
    for k, name in enumerate(type_names(problem)):
        cutoff, utility = float(problem.acceptance_cutoffs[k]), 0.0
        if offered and of.choices[k] >= 0:
            test = offered[of.choices[k]]
            utility = test.p * (cutoff - test.q)
        yield name, cutoff, utility
