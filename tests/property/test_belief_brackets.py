"""Near-degenerate belief games against a reference of their own: every bracket holds the truth.

The reference takes concave envelopes as a maximum over all pairs of nodes, in fractions, stage by
stage; it shares nothing with the package.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from persuasion_lp import BeliefGame, Receiver, solve

F = Fraction

Row = list[Fraction]

Payoff = tuple[list[Fraction], list[Fraction]]
"""Cutoffs, and the payoff from each action."""


def paid(payoff: Payoff, x: Fraction) -> Fraction:
    """The best of the actions whose interval holds the belief."""
    cutoffs, payoffs = payoff
    ends = [F(0), *cutoffs, F(1)]
    return max(p for a, p in enumerate(payoffs) if ends[a] <= x <= ends[a + 1])


def concave(x: Row, values: Row) -> Row:
    """Highest chord over every node."""
    found = list(values)
    for low, high in combinations(range(len(x)), 2):
        for k in range(low + 1, high):
            share = (x[k] - x[low]) / (x[high] - x[low])
            found[k] = max(found[k], values[low] * (1 - share) + values[high] * share)
    return found


def plus(one: Row, other: Row) -> Row:
    return [a + b for a, b in zip(one, other, strict=True)]


def reference(prior: Fraction, payoffs: list[Payoff]) -> dict[str, Fraction]:
    """Values of the procedures."""
    n = len(payoffs)
    x = sorted({F(0), F(1), prior, *(c for cutoffs, _ in payoffs for c in cutoffs)})
    f = [[paid(payoff, at) for at in x] for payoff in payoffs]
    place, nothing = x.index(prior), [F(0)] * len(x)
    total = nothing
    for row in f:
        total = plus(total, row)
    orders = []
    for order in permutations(range(n)):
        later = nothing
        for i in reversed(order):
            later = concave(x, plus(f[i], later))
        orders.append(later[place])
    found = {
        "simultaneous": concave(x, total)[place],
        "sequential": max(orders),
        "first_best": sum((concave(x, row)[place] for row in f), F(0)),
    }
    for procedure in ("intermediate", "flexible"):
        value: dict[tuple[int, ...], Row] = {(): nothing}
        for size in range(1, n + 1):
            for left in combinations(range(n), size):
                sums = [plus(f[i], value[tuple(j for j in left if j != i)]) for i in left]
                if procedure == "intermediate":
                    rows = [concave(x, one) for one in sums]
                    value[left] = [max(column) for column in zip(*rows, strict=True)]
                else:
                    value[left] = concave(x, [max(c) for c in zip(*sums, strict=True)])
        found[procedure] = value[tuple(range(n))][place]
    return found


@st.composite
def probabilities(draw: st.DrawFn) -> Fraction:
    """Probabilities near 0, near 1, near each other, and in between."""
    small = F(draw(st.integers(1, 9)), 10 ** draw(st.sampled_from([1, 3, 9, 12, 15])))
    return draw(st.sampled_from([small, 1 - small, F(3, 10) + small / 10, F(1, 3), F(3, 10)]))


@st.composite
def games(draw: st.DrawFn) -> tuple[Fraction, list[Payoff]]:
    prior = draw(probabilities())
    payoffs: list[Payoff] = []
    for _ in range(draw(st.integers(1, 3))):
        cutoffs: list[Fraction] = []
        for c in sorted({*draw(st.lists(probabilities(), min_size=1, max_size=3)), prior}):
            if not cutoffs or float(c) > float(cutoffs[-1]):
                cutoffs.append(c)
        numbers = st.integers(-9, 9)
        powers = st.sampled_from([-8, 0, 0, 8])
        payoffs.append(
            (cutoffs, [F(draw(numbers)) * F(10) ** draw(powers) for _ in range(len(cutoffs) + 1)])
        )
    return prior, payoffs


def assert_all_brackets(prior: Fraction, payoffs: list[Payoff], truth: dict[str, Fraction]) -> None:
    """Both formulations of every procedure, against values known."""
    game = BeliefGame(str(prior), [Receiver([str(c) for c in cs], ps) for cs, ps in payoffs])
    for procedure, value in truth.items():
        for formulation in ("envelopes", "lp"):
            result: Any = solve(game, procedure, formulation=formulation)  # type: ignore[call-overload]
            assert result.lower <= value <= result.upper
            assert result.lower <= result.value <= result.upper
            scale = F(result.certificate.scale)
            width = F(result.upper) - F(result.lower)
            assert width <= scale / 10**9 + abs(value) / 2**51


@settings(derandomize=True, deadline=None, max_examples=60)
@given(games())
def test_every_bracket_holds_the_truth(game: tuple[Fraction, list[Payoff]]) -> None:
    prior, payoffs = game
    assert_all_brackets(prior, payoffs, reference(prior, payoffs))


def test_the_check_of_all_brackets_can_fail() -> None:
    payoffs: list[Payoff] = [([F(1, 2)], [F(0), F(1)])]
    sound = reference(F(1, 4), payoffs)
    assert_all_brackets(F(1, 4), payoffs, sound)
    for procedure in sound:
        wrong = {procedure: sound[procedure] + F(1, 10**12)}
        try:
            assert_all_brackets(F(1, 4), payoffs, wrong)
        except AssertionError:
            continue
        raise ValueError(f"{procedure} accepts a wrong value")
