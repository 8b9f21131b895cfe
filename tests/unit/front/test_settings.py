"""Settings of ``solve`` and ``compare``: what does not exist, or has no value, is named."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import InputError, OptionError, OrderError
from tests.support import any_solve

JUDGES = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2)
BELIEFS = plp.BeliefGame(0.5, [plp.Receiver.threshold(0.6), plp.Receiver.threshold(0.8)])
VOTE = plp.VotingGame([[0, 0.5], [0.5, 0]], [0.7, 0.8], 1)
PLAN = plp.ManagerProblem(plp.StateDistribution.uniform(), 0.5, [1.2, 1.6])

MEANS = plp.PosteriorMeanGame(
    plp.StateDistribution.uniform(), plp.PiecewiseLinear.steps([0.7], [0, 1])
)

PROBLEMS = [
    (JUDGES, "sequential"),
    (BELIEFS, "sequential"),
    (VOTE, "sequential"),
    (PLAN, "menu"),
    (PLAN, "single_test"),
    (PLAN, "commitment"),
    (MEANS, "simultaneous"),
]

ORDERED = [JUDGES, BELIEFS, VOTE]


@pytest.mark.parametrize(("problem", "procedure"), PROBLEMS)
def test_a_setting_that_does_not_exist_is_refused(problem: Any, procedure: Any) -> None:
    with pytest.raises(OptionError, match=r"colour is no setting .*; it has .*options") as caught:
        any_solve(problem, procedure, colour="red")
    assert caught.value.field == "colour"
    assert caught.value.value == "red"


@pytest.mark.parametrize(("problem", "procedure"), PROBLEMS)
@pytest.mark.parametrize("options", [{"algorithm": "ipm"}, "ipm"])
def test_options_of_another_kind_are_refused(problem: Any, procedure: Any, options: Any) -> None:
    with pytest.raises(OptionError, match="options must be SolverOptions"):
        plp.solve(problem, procedure, options=options)


@pytest.mark.parametrize("problem", [JUDGES, BELIEFS, VOTE])
@pytest.mark.parametrize("limit", ["4 GB", None, float("nan"), True])
def test_a_memory_limit_is_a_number_of_bytes(problem: Any, limit: Any) -> None:
    with pytest.raises(OptionError, match="memory_limit must be a number of bytes"):
        plp.solve(problem, "sequential", memory_limit=limit)


@pytest.mark.parametrize(
    ("problem", "procedure"), [(BELIEFS, "flexible"), (PLAN, "menu"), (PLAN, "commitment")]
)
@pytest.mark.parametrize("tol", [0, -1e-3, float("nan"), "1e-3"])
def test_a_width_is_positive(problem: Any, procedure: Any, tol: Any) -> None:
    with pytest.raises(OptionError, match="tol must be positive"):
        plp.solve(problem, procedure, tol=tol)


@pytest.mark.parametrize("cells", [0, 1.5, "64", [0, 0.5, 1], True])
def test_cells_are_counted(cells: Any) -> None:
    with pytest.raises(OptionError, match="cells must be at least 1"):
        plp.solve(MEANS, "simultaneous", cells=cells)


def test_progress_can_be_called() -> None:
    with pytest.raises(OptionError, match="progress must be callable"):
        any_solve(BELIEFS, "flexible", progress="yes")


@pytest.mark.parametrize("exact", ["yes", 1, None])
def test_exact_is_a_flag(exact: Any) -> None:
    with pytest.raises(OptionError, match="exact must be True or False"):
        plp.solve(JUDGES, "sequential", exact=exact)


@pytest.mark.parametrize("problem", ORDERED)
@pytest.mark.parametrize(
    "order", [np.array([1, 0]), pd.Series([1, 0]), [1, 0], (np.int8(1), np.int64(0)), iter([1, 0])]
)
def test_orders_come_in_any_sequence(problem: Any, order: Any) -> None:
    if not hasattr(order, "__len__"):
        order = iter([1, 0])
    assert plp.solve(problem, "sequential", order=order).order == (1, 0)


@pytest.mark.parametrize("problem", ORDERED)
@pytest.mark.parametrize("order", [0, (False, True), "01", (0.0, 1.0), (), (0,), (0, 0), (1, 2)])
def test_what_is_no_order_is_refused_as_it_was_given(problem: Any, order: Any) -> None:
    with pytest.raises(OrderError, match="'best' or a permutation of the receivers 0 to 1; got"):
        plp.solve(problem, "sequential", order=order)


def test_a_number_given_as_an_order_is_shown() -> None:
    with pytest.raises(OrderError, match=r"got 0$"):
        any_solve(JUDGES, "sequential", order=0)


@pytest.mark.parametrize(("name", "value"), [("exact", True), ("order", (0, 1))])
def test_compare_refuses_what_it_cannot_compare(name: Any, value: Any) -> None:
    with pytest.raises(OptionError, match=f"{name} does not apply to a comparison"):
        plp.compare(JUDGES, **{name: value})


def test_compare_takes_problems() -> None:
    with pytest.raises(InputError, match=r"problem must be one of PersuasionGame.*'NoneType'"):
        plp.compare(None)


def test_compare_names_a_setting_that_no_procedure_has() -> None:
    with pytest.raises(OptionError, match="cells is no setting of these procedures; they have f"):
        plp.compare(JUDGES, cells=8)


def test_a_comparison_is_frozen_and_prints_in_six_lines() -> None:
    found = plp.compare(JUDGES)
    assert len(repr(found).splitlines()) <= 6
    assert "1.15625" in repr(found)
    assert all(check.statement in repr(found) for check in found.checks)
    with pytest.raises(TypeError):
        found.results["simultaneous"] = None  # type: ignore[index]
