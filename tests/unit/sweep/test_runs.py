"""Procedures of a sweep."""

from __future__ import annotations

from typing import Any

import pytest

import persuasion_lp as plp
from persuasion_lp.errors import OptionError, PersuasionError
from persuasion_lp.sweep.runs import check_runs, read_runs
from tests.unit.sweep.makers import judges


def test_one_or_several_named_or_not() -> None:
    given = {"procedure": "sequential", "order": [1, 0]}
    (run,) = read_runs("sequential")
    assert (run.label, run.procedure, run.settings) == ("sequential", "sequential", {})
    (run,) = read_runs(given)
    assert (run.label, run.settings) == ("sequential", {"order": (1, 0)})
    assert [run.label for run in read_runs(["sequential", given])] == [
        "sequential",
        "sequential, order=(1, 0)",
    ]
    named = read_runs({"best": "sequential", "fixed": given})
    assert [(run.label, run.procedure) for run in named] == [
        ("best", "sequential"),
        ("fixed", "sequential"),
    ]


def test_a_time_limit_is_an_option() -> None:
    (run,) = read_runs({"procedure": "simultaneous", "time_limit": 2.5})
    assert run.settings["options"] == plp.SolverOptions(time_limit=2.5)


@pytest.mark.parametrize(
    ("procedures", "told"),
    [
        ([], "at least one"),
        ({}, "at least one"),
        (3, "must be a procedure's name"),
        ([3], r"procedures\[0\] must be a procedure's name"),
        (["menu", "menu"], "must differ"),
        ({"": "menu"}, "texts as names"),
        ([{"order": [1, 0]}], "must be a procedure's name"),
    ],
)
def test_what_is_no_procedure_is_refused(procedures: Any, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        read_runs(procedures)


@pytest.mark.parametrize(
    ("procedures", "told"),
    [
        ("sequentiel", "did you mean 'sequential'"),
        ({"procedure": "sequential", "ordre": "best"}, "did you mean 'order'"),
        ({"procedure": "sequential", "tol": 0.1}, "no setting of this procedure"),
    ],
)
def test_procedures_are_those_of_the_problem(procedures: Any, told: str) -> None:
    with pytest.raises(PersuasionError, match=told):
        check_runs(read_runs(procedures), judges(0.8))
