"""What a file says of a problem: exactly what was stated; and problems that say the same."""

from __future__ import annotations

import copy
import json
import math
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import persuasion_lp as plp
from persuasion_lp.errors import FileError, InstanceError
from persuasion_lp.files import document, problem_from, read, read_file, write

F = Fraction
Receiver = plp.Receiver
UP = plp.PiecewiseLinear([0, "1/2", 1], [[0, 0], [1, 1]])
DOWN = plp.PiecewiseLinear([0, "1/2", 1], [[1, 1], [0, 0]])

JUDGES = plp.PersuasionGame(
    [[0, F(1, 2)], [F(1, 2), 0]],
    [
        Receiver.threshold(0.8, name="Ann"),
        Receiver.from_utility([[0.1, 0], [0, 1]], [0, 1], action_labels=["no", "yes"]),
    ],
    state_labels=[["innocent", "guilty"]] * 2,
)
JUDGES_SAY = {
    "problem": "PersuasionGame",
    "prior": [[0, "1/2"], ["1/2", 0]],
    "receivers": [
        {"name": "Ann", "threshold": 0.8},
        {"utility": [[0.1, 0], [0, 1]], "payoffs": [0, 1], "action_labels": ["no", "yes"]},
    ],
    "state_labels": [["innocent", "guilty"], ["innocent", "guilty"]],
}

SAID: list[tuple[Any, dict[str, Any]]] = [
    (JUDGES, JUDGES_SAY),
    (
        plp.PersuasionGame(
            [[2, 1], [1, 0]],
            [
                Receiver.accepting([([1, -1], 0), ([0, "1/3"], "1/4")], [[0, 1], [2, 3]], about=1),
                Receiver([0.2, "1/3"], [[0, 0], [1, 1], [2, 2]], about=np.array([[0, 1], [1, 0]])),
                Receiver([], [3], about=(0,)),
            ],
            payoff=np.arange(12).reshape(2, 3, 2)[:, :, :1],
            normalize=True,
        ),
        {
            "problem": "PersuasionGame",
            "prior": [["1/2", "1/4"], ["1/4", 0]],
            "receivers": [
                {
                    "conditions": [[[1, -1], 0], [[0, "1/3"], "1/4"]],
                    "payoffs": [[0, 1], [2, 3]],
                    "about": 1,
                },
                {"cutoffs": ["1/5", "1/3"], "payoffs": [0, 1, 2], "about": [[0, 1], [1, 0]]},
                {"cutoffs": [], "payoffs": [3], "about": {"axes": [0]}},
            ],
            "payoff": [[[0], [2], [4]], [[6], [8], [10]]],
        },
    ),
    (
        plp.BeliefGame(0.3, [UP, UP + DOWN, Receiver.threshold(0.8, about=[1, 0])]),
        {
            "problem": "BeliefGame",
            "prior": 0.3,
            "payoffs": [
                {"breakpoints": [0, "1/2", 1], "values": [[0, 0], [1, 1]]},
                {"breakpoints": [0, "1/2", 1], "values": [1, 1, 1], "at": [1, 2, 1]},
                {"threshold": 0.8, "about": [1, 0]},
            ],
        },
    ),
    (
        plp.BeliefGame([0.2, 0.3, 0.5], [Receiver.threshold(0.8, about=[1, 0, 1])], grid=12),
        {
            "problem": "BeliefGame",
            "prior": [0.2, 0.3, 0.5],
            "payoffs": [{"threshold": 0.8, "about": [1, 0, 1]}],
            "grid": 12,
        },
    ),
    (
        plp.VotingGame(
            [[0.5, 0], [0, 0.5]], ["7/10", 0.8], 2, names=["Ann", "Bob"], action_labels=["n", "y"]
        ),
        {
            "problem": "VotingGame",
            "prior": [[0.5, 0], [0, 0.5]],
            "cutoffs": ["7/10", "4/5"],
            "quota": 2,
            "names": ["Ann", "Bob"],
            "action_labels": ["n", "y"],
        },
    ),
    (
        plp.ManagerProblem(
            plp.StateGrid([0.6, 0.2], [0.25, 0.75], labels=["hard", "easy"]),
            Decimal("0.4"),
            [1.6, 1.2],
            type_labels=["expert", "novice"],
        ),
        {
            "problem": "ManagerProblem",
            "difficulty": {
                "states": [0.2, 0.6],
                "masses": [0.75, 0.25],
                "labels": ["easy", "hard"],
            },
            "payment": "2/5",
            "types": [1.6, 1.2],
            "type_labels": ["expert", "novice"],
        },
    ),
    (
        plp.ManagerProblem(plp.StateDistribution.uniform(0.1, 0.7), 0.5, stats.uniform(1.3, 0.1)),
        {
            "problem": "ManagerProblem",
            "difficulty": {"distribution": "uniform", "low": 0.1, "high": 0.7},
            "payment": 0.5,
            "types": {"distribution": "uniform", "low": 1.3, "high": 1.4},
        },
    ),
    (
        plp.ManagerProblem(
            stats.beta(2, 3, 0.1, 0.2), 0.5, [0.5, 3], [0.9, 0.1], unrestricted=True
        ),
        {
            "problem": "ManagerProblem",
            "difficulty": {"distribution": "beta", "a": 2, "b": 3, "low": 0.1, "high": 0.1 + 0.2},
            "payment": 0.5,
            "types": [0.5, 3],
            "type_probs": [0.9, 0.1],
            "unrestricted": True,
        },
    ),
    (
        plp.PosteriorMeanGame(
            plp.StateDistribution.power(2), plp.PiecewiseLinear.steps(["1/3"], [0, 1])
        ),
        {
            "problem": "PosteriorMeanGame",
            "prior": {"distribution": "beta", "a": 2, "b": 1},
            "payoff": {"breakpoints": [0, "1/3", 1], "values": [[0, 0], [1, 1]]},
        },
    ),
]


