"""Closed forms: values by hand, conditions, and what they refuse."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, VotingGame, errors, priors, solve, theorems
from persuasion_lp.core.closed_form import ClosedForm
from persuasion_lp.theorems.kks.acceptance import nesting_order
from persuasion_lp.theorems.kks.envelopes import (
    acceptance_is_unique,
    accepted_measure,
    concavification,
    worth_alone,
)
from persuasion_lp.theorems.kks.two_judges import signal_table

F = Fraction
T = Receiver.threshold
A = Receiver.accepting
EXAMPLE_1 = PersuasionGame(priors.perfectly_negative(0.5), [T(0.8)] * 2)
EXAMPLE_2 = PersuasionGame(priors.perfectly_correlated(0.5, 2), [T(0.6), T(0.8)])
TABLE = PersuasionGame(np.full((2, 2), 0.25), [T(0.6)] * 2, payoff=[[0, 1], [1, 1]])
THREE_VALUED = PersuasionGame([0.5, 0.3, 0.2], [A([([-1, -0.6, 1], 0)])])
NESTED = PersuasionGame(
    [0.5, 0.3, 0.2], [A([([-1.5, -1.8, 1], 0)]), A([([-1, -0.6, 1], 0)], payoffs=(0, 2))]
)


def test_concavification_by_hand() -> None:
    """The prosecutor at 0.3 with a cutoff of 0.5, and a receiver who is best left alone."""
    found = concavification(T(0.5), 0.3)
    assert found.value == pytest.approx(0.6)
    assert (found.left, found.right, found.unique) == (F(0), F(1, 2), True)
    alone = concavification(T(0.5), 0.7)
    assert (alone.value, alone.left, alone.right) == (F(1), F(7, 10), F(7, 10))
    known = concavification(T(0.5), 1.0)
    assert {known.value, known.left, known.right} == {F(1)}


def test_concavification_points_are_the_closest_ones() -> None:
    """f(0) = 0, f(½) = ½, f(1) = 1 lie on one line (KKS, footnote 10)."""
    line = Receiver([0.5, 0.99], [0, 0.5, 0.99])
    found = concavification(line, 0.3)
    assert (found.left, found.right, found.unique) == (F(0), F(1, 2), False)


def test_state_dependent_payoffs_are_concavified_piece_by_piece() -> None:
    """Action 1 pays only in state L: best at the cutoff itself, and concave beyond."""
    receiver = Receiver([0.4], [[0, 0], [1, 0]])
    below = concavification(receiver, 0.2)
    assert (below.left, below.right) == (F(0), F(2, 5))
    assert below.value == pytest.approx(0.6 * 0.5)
    beyond = concavification(receiver, 0.7)
    assert (beyond.left, beyond.right) == (F(7, 10), F(7, 10))
    assert beyond.value == pytest.approx(0.3)


def test_the_knapsack_of_acceptance() -> None:
    """States cost 1 and 0.6 per unit, 0.2 can be spent: all of state 2, then 0.02 of state 1."""
    receiver = THREE_VALUED.receivers[0]
    assert accepted_measure(receiver, THREE_VALUED.prior).tolist() == [F(1, 50), F(3, 10), F(1, 5)]
    assert acceptance_is_unique(receiver, THREE_VALUED.prior)
    tied = A([([-1, -1, 1], 0)])
    assert not acceptance_is_unique(tied, np.array([0.5, 0.3, 0.2]))
    assert acceptance_is_unique(tied, np.array([0.1, 0.3, 0.6]))


def test_worth_alone_of_an_event_and_of_a_state() -> None:
    assert worth_alone(T(0.5), np.array([0.7, 0.3])) == pytest.approx(0.6)
    assert worth_alone(THREE_VALUED.receivers[0], THREE_VALUED.prior) == pytest.approx(0.52)


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        (lambda: theorems.lemma_1(TABLE), "additive payoffs"),
        (lambda: theorems.theorem_2(TABLE), "additive payoffs"),
        (lambda: theorems.theorem_2(THREE_VALUED), "binary states"),
        (lambda: theorems.theorem_1(solve(THREE_VALUED, "simultaneous")), "binary states"),
        (lambda: theorems.proposition_1(EXAMPLE_1), "perfectly correlated states"),
        (lambda: theorems.corollary_1(EXAMPLE_1), "positively correlated states"),
        (lambda: theorems.section_5_2_positive_correlation(EXAMPLE_1), "positively correlated"),
        (lambda: theorems.section_5_2_any_correlation(EXAMPLE_1), "Δ_i\\^L ≤ Δ_j\\^R"),
        (lambda: theorems.section_5_2_any_correlation(EXAMPLE_2), "Δ_i\\^L ≤ Δ_j\\^R"),
        (lambda: theorems.proposition_4(EXAMPLE_2), "one cutoff for both"),
        (
            lambda: theorems.proposition_4(PersuasionGame(np.full((2, 2), 0.25), [T(0.4)] * 2)),
            "priors below the cutoff",
        ),
        (lambda: theorems.proposition_3(THREE_VALUED), "two receivers or more"),
        (
            lambda: theorems.corollary_1(
                PersuasionGame(priors.independent([0.2, 0.3, 0.4]), [T(0.5)] * 3)
            ),
            "two receivers, or perfect correlation",
        ),
        (
            lambda: theorems.proposition_2(
                solve(VotingGame(np.full((2, 2), 0.25), [0.6, 0.6], 1), "simultaneous")
            ),
            "unanimity",
        ),
    ],
)
def test_a_theorem_refuses_what_it_does_not_cover(call: Any, missing: str) -> None:
    with pytest.raises(errors.HypothesisError, match=missing):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: theorems.lemma_2(EXAMPLE_1, 0, 2),
        lambda: theorems.theorem_1(solve(EXAMPLE_1, "sequential")),
        lambda: theorems.proposition_2(solve(EXAMPLE_1, "simultaneous")),
        lambda: theorems.proposition_1(THREE_VALUED),
        lambda: theorems.proposition_3(EXAMPLE_1),
        lambda: theorems.proposition_4(THREE_VALUED),
        lambda: theorems.figure_2(EXAMPLE_1),
        lambda: theorems.figure_2(PersuasionGame([0.6, 0.4], [A([([-1, 1], 0)])])),
        lambda: theorems.lemma_1(TABLE, assume=["luck"]),
        lambda: theorems.lemma_1(
            PersuasionGame([0.5, 0.3, 0.2], [A([([-1, 0, 1], 0), ([-1, 1, 0], 0)])])
        ),
    ],
)
def test_what_a_theorem_cannot_read_is_an_input_error(call: Any) -> None:
    with pytest.raises(errors.InputError):
        call()


def test_assuming_a_hypothesis_shows_that_it_fails() -> None:
    assumed = theorems.theorem_2(THREE_VALUED, assume=["binary states"])
    assert assumed.conditions == {"additive payoffs": True, "binary states": False}


def test_lemma_1_and_theorem_2_on_example_1() -> None:
    first_best = theorems.lemma_1(EXAMPLE_1)
    assert first_best.value == pytest.approx(5 / 4)
    result = solve(EXAMPLE_1, "sequential")
    below = result.compare(first_best)
    assert (below.side, below.verdict) == ("below", "holds")
    assert below.difference == pytest.approx(37 / 32 - 5 / 4)
    assert solve(EXAMPLE_1, "flexible").compare(theorems.theorem_2(EXAMPLE_1)).verdict == "holds"


def test_a_wrong_closed_form_fails_on_its_side() -> None:
    """The comparison can say no, for every relation."""
    result = solve(EXAMPLE_1, "simultaneous")  # 1
    for relation, value, verdict in [
        ("==", 1.0, "holds"),
        ("==", 1 + 1e-6, "fails"),
        ("<=", 1.0, "holds"),
        ("<=", 1 - 1e-6, "fails"),
        (">=", 1.0, "holds"),
        (">=", 1 + 1e-6, "fails"),
        ("<", 1.0, "fails"),
        ("<", 1 + 1e-6, "holds"),
        (">", 1.0, "fails"),
        (">", 1 - 1e-6, "holds"),
    ]:
        form = ClosedForm(
            name="a claim",
            value=value,
            claims={"simultaneous": relation},  # type: ignore[dict-item]
            conditions={},
            source="",
        )
        judged = result.compare(form)
        assert judged.verdict == verdict, judged
        assert (judged.excess > 1e-9) == (verdict == "fails")
    with pytest.raises(errors.ProcedureError, match="a claim speaks of: simultaneous"):
        solve(EXAMPLE_1, "flexible").compare(form)


def test_closed_forms_print_what_they_say() -> None:
    lines = repr(theorems.proposition_1(EXAMPLE_2)).splitlines()
    assert lines[0].endswith("Persuasion with Multiple Actions, Proposition 1")
    assert lines[1] == "  sequential == 1.45833333, order (0, 1)"
    assert "perfectly correlated states: yes" in lines[2]
    assert repr(theorems.lemma_2(EXAMPLE_1, 0, 1)).splitlines()[1] == "  -1"


def test_lemma_2_by_hand() -> None:
    game = PersuasionGame([[0.4, 0.1], [0.2, 0.3]], [T(0.5)] * 2)
    response = theorems.lemma_2(game, 0, 1)
    assert response.intercept == pytest.approx(0.2)
    assert response.value == pytest.approx(0.4)
    assert response(game.own_prior(0)[1]) == pytest.approx(game.own_prior(1)[1])
    assert theorems.lemma_2(EXAMPLE_1, 0, 1).value == -1


def test_theorem_1_on_table_1() -> None:
    strict = theorems.theorem_1(solve(EXAMPLE_1, "simultaneous"))
    assert strict.claims["sequential"] == ">"
    assert solve(EXAMPLE_1, "sequential").compare(strict).verdict == "holds"
    example_3 = PersuasionGame(np.full((2, 2), 0.25), EXAMPLE_2.receivers)
    equal = theorems.theorem_1(solve(example_3, "simultaneous"))
    assert equal.claims["sequential"] == "=="
    assert solve(example_3, "sequential").compare(equal).verdict == "holds"


def test_proposition_1_on_example_2_and_on_example_1_restated() -> None:
    """Example 1 on one belief: the second receiver accepts below 0.2."""
    attains = theorems.proposition_1(EXAMPLE_2)
    assert attains.order == (0, 1)
    assert attains.value == pytest.approx(35 / 24)
    assert solve(EXAMPLE_2, "sequential", order=(0, 1)).compare(attains).verdict == "holds"
    opposite = PersuasionGame([0.5, 0.5], [T(0.8), Receiver([0.2], [1, 0])])
    misses = theorems.proposition_1(opposite)
    assert misses.order is None
    assert misses.claims == {"sequential": "<"}
    assert solve(opposite, "sequential").compare(misses).verdict == "holds"


def test_proposition_1_needs_unique_points_only_where_orders_differ() -> None:
    """Receiver 2's payoff touches its envelope at 0, ½, 1: full information serves him as well."""
    game = PersuasionGame([0.7, 0.3], [Receiver([0.25, 0.9], [0, 0, 1]), Receiver([0.5], [0, 0.5])])
    assert theorems.proposition_1(game).order == (1, 0)
    touching = Receiver([0.5, 0.999], [0, 0.5, 0.999])
    reversed_ = PersuasionGame([0.7, 0.3], [Receiver([0.2, 0.9], [0, 1, 4.5]), touching])
    with pytest.raises(errors.HypothesisError, match="unique"):
        theorems.proposition_1(reversed_)


