"""Exact answers do not rest on floating-point proofs: found where floats prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from persuasion_lp import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    StateGrid,
    VotingGame,
    errors,
    priors,
    solve,
)
from persuasion_lp.core import searched
from persuasion_lp.core.exact_orders import likely_order
from persuasion_lp.families.beliefs import programme as belief_programme
from persuasion_lp.families.beliefs import solve as beliefs
from persuasion_lp.families.games import runs
from persuasion_lp.families.means import rounds as means
from persuasion_lp.families.menus import optimum as menu_optimum
from persuasion_lp.families.menus import solve as menus

F = Fraction
UNLIKE = [Receiver.threshold("4/5"), Receiver.threshold("3/5")]
GAME = PersuasionGame([[0, "1/2"], ["1/2", 0]], UNLIKE)
VOTE = VotingGame(
    [[["3/9", "2/9"], ["2/9", "1/9"]], [["1/9", 0], [0, 0]]], ["1/2", "2/3", "4/5"], quota=2
)
"""By who votes first, the best order pays 5/21, 8/21 or 5/18."""
BELIEFS = BeliefGame("1/4", UNLIKE)
PLAN = ManagerProblem(StateGrid(["1/5", "3/5"]), "1/2", ["8/5", "6/5"], ["9/10", "1/10"])
MEANS = PosteriorMeanGame(StateGrid([0, 1]), PiecewiseLinear([0, "2/3", 1], [0, 1, 1]))
GAME_PROCEDURES = ("simultaneous", "sequential", "intermediate", "flexible", "first_best")

EVERY = [
    *((GAME, procedure) for procedure in GAME_PROCEDURES),
    *((BELIEFS, procedure) for procedure in GAME_PROCEDURES),
    *((VOTE, procedure) for procedure in ("simultaneous", "sequential", "first_best")),
    *((PLAN, procedure) for procedure in ("menu", "single_test", "commitment")),
    (MEANS, "simultaneous"),
]


def _unproved(*_: Any, **__: Any) -> Any:
    raise errors.CertificateError("the answer is not proved")


def _never(*_: Any, **__: Any) -> Any:
    raise AssertionError("solved in floats")


def _replace_floats(monkeypatch: pytest.MonkeyPatch, by: Callable[..., Any]) -> None:
    """Whatever would be solved in floats calls this instead."""
    monkeypatch.setattr(runs, "optimize_lp", by)
    for module in (beliefs, belief_programme, means, menu_optimum):
        monkeypatch.setattr(module, "solve_lp", by)
    for name in ("recursion", "search_orders"):
        monkeypatch.setattr(beliefs, name, by)
    for name in ("best_menu", "best_single"):
        monkeypatch.setattr(menus, name, by)


@pytest.mark.parametrize(("problem", "procedure"), EVERY)
def test_the_exact_answer_is_the_same_when_floats_prove_nothing(
    problem: Any, procedure: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_floats = solve(problem, procedure).exact()
    _replace_floats(monkeypatch, _unproved)
    if isinstance(problem, PosteriorMeanGame) or problem in (GAME, VOTE, BELIEFS, PLAN):
        rescued = solve(problem, procedure)
        assert rescued.certificate.route == "exact"
        assert rescued.lower <= with_floats.value <= rescued.upper
    else:
        with pytest.raises(errors.CertificateError):
            solve(problem, procedure)
    answer = solve(problem, procedure, exact=True)
    assert answer.value == with_floats.value
    assert answer.certificate.verify().ok
    if procedure == "intermediate" and problem is GAME:
        assert len(answer.order or ()) == 1


@pytest.mark.parametrize(("problem", "procedure"), EVERY)
def test_only_a_search_for_an_order_is_made_in_floats(
    problem: Any, procedure: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _replace_floats(monkeypatch, _never)
    searches = procedure == "sequential" or (problem is GAME and procedure == "intermediate")
    if not searches:
        assert solve(problem, procedure, exact=True).certificate.verify().ok
        return
    with pytest.raises(AssertionError, match="solved in floats"):
        solve(problem, procedure, exact=True)
    if procedure == "sequential":
        order = tuple(reversed(range(problem.n)))
        assert solve(problem, procedure, exact=True, order=order).order == order


@pytest.mark.parametrize(
    "problem",
    [
        PersuasionGame(priors.independent(["1/4"] * 2), UNLIKE),
        BeliefGame("1/4", [PiecewiseLinear([0, 1], [0, 1]), PiecewiseLinear([0, 1], [1, 0])]),
        VotingGame(priors.independent(["1/4", "1/3"]), ["1/2", "2/3"], quota=2),
    ],
)
@pytest.mark.parametrize("likely", [(0, 1), (1, 0)])
def test_of_orders_that_tie_the_likely_one_is_proved(
    problem: Any, likely: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searched, "likely_order", lambda *_: likely)
    answer = solve(problem, "sequential", exact=True)
    assert answer.order == likely
    assert len(answer.certificate.about["alternatives"]) == 2


@pytest.mark.parametrize("problem", [GAME, BELIEFS, VOTE])
def test_an_order_that_is_not_the_best_gives_way(
    problem: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried first, it is found to pay less: no order that is tried first changes the value."""
    orders = list(permutations(range(problem.n)))
    values = {
        order: solve(problem, "sequential", exact=True, order=order).value for order in orders
    }
    assert len(set(values.values())) > 1
    for order in orders:
        monkeypatch.setattr(searched, "likely_order", lambda *_, first=order: first)
        answer = solve(problem, "sequential", exact=True)
        assert answer.order is not None
        assert answer.value == values[answer.order] == max(values.values())