@pytest.mark.parametrize(("problem", "said"), SAID)
def test_a_document_says_what_was_stated(problem: Any, said: dict[str, Any]) -> None:
    assert document(problem) == said
    assert json.loads(json.dumps(document(problem))) == said
    again = problem_from(said)
    assert document(again) == said
    assert again == problem
    assert again.key() == problem.key()
    assert hash(again) == hash(problem)
    assert repr(again) == repr(problem)


@pytest.mark.parametrize("ending", ["toml", "json", "TOML"])
@pytest.mark.parametrize(("problem", "said"), SAID)
def test_a_file_gives_the_problem_back(
    problem: Any, said: dict[str, Any], ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"mine.{ending}"
    write(problem, path)
    assert read(path) == problem
    assert read(str(path)).key() == problem.key()
    with pytest.raises(FileError, match="overwrite=True"):
        write(problem, path)
    write(problem, path, overwrite=True)
    elsewhere = tmp_path / "of_no_ending"
    path.rename(elsewhere)
    assert read(elsewhere) == problem
    assert read_file(elsewhere).runs == ()


FLOATS = [0.1, 1 / 3, 0.1 + 0.2, 1 - 1e-16, 5e-300, -0.0, 1e150, float(2**53), -2.5, 1e15 + 0.5]


@pytest.mark.parametrize("ending", ["toml", "json"])
def test_floats_come_back_bit_by_bit(ending: str, tmp_path: Path) -> None:
    game = plp.PersuasionGame([1 / 3, 1 - 1 / 3], [Receiver([0.5], FLOATS[:2])] * 2)
    payoffs = np.array(FLOATS).reshape(1, 1, 10)
    wide = plp.PersuasionGame([0.1] * 10, [Receiver([], [1], about=np.zeros(10, int))] * 2, payoffs)
    for k, problem in enumerate((game, wide)):
        write(problem, tmp_path / f"{k}.{ending}")
        again = read(tmp_path / f"{k}.{ending}")
        assert again.prior.tobytes() == problem.prior.tobytes()
        assert again._written_prior.entries is None
        for one, other in zip(again.receivers, problem.receivers, strict=True):
            assert one.payoffs.tobytes() == other.payoffs.tobytes()
    assert again.payoff.tobytes() == payoffs.tobytes()


def test_what_was_computed_comes_back_bit_by_bit() -> None:
    x, up, down = np.array([0, 1 / 3, 1]), np.array([1, 0.1, 2]), np.array([0, 0.2, 2.3])
    computed = plp.PiecewiseLinear.from_sides(x, np.array([3, 0.7, 2.3]), up, down)
    again = problem_from(document(plp.BeliefGame(0.5, [computed]))).payoffs[0]
    for part in ("breakpoints", "at"):
        assert getattr(again, part).tobytes() == getattr(computed, part).tobytes()
        assert (getattr(again.numbers, part) == getattr(computed.numbers, part)).all()
    assert again.left[1:].tobytes() == computed.left[1:].tobytes()
    assert again.right[:-1].tobytes() == computed.right[:-1].tobytes()


def test_fractions_stay_fractions() -> None:
    thirds = plp.PersuasionGame(["1/3", "2/3"], [Receiver.threshold("1/7")])
    again = problem_from(document(thirds))
    assert again.rational_numbers.prior.tolist() == [F(1, 3), F(2, 3)]
    assert plp.solve(again, "simultaneous", exact=True).value == 1


ALIKE: list[tuple[Any, Any]] = [
    (
        plp.PersuasionGame([0.1, 0.9], [Receiver.threshold(0.5)]),
        plp.PersuasionGame(["1/10", F(9, 10)], [Receiver(["1/2"], [[0, 0], [1, 1]])]),
    ),
    (
        plp.PersuasionGame([1, 3], [Receiver.threshold(0.5)], normalize=True),
        plp.PersuasionGame([0.25, 0.75], Receiver.threshold(0.5)),
    ),
    (plp.BeliefGame("1/3", [UP]), plp.BeliefGame(["2/3", "1/3"], [UP])),
    (
        plp.BeliefGame(0.5, [plp.PiecewiseLinear([0, 0.5, 1], [[0, 1], [1, 0]])]),
        plp.BeliefGame(0.5, [plp.PiecewiseLinear([0, "1/2", 1], [0, 1, 0])]),
    ),
    (
        plp.ManagerProblem(plp.StateGrid([0.6, 0.2]), 0.5, 1.5),
        plp.ManagerProblem(plp.StateGrid([0.2, 0.6], [0.5, 0.5]), "1/2", [1.5], [1]),
    ),
    (
        plp.PosteriorMeanGame(stats.uniform(0, 1), UP),
        plp.PosteriorMeanGame(plp.StateDistribution.beta(1, 1), UP),
    ),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_says_the_same_is_equal(one: Any, other: Any) -> None:
    assert one == other
    assert one.key() == other.key()
    assert len({one, other}) == 1
    assert len(one.key()) == 64


DIFFERENT: list[Any] = [
    plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5)]),
    plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5, name="Ann")]),
    plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5, about=0)]),
    plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5, [0, 2])]),
    plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5 + 1e-16 * 2)]),
    plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5)], payoff=[0, 1]),
    plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5)], state_labels=["L", "H"]),
    plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5)] * 2),
    plp.BeliefGame(0.5, [Receiver.threshold(0.5)]),
    plp.BeliefGame(0.5, [Receiver.threshold(0.5)], state_labels=["L", "H"]),
    plp.VotingGame([0.5, 0.5], [0.5], 1),
    plp.ManagerProblem(plp.StateGrid([0.5]), 0.5, [1.5, 1.2]),
    plp.ManagerProblem(plp.StateGrid([0.5]), 0.5, [1.2, 1.5]),
    plp.ManagerProblem(plp.StateGrid([0.5]), 0.5, [1.2, 1.5], unrestricted=True),
    plp.ManagerProblem(plp.StateGrid([0.5]), 0.5, stats.uniform(1.2, 0.3)),
]


