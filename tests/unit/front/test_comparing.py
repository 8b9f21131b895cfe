"""Results beside theorems: brackets, bounds from below only, exact results, and what is refused."""

from __future__ import annotations

import json
import math
import pickle
from fractions import Fraction
from typing import Any, get_args

import numpy as np
import pytest

from persuasion_lp import (
    BeliefFunction,
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    SimplexGrid,
    StateGrid,
    VotingGame,
    errors,
    priors,
    solve,
    theorems,
)
from persuasion_lp.core.closed_form import ClosedForm, Relation

F = Fraction
JUDGES = PersuasionGame([[0, "1/2"], ["1/2", 0]], [Receiver.threshold("4/5")] * 2)
PLAN = ManagerProblem(StateGrid(["1/5", "3/5"]), "1/2", ["8/5", "6/5"], ["9/10", "1/10"])
UNKNOWN = BeliefGame(
    [0.5, 0.3, 0.2],
    [BeliefFunction(lambda mu: (mu[:, 2] >= 0.4).astype(float))],
    grid=SimplexGrid(3, 4),
)
"""Nothing bounds its payoff off the grid."""

EXACT: list[tuple[Any, str]] = [
    (JUDGES, "simultaneous"),
    (JUDGES, "sequential"),
    (BeliefGame("1/4", [Receiver.threshold("4/5")]), "flexible"),
    (VotingGame(priors.independent(["1/4"] * 2), ["1/2", "2/3"], quota=2), "sequential"),
    (PLAN, "menu"),
    (PLAN, "single_test"),
    (PLAN, "commitment"),
    (PosteriorMeanGame(StateGrid([0, 1]), PiecewiseLinear([0, 1], [0, 1])), "simultaneous"),
]


def claiming(relation: Relation, value: float, procedure: Any = "simultaneous") -> ClosedForm:
    """A claim that is no theorem."""
    return ClosedForm(
        name="a claim", value=value, claims={procedure: relation}, conditions={}, source=""
    )


@pytest.mark.parametrize(
    ("relation", "far_below", "just_below", "equal", "above"),
    [
        ("==", "open", "open", "open", "fails"),
        ("<=", "open", "open", "open", "fails"),
        ("<", "open", "fails", "fails", "fails"),
        (">=", "open", "holds", "holds", "holds"),
        (">", "open", "open", "open", "holds"),
    ],
)
def test_a_bound_from_below_concludes_only_what_is_true_above_it(
    relation: Relation, far_below: str, just_below: str, equal: str, above: str
) -> None:
    form = claiming(relation, 2.0)
    for value, verdict in [
        (1.0, far_below),
        (2 - 1e-9, just_below),
        (2.0, equal),
        (2 + 1e-9, equal),
        (2 + 1e-6, above),
    ]:
        found = form.judge("simultaneous", value, math.inf)
        assert found.verdict == verdict, (value, found)
        assert (found.excess > 1e-9) == (verdict == "fails")
        assert found.side == ("above" if value > 2 + 1e-8 else "open")
        assert found.difference == max(value - 2.0, 0.0)
        wherever_it_is = {
            form.judge("simultaneous", v).verdict for v in (value, 2.0, 3.0) if v >= value
        }
        if verdict != "open":
            assert wherever_it_is == {verdict}


def test_a_belief_game_without_an_upper_bound_is_left_open() -> None:
    result = solve(UNKNOWN, "simultaneous")
    assert result.upper is None
    value = result.value
    verdicts = {
        (relation, offset): result.compare(claiming(relation, value + offset)).verdict
        for relation in get_args(Relation)
        for offset in (-0.1, 0.0, 0.1)
    }
    assert {k for k, verdict in verdicts.items() if verdict == "holds"} == {
        (">=", -0.1),
        (">=", 0.0),
        (">", -0.1),
    }
    assert {k for k, verdict in verdicts.items() if verdict == "fails"} == {
        ("==", -0.1),
        ("<=", -0.1),
        ("<", -0.1),
        ("<", 0.0),
    }


def test_a_belief_game_with_both_ends_is_compared_like_others() -> None:
    result = solve(BeliefGame(0.3, [Receiver.threshold(0.5)]), "simultaneous")
    assert result.compare(claiming("==", 0.6)).verdict == "holds"
    assert result.compare(claiming("==", 0.6 + 1e-6)).verdict == "fails"
    assert result.compare(claiming("<=", 0.6)).side == "equal"


@pytest.mark.parametrize(("problem", "procedure"), EXACT)
def test_an_exact_result_is_a_bracket_of_no_width(problem: Any, procedure: Any) -> None:
    result = solve(problem, procedure, exact=True)
    assert result.lower == result.upper == result.value
    value = float(result.value)
    assert result.compare(claiming("==", value, procedure)).verdict == "holds"
    assert result.compare(claiming("==", value + 1e-6, procedure)).verdict == "fails"
    assert result.compare(claiming("<=", value, procedure)).side == "equal"
    assert isinstance(result.compare(claiming("<=", value, procedure)).difference, float)


def test_an_exact_result_beside_a_theorem() -> None:
    result = solve(JUDGES, "flexible", exact=True)
    assert result.compare(theorems.theorem_2(JUDGES)).verdict == "holds"
    with pytest.raises(errors.ProcedureError, match="speaks of"):
        solve(JUDGES, "simultaneous", exact=True).compare(theorems.theorem_2(JUDGES))


@pytest.mark.parametrize(("problem", "procedure"), EXACT)
def test_an_exact_result_as_json(problem: Any, procedure: Any) -> None:
    result = solve(problem, procedure, exact=True)
    read = json.loads(json.dumps(result.to_dict()))
    assert set(read) == {"procedure", "order", "exact", "value", "certificate"}
    assert read["procedure"] == procedure
    assert read["order"] == (None if result.order is None else list(result.order))
    assert F(read["exact"]) == result.value
    assert read["value"] == float(result.value)
    program = result.certificate.solution.program
    assert read["certificate"] == {
        "columns": len(program.objective),
        "rows": len(program.rhs),
    }


def test_what_a_certificate_is_about_cannot_be_changed() -> None:
    certificate = solve(JUDGES, "sequential", exact=True).certificate
    about: Any = certificate.about
    with pytest.raises(TypeError):
        about["procedure"] = "flexible"
    assert about["procedure"] == "sequential"
    assert json.loads(certificate.to_json())["about"] == dict(about)
    assert pickle.loads(pickle.dumps(about)) == about  # noqa: S301


def test_closed_forms_can_be_pickled_but_not_changed() -> None:
    form = theorems.theorem_2(JUDGES)
    back = pickle.loads(pickle.dumps(form))  # noqa: S301
    assert (back.claims, back.conditions) == (form.claims, form.conditions)
    assert back.claims == {"flexible": "==", "first_best": "=="}
    claims: Any = form.claims
    with pytest.raises(TypeError):
        claims["flexible"] = "<"


def test_only_theorems_can_be_compared_with() -> None:
    results: list[Any] = [
        solve(JUDGES, "simultaneous"),
        solve(JUDGES, "simultaneous", exact=True),
        solve(UNKNOWN, "simultaneous"),
        solve(PLAN, "menu"),
        solve(PLAN, "commitment"),
    ]
    for result in results:
        for wrong in (3, None, "theorem_2", np.float64(1.0), result):
            with pytest.raises(errors.InputError, match="must be a ClosedForm") as caught:
                result.compare(wrong)
            assert caught.value.field == "theorem"