def test_the_likely_order_is_that_of_the_search_unless_it_proves_nothing() -> None:
    assert likely_order(lambda: (2, 0, 1), 3) == (2, 0, 1)
    assert likely_order(_unproved, 3) == (0, 1, 2)
    assert likely_order(_unproved, 1) == (0,)
    with pytest.raises(AssertionError, match="solved in floats"):
        likely_order(_never, 3)


def test_a_worker_who_is_barely_optimistic() -> None:
    """U(p) = p/9 up to p = 7/9 and falls by 7/18 a unit after; the worker accepts from 8/9/10¹² on.

    The test ends where 7/81 − (7/18)(p − 7/9) = (8/9) p / 10¹².
    """
    grid = StateGrid([1, F(1, 2)], [F(7, 9), F(2, 9)])
    plan = ManagerProblem(grid, F(8, 9), [1 + F(1, 10**12)], unrestricted=True)
    slack = F(8, 9) / 10**12
    p = (F(7, 81) + F(7, 18) * F(7, 9)) / (F(7, 18) + slack)
    for procedure in ("single_test", "menu"):
        answer = solve(plan, procedure, exact=True)
        assert answer.value == slack * p
        assert answer.certificate.verify().ok


@pytest.mark.parametrize(
    ("cutoff", "guilty"), [("1e-10", "1e-12"), ("1e-9", "1e-13"), ("1e-12", "1e-13")]
)
@pytest.mark.parametrize("procedure", GAME_PROCEDURES)
def test_cutoffs_too_small_for_floats(cutoff: str, guilty: str, procedure: Any) -> None:
    """Two independent defendants: each is convicted with probability prior over cutoff."""
    prior = priors.independent([guilty] * 2)
    game = PersuasionGame(prior, [Receiver.threshold(cutoff)] * 2)
    answer = solve(game, procedure, exact=True)
    assert answer.value == 2 * F(guilty) / F(cutoff)
    assert answer.certificate.verify().ok


@pytest.mark.parametrize(
    ("problem", "procedure", "settings", "error", "named"),
    [
        (GAME, "public", {}, errors.ProcedureError, "procedure"),
        (GAME, "sequential", {"order": (0, 0)}, errors.OrderError, "order"),
        (GAME, "flexible", {"order": (0, 1)}, errors.OrderError, "order"),
        (GAME, "intermediate", {"order": (0,)}, errors.OrderError, "order"),
        (GAME, "flexible", {"formulation": "tree"}, errors.OptionError, "formulation"),
        (GAME, "flexible", {"tol": 1e-3}, errors.OptionError, "tol"),
        (GAME, "flexible", {"memory_limit": 100}, errors.SizeError, "memory_limit"),
        (VOTE, "intermediate", {}, errors.ProcedureError, "procedure"),
        (VOTE, "sequential", {"order": (0, 1)}, errors.OrderError, "order"),
        (VOTE, "simultaneous", {"order": (0, 1, 2)}, errors.OrderError, "order"),
        (VOTE, "simultaneous", {"formulation": "tree"}, errors.OptionError, "formulation"),
        (VOTE, "simultaneous", {"memory_limit": 100}, errors.SizeError, "memory_limit"),
        (BELIEFS, "simultaneous", {"order": (0, 1)}, errors.OrderError, "order"),
        (BELIEFS, "sequential", {"order": (0, 2)}, errors.OrderError, "order"),
        (BELIEFS, "sequential", {"formulation": "tree"}, errors.OptionError, "formulation"),
        (BELIEFS, "sequential", {"progress": 3}, errors.OptionError, "progress"),
        (BELIEFS, "flexible", {"memory_limit": 100}, errors.SizeError, "memory_limit"),
        (PLAN, "menus", {}, errors.ProcedureError, "procedure"),
        (PLAN, "menu", {"formulation": "cutoffs"}, errors.OptionError, "formulation"),
        (PLAN, "menu", {"incentives": "some"}, errors.OptionError, "incentives"),
        (PLAN, "menu", {"order": None}, errors.OptionError, "order"),
        (PLAN, "single_test", {"formulation": "rays"}, errors.OptionError, "formulation"),
        (PLAN, "single_test", {"incentives": "all"}, errors.OptionError, "incentives"),
        (PLAN, "single_test", {"tol": 0}, errors.OptionError, "tol"),
    ],
)
def test_settings_are_judged_before_anything_is_solved(
    problem: Any,
    procedure: Any,
    settings: dict[str, Any],
    error: type[errors.InputError],
    named: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _replace_floats(monkeypatch, _never)
    with pytest.raises(error) as caught:
        solve(problem, procedure, exact=True, **settings)
    assert caught.value.field == named