def test_what_says_something_else_is_not() -> None:
    assert len({problem.key() for problem in DIFFERENT}) == len(DIFFERENT)
    for i, one in enumerate(DIFFERENT):
        for j, other in enumerate(DIFFERENT):
            assert (one == other) == (i == j)
    assert DIFFERENT[0] != "a problem"
    assert DIFFERENT[0] != DIFFERENT[0].key()


def test_keys_stay() -> None:
    """A key is the same in another process, on another day."""
    code = "import persuasion_lp as p; print(p.PersuasionGame([.5, .5], p.Receiver([.5], [0, 1]))"
    code += ".key())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == DIFFERENT[0].key()


def test_copies_are_equal() -> None:
    for problem in DIFFERENT:
        for again in (
            copy.copy(problem),
            copy.deepcopy(problem),
            pickle.loads(pickle.dumps(problem)),  # noqa: S301
        ):
            assert again == problem
            assert again.key() == problem.key()


def curve(x: Any) -> Any:
    return np.asarray(x) ** 2


COMPUTED = plp.PiecewiseLinear.from_sides(np.array([0.0, 0.5, 0.5, 1.0]), *[np.zeros(4)] * 3)


UNWRITABLE: list[tuple[Any, str, str]] = [
    (plp.BeliefGame(0.5, [UP, curve], grid=4), "payoffs[1]", "PiecewiseLinear"),
    (
        plp.BeliefGame(0.5, [COMPUTED]),
        "payoffs[0]",
        "PiecewiseLinear(breakpoints, values)",
    ),
    (plp.PosteriorMeanGame(plp.StateGrid([0.5]), curve), "payoff", "PiecewiseLinear"),
    (plp.PosteriorMeanGame(stats.arcsine(), UP), "prior", "StateGrid.from_distribution"),
    (
        plp.ManagerProblem(plp.StateDistribution.from_density(lambda x: 2 * x), 0.5, [1.5]),
        "difficulty",
        "StateGrid.from_distribution",
    ),
    (
        plp.ManagerProblem(plp.StateGrid([0.5]), 0.5, stats.arcsine(1, 0.5)),
        "types",
        "uniform or Beta",
    ),
    (
        plp.PersuasionGame(
            [F(10**400 + 1, 2 * 10**400), F(10**400 - 1, 2 * 10**400)], [Receiver.threshold(0.5)]
        ),
        "prior",
        "more than 400 digits",
    ),
]