def test_corollary_1_ranks_by_distance_to_acceptance() -> None:
    prior = priors.from_table({"HH": 0.3, "LL": 0.5, "HL": 0.1, "LH": 0.1})
    game = PersuasionGame(prior, [T(0.9), T(0.6)])
    corollary = theorems.corollary_1(game)
    assert corollary.order == (1, 0)
    assert solve(game, "sequential", order=(1, 0)).compare(corollary).verdict == "holds"
    assert solve(game, "sequential", order=(0, 1)).compare(corollary).verdict == "fails"


def test_section_5_2_in_both_forms() -> None:
    positive = PersuasionGame([[0.4, 0.1], [0.1, 0.4]], [Receiver([0.3, 0.6], [1, 0, 1]), T(0.9)])
    form = theorems.section_5_2_positive_correlation(positive)
    assert form.order == (0, 1)
    assert solve(positive, "sequential", order=(0, 1)).compare(form).verdict == "holds"
    negative = PersuasionGame(
        [[0.1, 0.4], [0.4, 0.1]], [Receiver([0.4, 0.6], [1, 0, 1]), Receiver([0.2, 0.8], [1, 0, 1])]
    )
    form = theorems.section_5_2_any_correlation(negative)
    assert form.order == (0, 1)
    assert solve(negative, "sequential", order=(0, 1)).compare(form).verdict == "holds"


