"""Exact single tests: by hand, against every cut-off's own programme, and refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import ManagerProblem, StateGrid, errors, solve
from persuasion_lp.arrays import Rationals
from persuasion_lp.families.menus.programmes import cutoffs
from persuasion_lp.families.menus.programmes.cutoffs import build_every_cutoff, solve_every_cutoff
from persuasion_lp.families.menus.programmes.data import MenuData, rational_menu_data
from persuasion_lp.families.menus.proof import exact_single as single_exact
from persuasion_lp.lp import LPBuilder
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.rational import optimality_failures
from tests.menu_support import rational_plan
from tests.unit.means.test_exact import dense, fractions
from tests.unit.menus.test_exact_menus import TWO_TYPES

F = Fraction

BY_HAND = ManagerProblem(StateGrid(["1/4", "3/4"]), "1/2", ["6/5", "8/5"], ["1/4", "3/4"])
"""E[θ] = w. The higher state has mean 3/4; type 8/5 accepts up to 4/5, type 6/5 up to 3/5."""


def own_programme(data: MenuData, j: int) -> Fraction:
    """The programme with cut-off j, laid out here from Σ_k z_k alone and solved by itself."""
    programs = []
    for kind in (object, np.float64):
        builder = LPBuilder(np.dtype(kind))
        weights: Rationals = data.tail[j] * data.slopes
        z = builder.columns("z", data.masses.shape, objective=weights, upper=data.masses)
        builder.entries(builder.rows("accept", (1,), ">="), z, data.slack[j] - data.slopes)
        builder.entries(builder.rows("trust", (1,), ">=", data.required), z, data.slopes)
        programs.append(builder)
    return solve_exactly(programs[0].build_rational(offset=F(0)), programs[1].build()).value


def best_cutoff(plan: ManagerProblem) -> Fraction:
    """The best of the programmes of all cut-offs that somebody can be trusted with."""
    data = rational_menu_data(plan)
    possible = [j for j in range(data.slack.size) if data.slack[j] >= max(data.required, 0)]
    return max((own_programme(data, j) for j in possible), default=F(0))


def test_the_programme_by_hand() -> None:
    """Frontier (0, 0), (1/2, 1/8), (1, 0); slacks 1/10 and 3/10; nothing is required."""
    program = build_every_cutoff(rational_menu_data(BY_HAND))
    assert program.objective == fractions(0, F(1, 8), 0, 0, F(3, 32), 0)
    assert dense(program) == [
        [1, 1, 1, 1, 1, 1],
        [0, F(-3, 40), F(1, 10), 0, 0, 0],
        [0, 0, 0, 0, F(1, 40), F(3, 10)],
        [0, F(1, 8), 0, 0, 0, 0],
        [0, 0, 0, 0, F(1, 8), 0],
    ]
    assert program.rhs == fractions(1, 0, 0, 0, 0)
    assert program.senses == (-1, 1, 1, 1, 1)


def test_a_single_test_by_hand() -> None:
    """For type 8/5 the threshold test: 3/4 · 1/8 = 3/32.

    For both, a mean of 3/5: the frontier beyond 1/2 is 1/4 − p/4, and p/10 there at p = 5/7; 1/14.
    """
    answer = solve(BY_HAND, "single_test", exact=True)
    assert answer.value == F(3, 32)
    assert answer.certificate.verify().ok
    about = answer.certificate.about
    assert (about["cutoff"], about["p"], about["q"]) == ("8/5", "1/2", "3/4")
    assert answer.values("omega").tolist() == [[0, 0, 0], [0, 1, 0]]
    rare = ManagerProblem(BY_HAND.difficulty, "1/2", ["6/5", "8/5"], ["1/2", "1/2"])
    both = solve(rare, "single_test", exact=True)
    assert both.value == F(1, 14)
    about = both.certificate.about
    assert (about["cutoff"], about["p"], about["q"]) == ("6/5", "5/7", "3/5")
    assert both.values("omega").tolist() == [[0, F(4, 7), F(3, 7)], [0, 0, 0]]
    assert both.duals("OB-W").tolist() == [F(-5, 7), 0]


def test_two_types_on_cell_means() -> None:
    answer = solve(TWO_TYPES, "single_test", exact=True)
    assert answer.value == F(49, 400)
    assert solve(TWO_TYPES, "single_test").exact().value == F(49, 400)
    assert solve(TWO_TYPES, "single_test", formulation="cutoffs", exact=True).value == F(49, 400)
    assert answer.certificate.verify().ok


@pytest.mark.parametrize("pessimistic", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_one_certificate_is_the_best_of_all_cutoffs(pessimistic: bool, seed: int) -> None:
    plan = rational_plan(np.random.default_rng([seed, 7]), pessimistic=pessimistic)
    answer = solve(plan, "single_test", exact=True)
    assert answer.certificate.verify().ok
    assert answer.value == best_cutoff(plan)
    assert float(answer.value) == pytest.approx(solve(plan, "single_test").value, abs=1e-12)


def test_every_kind_of_cutoff_occurs_in_these() -> None:
    """The cases of the closed form, so that none of them goes untested."""
    seen = set()
    for pessimistic in (False, True):
        for seed in range(40):
            plan = rational_plan(np.random.default_rng([seed, 7]), pessimistic=pessimistic)
            data = rational_menu_data(plan)
            duals = solve_every_cutoff(data)
            for a, accept, trust in zip(
                data.slack, duals.duals("OB-W"), duals.duals("OB-M"), strict=True
            ):
                seen.add((a <= 0, a < data.required, accept < 0, trust < 0))
    assert {
        (True, False, True, False),
        (False, True, True, True),
        (False, False, False, False),
        (False, False, True, False),
    } <= seen


@pytest.mark.parametrize(
    ("plan", "value"),
    [
        (ManagerProblem(StateGrid(["1/2"]), "1/2", [1]), F(0)),
        (ManagerProblem(StateGrid(["3/4"]), "1/2", ["3/2"]), F(1, 4)),
        (ManagerProblem(StateGrid(["3/4"]), "1/2", [F(3, 2) - F(1, 10**30)]), F(0)),
        (ManagerProblem(StateGrid(["1/4"]), "1/2", ["3/2"]), F(0)),
        (ManagerProblem(StateGrid(["1/4", "3/4"], [0, 1]), "1/2", ["3/2"]), F(1, 4)),
        (ManagerProblem(StateGrid(["1/4", "3/4"], [1, 0]), "1/2", ["3/2"]), F(0)),
        (ManagerProblem(StateGrid(["1/4", "3/4"]), "1/2", ["3/2", "3/2"]), F(1, 8)),
        (ManagerProblem(StateGrid(["1/4", "3/4"]), "1/2", [1.2, 1.5], [1, 0]), F(1, 14)),
        (ManagerProblem(StateGrid([0, 1]), "1/2", [2], unrestricted=True), F(1, 4)),
        (ManagerProblem(StateGrid([0, 1]), "1/2", ["1/2", 4], unrestricted=True), F(1, 8)),
        (ManagerProblem(StateGrid(["1/2", "9/10"]), "1/5", [1, 2]), F(0)),
        (ManagerProblem(StateGrid(["1/2", "9/10"]), "1/5", [1, "7/2"]), F(1, 4)),
    ],
    ids=[
        "nothing to gain",
        "just optimistic",
        "not quite",
        "never worth it",
        "a state of no mass below",
        "a state of no mass above",
        "equal types",
        "a type of probability zero",
        "x w = 1",
        "types below 1 and x w > 1",
        "pessimistic",
        "one of two optimistic: E[θ] = x w",
    ],
)
def test_edges(plan: ManagerProblem, value: Fraction) -> None:
    answer = solve(plan, "single_test", exact=True)
    assert answer.value == value == best_cutoff(plan)
    assert answer.certificate.verify().ok
    assert (answer.certificate.about["cutoff"] is None) == (value == 0)


@pytest.mark.parametrize("block", ["accept", "trust", "value", "lottery"])
def test_a_wrong_closed_form_is_caught(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = cutoffs._cutoff

    def wrong(data: MenuData, j: int) -> Any:
        found = honest(data, j)
        number = getattr(found, block)
        moved: Any = number + 1 if block != "lottery" else tuple((i, 2 * w) for i, w in number)
        return replace(found, **{block: moved})

    monkeypatch.setattr(cutoffs, "_cutoff", wrong)
    with pytest.raises(errors.ExactnessError, match="no rational optimum"):
        solve(UNTRUSTED, "single_test", exact=True)


UNTRUSTED = ManagerProblem(StateGrid(["1/4", "1/2", "3/4"]), "2/5", [1, "6/5", "13/10", "3/2"])
"""E[θ] above w, with pessimistic types."""


def test_the_closed_form_is_an_optimal_pair() -> None:
    data = rational_menu_data(UNTRUSTED)
    solution = solve_every_cutoff(data)
    assert optimality_failures(solution.program, solution.x, solution.y, solution.value) == []
    assert solution.value == best_cutoff(UNTRUSTED) > 0


def test_too_many_columns_are_refused_before_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two types, 41 breakpoints of the frontier."""
    monkeypatch.setattr(single_exact, "EXACT_CUTOFF_COLUMNS", 82)
    assert solve(TWO_TYPES, "single_test", exact=True).value == F(49, 400)
    monkeypatch.setattr(single_exact, "EXACT_CUTOFF_COLUMNS", 81)
    monkeypatch.setattr(single_exact, "solve_every_cutoff", None)
    with pytest.raises(errors.ExactSizeError, match=r"at most 81 columns.* 82 columns"):
        solve(TWO_TYPES, "single_test", exact=True)


@pytest.mark.parametrize("field", ["value", "x", "y"])
def test_a_tampered_certificate_is_refused(field: str) -> None:
    """The file is written anew, digest and all, with one number moved."""
    certificate = solve(BY_HAND, "single_test", exact=True).certificate
    solution = certificate.solution
    number: Any = getattr(solution, field)
    more = F(1, 10**30)
    moved: Any = number + more if field == "value" else (number[0] + more, *number[1:])
    tampered = replace(certificate, solution=replace(solution, **{field: moved}), seal=None)
    assert certificate.verify().ok
    assert not tampered.verify().ok
