"""Ranges, frontiers, constraints, traces and credibility against programmes written out in full.

The reference lays out one column for each path of recommendations and state and hands it to scipy;
nothing of this package's programmes is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import optimize, sparse

import persuasion_lp as plp
from benchmarks.textbook import Arrays, Instance, Paths, arrays_of
from persuasion_lp import Constraint, Functional, PersuasionGame, Receiver
from persuasion_lp.errors import InfeasibleError
from tests.support import any_solve

F = Fraction

pytestmark = pytest.mark.filterwarnings("ignore::persuasion_lp.errors.PersuasionWarning")

CLOSE = 1e-7
FEW = range(16)
MANY = pytest.param(range(16, 516), marks=pytest.mark.nightly, id="500 more")


class Reference:
    """A game with thresholds, written out."""

    def __init__(self, seed: int) -> None:
        rng = self.rng = np.random.default_rng(seed)
        self.n = n = int(rng.integers(1, 4))
        procedures: Any = ["simultaneous", "sequential", "first_best", "flexible"]
        self.procedure: Any = procedures[seed % 4]
        self.order = tuple(range(n)) if self.procedure == "sequential" else None
        self.prior = self.drawn_prior()
        cutoffs = [F(int(k), 20) for k in rng.integers(1, 20, n)]
        self.pays = [[0, int(k)] for k in rng.integers(1, 4, n)]
        self.receivers = [
            Receiver.threshold(c, pay) for c, pay in zip(cutoffs, self.pays, strict=True)
        ]
        self.game = PersuasionGame(self.prior, self.receivers)
        floats = self.prior.astype(float)
        self.instance = Instance(self.procedure, floats, np.array([float(c) for c in cutoffs]))
        self.paths = Paths.of(self.instance)
        self.arrays: Arrays = arrays_of(self.instance, self.paths)
        self.g = [rng.integers(-3, 4, (2, 2)) for _ in range(n)]
        self.event = rng.random(self.prior.shape) < 0.5

    def drawn_prior(self) -> Any:
        """Correlated, with states of probability 0."""
        weights = self.rng.integers(0, 7, 2**self.n)
        weights[int(self.rng.integers(2**self.n))] += 1
        shares = [F(int(w), int(weights.sum())) for w in weights]
        return np.array(shares, dtype=object).reshape((2,) * self.n)

    @property
    def settings(self) -> dict[str, Any]:
        """The order, where there is one."""
        return {} if self.order is None else {"order": self.order}

    @property
    def additive(self) -> tuple[Functional, Any]:
        """A functional of actions and own states, and its costs."""
        own = self.instance.states
        costs = [
            [sum(int(self.g[i][a[i], s[i]]) for i in range(self.n)) for s in own]
            for a in self.paths.actions
        ]
        return Functional.payoffs(self.g, label="g"), np.ravel(costs)

    @property
    def in_event(self) -> tuple[Functional, Any]:
        """The probability that the first receiver accepts in an event, and its costs."""
        costs = [self.event.ravel() * float(a[0]) for a in self.paths.actions]
        return Functional.probability(0, 1, event=self.event), np.ravel(costs)

    @property
    def of_profiles(self) -> tuple[Functional, Any]:
        """An array over profiles and states, and its costs."""
        table = self.rng.integers(-3, 4, (2,) * (2 * self.n))
        costs = [table[a].ravel() for a in self.paths.actions]
        return Functional(table), np.ravel(costs)

    @property
    def sender(self) -> Any:
        """Costs of the sender's payoff."""
        each = [sum(self.pays[i][a[i]] for i in range(self.n)) for a in self.paths.actions]
        return np.repeat(each, 2**self.n).astype(float)

    def most(self, costs: Any, rows: Any = (), least: Any = (), prior: Any = None) -> float:
        """The greatest value, with rows·π ≥ least; −∞ if there is none."""
        _, at_most, b, equal, e = self.arrays
        if len(rows):
            at_most = sparse.vstack([at_most, sparse.csr_array(-np.atleast_2d(rows))])
            b = np.concatenate([b, -np.atleast_1d(least)])
        e = e if prior is None else np.ravel(prior).astype(float)
        run: Any = optimize.linprog
        found = run(-np.asarray(costs, float), at_most, b, equal, e, method="highs")
        return -np.inf if found.status == 2 else -float(found.fun)


def references(seeds: range) -> Iterator[Reference]:
    return map(Reference, seeds)


SEEDS = pytest.mark.parametrize("seeds", [pytest.param(FEW, id="few"), MANY])


@SEEDS
def test_ranges(seeds: range) -> None:
    for one in references(seeds):
        result: Any = any_solve(one.game, one.procedure, **one.settings)
        value = one.most(one.sender)
        for functional, costs in (one.additive, one.in_event, one.of_profiles):
            found = result.range(functional)
            assert float(found.value) == pytest.approx(value, abs=CLOSE)
            outer = one.most(costs, one.sender, value - 1e-8)
            inner = -one.most(-costs, one.sender, value - 1e-8)
            assert inner - 1e-5 <= found.lower <= found.upper <= outer + 1e-5
            assert float(found.upper) == pytest.approx(outer, abs=1e-4)
            assert float(found.lower) == pytest.approx(inner, abs=1e-4)
            assert all(certificate.ok for certificate in found.certificates)


