"""The benchmarks do their work: every spec at its smallest size, and a spec that cheats is caught.

Nothing here looks at a time.
"""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import against
from benchmarks.__main__ import UNFINISHED, main
from benchmarks.cases import CASES
from benchmarks.registry import PHASES, Ask, Contender, Outcome, Spec, WorkNotDoneError, load
from benchmarks.report import check_document, document, exponent, tables
from benchmarks.runner import measure
from benchmarks.textbook import cvxpy_vectorized, expected_value, linprog, random_instance, seen
from persuasion_lp.core.family import family_of

SPECS = load()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_smallest_size_of_every_spec(spec: Spec) -> None:
    size = spec.sizes[0]
    found = measure(spec, size, 1)
    assert [m.contender for m in found] == [c.name for c in spec.contenders]
    for m, contender in zip(found, spec.contenders, strict=True):
        if spec.truth is None:
            assert m.value == pytest.approx(found[0].value, rel=1e-7, abs=1e-7)
        assert contender.columns is None or m.columns == contender.columns(size)
        assert len(m.samples) == 1
    doc = json.loads(json.dumps(document([spec], found, {}), allow_nan=False))
    check_document(doc)
    asked = {(ask.name, ask.contender) for ask in spec.asks if not ask.nonzeros}
    assert {(row["ask"], row["contender"]) for row in doc["asks"]} == asked
    assert all(m.contender in tables(doc) for m in found)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_spec_is_well_formed(spec: Spec) -> None:
    assert list(spec.sizes) == sorted(set(spec.sizes))
    assert spec.baseline in spec.running(spec.sizes[-1])
    names = [contender.name for contender in spec.contenders]
    assert len(set(names)) == len(names)
    assert {ask.contender for ask in spec.asks} <= set(names)


def test_the_procedures_asked_for_differ_in_value() -> None:
    names = ("simultaneous", "sequential-paths", "flexible")
    by_name = {spec.name: spec for spec in SPECS}
    values = [measure(by_name[f"games/{name}"], 2, 1)[0].value for name in names]
    assert values[0] < values[1] - 1e-3 < values[2] - 2e-3


@pytest.mark.parametrize("procedure", ["simultaneous", "sequential", "flexible", "first_best"])
def test_two_textbook_styles_agree_beyond_the_smallest_size(procedure: Any) -> None:
    spec = Spec(
        "two styles",
        "receivers",
        (3,),
        lambda n: random_instance(procedure, n),
        (linprog(procedure, 3), cvxpy_vectorized(procedure, 3)),
    )
    assert len(measure(spec, 3, 1)) == 2


def _sum(
    name: str,
    total: Callable[[int], float] = lambda n: n * (n + 1) / 2,
    answer: Callable[[int], list[int]] = lambda n: list(range(1, n + 1)),
    columns: Callable[[int], int] = lambda n: n,
    **details: float,
) -> Contender:
    """A contender that adds up 1, …, n (or does not)."""
    return Contender(
        name,
        build=lambda n: n,
        solve=lambda n: (n, total(n)),
        decode=lambda solved: Outcome(
            solved[1],
            lambda: float(sum(answer(solved[0]))),
            columns=columns(solved[0]),
            details=details,
        ),
        columns=lambda n: n,
    )


def _spec(*contenders: Contender) -> Spec:
    return Spec("toy/sum", "numbers", (10, 20, 40), int, contenders)


def test_a_contender_that_works_passes() -> None:
    found = measure(_spec(_sum("honest"), _sum("too")), 10, 4)
    assert [len(m.samples) for m in found] == [4, 4]
    assert set(found[0].samples[0]) == {*PHASES, "total"}


