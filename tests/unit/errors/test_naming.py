"""What is misspelt, transposed, or stated in another form is read, or answered with the way out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import persuasion_lp as plp
from persuasion_lp import errors

F = Fraction
JUDGE = plp.Receiver.threshold(0.8)
GAME = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [JUDGE] * 2)
VOTE = plp.VotingGame([[0.1, 0.4], [0.4, 0.1]], [0.7, 0.8], 1)

MISSPELT: list[tuple[Callable[[], Any], str]] = [
    (lambda: plp.catalog.get("kks-exmple-1"), "did you mean 'kks-example-1'"),
    (lambda: plp.catalog.get("KKS Example 1"), "did you mean 'kks-example-1'"),
    (lambda: plp.solve(GAME, "sequentail"), "did you mean 'sequential'"),  # type: ignore[call-overload]
    (lambda: plp.solve(GAME, "First Best"), "did you mean 'first_best'"),  # type: ignore[call-overload]
    (lambda: plp.solve(GAME, "sequential", oder="best"), r"did you mean 'order'\?"),  # type: ignore[call-overload]
    (lambda: plp.compare(GAME, formulaton="paths"), r"did you mean 'formulation'\?"),
    (lambda: plp.solve(GAME, "simultaneous", formulation="pahts"), "did you mean 'paths'"),  # type: ignore[call-overload]
    (lambda: plp.SolverOptions(algorithm="dual simplex"), "did you mean 'dual-simplex'"),  # type: ignore[arg-type]
    (lambda: plp.BeliefFunction(np.sin, shape="concav"), "did you mean 'concave'"),  # type: ignore[arg-type]
    (lambda: plp.concavify([0, 1], [0, 1], method="hul"), "did you mean 'hull'"),  # type: ignore[arg-type]
    (lambda: plp.theorems.check("theorem2"), "did you mean 'theorem-2'"),
    (lambda: plp.theorems.check("theorem-2", drop="binary state"), "mean 'binary states'"),
]


@pytest.mark.parametrize(("call", "words"), MISSPELT)
def test_the_nearest_name_is_offered(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(errors.InputError, match=words) as caught:
        call()
    assert len(str(caught.value)) < 600


def test_names_that_are_near_nothing_are_offered_nothing() -> None:
    with pytest.raises(errors.InstanceError) as caught:
        plp.catalog.get("zzzzzzzz")
    assert "did you mean" not in str(caught.value)
    assert len(str(caught.value)) < 120
    with pytest.raises(errors.ProcedureError) as caught_too:
        plp.solve(GAME, "qqqqqqqq" * 1000)  # type: ignore[call-overload]
    assert "did you mean" not in str(caught_too.value)


def test_results_are_told_from_problems() -> None:
    with pytest.raises(errors.InputError, match=r"must be one of .* \(pass its \.problem\)"):
        plp.compare(plp.solve(VOTE, "simultaneous"))
    assert plp.compare(VOTE).results["simultaneous"].value > 0


def test_shape_errors_name_the_axes() -> None:
    three_actions = np.array([[1, 0], [0, 1], [0.6, 0.6]])
    with pytest.raises(errors.PayoffError, match=r"payoffs\[action, state\]") as caught:
        plp.Receiver.from_utility(three_actions.T, [0, 1, 2])
    words = (
        "utility[action, state] has 2 actions and states of shape (3,) (are its axes transposed?)"
    )
    assert words in str(caught.value)
    with pytest.raises(errors.ReceiverError, match=r"utility\[action, state\]"):
        plp.Receiver.from_utility([1, 2], [0, 1])
    with pytest.raises(errors.PayoffError) as other:
        plp.Receiver.from_utility(three_actions, [0, 1, 2, 3])
    assert "transposed" not in str(other.value)


UTILITY = np.array([[0, 0], [-0.8, 0.2]])

RULES: list[tuple[plp.Receiver, str]] = [
    (JUDGE, "acts 1 from belief 0.8 on"),
    (plp.Receiver([0.3, 0.7], [0, 1, 3]), "acts 1 from belief 0.3 on, 2 from belief 0.7 on"),
    (plp.Receiver.from_utility(UTILITY, [0, 1]), "acts 1 from belief 0.8 on"),
    (plp.Receiver.from_utility(UTILITY.T, [0, 1]), "always acts 1"),
    (
        plp.Receiver.from_utility([[0.2, -0.8], [0, 0]], [1, 0]),
        "acts 1 from belief 0.2 on",
    ),
    (
        plp.Receiver.from_utility([[0, 1], [1, 0]], [0, 1]),
        "acts 1 from belief 0 on, 0 from belief 0.5 on",
    ),
    (plp.Receiver.from_utility([[0, 1], [1, 0], [-1, -1]], [0, 1, 2]),
     "acts 1 from belief 0 on, 0 from belief 0.5 on, never 2"),
    (plp.Receiver.accepting([([0, 1], 0.3)]), "acts 1 from belief 0.3 on"),
    (plp.Receiver.accepting([([0, 1], 0.3), ([1, 0], 0.4)]), "acts 1 from belief 0.3 to 0.6"),
    (plp.Receiver.accepting([([0, 1], 2)]), "always acts 0"),
    (plp.Receiver.threshold(1), "always acts 0, or 1 at belief 1 alone"),
    (plp.Receiver.threshold(0), "always acts 1"),
    (plp.Receiver.from_utility([[0, 2], [2, 0], [1, 1]], [0, 1, 2]),
     "acts 1 from belief 0 on, 0 from belief 0.5 on, or 2 at belief 0.5 alone"),
    (plp.Receiver.from_utility(np.eye(3), [0, 1, 2]), "acts 0, 1, 2 when certain of state 0, 1, 2"),
    (plp.Receiver.from_utility([[0, 0, 0], [1, 0, -1]], [0, 1]),
     "acts 1, 0 or 1, 0 when certain of state 0, 1, 2"),
    (plp.Receiver.accepting([([1, 0, 0], 0.5)]), "acts 1, 0, 0 when certain of state 0, 1, 2"),
    (plp.Receiver.from_utility(np.eye(8), [0] * 8),
     "acts 0, 1, 2, 3, 4, 5 … when certain of state 0, 1, 2, 3, 4, 5 …"),
]  # fmt: skip


@pytest.mark.parametrize(("receiver", "rule"), RULES)
def test_a_receiver_says_what_he_does(receiver: plp.Receiver, rule: str) -> None:
    assert receiver.rule == rule
    assert rule in repr(receiver)


@pytest.mark.parametrize(
    "receiver", [receiver for receiver, _ in RULES if receiver.state_count == 2]
)
def test_what_a_receiver_says_is_what_he_does(receiver: plp.Receiver) -> None:
    for x in np.linspace(0.005, 0.995, 100):
        willing = np.flatnonzero(receiver.obeys([1 - x, x]))
        assert said(receiver.rule, x) in willing


def said(rule: str, x: float) -> int:
    """The action that a rule in words names at a belief."""
    words = rule.replace(",", "").split()
    if words[0] == "always":
        return int(words[2])
    action = 0
    for k, word in enumerate(words):
        if word == "belief" and words[k - 1] == "from":
            inside = x >= float(words[k + 1]) and (words[k + 2] != "to" or x <= float(words[k + 3]))
            action = int(words[k - 2]) if inside else action
    return action


@pytest.mark.parametrize(("cutoff", "x", "action"), [(1, 1.0, 1), (1, 0.999, 0), (0, 0.0, 1)])
def test_what_is_done_at_the_ends_is_said(cutoff: float, x: float, action: int) -> None:
    receiver = plp.Receiver.threshold(cutoff)
    assert action in np.flatnonzero(receiver.obeys([1 - x, x]))
    assert (f"{action} at belief {x:g} alone" in receiver.rule) == (cutoff == 1 == x)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plp.PersuasionGame([30, 50, 20], JUDGE), "it sums to 100 (counts? pass norm"),
        (lambda: plp.VotingGame([[3, 2], [3, 2]], [0.5, 0.6], 1), "it sums to 10 (counts? pass"),
        (lambda: plp.BeliefGame([30, 70], JUDGE), "it sums to 100 (counts? pass normalize=True)"),
        (lambda: plp.StateGrid([0.2, 0.5], [3, 4]), "they sum to 7 (counts? pass normalize=True)"),
        (lambda: plp.priors.from_table({"H": 3, "L": 5}), "sums to 8 (counts? pass normalize=True"),
        (lambda: plp.ManagerProblem(plp.StateGrid([0.5]), 0.2, [1.5, 2.0], [3, 5]),
         "they sum to 8 (counts? divide by their sum)"),
        (lambda: plp.PersuasionGame([0.5, 0.4999], JUDGE), "it sums to 1 -0.0001"),
        (lambda: plp.PersuasionGame([0.5, 2.3], JUDGE), "it sums to 2.8"),
    ],
)  # fmt: skip
def test_of_counts_it_is_said_what_they_sum_to(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(errors.InputError) as caught:
        call()
    assert words in str(caught.value)
    assert ("counts?" in str(caught.value)) == ("counts?" in words)


def test_problems_say_what_their_receivers_do() -> None:
    assert "receivers 0, 1: acts 1 from belief 0.8 on" in repr(GAME)
    assert "receiver 1: acts 1 from belief 0.8 on" in repr(VOTE)
    assert "by a function" in repr(plp.BeliefGame(0.5, [JUDGE, np.sin], grid=4))
    many = plp.PersuasionGame([0.5, 0.5], [plp.Receiver.threshold(k / 40) for k in range(1, 31)])
    assert len(repr(many)) < 500


def test_counts_are_a_prior_when_told_so() -> None:
    with pytest.raises(errors.PriorError, match=r"to 100 \(counts\? pass normalize=True\)"):
        plp.PersuasionGame([30, 70], [JUDGE])
    with pytest.raises(errors.PriorError) as caught:
        plp.PersuasionGame([0.5, 0.7], [JUDGE])
    assert "counts" not in str(caught.value)
    game = plp.PersuasionGame([1, 2], [JUDGE], normalize=True)
    assert game.rational_numbers.prior.tolist() == [F(1, 3), F(2, 3)]
    assert game.prior.tolist() == [1 / 3, 2 / 3]
    vote = plp.VotingGame([[1, 4], [4, 1]], [0.7, 0.8], 1, normalize=True)
    assert vote.rational_numbers[0].tolist() == [F(1, 10), F(2, 5), F(2, 5), F(1, 10)]
    assert plp.BeliefGame([1, 3], [JUDGE], normalize=True).prior.tolist() == [0.25, 0.75]
    assert plp.BeliefGame(0.25, [JUDGE], normalize=True).prior.tolist() == [0.75, 0.25]
    assert plp.StateGrid([0.2, 0.6], [1, 3], normalize=True).masses.tolist() == [0.25, 0.75]
    table = plp.priors.from_table({"HL": 1, "LH": 3}, normalize=True)
    assert table.tolist() == [[0, F(3, 4)], [F(1, 4), 0]]


@pytest.mark.parametrize("counts", [[0, 0], [-1, 2], [0.0, -0.0]])
def test_what_cannot_be_normalized_is_refused(counts: Any) -> None:
    with pytest.raises(errors.PriorError, match=r"prior.* must "):
        plp.PersuasionGame(counts, [JUDGE], normalize=True)


def test_tables_are_read_by_their_labels() -> None:
    turned = pd.Series({"H": 0.25, "L": 0.75})
    assert plp.PersuasionGame(turned, [JUDGE]).prior.tolist() == [0.75, 0.25]
    named = pd.Series({"good": 0.25, "bad": 0.75})
    assert plp.PersuasionGame(named, [JUDGE]).prior.tolist() == [0.25, 0.75]
    opposed = pd.Series({"HL": 0.25, "LH": 0.75})
    assert plp.PersuasionGame(opposed, [JUDGE] * 2).prior.tolist() == [[0, 0.75], [0.25, 0]]
    people = pd.DataFrame({"one": [0, 1, 1, 0], "two": [1, 0, 0, 1]})
    counted = people.groupby(["one", "two"]).size()
    game = plp.PersuasionGame(counted, [JUDGE] * 2, normalize=True)
    assert game.prior.tolist() == [[0, 0.5], [0.5, 0]]
    wide = pd.DataFrame([[0.1, 0.2], [0.3, 0.4]], index=["H", "L"], columns=["H", "L"])
    assert plp.PersuasionGame(wide, [JUDGE] * 2).prior.tolist() == [[0.4, 0.3], [0.2, 0.1]]
    plain = pd.DataFrame([[0.1, 0.2], [0.3, 0.4]])
    assert plp.PersuasionGame(plain, [JUDGE] * 2).prior.tolist() == [[0.1, 0.2], [0.3, 0.4]]
    assert plp.priors.from_table(opposed).tolist() == [[0, 0.75], [0.25, 0]]
    assert plp.StateGrid(pd.Series([0.2, 0.6]), pd.Series([1, 1]), normalize=True).mean == 0.4


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"first": [0, 0, 1, 1], "second": [0, 1, 0, 1], "p": [0.1, 0.4, 0.4, 0.1]}),
        pd.DataFrame({"first": list("LLHH"), "second": list("LHLH"), "p": [0.1, 0.4, 0.4, 0.1]}),
    ],
)
def test_a_long_table_is_told_how_to_be_read(table: Any) -> None:
    with pytest.raises(errors.PriorError, match=r"frame\.set_index") as caught:
        plp.PersuasionGame(table, [JUDGE] * 2)
    assert "frame.set_index(['first', 'second'])['p']" in str(caught.value)
    read = table.set_index(["first", "second"])["p"]
    assert plp.PersuasionGame(read, [JUDGE] * 2).prior.tolist() == [[0.1, 0.4], [0.4, 0.1]]


def test_a_label_twice_is_refused() -> None:
    with pytest.raises(errors.PriorError, match="must not name a state twice; got 'H'"):
        plp.PersuasionGame(pd.Series([0.5, 0.5], index=["H", "H"]), [JUDGE])
