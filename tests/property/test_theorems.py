"""Theorems on random problems; a thousand of each in the nightly runs."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given

from persuasion_lp import PersuasionGame, laboratory, solve, theorems
from persuasion_lp.laboratory.statements import STATEMENTS
from tests.strategies import games, nested_games
from tests.support import any_solve, assert_at_most, assert_certified, assert_close


@given(nested_games())
def test_part_1_sequential_is_strictly_better(game: PersuasionGame) -> None:
    """KKS Proposition 3, part 1."""
    sequential, simultaneous = solve(game, "sequential"), solve(game, "simultaneous")
    assert_certified(sequential)
    assert sequential.value > simultaneous.value + 1e-6


@given(nested_games())
def test_part_2_the_nesting_order_is_optimal(game: PersuasionGame) -> None:
    """KKS Proposition 3, part 2."""
    order = theorems.proposition_3(game).order
    nesting = solve(game, "sequential", order=order)
    assert_close(nesting.value, solve(game, "sequential").value)


@given(nested_games())
def test_part_3_first_best_is_paid_exactly_if_acceptances_are_nested(game: PersuasionGame) -> None:
    """KKS Proposition 3, part 3, made exact; the flexible procedure does no better."""
    form = theorems.proposition_3(game)
    assert_close(solve(game, "first_best").value, form.value)
    for name in ("sequential", "flexible"):
        result = solve(game, name)
        assert_at_most(result.value, form.value)
        nested = form.conditions["first-best acceptances are nested"]
        assert (result.value > form.value - 1e-7) == nested


@given(games(additive=True))
def test_lemma_1_bounds_every_procedure(game: PersuasionGame) -> None:
    form = theorems.lemma_1(game)
    for name in form.claims:
        assert any_solve(game, name).compare(form).verdict == "holds"


@given(games(additive=True))
def test_responses_of_beliefs_are_consistent(game: PersuasionGame) -> None:
    """The mean of h_ij over any signal is the prior belief, and its slope is at most one."""
    for i in range(game.n):
        x = float(game.own_prior(i)[1])
        if not 0 < x < 1:
            continue
        for j in range(game.n):
            response = theorems.lemma_2(game, i, j)
            assert_close(response(x), float(game.own_prior(j)[1]), tolerance=1e-12)
            assert_at_most(abs(response.value), 1.0, tolerance=1e-12)
        assert_close(theorems.lemma_2(game, i, i).value, 1.0, tolerance=1e-12)


WORKERS = min(4, os.cpu_count() or 1)


@pytest.mark.nightly
@pytest.mark.parametrize("name", STATEMENTS)
def test_every_theorem_holds_a_thousand_times(name: Any) -> None:
    report = laboratory.check(name, n=1000, seed=2024, workers=WORKERS)
    assert report.holds, report


@pytest.mark.nightly
def test_corollary_1_fails_with_three_receivers() -> None:
    """Rare: about one positively correlated problem in two hundred."""
    dropped = "two receivers, or perfect correlation"
    report = laboratory.check("corollary-1", n=1000, seed=0, drop=dropped, workers=WORKERS)
    assert not report.holds