@pytest.mark.parametrize(
    ("cheat", "reason"),
    [
        (_sum("cheat", total=lambda n: n * (n + 1) / 2 + 1e-4), "the baseline has"),
        (_sum("cheat", total=lambda _: math.nan), "the baseline has"),
        (_sum("cheat", answer=lambda _: []), "its answer is worth 0.0"),
        (_sum("cheat", columns=lambda n: n - 1), "9 columns, must be 10"),
        (_sum("cheat", total=lambda _: 0.0), "value 0.0, the baseline has 55.0"),
        (_sum("cheat", build=1.0), "named like phases"),
        (_sum("cheat", run=math.nan), "times that are none"),
    ],
    ids=["near total", "no total", "empty answer", "columns", "zero", "phase", "time"],
)
def test_a_contender_that_does_not_do_its_work_is_caught(cheat: Contender, reason: str) -> None:
    with pytest.raises(WorkNotDoneError, match=reason):
        measure(_spec(_sum("honest"), cheat), 10, 1)


def test_a_baseline_that_does_not_do_its_work_is_caught() -> None:
    with pytest.raises(WorkNotDoneError, match="worth nan"):
        measure(_spec(_sum("cheat", answer=lambda _: [math.nan])), 10, 1)  # type: ignore[list-item]
    with pytest.raises(WorkNotDoneError, match="does not run at size 10"):
        measure(_spec(replace(_sum("small"), largest=5)), 10, 1)


def test_work_left_undone_in_a_later_round_is_caught() -> None:
    calls = iter((55.0, 55.0, 0.0))
    with pytest.raises(WorkNotDoneError, match=r"value 0\.0,"):
        measure(_spec(_sum("honest"), _sum("tires", total=lambda _: next(calls))), 10, 3)


def test_an_experiment_that_misleads_is_caught() -> None:
    instance = random_instance("simultaneous", 2)
    order, prior = np.array([[0, 1]]), instance.prior.reshape(1, -1)
    assert expected_value(instance, order, np.array([[0, 0]]), prior) == 0
    with pytest.raises(WorkNotDoneError, match="obedience"):
        expected_value(instance, order, np.array([[1, 0]]), prior)
    with pytest.raises(WorkNotDoneError, match="misses the prior"):
        expected_value(instance, order, np.array([[0, 0]]), 0.9 * prior)
    with pytest.raises(WorkNotDoneError, match="misses the prior"):
        expected_value(instance, order, np.array([[0, 0]]), math.nan * prior)


def test_what_receivers_have_seen() -> None:
    order, actions = (2, 0, 1), (1, 0, 1)
    assert seen("simultaneous", order, actions, 0) == ((0, 1), (1, 0), (2, 1))
    assert seen("first_best", order, actions, 1) == ((0, 1),)
    assert seen("sequential", order, actions, 1) == ((2, 1), (0, 1))


def test_contenders_take_turns_to_begin() -> None:
    began: list[str] = []

    def noting(name: str) -> Contender:
        def build(n: int) -> int:
            began.append(name)
            return n

        return replace(_sum(name), build=build)

    measure(_spec(noting("a"), noting("b")), 10, 3)
    assert began == ["a", "b", "b", "a", "a", "b"]


def test_a_contender_stops_at_its_largest_size() -> None:
    spec = _spec(_sum("honest"), replace(_sum("small"), largest=10))
    assert [len(measure(spec, size, 1)) for size in spec.sizes] == [2, 1, 1]


def _document() -> dict[str, Any]:
    spec = replace(
        _spec(_sum("honest"), _sum("slow", run=2.0)),
        asks=(
            Ask("met", "slow", lambda times: times["run"], "s", at_most=2.0),
            Ask("not met", "slow", lambda times: times["run"], "s", at_most=1.9),
            Ask("larger ones only", "slow", lambda times: times["run"], "s", nonzeros=1),
        ),
    )
    found = [m for size in spec.sizes for m in measure(spec, size, 3)]
    return json.loads(json.dumps(document([spec], found, {"repeat": 3}), allow_nan=False))


