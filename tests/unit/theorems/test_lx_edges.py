"""Li and Xu's theorems where they are hard to evaluate: many peaks, short phases, exact numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from persuasion_lp import ManagerProblem, StateDistribution, StateGrid, errors, solve
from persuasion_lp.theorems import lx

UNIFORM = StateDistribution.uniform()


def test_corollary_2_has_a_first_phase_however_short() -> None:
    """There is one iff x w > (1 − w)/(−ln w); near it, a_1 is proportional to what x w exceeds."""
    limit = 0.7 / -np.log(0.3) / 0.3
    for above in (1e-4, 1e-6, 1e-8):
        form = lx.corollary_2(0.3, limit + above)
        assert form.names[0] == "first best"
        assert form.changes[0] == pytest.approx(4.3737 * above, rel=1e-4)
    assert lx.corollary_2(0.3, limit - 1e-8).names[0] == "constrained"


def test_numbers_of_closed_forms_may_be_written_exactly() -> None:
    """Strings, as everywhere; what is no number is named."""
    assert lx.corollary_2("9/20", "3/2").changes == lx.corollary_2(0.45, 1.5).changes
    assert lx.lemma_3(UNIFORM, "1/2", "3/5").kind == "interval"
    payments: Any = ["1/4", "3/20"]
    assert lx.pivotal_worker(UNIFORM, payments, ["3", "4"]).worker == 1
    with pytest.raises(errors.PayoffError, match="must be a number"):
        lx.lemma_3(UNIFORM, [0.5], 0.5)
    with pytest.raises(errors.WorkerTypeError, match="must be a number"):
        lx.corollary_2(0.4, [1.5, 2.0])


def test_proposition_1_finds_the_best_of_many_peaks() -> None:
    """Capabilities near twelve levels, every one nearly as good: the best, not the first found."""
    from scipy import stats

    levels = np.linspace(1.31, 2.87, 12)
    for best in range(12):
        above = 0.23 / (1 - 1 / levels) * np.where(np.arange(12) == best, 1.0, 0.999)
        masses = -np.diff(above, append=0.0)
        masses = masses / masses.sum()
        edges = np.stack([levels, levels + 1e-5], axis=1).ravel()
        counts = np.insert(masses, np.arange(1, 12), 0.0)
        types = stats.rv_histogram((counts, edges), density=False)
        form = lx.proposition_1(UNIFORM, types)
        assert form.capability == pytest.approx(levels[best], abs=2e-5)
        assert form.value == pytest.approx(0.5 * (1 - 1 / levels[best]) * above[best] / above[0])


def test_proposition_1_says_when_payments_are_too_much_alike() -> None:
    """With Pr(type ≥ x) = 1/(3 (1 − 1/x)) every payment is as good: none is proved the best."""
    from scipy import stats

    class Flat(stats.rv_continuous):
        def _cdf(self, x: Any, *_: Any) -> Any:
            return 1 - (1 / 3) / (1 - 1 / np.maximum(x, 1.5))

    with pytest.raises(errors.LimitError, match="refinement") as raised:
        lx.proposition_1(UNIFORM, Flat(a=1.5, b=50)())
    assert raised.value.best_value == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    "difficulty",
    [
        UNIFORM,
        StateDistribution.beta(2.0, 0.5),
        StateDistribution.uniform(0.5, 0.6),
        StateGrid([0.1, 0.45, 0.6, 0.9], [0.4, 0.1, 0.3, 0.2]),
    ],
)
def test_theorem_2_with_a_continuum_of_types(difficulty: Any) -> None:
    """The threshold on a fine grid, as the paper states the problem; and the brackets."""
    from scipy import stats

    w, types = 0.45, stats.beta(2, 3, loc=1.05, scale=1.1)
    plan = ManagerProblem(difficulty, w, types)
    form = lx.theorem_2(plan)
    p = np.linspace(1e-6, 1, 20_001)
    r = np.array([float(plan.difficulty.top_mean(share)) for share in p.tolist()])
    payoff = (1 - types.cdf(r / (p * w))) * np.where(r >= w * p, r - w * p, 0)
    assert payoff.max() - 1e-9 <= form.value <= payoff.max() + 1e-4
    for procedure in ("single_test", "menu"):
        result = solve(plan, procedure, tol=1e-4)
        assert result.compare(form).verdict == "holds"


def test_theorem_2_with_a_continuum_of_types_at_the_edges() -> None:
    """Pessimistic types, types who all accept, and tasks that are never worth the payment."""
    from scipy import stats

    pessimistic = lx.theorem_2(ManagerProblem(UNIFORM, 0.4, stats.uniform(1, 0.2)))
    assert (pessimistic.value, pessimistic.phase) == (0, "pessimistic")
    assert pessimistic.claims["menu"] == "=="
    capable = lx.theorem_2(ManagerProblem(UNIFORM, 0.45, stats.uniform(1.8, 0.2)))
    assert (capable.capability, capable.phase) == (1.8, "first best")
    assert capable.value == pytest.approx(0.55**2 / 2)
    easy = lx.theorem_2(ManagerProblem(StateGrid([0.1, 0.2]), 0.4, stats.uniform(1, 0.2)))
    assert easy.value == 0


def test_the_pivotal_worker_of_a_continuum() -> None:
    """Two workers alike: the type is the lesser of two draws, halved."""
    from scipy import stats

    form = lx.pivotal_worker(UNIFORM, [0.2, 0.2], [stats.uniform(2.5, 2)] * 2)
    assert form.worker is None
    p = np.linspace(1e-4, 1, 100_001)
    share = np.clip((4.5 - 2 * np.maximum((1 - p / 2) / 0.4, 1.25)) / 2, 0, 1) ** 2
    payoff = share * p * (0.6 - p / 2)
    assert form.value == pytest.approx(payoff.max(), abs=1e-7)