@SEEDS
def test_frontiers(seeds: range) -> None:
    for one in references(seeds):
        (f, f_costs), (g, g_costs) = one.additive, one.in_event
        found = plp.frontier(one.game, one.procedure, f, g, order=one.order)
        points = np.array([[float(x), float(y)] for x, y in found.points])
        for angle in np.linspace(0, 2 * np.pi, 9):
            a, b = np.cos(angle), np.sin(angle)
            most = one.most(a * f_costs + b * g_costs)
            assert (points @ [a, b]).max() == pytest.approx(most, abs=CLOSE)
        assert found.programs <= 2 * len(found.points) + 4
        middle = [
            sum(column, F(0)) / len(found.points) for column in zip(*found.points, strict=True)
        ]
        assert middle in found
        assert [found.points[0][0] + 1, found.points[0][1]] not in found


@SEEDS
def test_constraints(seeds: range) -> None:
    for one in references(seeds):
        g, costs = one.additive
        low, high = -one.most(-costs), one.most(costs)
        for share in (F(1, 4), F(3, 4)):
            bound = F(round(1000 * low)) / 1000 * (1 - share) + F(round(1000 * high)) / 1000 * share
            found = plp.solve(
                one.game,
                one.procedure,
                constraints=[Constraint(g, lower=bound)],
                order=one.order,
            )
            right = one.most(one.sender, costs, float(bound))
            assert float(found.value) == pytest.approx(right, abs=CLOSE)
            assert found.certificate.ok
            assert found.amounts[0] >= bound
            (price,) = found.multipliers
            assert price >= 0
            assert price == 0 or found.amounts[0] == bound
        with pytest.raises(InfeasibleError, match="moved outwards by"):
            plp.solve(
                one.game,
                one.procedure,
                constraints=[Constraint(g, lower=F(round(high + 2)))],
                order=one.order,
            )


@SEEDS
def test_traces(seeds: range) -> None:
    for one in references(seeds):
        ends = one.drawn_prior(), one.drawn_prior()
        found = plp.trace(one.game, one.procedure, along=ends, order=one.order)
        g, costs = one.additive
        payoffs = plp.trace(
            one.game, one.procedure, along=(Functional.sender(), g), order=one.order
        )
        for t in (0, F(1, 7), F(1, 3), F(1, 2), F(5, 7), 1):
            between = (1 - t) * ends[0] + t * ends[1]
            right = one.most(one.sender, prior=between)
            assert float(found(F(t))) == pytest.approx(right, abs=CLOSE)
            right = one.most(float(1 - t) * one.sender + float(t) * costs)
            assert float(payoffs(F(t))) == pytest.approx(right, abs=CLOSE)
        for traced in (found, payoffs):
            assert traced.programs <= 2 * len(traced.pieces) + 1
            assert all(certificate.ok for certificate in traced.certificates)


def test_a_trace_over_orders_is_the_best_of_them() -> None:
    for seed in range(1, 80, 4):
        one = Reference(seed)
        ends = one.drawn_prior(), one.drawn_prior()
        best = plp.trace(one.game, "sequential", along=ends)
        for t in (0, F(1, 3), F(4, 5), 1):
            between = PersuasionGame((1 - t) * ends[0] + t * ends[1], one.receivers)
            assert best(F(t)) == plp.solve(between, "sequential", exact=True).value


def cheap(one: Reference, chi: float) -> float:
    """v*(χ) from programmes written out level by level."""
    n, states = one.n, one.instance.states
    prior = one.prior.astype(float).ravel()
    profiles = list(product((0, 1), repeat=n))
    values = np.array([sum(one.pays[i][a[i]] for i in range(n)) for a in profiles], float)
    gains = states - one.instance.cutoffs
    best = -np.inf
    for s in sorted(set(values)):
        cells = [(0, k) for k in range(len(profiles))]
        cells += [(1, k) for k in range(len(profiles)) if values[k] >= s]
        worth = np.array([s if own else min(values[k], s) for own, k in cells])
        size = len(states)
        rows, place = [], np.eye(len(cells))
        for j, (_, k) in enumerate(cells):
            for i in range(n):
                sign = -1 if profiles[k][i] else 1
                rows.append(np.kron(place[j], sign * gains[:, i]))
        own = np.array([own for own, _ in cells], float)
        rows += list(-np.kron(own, np.eye(size)))
        right = np.concatenate([np.zeros(len(cells) * n), -(1 - chi) * prior])
        whole = np.kron(np.ones(len(cells)), np.eye(size))
        run: Any = optimize.linprog
        found = run(-np.repeat(worth, size), np.array(rows), right, whole, prior, method="highs")
        if found.status == 0:
            best = max(best, -float(found.fun))
    return best


