"""Formulations: chosen by procedure, structure and size, forced, shown, refused."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, SolverOptions, solve
from persuasion_lp.errors import LimitError, OptionError, SizeError
from persuasion_lp.families.games.scale import early
from persuasion_lp.families.games.scale.choice import Formulation, chosen_formulation
from tests.support import any_solve


def game(n: int, payoff: np.ndarray | None = None) -> PersuasionGame:
    rng = np.random.default_rng(n)
    prior = rng.dirichlet(np.full(2**n, 0.5)).reshape((2,) * n)
    receivers = [Receiver.threshold(cutoff) for cutoff in rng.uniform(0.5, 0.9, n)]
    return PersuasionGame(prior, receivers, payoff)


def counted(n: int) -> np.ndarray:
    return 1.0 * (np.indices((2,) * n).sum(axis=0) > n / 2)


@pytest.mark.parametrize(
    ("procedure", "n", "votes", "chosen"),
    [
        ("simultaneous", 5, False, "nested"),
        ("simultaneous", 7, False, "blocks"),
        ("simultaneous", 7, True, "blocks"),
        ("first_best", 4, True, "nested"),
        ("first_best", 6, True, "columns"),
        ("first_best", 7, False, "nested"),
        ("sequential", 8, False, "nested"),
        ("flexible", 7, False, "nested"),
    ],
)
def test_large_programmes_are_solved_by_their_structure(
    procedure: Any, n: int, votes: bool, chosen: Formulation
) -> None:
    stated = game(n, counted(n) if votes else None)
    assert chosen_formulation(procedure, stated, "auto", None) == chosen
    by_hand = SolverOptions(algorithm="dual-simplex")
    assert chosen_formulation(procedure, stated, "auto", by_hand) == "nested"
    limited = SolverOptions(iteration_limit=7)
    assert chosen_formulation(procedure, stated, "auto", limited) == "nested"


@pytest.mark.parametrize(
    ("procedure", "stated", "votes", "words"),
    [
        ("sequential", "blocks", False, "receiver 0 need not"),
        ("first_best", "blocks", False, "hears the whole profile"),
        ("simultaneous", "columns", True, "receiver 2 hears more"),
        ("first_best", "columns", False, "receivers 0 to 2 separate"),
    ],
)
def test_a_formulation_whose_assumption_fails_is_refused(
    procedure: str, stated: str, votes: bool, words: str
) -> None:
    with pytest.raises(OptionError, match=words) as caught:
        any_solve(game(3, counted(3) if votes else None), procedure, formulation=stated)
    assert caught.value.field == "formulation"


def test_an_algorithm_of_the_solver_is_not_for_a_route() -> None:
    options = SolverOptions(algorithm="ipm")
    with pytest.raises(OptionError, match="algorithm of its own"):
        solve(game(3), "simultaneous", formulation="blocks", options=options)


def test_the_result_says_what_was_laid_out() -> None:
    found = solve(game(6), "simultaneous", formulation="blocks")
    shown = repr(found)
    assert f"{found.laid_out.columns} of 4096 columns" in shown
    told = found.to_dict()
    assert told["formulation"] == "blocks"
    assert told["size"]["columns"] == 4096
    assert told["laid_out"]["columns"] == found.laid_out.columns
    whole = solve(game(3), "simultaneous")
    assert whole.formulation == "nested"
    assert whole.laid_out == whole.size
    assert " of " not in repr(whole).split("LP ")[1].split("columns")[0]


def test_sizes_are_counted_before_memory_is_taken() -> None:
    with pytest.raises(SizeError) as caught:
        solve(game(7), "simultaneous", formulation="blocks", memory_limit=100_000)
    assert caught.value.sizes["columns"] == 4**7
    assert caught.value.sizes["rows"] == 128 + 7 * 64
    with pytest.raises(SizeError, match="column generation"):
        solve(game(7, counted(7)), "first_best", formulation="columns", memory_limit=10_000)


def test_a_time_limit_leaves_a_bracket() -> None:
    options = SolverOptions(time_limit=1e-4)
    stated = game(7)
    with pytest.raises(LimitError) as caught:
        solve(stated, "simultaneous", options=options)
    optimum = solve(stated, "simultaneous").value
    assert caught.value.best_value <= optimum <= caught.value.best_bound
    with pytest.raises(LimitError) as caught:
        solve(stated, "simultaneous", options=options, tol=1e-6)
    assert caught.value.best_value <= optimum <= caught.value.best_bound


def test_a_width_that_stopping_early_does_not_prove_is_proved_by_the_vertex(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(early, "SHARES", ())
    found = solve(game(6), "simultaneous", formulation="blocks", tol=1e-3)
    assert found.laid_out.columns
    assert found.upper - found.lower <= 1e-3


@pytest.mark.parametrize(
    ("alike", "procedure", "formulation", "limit", "instead"),
    [
        (True, "simultaneous", "auto", 2**20, "all alike: solve(ExchangeableGame.of(game)"),
        (False, "simultaneous", "nested", 2**26, "formulation='blocks' needs about"),
        (False, "simultaneous", "paths", 2**20, "no formulation of this problem is smaller"),
        (False, "simultaneous", "blocks", 2**20, "no formulation of this problem is smaller"),
        (False, "sequential", "paths", 2**20, "formulation='nested' is smaller"),
        (False, "sequential", "nested", 2**17, "no formulation of this problem is smaller"),
    ],
)
def test_what_is_too_large_is_told_what_fits(
    alike: bool, procedure: Any, formulation: Any, limit: int, instead: str
) -> None:
    n = 8
    prior = np.full(2**n, 1.0) if alike else np.random.default_rng(0).dirichlet(np.ones(2**n))
    receivers = [Receiver.threshold(0.6)] * n
    game = PersuasionGame((prior / prior.sum()).reshape((2,) * n), receivers)
    order = {"order": range(n)} if procedure == "sequential" else {}
    with pytest.raises(SizeError, match=re.escape(instead)):
        any_solve(game, procedure, formulation=formulation, memory_limit=limit, **order)
