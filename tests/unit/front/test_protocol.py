"""What all results, certificates and procedures have, whatever the family."""

from __future__ import annotations

import json
import sys
import typing
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any, get_args, get_origin, get_overloads

import numpy as np
import pytest
from scipy import stats

import persuasion_lp as plp
from persuasion_lp.core.family import families, family_of
from persuasion_lp.core.ordering import at_most
from persuasion_lp.errors import CertificateError, InputError, OptionError, ProcedureError

T = plp.Receiver.threshold
PROBLEMS: dict[str, Any] = {
    "game": plp.PersuasionGame([[0, 0.5], [0.5, 0]], [T(0.8)] * 2),
    "vote": plp.VotingGame([[0.3, 0.2], [0.2, 0.3]], [0.6, 0.7], 2),
    "beliefs": plp.BeliefGame(0.3, [T(0.5), T(0.8)]),
    "plan": plp.ManagerProblem(plp.StateGrid(["1/5", "3/5"]), "2/5", ["6/5", "8/5"]),
    "team": plp.ManagerProblem.for_workers(
        plp.StateGrid(["1/10", "1/2", "9/10"]), ["1/4", "1/4"], [["12/5", "16/5"]] * 2
    ),
    "continuous plan": plp.ManagerProblem(stats.uniform(), 0.4, [1.2, 1.6]),
    "alike firms": plp.AnonymousGame(
        3,
        ["1/2", "1/2"],
        [[[0, 0]] * 3, [["3/10", -1], ["7/20", "-19/20"], ["2/5", "-9/10"]]],
        [0, "1/3", "2/3", 1],
    ),
    "firms": plp.BayesianGame(
        ["1/2", "1/2"],
        [
            [[[0, 0], [0, 0]], [["3/10", -1], ["2/5", "-9/10"]]],
            [[[0, 0], ["3/10", -1]], [[0, 0], ["2/5", "-9/10"]]],
        ],
        [[0, "1/2"], ["1/2", 1]],
    ),
    "means": plp.PosteriorMeanGame(
        plp.StateGrid([0.2, 0.6]), plp.PiecewiseLinear.steps(["1/2"], [0, 1])
    ),
}
CALLS = [
    pytest.param(problem, procedure, id=f"{name}-{procedure}")
    for name, problem in PROBLEMS.items()
    for procedure in family_of(problem).procedures_for(problem)
]


@pytest.mark.parametrize(("problem", "procedure"), CALLS)
def test_every_result_has_the_same_protocol(problem: Any, procedure: Any) -> None:
    result = plp.solve(problem, procedure)
    assert result.problem is problem
    assert result.procedure == procedure
    assert result.lower <= result.value <= result.upper
    assert result.lp is not None or result.certificate.lp is None
    assert sum(result.times.values()) > 0
    assert result.experiment is not None
    assert len(result.to_frame())
    json.dumps(result.to_dict())
    certificate = result.certificate
    assert certificate.ok
    assert certificate.failures == ()
    assert certificate.scale > 0
    assert certificate.economic is not None
    assert certificate.upper >= result.value - 1e-9
    assert result.no_information <= result.value + 1e-8


@pytest.mark.parametrize(("problem", "procedure"), CALLS)
def test_full_information_is_a_lower_bound_unless_results_can_be_misreported(
    problem: Any, procedure: Any
) -> None:
    result = plp.solve(problem, procedure)
    if procedure in ("menu", "single_test", "profile_menu"):
        commitment = plp.solve(problem, "commitment")
        assert commitment.upper is not None
        assert result.full_information <= commitment.upper + 1e-8
    else:
        assert result.full_information <= result.value + 1e-8


@pytest.mark.parametrize("name", PROBLEMS)
def test_prices_of_the_prior_add_up_to_the_value(name: str) -> None:
    """Where the value is concave in the prior: all procedures but menus and single tests."""
    problem = PROBLEMS[name]
    procedures: list[Any] = list(family_of(problem).procedures_for(problem))
    for procedure in procedures:
        result = plp.solve(problem, procedure)
        if procedure in ("menu", "single_test", "profile_menu"):
            assert result.prices is None
        elif procedure == "commitment" or name == "means":
            assert float(result.prices @ result.grid.masses) == pytest.approx(
                result.value, abs=1e-3
            )
        else:
            total = float((result.prices * problem.prior).sum())
            assert total == pytest.approx(result.value, abs=1e-8)


