"""Li and Xu's theorems: by hand, on random problems, and refused outside their hypotheses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from persuasion_lp import (
    ManagerProblem,
    ScreeningTest,
    StateDistribution,
    StateGrid,
    errors,
    laboratory,
    solve,
)
from persuasion_lp.families.menus.screening import interval_masses
from persuasion_lp.laboratory.statements import draw_instance
from persuasion_lp.laboratory.statements.lx_lines import deepest_dip, judge_corollary_1, rising
from persuasion_lp.laboratory.statements.lx_programmes import best_single_test, nearest
from persuasion_lp.theorems import STATEMENTS, lx

UNIFORM = StateDistribution.uniform()


@pytest.mark.parametrize(
    ("p", "q", "kind"),
    [
        (0.5, 0.75, "threshold"),
        (0.5, 0.6, "interval"),
        (0.5, 0.76, None),
        (0.5, 0.24, None),
        (0.125, 0.6, "interval"),
        (1.0, 0.5, "threshold"),
        (1.0, 0.51, None),
    ],
)
def test_lemma_3_on_the_uniform_distribution(p: float, q: float, kind: str | None) -> None:
    """R(p) = p − p²/2, so a test exists iff p/2 ≤ q ≤ 1 − p/2."""
    found = lx.lemma_3(UNIFORM, p, q)
    assert found.kind == kind
    assert found.room == pytest.approx(p - p * p / 2 - p * q)


@pytest.mark.parametrize(("p", "q", "name"), [(1.5, 0.5, "p"), (0.5, -0.1, "q")])
def test_lemma_3_needs_probabilities(p: float, q: float, name: str) -> None:
    with pytest.raises(errors.PayoffError) as caught:
        lx.lemma_3(UNIFORM, p, q)
    assert caught.value.field == name


@pytest.mark.parametrize("difficulty", [UNIFORM, StateGrid([0.2, 0.6, 0.9], [0.5, 0.25, 0.25])])
@pytest.mark.parametrize(("p", "q"), [(0.5, 0.55), (0.4, 0.5), (1.0, None), (0.125, 0.9)])
def test_lemma_3_constructs_the_test(difficulty: Any, p: float, q: float | None) -> None:
    q = difficulty.mean if q is None else q
    found = lx.lemma_3(difficulty, p, q)
    assert (found.test is None) == (found.kind is None)
    if found.test is not None:
        assert found.test.kind == found.kind
        assert interval_masses(difficulty, found.test) == pytest.approx((p, p * q))
    assert found.lowest <= p * difficulty.mean <= found.value


def test_lemma_3_of_a_test_that_never_proposes() -> None:
    never = lx.lemma_3(UNIFORM, 0.0, 0.7)
    assert (never.kind, never.test, never.value) == ("threshold", None, 0.0)


def test_theorem_1_by_hand() -> None:
    """W = 2/5, x = 3/2: E[θ | θ ≥ t] = 3/5 at t = 1/5, so 4/5 of (3/5 − 2/5)."""
    form = lx.theorem_1(ManagerProblem(UNIFORM, 0.4, [1.5]))
    assert form.value == pytest.approx(0.16)
    assert form.claims == {"menu": "==", "single_test": "==", "commitment": "=="}
    assert form.test is not None
    assert form.test.interval == pytest.approx((0.2, 1))
    assert lx.theorem_1(ManagerProblem(UNIFORM, 0.4, [1.2])).claims["commitment"] == ">="


def test_theorem_1_refuses_what_it_does_not_cover() -> None:
    plan = ManagerProblem(UNIFORM, 0.4, [1.2, 1.5])
    with pytest.raises(errors.HypothesisError, match="known type"):
        lx.theorem_1(plan)
    assert lx.theorem_1(plan, assume=["known type"]).conditions["known type"] is False
    incapable = ManagerProblem(StateGrid([0.1, 0.5]), 0.5, [0.9], unrestricted=True)
    with pytest.raises(errors.HypothesisError, match="capability at least 1"):
        lx.theorem_1(incapable)
    assert lx.theorem_1(incapable, assume=["capability at least 1"]).value < 0


def test_theorem_2_by_hand() -> None:
    """Serve the capable type alone: 98/100 of 1/8."""
    form = lx.theorem_2(ManagerProblem(UNIFORM, 0.5, [1.2, 1.6], [0.02, 0.98]))
    assert form.value == pytest.approx(0.1225)
    assert form.capability == 1.6
    assert (form.threshold, form.phase) == (0.5, "first best")


def test_theorem_2_outside_the_model_and_without_optimism() -> None:
    """Types below 1 are not served; pessimistic ones by no menu."""
    grid = StateGrid([0.1, 0.5, 0.8])
    for types in ([0.9, 0.95], [0.9, 1.2], [0.9, 1.2, 2.5]):
        plan = ManagerProblem(grid, 0.5, types, unrestricted=True)
        form = lx.theorem_2(plan)
        for name in form.claims:
            assert solve(plan, name).compare(form).verdict == "holds"  # type: ignore[call-overload]
    pessimistic = lx.theorem_2(ManagerProblem(UNIFORM, 0.4, [1.1, 1.2]))
    assert pessimistic.claims["menu"] == "=="
    assert (pessimistic.value, pessimistic.test, pessimistic.threshold) == (0.0, None, None)


def test_theorem_3_names_what_is_wrong_with_a_menu() -> None:
    plan = ManagerProblem(StateGrid([0.2, 0.6, 0.9]), 0.5, [1.6])
    result = solve(plan, "menu")
    assert all(lx.theorem_3(result).conditions.values())
    with pytest.raises(errors.ProcedureError, match="menu"):
        lx.theorem_3(solve(plan, "single_test"))
    object.__setattr__(result, "tests", result.tests * 2)
    assert lx.theorem_3(result).conditions["at most one threshold test"] is False


def test_corollary_1_by_hand() -> None:
    """W = 2/5: launched from x = 5/4, E[θ | θ ≥ 2/5] = 7/10 accepted from x = 7/4."""
    form = lx.corollary_1(UNIFORM, 0.4)
    assert form.changes == pytest.approx((1.25, 1.75))
    assert form.value == pytest.approx(0.18)
    found = [form.phase(x) for x in (1.2, form.changes[0], 1.5, form.changes[1], 2.4)]
    assert found == ["pessimistic", "constrained", "constrained", "first best", "first best"]
    with pytest.raises(errors.HypothesisError, match="E\\[θ\\] ≥ w"):
        lx.corollary_1(UNIFORM, 0.6)


def test_corollary_1_counts_rounding_as_equality() -> None:
    """E[θ] = w but for rounding."""
    grid = StateGrid([0.0, 0.05, 0.6])
    assert grid.mean < 13 / 60
    assert lx.corollary_1(grid, 13 / 60).conditions["E[θ] ≥ w"]


@pytest.mark.parametrize(
    ("states", "masses", "payment"),
    [
        ([0.7], None, 0.5),
        ([0.6, 0.9], None, 0.5),
        ([0.2, 0.8], [0.5, 0.5], 0.5),
        ([0.1, 1.0], [0.5, 0.5], 0.3),
        ([0.0, 0.5, 1.0], [0.2, 0.0, 0.8], 0.4),
        ([0.0, 1.0], [0.5, 0.5], 0.2),
    ],
)
def test_corollary_1_at_the_edges(states: Any, masses: Any, payment: float) -> None:
    """A single state, all states above w, E[θ] = w, a state nobody accepts, one without mass."""
    grid = StateGrid(states, masses)
    line = laboratory.draws.CapabilityLine(grid, payment, np.array([0.2, 0.5, 0.9]))
    for agreement in judge_corollary_1(line, lx.corollary_1(grid, payment)):
        assert agreement.verdict == "holds", agreement


def test_corollary_2_by_hand() -> None:
    """W = 2/5, x = 3/2: no first phase, since (1 − w)/(−ln w) > 3/5; E[θ] = 3/5 at a = 3/2."""
    form = lx.corollary_2(0.4, 1.5)
    assert form.names == ("constrained", "pessimistic")
    assert form.changes == pytest.approx((1.5,))
    assert form.value == pytest.approx(0.2)
    assert form.phase(form.changes[0]) == "constrained"
    easy = lx.corollary_2(0.4, 2.0)
    first, last = easy.changes
    assert StateDistribution.power(first).mean_above(0.4) == pytest.approx(0.8)
    assert last == pytest.approx(4)
    assert [easy.phase(a) for a in (first, last, 4.1)] == [
        "first best",
        "constrained",
        "pessimistic",
    ]
    with pytest.raises(errors.HypothesisError, match="capability above 1"):
        lx.corollary_2(0.4, 1.0)


def test_one_peak_or_a_dip() -> None:
    assert deepest_dip(np.array([0.0, 1.0, 3.0, 2.0, 0.0])) == 0
    assert deepest_dip(np.array([0.0, 2.0, 1.5, 3.0, 0.0])) == 0.5
    assert deepest_dip(np.array([])) == 0


@pytest.mark.parametrize(
    ("values", "holds"),
    [([0, 1, 2], True), ([0, 2, 1], False), ([1, 0, 2], False), ([1, 1], False)],
)
def test_rising_is_strict_and_without_exception(values: list[float], holds: bool) -> None:
    form = lx.corollary_1(UNIFORM, 0.4)
    (agreement,) = rising(form, "payoff", np.array(values, dtype=float))
    assert (agreement.verdict == "holds") == holds
    assert list(rising(form, "payoff", np.array([1.0]))) == []


def test_distances_from_the_tests_there_are() -> None:
    """With p = 1/2 of easy (0.2) and hard (0.8) tasks, p q is from 0.1 to 0.4."""
    grid = StateGrid([0.2, 0.8])
    for r, distance in ((0.05, 0.05), (0.1, 0.0), (0.3, 0.0), (0.45, 0.05)):
        assert nearest(grid, 0.5, r, None) == pytest.approx(distance, abs=1e-9)
    top = np.array([0.0, 0.5])
    assert nearest(grid, 0.5, 0.4, top) == pytest.approx(0, abs=1e-9)
    assert nearest(grid, 0.5, 0.1, top) == pytest.approx(1)
    assert nearest(grid, 0.5, 0.45, top) == np.inf


@pytest.mark.parametrize(
    ("p", "q", "miss", "verdict"),
    [(0.5, 0.8, 0.0, "holds"), (0.5, 0.95, 0.075, "holds"), (0.25, 0.8, 0.25, "fails")],
)
def test_lemma_3_takes_states_that_may_be_split(
    p: float, q: float, miss: float, verdict: str
) -> None:
    """The hard half alone, or not at all; half of the hard half only by splitting it."""
    proposed = laboratory.draws.ProposedTest(StateGrid([0.2, 0.8]), p, q, splits=False)
    form = lx.lemma_3(proposed.grid, p, q)
    (agreement,) = STATEMENTS["lx-lemma-3"].judge(proposed, form)
    assert agreement.difference == pytest.approx(miss)
    assert agreement.verdict == verdict


def test_a_test_that_is_no_interval_is_caught() -> None:
    """Proposing on a third of everything has p = 1/3 and q = 1/2, as the middle third has."""
    proposed = laboratory.draws.ProposedTest(StateGrid([0.0, 0.5, 1.0]), 1 / 3, 0.5, True)
    form = lx.lemma_3(proposed.grid, proposed.p, proposed.q)
    judge = STATEMENTS["lx-lemma-3"].judge
    assert {agreement.verdict for agreement in judge(proposed, form)} == {"holds"}
    spread = replace(form, test=ScreeningTest.from_proposal(proposed.grid, [1 / 3] * 3))
    missed = [a.statement for a in judge(proposed, spread) if a.verdict == "fails"]
    assert len(missed) == 1
    assert "inside the interval" in missed[0]


def test_proposition_1_by_hand() -> None:
    """E[θ] = 1/2, types 5/4 and 2: 1/2 · max(1/5, 1/2 · 1/3)."""
    form = lx.proposition_1(UNIFORM, [2.0, 1.25], [1 / 3, 2 / 3])
    assert (form.payment, form.accepted, form.capability) == (0.4, 1.0, 1.25)
    assert form.value == pytest.approx(0.1)
    with pytest.raises(errors.HypothesisError, match="capabilities at least 1"):
        lx.proposition_1(UNIFORM, [0.5, 2.0])
    from scipy import stats

    with pytest.raises(errors.HypothesisError, match="capabilities at least 1"):
        lx.proposition_1(UNIFORM, stats.uniform(0.5, 1))


def test_the_pivotal_worker_by_hand() -> None:
    """He accepts 3/5 of w = 2/5, as in Theorem 1; private capabilities have no one pivot."""
    form = lx.pivotal_worker(UNIFORM, [0.25, 0.15], [3.0, 4.0])
    assert form.worker == 1
    assert form.single_test.capability == pytest.approx(1.5)
    assert form.value == pytest.approx(0.16)
    assert form.claims["menu"] == "=="
    private = lx.pivotal_worker(UNIFORM, [0.25, 0.15], [[3.0], [4.0, 5.0]])
    assert private.worker is None
    assert private.value == pytest.approx(max(0.16, 0.5 * 0.18))


def test_the_pivotal_worker_refuses_bad_input() -> None:
    from scipy import stats

    for payments, types in (([0.0, 0.1], [1.0, 1.0]), ([0.6, 0.6], [1.0, 1.0])):
        with pytest.raises(errors.PaymentError):
            lx.pivotal_worker(UNIFORM, payments, types)
    with pytest.raises(errors.WorkerTypeError):
        lx.pivotal_worker(UNIFORM, [0.1, 0.1], [1.0])
    with pytest.raises(errors.WorkerTypeError, match="distributions"):
        lx.pivotal_worker(UNIFORM, [0.2, 0.2], [stats.uniform(2, 1), 2.0])


def test_every_workers_obedience_by_hand() -> None:
    """Easy or hard with w = 1/4 + 1/4: the second worker must accept E[θ | propose] ≤ 3/5.

    All hard tasks and half of the easy ones, 3/4 of (3/5 − 1/2); without him all hard ones.
    """
    grid = StateGrid([0.2, 0.8])
    team = laboratory.draws.Team(
        grid,
        np.array([0.25, 0.25]),
        (np.array([3.6]), np.array([2.4])),
        np.ones((1, 1)),
        quota=2,
    )
    assert best_single_test(team) == pytest.approx(0.75 * 0.1)
    assert best_single_test(replace(team, quota=1)) == pytest.approx(0.5 * 0.3)


def test_continuous_types_are_refused() -> None:
    from scipy import stats

    plan = ManagerProblem(UNIFORM, 0.5, stats.uniform(1, 0.9))
    with pytest.raises(errors.WorkerTypeError, match="listed"):
        lx.theorem_1(plan)


def test_results_of_menus_and_means_compare() -> None:
    plan = ManagerProblem(StateGrid([0.2, 0.4, 0.9]), 0.4, [1.5])
    form = lx.theorem_1(plan)
    for name in ("menu", "single_test", "commitment"):
        agreement = solve(plan, name).compare(form)
        assert (agreement.verdict, agreement.side) == ("holds", "equal")
        assert abs(agreement.difference) <= agreement.tolerance
        wrong = solve(plan, name).compare(replace(form, value=form.value + 1e-6))
        assert (wrong.verdict, wrong.side) == ("fails", "below")
    with pytest.raises(errors.ProcedureError, match="LX Corollary 1"):
        solve(plan, "commitment").compare(lx.corollary_1(plan.difficulty, plan.payment))


@pytest.mark.parametrize("procedure", ["menu", "single_test", "commitment"])
def test_a_bracket_is_compared_as_a_bracket(procedure: Any) -> None:
    """Whatever is inside it is neither above nor below; what is outside is."""
    plan = ManagerProblem(UNIFORM, 0.4, [1.47])
    form = lx.theorem_1(plan)
    result = solve(plan, procedure)
    result = replace(result, upper=result.upper + 1e-3)
    inside = [form, replace(form, value=(result.lower + result.upper) / 2)]
    for theorem in inside:
        agreement = result.compare(theorem)
        assert (agreement.verdict, agreement.side, agreement.difference) == ("holds", "equal", 0)
    for value, side in ((result.lower - 1e-6, "above"), (result.upper + 1e-6, "below")):
        outside = result.compare(replace(form, value=value))
        assert (outside.side, outside.verdict) == (side, "fails")
        assert abs(outside.difference) == pytest.approx(1e-6)


def halved(test: ScreeningTest | None) -> ScreeningTest | None:
    """The test, proposing half as often."""
    if test is None or test.proposal is None:
        return None
    return replace(test, proposal=test.proposal / 2)


WRONG: list[tuple[str, Callable[[Any], Any]]] = [
    ("lx-theorem-1", lambda form: replace(form, value=form.value + 1e-6)),
    ("lx-theorem-1", lambda form: replace(form, test=None)),
    ("lx-theorem-2", lambda form: replace(form, value=form.value - 1e-6)),
    ("lx-theorem-2", lambda form: replace(form, test=None)),
    ("lx-theorem-3", lambda form: replace(form, value=form.value + 1e-6)),
    ("lx-theorem-3", lambda form: replace(form, conditions={"no other test": False})),
    ("lx-lemma-3", lambda form: replace(form, value=form.value + 1e-6)),
    ("lx-lemma-3", lambda form: replace(form, lowest=form.lowest + 1e-6)),
    ("lx-lemma-3", lambda form: replace(form, kind="threshold")),
    ("lx-lemma-3", lambda form: replace(form, kind="interval")),
    ("lx-lemma-3", lambda form: replace(form, kind=None)),
    ("lx-lemma-3", lambda form: replace(form, test=halved(form.test))),
    ("lx-corollary-1", lambda form: replace(form, value=form.value + 1e-6)),
    ("lx-corollary-1", lambda form: replace(form, changes=(form.changes[0],) * 2)),
    ("lx-corollary-1", lambda form: replace(form, changes=tuple(1.2 * x for x in form.changes))),
    ("lx-corollary-2", lambda form: replace(form, value=form.value - 1e-6)),
    ("lx-corollary-2", lambda form: replace(form, changes=tuple(1.2 * a for a in form.changes))),
    ("lx-corollary-2", lambda form: replace(form, names=form.names[::-1])),
    ("lx-proposition-1", lambda form: replace(form, value=form.value + 1e-6)),
    ("lx-proposition-1", lambda form: replace(form, value=form.value - 1e-6)),
    ("lx-proposition-1", lambda form: replace(form, payment=0.999 * form.payment)),
    ("lx-pivotal-worker", lambda form: replace(form, value=form.value + 1e-6)),
    ("lx-pivotal-worker", lambda form: replace(form, worker=None if form.worker is None else 0)),
    ("lx-pivotal-worker", lambda form: replace(form, worker=None if form.worker is None else 1)),
]


@pytest.mark.parametrize(("name", "spoil"), WRONG)
def test_a_wrong_closed_form_is_caught(name: str, spoil: Callable[[Any], Any]) -> None:
    statement = STATEMENTS[name]
    drawn = (draw_instance(statement, None, 5, index) for index in range(40))
    judged = (statement.judge(problem, spoil(form)) for problem, form in drawn)
    assert any(agreement.verdict == "fails" for found in judged for agreement in found)


@pytest.mark.parametrize("payment", [0.4625, np.nextafter(0.4625, 0), np.nextafter(0.4625, 1)])
@pytest.mark.parametrize("types", [[1.0], [1.0, 1.5], [1.5]])
def test_a_mean_of_w_but_for_rounding(payment: float, types: list[float]) -> None:
    """E[θ] − w is rounding: the manager is trusted with anything, whichever the programme."""
    plan = ManagerProblem(
        StateGrid([0.2, 0.4, 0.75], [0.3, 0.35, 0.35]), payment, types, unrestricted=True
    )
    form = lx.theorem_2(plan)
    for formulation in ("closed_form", "cutoffs"):
        assert solve(plan, "single_test", formulation=formulation).compare(form).verdict == "holds"
    values = [
        solve(plan, "menu", formulation=formulation).value
        for formulation in ("rays", "reduced", "full")
    ]
    assert values == pytest.approx([values[0]] * 3, abs=1e-12)


def test_some_menus_that_are_checked_need_three_tests() -> None:
    drawn = (draw_instance(STATEMENTS["lx-theorem-3"], None, 0, index)[0] for index in range(40))
    assert max(len(solve(offer.problem, "menu").tests) for offer in drawn) == 3


def test_draws_stay_in_the_model() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        plan = laboratory.draws.workers(rng)
        assert plan.types is not None
        assert ((plan.types >= 1) & (plan.types * plan.payment < 1)).all()
