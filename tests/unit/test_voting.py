"""Committees: what is refused, what the programme is, what its certificate refuses."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from persuasion_lp import VotingGame, errors, priors, solve
from persuasion_lp.formulations.voting import build_voting_programme, seen_by, seen_in_relaxation
from persuasion_lp.solving.votes import certify_vote
from tests.support import assert_certified, assert_close

EXAMPLE_4 = VotingGame(priors.from_table({"HHL": 0.5, "LLH": 0.5}), [0.7, 0.8, 0.8], quota=2)


@pytest.mark.parametrize(
    ("prior", "cutoffs", "quota", "kind", "field"),
    [
        ([0.5, 0.3, 0.2], [0.5], 1, errors.PriorError, "prior"),
        ([[0.5, 0.2, 0.3]], [0.5, 0.5], 1, errors.PriorError, "prior"),
        ([[0.5, 0.5], [0.5, 0.5]], [0.5, 0.5], 1, errors.PriorError, "prior"),
        (np.full((2, 2), 0.25), [0.5], 1, errors.ReceiverError, "cutoffs"),
        (np.full((2, 2), 0.25), 0.5, 1, errors.ReceiverError, "cutoffs"),
        (np.full((2, 2), 0.25), [0.5, 1.0], 1, errors.ReceiverError, "cutoffs"),
        (np.full((2, 2), 0.25), [0.0, 0.5], 1, errors.ReceiverError, "cutoffs"),
        (np.full((2, 2), 0.25), [0.5, float("nan")], 1, errors.ReceiverError, "cutoffs"),
        (np.full((2, 2), 0.25), [0.5, 0.5], 0, errors.QuotaError, "quota"),
        (np.full((2, 2), 0.25), [0.5, 0.5], 3, errors.QuotaError, "quota"),
        (np.full((2, 2), 0.25), [0.5, 0.5], 1.5, errors.QuotaError, "quota"),
        (np.full((2, 2), 0.25), [0.5, 0.5], True, errors.QuotaError, "quota"),
        (np.full((2, 2), 0.25), [0.5, 0.5], "2", errors.QuotaError, "quota"),
    ],
)
def test_bad_input_is_named(
    prior: Any, cutoffs: Any, quota: Any, kind: type[errors.InputError], field: str
) -> None:
    with pytest.raises(kind) as caught:
        VotingGame(prior, cutoffs, quota)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("procedure", "settings", "kind", "field"),
    [
        ("flexible", {}, errors.ProcedureError, "procedure"),
        ("sequential", {"order": (0, 1)}, errors.OrderError, "order"),
        ("sequential", {"order": (0, 1, 1)}, errors.OrderError, "order"),
        ("simultaneous", {"order": (0, 1, 2)}, errors.OrderError, "order"),
        ("simultaneous", {"memory_limit": 100}, errors.SizeError, "memory_limit"),
    ],
)
def test_bad_settings_are_named(
    procedure: str, settings: dict[str, Any], kind: type[errors.InputError], field: str
) -> None:
    with pytest.raises(kind) as caught:
        solve(EXAMPLE_4, procedure, **settings)
    assert caught.value.field == field


def test_the_game_is_frozen_and_prints() -> None:
    assert repr(EXAMPLE_4) == "VotingGame(2 of 3 voters win, 2 of 8 states possible)"
    assert EXAMPLE_4.coalitions.astype(int).tolist() == [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    for array in (EXAMPLE_4.prior, EXAMPLE_4.cutoffs):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_programme_by_hand() -> None:
    """Two voters, one approval of two wins, voter 1 votes first: one row each."""
    game = VotingGame(priors.perfectly_negative(0.5), [0.8, 0.6], quota=1)
    programme = build_voting_programme(game, seen_by(game, "sequential", (0, 1)))
    lp = programme.lp
    assert lp.columns["pi"].shape == (2, 2)
    assert lp.rows["obedience[0]"].shape == lp.rows["obedience[1]"].shape == (1,)
    # coalition {1} in states LH, HL; coalition {2} in states LH, HL
    by_hand = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [-0.8, 0.2, 0, 0], [0, 0, 0.4, -0.6]])
    np.testing.assert_allclose(lp.matrix.toarray(), by_hand)
    np.testing.assert_allclose(lp.rhs, [0.5, 0.5, 0, 0])
    assert lp.senses.tolist() == [-1, -1, 1, 1]


def test_information_sets_of_each_procedure() -> None:
    """Rows per voter: coalitions he is in, those that differ before him, one."""
    shapes = {
        sight: [
            build_voting_programme(EXAMPLE_4, sight).lp.rows[f"obedience[{i}]"].size
            for i in range(3)
        ]
        for sight in (
            seen_by(EXAMPLE_4, "simultaneous"),
            seen_by(EXAMPLE_4, "sequential", (0, 1, 2)),
            seen_by(EXAMPLE_4, "first_best"),
            seen_in_relaxation(EXAMPLE_4, (2,)),
        )
    }
    assert list(shapes.values()) == [[2, 2, 2], [1, 2, 2], [1, 1, 1], [2, 2, 1]]


def test_example_4_in_full() -> None:
    """Voter 1 is brought to 0.7; then voter 2 or voter 3 can be brought to 0.8."""
    result = solve(EXAMPLE_4, "sequential", order=(0, 1, 2))
    assert_certified(result)
    assert result.value == result.lower == result.upper
    approving = [known for known in result.information_sets[0] if known.action == 1]
    assert [known.posterior[1] for known in approving] == pytest.approx([0.7])
    assert sum(p for who, p in result.profiles.items() if sum(who) == 2) == pytest.approx(5 / 7)
    assert set(result.profiles) == {(0, 0, 0), (1, 1, 0), (1, 0, 1)}
    assert "GameResult: sequential, order (0, 1, 2), 3 receivers" in repr(result)
    assert json.loads(json.dumps(result.to_dict()))["value"] == result.value
    assert result.to_frame()["probability"].sum() == pytest.approx(1)


def test_no_information_and_full_information() -> None:
    assert EXAMPLE_4.payoff_without_information() == 0
    assert EXAMPLE_4.payoff_with_full_information() == 0.5
    easy = VotingGame(EXAMPLE_4.prior, [0.5, 0.5, 0.9], quota=2)
    assert easy.payoff_without_information() == 1
    assert_close(solve(easy, "simultaneous").value, 1)


def test_the_best_order_is_the_first_of_equals() -> None:
    assert solve(EXAMPLE_4, "sequential").order == (0, 1, 2)
    alike = VotingGame(np.full((2,) * 4, 1 / 16), [0.6] * 4, quota=2)
    result = solve(alike, "sequential")
    assert result.order == (0, 1, 2, 3)
    assert result.programmes == 3


def test_equal_cutoffs_do_not_make_voters_alike() -> None:
    """Who votes first doubles the chance of winning; only the states tell the voters apart."""
    prior = priors.from_table({"LLH": 3 / 7, "LHL": 2 / 7, "HHL": 2 / 7})
    game = VotingGame(prior, [0.6] * 3, quota=2)
    assert_close(solve(game, "sequential", order=(0, 1, 2)).value, 10 / 21)
    best = solve(game, "sequential")
    assert best.order == (1, 0, 2)
    assert_close(best.value, 20 / 21)


def test_the_certificate_refuses_what_is_wrong() -> None:
    """Each of its three checks fails on an experiment that breaks it alone."""
    result = solve(EXAMPLE_4, "sequential")
    e = result.experiment
    assert certify_vote(EXAMPLE_4, e, result.value).ok

    heavier = dataclasses.replace(e, joint=e.joint * 1.001)
    failures = certify_vote(EXAMPLE_4, heavier, result.value).failures
    assert any("Bayes" in failure for failure in failures)

    missing = dataclasses.replace(e, support=e.support[:1], joint=e.joint[:, :1])
    assert any("Bayes" in f for f in certify_vote(EXAMPLE_4, missing, result.value).failures)

    harder = VotingGame(EXAMPLE_4.prior, [0.75, 0.8, 0.8], quota=2)
    refused = certify_vote(harder, e, result.value)
    assert len(refused.failures) == 1
    assert refused.worst == (0, 1)

    other = dataclasses.replace(e, orders=e.orders[:, [2, 1, 0]])
    assert any("obedience" in f for f in certify_vote(EXAMPLE_4, other, result.value).failures)

    claimed = certify_vote(EXAMPLE_4, e, result.value + 1e-6)
    assert any("pays" in failure for failure in claimed.failures)


def test_a_vote_that_does_not_decide_carries_no_obedience() -> None:
    """All three approve in every state: with a quota of 2 nobody decides, with 3 everybody does."""
    e = solve(EXAMPLE_4, "sequential").experiment
    everyone = dataclasses.replace(
        e,
        orders=e.orders[:1],
        actions=np.ones((1, 3), dtype=np.int64),
        joint=EXAMPLE_4.prior.ravel()[e.support][None],
    )
    assert certify_vote(EXAMPLE_4, everyone, 1.0).ok
    unanimity = VotingGame(EXAMPLE_4.prior, EXAMPLE_4.cutoffs, quota=3)
    assert not certify_vote(unanimity, everyone, 1.0).ok


def test_priors_that_do_not_sum_to_one_as_written_have_no_exact_value() -> None:
    third = VotingGame([[0, 1 / 3], [2 / 3, 0]], [0.8, 0.8], quota=1)
    with pytest.raises(errors.PriorError, match="sum to 1 exactly"):
        solve(third, "simultaneous", exact=True)


def test_sincere_voters_differ() -> None:
    """Unanimity among two with opposite states: a sincere first voter forgets what will follow."""
    forward = VotingGame(priors.perfectly_negative(0.5), [0.8, 0.8], quota=2)
    assert_close(solve(forward, "sequential").value, 0)
    assert_close(solve(forward.sincere(), "sequential").value, 5 / 8 * 1 / 4)
    assert_close(solve(forward.sincere(), "simultaneous").value, 0)


def test_sincere_games_pay_for_every_winning_profile() -> None:
    payoff = EXAMPLE_4.sincere().payoff
    assert payoff is not None
    assert payoff.tolist() == [[[0, 0], [0, 1]], [[0, 1], [1, 1]]]
