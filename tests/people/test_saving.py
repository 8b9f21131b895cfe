"""Answers saved and loaded again: the same, proved anew, nothing in the file believed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import catalog
from persuasion_lp.core.family import family_of
from persuasion_lp.errors import FileError, InputError, InstanceError, VerificationError
from persuasion_lp.lp.engine.scaled import Scaled
from persuasion_lp.solve import has_exact_answer
from tests.support import any_solve

F = Fraction
JUDGES = plp.PersuasionGame(
    [[0, F(1, 2)], [F(1, 2), 0]],
    [
        plp.Receiver.threshold("4/5", name=name, action_labels=["acquit", "convict"])
        for name in ("first", "second")
    ],
    state_labels=["innocent", "guilty"],
)
STATES = plp.StateGrid([F(2 * k + 1, 40) for k in range(20)])
PROBLEMS: dict[str, Any] = {
    "game": JUDGES,
    "vote": plp.VotingGame(plp.priors.from_table({"HHL": 0.5, "LLH": 0.5}), [0.7, 0.8, 0.8], 2),
    "beliefs": plp.BeliefGame(0.5, [plp.Receiver.threshold(0.6), plp.Receiver.threshold(0.8)]),
    "menu": plp.ManagerProblem(STATES, F(1, 2), ["6/5", "8/5"], [F(1, 50), F(49, 50)]),
    "uniform": plp.ManagerProblem(plp.StateDistribution.uniform(), 0.5, [1.2, 1.6], [0.02, 0.98]),
    "means": plp.PosteriorMeanGame(STATES, plp.PiecewiseLinear.steps(["1/2"], [0, 1])),
}
QUESTIONS = [
    (name, procedure, exact)
    for name, problem in PROBLEMS.items()
    for procedure in family_of(problem).procedures_for(problem)
    for exact in (False, True)
    if not exact or has_exact_answer(problem, procedure)
]


def same(first: Any, second: Any) -> None:
    """Two answers are the same, whatever time they took."""
    assert type(first) is type(second)
    assert (first.value, first.lower, first.upper) == (second.value, second.lower, second.upper)
    one, other = first.to_dict(), second.to_dict()
    for table in (one, other):
        table.pop("times", None)
    assert one == other
    assert second.certificate.ok
    assert first.problem == second.problem


@pytest.fixture
def no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("the solver was called")

    monkeypatch.setattr(Scaled, "run", refuse)
    monkeypatch.setattr(Scaled, "solved", refuse)


@pytest.mark.parametrize(("name", "procedure", "exact"), QUESTIONS)
def test_every_answer_comes_back_without_a_solver(
    name: str, procedure: str, exact: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    result = any_solve(PROBLEMS[name], procedure, exact=exact)
    result.save(tmp_path / "answer.json")
    request.getfixturevalue("no_solver")
    same(result, plp.load(tmp_path / "answer.json"))


def test_settings_come_back(tmp_path: Path) -> None:
    asked: dict[str, Any] = {
        "order": (1, 0),
        "formulation": "paths",
        "options": plp.SolverOptions(algorithm="primal-simplex", time_limit=60.0),
    }
    result = any_solve(JUDGES, "sequential", **asked)
    result.save(tmp_path / "answer.json")
    again = plp.load(tmp_path / "answer.json")
    same(result, again)
    assert again.order == (1, 0)
    assert again.lp.shape == result.lp.shape


def test_another_process_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    plp.solve(JUDGES, "sequential").save(path)
    code = (
        "import persuasion_lp as plp; "
        f"again = plp.load({str(path)!r}); print(again.value, again.certificate.ok, again.order)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "1.15625 True (0, 1)\n"


def test_files_are_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    result = plp.solve(JUDGES, "simultaneous")
    result.save(path)
    with pytest.raises(FileError, match="overwrite"):
        result.save(path)
    result.save(path, overwrite=True)


def test_what_cannot_be_written_down_is_not_saved(tmp_path: Path) -> None:
    wave = plp.BeliefFunction(lambda x: x * (1 - x), lipschitz=1.0)
    result = plp.solve(plp.BeliefGame(0.3, [wave], grid=10), "simultaneous")
    with pytest.raises(InstanceError, match="payoffs"):
        result.save(tmp_path / "answer.json")
    improved: Any = plp.sequential_improvement(plp.solve(JUDGES, "simultaneous"))
    if hasattr(improved, "save"):
        with pytest.raises(InputError):
            improved.save(tmp_path / "answer.json")
    assert list(tmp_path.iterdir()) == []


def changed(*place: Any, to: Any) -> Callable[[Any], None]:
    def change(saved: Any) -> None:
        for key in place[:-1]:
            saved = saved[key]
        assert saved[place[-1]] != to
        saved[place[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        changed("answer", "value", to=1.25),
        changed("answer", "upper", to=1.3),
        changed("answer", "experiment", "joint", 0, 0, to=0.45),
        changed("answer", "prices", 0, 1, to=2.0),
        changed("problem", "prior", 0, 1, to="1/4"),
        changed("problem", "receivers", 0, "threshold", to="1/2"),
        changed("problem", "problem", to="VotingGame"),
        changed("key", to="0" * 64),
        changed("procedure", to="flexible"),
        changed("version", to=99),
        changed("format", to="something else"),
    ],
)
def test_edited_files_are_refused(change: Callable[[Any], None], tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    plp.solve(JUDGES, "sequential").save(path)
    saved = json.loads(path.read_text("utf-8"))
    change(saved)
    path.write_text(json.dumps(saved), encoding="utf-8")
    with pytest.raises((VerificationError, InputError)):
        plp.load(path)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.999])
def test_truncated_files_are_refused(kept: float, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    plp.solve(JUDGES, "sequential").save(path)
    text = path.read_text("utf-8")
    path.write_text(text[: int(kept * len(text))], encoding="utf-8")
    with pytest.raises((VerificationError, FileError)):
        plp.load(path)


def tapes(saved: Any) -> list[str]:
    """Entries of a saved file that hold what the solver found."""
    return [key for key, held in saved.items() if isinstance(held, list) and key != "format"]


def test_a_false_tape_is_not_believed(tmp_path: Path) -> None:
    """Points and prices that prove nothing are solved anew, and the answer is the same."""
    path = tmp_path / "answer.json"
    result = plp.solve(JUDGES, "sequential", order=(0, 1))
    result.save(path)
    saved = json.loads(path.read_text("utf-8"))
    (tape,) = tapes(saved)
    for entry in saved[tape]:
        entry["x"]["numbers"] = [2 * number for number in entry["x"]["numbers"]]
    path.write_text(json.dumps(saved), encoding="utf-8")
    same(result, plp.load(path))
    saved[tape] = []
    path.write_text(json.dumps(saved), encoding="utf-8")
    same(result, plp.load(path))


@pytest.mark.nightly
def test_all_published_instances_come_back(tmp_path: Path) -> None:
    done = 0
    for number, instance in enumerate(catalog.INSTANCES.values()):
        problem = instance.problem()
        try:
            plp.files.document(problem)
        except InstanceError:
            continue
        for procedure in family_of(problem).procedures_for(problem):
            result = any_solve(problem, procedure)
            path = tmp_path / f"{number}-{procedure}.json"
            result.save(path)
            same(result, plp.load(path))
            done += 1
    assert done > 100


def test_the_same_answer_is_not_another(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        same(plp.solve(JUDGES, "sequential"), plp.solve(JUDGES, "flexible"))


def test_numbers_survive_to_the_last_bit(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    w = rng.random((2, 2, 2))
    game = plp.PersuasionGame(
        w / w.sum(), [plp.Receiver.threshold(c) for c in rng.uniform(0.5, 0.9, 3)]
    )
    result = plp.solve(game, "sequential")
    result.save(tmp_path / "answer.json")
    again = plp.load(tmp_path / "answer.json")
    assert (again.problem.prior == game.prior).all()
    assert (again.experiment.joint == result.experiment.joint).all()
