"""Bayesian games stated in all ways people have them, and refused."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import (
    InfeasibleError,
    InputError,
    PayoffError,
    PriorError,
    ReceiverError,
    SizeError,
)

F = Fraction
TABLE = [[(0, 0), (7, 2)], [(2, 7), (6, 6)]]
CHICKEN = plp.BayesianGame.from_table(TABLE)
ZEROS = np.zeros((2, 2, 2))


def test_a_table_is_a_game_with_one_state() -> None:
    assert CHICKEN.axes.actions == (2, 2)
    assert CHICKEN.utilities[0].tolist() == [[0, 7], [2, 6]]
    frame = pd.DataFrame(TABLE, index=["dare", "yield"], columns=["dare", "yield"])
    named = plp.BayesianGame.from_table(frame)
    assert named.action_names == (("dare", "yield"),) * 2
    assert named.utilities[1].tolist() == [[0, 2], [7, 6]]
    two = plp.BayesianGame([1], [[[0, 7], [2, 6]], [[0, 2], [7, 6]]])
    assert two == CHICKEN
    assert hash(two) == hash(CHICKEN)
    assert pickle.loads(pickle.dumps(two)) == CHICKEN  # noqa: S301 - our own


PAYOFFS = 'NFG 1 R "chicken" { "row" "column" } { 2 2 }\n\n0 0 2 7 7 2 6 6\n'
OUTCOMES = """NFG 1 R "named" { "row" "column" }
{ { "dare" "yield" } { "dare" "yield" } }
"a comment"
{
{ "crash" 0, 0 }
{ "chickened" 2, 7 }
{ "won" 7, 2 }
{ "met" 6, 6 }
}
1 2 3 4
"""


def test_gambits_text() -> None:
    """The first player's action changes fastest."""
    read = plp.BayesianGame.from_nfg(PAYOFFS)
    assert read.names == ("row", "column")
    assert [u.tolist() for u in read.utilities] == [u.tolist() for u in CHICKEN.utilities]
    named = plp.BayesianGame.from_nfg(OUTCOMES)
    assert named.action_names[0] == ("dare", "yield")
    assert [u.tolist() for u in named.utilities] == [u.tolist() for u in CHICKEN.utilities]
    exact = plp.BayesianGame.from_nfg('NFG 1 D "" { "a" } { 3 } -1/3 0.25 2')
    assert exact.payoffs[0].given.rationals().tolist() == [F(-1, 3), F(1, 4), 2]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("EFG 2 R", "must begin with NFG 1"),
        ('NFG 1 R "x" { "a" "b" } { 2 } 1 2', "actions of each of the 2 players"),
        ('NFG 1 R "x" { "a" "b" } { 2 1 } 1 2 3', "ends too early"),
        ('NFG 1 R "x" { "a" "b" } { 2 1 } 1 2 3 4 5', "must end after 2 profiles"),
        ('NFG 1 R "x" { "a" } { 2 } 1 two', "must have a number here"),
        (OUTCOMES.replace("1 2 3 4", "1 2 3 9"), "must name one of 4 outcomes"),
        ("", "must begin with NFG 1"),
    ],
)
def test_text_that_is_none(text: str, rule: str) -> None:
    with pytest.raises(PayoffError, match=rule):
        plp.BayesianGame.from_nfg(text)


def test_a_rule_for_players_who_are_alike() -> None:
    game = plp.BayesianGame.symmetric(
        3, ["1/2", "1/2"], lambda a, others, s: a * (others - s), lambda a: sum(a)
    )
    assert game.utilities[2][0, 1, 1].tolist() == [1, 0]
    assert game.objective[1, 1, 0] == 2
    assert plp.AnonymousGame.of(game).utility[1].tolist() == [[0, -1], [1, 0], [2, 1]]
    three = plp.BayesianGame.symmetric(2, [1], lambda a, others, s: a + 10 * others[2], actions=3)
    assert three.utilities[0][1, 2].tolist() == [11]
    with pytest.raises(SizeError, match="AnonymousGame"):
        plp.BayesianGame.symmetric(40, [1], lambda a, others, s: a)
    with pytest.raises(PayoffError, match="action 1, others 1, state 0"):
        plp.BayesianGame.symmetric(2, [1], lambda a, others, s: 1 / (1 - a))


def test_persuasion_games_are_read() -> None:
    judges = plp.PersuasionGame([[0, "1/2"], ["1/2", 0]], [plp.Receiver.threshold("4/5")] * 2)
    game = plp.BayesianGame.of(judges)
    assert game.axes.states == 4
    private: Any = plp.solve(judges, "first_best", exact=True)
    assert plp.solve(game, "bce", exact=True).value == private.value
    assert plp.solve(game, "public", exact=True).value == 1
    steps = plp.PersuasionGame([0.5, 0.5], [plp.Receiver([0.3, 0.6], [0, 1, 3])])
    with pytest.raises(ReceiverError, match="from_utility"):
        plp.BayesianGame.of(steps)
    with pytest.raises(ReceiverError, match="must be a PersuasionGame"):
        plp.BayesianGame.of(CHICKEN)  # type: ignore[arg-type]


