"""Certificates of experiments refuse what is no experiment of the game and procedure claimed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any, get_args

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.beliefs import Experiment
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.errors import CertificateError, InputError
from persuasion_lp.families.games.certificate import certify_experiment
from persuasion_lp.families.votes.solve import certify_vote
from tests.answers import PROBLEMS, answer

PROCEDURES: tuple[Procedure, ...] = get_args(Procedure)
ARRAYS = ("orders", "actions")
VOTED = ("simultaneous", "sequential", "first_best")
JUDGES, COMMITTEE = PROBLEMS["two judges"], PROBLEMS["vote"]
FOUR = PROBLEMS["four states"]


def certified(problem: Any, experiment: Any, value: Any) -> Any:
    certify: Any = certify_vote if isinstance(problem, plp.VotingGame) else certify_experiment
    return certify(problem, experiment, value)


def twice(e: Experiment) -> dict[str, Any]:
    """A state listed twice, its mass shared."""
    return {
        "support": np.append(e.support, e.support[:1]),
        "joint": np.hstack([e.joint, e.joint[:, :1] / 2]) * ([0.5] + [1] * e.support.size),
    }


def moved(name: str, value: Any) -> Any:
    """The first entry of an array of an experiment, replaced."""

    def changes(e: Experiment) -> dict[str, Any]:
        array = getattr(e, name).copy()
        array.flat[0] = value
        return {name: array}

    return changes


NONSENSE: list[tuple[Any, str]] = [
    (twice, "lists a state twice"),
    (moved("support", -1), "not one of 0 … 3"),
    (moved("support", 4), "not one of 0 … 3"),
    (moved("actions", -1), "does not have"),
    (moved("actions", 2), "does not have"),
    (lambda e: {"orders": np.zeros_like(e.orders)}, "exactly once"),
    (lambda e: {"orders": e.orders + 1}, "exactly once"),
    (lambda e: {"orders": e.orders[:, :1]}, "orders has shape"),
    (lambda e: {"actions": e.actions[:, :1]}, "actions has shape"),
    (lambda e: {"joint": e.joint[:, :1]}, "joint has shape"),
    (lambda e: {"joint": e.joint[:0], "orders": e.orders[:0]}, "no path"),
    (lambda e: {"joint": e.joint.ravel()}, "1 axes instead of 2"),
    (lambda e: {"joint": e.joint * np.nan}, "not finite"),
    (lambda e: {"joint": e.joint + np.inf}, "not finite"),
    (lambda e: {"joint": e.joint.astype(complex)}, "no array of numbers"),
    (lambda e: {"joint": e.joint.tolist()}, "no array of numbers"),
    (lambda e: {"joint": e.joint.astype(object)}, "no array of numbers"),
    (lambda e: {"actions": e.actions * 1.0}, "no array of integers"),
    (lambda e: {"actions": e.actions == 1}, "no array of integers"),
    (lambda e: {"support": None}, "no array of integers"),
    (lambda e: {"prior": np.full((2, 2), 0.25)}, "not that of the game"),
    (lambda e: {"prior": e.prior.ravel()}, "not that of the game"),
    (lambda e: {"prior": None}, "not that of the game"),
    (lambda e: {"procedure": "public"}, "claims no procedure"),
    (lambda e: {"procedure": None}, "claims no procedure"),
    (lambda e: {"procedure": np.array(["sequential"] * 2)}, "claims no procedure"),
]


@pytest.mark.parametrize("key", ["two judges", "table", "vote"])
@pytest.mark.parametrize(("changes", "message"), NONSENSE)
def test_nonsense_is_refused_in_words(key: str, changes: Any, message: str) -> None:
    """Also with ``payoff=``, where action -1 once was the last one."""
    result = answer(key, "sequential")
    assert certified(PROBLEMS[key], result.experiment, result.value).ok
    refused = certified(
        PROBLEMS[key], replace(result.experiment, **changes(result.experiment)), result.value
    )
    assert not refused.ok
    assert len(refused.failures) == 1
    assert message in refused.failures[0]
    with pytest.raises(CertificateError, match="does not fit"):
        refused.enforce()


def test_a_flexible_experiment_is_not_sequential() -> None:
    """Who acts first in KKS Example 1 depends on the state; it pays 5/4, no order more than 37/32.

    Receivers see as much as in a sequential procedure, so that nothing else gives it away.
    """
    result = answer("two judges", "flexible")
    assert result.value == pytest.approx(1.25)
    assert certify_experiment(JUDGES, result.experiment, 1.25).ok
    relabelled = replace(result.experiment, procedure="sequential")
    refused = certify_experiment(JUDGES, relabelled, 1.25)
    assert refused.failures == (
        "the experiment does not fit: the order is not the same on every path, as sequential "
        "procedures have it",
    )


def test_an_experiment_is_of_the_procedures_that_fix_no_more() -> None:
    """Relabelled, it holds only where its orders are fixed as the procedure has them."""
    for key in ("two judges", "four states"):
        for procedure, claimed in product(PROCEDURES, PROCEDURES):
            e = replace(answer(key, procedure).experiment, procedure=claimed)
            fixed = e.orders[:, : {"flexible": 0, "intermediate": 1}.get(claimed, 2)]
            fits = len({tuple(order) for order in fixed.tolist()}) == 1
            assert (e.misfits() == ()) == fits


def test_an_intermediate_procedure_fixes_only_who_is_first() -> None:
    orders = np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2]])
    nothing = np.zeros((3, 3), dtype=np.int64)
    joint = np.full((3, 1), 1 / 3)
    three = Experiment("intermediate", np.ones(1), orders, nothing, np.array([0]), joint)
    two = replace(three, orders=orders[:2], actions=nothing[:2], joint=joint[:2])
    assert two.misfits() == ()
    assert len(three.misfits()) == 1
    assert len(replace(two, procedure="sequential").misfits()) == 1
    assert replace(three, procedure="flexible").misfits() == ()


@pytest.mark.parametrize("key", ["two judges", "table", "vote"])
def test_a_path_of_negative_probability_is_refused(key: str) -> None:
    """The same path twice, with twice and with minus once its mass: nothing else gives it away."""
    result = answer(key, "sequential")
    e = result.experiment
    listed = {name: np.vstack([getattr(e, name), getattr(e, name)[:1]]) for name in ARRAYS}
    shared = np.vstack([e.joint, -e.joint[:1]])
    shared[0] *= 2
    for joint, sound in ((shared, False), (np.vstack([e.joint, 0 * e.joint[:1]]), True)):
        checked = certified(PROBLEMS[key], replace(e, joint=joint, **listed), result.value)
        assert checked.ok == sound
        assert checked.misfits == ()


def test_votes_have_three_procedures() -> None:
    result = answer("vote", "sequential")
    for procedure in PROCEDURES:
        relabelled = replace(result.experiment, procedure=procedure)
        refused = certify_vote(COMMITTEE, relabelled, result.value)
        assert any("no procedure of a vote" in f for f in refused.failures) == (
            procedure not in VOTED
        )
    backwards = replace(
        result.experiment,
        orders=np.where(
            np.arange(len(result.experiment.orders))[:, None] == 0,
            result.experiment.orders[:, ::-1],
            result.experiment.orders,
        ),
    )
    assert any("order" in f for f in certify_vote(COMMITTEE, backwards, result.value).failures)


@pytest.mark.parametrize("value", ["one", None, 1j, [1.0, 2.0]])
def test_what_is_no_value_is_named(value: Any) -> None:
    for key in ("two judges", "vote"):
        with pytest.raises(InputError, match="value"):
            certified(PROBLEMS[key], answer(key, "sequential").experiment, value)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_values_that_are_not_paid_are_refused(value: float) -> None:
    for key in ("two judges", "vote"):
        refused = certified(PROBLEMS[key], answer(key, "sequential").experiment, value)
        assert "not the value claimed" in refused.failures[0]


def test_what_is_no_game_or_experiment_is_named() -> None:
    e = answer("two judges", "sequential").experiment
    others: list[Any] = [None, COMMITTEE, "game"]
    for wrong in others:
        with pytest.raises(InputError, match="game"):
            certify_experiment(wrong, e, 1.0)
    with pytest.raises(InputError, match="game"):
        certify_vote(JUDGES, e, 1.0)
    not_one: Any = e.joint
    with pytest.raises(InputError, match="experiment"):
        certify_experiment(JUDGES, not_one, 1.0)
    with pytest.raises(InputError, match="experiment"):
        certify_vote(COMMITTEE, not_one, 1.0)


def seen(e: Any, i: int, path: int) -> Any:
    """What receiver i has seen on a path when he acts, by the table of the procedures."""
    order, told = list(e.orders[path]), e.actions[path]
    place = order.index(i)
    before = tuple((j, told[j]) for j in order[: place + 1])
    following = order[place + 1] if place + 1 < len(order) else None
    return {
        "simultaneous": tuple(told),
        "first_best": told[i],
        "intermediate": (before, following),
    }.get(e.procedure, before)


def holds(game: Any, e: Any, value: float) -> bool:
    """Whether an experiment is one, is obeyed and pays; by loops, to a tolerance of 1e-6."""
    states = list(e.support)
    paths, n = range(len(e.joint)), game.n
    prior, counts = game.prior.ravel(), game.action_counts
    if len(set(states)) < len(states) or not all(0 <= s < prior.size for s in states):
        return False
    if not all(sorted(order) == list(range(n)) for order in e.orders.tolist()):
        return False
    if not all(0 <= e.actions[k, i] < counts[i] for k in paths for i in range(n)):
        return False
    fixed = {"flexible": 0, "intermediate": 1}.get(e.procedure, n)
    if len({tuple(order[:fixed]) for order in e.orders.tolist()}) != 1:
        return False
    mass = np.zeros((len(e.joint), prior.size))
    mass[:, states] = e.joint
    if (mass < -1e-12).any() or np.abs(mass.sum(axis=0) - prior).max() > 1e-9:
        return False
    for i, receiver in enumerate(game.receivers):
        sets: Any = defaultdict(partial(np.zeros, receiver.state_count))
        for k in paths:
            np.add.at(sets[seen(e, i, k), e.actions[k, i]], game.own_states[i], mass[k])
        for (_, action), measure in sets.items():
            if (receiver.cones[action] @ measure < -1e-9).any():
                return False
    pays = sum(
        mass[k, s] * game.payoff_table(e.actions[k : k + 1], np.array([s]))[0, 0]
        for k in paths
        for s in range(prior.size)
    )
    return abs(pays - value) < 1e-6


WORTHLESS = (-(2**40), -2, -1, 0, 1, 2, 3, 4, 2**40)
UNLIKELY = (-1.0, -1e-3, 0.0, 1e-3, 0.5, 1.0, 2.0, np.nan, np.inf)


def spoiled(rng: np.random.Generator, e: Experiment) -> Experiment:
    """One to three changes of an experiment that may leave it what it is."""
    for _ in range(rng.integers(1, 4)):
        name = rng.choice(["procedure", "orders", "actions", "support", "joint", "rows"])
        if name == "procedure":
            e = replace(e, procedure=PROCEDURES[rng.integers(len(PROCEDURES))])
        elif name == "rows":
            order = rng.permutation(len(e.joint))
            part = rng.choice(["orders", "actions", "joint"])
            e = replace(e, **{str(part): getattr(e, str(part))[order]})
        else:
            array = getattr(e, str(name)).copy()
            pool = UNLIKELY if name == "joint" else WORTHLESS
            array.flat[rng.integers(array.size)] = rng.choice(pool)
            e = replace(e, **{str(name): array})
    return e


def test_the_slow_check_accepts_every_answer() -> None:
    for key in ("two judges", "four states", "table", "utilities"):
        for procedure in PROCEDURES:
            result = answer(key, procedure)
            assert holds(PROBLEMS[key], result.experiment, result.value), (key, procedure)
    flexible = answer("two judges", "flexible")
    assert not holds(JUDGES, replace(flexible.experiment, procedure="sequential"), 1.25)


def test_spoiled_experiments_are_certified_only_where_they_hold() -> None:
    rng = np.random.default_rng(6)
    accepted = 0
    for _ in range(3000):
        key = str(rng.choice(["two judges", "four states", "table"]))
        result = answer(key, str(rng.choice(PROCEDURES)))
        e = spoiled(rng, result.experiment)
        try:
            ok = certify_experiment(PROBLEMS[key], e, result.value).ok
        except CertificateError:  # told two actions in one information set
            ok = False
        assert ok <= holds(PROBLEMS[key], e, result.value)
        accepted += ok
    assert 50 < accepted < 2000


def test_spoiled_votes_never_pay_more() -> None:
    """Refused, or an experiment of its procedure that pays no more than the optimum."""
    rng = np.random.default_rng(7)
    accepted = 0
    for _ in range(1500):
        procedure = str(rng.choice(VOTED))
        e = spoiled(rng, answer("vote", procedure).experiment)
        claimed = answer("vote", e.procedure).value if e.procedure in VOTED else 0.0
        ok = certify_vote(COMMITTEE, e, answer("vote", procedure).value).ok
        approvals = e.actions.sum(axis=1) if ok else np.zeros(1)
        decided = (approvals <= COMMITTEE.quota).all()
        assert not ok or not decided or answer("vote", procedure).value <= claimed + 1e-9
        accepted += ok
    assert 20 < accepted < 1400
