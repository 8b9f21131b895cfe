r"""The certificate of a menu: what its tests prove by themselves, and the bound on all others.

From the tests (p_l, q_l, the states on which they propose) and who is said to take which:

    choice        x w p_l − r_l is, for the test l that type x takes, at least max(0, x w p_m − r_m)
                  for every test m: taking m and rejecting is included, as is taking none
    trust         after a proposal signal the manager gains by proposing, q_l ≥ w; after the null
                  signal she does not gain by claiming the other one, (E[θ] − r_l) ≤ w (1 − p_l)
    feasibility   the states on which a test proposes have mass p_l and integral r_l, and
                  E[θ] − R(1 − p_l) ≤ r_l ≤ R(p_l)
    value         Σ_j g_j (r_l(j) − w p_l(j)) is the value claimed

Each violation is divided by the sum of the absolute values of that inequality's own terms, so that
nothing depends on the units of difficulty and payment, or on how rare a proposal is. The tests are
floats; that their exact numbers satisfy all of this without any tolerance is the bracket's part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.checks import Checked
from persuasion_lp.families.menus.optimum import Programme
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.screening import ScreeningTest, evaluate_menu, interval_masses
from persuasion_lp.families.menus.wellformed import checked_tests, checked_value
from persuasion_lp.lp.certificate import LPCertificate
from persuasion_lp.primitives.distributions import StateDistribution

__all__ = ["MENU_TOLERANCE", "MenuCertificate", "MenuEconomics", "certify_menu"]

MENU_TOLERANCE = 1e-9
"""Relative to the terms of the inequality: the numbers of a test are floats, and those of a
continuous difficulty come from its own functions."""

ROUNDING = 16 * float(np.finfo(np.float64).eps)
"""Relative rounding of what cancels before it is compared: masses that are differences of cumulated
ones, E[θ] − r, q − w."""


@dataclass(frozen=True)
class MenuEconomics(Checked):
    """What has been recomputed from a menu and the problem it is for.

    Attributes
    ----------
    value
        The manager's expected payoff.
    choice_residual
        Most that a type would gain by another choice, relative to the terms of the two utilities.
    worst_type
        Its position in the caller's order, if any would gain.
    trust_residual
        Most that the manager would gain by another report or by proposing otherwise, relative to
        the terms of what she compares.
    feasibility_residual
        Largest deviation of a test's (p, r) from the states on which it proposes, or from what
        states can give, relative to p or r.
    value_residual
        Distance between ``value`` and the value claimed, relative to the payoffs.
    tolerance
        What the residuals are judged by: :data:`MENU_TOLERANCE`.
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
    """The bracket of a menu, and what it was found with.

    Attributes
    ----------
    programme
        The linear program for the lowest served type of the menu, with its certificate; ``None`` if
        no type can be served, when there is nothing to solve. The bracket does not rest on it.
    economic
        Certificate of the tests.
    lower
        What the menu pays, rounded down.
    upper
        Proved upper bound over every lowest served type (and, for continuous difficulty or types,
        over the continuous problem).
    tolerance
        How far ``upper`` may be above ``lower``.
    scale
        Of the payoffs, to which tolerances of values are relative.
    route
        ``"float"``, or ``"exact"`` where floats did not prove enough and the problem was solved in
        rationals: then the bracket is the proved value, rounded down and up.
    """

    programme: Programme | None
    economic: MenuEconomics
    lower: float
    upper: float
    tolerance: float
    scale: float
    route: Literal["float", "exact"] = "float"

    @property
    def lp(self) -> LPCertificate | None:
        """Certificate of the linear program."""
        return None if self.programme is None else self.programme.certificate

    @property
    def gap(self) -> float:
        """Width of the bracket."""
        return self.upper - self.lower

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        found = self.economic.failures
        if not 0.0 <= self.gap <= self.tolerance:
            found += (f"the value lies in [{self.lower!r}, {self.upper!r}], which is too wide",)
        return found


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

    Raises
    ------
    InputError
        For what is no test of this problem: the argument or attribute is named.
    """
    listed = checked_tests(problem, tests)
    claimed = checked_value(value)
    p, q = (np.array([getattr(test, name) for test in listed]) for name in ("p", "q"))
    recomputed, size, choice, worst = _choices(problem, listed, p, q)
    missed = 0.0 if claimed is None else abs(recomputed - claimed)
    return MenuEconomics(
        value=recomputed,
        choice_residual=choice,
        worst_type=worst,
        trust_residual=_trust(problem, p, q),
        feasibility_residual=_feasibility(problem, listed, p, q),
        value_residual=_relative(missed - ROUNDING * size - _error(problem), abs(recomputed)),
        tolerance=MENU_TOLERANCE,
    )


def _relative(missed: float, terms: float) -> float:
    """A violation divided by its terms; 0 if there is none."""
    if missed <= 0.0:
        return 0.0
    return missed / terms if terms > 0.0 else math.inf


def _error(problem: ManagerProblem) -> float:
    """What a continuous difficulty may be off in a moment."""
    difficulty = problem.difficulty
    if not isinstance(difficulty, StateDistribution):
        return 0.0
    return 4 * difficulty.error + ROUNDING * difficulty.high


def _choices(
    problem: ManagerProblem, tests: tuple[ScreeningTest, ...], p: Floats, q: Floats
) -> tuple[float, float, float, int | None]:
    """Value, size of the payoffs' terms, largest relative gain from another choice, and whose."""
    terms = p * (q + problem.payment)
    if problem.types is None or problem.type_probs is None:
        return evaluate_menu(problem, tests).value, float(terms.max(initial=0.0)), 0.0, None
    if any(test.takers for test in tests):
        choices = np.full(problem.types.size, -1)
        for index, test in enumerate(tests):
            choices[list(test.takers)] = index
    else:
        choices = evaluate_menu(problem, tests).choices
    p0, q0 = np.append(p, 0.0), np.append(q, 0.0)
    accepted = problem.acceptance_cutoffs
    own = p0[choices] * (accepted - q0[choices])
    own_size = p0[choices] * (accepted + q0[choices])
    gains = np.zeros(accepted.size)
    for index in range(-1, p.size):
        gain = p0[index] * (accepted - q0[index]) - own
        size = p0[index] * (accepted + q0[index]) + own_size
        np.maximum(gains, np.divide(gain, size, out=np.zeros_like(gain), where=size > 0), out=gains)
    worst = int(np.argmax(gains))
    g = problem.type_probs
    value = math.fsum(g * (p0 * (q0 - problem.payment))[choices])
    size = math.fsum(g * np.append(terms, 0.0)[choices])
    return value, size, float(gains[worst]), worst if gains[worst] > 0 else None


