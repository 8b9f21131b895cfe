"""Exact menus: by hand, over all lowest served types, and refused."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import ManagerProblem, StateGrid, errors, solve
from persuasion_lp.families.menus.programmes.chains import best_rays
from persuasion_lp.families.menus.programmes.data import rational_menu_data
from persuasion_lp.families.menus.programmes.lines import rays_at_marginal
from persuasion_lp.families.menus.programmes.rays import (
    build_rational_rays,
    build_rays,
    served_bounds,
)
from persuasion_lp.families.menus.programmes.written import menu_data
from persuasion_lp.families.menus.proof import exact as menu_exact
from persuasion_lp.lp.exact import solve_exactly
from tests.menu_support import rational_plan
from tests.support import any_solve

F = Fraction
UNIFORM_40 = StateGrid([F(2 * k + 1, 80) for k in range(40)], [F(1, 40)] * 40)
TWO_TYPES = ManagerProblem(UNIFORM_40, "1/2", [F(6, 5), F(8, 5)], [F(1, 50), F(49, 50)])


def test_two_types_on_cell_means() -> None:
    answer = solve(TWO_TYPES, "menu", exact=True)
    assert answer.value == F(491, 4000)
    assert answer.certificate.verify().ok
    assert solve(TWO_TYPES, "menu").exact().value == F(491, 4000)
    assert solve(TWO_TYPES, "menu", formulation="reduced", exact=True).value == F(491, 4000)
    assert "491/4000" in repr(answer)


def test_the_lowest_served_type_need_not_be_the_lowest_servable_one() -> None:
    """E[θ] > w, and serving the rare, barely optimistic types would cost surplus on the others."""
    found = 0
    for seed in range(60):
        plan = rational_plan(np.random.default_rng(seed), pessimistic=True)
        answer = solve(plan, "menu", exact=True)
        about = answer.certificate.about
        assert max((F(bound) for _, bound in about["bounds"]), default=F(0)) == answer.value
        if about["bounds"]:
            assert [about["lowest"], str(answer.value)] in about["bounds"]
            found += about["lowest"] != about["bounds"][0][0]
    assert found >= 3


def brute_force(plan: ManagerProblem) -> Fraction:
    """The best of the exact values of all lowest served types, none skipped."""
    data = rational_menu_data(plan)
    values = [
        solve_exactly(build_rational_rays(data, s), build_rays(data, s)).value
        for s in data.servable.tolist()
        if best_rays(menu_data(plan), s) is not None
    ]
    return max(values, default=F(0))


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_lost_by_bounds(seed: int) -> None:
    plan = rational_plan(np.random.default_rng(seed), pessimistic=True)
    assert solve(plan, "menu", exact=True).value == brute_force(plan)


# The frontier has slopes 3/50 and 1/25, below the slack 1/5 of type 2: whatever type 3 accepts and
# the manager believes, type 2 accepts too.
UNTRUSTED = ManagerProblem(StateGrid(["0.24", "0.26"]), "1/5", ["1.3", 2, 3])


def test_a_type_that_cannot_be_the_lowest_one_served_is_bounded_by_one_who_can() -> None:
    assert best_rays(menu_data(UNTRUSTED), 2) is None
    answer = solve(UNTRUSTED, "menu", exact=True)
    assert dict(answer.certificate.about["bounds"]) == {"13/10": "1/20", "2": "1/30", "3": "1/60"}
    assert float(answer.value) == pytest.approx(solve(UNTRUSTED, "menu").value, abs=1e-12)


def test_the_programme_below_a_line_by_hand() -> None:
    """Slopes 3/50 and 1/25 with mass 1/2 each, slack 3/50, 1/5, 2/5, G = 1, 2/3, 1/3; d = 1/20.

    The line of t = −1/10 has ν = max G_j a_j/(a_j + 1/10) = 4/9 and μ = 2/45, so it passes at
    C = 2/45 + 4/9 · 1/20 = 1/15; below type 1's ray trust is worth λ = 4/9 · 3/2 − 2/3 = 0.
    """
    data = rational_menu_data(UNTRUSTED)
    assert data.servable.tolist() == [0, 1, 2]
    priced = rays_at_marginal(data, 1, F(-1, 10))
    program = priced.program
    assert list(program.objective) == [F(2, 3) * F(3, 50), F(2, 3) * F(1, 5), F(1, 3) * F(2, 5)]
    assert [column[0] for column in program.entries] == [
        F(2, 45) + F(4, 9) * a for a in (F(3, 50), F(1, 5), F(2, 5))
    ]
    assert [column.get(1, 0) for column in program.entries] == [F(3, 50), F(1, 5), 0]
    assert list(program.rhs) == [F(1, 15), F(1, 20)]
    assert list(priced.y) == [1, 0]
    assert served_bounds(data, F(-1, 10))[1] == F(1, 15)


def test_one_certificate_proves_all_lowest_served_types() -> None:
    answer = solve(UNTRUSTED, "menu", exact=True)
    columns = json.loads(answer.certificate.to_json())["columns"]
    weights = [name for name, _ in columns if name.endswith("weight")]
    assert weights == [
        "lowest type 13/10: weight",
        "lowest type 2 (#1): weight",
        "lowest type 3 (#2): weight",
    ]
    assert answer.certificate.verify().ok


def test_bounds_that_are_not_low_enough_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices of t = −10 instead of those of the best t."""
    honest = rays_at_marginal
    monkeypatch.setattr(
        menu_exact, "rays_at_marginal", lambda data, s, _: honest(data, s, Fraction(-10))
    )
    with pytest.raises(errors.ExactnessError, match="not proved to be best"):
        solve(UNTRUSTED, "menu", exact=True)


