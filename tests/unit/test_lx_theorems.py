"""Li and Xu's theorems: by hand, on random problems, and refused outside their hypotheses."""

from __future__ import annotations

import numpy as np
import pytest

from persuasion_lp import ManagerProblem, StateDistribution, StateGrid, errors, solve, theorems
from persuasion_lp.theorems import lx

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


def test_theorem_1_by_hand() -> None:
    """W = 2/5, x = 3/2: E[θ | θ ≥ t] = 3/5 at t = 1/5, so 4/5 of (3/5 − 2/5)."""
    form = lx.theorem_1(ManagerProblem(UNIFORM, 0.4, [1.5]))
    assert form.value == pytest.approx(0.16)
    assert form.claims == {"menu": "==", "single_test": "==", "commitment": "=="}
    assert lx.theorem_1(ManagerProblem(UNIFORM, 0.4, [1.2])).claims["commitment"] == ">="


def test_theorem_1_is_for_a_known_type() -> None:
    plan = ManagerProblem(UNIFORM, 0.4, [1.2, 1.5])
    with pytest.raises(errors.HypothesisError, match="known type"):
        lx.theorem_1(plan)
    assert lx.theorem_1(plan, assume=["known type"]).conditions["known type"] is False


def test_theorem_2_by_hand() -> None:
    """Serve the capable type alone: 98/100 of 1/8."""
    form = lx.theorem_2(ManagerProblem(UNIFORM, 0.5, [1.2, 1.6], [0.02, 0.98]))
    assert form.value == pytest.approx(0.1225)


def test_theorem_3_names_what_is_wrong_with_a_menu() -> None:
    plan = ManagerProblem(StateGrid([0.2, 0.6, 0.9]), 0.5, [1.6])
    result = solve(plan, "menu")
    assert all(lx.theorem_3(result).conditions.values())
    object.__setattr__(result, "tests", result.tests * 2)
    assert lx.theorem_3(result).conditions["at most one threshold test"] is False


def test_continuous_types_are_refused() -> None:
    from scipy import stats

    plan = ManagerProblem(UNIFORM, 0.5, stats.uniform(1, 0.9))
    with pytest.raises(errors.WorkerTypeError, match="listed"):
        lx.theorem_2(plan)


def test_draws_stay_in_the_model() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        plan = theorems.draws.workers(rng)
        assert plan.types is not None
        assert ((plan.types >= 1) & (plan.types * plan.payment < 1)).all()