def _trust(problem: ManagerProblem, p: Floats, q: Floats) -> float:
    w, mean = problem.payment, problem.mean
    rounding = ROUNDING * (mean + w) + _error(problem)
    found = 0.0
    for own_p, own_q in zip(p.tolist(), q.tolist(), strict=True):
        kept, paid = max(mean - own_p * own_q, 0.0), w * (1.0 - own_p)
        found = max(
            found,
            _relative(w - own_q, w + own_q),
            _relative(kept - paid - rounding, kept + paid),
        )
    return found


def _feasibility(
    problem: ManagerProblem, tests: tuple[ScreeningTest, ...], p: Floats, q: Floats
) -> float:
    difficulty, error = problem.difficulty, _error(problem)
    missing = 0.0
    for test, own_p, own_r in zip(tests, p.tolist(), (p * q).tolist(), strict=True):
        run_p, run_r = interval_masses(difficulty, test)
        highest = float(difficulty.top_mean(own_p))
        lowest = problem.mean - float(difficulty.top_mean(1.0 - own_p))
        blurred = error + ROUNDING * problem.mean
        missing = max(
            missing,
            _relative(abs(run_p - own_p) - (ROUNDING if error else 0.0), own_p),
            _relative(abs(run_r - own_r) - error, own_r),
            _relative(own_r - highest - error, own_r),
            _relative(lowest - own_r - blurred, problem.mean),
        )
    return missing
