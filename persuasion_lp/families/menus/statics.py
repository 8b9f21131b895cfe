r"""Comparative statics of the manager's problem, by solving it along a line of parameters.

For each parameter the optimal test for a worker of known type is solved for and certified; nothing
of :mod:`persuasion_lp.theorems.lx` is used. The phase is read off the test: *pessimistic* if there
is none, *constrained* if the worker accepts with indifference (q = x w), *first best* otherwise.
Where two neighbouring parameters are in different phases, the change is found by bisection.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, ReadOnly, frozen, frozen_floats
from persuasion_lp.errors import WorkerTypeError
from persuasion_lp.extras import load
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.solve import SingleTestSettings, solve_single_test
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import as_difficulty

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Phase", "Statics", "capability_statics", "difficulty_statics"]

Phase = Literal["pessimistic", "constrained", "first best"]

INDIFFERENT = 1e-9
"""A worker accepts with indifference when q misses x w by no more than the bracket's width."""

CHANGE_WIDTH = 1e-7
"""Width to which a change of phase is bisected: above it the phases on either side are told apart
by more than the tolerance of their solutions."""


@dataclass(frozen=True, eq=False, repr=False)
class Statics(ReadOnly):
    """A comparative static, solved parameter by parameter.

    Attributes
    ----------
    parameter
        Its name: ``"capability"`` or ``"propensity"``.
    values
        The parameters, shape ``(N,)``.
    thresholds
        Lowest state on which the manager proposes; NaN where the plan is never launched.
    manager, worker
        Expected payoffs, shape ``(N,)``.
    phases
        Phase at each parameter.
    changes
        Where the phase changes, as triples (phase before, phase after, parameter).
    """

    parameter: str
    values: Floats
    thresholds: Floats
    manager: Floats
    worker: Floats
    phases: tuple[Phase, ...]
    changes: tuple[tuple[Phase, Phase, float], ...]

    def to_frame(self) -> pd.DataFrame:
        """One row per parameter."""
        pd = load("pandas", extra="frames", feature="tables")

        return pd.DataFrame(
            {
                self.parameter: self.values,
                "threshold": self.thresholds,
                "manager": self.manager,
                "worker": self.worker,
                "phase": self.phases,
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON; ``None`` where no test is offered."""
        return {
            "parameter": self.parameter,
            "values": self.values.tolist(),
            "thresholds": [None if np.isnan(t) else t for t in self.thresholds.tolist()],
            "manager": self.manager.tolist(),
            "worker": self.worker.tolist(),
            "phases": list(self.phases),
            "changes": [
                {"before": before, "after": after, "at": at} for before, after, at in self.changes
            ],
        }

    def __repr__(self) -> str:
        listed = ", ".join(f"{before} → {after} at {at:.8g}" for before, after, at in self.changes)
        return f"Statics in {self.parameter} ({self.values.size} values): {listed or 'one phase'}"


def capability_statics(difficulty: Any, payment: float, capabilities: ArrayLike) -> Statics:
    """How the optimal test and the payoffs change with the worker's capability (LX, Corollary 1).

    Parameters
    ----------
    difficulty, payment
        As in :class:`ManagerProblem`.
    capabilities
        Increasing, each with x ≥ 1 and x w < 1.
    """
    known = as_difficulty(difficulty)  # one object, which remembers the moments it has integrated

    def problem(x: float) -> ManagerProblem:
        return ManagerProblem(known, payment, [x])

    return _statics("capability", capabilities, problem)


def difficulty_statics(payment: float, capability: float, propensities: ArrayLike) -> Statics:
    """How they change with a in F(θ) = θ^a (LX, Corollary 2).

    Parameters
    ----------
    payment, capability
        w and x.
    propensities
        Increasing and positive.
    """

    def problem(a: float) -> ManagerProblem:
        return ManagerProblem(StateDistribution.power(a), payment, [capability])

    return _statics("propensity", propensities, problem)


def _statics(
    parameter: str, values: ArrayLike, problem: Callable[[float], ManagerProblem]
) -> Statics:
    line = frozen_floats(parameter, values, WorkerTypeError)
    if line.ndim != 1 or line.size == 0 or (np.diff(line) <= 0).any():
        raise WorkerTypeError(parameter, "must be given in increasing order")
    results = [solve_single_test(problem(value), SingleTestSettings()) for value in line.tolist()]
    phases = tuple(_phase(result) for result in results)
    changes = []
    for k in np.flatnonzero([one != other for one, other in itertools.pairwise(phases)]):
        changes += _changes(problem, float(line[k]), float(line[k + 1]), phases[k], phases[k + 1])
    return Statics(
        parameter=parameter,
        values=line,
        thresholds=frozen(
            np.array([r.tests[0].interval[0] if r.tests else np.nan for r in results])
        ),
        manager=frozen(np.array([r.value for r in results])),
        worker=frozen(np.array([float(r.worker_payoffs[0]) for r in results])),
        phases=phases,
        changes=tuple(changes),
    )


def _changes(
    problem: Callable[[float], ManagerProblem], low: float, high: float, before: Phase, after: Phase
) -> list[tuple[Phase, Phase, float]]:
    """Changes of phase between two parameters, those in between included."""
    if high - low <= CHANGE_WIDTH:
        return [(before, after, (low + high) / 2)]
    middle = (low + high) / 2
    there = _phase(solve_single_test(problem(middle), SingleTestSettings()))
    found = []
    if there != before:
        found += _changes(problem, low, middle, before, there)
    if there != after:
        found += _changes(problem, middle, high, there, after)
    return found


def _phase(result: MenuResult) -> Phase:
    if not result.tests:
        return "pessimistic"
    problem = result.problem
    accepted = float(np.max(problem.types)) * problem.payment if problem.types is not None else 0.0
    return "constrained" if result.tests[0].q >= accepted - INDIFFERENT else "first best"
