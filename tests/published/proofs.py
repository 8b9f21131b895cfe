"""Proofs by hand, checked in fractions with nothing of the library: weak duality twice over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product

F = Fraction
Path = tuple[int, ...]
Masses = Mapping[str, Fraction]


def information(procedure: str, position: int, path: Path) -> Path:
    """What the receiver at a position has seen, apart from the recommendation to accept."""
    return {"sequential": path[:position], "simultaneous": path, "first_best": ()}[procedure]


def assert_attained(
    procedure: str,
    prior: Masses,
    receivers: Sequence[Masses],
    experiment: Mapping[Path, Masses],
    value: Fraction,
) -> None:
    """An experiment splits the prior, its acceptances are obeyed, and it pays the value.

    ``receivers``, in the order in which they act, accept where the sum of their numbers over what
    they believe is at least 0.
    """
    assert all(mass >= 0 for masses in experiment.values() for mass in masses.values())
    for state, mass in prior.items():
        assert sum(masses.get(state, F(0)) for masses in experiment.values()) == mass
    slack: dict[tuple[int, Path], Fraction] = {}
    for path, masses in experiment.items():
        for position, accepts in enumerate(path):
            if accepts:
                known = (position, information(procedure, position, path))
                row = receivers[position]
                gain = sum((row[state] * mass for state, mass in masses.items()), F(0))
                slack[known] = slack.get(known, F(0)) + gain
    assert all(gain >= 0 for gain in slack.values())
    assert sum(sum(path) * sum(masses.values()) for path, masses in experiment.items()) == value


def assert_bounded(
    procedure: str,
    prior: Masses,
    receivers: Sequence[Masses],
    multipliers: Mapping[tuple[int, Path], Fraction],
    prices: Masses,
    value: Fraction,
) -> None:
    """Prices of states and multipliers ≥ 0 of acceptances prove that no experiment pays more."""
    assert all(multiplier >= 0 for multiplier in multipliers.values())
    for path, state in product(product((0, 1), repeat=len(receivers)), prior):
        worth = F(0)
        for position, accepts in enumerate(path):
            if accepts:
                known = (position, information(procedure, position, path))
                worth += 1 + multipliers.get(known, F(0)) * receivers[position][state]
        assert worth <= prices[state]
    assert sum(prices[state] * mass for state, mass in prior.items()) == value


def threshold(position: int, cutoff: Fraction, states: Iterable[str]) -> dict[str, Fraction]:
    """1[ω_i = H] − c for states that are words in L and H."""
    return {word: (word[position] == "H") - cutoff for word in states}


def line(points: Sequence[tuple[Fraction, Fraction]]) -> Callable[[Fraction], Fraction]:
    """The piecewise linear function through points."""

    def value(x: Fraction) -> Fraction:
        for (a, low), (b, high) in pairwise(points):
            if a <= x <= b:
                return low + (high - low) * (x - a) / (b - a)
        raise AssertionError(f"{x} is outside")

    return value


def assert_priced(
    states: Masses | Mapping[Fraction, Fraction],
    payoff: Sequence[tuple[Fraction, Fraction]],
    means: Mapping[Fraction, Fraction],
    prices: Sequence[tuple[Fraction, Fraction]],
    value: Fraction,
) -> None:
    """A distribution of posterior means, and a convex price function that proves it optimal."""
    prior = {F(state): mass for state, mass in states.items()}
    assert sum(prior.values()) == sum(means.values()) == 1
    assert sum(s * f for s, f in prior.items()) == sum(m * h for m, h in means.items())
    for c in {*prior, *means}:
        room = sum(max(c - s, F(0)) * f for s, f in prior.items())
        assert sum(max(c - m, F(0)) * h for m, h in means.items()) <= room
    slopes = [(high - low) / (b - a) for (a, low), (b, high) in pairwise(prices)]
    assert slopes == sorted(slopes)
    v, price = line(payoff), line(prices)
    assert all(price(x) >= v(x) for x, _ in (*payoff, *prices))
    assert sum(v(m) * h for m, h in means.items()) == value
    assert sum(price(s) * f for s, f in prior.items()) == value