def test_the_signal_table_by_hand() -> None:
    """α = 2/3 under (i), α = 3/4 under (ii); rows s_HH, s_HL, s_LH, s_LL."""
    table, cases = signal_table(np.array([[1 / 2, 1 / 12], [1 / 4, 1 / 6]]), 2 / 3)
    assert cases == {"(i)": True, "(ii)": True}
    by_hand = np.array([[2, 1, 1, 0.5], [0, 2, 0, 1], [0, 0, 0, 0], [0, 0, 0, 4.5]])
    assert table is not None
    np.testing.assert_allclose(12 * table, by_hand, atol=1e-12)
    table, cases = signal_table(np.array([[0.7, 0.12], [0.16, 0.02]]), 0.75)
    assert cases == {"(i)": False, "(ii)": True}
    by_hand = np.array([[2, 1, 1, 0], [0, 15, 0, 5], [0, 0, 11, 11 / 3], [0, 0, 0, 70 - 26 / 3]])
    assert table is not None
    np.testing.assert_allclose(100 * table, by_hand, atol=1e-12)
    assert signal_table(np.array([[0, 0.5], [0.5, 0]]), 0.8) == (
        None,
        {"(i)": False, "(ii)": False},
    )


def test_the_nesting_order_and_what_is_not_nested() -> None:
    outer, inner = [-1, -0.6, 1], [-1.5, -1.8, 1]
    assert nesting_order(np.array([inner, outer])) == (1, 0)
    assert nesting_order(np.array([outer, outer])) is None
    assert nesting_order(np.array([[-1, -2, 1.0], [-2, -1, 1.0]])) is None


