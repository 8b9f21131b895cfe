"""Names of states, actions, receivers and types: shown everywhere, deciding nothing."""

from __future__ import annotations

from typing import Any

import pytest

from persuasion_lp import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    Receiver,
    StateDistribution,
    StateGrid,
    VotingGame,
    priors,
    solve,
)
from persuasion_lp.errors import InputError, PersuasionWarning
from persuasion_lp.primitives.labels import checked_state_labels

PRIOR = [[0, 0.5], [0.5, 0]]


def judges(**named: Any) -> PersuasionGame:
    players = [
        Receiver.threshold(0.8, name=name, action_labels=["acquit", "convict"])
        for name in ("Ann", "Bob")
    ]
    return PersuasionGame(PRIOR, players, **named)


def test_names_decide_nothing() -> None:
    named = solve(judges(state_labels=["innocent", "guilty"]), "sequential")
    plain = solve(PersuasionGame(PRIOR, [Receiver.threshold(0.8)] * 2), "sequential")
    assert named.value == plain.value
    assert named.order == plain.order
    assert (named.experiment.joint == plain.experiment.joint).all()


def test_games_speak_in_names() -> None:
    game = judges(state_labels=[["innocent", "guilty"], ["poor", "rich"]])
    assert game.names == ("Ann", "Bob")
    assert game.state_names == (
        "innocent, poor",
        "innocent, rich",
        "guilty, poor",
        "guilty, rich",
    )
    assert "Ann: convict from belief 0.8 on" in repr(PersuasionGame([0.5, 0.5], game.receivers[0]))
    frame = solve(game, "sequential").to_frame()
    assert list(frame.columns) == [
        "order",
        "actions",
        "probability",
        "state innocent, rich",
        "state guilty, poor",
    ]
    assert set(frame["order"]) == {("Ann", "Bob")}
    assert {a for row in frame["actions"] for a in row} == {"acquit", "convict"}


def test_frames_without_names_are_numbered() -> None:
    frame = solve(PersuasionGame([0.5, 0.5], [Receiver.threshold(0.8)]), "simultaneous").to_frame()
    assert list(frame.columns)[3:] == ["state 0", "state 1"]
    assert set(frame["actions"]) == {(0,), (1,)}


def test_one_list_names_all_axes() -> None:
    assert judges(state_labels=["L", "H"]).state_labels == (("L", "H"), ("L", "H"))
    assert BeliefGame(0.5, Receiver.threshold(0.6), state_labels=["L", "H"]).state_names == (
        "L",
        "H",
    )


def test_shared_names_are_told_apart() -> None:
    game = PersuasionGame(PRIOR, [Receiver.threshold(0.8, name="judge")] * 2)
    assert game.names == ("judge (0)", "judge (1)")


def test_voters_and_types_and_states_have_names() -> None:
    vote = VotingGame(
        priors.independent([0.5, 0.5]),
        [0.7, 0.8],
        1,
        names=["Ann", "Bob"],
        action_labels=["no", "yes"],
    )
    assert vote.names == ("Ann", "Bob")
    assert vote.receivers[0].action_labels == ("no", "yes")
    assert vote.sincere().names == ("Ann", "Bob")
    assert VotingGame(priors.independent([0.5]), [0.7], 1).names == ("voter 0",)
    grid = StateGrid([0.6, 0.2], [0.25, 0.75], labels=["hard", "easy"])
    assert grid.labels == ("easy", "hard")
    plan = ManagerProblem(grid, 0.5, [1.6, 1.2], type_labels=["quick", "slow"])
    assert plan.type_labels == ("quick", "slow")


def test_warnings_speak_in_names() -> None:
    idle = Receiver.from_utility(
        [[1, 1], [0, 0]], [0, 1], name="Ann", action_labels=["stay", "leave"]
    )
    with pytest.warns(PersuasionWarning, match=r"receivers\[0\] \(Ann\) takes stay at every"):
        PersuasionGame([0.5, 0.5], [idle])


def test_a_warning_points_at_whoever_states_the_problem() -> None:
    idle = Receiver.threshold(0.0)
    with pytest.warns(PersuasionWarning) as seen:
        judges().__class__([0.5, 0.5], [idle])
    assert seen[0].filename == __file__


@pytest.mark.parametrize(
    ("make", "field", "index"),
    [
        (lambda: judges(state_labels=["L"]), "state_labels", None),
        (lambda: judges(state_labels="LH"), "state_labels", None),
        (lambda: judges(state_labels=[["L", "H"], ["L", "L"]]), "state_labels", (1, 1)),
        (lambda: judges(state_labels=[["L", "H"], ["L", 1]]), "state_labels", (1, 1)),
        (lambda: judges(state_labels=[["L", "H"], None]), "state_labels", 1),
        (lambda: judges(state_labels=[["L", "H"], ["L", "M", "H"]]), "state_labels", 1),
        (lambda: judges(state_labels={"L", "H"}), "state_labels", None),
        (lambda: Receiver.threshold(0.5, name=""), "name", None),
        (lambda: Receiver.threshold(0.5, name="a\x1b[31m"), "name", None),
        (lambda: Receiver.threshold(0.5, name="a" * 101), "name", None),
        (lambda: Receiver.threshold(0.5, name=7), "name", None),  # type: ignore[arg-type]
        (lambda: Receiver.threshold(0.5, action_labels=["yes"]), "action_labels", None),
        (lambda: Receiver.threshold(0.5, action_labels=["yes", "yes"]), "action_labels", 1),
        (
            lambda: VotingGame(priors.independent([0.5]), [0.7], 1, names=["a", "b"]),
            "names",
            None,
        ),
        (lambda: StateGrid([0.1, 0.2], labels=["a"]), "labels", None),
        (
            lambda: ManagerProblem(StateGrid([0.2]), 0.5, [1.2], type_labels=["a", "b"]),
            "type_labels",
            None,
        ),
        (
            lambda: BeliefGame(0.5, Receiver.threshold(0.6), state_labels=["L", "H", "M"]),
            "state_labels",
            None,
        ),
    ],
)
def test_wrong_names_are_refused_by_place(make: Any, field: str, index: Any) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert caught.value.field == field
    assert caught.value.index == index
    assert "\x1b" not in str(caught.value)


def test_types_of_a_distribution_have_no_names() -> None:
    from scipy import stats

    with pytest.raises(InputError, match="type_labels must be left out"):
        ManagerProblem(StateDistribution.uniform(), 0.3, stats.uniform(1.1, 1.5), type_labels=["a"])


def test_no_names_are_no_names() -> None:
    assert checked_state_labels(None, (2, 2)) is None