def test_document_and_tables() -> None:
    doc = _document()
    check_document(doc)
    assert {"persuasion_lp", "highspy", "cvxpy", "numpy"} <= doc["versions"].keys()
    assert doc["machine"]["cores"] >= 1
    assert [row["rounds"] for row in doc["results"]] == [3] * 6
    assert all(row["ratio"]["least"] == row["ratio"]["most"] == 1 for row in doc["results"][::2])
    assert [row["contender"] for row in doc["growth"]] == ["honest", "slow"]
    assert [(row["ask"], row["met"]) for row in doc["asks"]] == [("met", True), ("not met", False)]
    printed = tables(doc)
    assert "toy/sum" in printed
    assert "NOT MET" in printed
    assert "growth (power of the numbers): honest " in printed


def _drop(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda doc: doc.pop(key)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_drop("machine"), "lacks machine"),
        (lambda doc: doc.update(schema=0), "schema 0"),
        (lambda doc: doc["results"].clear(), "holds no results"),
        (lambda doc: doc["results"][0].update(value=math.nan), "value nan"),
        (lambda doc: doc["results"][0].update(rounds=2), "in 2 rounds"),
        (
            lambda doc: doc["results"][0]["seconds"]["solve"].update(samples=[-1, 1, 1]),
            "solve took",
        ),
        (lambda doc: doc["results"][0]["ratio"].update(median=0), "ratio"),
    ],
)
def test_a_damaged_document_is_caught(
    damage: Callable[[dict[str, Any]], None], reason: str
) -> None:
    doc = _document()
    damage(doc)
    with pytest.raises(ValueError, match=reason):
        check_document(doc)


def test_exponents() -> None:
    sizes = [1, 10, 100, 1000]
    assert exponent(sizes, [9, 1, 100, 10_000], exponential=False) == pytest.approx(2)
    assert exponent([2, 4, 6], [1, 64, 4096], exponential=True) == pytest.approx(3)
    assert exponent(sizes[:2], [1, 2], exponential=True) is None


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "bench.json"
    arguments = ["--smoke", "--only", "games/first-best", "--output", str(path)]
    assert main(arguments) == 0
    doc = json.loads(path.read_text(encoding="utf-8"))
    check_document(doc)
    assert {row["spec"] for row in doc["results"]} == {"games/first-best"}
    assert str(path) in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--only", "no such spec"])
    with pytest.raises(SystemExit):
        main(["--repeat", "0"])


def test_results_are_written_as_soon_as_they_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has been measured is in the file when a later spec fails."""
    path = tmp_path / "bench.json"
    first, second = load("games/first-best")[0], load("games/")[0]

    def fails(spec: Spec, size: int, rounds: int) -> Any:
        if spec is second:
            raise WorkNotDoneError("the second spec")
        return measure(spec, size, rounds)

    monkeypatch.setattr("benchmarks.__main__.load", lambda _: [first, second])
    monkeypatch.setattr("benchmarks.__main__.measure", fails)
    with pytest.raises(WorkNotDoneError, match="the second spec"):
        main(["--smoke", "--output", str(path)])
    doc = json.loads(path.read_text(encoding="utf-8"))
    check_document(doc)
    assert {row["spec"] for row in doc["results"]} == {first.name}
    assert {entry.name for entry in tmp_path.iterdir()} == {"bench.json", UNFINISHED}


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_a_problem_of_its_procedure(case: str) -> None:
    problem, procedure, settings = CASES[case]()
    assert procedure in family_of(problem).procedures
    assert all(isinstance(setting, str) for setting in settings)


def test_two_trees_are_compared_case_by_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert against.main([str(against.HERE), "--only", "first-best, 2", "--repeat", "1"]) == 0
    case, median = capsys.readouterr().out.splitlines()[1:]
    *_, there, here, ratio = case.split()
    assert float(ratio) == pytest.approx(float(here) / float(there), abs=0.01)
    assert median.startswith("median of 1 ratios")


def test_a_tree_that_cannot_solve_a_case_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "persuasion_lp").mkdir()
    (tmp_path / "persuasion_lp" / "__init__.py").write_text("raise ImportError('old')")
    assert against.main([str(tmp_path), "--only", "first-best, 2", "--repeat", "1"]) == 1
    assert "does not solve it" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        against.main([str(tmp_path / "nowhere")])