@pytest.mark.parametrize(("problem", "procedure"), CALLS)
def test_an_exact_answer_is_of_the_same_problem(problem: Any, procedure: Any) -> None:
    if not family_of(problem).procedures[procedure].has_exact(problem):
        with pytest.raises(InputError):
            plp.solve(problem, procedure, exact=True)
        return
    exact = plp.solve(problem, procedure, exact=True)
    result = plp.solve(problem, procedure)
    assert exact.problem is problem
    assert result.exact().problem is problem
    assert result.exact().value == exact.value
    assert float(exact.value) == pytest.approx(result.value, abs=1e-8)


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_family_is_compared(name: str) -> None:
    comparison = plp.compare(PROBLEMS[name])
    assert list(comparison.results) == list(
        family_of(PROBLEMS[name]).procedures_for(PROBLEMS[name])
    )
    assert not [check for check in comparison.checks if check.holds is False]
    rows = comparison.to_dict()["rows"]
    assert all(row["lower"] <= row["value"] <= row["upper"] for row in rows)


def test_what_theory_says_of_votes_and_menus_is_checked() -> None:
    unanimous = plp.compare(PROBLEMS["vote"])
    assert "simultaneous = sequential (unanimity, KKS Proposition 2)" in {
        check.statement for check in unanimous.checks if check.holds
    }
    plan = plp.compare(PROBLEMS["plan"])
    assert [check.statement for check in plan.checks] == [
        "single_test ≤ menu",
        "single_test ≤ commitment",
    ]
    assert all(check.holds for check in plan.checks)


def test_a_bracket_that_is_coarser_than_a_difference_decides_nothing() -> None:
    results: dict[str, Any] = {
        name: SimpleNamespace(
            value=value, lower=value, upper=upper, certificate=SimpleNamespace(scale=1.0)
        )
        for name, value, upper in (("low", 0.5, 0.5), ("coarse", 0.4, 0.6), ("less", 0.3, 0.4))
    }
    assert at_most(results, "low", "coarse").holds is None
    assert at_most(results, "coarse", "low").holds is True
    assert at_most(results, "low", "less").holds is False
    results["less"].upper = None
    assert at_most(results, "low", "less").holds is None


def test_commitment_is_refined_until_it_is_not_below_the_menu() -> None:
    """However coarse the grid that is asked for."""
    comparison = plp.compare(PROBLEMS["continuous plan"], cells=2)
    commitment, menu = comparison.results["commitment"], comparison.results["menu"]
    assert commitment.value >= menu.value * (1 - 1e-9)
    assert all(check.holds for check in comparison.checks)
    assert " in [" in repr(comparison)


def test_values_that_contradict_theory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def lying(problem: Any, procedure: Any, **settings: Any) -> Any:
        result = plp.solve(problem, procedure, **settings)
        more = {"value": 2.0, "lower": 2.0, "upper": 2.0}
        return replace(result, **more) if procedure == "single_test" else result

    monkeypatch.setattr(sys.modules["persuasion_lp.compare"], "solve", lying)
    with pytest.raises(CertificateError, match="single_test ≤ menu"):
        plp.compare(PROBLEMS["plan"])


def overload_settings() -> dict[tuple[type, str], set[str]]:
    """By class of problem and procedure, the settings that an editor completes."""
    names = vars(sys.modules["persuasion_lp.solve"])
    found: dict[tuple[type, str], set[str]] = {}
    for variant in get_overloads(names["solve"]):
        hints = typing.get_type_hints(variant, names)
        if hints.keys() & {"constraints", "credibility"}:
            continue  # answered beside the registry
        procedures = get_args(hints["procedure"])
        assert get_origin(hints["procedure"]) is typing.Literal
        (keywords,) = get_args(hints["settings"])
        own = set(typing.get_type_hints(keywords))
        for procedure in procedures:
            found[hints["problem"], procedure] = own
    return found


def test_an_editor_completes_the_procedures_and_settings_of_the_registry() -> None:
    registered = {
        (family.kind, name): {field.name for field in fields(spec.settings)}
        for family in families()
        if family.kind.__module__.startswith("persuasion_lp.")
        for name, spec in family.procedures.items()
    }
    assert overload_settings() == registered


def test_procedures_settings_and_problems_that_do_not_exist_are_named() -> None:
    game = PROBLEMS["game"]
    with pytest.raises(ProcedureError, match="one of simultaneous, sequential, intermediate"):
        plp.solve(game, "simultanous")  # type: ignore[call-overload]
    with pytest.raises(OptionError, match="cells is no setting of this procedure; it has order"):
        plp.solve(game, "sequential", cells=3)  # type: ignore[call-overload]
    with pytest.raises(InputError, match="problem must be one of PersuasionGame"):
        plp.solve(3, "sequential")  # type: ignore[call-overload]


def test_the_lowest_served_type_is_numbered_as_the_caller_did() -> None:
    types = ["8/5", "6/5"]
    plan = plp.ManagerProblem(plp.StateGrid(["1/5", "3/5"]), "2/5", types)
    result = plp.solve(plan, "menu")
    served = [j for test in result.tests for j in test.takers]
    assert result.lowest == max(served)
    np.testing.assert_array_equal(np.flatnonzero(result.choices >= 0), sorted(served))
