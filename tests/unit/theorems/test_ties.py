"""Conditions of theorems are decided in the numbers as written: next to a tie is no tie."""

from __future__ import annotations

from fractions import Fraction

import pytest

from persuasion_lp import PersuasionGame, Receiver, StateDistribution, StateGrid, priors, theorems
from persuasion_lp.theorems.kks.acceptance import nesting_order
from persuasion_lp.theorems.kks.envelopes import concavification
from tests.support import any_solve

F = Fraction
T = Receiver.threshold
NEAR = [F(1, 10**k) for k in (9, 12, 15)]
UNITS = [F(1), F(1, 10**6), F(1, 10**12)]


@pytest.mark.parametrize("little", NEAR)
def test_one_order_sorts_both_sides_or_does_not(little: F) -> None:
    """Δ^R of the first is larger and his Δ^L, by a little, smaller: no order sorts both."""
    game = PersuasionGame(
        priors.perfectly_correlated("3/10", 2),
        [Receiver([little, "9/10"], [0, 2 * little, 1]), Receiver(["1/2"], [0, "1/2"])],
    )
    form = theorems.proposition_1(game)
    first, second = (concavification(r, F(3, 10)) for r in game.receivers)
    assert (first.left, first.right) == (little, F(9, 10))
    assert (second.left, second.right) == (F(0), F(1, 2))
    assert not form.conditions["one order sorts Δ^L and Δ^R"]
    assert any_solve(game, "sequential").compare(form)


@pytest.mark.parametrize("rare", UNITS)
@pytest.mark.parametrize("little", [F(0), *NEAR])
def test_whether_a_public_signal_suffices_however_rare(rare: F, little: F) -> None:
    """Condition (i) of Proposition 4 with equality, and missed by a share of 1e-9, 1e-12, 1e-15."""
    half, seventh = rare / 8, rare / 4
    hh, lh = half * (1 - little), half
    prior = [[1 - hh - lh - seventh, lh], [seventh, hh]]
    form = theorems.proposition_4(PersuasionGame(prior, [T("2/3")] * 2))
    assert form.conditions["(i)"] == (little == 0)


@pytest.mark.parametrize("little", NEAR)
def test_a_boundary_next_to_another_is_inside(little: F) -> None:
    outer = [-1, -1, 1]
    inner = [-1 - little, -1 - little, 1]
    assert nesting_order([outer, inner]) == (0, 1)
    assert nesting_order([outer, [-1, -1 - little, 1]]) is None


@pytest.mark.parametrize("little", NEAR)
def test_correlation_has_a_sign(little: F) -> None:
    def slope(d: F) -> bool:
        prior = [[F(1, 4) + d, F(1, 4) - d], [F(1, 4) - d, F(1, 4) + d]]
        game = PersuasionGame(prior, [T("4/5")] * 2)
        assumed = theorems.corollary_1(game, assume=["positively correlated states"])
        return assumed.conditions["positively correlated states"]

    assert slope(little)
    assert slope(F(0))
    assert not slope(-little)


def test_independent_states_in_floats_are_independent() -> None:
    for x in ([0.123456789, 0.7], [1 / 3, 2 / 7], [0.1, 0.2]):
        game = PersuasionGame(priors.independent(x), [T(0.8)] * 2)
        assert theorems.corollary_1(game).conditions["positively correlated states"]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("little", [F(0), *NEAR])
def test_tests_on_the_frontier_in_every_unit(unit: F, little: F) -> None:
    """Of states 1/2 and 1, the top half has the mean 1; a little below it is an interval test."""
    grid = StateGrid([unit / 2, unit])
    p, q = F(1, 2), unit * (1 - little)
    form = theorems.lx.lemma_3(grid, p, q)
    assert form.kind == ("threshold" if little == 0 else "interval")
    above = theorems.lx.lemma_3(grid, p, min(unit * (1 + little), F(1)))
    assert above.kind == (None if little and unit < 1 else "threshold")
    assert theorems.lx.lemma_3(grid, float(p), float(unit)).kind == "threshold"


@pytest.mark.parametrize("size", [1.0, 1e-6, 1e-12])
def test_a_continuous_frontier_in_every_unit(size: float) -> None:
    difficulty = StateDistribution.uniform(0, size)
    assert theorems.lx.lemma_3(difficulty, 0.25, 0.875 * size).kind == "threshold"
    assert theorems.lx.lemma_3(difficulty, 0.25, 0.875 * size * (1 - 1e-6)).kind == "interval"
    assert theorems.lx.lemma_3(difficulty, 0.25, 0.875 * size * (1 + 1e-6)).kind is None


@pytest.mark.parametrize("little", NEAR)
def test_a_point_next_to_the_envelope_is_not_on_it(little: F) -> None:
    """At the cutoff 1/2 the payoff is 1/2, or a little less, on the line from 0 to 1."""

    def at_half(short: F) -> tuple[F, F, F]:
        receiver = Receiver(["1/2", 1], [0, F(1, 2) - short, 1])
        found = concavification(receiver, F(1, 2))
        return found.value, found.left, found.right

    assert at_half(F(0)) == (F(1, 2), F(1, 2), F(1, 2))
    assert at_half(little) == (F(1, 2), F(0), F(1))
