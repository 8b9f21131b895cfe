r"""Tests of difficulty: what they propose on, who takes them, and what a menu of them pays.

Two tests with the same (p, q) are the same to everybody, p = Pr(propose), q = E[θ | propose].
LX, Lemma 3: (p, q) can be run iff r = p q is at most R(p) (and at least E[θ] − R(1 − p)); as a
*threshold* test iff r = R(p), as an *interval* test otherwise. The interval takes the quantiles
from 1 − c − p to 1 − c, with c the mass left above it, the solution of

    R(c + p) − R(c) = r,        decreasing and continuous in c;

where it begins or ends inside an atom, the atom is split.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen_floats
from persuasion_lp.errors import CertificateError, PriorError
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.inputs import is_a
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid

EPS = 16 * float(np.finfo(np.float64).eps)

__all__ = [
    "KIND_TOLERANCE",
    "MenuPayoffs",
    "ProposalKind",
    "ScreeningTest",
    "evaluate_menu",
    "interval_masses",
    "screening_test",
]

ProposalKind = Literal["threshold", "interval", "general"]

KIND_TOLERANCE = 1e-9
"""A test whose r misses R(p) by no more than this share of it is a threshold test."""

CHOICE_TOLERANCE = 1e-9
"""A type for whom two tests differ by no more than this share of what he compares takes the one
that the manager prefers: incentive constraints bind at an optimum, and tests are floats."""


@dataclass(frozen=True, eq=False, repr=False)
class ScreeningTest(ReadOnly):
    """A binary test of difficulty: propose or not.

    Attributes
    ----------
    p, q
        Probability of a proposal, and expected difficulty when there is one.
    kind
        ``"threshold"``: proposes above a state; ``"interval"``: proposes between two states;
        ``"general"``: neither.
    interval
        Lowest and highest state on which it proposes.
    proposal
        Probability of a proposal in each state, shape ``(K,)``: 1 inside the interval, 0 outside,
        possibly between at its two ends. ``None`` for a continuous difficulty, where it is 1 on
        the interval and 0 elsewhere.
    types
        Capabilities of those who take it, in the caller's order (for a continuous distribution of
        types: the lowest and the highest).
    takers
        Their positions in the caller's order; empty for a continuous distribution.
    """

    p: float
    q: float
    kind: ProposalKind
    interval: tuple[float, float]
    proposal: Floats | None = None
    types: tuple[float, ...] = ()
    takers: tuple[int, ...] = ()

    @property
    def r(self) -> float:
        """Integral of the state over the proposals, p q."""
        return self.p * self.q

    @classmethod
    def from_proposal(cls, grid: StateGrid, proposal: ArrayLike) -> ScreeningTest:
        """The test that proposes with given probabilities in each state of a grid.

        Raises
        ------
        PriorError
            For probabilities outside [0, 1], of the wrong shape, or zero in every state.
        """
        stated: object = grid
        if not is_a(stated, StateGrid):
            raise PriorError("grid", "must be a StateGrid", value=stated)
        sigma = frozen_floats("proposal", proposal, PriorError)
        if sigma.shape != grid.states.shape:
            raise PriorError(
                "proposal", f"must have the states' shape {grid.states.shape}", value=sigma.shape
            )
        if ((sigma < 0) | (sigma > 1)).any():
            index = int(np.argmax((sigma < 0) | (sigma > 1)))
            raise PriorError(
                "proposal", "must lie in [0, 1]", index=index, value=float(sigma[index])
            )
        taken = sigma * grid.masses
        p = float(taken.sum())
        if p <= 0:
            raise PriorError("proposal", "must be positive in some state")
        possible = grid.masses > 0
        on = np.flatnonzero((sigma > 0) & possible)
        kind: ProposalKind = "general"
        if (sigma[on[0] + 1 :][possible[on[0] + 1 :]] == 1).all():
            kind = "threshold"
        elif (sigma[on[0] + 1 : on[-1]][possible[on[0] + 1 : on[-1]]] == 1).all():
            kind = "interval"
        ends = (float(grid.states[on[0]]), float(grid.states[on[-1]]))
        return cls(p, float(taken @ grid.states) / p, kind, ends, sigma)

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"ScreeningTest(p={self.p:.9g}, q={self.q:.9g}, {self.kind} [{low:.9g}, {high:.9g}], "
            f"{len(self.takers) or 'continuous'} types)"
        )


@dataclass(frozen=True, eq=False)
class MenuPayoffs(ReadOnly):
    """What a menu pays when every type takes the test he likes best.

    Attributes
    ----------
    value
        The manager's expected payoff.
    choices
        Test that each type takes, -1 for none, in the caller's order, shape ``(J,)``; empty for
        a continuous distribution of types.
    cutoffs
        For a continuous distribution, the lowest type that takes each test, in the menu's order
        (``inf`` for a test that nobody takes).
    """

    value: float
    choices: Integers
    cutoffs: Floats


def screening_test(
    difficulty: StateGrid | StateDistribution,
    p: float,
    r: float,
    types: tuple[float, ...] = (),
    takers: tuple[int, ...] = (),
) -> ScreeningTest:
    """The threshold or interval test with probability p of a proposal and p q = r (LX, Lemma 3).

    Raises
    ------
    CertificateError
        If no test has this (p, q), which was computed.
    """
    highest = float(difficulty.top_mean(p))
    slack = KIND_TOLERANCE * highest + 2 * getattr(difficulty, "error", 0.0)
    lowest = difficulty.mean - float(difficulty.top_mean(1.0 - p)) - EPS * difficulty.mean
    if not (0.0 < p <= 1.0 + KIND_TOLERANCE and lowest - slack <= r <= highest + slack):
        q = r / p if p else r
        raise CertificateError(f"(p, q) = {(p, q)} cannot be the outcome of a test")
    kind: ProposalKind = "threshold" if r >= highest - slack else "interval"
    above = 0.0 if kind == "threshold" else _mass_above(difficulty, p, r)
    if isinstance(difficulty, StateDistribution):
        low, high = difficulty.quantile(np.array([1.0 - above - p, 1.0 - above]))
        if kind == "threshold":
            high = difficulty.high
        return ScreeningTest(p, r / p, kind, (float(low), float(high)), None, types, takers)
    taken = difficulty.quantile_interval(above, p)
    sigma = np.divide(taken, difficulty.masses, out=np.zeros_like(taken), where=taken > 0)
    sigma.setflags(write=False)
    on = np.flatnonzero(taken > 0)
    ends = (float(difficulty.states[on[0]]), float(difficulty.states[on[-1]]))
    return ScreeningTest(p, r / p, kind, ends, sigma, types, takers)


def interval_masses(
    difficulty: StateGrid | StateDistribution, test: ScreeningTest
) -> tuple[float, float]:
    """(p, r) of a test recomputed from the states on which it proposes."""
    if isinstance(difficulty, StateGrid):
        if test.proposal is None:
            raise PriorError("proposal", "must be given on a state grid")
        taken = test.proposal * difficulty.masses
        return float(taken.sum()), float(taken @ difficulty.states)
    low, high = np.array(test.interval)
    p = float(difficulty.cdf(high) - difficulty.cdf(low))
    return p, float(difficulty.tail_moment(low) - difficulty.tail_moment(high))


def evaluate_menu(problem: ManagerProblem, tests: tuple[ScreeningTest, ...]) -> MenuPayoffs:
    """Let every type take the test he likes best, ties for the manager, and count.

    Only who takes what is worked out; whether the manager is trusted is for the certificate.
    """
    p = np.array([0.0, *(test.p for test in tests)])
    r = np.array([0.0, *(test.r for test in tests)])
    surplus = r - problem.payment * p
    if problem.types is None or problem.type_probs is None:
        return _evaluate_continuous(problem, p, r, surplus)
    gross = np.multiply.outer(problem.acceptance_cutoffs, p)
    utility, size = gross - r, gross + r
    best = utility.argmax(axis=1)[:, None]
    terms = size + np.take_along_axis(size, best, axis=1)
    most = np.take_along_axis(utility, best, axis=1)
    liked = utility >= most - CHOICE_TOLERANCE * terms
    choice = np.where(liked, surplus, -np.inf).argmax(axis=1)
    value = float(problem.type_probs @ surplus[choice])
    return MenuPayoffs(value, choice - 1, np.empty(0))


def _evaluate_continuous(
    problem: ManagerProblem, p: Floats, r: Floats, surplus: Floats
) -> MenuPayoffs:
    """The upper envelope of the utilities x w p_l − r_l, which are lines in the type x."""
    cutoffs = np.full(p.size, np.inf)
    current, from_type = 0, -np.inf
    total = 0.0
    while True:
        later = np.flatnonzero(p > p[current])
        if not later.size:
            break
        meets = (r[later] - r[current]) / (problem.payment * (p[later] - p[current]))
        first = meets.min()
        tied = later[meets <= first + EPS * abs(first)]
        following = int(tied[np.argmax(p[tied])])
        from_type = max(from_type, float(first))
        cutoffs[following] = from_type
        share = problem.share_at_least(from_type)
        total += share * float(surplus[following] - surplus[current])
        current = following
    return MenuPayoffs(total, np.empty(0, dtype=np.int64), cutoffs[1:])


def _mass_above(difficulty: StateGrid | StateDistribution, p: float, r: float) -> float:
    """Solution c of R(c + p) − R(c) = r in [0, 1 − p]."""
    if isinstance(difficulty, StateDistribution):
        from scipy.optimize import brentq

        def excess(c: float) -> float:
            return float(difficulty.top_mean(c + p) - difficulty.top_mean(c)) - r

        if excess(1.0 - p) >= 0:
            return 1.0 - p
        return float(brentq(excess, 0.0, 1.0 - p, xtol=1e-15))
    kinks = np.concatenate([difficulty.top_masses, difficulty.top_masses - p])
    c = np.unique(np.clip(kinks, 0.0, max(1.0 - p, 0.0)))
    upper, lower = (
        np.interp(level, difficulty.top_masses, difficulty.top_means) for level in (c + p, c)
    )
    return float(np.interp(-r, lower - upper, c))