@pytest.mark.parametrize(("problem", "field", "way_out"), UNWRITABLE)
def test_what_cannot_be_written_says_so(
    problem: Any, field: str, way_out: str, tmp_path: Path
) -> None:
    for attempt in (
        lambda: document(problem),
        lambda: problem.key(),
        lambda: write(problem, tmp_path / "mine.toml"),
    ):
        with pytest.raises(InstanceError) as caught:
            attempt()
        assert caught.value.field == field
        assert way_out in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("problem", "field", "way_out"), UNWRITABLE)
def test_what_cannot_be_written_is_equal_to_itself_alone(
    problem: Any, field: str, way_out: str
) -> None:
    other = copy.copy(problem)
    assert problem == problem
    assert problem != other
    assert len({problem, other}) == 2


def test_another_ending_is_refused(tmp_path: Path) -> None:
    for name in ("mine", "mine.txt", "mine.toml.gz"):
        with pytest.raises(InstanceError, match=r"path must end in \.toml or \.json"):
            write(JUDGES, tmp_path / name)
    with pytest.raises(InstanceError, match=r"path must end in"):
        write(JUDGES, 3)  # type: ignore[arg-type]


def test_what_is_no_problem_is_refused() -> None:
    with pytest.raises(plp.errors.InputError, match="must be one of PersuasionGame"):
        document(UP)


def test_keys_are_not_computed_when_problems_are_made() -> None:
    game = plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5)])
    assert "_content_key" not in vars(game)
    _ = game.key()
    assert "_content_key" in vars(game)


def test_files_are_loaded_when_they_are_needed() -> None:
    code = "import sys, persuasion_lp; print({'msgspec', 'tomli_w', 'tomllib'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"


def test_minus_zero_is_zero_in_a_key() -> None:
    one, other = (
        plp.PersuasionGame([0.5, 0.5], [Receiver.threshold(0.5, [zero, 2.0])])
        for zero in (0.0, -0.0)
    )
    assert one == other
    assert math.copysign(1, document(other)["receivers"][0]["payoffs"][0]) == -1
