r"""The certificate of a menu: what its tests prove by themselves, and the bound on all others.

From the tests (p_l, q_l, the states on which they propose) and who is said to take which:

    choice        x w p_l − r_l is, for the test l that type x takes, at least max(0, x w p_m − r_m)
                  for every test m: taking m and rejecting is included, as is taking none
    trust         after a proposal signal the manager gains by proposing, q_l ≥ w; after the null
                  signal she does not gain by claiming the other one, (E[θ] − r_l) ≤ w (1 − p_l)
    feasibility   the states on which a test proposes have mass p_l and integral r_l, and
                  E[θ] − R(1 − p_l) ≤ r_l ≤ R(p_l)
    value         Σ_j g_j (r_l(j) − w p_l(j)) is the value claimed
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.checks import Checked
from persuasion_lp.errors import InputError
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.screening import ScreeningTest, evaluate_menu, interval_masses
from persuasion_lp.inputs import in_order, is_number
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate
from persuasion_lp.primitives.distributions import StateDistribution

__all__ = ["MenuCertificate", "MenuEconomics", "certify_menu"]

MENU_TOLERANCE = 1e-8
"""Payoffs and probabilities are at most 1; ten times the solver's feasibility tolerance, as for
the program itself."""


@dataclass(frozen=True)
class MenuEconomics(Checked):
    """What has been recomputed from a menu and the problem it is for.

    Attributes
    ----------
    value
        The manager's expected payoff.
    choice_residual
        Most that a type would gain by another choice.
    worst_type
        Its position in the caller's order, if any would gain.
    trust_residual
        Most that the manager would gain by another report or by proposing otherwise.
    feasibility_residual
        Largest deviation of a test's (p, r) from the states on which it proposes, or from what
        states can give.
    value_residual
        Distance between ``value`` and the value claimed.
    tolerance
        What the residuals are judged by: :data:`MENU_TOLERANCE`, and the error of quadrature.
    """

    value: float
    choice_residual: float
    worst_type: int | None
    trust_residual: float
    feasibility_residual: float
    value_residual: float
    tolerance: float

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words; empty when the certificate holds."""
        found = []
        if not self.choice_residual <= self.tolerance:
            found.append(f"type {self.worst_type} gains {self.choice_residual:.3g} by deviating")
        if not self.trust_residual <= self.tolerance:
            found.append(f"the manager gains {self.trust_residual:.3g} by misreporting")
        if not self.feasibility_residual <= self.tolerance:
            found.append(f"feasibility of a test is missed by {self.feasibility_residual:.3g}")
        if not self.value_residual <= self.tolerance:
            found.append(f"the menu pays {self.value:.12g}, not the value claimed")
        return tuple(found)


@dataclass(frozen=True)
class MenuCertificate(Checked):
    """Both certificates of a menu, and the bound that proves it optimal.

    Attributes
    ----------
    lp
        Certificate of the linear program for the lowest served type of the menu; ``None`` if no
        type can be served, when there is nothing to solve.
    economic
        Certificate of the tests.
    upper
        Proved upper bound over every lowest served type (and, for continuous difficulty or types,
        over the continuous problem).
    tolerance
        How far ``upper`` may be above the value.
    """

    lp: LPCertificate | None
    economic: MenuEconomics
    upper: float
    tolerance: float

    @property
    def scale(self) -> float:
        """Of the programme's objective; 1 if there was none."""
        return 1.0 if self.lp is None else self.lp.scale

    @property
    def gap(self) -> float:
        """Distance of the upper bound from the value of the tests."""
        return self.upper - self.economic.value

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        found = self.economic.failures
        if self.lp is not None:
            found = self.lp.failures + found
            missing = abs(self.economic.value - self.lp.value)
            if not missing <= self.tolerance + self.economic.tolerance:
                found += (f"the tests miss the value of the programme by {missing:.3g}",)
        if not -self.economic.tolerance <= self.gap <= self.tolerance:
            found += (f"the bound over all menus leaves a gap of {self.gap:.3g}",)
        return found