def test_proposition_3_on_three_states() -> None:
    """The instance of the catalogue with the receivers exchanged and a gain of 2."""
    form = theorems.proposition_3(NESTED)
    assert form.order == (1, 0)
    assert form.value == pytest.approx(1 / 3 + 2 * 0.52)
    assert form.claims["sequential"] == "<"
    assert solve(NESTED, "sequential").compare(form).verdict == "holds"
    assert solve(NESTED, "simultaneous").compare(form).verdict == "holds"


def test_figure_2_draws_the_sets_and_the_lines_of_first_best() -> None:
    picture = theorems.figure_2(NESTED)
    inner, outer = picture.regions
    assert len(inner) == len(outer) == 3
    for region, receiver in zip(picture.regions, NESTED.receivers, strict=True):
        assert (region @ receiver.cones[1][0] >= -1e-12).all()
        np.testing.assert_allclose(region.sum(axis=1), 1)
    for accepting, rejecting in zip(picture.accepting, picture.rejecting, strict=True):
        share = (picture.prior - rejecting) @ (accepting - rejecting)
        share /= (accepting - rejecting) @ (accepting - rejecting)
        assert 0 < share < 1
        np.testing.assert_allclose(share * accepting + (1 - share) * rejecting, picture.prior)
    np.testing.assert_allclose(
        np.linalg.norm(picture.corners - picture.corners[[1, 2, 0]], axis=1), 1
    )


def test_a_receiver_who_always_accepts_has_no_rejecting_belief() -> None:
    picture = theorems.figure_2(PersuasionGame([0.2, 0.3, 0.5], [A([([-1, 1, 1], 0)])]))
    np.testing.assert_allclose(picture.accepting, [[0.2, 0.3, 0.5]])
    assert np.isnan(picture.rejecting).all()
    assert len(picture.regions[0]) == 4