def test_a_plan_that_is_never_launched_has_value_zero() -> None:
    plan = ManagerProblem(StateGrid(["1/2", "9/10"]), "1/5", [1, 2])
    answer = solve(plan, "menu", exact=True)
    assert answer.value == 0
    assert answer.certificate.about["lowest"] is None
    assert answer.certificate.verify().ok


def test_every_price_bounds_every_lowest_served_type() -> None:
    plan = rational_plan(np.random.default_rng(5), pessimistic=True)
    data = rational_menu_data(plan)
    best = solve(plan, "menu", exact=True).value
    assert data.servable.size > 1
    for t in (F(0), F(-1, 7), F(-3, 2)):
        assert max(served_bounds(data, t)) >= best


def test_numbers_left_out_are_equal_fractions() -> None:
    plan = ManagerProblem(StateGrid(["1/3", "2/3", 1]), 0.6, [1.2, "4/3", 1.5])
    numbers = plan.rational_numbers
    assert numbers.masses.tolist() == numbers.type_probs.tolist() == [F(1, 3)] * 3
    assert numbers.types.tolist() == [F(6, 5), F(4, 3), F(3, 2)]
    assert numbers.payment == F(3, 5)


def test_several_workers_are_combined_in_fractions() -> None:
    """Of 1/3 of the first worker's capability and 2/3 of the second's the lower one decides."""
    plan = ManagerProblem.for_workers(
        UNIFORM_40,
        ["1/6", "1/3"],
        [[F(3), F(18, 5)], [F(6, 5), F(9, 5)]],
        [["1/4", "3/4"], ["1/5", "4/5"]],
    )
    numbers = plan.rational_numbers
    assert numbers.payment == F(1, 2)
    assert numbers.types.tolist() == [F(4, 5), F(1), F(6, 5)]
    assert numbers.type_probs.tolist() == [F(1, 5), F(1, 5), F(3, 5)]
    for procedure in ("menu", "single_test"):
        result = solve(plan, procedure)
        assert float(result.exact().value) == pytest.approx(result.value, abs=1e-12)


def test_workers_who_are_equally_pivotal_are_one_type() -> None:
    """3.3 · 0.1 and 1.1 · 0.3 differ in floats."""
    plan = ManagerProblem.for_workers(UNIFORM_40, [0.1, 0.3], [[3.3, 3.9], [1.1, 1.3]])
    assert plan.rational_numbers.types.tolist() == [F(33, 40), F(39, 40)]
    assert plan.rational_numbers.type_probs.tolist() == [F(3, 4), F(1, 4)]