def bound_tolerance(scale: float) -> float:
    """How far the bound may be above the value when states and types are finitely many."""
    return max(GAP_TOLERANCE * scale, MENU_TOLERANCE)


def certify_menu(
    problem: ManagerProblem,
    tests: Sequence[ScreeningTest],
    value: float | None = None,
) -> MenuEconomics:
    """Check a menu against a problem: choices, trust, feasibility, value.

    Parameters
    ----------
    problem
        The problem.
    tests
        The menu. The types in ``takers`` of a test are held to it; when no test names any, every
        type takes what he likes best.
    value
        The value claimed; the menu's own when left out.
    """
    stated: object = problem
    if not isinstance(stated, ManagerProblem):
        raise InputError("problem", "must be a ManagerProblem", value=stated)
    listed = in_order("tests", tests, InputError)
    for index, test in enumerate(listed):
        if not isinstance(test, ScreeningTest):
            raise InputError("tests", "must be a ScreeningTest", index=index, value=test)
    if not (value is None or is_number(value)):
        raise InputError("value", "must be a number", value=value)
    p, r = (np.array([getattr(test, name) for test in listed]) for name in ("p", "r"))
    error = 0.0
    if isinstance(problem.difficulty, StateDistribution):
        error = 4 * problem.difficulty.error
    recomputed, choice, worst = _choices(problem, listed, p, r)
    return MenuEconomics(
        value=recomputed,
        choice_residual=choice,
        worst_type=worst,
        trust_residual=_trust(problem, p, r),
        feasibility_residual=_feasibility(problem, listed, p, r),
        value_residual=0.0 if value is None else abs(recomputed - value),
        tolerance=MENU_TOLERANCE + error,
    )


def _choices(
    problem: ManagerProblem, tests: tuple[ScreeningTest, ...], p: Floats, r: Floats
) -> tuple[float, float, int | None]:
    """Value, largest gain of a type from another choice, and that type."""
    if problem.types is None or problem.type_probs is None:
        return evaluate_menu(problem, tests).value, 0.0, None
    if any(test.takers for test in tests):
        choices = np.full(problem.types.size, -1)
        for index, test in enumerate(tests):
            choices[list(test.takers)] = index
    else:
        choices = evaluate_menu(problem, tests).choices
    p0, r0 = np.append(p, 0.0), np.append(r, 0.0)
    willing = problem.types * problem.payment
    own = willing * p0[choices] - r0[choices]
    best = np.zeros(willing.size)
    for index in range(p.size):
        best = np.maximum(best, willing * p[index] - r[index])
    gains = best - own
    worst = int(np.argmax(gains))
    value = math.fsum(problem.type_probs * (r0 - problem.payment * p0)[choices])
    return value, max(float(gains[worst]), 0.0), worst if gains[worst] > 0 else None


def _trust(problem: ManagerProblem, p: Floats, r: Floats) -> float:
    proposing = problem.payment * p - r
    claiming = (problem.mean - r) - problem.payment * (1.0 - p)
    return float(max(np.max(proposing, initial=0.0), np.max(claiming, initial=0.0)))


def _feasibility(
    problem: ManagerProblem, tests: tuple[ScreeningTest, ...], p: Floats, r: Floats
) -> float:
    missing = 0.0
    for test, own_p, own_r in zip(tests, p.tolist(), r.tolist(), strict=True):
        run_p, run_r = interval_masses(problem.difficulty, test)
        highest = float(problem.difficulty.top_mean(own_p))
        lowest = problem.mean - float(problem.difficulty.top_mean(1.0 - own_p))
        missing = max(
            missing,
            abs(run_p - own_p),
            abs(run_r - own_r),
            own_r - highest,
            lowest - own_r,
            own_p - 1.0,
            -own_p,
        )
    return missing
