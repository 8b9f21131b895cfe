"""What can be read is read, what cannot is named, and nothing that is returned can be changed."""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import GridError, InputError, PayoffError, PriorError, ReceiverError

GRID = plp.StateGrid([0.2, 0.6, 1.0])
UNIFORM = plp.StateDistribution.uniform()
JUDGE = plp.Receiver.threshold(0.8)


@pytest.mark.parametrize("half", [".5", "0.5", " 1/2 ", "5e-1", ".5e0", Decimal(".5"), 0.5])
def test_numbers_are_read_as_python_reads_them(half: Any) -> None:
    game = plp.PersuasionGame([half, "1/2"], [JUDGE])
    assert game.rational_numbers.prior.tolist() == [Fraction(1, 2)] * 2


@pytest.mark.parametrize("text", [".", "", "1/2/3", "e5", "1_0", "--1", ".e1"])
def test_words_are_no_numbers(text: str) -> None:
    with pytest.raises(PriorError, match=r"prior\[0\] must be a number; got"):
        plp.PersuasionGame([text, "1/2"], [JUDGE])


def test_masked_entries_are_refused() -> None:
    masked = np.ma.masked_array([0.5, 0.5], mask=[True, False])
    with pytest.raises(PriorError, match="prior must have no masked entries"):
        plp.PersuasionGame(masked, [JUDGE])
    whole = np.ma.masked_array([0.5, 0.5], mask=[False, False])
    assert plp.PersuasionGame(whole, [JUDGE]).prior.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("make", [tuple, list, iter, lambda r: np.array(r, dtype=object)])
def test_receivers_come_in_any_ordered_collection(make: Callable[[list[Any]], Any]) -> None:
    assert plp.PersuasionGame([0.5, 0.5], make([JUDGE, JUDGE])).n == 2
    assert plp.BeliefGame(0.5, make([JUDGE, JUDGE])).n == 2


@pytest.mark.parametrize("receivers", [{JUDGE}, {0: JUDGE}, 0.8, None, "ab"])
def test_receivers_without_an_order_are_refused(receivers: Any) -> None:
    with pytest.raises(ReceiverError, match=r"receivers\[0\] must be a Receiver"):
        plp.PersuasionGame([0.5, 0.5], receivers)
    with pytest.raises(PayoffError, match=r"payoffs\[0\] must be a Receiver"):
        plp.BeliefGame(0.5, receivers)


GAMES = [
    plp.PersuasionGame([[0, 0.5], [0.5, 0]], [JUDGE] * 2),
    plp.BeliefGame(0.5, [JUDGE, plp.Receiver.threshold(0.6)]),
    plp.VotingGame([[0, 0.5], [0.5, 0]], [0.7, 0.8], 1),
]


def writable(answer: Any, depth: int = 2) -> list[str]:
    """Names of arrays in a dataclass, its tuples and mappings that can be written to."""
    found = []
    for name, value in vars(answer).items():
        if isinstance(value, np.ndarray):
            found += [name] * bool(value.flags.writeable)
        elif depth and hasattr(value, "__dataclass_fields__"):
            found += [f"{name}.{inner}" for inner in writable(value, depth - 1)]
    return found


def test_a_writable_array_is_found() -> None:
    class Answer:
        def __init__(self) -> None:
            self.values = np.zeros(2)

    assert writable(Answer()) == ["values"]


@pytest.mark.parametrize(
    ("problem", "procedure", "settings"),
    [(game, "sequential", {}) for game in GAMES]
    + [(game, "simultaneous", {}) for game in GAMES]
    + [
        (GAMES[0], "flexible", {}),
        (GAMES[1], "sequential", {"formulation": "lp"}),
        (plp.ManagerProblem(GRID, 0.5, [1.2, 1.6]), "menu", {}),
        (plp.ManagerProblem(UNIFORM, 0.5, [1.2, 1.6]), "single_test", {}),
        (plp.ManagerProblem(UNIFORM, 0.5, [1.2, 1.6]), "commitment", {}),
        (plp.ManagerProblem(GRID, 0.5, [1.2, 1.6]), "commitment", {"formulation": "transport"}),
    ],
)
def test_no_array_of_an_answer_can_be_written_to(
    problem: Any, procedure: Any, settings: dict[str, Any]
) -> None:
    assert writable(plp.solve(problem, procedure, **settings)) == []


def test_comparative_statics_are_frozen_and_ready_for_json() -> None:
    statics = plp.capability_statics(UNIFORM, 0.4, [1.1, 1.3, 1.6])
    assert writable(statics) == []
    plain = json.loads(json.dumps(statics.to_dict(), allow_nan=False))
    assert plain["values"] == [1.1, 1.3, 1.6]
    assert plain["thresholds"][0] is None
    assert len(plain["phases"]) == 3


def test_tools_for_games_refuse_what_is_no_game() -> None:
    wrong: Any = GAMES[2]
    with pytest.raises(InputError, match="game must be a PersuasionGame; got 'VotingGame'"):
        plp.Pacman(wrong)
    with pytest.raises(InputError, match="result must be a result of solve; got 'VotingGame'"):
        plp.sequential_improvement(wrong)
    three: Any = "3"
    with pytest.raises(GridError, match="states must be at least 2, a whole number; got '3'"):
        plp.SimplexGrid(three, 10)