def misstated(**changes: Any) -> plp.BayesianGame:
    known: dict[str, Any] = {"prior": [0.5, 0.5], "utilities": [ZEROS, ZEROS], **changes}
    return plp.BayesianGame(**known)


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"utilities": []}, PayoffError, "at least one"),
        ({"utilities": 3}, PayoffError, "must be a list"),
        ({"utilities": [ZEROS, np.zeros((2, 3, 2))]}, PayoffError, r"utilities\[1\].*2 actions"),
        ({"utilities": [np.zeros((2, 2, 3))] * 2}, PayoffError, "then the states"),
        ({"utilities": [[0, 1]] * 2}, PayoffError, "an axis of actions for each of the 2"),
        ({"utilities": [ZEROS, np.full((2, 2, 2), np.nan)]}, PayoffError, "must be finite"),
        ({"prior": [0.5, 0.6]}, PriorError, "sum to 1"),
        ({"prior": [[0.5, 0.5]]}, PriorError, "one axis.*or 3"),
        ({"prior": [[[0.5, 0]], [[0.5, 0]]]}, PriorError, "type of player 1: leave it out"),
        ({"objective": "welfaer"}, PayoffError, '"welfare"'),
        ({"objective": ("player", 2)}, PayoffError, "from 0 to 1"),
        ({"objective": ("players", 0)}, PayoffError, '"player", i'),
        ({"objective": np.zeros((2, 3))}, PayoffError, "objective must have shape"),
        ({"objective": lambda a: 1 / a[0]}, PayoffError, r"ZeroDivisionError.*profile"),
        ({"objective": lambda a: None if a[1] else 1}, PayoffError, r"objective\[0, 1\]"),
        ({"objective": lambda a: float("nan")}, PayoffError, r"objective\[0, 0\]"),
        ({"objective": lambda a: [1, 2]}, PayoffError, "at every profile"),
        ({"names": ["a"]}, PayoffError, "2 names"),
        ({"action_labels": [["x", "y"], ["x", "x"]]}, PayoffError, "alike"),
        ({"state_labels": ["only"]}, PriorError, "2 names"),
    ],
)
def test_games_that_are_none(changes: Any, error: type[InputError], said: str) -> None:
    with pytest.raises(error, match=said):
        misstated(**changes)


INVEST = [
    [[[0, 0], [0, 0]], [["3/10", -1], ["2/5", "-9/10"]]],
    [[[0, 0], ["3/10", -1]], [[0, 0], ["2/5", "-9/10"]]],
]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"prior": np.full((2, 2, 1), 0.25)}, "no types"),
        ({"utilities": [np.zeros((2, 3, 2))] * 2, "objective": "welfare"}, "two actions"),
        ({"utilities": [ZEROS, ZEROS]}, "dominant for everybody.*player 0 does not gain"),
        (
            {"utilities": [[[[0, 0], [0, 0]], [[1, 1], [0, 0]]], INVEST[1]]},
            "player 0 gains less from acting when 1 acts too, at the profile .0, 0. in state 0",
        ),
        ({"objective": [[1, 1], [0, 1]]}, "falls when player 0 acts, at the profile .0, 0."),
    ],
)
def test_the_worst_equilibrium_asks_for_complements(changes: Any, said: str) -> None:
    game = misstated(**{"utilities": INVEST, "objective": [[0, 1], [1, 2]], **changes})
    with pytest.raises(InputError, match=said):
        plp.solve(game, "adversarial")
    assert "adversarial" not in plp.compare(game).results


def test_what_the_procedures_refuse() -> None:
    with pytest.raises(PriorError, match="'bce' is for several"):
        plp.solve(misstated(), "coarse")
    pennies = plp.BayesianGame.from_table([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])
    with pytest.raises(InfeasibleError, match="'bce' recommends in private"):
        plp.solve(pennies, "public")
    with pytest.raises(InfeasibleError, match="'bce' recommends in private"):
        plp.solve(pennies, "public", exact=True)
    assert list(plp.compare(pennies).results) == ["bce", "elicited", "unelicited", "coarse"]
    with pytest.raises(InputError, match="must be one of max, min"):
        plp.solve(pennies, "bce", sense="maximal")  # type: ignore[call-overload]
    with pytest.raises(SizeError, match="columns"):
        plp.solve(misstated(), "bce", memory_limit=10)
    with pytest.raises(InputError, match="order"):
        plp.solve(misstated(), "bce", order=(0, 1))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"players": 0}, "players must be a whole number"),
        ({"utility": [[0, 0], [1]]}, "rectangular"),
        ({"utility": [[0, 0], [1, 2], [3, 4]]}, "axis of own actions"),
        ({"utility": 3}, "axis of own actions"),
        ({"objective": [0, 1]}, "must be .welfare. or have shape"),
        ({"prior": [[0.5], [0.5]]}, "one axis"),
        ({"players": 10**9, "utility": [[0], [1]]}, "from 1 to 1000000"),
    ],
)
def test_players_who_cannot_be_counted(arguments: Any, said: str) -> None:
    known = {"players": 2, "prior": [1.0], "utility": [[0, 0], [1, 2]], **arguments}
    with pytest.raises(InputError, match=said):
        plp.AnonymousGame(**known)


def test_who_is_not_alike_is_named() -> None:
    game = plp.BayesianGame([1], [[[0, 0], [1, 2]], [[0, 1], [0, 3]]])
    with pytest.raises(PayoffError, match="utilities of player 1"):
        plp.AnonymousGame.of(game)
    uneven = plp.BayesianGame([1], [[[0, 0], [1, 2]], [[0, 1], [0, 2]]], [[0, 1], [2, 3]])
    with pytest.raises(PayoffError, match="objective is another"):
        plp.AnonymousGame.of(uneven)
    with pytest.raises(PriorError, match="no types"):
        plp.AnonymousGame.of(misstated(prior=np.full((2, 2, 1), 0.25)))
    with pytest.raises(SizeError):
        plp.AnonymousGame.from_rule(10**6, [1], lambda a, o, s: a)
