"""Brackets, ties and units of menus; the second engine and its refusal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import (
    ManagerProblem,
    StateDistribution,
    StateGrid,
    compare,
    errors,
    solve,
    theorems,
)
from persuasion_lp.families.menus import optimum
from persuasion_lp.families.menus.proof import bracket as brackets
from persuasion_lp.families.menus.proof import exact
from persuasion_lp.families.menus.proof.known import known_bracket
from persuasion_lp.families.menus.proof.payment import Offer, paid
from persuasion_lp.lp.highs import LPSolution
from tests.menu_reference import Plan, assert_bracketed

F = Fraction
UNIFORM = StateDistribution.uniform()
PROCEDURES: tuple[tuple[Any, dict[str, Any]], ...] = (
    ("menu", {}),
    ("menu", {"formulation": "reduced"}),
    ("menu", {"formulation": "full"}),
    ("menu", {"formulation": "full", "incentives": "all"}),
    ("single_test", {}),
    ("single_test", {"formulation": "cutoffs"}),
)


def values(problem: ManagerProblem) -> set[float]:
    """The values of every procedure without commitment, with brackets that are proved."""
    found = set()
    for procedure, settings in PROCEDURES:
        result = solve(problem, procedure, **settings)
        assert F(result.lower) <= result.exact().value <= F(result.upper)
        found.add(result.value)
    return found


@pytest.mark.parametrize(
    ("problem", "value"),
    [
        (ManagerProblem(StateGrid(["1/5", "3/10"]), "22/100", [F(25, 22)]), 0.03),
        (ManagerProblem(StateGrid(["1/5", "3/10"]), "22/100", [F(25, 22) - F(10) ** -13]), 0.0),
        (ManagerProblem(StateGrid([0.58]), 0.2, [2.9]), 0.38),
        (ManagerProblem(StateGrid([0.58]), 0.2, [2.8999999999999995]), 0.0),
        (ManagerProblem(StateGrid(["1/3"]), "1/7", ["7/3"]), float(F(4, 21))),
    ],
)
def test_a_tie_is_decided_once_by_the_numbers_as_written(
    problem: ManagerProblem, value: float
) -> None:
    assert values(problem) == {value}
    assert theorems.lx.theorem_1(problem).value == pytest.approx(value, rel=1e-14)
    assert theorems.lx.theorem_2(problem).value == pytest.approx(value, rel=1e-14)
    assert bool(problem.optimistic[0]) == (value > 0)
    committed = solve(problem, "commitment").value
    assert committed >= value
    if len(problem.difficulty.states) == 1:  # type: ignore[union-attr]
        assert committed == value


def in_units(unit: Fraction) -> ManagerProblem:
    """Five even states, three types."""
    states = [unit * F(k, 10) for k in (1, 3, 5, 7, 9)]
    probs = [F(1, 10), F(3, 10), F(3, 5)]
    return ManagerProblem(StateGrid(states), unit * F(9, 20), ["1.2", "1.5", "1.9"], probs)


@pytest.mark.parametrize("power", [0, 1, 3, 8, 10, 12])
def test_units_change_nothing(power: int) -> None:
    unit = F(10) ** -power
    problem = in_units(unit)
    assert values(problem) == {float(unit * F(1296, 10000))}
    for procedure, settings in PROCEDURES:
        one, other = (solve(p, procedure, **settings) for p in (problem, in_units(F(1))))
        assert one.value == pytest.approx(float(unit) * other.value, rel=1e-12)
        assert [t.p for t in one.tests] == pytest.approx([t.p for t in other.tests], rel=1e-7)
        assert [t.takers for t in one.tests] == [t.takers for t in other.tests]


@pytest.mark.parametrize(
    "problem",
    [
        ManagerProblem(StateGrid([0.2, 0.6, 0.9]), 0.5, [1 + 1e-9, 1 + 1e-8, 1.3], [0.3, 0.3, 0.4]),
        ManagerProblem(
            StateGrid([0.2, 0.6, 0.9], ["3e-11", "1/2", F(1, 2) - F(3, 10**11)]),
            0.5,
            [1.6, 1.7, 1.9],
            [0.3, 0.3, 0.4],
        ),
        ManagerProblem(StateGrid([2e-8, 6e-8, 9e-8]), 5e-8, [1.2, 1.3, 1.5], [0.3, 0.3, 0.4]),
        ManagerProblem(StateGrid(np.linspace(0.1, 0.9, 7)), 0.5, [1 + 1e-12, 1.2], [0.5, 0.5]),
    ],
    ids=["types near 1", "a rare state", "units of 1e-8", "one type near 1"],
)
def test_nothing_is_refused_without_need(problem: ManagerProblem) -> None:
    exactly = {name: solve(problem, name).exact().value for name in ("menu", "single_test")}
    for procedure, settings in PROCEDURES:
        result = solve(problem, procedure, **settings)
        assert result.upper - result.lower <= 1.1e-9 * result.value
        assert F(result.lower) <= exactly[procedure] <= F(result.upper)


def test_the_full_programme_keeps_its_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its tests are those of its own solution, also where the closed form has others."""
    problem = in_units(F(1))
    right: Any = optimum.__dict__["solve_lp"]

    def never_above(lp: Any, options: Any = None) -> LPSolution:
        found = right(lp, options)
        return replace(found, x=found.x * 0.5) if "m" in lp.columns else found

    whole = solve(problem, "menu", formulation="full")
    monkeypatch.setattr(optimum, "solve_lp", never_above)
    halved = optimum.best_menu(brackets.Numbers.of(problem).data, "full", memory_limit=2**30)
    assert halved is not None
    assert halved.chain.steps[-1].p == pytest.approx(whole.tests[-1].p / 2)


