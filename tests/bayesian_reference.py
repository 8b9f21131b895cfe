"""Bayesian games written out in full, profile by profile, for scipy: nothing of the package."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import numpy as np
from scipy.optimize import linprog

Array = Any


class Rows:
    """Rows of a program, gathered one by one."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.least: list[Array] = []
        self.equal: list[Array] = []
        self.sides: list[float] = []

    def at_least(self, row: Array) -> None:
        """Row · x ≥ 0."""
        self.least.append(row)

    def equals(self, row: Array, side: float) -> None:
        """Row · x = side."""
        self.equal.append(row)
        self.sides.append(side)

    def best(self, payoff: Array, sense: str = "max") -> float | None:
        """The optimum, ``None`` if nothing is feasible."""
        sign = -1 if sense == "max" else 1
        found = linprog(
            sign * payoff,
            A_ub=None if not self.least else -np.array(self.least),
            b_ub=None if not self.least else np.zeros(len(self.least)),
            A_eq=np.array(self.equal),
            b_eq=np.array(self.sides),
            bounds=(0, None),
            method="highs",
        )
        if found.status == 2:
            return None
        assert found.status == 0, found.message
        return sign * float(found.fun or 0.0)


class Reference:
    """A game as plain arrays: prior ``(S, T_1, …)``, utilities and payoff with every axis."""

    def __init__(self, prior: Array, utilities: list[Array], payoff: Array) -> None:
        self.prior = np.asarray(prior, dtype=float)
        self.n = len(utilities)
        if self.prior.ndim == 1:
            self.prior = self.prior.reshape(-1, *(1,) * self.n)
        self.actions = np.shape(utilities[0])[: self.n]
        self.utilities = [self._full(u) for u in utilities]
        self.payoff = self._full(payoff)
        self.profiles = list(product(*map(range, self.actions)))
        self.cells = list(np.ndindex(*self.prior.shape))

    def _full(self, table: Array) -> Array:
        array = np.asarray(table, dtype=float)
        while array.ndim < 1 + 2 * self.n:
            array = array[..., None]
        return np.broadcast_to(array, (*self.actions, *self.prior.shape))

    def _swap(self, profile: tuple[int, ...], i: int, action: int) -> tuple[int, ...]:
        return (*profile[:i], action, *profile[i + 1 :])

    def told(self, procedure: str, sense: str = "max") -> float | None:
        """Bce, public, coarse."""
        place = {(a, c): k for k, (a, c) in enumerate(product(self.profiles, self.cells))}
        rows = Rows(len(place))
        for c in self.cells:
            row = np.zeros(len(place))
            row[[place[a, c] for a in self.profiles]] = 1
            rows.equals(row, float(self.prior[c]))
        for i in range(self.n):
            for t in range(self.prior.shape[1 + i]):
                for told in self._heard(procedure, i):
                    for d in range(self.actions[i]):
                        row = np.zeros(len(place))
                        for (a, c), k in place.items():
                            if c[1 + i] == t and told(a):
                                u = self.utilities[i]
                                row[k] = u[a + c] - u[self._swap(a, i, d) + c]
                        rows.at_least(row)
        payoff = np.array([self.payoff[a + c] for a, c in place])
        return rows.best(payoff, sense)

    def _heard(self, procedure: str, i: int) -> Iterator[Any]:
        if procedure == "coarse":
            yield lambda a: True
        elif procedure == "bce":
            for own in range(self.actions[i]):
                yield lambda a, own=own: a[i] == own
        else:
            for profile in self.profiles:
                yield lambda a, profile=profile: a == profile

    def elicited(self, sense: str = "max") -> float | None:
        """Every misreport with every map from recommendations to actions is a row of its own."""
        place = {(a, c): k for k, (a, c) in enumerate(product(self.profiles, self.cells))}
        rows = Rows(len(place))
        for c in self.cells:
            row = np.zeros(len(place))
            row[[place[a, c] for a in self.profiles]] = 1
            rows.equals(row, 1.0)
        for i in range(self.n):
            u, count = self.utilities[i], self.actions[i]
            kinds = range(self.prior.shape[1 + i])
            for t, report in product(kinds, kinds):
                for plan in product(range(count), repeat=count):
                    row = np.zeros(len(place))
                    for c in self.cells:
                        if c[1 + i] != t or not self.prior[c]:
                            continue
                        said = (*c[: 1 + i], report, *c[2 + i :])
                        for a in self.profiles:
                            row[place[a, c]] += self.prior[c] * u[a + c]
                            played = self._swap(a, i, plan[a[i]])
                            row[place[a, said]] -= self.prior[c] * u[played + c]
                    rows.at_least(row)
        payoff = np.array([self.prior[c] * self.payoff[a + c] for a, c in place])
        return rows.best(payoff, sense)

    def unelicited(self, sense: str = "max") -> float | None:
        """The game of types as players of their own: each hears what all types of its player do."""
        types = self.prior.shape[1:]
        own = [list(product(range(a), repeat=t)) for a, t in zip(self.actions, types, strict=True)]
        listed: list[Any] = list(product(range(self.prior.shape[0]), *own))
        place = {b: k for k, b in enumerate(listed)}
        rows = Rows(len(place))
        payoff = np.zeros(len(place))
        for s in range(self.prior.shape[0]):
            row = np.zeros(len(place))
            for (state, *_), k in place.items():
                row[k] = state == s
            rows.equals(row, 1.0)
        for (s, *maps), k in place.items():
            for t in product(*map(range, types)):
                a = tuple(m[kind] for m, kind in zip(maps, t, strict=True))
                payoff[k] += self.prior[(s, *t)] * self.payoff[(*a, s, *t)]
        for i in range(self.n):
            for told, kind, d in product(own[i], range(types[i]), range(self.actions[i])):
                row = np.zeros(len(place))
                for (s, *maps), k in place.items():
                    if maps[i] != told:
                        continue
                    for t in product(*map(range, types)):
                        if t[i] != kind:
                            continue
                        a = tuple(m[one] for m, one in zip(maps, t, strict=True))
                        c = (s, *t)
                        u = self.utilities[i]
                        row[k] += self.prior[c] * (u[a + c] - u[self._swap(a, i, d) + c])
                rows.at_least(row)
        return rows.best(payoff, sense)

    def adversarial(self) -> float | None:
        """All sequences of players, one column for each and each state."""
        states = range(self.prior.shape[0])
        sequences = [
            order for size in range(self.n + 1) for order in permutations(range(self.n), size)
        ]
        place = {(q, s): k for k, (q, s) in enumerate(product(sequences, states))}
        none = (0,) * (self.n)
        rows, payoff = Rows(len(place)), np.zeros(len(place))
        for s in states:
            rows.equals(
                np.array([float(state == s) for _, state in place]), float(self.prior[s].sum())
            )
        for i in range(self.n):
            acting, staying = np.zeros(len(place)), np.zeros(len(place))
            u = self.utilities[i]
            for (q, s), k in place.items():
                cell = (s, *none)
                final = tuple(int(j in q) for j in range(self.n))
                payoff[k] = self.payoff[final + cell]
                seen = q[: q.index(i)] if i in q else q
                before = tuple(int(j in seen) for j in range(self.n))
                gain = u[self._swap(before, i, 1) + cell] - u[self._swap(before, i, 0) + cell]
                if i in q:
                    acting[k] = gain
                else:
                    staying[k] = -gain
            rows.at_least(acting)
            rows.at_least(staying)
        return rows.best(payoff)