def test_other_states_keep_the_numbers_of_the_types() -> None:
    assert TWO_TYPES.rational_numbers.payment == F(1, 2)
    other = TWO_TYPES.with_difficulty(StateGrid(["1/3", "2/3"]))
    assert other.rational_numbers.states.tolist() == [F(1, 3), F(2, 3)]
    assert other.rational_numbers.types.tolist() == [F(6, 5), F(8, 5)]


@pytest.mark.parametrize(
    ("plan", "error", "field"),
    [
        (ManagerProblem(StateGrid([0.1, 0.5, 0.9], [1 / 3] * 3), 0.5, 1.5), "PriorError", "masses"),
        (
            ManagerProblem(StateGrid([0.1, 0.9]), 0.5, [1.2, 1.4, 1.6], [1 / 3] * 3),
            "WorkerTypeError",
            "type_probs",
        ),
        (
            ManagerProblem.for_workers(
                StateGrid([0.1, 0.9]), [0.25, 0.25], [1.5, [1.2, 1.4, 1.7]], [[1], [1 / 3] * 3]
            ),
            "WorkerTypeError",
            "types",
        ),
    ],
)
def test_numbers_that_are_not_exact_are_refused_by_name(
    plan: ManagerProblem, error: str, field: str
) -> None:
    assert solve(plan, "menu").certificate.ok
    with pytest.raises(getattr(errors, error), match="exact") as caught:
        solve(plan, "menu", exact=True)
    assert caught.value.field == field


def test_what_is_not_finite_is_refused() -> None:
    continuous = ManagerProblem(stats.uniform(), 0.5, [1.2, 1.6])
    for procedure in ("menu", "single_test"):
        with pytest.raises(errors.PriorError, match=r"finitely many states for an exact"):
            solve(continuous, procedure, exact=True)
        with pytest.raises(errors.PriorError, match="exact"):
            solve(continuous, procedure).exact()
    with pytest.raises(errors.PriorError, match="exact"):
        solve(continuous, "commitment", exact=True)
    with pytest.raises(errors.ProcedureError, match="menu, single_test, commitment"):
        any_solve(TWO_TYPES, "none", exact=True)


def test_what_is_missing_is_named_before_anything_is_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for solver in ("best_menu", "best_single"):
        monkeypatch.setattr(f"persuasion_lp.families.menus.solve.{solver}", None)
    uneven = ManagerProblem(StateGrid([0.1, 0.5, 0.9], [1 / 3] * 3), 0.5, 1.5)
    excessive = [F(1, 10**20), 1]
    doubtful = ManagerProblem(StateGrid(["1/4", "3/4"]), "1/2", ["6/5", "3/2"], excessive)
    for procedure in ("menu", "single_test"):
        with pytest.raises(errors.PriorError, match="masses must sum to 1 exactly"):
            solve(uneven, procedure, exact=True)
        with pytest.raises(errors.WorkerTypeError, match="type_probs must sum to 1 exactly"):
            solve(doubtful, procedure, exact=True)


def test_too_many_columns_are_refused_before_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu_exact, "EXACT_COLUMNS", 42)
    monkeypatch.setattr(menu_exact, "solve_exactly", None)
    with pytest.raises(
        errors.ExactSizeError, match=r"at most 42 columns.*lowest types has .* 43 columns"
    ):
        solve(TWO_TYPES, "menu", exact=True)


@pytest.mark.parametrize("field", ["value", "x", "y"])
def test_a_tampered_certificate_is_refused(field: str) -> None:
    """The file is written anew, digest and all, with one number moved."""
    certificate = solve(TWO_TYPES, "menu", exact=True).certificate
    solution = certificate.solution
    number: Any = getattr(solution, field)
    more = F(1, 10**30)
    changes: dict[str, Any] = {
        field: number + more if field == "value" else (number[0] + more, *number[1:])
    }
    tampered = replace(certificate, solution=replace(solution, **changes), seal=None)
    assert certificate.verify().ok
    assert not tampered.verify().ok