def _fails(*_: Any, **__: Any) -> Any:
    raise errors.SolverFailureError("HiGHS ended with status 'Unknown'")


@pytest.mark.parametrize(("procedure", "settings"), PROCEDURES)
def test_rational_arithmetic_answers_where_the_solver_does_not(
    procedure: Any, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = in_units(F(1))
    right = solve(problem, procedure, **settings)
    for name in ("solve_lp", "solve_rays", "cutoff_values"):
        monkeypatch.setattr(optimum, name, _fails)
    rescued = solve(problem, procedure, **settings)
    assert rescued.certificate.route == "exact"
    assert (rescued.algorithm, right.certificate.route) == ("rational arithmetic", "float")
    assert rescued.bracket.payoff == rescued.bracket.bound == right.exact().value
    assert [t.takers for t in rescued.tests] == [t.takers for t in right.tests]


def test_where_its_size_forbids_that_the_error_has_bracket_and_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = in_units(F(1))
    value = solve(problem, "menu").exact().value
    monkeypatch.setattr(optimum, "solve_lp", _fails)
    monkeypatch.setattr(exact, "EXACT_COLUMNS", 1)
    with pytest.raises(errors.CertificateError, match='formulation="rays"') as refused:
        solve(problem, "menu", formulation="reduced")
    known = refused.value.certificate
    assert isinstance(known, brackets.MenuBracket)
    assert known.payoff <= value <= known.bound
    assert "Unknown" in str(refused.value)


@pytest.mark.parametrize(
    ("problem", "truth"),
    [
        (ManagerProblem(UNIFORM, "1/2", ["6/5", "8/5"], ["1/50", "49/50"]), F(7442, 60625)),
        (ManagerProblem(UNIFORM, "2/5", ["147/100"]), F(154912, 10**6)),
        (ManagerProblem(UNIFORM, "2/5", ["5/4"]), F(1, 10)),
        (ManagerProblem(UNIFORM, "2/5", [F(5, 4) - F(1, 10**6)]), F(0)),
        (ManagerProblem(StateDistribution.uniform(0, "1e-8"), "4e-9", ["147/100"]), None),
    ],
)
def test_a_continuous_difficulty_is_bracketed(problem: ManagerProblem, truth: Fraction) -> None:
    for procedure, settings in PROCEDURES[:3]:
        result = solve(problem, procedure, **settings)
        right = F(154912, 10**14) if truth is None else truth
        assert F(result.lower) <= right <= F(result.upper)
        assert result.lower <= result.value <= result.upper
        assert result.upper - result.lower <= 1e-9 * max(UNIFORM.high * float(right) * 10, 1e-30)


@pytest.mark.parametrize("payment", [0.4, 0.55])
def test_commitment_is_never_below_a_single_test(payment: float) -> None:
    for difficulty in (UNIFORM, StateDistribution.beta(2, 3), StateDistribution.power(0.7)):
        for types in ([1.47], [1.2, 1.6], stats.uniform(1.05, 0.7)):
            problem = ManagerProblem(difficulty, payment, types)
            single, menu, committed = (
                solve(problem, name) for name in ("single_test", "menu", "commitment")
            )
            assert committed.upper is None or committed.upper >= single.lower
            assert committed.value >= single.value * (1 - 1e-6)
            if problem.types is not None:
                assert committed.value >= single.value * (1 - 1e-9)
                assert committed.upper is not None
                assert committed.value >= menu.value * (1 - 1e-9) or committed.upper < menu.value
            if problem.types is not None and problem.types.size == 1:
                assert committed.value >= menu.value * (1 - 1e-9)


def test_a_menu_of_several_tests_may_be_worth_more_than_the_best_public_test() -> None:
    """Screening is private: 5851/241500 against 9/434, and no theorem is refuted by it."""
    plan = Plan(
        [F(1, 24), F(5, 12)],
        [F(6, 7), F(1, 7)],
        F(1, 5),
        [F(3, 2), F(5, 2), F(37, 8), F(23, 4), F(47, 8)],
        [F(k, 69) for k in (23, 1, 15, 3, 27)],
    )
    menu, committed = solve(plan.problem(), "menu"), solve(plan.problem(), "commitment")
    assert_bracketed(plan, menu, F(5851, 241500))
    assert menu.exact().value == F(5851, 241500)
    assert committed.exact().value == F(9, 434)
    assert all(check.holds for check in compare(plan.problem()).checks)


@pytest.mark.parametrize("difficulty", [UNIFORM, StateGrid(["1/10", "1/2", "9/10"])], ids=repr)
@pytest.mark.parametrize("probs", [[1, 0, 0], [0, 1, 0], [0, 0, 1], ["1/2", 0, "1/2"]])
def test_types_that_do_not_occur_choose_too(difficulty: Any, probs: list[Any]) -> None:
    """The manager does not care what they take, but they do."""
    types = [F(11, 7), F(12, 7), F(13, 7)]
    kept = [j for j, g in enumerate(probs) if g]
    possible = ManagerProblem(
        difficulty, F(5, 11), [types[j] for j in kept], [probs[j] for j in kept]
    )
    for procedure, settings in PROCEDURES:
        problem = ManagerProblem(difficulty, F(5, 11), types, probs)
        result = solve(problem, procedure, **settings)
        assert result.certificate.ok
        alone = solve(possible, procedure, **settings).value
        assert result.value == pytest.approx(alone, rel=1e-8)


def test_a_type_of_probability_zero_between_two_tests_is_content() -> None:
    """Tests that only he would take are left out; he takes one of the others, or none."""
    problem = ManagerProblem(
        StateGrid(["3/20", "19/20"], ["999999/1000000", "1/1000000"]),
        "3/4",
        ["1/5", "6/5", "4/3"],
        ["1/10", 0, "9/10"],
        unrestricted=True,
    )
    for procedure, settings in PROCEDURES:
        result = solve(problem, procedure, **settings)
        assert F(result.lower) <= F(9, 10) * F(1, 5) / 10**6 <= F(result.upper)
        assert [test.takers for test in result.tests] == [(2,)]


def test_a_test_is_taken_from_the_slope_seen_from_those_that_are_offered() -> None:
    """The point (1, 1) is left out: nobody stops there, though slopes lead through it to (2, 4)."""

    class Everybody:
        def share(self, slope: Fraction) -> Fraction:
            return F(slope <= 5)

    menu = paid([(F(1), F(1)), (F(2), F(4))], Everybody())
    assert menu.offers == (Offer(F(2), F(4), F(2)),)
    assert menu.payoff == 4


def test_a_bracket_that_is_too_wide_or_empty_is_no_certificate() -> None:
    result = solve(in_units(F(1)), "menu")
    for upper in (result.upper + 1e-6, result.lower - 1e-6):
        wrong = replace(result.certificate, seal=None, upper=upper)
        assert not wrong.ok
        assert "lies in" in wrong.failures[-1]


@pytest.mark.parametrize(
    "difficulty", [UNIFORM, StateDistribution.beta(2, 3), StateGrid([0.2, 0.9])]
)
@pytest.mark.parametrize("types", [[1.2], [1.1, 1.7], stats.uniform(1.05, 1.1)])
@pytest.mark.parametrize("payment", [0.2, 0.45])
def test_what_is_known_without_solving_holds(difficulty: Any, types: Any, payment: float) -> None:
    problem = ManagerProblem(difficulty, payment, types)
    for procedure in ("menu", "single_test", "commitment"):
        lower, upper = known_bracket(problem, procedure)
        result: Any = solve(problem, procedure)
        assert -1e-15 <= lower <= upper
        assert result.upper is None or lower <= result.upper
        assert result.lower <= upper
