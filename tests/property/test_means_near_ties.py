"""Posterior means next to ties: float brackets and fractions against a simplex of our own."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import persuasion_lp as plp
from persuasion_lp.families.means.programme import MeansFormulation
from tests.exact_reference import maximum

F = Fraction
NEAR = [F(sign, 10**digits) for digits in (3, 6, 9, 12, 13) for sign in (-1, 1)]


class Near(NamedTuple):
    """States, masses, breakpoints, and the ends of the pieces between them."""

    states: list[Fraction]
    masses: list[Fraction]
    breakpoints: list[Fraction]
    pieces: list[list[Fraction]]


@st.composite
def near_ties(draw: st.DrawFn) -> Near:
    """Close and rare states, breakpoints beside states and the prior mean, payoffs far apart."""
    hundredths = st.integers(1, 99).map(lambda k: F(k, 100))
    states = draw(st.sets(hundredths, min_size=1, max_size=3))
    for state in sorted(states):
        if draw(st.booleans()):
            states |= {state + draw(st.sampled_from(NEAR))}
    ordered = sorted(states)
    rare = st.sampled_from([0, 0, 3, 6, 9, 12])
    weights = [F(draw(st.integers(1, 9)), 10 ** draw(rare)) for _ in ordered]
    masses = [weight / sum(weights) for weight in weights]
    mean = sum((f * s for f, s in zip(masses, ordered, strict=True)), F(0))
    places = {F(0), F(1)}
    for _ in range(draw(st.integers(1, 2))):
        base = draw(st.sampled_from([mean, *ordered, F(2, 5)]))
        places |= {base + draw(st.sampled_from([F(0), *NEAR]))}
    breakpoints = sorted(places)
    unit = F(10) ** draw(st.sampled_from([-8, 0, 8]))
    ends = st.integers(-3, 3).map(lambda k: unit * k)
    flat = draw(st.booleans())
    pieces = []
    for _ in breakpoints[1:]:
        left = draw(ends)
        pieces.append([left, left if flat else draw(ends)])
    return Near(ordered, masses, breakpoints, pieces)


def paid(game: Near, mean: Fraction) -> Fraction:
    """The higher of the pieces that meet at a mean."""
    found = []
    for k, (left, right) in enumerate(game.pieces):
        low, high = game.breakpoints[k : k + 2]
        if low <= mean <= high:
            found.append(left + (right - left) * (mean - low) / (high - low))
    return max(found)


def value(game: Near) -> Fraction:
    """Send the mass of each state to candidate means, each signal having the mean it is named by.

    Payoffs are linear between candidates and higher where they jump, so more are not needed.
    """
    low, high = game.states[0], game.states[-1]
    means = sorted({*game.states, *(b for b in game.breakpoints if low < b < high)})
    columns = [(k, i) for k in range(len(game.states)) for i in range(len(means))]
    equations = [
        ([F(int(k == state)) for k, _ in columns], mass) for state, mass in enumerate(game.masses)
    ]
    at_least = []
    for signal, mean in enumerate(means):
        row = [game.states[k] - mean if i == signal else F(0) for k, i in columns]
        at_least += [row, [-entry for entry in row]]
    return maximum([paid(game, means[i]) for _, i in columns], equations, at_least)


def library(game: Near) -> plp.PosteriorMeanGame:
    """The same for the library."""
    prior = plp.StateGrid(game.states, game.masses)
    return plp.PosteriorMeanGame(prior, plp.PiecewiseLinear(game.breakpoints, game.pieces))


FORMULATIONS: list[MeansFormulation] = ["majorization", "transport"]


@pytest.mark.parametrize("formulation", FORMULATIONS)
@given(game=near_ties())
def test_brackets_next_to_ties_hold(formulation: MeansFormulation, game: Near) -> None:
    assume(all(float(a) < float(b) for a, b in pairwise(game.breakpoints)))
    truth = value(game)
    result = plp.solve(library(game), "simultaneous", formulation=formulation)
    assert result.upper is not None
    assert F(result.lower) <= truth <= F(result.upper)
    width = F(result.upper) - F(result.lower)
    assert width <= F(1, 10**9) * F(result.certificate.scale) or result.lower == result.upper
    exact = plp.solve(library(game), "simultaneous", exact=True, formulation=formulation)
    assert exact.value == truth


def test_the_reference_is_right_where_the_answer_is_known() -> None:
    half = F(1, 2)
    close = half + F(1, 10**12)
    jump = Near([half, close], [half, half], [F(0), close, F(1)], [[F(0)] * 2, [F(1)] * 2])
    assert value(jump) == half
    pooled = jump._replace(breakpoints=[F(0), (half + close) / 2, F(1)])
    assert value(pooled) == 1
