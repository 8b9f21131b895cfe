"""Theorems on instances of the paper, and the instances that correct them, in exact numbers."""

from __future__ import annotations

import pytest

from persuasion_lp import PersuasionGame, Receiver, catalog, priors, solve, theorems
from persuasion_lp.solving.certificates import certify_experiment
from tests.support import assert_close

T = Receiver.threshold
A = Receiver.accepting


@pytest.mark.parametrize(
    ("slug", "case"), [("kks-proposition-4-i", "(i)"), ("kks-proposition-4-ii", "(ii)")]
)
def test_the_signal_of_proposition_4_is_obeyed_and_pays_first_best(slug: str, case: str) -> None:
    """§8.1: equations (3), (4) and (7) to (9), recomputed from the experiment alone."""
    instance = catalog.get(slug)
    game = instance.problem()
    form = theorems.proposition_4(game)
    assert form.conditions[case]
    assert form.experiment is not None
    assert certify_experiment(game, form.experiment, form.value).ok
    assert_close(form.value, float(instance.claims[0].value), tolerance=1e-12)
    assert solve(game, "simultaneous").compare(form).verdict == "holds"


def test_example_1_violates_both_conditions_of_proposition_4() -> None:
    game = catalog.get("kks-example-1").problem()
    form = theorems.proposition_4(game)
    assert form.claims == {"simultaneous": "<"}
    assert form.experiment is None
    assert solve(game, "simultaneous").compare(form).verdict == "holds"


def test_proposition_3_on_the_three_state_instance() -> None:
    game = catalog.get("kks-three-states").problem()
    form = theorems.proposition_3(game)
    assert form.order == (0, 1)
    assert_close(form.value, 64 / 75, tolerance=1e-12)
    values = [
        solve(game, name, **settings).value
        for name, settings in [
            ("simultaneous", {}),
            ("sequential", {"order": (0, 1)}),
            ("sequential", {"order": (1, 0)}),
            ("first_best", {}),
        ]
    ]
    for computed, exact in zip(values, [2 / 3, 751 / 900, 2 / 3, 64 / 75], strict=True):
        assert_close(computed, exact, tolerance=1e-12)


def test_part_3_of_proposition_3_fails_where_receivers_rank_states_alike() -> None:
    """Both would rather be persuaded by state 2 than by state 1: 64/75 again, and it is paid."""
    game = PersuasionGame([0.5, 0.3, 0.2], [A([([-1, -0.6, 1], 0)]), A([([-2, -1.5, 1], 0)])])
    form = theorems.proposition_3(game)
    assert form.conditions["first-best acceptances are nested"]
    assert_close(form.value, 0.52 + 1 / 3, tolerance=1e-12)
    result = solve(game, "sequential", order=(0, 1))
    assert_close(result.value, form.value, tolerance=1e-12)
    assert solve(game, "simultaneous").value < form.value - 0.1


def test_the_printed_condition_for_any_correlation_is_not_sufficient() -> None:
    """§5.2: Δ^R = (.1, .2), Δ^L = (.3, .7) satisfy it, but x_1 = 0 takes x_2 to 1, beyond .9."""
    game = PersuasionGame([[0, 0.7], [0.3, 0]], [T(0.4), T(0.9)])
    form = theorems.section_5_2_any_correlation(game, assume=["Δ_i^L ≤ Δ_j^R"])
    assert [name for name, holds in form.conditions.items() if not holds] == ["Δ_i^L ≤ Δ_j^R"]
    assert_close(form.value, 3 / 4 + 7 / 9, tolerance=1e-12)
    result = solve(game, "sequential")
    assert_close(result.value, 3 / 2, tolerance=1e-12)
    assert result.compare(form).verdict == "fails"


def test_corollary_1_needs_more_than_positive_correlation_with_three_receivers() -> None:
    """Every pair of states is positively correlated, yet the order of Δ^R misses first best."""
    weights = {"LLL": 7, "HLH": 3, "HHL": 5, "HHH": 9}
    prior = priors.from_table({word: weight / 24 for word, weight in weights.items()})
    x = [17 / 24, 14 / 24, 12 / 24]
    game = PersuasionGame(prior, [T(20.5 / 24), T(19.95 / 24), T(14.8 / 24)])
    refused = "two receivers, or perfect correlation"
    form = theorems.corollary_1(game, assume=[refused])
    assert [name for name, holds in form.conditions.items() if not holds] == [refused]
    assert form.order == (2, 0, 1)
    assert_close(form.value, x[0] / (20.5 / 24) + x[1] / (19.95 / 24) + x[2] / (14.8 / 24))
    ranked = solve(game, "sequential", order=form.order).compare(form)
    assert (ranked.side, ranked.verdict) == ("below", "fails")
    assert ranked.difference < -5e-4
