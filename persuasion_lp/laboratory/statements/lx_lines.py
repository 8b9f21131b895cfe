"""LX, Corollaries 1 and 2 along a line of parameters, by the reduced menu programme."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.core.closed_form import CLOSED_FORM_TOLERANCE, Agreement, ClosedForm
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.statics import Phase
from persuasion_lp.laboratory.draws import CapabilityLine, PropensityLine
from persuasion_lp.laboratory.statements.statement import all_equal, claim, counted
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid
from persuasion_lp.solve import solve
from persuasion_lp.theorems import lx
from persuasion_lp.theorems.lx.threshold_tests import share_from

__all__ = ["deepest_dip", "judge_corollary_1", "judge_corollary_2", "rising"]

SAME_PARAMETER = 1e-9
"""A phase that is shorter lies outside the model but for rounding."""


def judge_corollary_1(line: CapabilityLine, form: lx.Phases) -> Iterator[Agreement]:
    """Phases, launches and payoffs along capabilities, and what the first to accept brings."""
    w = line.payment

    def plan(x: float | Fraction) -> ManagerProblem:
        return ManagerProblem(line.difficulty, w, [x])

    capabilities = _inside(form, 1.0, 1.0 / w, line.shares)
    path = _Path.along([plan(x) for x in capabilities.tolist()])
    wrong = sum(
        form.phase(x) != found for x, found in zip(capabilities.tolist(), path.phases, strict=True)
    )
    yield counted(f"the phases in capability ({form.name})", wrong)
    constrained, best = path.within("constrained"), path.within("first best")
    yield from all_equal(
        form, "the manager's payoff", path.manager[path.within("pessimistic")], 0.0
    )
    yield from rising(form, "the manager's payoff", path.manager[constrained])
    yield from all_equal(form, "the manager's payoff", path.manager[best], form.value)
    yield from rising(form, "the worker's payoff", path.worker[best])
    yield from rising(form, "minus Pr(launch)", -path.launched[constrained])
    yield from all_equal(form, "Pr(launch)", path.launched[best], share_from(line.difficulty, w))
    for value in path.manager[constrained].tolist():
        below = claim(form.name, "the constrained payoff", "<", form.value)
        yield below.judge("the constrained payoff", value)
    first = plan(_first_to_accept(line))
    always = claim(form.name, "payoff from the first to accept", "==", first.mean - w)
    yield always.judge("payoff from the first to accept", solve(first, "menu").value)


def _first_to_accept(line: CapabilityLine) -> float | Fraction:
    """max{E[θ]/w, 1}; exactly, where there are finitely many states."""
    if not isinstance(line.difficulty, StateGrid):
        return max(line.difficulty.mean / line.payment, 1.0)
    known = ManagerProblem(line.difficulty, line.payment, [1]).normalized_numbers
    mean = sum(known.states * known.masses)
    return max(mean / known.payment, Fraction(1))


def judge_corollary_2(line: PropensityLine, form: lx.Phases) -> Iterator[Agreement]:
    """Phases, thresholds and payoffs along propensities; the worker's has no dip."""
    w, last = line.payment, form.changes[-1]

    def plan(a: float) -> ManagerProblem:
        return ManagerProblem(StateDistribution.beta(a, line.second), w, [line.capability])

    propensities = _inside(form, 0.0, 1.5 * last, line.shares)
    path = _Path.along([plan(a) for a in propensities.tolist()])
    wrong = sum(
        form.phase(a) != found for a, found in zip(propensities.tolist(), path.phases, strict=True)
    )
    yield counted(f"the phases in propensity ({form.name})", wrong)
    constrained, best = path.within("constrained"), path.within("first best")
    launched = path.within("first best", "constrained")
    yield from all_equal(form, "the threshold", path.thresholds[best], w)
    yield from rising(form, "minus the threshold", -path.thresholds[constrained])
    yield from all_equal(
        form, "the manager's payoff", path.manager[path.within("pessimistic")], 0.0
    )
    top = solve(plan(last), "menu")
    yield from rising(form, "the manager's payoff", np.append(path.manager[launched], top.value))
    yield from all_equal(form, "the manager's highest payoff", [top.value], form.value)
    dip = claim(form.name, "deepest dip of the worker's payoff", "<=", 0.0)
    yield dip.judge("deepest dip of the worker's payoff", deepest_dip(path.worker[launched]))


def deepest_dip(values: Floats) -> float:
    """Most by which a value is below one before and one after it; 0 if they are single-peaked."""
    before = np.maximum.accumulate(values)
    after = np.maximum.accumulate(values[::-1])[::-1]
    return float(np.max(np.minimum(before, after) - values, initial=0.0))


@dataclass(frozen=True, eq=False)
class _Path:
    """Optimal menus for known types along a line of parameters."""

    phases: tuple[Phase, ...]
    launched: Floats
    thresholds: Floats
    manager: Floats
    worker: Floats

    @classmethod
    def along(cls, plans: list[ManagerProblem]) -> _Path:
        """Solve every one; a worker who is held to 0 tells the phase."""
        results = [solve(plan, "menu", formulation="reduced") for plan in plans]
        worker = np.array([float(result.worker_payoffs[0]) for result in results])
        return cls(
            phases=tuple(map(_phase, results)),
            launched=np.array([sum(test.p for test in result.tests) for result in results]),
            thresholds=np.array([r.tests[0].interval[0] if r.tests else np.nan for r in results]),
            manager=np.array([result.value for result in results]),
            worker=worker,
        )

    def within(self, *phases: Phase) -> Integers:
        """Positions in these phases."""
        return np.flatnonzero([phase in phases for phase in self.phases])


def _phase(result: MenuResult) -> Phase:
    if not result.tests:
        return "pessimistic"
    gains = float(result.worker_payoffs[0]) > CLOSED_FORM_TOLERANCE
    return "first best" if gains else "constrained"


def _inside(form: lx.Phases, start: float, end: float, shares: Floats) -> Floats:
    """Parameters inside every phase, from ``start`` to ``end``."""
    ends = np.clip([start, *form.changes, end], start, end)
    phases = [
        low + shares * (high - low)
        for low, high in itertools.pairwise(ends.tolist())
        if high - low > SAME_PARAMETER
    ]
    return np.concatenate(phases)


def rising(form: ClosedForm, what: str, values: Floats) -> Iterator[Agreement]:
    """That every value is above the one before."""
    if values.size > 1:
        what = f"least rise of {what}"
        yield claim(form.name, what, ">", 0.0).judge(what, float(np.diff(values).min()))
