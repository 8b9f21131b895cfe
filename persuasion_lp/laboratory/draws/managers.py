"""Random managers' problems."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.random import Generator

from persuasion_lp.arrays import Floats
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.laboratory.problem_draws import plan_near_three_tests
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid
from persuasion_lp.theorems.lx import corollary_2

__all__ = [
    "CapabilityLine",
    "Offer",
    "PaymentOffers",
    "PropensityLine",
    "ProposedTest",
    "Team",
    "beta_line",
    "capability_line",
    "committed_offer",
    "fixed_payment",
    "idle_line",
    "incapable_worker",
    "incapable_workers",
    "independent_team",
    "known_worker",
    "majority_team",
    "menu_offer",
    "payment_offers",
    "power_line",
    "proposed_test",
    "related_team",
    "single_offer",
    "unsplit_test",
    "workers",
]

STEPS = np.arange(1, 10)

SHORTEST_PHASE = 0.1
"""Payoffs differ by less than a solution's tolerance within a phase that ends at a = 0.002, or that
is a millionth long."""


@dataclass(frozen=True, eq=False)
class Offer:
    """A manager's problem, and what she may do: one test, a menu, or commit to her reports."""

    problem: ManagerProblem
    procedure: Literal["single_test", "menu", "commitment"]


@dataclass(frozen=True, eq=False)
class ProposedTest:
    """Probability p of a proposal and expected difficulty q, for Lemma 3.

    Attributes
    ----------
    grid
        The difficulty.
    p, q
        In [0, 1].
    splits
        Whether a test may propose on part of a state's mass.
    """

    grid: StateGrid
    p: float
    q: float
    splits: bool


@dataclass(frozen=True, eq=False)
class CapabilityLine:
    """Capabilities along which Corollary 1 is checked.

    Attributes
    ----------
    difficulty, payment
        As in :class:`ManagerProblem`.
    shares
        Places within each phase, increasing in (0, 1).
    """

    difficulty: StateGrid | StateDistribution
    payment: float
    shares: Floats


@dataclass(frozen=True, eq=False)
class PropensityLine:
    """Propensities a along which Corollary 2 is checked.

    Attributes
    ----------
    payment, capability
        Of the worker.
    second
        b of the family Beta(a, b); θ^a is that with b = 1.
    shares
        Places within each phase, increasing in (0, 1).
    """

    payment: float
    capability: float
    second: float
    shares: Floats


@dataclass(frozen=True, eq=False)
class PaymentOffers:
    """Payments that are tried, for Proposition 1.

    Attributes
    ----------
    difficulty, types, type_probs
        As in :class:`ManagerProblem`.
    payments
        The payments.
    chosen
        Whether the manager may also pay what she likes best.
    """

    difficulty: StateGrid
    types: Floats
    type_probs: Floats
    payments: Floats
    chosen: bool


@dataclass(frozen=True, eq=False)
class Team:
    """Several workers, for the pivotal one.

    Attributes
    ----------
    difficulty
        Of the task.
    payments
        w_i, shape ``(n,)``.
    types
        Possible capabilities of each worker.
    joint
        Probability of each profile of capabilities, one axis per worker.
    quota
        How many must accept.
    """

    difficulty: StateGrid
    payments: Floats
    types: tuple[Floats, ...]
    joint: Floats
    quota: int


def known_worker(rng: Generator) -> ManagerProblem:
    """A manager and a worker of known capability."""
    return _manager(rng, 1)


def incapable_worker(rng: Generator) -> ManagerProblem:
    """A manager and a worker of known capability below 1."""
    capability = int(rng.integers(10, 20)) / 20
    return ManagerProblem(_grid(rng), _payment(rng), [capability], unrestricted=True)


def workers(rng: Generator) -> ManagerProblem:
    """A manager and a worker of two to five possible capabilities."""
    return _manager(rng, int(rng.integers(2, 6)))


def single_offer(rng: Generator) -> Offer:
    """One test for :func:`workers`."""
    return Offer(workers(rng), "single_test")


def menu_offer(rng: Generator) -> Offer:
    """A menu for :func:`workers`, or one that may need three tests."""
    problem = plan_near_three_tests(rng) if rng.random() < 0.2 else workers(rng)
    return Offer(problem, "menu")


def committed_offer(rng: Generator) -> Offer:
    """Commitment with :func:`workers`."""
    return Offer(workers(rng), "commitment")


def proposed_test(rng: Generator) -> ProposedTest:
    """P in twentieths; q anywhere, between the frontiers, or on one of them."""
    return _proposed(rng, splits=True)


def unsplit_test(rng: Generator) -> ProposedTest:
    """As :func:`proposed_test`, with states on which the test proposes always or never."""
    return _proposed(rng, splits=False)


def capability_line(rng: Generator) -> CapabilityLine:
    """A grid without a state at w, where the manager is indifferent, or a Beta distribution."""
    drawn = _grid(rng)
    difficulty: StateGrid | StateDistribution = StateGrid(drawn.states * 0.99, drawn.masses)
    if rng.random() < 0.25:
        a, b = rng.integers(1, 9, 2) / 2
        difficulty = StateDistribution.beta(a, b)
    return CapabilityLine(difficulty, _payment(rng), _shares(rng))