@SEEDS
def test_credibility(seeds: range) -> None:
    for one in references(range(seeds.start, seeds.stop, 2)):
        curve = plp.credibility_curve(one.game)
        away = [0.0, 0.13, 0.37, 0.5, 0.71, 0.93, 1.0]
        for chi in away:
            if min(abs(float(t) - chi) for t in (*curve.thresholds.values(), F(2))) < 1e-6:
                continue
            assert float(curve(chi)) == pytest.approx(cheap(one, chi), abs=CLOSE)
        values = [value for _, value in curve.breakpoints]
        assert values == sorted(values)
        assert curve(1) == plp.solve(one.game, "simultaneous", exact=True).value


def test_credibility_between_thresholds_of_a_common_state() -> None:
    """A belief game is the game over its states; χ = 0 and χ = 1 are the two envelopes."""
    receivers = [Receiver.threshold(F(3, 5)), Receiver.threshold(F(4, 5))]
    beliefs = plp.BeliefGame("3/10", receivers)
    states = PersuasionGame(["7/10", "3/10"], [Receiver.threshold(c) for c in ("3/5", "4/5")])
    assert plp.credibility_curve(beliefs).breakpoints == plp.credibility_curve(states).breakpoints


def test_a_trace_of_a_belief_game_is_its_envelope() -> None:
    receivers = [
        Receiver([F(1, 5), F(3, 5)], [0, 1, 3]),
        Receiver.threshold(F(7, 10), about=[1, 0]),
    ]
    for procedure in ("simultaneous", "flexible", "first_best"):
        found = plp.trace(plp.BeliefGame("1/2", receivers), procedure, along=(0, 1))
        for x in (F(k, 60) for k in range(61)):
            exact: Any = plp.solve(plp.BeliefGame(x, receivers), procedure, exact=True)
            assert found(x) == exact.value


def between(ends: Any, t: F) -> list[F]:
    """(1−t) times the first plus t times the second, which are fractions."""
    return [(1 - t) * a + t * b for a, b in zip(*ends, strict=True)]


def shares(rng: np.random.Generator, count: int) -> list[F]:
    weights = [int(w) for w in rng.integers(1, 9, count)]
    return [F(w, sum(weights)) for w in weights]


STATES = [F(k, 12) for k in range(1, 12)]
TYPES = [F(1), F(5, 4), F(8, 5), F(9, 5)]
PAYOFF = plp.PiecewiseLinear([0, F(3, 10), F(6, 10), 1], [[0, 0], [F(2, 5), F(1, 2)], [1, F(4, 5)]])

FAMILIES: dict[str, tuple[int, str, Any]] = {
    "menu": (4, "menu", lambda g: plp.ManagerProblem(plp.StateGrid(STATES), F(11, 20), TYPES, g)),
    "single test": (
        4,
        "single_test",
        lambda g: plp.ManagerProblem(plp.StateGrid(STATES), F(11, 20), TYPES, g),
    ),
    "commitment": (
        11,
        "commitment",
        lambda f: plp.ManagerProblem(plp.StateGrid(STATES, f), F(9, 20), [F(5, 4)]),
    ),
    "means": (
        11,
        "simultaneous",
        lambda f: plp.PosteriorMeanGame(plp.StateGrid(STATES, f), PAYOFF),
    ),
    "votes": (
        8,
        "simultaneous",
        lambda p: plp.VotingGame(np.reshape(p, (2, 2, 2)), [F(7, 10), F(4, 5), F(3, 5)], 2),
    ),
    "alike receivers": (
        4,
        "simultaneous",
        lambda p: plp.ExchangeableGame(p, Receiver.threshold(F(4, 5))),
    ),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_traces_between_problems(name: str) -> None:
    count, procedure, build = FAMILIES[name]
    for seed in range(4):
        rng = np.random.default_rng(seed)
        ends = shares(rng, count), shares(rng, count)
        problems = [build(end) for end in ends]
        found = plp.trace(problems[0], procedure, along=problems)
        assert found.programs <= 2 * len(found.pieces) + 1
        for t in (F(0), F(1, 7), F(1, 3), F(3, 5), F(9, 10), F(1)):
            answer: Any = any_solve(build(between(ends, t)), procedure, exact=True)
            assert found(t) == answer.value


def test_ranges_of_a_belief_game_are_those_of_the_game_that_it_is() -> None:
    first = Functional.probability(0, 1)
    receivers = [Receiver.threshold(F(4, 5)), Receiver.threshold(F(4, 5), about=[1, 0])]
    beliefs = plp.BeliefGame(F(1, 2), receivers)
    games = (beliefs, plp.PersuasionGame([F(1, 2)] * 2, receivers))
    ranges = [any_solve(game, "simultaneous").range(first) for game in games]
    assert len({(found.lower, found.upper) for found in ranges}) == 1
