"""Committees: what is refused, what the programme is, what its certificate refuses."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import VotingGame, errors, priors, solve
from persuasion_lp.families.votes.programme import (
    build_voting_programme,
    build_voting_stages,
    decode_state_prices,
    seen_in_order,
    seen_in_public,
)
from persuasion_lp.families.votes.solve import certify_vote
from persuasion_lp.families.votes.stages import _lottery
from persuasion_lp.lp import solve_lp
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
        (np.full((2, 2), 0.25), [0.5, 1.1], 1, errors.ReceiverError, "cutoffs"),
        (np.full((2, 2), 0.25), [-0.1, 0.5], 1, errors.ReceiverError, "cutoffs"),
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
        ("sequential", {"memory_limit": 100}, errors.SizeError, "memory_limit"),
        ("sequential", {"formulation": "stages"}, errors.OptionError, "formulation"),
    ],
)
def test_bad_settings_are_named(
    procedure: Any, settings: dict[str, Any], kind: type[errors.InputError], field: str
) -> None:
    with pytest.raises(kind) as caught:
        solve(EXAMPLE_4, procedure, **settings)
    assert caught.value.field == field


def test_the_game_is_frozen_and_prints() -> None:
    assert repr(EXAMPLE_4) == (
        "VotingGame(2 of 3 voters win, 2 of 8 states possible; "
        "receiver 0: acts 1 from belief 0.7 on; receivers 1, 2: acts 1 from belief 0.8 on)"
    )
    assert EXAMPLE_4.coalitions.astype(int).tolist() == [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    for array in (EXAMPLE_4.prior, EXAMPLE_4.cutoffs):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_programme_by_hand() -> None:
    """Two voters, one approval of two wins, voter 1 votes first: one row each."""
    game = VotingGame(priors.perfectly_negative(0.5), [0.8, 0.6], quota=1)
    programme = build_voting_programme(game, seen_in_order(game, (0, 1)))
    lp = programme.lp
    assert lp.columns["pi"].shape == (2, 2)
    assert lp.rows["obedience[0]"].shape == lp.rows["obedience[1]"].shape == (1,)
    # coalition {1} in states LH, HL; coalition {2} in states LH, HL
    by_hand = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [-0.8, 0.2, 0, 0], [0, 0, 0.4, -0.6]])
    np.testing.assert_allclose(lp.matrix.toarray(), by_hand)
    np.testing.assert_allclose(lp.rhs, [0.5, 0.5, 0, 0])
    assert lp.senses.tolist() == [-1, -1, 1, 1]


def test_the_programme_in_stages_by_hand() -> None:
    """The same vote: (reject, LH), (reject, HL), (approve, LH), (approve, HL), then voter 2.

    He is asked only after a rejection, and must approve then; voter 1's own state is forgotten.
    """
    game = VotingGame(priors.perfectly_negative(0.5), [0.8, 0.6], quota=1)
    lp = build_voting_stages(game, (0, 1)).lp
    assert {name: block.shape for name, block in lp.columns.items()} == {
        "pi[0]": (2, 2),
        "pi[0,1]": (1, 2),
    }
    by_hand = np.array(
        [
            [1, 0, 1, 0, 0, 0],
            [0, 1, 0, 1, 0, 0],
            [0, 0, -0.8, 0.2, 0, 0],
            [0, -1, 0, 0, 1, 0],
            [-1, 0, 0, 0, 0, 1],
            [0, 0, 0, 0, -0.6, 0.4],
        ]
    )
    np.testing.assert_allclose(lp.matrix.toarray(), by_hand)
    np.testing.assert_allclose(lp.rhs, [0.5, 0.5, 0, 0, 0, 0])
    assert lp.senses.tolist() == [-1, -1, 1, 0, 0, 1]
    assert lp.objective.tolist() == [1, 1, 1, 1, 0, 0]


def test_the_programme_in_private_by_hand() -> None:
    """Nobody in an order: π(ω), y_1(ω), y_2(ω) in ω = LH, HL; one approval wins."""
    game = VotingGame(priors.perfectly_negative(0.5), [0.8, 0.6], quota=1)
    lp = build_voting_stages(game, ()).lp
    by_hand = np.array(
        [
            [1, 0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 0],
            [-1, 0, 1, 0, 1, 0],
            [0, -1, 0, 1, 0, 1],
            [-1, 0, 1, 0, 0, 0],
            [0, -1, 0, 1, 0, 0],
            [-1, 0, 0, 0, 1, 0],
            [0, -1, 0, 0, 0, 1],
            [0, 0, -0.8, 0.2, 0, 0],
            [0, 0, 0, 0, 0.4, -0.6],
        ]
    )
    np.testing.assert_allclose(lp.matrix.toarray(), by_hand)
    assert lp.senses.tolist() == [-1, -1, 0, 0, -1, -1, -1, -1, 1, 1]


@pytest.mark.parametrize("prefix", [(), (2,), (1, 0), (0, 2, 1), (3, 1, 0, 2)])
@pytest.mark.parametrize("quota", [1, 2, 3, 4])
def test_stages_have_the_value_and_the_information_sets_of_coalitions(
    prefix: tuple[int, ...], quota: int
) -> None:
    rng = np.random.default_rng([quota, *prefix])
    prior = rng.dirichlet(np.full(16, 0.4))
    prior[rng.integers(0, 16, 5)] = 0.0
    game = VotingGame((prior / prior.sum()).reshape((2,) * 4), rng.uniform(0.5, 0.95, 4), quota)
    stages = build_voting_stages(game, prefix)
    coalitions = build_voting_programme(game, seen_in_order(game, prefix))
    found, printed = solve_lp(stages.lp), solve_lp(coalitions.lp)
    assert_close(found.value, printed.value)
    for i in range(4):
        name = f"obedience[{i}]"
        assert stages.lp.rows[name].shape == coalitions.lp.rows[name].shape
    for programme, solution in ((stages, found), (coalitions, printed)):
        prices = decode_state_prices(programme, solution)
        assert_close(float((prices * game.prior).sum()), found.value)
        flow = programme.flow(solution)
        assert_close(float(flow.sum()), found.value)
        assert (flow.sum(axis=0) <= game.prior.ravel()[game.support] + 1e-9).all()
        x = flow.ravel()
        rows = coalitions.lp.matrix @ x
        assert (rows[coalitions.lp.senses == 1] >= -1e-8).all()


def test_a_lottery_over_coalitions_has_the_chances_asked_for() -> None:
    rng = np.random.default_rng(0)
    chances = rng.uniform(0, 1, (40, 3, 5))
    for _ in range(200):
        chances = np.minimum(chances * (2 / chances.sum(axis=-1, keepdims=True)), 1.0)
    chances[0, 0] = [1, 0, 0, 1, 0]
    chances[1, 1] = [0.5, 0.5, 0.5, 0.5, 0]
    probability, members = _lottery(chances, np.full(40, 2))
    np.testing.assert_allclose(probability.sum(axis=-1), 1)
    np.testing.assert_allclose((probability[..., None] * members).sum(axis=-2), chances, atol=1e-9)
    assert (members.sum(axis=-1)[probability > 1e-12] == 2).all()


def test_small_chances_keep_their_relative_precision() -> None:
    rng = np.random.default_rng(1)
    small = 10.0 ** rng.uniform(-17, -6, (60, 2, 2))
    large = np.concatenate([np.ones((60, 2, 1)), np.zeros((60, 2, 1))], axis=-1)
    large[20:40] = rng.uniform(0.3, 0.7, (20, 2, 1))
    large[40:, :, 0] = 0.25
    large[..., 1] = 2 - small.sum(axis=-1) - large[..., 0]
    large = np.where(large > 1, 1.0, large)
    chances = np.concatenate([large, small], axis=-1)
    chances = chances[np.isclose(chances.sum(axis=-1), 2, rtol=0, atol=1e-15).all(axis=-1)]
    assert len(chances) > 10
    probability, members = _lottery(chances, np.full(len(chances), 2))
    given = (probability[..., None] * members).sum(axis=-2)
    np.testing.assert_allclose(given[..., 2:], chances[..., 2:], rtol=1e-9)
    assert (members.sum(axis=-1)[probability > 0] == 2).all()


@pytest.mark.parametrize(
    ("weights", "cutoffs", "quota"),
    [
        ([10, 100, 1, 100], ["1/10000000", "1/100000000"], 1),
        (
            [100000, 1, 100000, 10, 1000, 100000, 100, 10],
            ["1/1000000", "1/10000", "1/100000000"],
            2,
        ),
    ],
)
def test_messages_that_are_hardly_ever_sent_are_obeyed(
    weights: list[int], cutoffs: list[str], quota: int
) -> None:
    """A cutoff of 1e-8 is met by a message in which nearly all mass is against."""
    shape = (2,) * len(cutoffs)
    prior = np.reshape([Fraction(w, sum(weights)) for w in weights], shape)
    result = solve(VotingGame(prior, cutoffs, quota), "first_best")
    assert result.certificate.ok
    assert result.lower <= 1 <= result.upper
    assert result.lower == pytest.approx(1, abs=1e-12)


def test_the_experiment_of_a_large_committee_is_refused_before_it_is_built() -> None:
    """The programme in stages would be small, the experiment has C(12, 6) coalitions by states."""
    game = VotingGame(np.full((2,) * 12, 1 / 4096), [0.6] * 12, quota=6)
    with pytest.raises(errors.SizeError, match="924 coalitions"):
        solve(game, "first_best", memory_limit=100_000_000)
    with pytest.raises(errors.SizeError, match="linear program"):
        solve(game, "first_best", memory_limit=10_000_000)


def test_information_sets_of_each_procedure() -> None:
    """Rows per voter: coalitions he is in, those that differ before him, one."""
    shapes = {
        sight: [
            build_voting_programme(EXAMPLE_4, sight).lp.rows[f"obedience[{i}]"].size
            for i in range(3)
        ]
        for sight in (
            seen_in_public(EXAMPLE_4),
            seen_in_order(EXAMPLE_4, (0, 1, 2)),
            seen_in_order(EXAMPLE_4, ()),
            seen_in_order(EXAMPLE_4, (2,)),
        )
    }
    assert list(shapes.values()) == [[2, 2, 2], [1, 2, 2], [1, 1, 1], [2, 2, 1]]


def test_example_4_in_full() -> None:
    """Voter 1 is brought to 0.7; then voter 2 or voter 3 can be brought to 0.8."""
    result = solve(EXAMPLE_4, "sequential", order=(0, 1, 2))
    assert_certified(result)
    assert Fraction(result.lower) <= Fraction(5, 7) <= Fraction(result.upper)
    assert result.upper - result.lower <= 5e-14
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


def test_sincere_voters_keep_the_numbers_as_they_were_written() -> None:
    third = "1/3"
    game = VotingGame([[third, third], [third, 0]], [third, "2/3"], quota=1)
    sincere = game.sincere()
    assert sincere.rational_numbers.prior.tolist() == [Fraction(1, 3)] * 3 + [Fraction(0)]
    assert sincere.rational_numbers.cones[1][1].tolist() == [[Fraction(-2, 3), Fraction(1, 3)]]
    found = solve(sincere, "simultaneous", exact=True)
    assert float(found.value) == pytest.approx(solve(sincere, "simultaneous").value, abs=1e-12)