def power_line(rng: Generator) -> PropensityLine:
    """F(θ) = θ^a, a capability above 1; every phase that is launched is a tenth long or more."""
    while True:
        payment = _payment(rng)
        capability = int(rng.integers(21, _most(payment) + 1)) / 20
        changes = np.array(corollary_2(payment, capability).changes)
        if np.diff(changes, prepend=0.0).min() >= SHORTEST_PHASE:
            return PropensityLine(payment, capability, 1.0, _shares(rng))


def idle_line(rng: Generator) -> PropensityLine:
    """F(θ) = θ^a, a capability of 1."""
    return PropensityLine(_payment(rng), 1.0, 1.0, _shares(rng))


def beta_line(rng: Generator) -> PropensityLine:
    """Beta(a, b) with b other than 1."""
    line = power_line(rng)
    second = float(rng.choice([0.5, 1.5, 2.0, 3.0]))
    return PropensityLine(line.payment, line.capability, second, line.shares)


def payment_offers(rng: Generator) -> PaymentOffers:
    """A manager who may pay what she likes, and four other payments."""
    types = rng.integers(20, 61, int(rng.integers(1, 6))) / 20
    return _offers(rng, types, 4, chosen=True)


def fixed_payment(rng: Generator) -> PaymentOffers:
    """A manager whose payment is given."""
    types = rng.integers(20, 61, int(rng.integers(1, 6))) / 20
    return _offers(rng, types, 1, chosen=False)


def incapable_workers(rng: Generator) -> PaymentOffers:
    """As :func:`payment_offers`, with capabilities below 1."""
    return _offers(rng, rng.integers(10, 20, int(rng.integers(1, 6))) / 20, 4, chosen=True)


def independent_team(rng: Generator) -> Team:
    """Two or three workers who must all accept, capabilities known or independent."""
    return _team(rng, independent=True, unanimous=True)


def related_team(rng: Generator) -> Team:
    """As :func:`independent_team`, with any joint distribution of capabilities."""
    return _team(rng, independent=False, unanimous=True)


def majority_team(rng: Generator) -> Team:
    """As :func:`independent_team`, with one worker who need not accept."""
    return _team(rng, independent=True, unanimous=False)


def _payment(rng: Generator) -> float:
    return int(rng.integers(4, 14)) / 20


def _most(payment: float) -> int:
    """Highest capability in the model with this payment, in twentieths."""
    return math.ceil(20 / payment) - 1


def _shares(rng: Generator) -> Floats:
    return np.sort(rng.choice(STEPS, 3, replace=False)) / 10


def _probs(rng: Generator, shape: tuple[int, ...]) -> Floats:
    weights = rng.integers(1, 9, shape)
    return np.asarray(weights / weights.sum())


def _grid(rng: Generator, most: int = 12) -> StateGrid:
    """In fractions, so that a type whose x w is the mean is one."""
    count = int(rng.integers(2, most + 1))
    states = rng.choice(np.arange(21), count, replace=False).tolist()
    weights = rng.integers(1, 9, count).tolist()
    total = sum(weights)
    return StateGrid([Fraction(k, 20) for k in states], [Fraction(f, total) for f in weights])


def _manager(rng: Generator, types: int) -> ManagerProblem:
    payment = _payment(rng)
    capabilities = rng.integers(20, _most(payment) + 1, types) / 20
    return ManagerProblem(_grid(rng), payment, capabilities, _probs(rng, (types,)))


def _proposed(rng: Generator, *, splits: bool) -> ProposedTest:
    grid = _grid(rng, 8)
    p = int(rng.integers(1, 21)) / 20
    highest, lowest = grid.top_mean(p) / p, (grid.mean - grid.top_mean(1.0 - p)) / p
    between = lowest + int(rng.integers(1, 10)) / 10 * (highest - lowest)
    anywhere = int(rng.integers(0, 21)) / 20
    q = float(rng.choice([highest, lowest, between, between, anywhere]))
    return ProposedTest(grid, p, min(max(q, 0.0), 1.0), splits)


def _offers(rng: Generator, types: Floats, payments: int, *, chosen: bool) -> PaymentOffers:
    tried = rng.choice(np.arange(1, 20), payments, replace=False) / 20
    return PaymentOffers(_grid(rng), types, _probs(rng, types.shape), tried, chosen)


def _team(rng: Generator, *, independent: bool, unanimous: bool) -> Team:
    n = int(rng.integers(2, 4))
    payments = rng.integers(2, 7, n) / 20
    total = float(payments.sum())
    most_types = int(rng.choice([1, 3]))
    types = []
    for own in payments.tolist():
        least, most = math.ceil(20 * max(1.0, 0.8 * total / own)), _most(own)
        count = int(rng.integers(1, most_types + 1))
        types.append(rng.choice(np.arange(least, most + 1), count, replace=False) / 20)
    shape = tuple(own.size for own in types)
    joint = _probs(rng, shape)
    if independent:
        joint = np.ones(())
        for size in shape:
            joint = np.multiply.outer(joint, _probs(rng, (size,)))
    return Team(_grid(rng), payments, tuple(types), joint, n if unanimous else n - 1)
