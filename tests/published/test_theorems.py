"""Theorems on instances of the paper, and the instances that correct them, in exact numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from persuasion_lp import catalog, errors, solve, theorems
from persuasion_lp.families.games.certificate import certify_experiment
from tests.support import any_solve, assert_close


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
    solved: list[tuple[str, dict[str, Any], Fraction]] = [
        ("simultaneous", {}, Fraction(2, 3)),
        ("sequential", {"order": (0, 1)}, Fraction(751, 900)),
        ("sequential", {"order": (1, 0)}, Fraction(2, 3)),
        ("first_best", {}, Fraction(64, 75)),
    ]
    for name, settings, exact in solved:
        assert any_solve(game, name, exact=True, **settings).value == exact


def test_part_3_of_proposition_3_fails_where_receivers_rank_states_alike() -> None:
    """Both would rather be persuaded by state 2 than by state 1: 64/75 again, and it is paid."""
    game = catalog.get("kks-proposition-3-part-3").problem()
    form = theorems.proposition_3(game)
    assert form.conditions["first-best acceptances are nested"]
    assert_close(form.value, 0.52 + 1 / 3, tolerance=1e-12)
    assert solve(game, "sequential", order=(0, 1), exact=True).value == Fraction(64, 75)
    assert solve(game, "simultaneous").value < form.value - 0.1


def test_the_printed_condition_for_any_correlation_is_not_sufficient() -> None:
    """§5.2: Δ^R = (.1, .2), Δ^L = (.3, .7) satisfy it, but x_1 = 0 takes x_2 to 1, beyond .9."""
    game = catalog.get("kks-any-correlation").problem()
    form = theorems.section_5_2_any_correlation(game, assume=["Δ_i^L ≤ Δ_j^R"])
    assert [name for name, holds in form.conditions.items() if not holds] == ["Δ_i^L ≤ Δ_j^R"]
    assert_close(form.value, 3 / 4 + 7 / 9, tolerance=1e-12)
    result = solve(game, "sequential")
    assert result.exact().value == Fraction(3, 2)
    assert result.compare(form).verdict == "fails"


def test_corollary_1_needs_more_than_positive_correlation_with_three_receivers() -> None:
    """Every pair of states is positively correlated, yet the order of Δ^R misses first best."""
    game = catalog.get("kks-corollary-1-order").problem()
    refused = "two receivers, or perfect correlation"
    form = theorems.corollary_1(game, assume=[refused])
    assert [name for name, holds in form.conditions.items() if not holds] == [refused]
    assert form.order == (2, 1, 0)
    assert_close(form.value, 5 / 7 * 8 / 7 + 6 / 7 * 50 / 49 + 5 / 7 * 6 / 5, tolerance=1e-12)
    ranked = solve(game, "sequential", order=form.order).compare(form)
    assert (ranked.side, ranked.verdict) == ("below", "fails")
    assert solve(game, "sequential").compare(form).verdict == "holds"


@pytest.mark.parametrize(
    "slug", ["kks-corollary-1-independent-pairs", "kks-corollary-1-three-receivers"]
)
def test_no_order_may_pay_first_best_with_three_positively_correlated_states(slug: str) -> None:
    """One H or three: independent pairs when equally likely, positively correlated with more HHH.

    Given that one state is L, the other two are opposites.
    """
    instance = catalog.get(slug)
    best, first_best = (claim.value for claim in instance.claims)
    game = instance.problem()
    form = theorems.corollary_1(game, assume=["two receivers, or perfect correlation"])
    assert_close(form.value, float(first_best), tolerance=1e-12)
    result = solve(game, "sequential")
    assert result.exact().value == best
    assert result.compare(form).verdict == "fails"


def test_theorem_1_needs_binary_states() -> None:
    """A public signal misses first best, 1 < 19/18, and no order does better."""
    game = catalog.get("kks-theorem-1-three-states").problem()
    assert_close(theorems.lemma_1(game).value, 19 / 18, tolerance=1e-12)
    for name in ("simultaneous", "sequential"):
        assert solve(game, name, exact=True).value == 1
    with pytest.raises(errors.HypothesisError, match="strictly nested"):
        theorems.proposition_3(game)
