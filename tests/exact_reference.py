"""The value of a small game in fractions, written from the theory alone.

Nothing of the package is used. A path says who acts when on which recommendation; the programme has
one column for each path and possible state, and one row for each obedience condition of each
information set. It is solved by a dense two-phase simplex in ``Fraction`` with Bland's rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations, product

Row = list[Fraction]
Utility = Sequence[Sequence[Fraction]]


def maximum(objective: Row, equations: list[tuple[Row, Fraction]], at_least: list[Row]) -> Fraction:
    """Max c·x subject to A x = b with b ≥ 0, D x ≥ 0, x ≥ 0; 0 must be feasible up to A x = b."""
    n, slacks, artificial = len(objective), len(at_least), len(equations)
    width = n + slacks + artificial
    table: list[Row] = []
    basis: list[int] = []
    for k, row in enumerate(at_least):  # -D x + s = 0
        table.append([-a for a in row] + _unit(slacks, k) + [Fraction(0)] * (artificial + 1))
        basis.append(n + k)
    for k, (row, right) in enumerate(equations):
        table.append([*row, *[Fraction(0)] * slacks, *_unit(artificial, k), right])
        basis.append(n + slacks + k)
    first = [Fraction(0)] * (n + slacks) + [Fraction(-1)] * artificial
    if _optimize(table, basis, first, width) != 0:
        raise AssertionError("infeasible")
    second = [*objective, *[Fraction(0)] * slacks, *[Fraction(0)] * artificial]
    return _optimize(table, basis, second, n + slacks)


def _unit(size: int, k: int) -> Row:
    return [Fraction(int(j == k)) for j in range(size)]


def _optimize(table: list[Row], basis: list[int], costs: Row, allowed: int) -> Fraction:
    reduced = [*costs, Fraction(0)]
    for row, j in zip(table, basis, strict=True):
        if costs[j]:
            reduced = [d - costs[j] * a for d, a in zip(reduced, row, strict=True)]
    while True:
        entering = next((j for j in range(allowed) if reduced[j] > 0), None)
        if entering is None:
            return -reduced[-1]
        ratios = [
            (row[-1] / row[entering], basis[k], k)
            for k, row in enumerate(table)
            if row[entering] > 0
        ]
        _, _, leaving = min(ratios)
        pivot = table[leaving][entering]
        table[leaving] = [a / pivot for a in table[leaving]]
        for row in (*table[:leaving], *table[leaving + 1 :], reduced):
            factor = row[entering]
            if factor:
                for j, a in enumerate(table[leaving]):
                    if a:
                        row[j] -= factor * a
        basis[leaving] = entering


def game_value(
    procedure: str,
    prior: Sequence[Fraction],
    own: Sequence[Sequence[int]],
    utilities: Sequence[Utility],
    payoffs: Sequence[Utility],
    order: Sequence[int] | None = None,
) -> Fraction:
    """Value of an additive game; the best order, or first receiver, if none is given.

    Parameters
    ----------
    procedure
        One of the five.
    prior
        Probability of each state.
    own
        For each receiver his own state in each state.
    utilities
        For each receiver u[action][own state].
    payoffs
        For each receiver the sender's payoff[action][own state].
    order
        Of a sequential procedure.
    """
    n = len(own)
    if procedure in ("simultaneous", "first_best"):
        return _value([tuple(range(n))], procedure, prior, own, utilities, payoffs)
    if procedure == "flexible":
        return _value(list(permutations(range(n))), procedure, prior, own, utilities, payoffs)
    if procedure == "intermediate":
        return max(
            _value(
                [o for o in permutations(range(n)) if o[0] == first],
                procedure, prior, own, utilities, payoffs,
            )
            for first in range(n)
        )  # fmt: skip
    orders = [tuple(order)] if order is not None else list(permutations(range(n)))
    return max(_value([o], procedure, prior, own, utilities, payoffs) for o in orders)


def _value(
    orders: list[tuple[int, ...]],
    procedure: str,
    prior: Sequence[Fraction],
    own: Sequence[Sequence[int]],
    utilities: Sequence[Utility],
    payoffs: Sequence[Utility],
) -> Fraction:
    states = [s for s, p in enumerate(prior) if p]
    profiles = list(product(*(range(len(u)) for u in utilities)))
    columns = [(o, a, s) for o in orders for a in profiles for s in states]
    objective = [
        sum((payoffs[i][a[i]][own[i][s]] for i in range(len(own))), Fraction(0))
        for _, a, s in columns
    ]
    equations = [([Fraction(int(t == s)) for _, _, t in columns], prior[s]) for s in states]
    rows: dict[object, Row] = {}
    for j, (o, a, s) in enumerate(columns):
        for i, u in enumerate(utilities):
            seen = _seen(procedure, i, o, a)
            for other in range(len(u)):
                if other != a[i]:
                    row = rows.setdefault((i, seen, other), [Fraction(0)] * len(columns))
                    row[j] += u[a[i]][own[i][s]] - u[other][own[i][s]]
    return maximum(objective, equations, list(rows.values()))


def _seen(procedure: str, i: int, order: tuple[int, ...], actions: tuple[int, ...]) -> object:
    if procedure == "simultaneous":
        return actions
    if procedure == "first_best":
        return actions[i]
    upto = order.index(i) + 1
    following = order[upto : upto + 1] if procedure == "intermediate" else ()
    return tuple((k, actions[k]) for k in order[:upto]), following


def threshold_utility(cutoff: Fraction) -> Utility:
    """Utility of a receiver who takes action 1 iff Pr(H) is at least the cutoff."""
    return [[Fraction(0), Fraction(0)], [-cutoff, 1 - cutoff]]


Solved = Callable[..., Fraction]
