"""Instance files of every class: what they look like, and every way to get one wrong."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    StateDistribution,
    StateGrid,
    VotingGame,
    errors,
    files,
    solve,
)
from persuasion_lp.core.forms.numbers import simplest
from persuasion_lp.files import MAX_FILE_BYTES
from persuasion_lp.theorems import RationalInstance, read_instance
from tests.support import any_solve

F = Fraction
GAME = PersuasionGame([[0, F(1, 2)], [F(1, 2), 0]], [Receiver.threshold("4/5")] * 2)
CONDITIONS = PersuasionGame([0.1, 0.2, 0.7], [Receiver.accepting([([-1, 0, 0.3], 0.05)])])
LABELS = PersuasionGame([0.5, 0.3, 0.2], [Receiver.threshold(0.6, about=[False, True, True])])
TABLE = PersuasionGame([0.5, 0.5], [Receiver.threshold(0.7)], payoff=[0, 2])
VOTE = VotingGame(np.full((2, 2), 0.25), [0.7, 0.6], quota=1)

PLAN = ManagerProblem(
    StateGrid([F(1, 3), F(7, 10)], [F(1, 3), F(2, 3)]),
    F(9, 20),
    [F(7, 4), F(3, 2)],
    [F(1, 7), F(6, 7)],
)

UNIFORM_PLAN = ManagerProblem(StateDistribution.uniform(), 0.5, [1.2, 1.6], [0.02, 0.98])
MEANS = PosteriorMeanGame(StateGrid([0.2, 0.6]), PiecewiseLinear([0, 0.5, 1], [[0, 0], [1, 2]]))
BELIEFS = BeliefGame(0.3, [Receiver.threshold(0.8), PiecewiseLinear([0, 1], [0, 1])])

FILES = {
    name: json.loads(RationalInstance.of(problem).to_json())
    for name, problem in {
        "game": GAME,
        "conditions": CONDITIONS,
        "labels": LABELS,
        "table": TABLE,
        "vote": VOTE,
        "plan": PLAN,
        "uniform": UNIFORM_PLAN,
        "means": MEANS,
        "beliefs": BELIEFS,
    }.items()
}


def write(path: Path, name: Any, place: str, value: Any) -> Path:
    """One of the files with another value at a place such as ``receivers.0.cutoffs``."""
    document = json.loads(json.dumps(FILES[name]))
    where = document
    *way, last = (int(key) if key.isdigit() else key for key in place.split("."))
    for key in way:
        where = where[key]
    if value is MISSING:
        del where[last]
    else:
        where[last] = value
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


MISSING = object()


def test_files_of_a_plan() -> None:
    assert RationalInstance.of(PLAN).to_json() == (
        "{\n"
        '  "format": "persuasion_lp instance",\n'
        '  "version": 1,\n'
        '  "problem": "ManagerProblem",\n'
        '  "difficulty": {"states": ["1/3", "7/10"], "masses": ["1/3", "2/3"]},\n'
        '  "payment": "9/20",\n'
        '  "types": ["7/4", "3/2"],\n'
        '  "type_probs": ["1/7", "6/7"],\n'
        '  "unrestricted": false\n'
        "}\n"
    )
    assert FILES["uniform"]["difficulty"] == {"distribution": "uniform", "low": "0", "high": "1"}


def test_a_file_of_the_first_version_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(
        """{"format": "persuasion_lp instance", "version": 1, "problem": "PersuasionGame",
            "prior": ["0.5", "3e-1", " 1/5 "],
            "receivers": [{"cutoffs": ["4/5"], "payoffs": ["0", "1"],
                           "about": {"labels": [0, 1, 1]}},
                          {"conditions": [["-1", "0", "1/2"]], "payoffs": ["0", "2"],
                           "about": null}],
            "payoff": null, "remark": "entries of other names are passed over"}""",
        encoding="utf-8",
    )
    game = read_instance(path)
    assert isinstance(game, PersuasionGame)
    assert game.prior.tolist() == [0.5, 0.3, 0.2]
    assert game.own_states[0].tolist() == [0, 1, 1]
    assert game.receivers[1].payoffs.tolist() == [[0, 0, 0], [2, 2, 2]]


def test_files_are_solved_exactly(tmp_path: Path) -> None:
    path = tmp_path / "instance.json"
    problem: Any
    exactly = [(PLAN, "menu"), (GAME, "sequential"), (VOTE, "sequential"), (MEANS, "simultaneous")]
    for problem, procedure in exactly:
        path.write_text(RationalInstance.of(problem).to_json(), encoding="utf-8")
        answer = any_solve(read_instance(path), procedure, exact=True)
        again = any_solve(problem, procedure, exact=True)
        assert isinstance(answer.value, Fraction)
        assert answer.value == again.value
    path.write_text(RationalInstance.of(GAME).to_json(), encoding="utf-8")
    game: Any = read_instance(path)
    assert solve(game, "sequential", exact=True).value == F(37, 32)


@pytest.mark.parametrize("problem", [UNIFORM_PLAN, MEANS, BELIEFS], ids=repr)
def test_files_without_an_exact_answer_have_the_same_value(problem: Any, tmp_path: Path) -> None:
    path = tmp_path / "instance.json"
    path.write_text(RationalInstance.of(problem).to_json(), encoding="utf-8")
    procedure = "menu" if isinstance(problem, ManagerProblem) else "simultaneous"
    assert any_solve(read_instance(path), procedure).value == any_solve(problem, procedure).value


def test_awkward_numbers_are_kept_as_they_were_written() -> None:
    """The floats of these fractions are nearest to simpler ones, which were not written."""
    third = F(10**17 // 3, 10**17)
    assert simplest(float(third)) == F(1, 3)
    game = PersuasionGame([1 - third, third], [Receiver.threshold(third, ["0", third])])
    numbers = RationalInstance.of(game).build().rational_numbers
    assert numbers.prior.tolist() == [1 - third, third]
    assert numbers.payoffs[0].tolist() == [[0, 0], [third, third]]
    assert numbers.cones[0][1].tolist() == [[-third, 1 - third]]
    plan = ManagerProblem(StateGrid([third, 1]), third + F(1, 10), [1 + third], [1])
    read = RationalInstance.of(plan).build().rational_numbers
    assert read.states.tolist() == [third, 1]
    assert (read.payment, read.types.tolist()) == (third + F(1, 10), [1 + third])
    function = PiecewiseLinear([0, third, 1], [[0, third], [third, 1 + third]])
    means = RationalInstance.of(PosteriorMeanGame(StateGrid([third, 1]), function)).build()
    pieces = means.payoff.rational_pieces
    assert pieces.breakpoints.tolist() == [0, third, 1]
    assert pieces.left.tolist() == [0, third, 1 + third]


def test_types_keep_the_callers_order() -> None:
    built = RationalInstance.of(PLAN).build()
    assert built.types.tolist() == [1.75, 1.5]
    assert built.type_probs.tolist() == [1 / 7, 6 / 7]


def test_values_above_both_limits_are_written() -> None:
    """The judge for the common state and the one for its opposite both accept at 1/2 only."""
    step = PiecewiseLinear([0, 0.5, 1], [[0, 0], [1, 1]])
    game = BeliefGame(0.3, [step + step.reflected()])
    file = RationalInstance.of(game).to_dict()
    assert file["payoffs"][0]["at"] == ["1", "2", "1"]
    built = RationalInstance.from_dict(file).build()
    assert built.payoffs[0]([0.4, 0.5, 0.6]).tolist() == [1, 2, 1]
    assert solve(built, "simultaneous").value == pytest.approx(1.6)


def test_several_workers_are_written_as_the_pivotal_one() -> None:
    plan = ManagerProblem.for_workers(StateGrid([0.3, 0.9]), [0.2, 0.3], [[1.5, 1.8], [1.4]])
    built = RationalInstance.of(plan).build()
    assert built.unrestricted
    np.testing.assert_array_equal(built.types, plan.types)
    assert solve(built, "menu").value == solve(plan, "menu").value


@pytest.mark.parametrize(
    ("problem", "field", "index"),
    [
        ("a game", "problem", None),
        (None, "problem", None),
        (
            PersuasionGame([0.5, 0.5], [Receiver.from_utility([[0, 0], [-1, 1]], [0, 1])]),
            "receivers",
            0,
        ),
        (BeliefGame(0.5, [Receiver.threshold(0.6), np.sin], grid=4), "payoffs", 1),
        (BeliefGame([0.2, 0.3, 0.5], [Receiver.threshold(0.6, about=[0, 1, 1])], 4), "prior", None),
        (PosteriorMeanGame(StateGrid([0.5]), np.square), "payoff", None),
        (PosteriorMeanGame.commitment(PLAN), "payoff", None),
        (PosteriorMeanGame(stats.truncnorm(0, 1), PiecewiseLinear([0, 1], [0, 1])), "prior", None),
        (ManagerProblem(stats.beta(2, 3, 0.1, 0.5), 0.5, [1.2]), "difficulty", None),
        (ManagerProblem(StateGrid([0.5]), 0.5, stats.uniform(1, 0.5)), "types", None),
    ],
    ids=[
        "word",
        "nothing",
        "receiver of a utility",
        "function of beliefs",
        "three states",
        "function of means",
        "commitment",
        "truncated normal prior",
        "shifted beta difficulty",
        "continuous types",
    ],
)
def test_what_has_no_file_is_refused_by_name(problem: Any, field: str, index: int | None) -> None:
    with pytest.raises(errors.InstanceError) as caught:
        RationalInstance.of(problem)
    assert (caught.value.field, caught.value.index) == (field, index)


WRONG: list[tuple[str, str, Any, str, Any]] = [
    ("game", "format", "another", "instance", None),
    ("game", "version", 2, "version", None),
    ("game", "version", True, "version", None),
    ("game", "version", 1.0, "version", None),
    ("game", "version", "1", "version", None),
    ("game", "version", MISSING, "version", None),
    ("game", "problem", "Game", "problem", None),
    ("game", "problem", ["PersuasionGame"], "problem", None),
    ("game", "prior", MISSING, "prior", None),
    ("game", "prior", "1", "prior", None),
    ("game", "prior", None, "prior", None),
    ("game", "prior", {}, "prior", None),
    ("game", "prior", [], "prior", None),
    ("game", "prior.1", [], "prior", (1,)),
    ("game", "prior.1", ["1/2"], "prior", (1,)),
    ("game", "prior.1", "1/2", "prior", (1,)),
    ("game", "prior.1.0", 0.5, "prior", (1, 0)),
    ("game", "prior.1.0", 1, "prior", (1, 0)),
    ("game", "prior.1.0", True, "prior", (1, 0)),
    ("game", "prior.1.0", None, "prior", (1, 0)),
    ("game", "prior.1.0", "1/0", "prior", (1, 0)),
    ("game", "prior.1.0", "abc", "prior", (1, 0)),
    ("game", "prior.1.0", "", "prior", (1, 0)),
    ("game", "prior.1.0", "nan", "prior", (1, 0)),
    ("game", "prior.1.0", "1_0", "prior", (1, 0)),
    ("game", "prior.1.0", "1e999", "prior", (1, 0)),
    ("game", "prior.1.0", "1e99999999", "prior", (1, 0)),
    ("game", "prior.1.0", {"a": list(range(10_000))}, "prior", (1, 0)),
    ("game", "problem", list(range(10_000)), "problem", None),
    ("game", "version", list(range(10_000)), "version", None),
    ("game", "prior.1.0", "1" * 999, "prior", (1, 0)),
    ("game", "prior.1.0", "1" * 1001, "prior", (1, 0)),
    ("game", "receivers", MISSING, "receivers", None),
    ("game", "receivers", [], "receivers", None),
    ("game", "receivers", {}, "receivers", None),
    ("game", "receivers.1", "1/2", "receivers[1]", None),
    ("game", "receivers.1.cutoffs", MISSING, "receivers[1].conditions", None),
    ("game", "receivers.1.cutoffs", [["1/2"]], "receivers[1].cutoffs", None),
    ("game", "receivers.1.cutoffs", ["1/2", "x"], "receivers[1].cutoffs", (1,)),
    ("game", "receivers.1.payoffs", MISSING, "receivers[1].payoffs", None),
    ("game", "receivers.1.payoffs", [[["1"]]], "receivers[1].payoffs", None),
    ("game", "receivers.1.about", MISSING, "receivers[1].about", None),
    ("game", "receivers.1.about", True, "receivers[1].about", None),
    ("game", "receivers.1.about", "0", "receivers[1].about", None),
    ("game", "receivers.1.about", [], "receivers[1].about", None),
    ("game", "receivers.1.about", [0, True], "receivers[1].about", 1),
    ("game", "payoff", MISSING, "payoff", None),
    ("table", "payoff.1", 2, "payoff", (1,)),
    ("conditions", "receivers.0.conditions", ["1"], "receivers[0].conditions", None),
    ("conditions", "receivers.0.conditions.0.2", "?", "receivers[0].conditions", (0, 2)),
    ("labels", "receivers.0.about.labels", MISSING, "receivers[0].about", None),
    ("labels", "receivers.0.about.labels", 1, "receivers[0].about", None),
    ("labels", "receivers.0.about.labels.2", "1", "receivers[0].about", (2,)),
    ("labels", "receivers.0.about.labels.2", [1], "receivers[0].about", (2,)),
    ("vote", "quota", "1", "quota", None),
    ("vote", "quota", True, "quota", None),
    ("vote", "quota", 1.0, "quota", None),
    ("vote", "cutoffs", "1/2", "cutoffs", None),
    ("plan", "difficulty", MISSING, "difficulty", None),
    ("plan", "difficulty", ["1"], "difficulty", None),
    ("plan", "difficulty.states", MISSING, "difficulty.states", None),
    ("plan", "difficulty.states.0", None, "difficulty.states", (0,)),
    ("plan", "difficulty.masses", ["1"], "difficulty.masses", None),
    ("plan", "payment", ["1/2"], "payment", None),
    ("plan", "payment", 0.5, "payment", None),
    ("plan", "types", [], "types", None),
    ("plan", "type_probs", ["1"], "type_probs", None),
    ("plan", "type_probs.1", "1/x", "type_probs", (1,)),
    ("plan", "unrestricted", 0, "unrestricted", None),
    ("plan", "unrestricted", MISSING, "unrestricted", None),
    ("uniform", "difficulty.distribution", "normal", "difficulty.distribution", None),
    ("uniform", "difficulty.distribution", ["beta"], "difficulty.distribution", None),
    ("uniform", "difficulty.high", MISSING, "difficulty.high", None),
    ("uniform", "difficulty.high", 1, "difficulty.high", None),
    ("means", "prior.masses", MISSING, "prior.masses", None),
    ("means", "payoff", "1", "payoff", None),
    ("means", "payoff.breakpoints", MISSING, "payoff.breakpoints", None),
    ("means", "payoff.pieces", [["0", "1"]], "payoff.pieces", None),
    ("means", "payoff.pieces", [["0"], ["1"]], "payoff.pieces", None),
    ("means", "payoff.pieces.1", ["0"], "payoff.pieces", (1,)),
    ("means", "payoff.at", ["0", "1"], "payoff.at", None),
    ("beliefs", "prior", ["1"], "prior", None),
    ("beliefs", "prior", "1/2", "prior", None),
    ("beliefs", "payoffs", [], "payoffs", None),
    ("beliefs", "payoffs.1", 1, "payoffs[1]", None),
    ("beliefs", "payoffs.1.pieces.0.1", False, "payoffs[1].pieces", (0, 1)),
    ("beliefs", "payoffs.0.cutoffs.0", "4:5", "payoffs[0].cutoffs", (0,)),
]


@pytest.mark.parametrize(
    ("name", "place", "value", "field", "index"),
    WRONG,
    ids=[f"{name} {place} {str(value)[:12]}" for name, place, value, _, _ in WRONG],
)
def test_every_wrong_entry_is_named(
    name: Any, place: str, value: Any, field: str, index: Any, tmp_path: Path
) -> None:
    path = write(tmp_path / "instance.json", name, place, value)
    with pytest.raises(errors.InstanceError) as caught:
        read_instance(path)
    assert (caught.value.field, caught.value.index) == (field, index)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("place", "misspelt", "field", "rest"),
    [
        ("", ("receivers", "recievers"), "receivers", "(did you mean 'recievers'?)"),
        ("", ("payoff", "pay_off"), "payoff", "(did you mean 'pay_off'?)"),
        ("0", ("cutoffs", "cutofs"), "receivers[0].cutoffs", "(did you mean 'cutofs'?)"),
        ("0", ("cutoffs", "xyz"), "receivers[0].conditions", "is missing"),
        ("0", ("about", "abuot"), "receivers[0].about", "(did you mean 'abuot'?)"),
    ],
)
def test_a_misspelt_entry_is_found(
    place: str, misspelt: tuple[str, str], field: str, rest: str, tmp_path: Path
) -> None:
    data = json.loads(json.dumps(FILES["game"]))
    holder = data["receivers"][int(place)] if place else data
    right, wrong = misspelt
    holder[wrong] = holder.pop(right)
    path = tmp_path / "instance.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(errors.InstanceError) as caught:
        read_instance(path)
    assert caught.value.field == field
    assert str(caught.value).endswith(rest)


def test_a_misspelt_class_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "instance.json", "game", "problem", "PersuassionGame")
    with pytest.raises(errors.InstanceError, match="did you mean 'PersuasionGame'"):
        read_instance(path)


@pytest.mark.parametrize(
    ("name", "place", "value", "kind", "field"),
    [
        ("game", "prior.1.0", "1/3", errors.PriorError, "prior"),
        ("game", "prior.1.0", "-1/2", errors.PriorError, "prior"),
        ("game", "receivers.0.cutoffs.0", "2", errors.ReceiverError, "cutoffs"),
        ("game", "receivers.0.about", 7, errors.ReceiverError, "receivers[0].about"),
        ("game", "receivers.0.payoffs", [["1"]], errors.PayoffError, "payoffs"),
        ("vote", "quota", 5, errors.QuotaError, "quota"),
        ("plan", "payment", "3/2", errors.PaymentError, "payment"),
        ("plan", "types.0", "1/2", errors.WorkerTypeError, "types"),
        ("plan", "difficulty.states.0", "2", errors.PriorError, "states"),
        ("uniform", "difficulty.high", "2", errors.PriorError, "support"),
        ("means", "payoff.breakpoints.1", "2", errors.PayoffError, "breakpoints"),
        ("beliefs", "prior.0", "1/2", errors.PriorError, "prior"),
    ],
)
def test_a_problem_that_breaks_a_rule_is_refused_by_it(
    name: Any, place: str, value: Any, kind: type[errors.InputError], field: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "instance.json", name, place, value)
    with pytest.raises(kind) as caught:
        read_instance(path)
    assert caught.value.field == field


@pytest.mark.parametrize("name", FILES)
def test_truncated_files_are_refused(name: Any, tmp_path: Path) -> None:
    text = json.dumps(FILES[name])
    path = tmp_path / "instance.json"
    for end in range(0, len(text), 7):
        path.write_text(text[:end], encoding="utf-8")
        with pytest.raises(errors.InstanceError) as caught:
            read_instance(path)
        assert caught.value.field == "path"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"format": ' + b"9" * 5000 + b"}",
        b"NaN",
    ],
    ids=["no text", "deeply nested", "a long number", "no object"],
)
def test_files_that_are_no_documents_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "instance.json"
    path.write_bytes(content)
    with pytest.raises(errors.InstanceError):
        read_instance(path)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.json"):
        with pytest.raises(errors.InstanceError, match="cannot be read"):
            read_instance(path)


def test_large_files_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "instance.json"
    path.write_text(json.dumps(FILES["game"]), encoding="utf-8")
    assert path.stat().st_size < MAX_FILE_BYTES
    monkeypatch.setattr(files, "MAX_FILE_BYTES", path.stat().st_size)
    read_instance(path)
    monkeypatch.setattr(files, "MAX_FILE_BYTES", path.stat().st_size - 1)
    with pytest.raises(errors.InstanceError, match="must have at most"):
        read_instance(path)


def nested(depth: int) -> Any:
    return "1" if depth == 0 else [nested(depth - 1)]


def test_arrays_of_too_many_axes_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "instance.json", "game", "prior", nested(30))
    with pytest.raises(errors.InstanceError, match="axes"):
        read_instance(path)
