"""Instance files solved from the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from persuasion_lp.cli import main
from persuasion_lp.solve import has_exact_answer
from persuasion_lp.theorems import RationalInstance
from tests.unit.core.test_instance_files import BELIEFS, GAME, MEANS, PLAN, UNIFORM_PLAN, VOTE


def written(problem: Any, tmp_path: Path) -> str:
    path = tmp_path / "instance.json"
    path.write_text(RationalInstance.of(problem).to_json(), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("problem", "results"),
    [(GAME, 5), (BELIEFS, 5), (VOTE, 3), (PLAN, 3), (UNIFORM_PLAN, 3), (MEANS, 1)],
    ids=repr,
)
def test_the_command_line_solves_every_class(
    problem: Any, results: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", written(problem, tmp_path)]) == 0
    out = capsys.readouterr().out
    assert len(re.findall(r"^\w+Result: ", out, re.MULTILINE)) == results
    assert len(out.splitlines()) <= 6 * results
    assert out.count("certificate  ok") == results


def test_the_command_line_solves_exactly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(GAME, tmp_path)
    assert main(["solve", path, "--procedure", "sequential", "--exact"]) == 0
    out = capsys.readouterr().out
    assert "value        37/32" in out
    assert len(out.splitlines()) <= 6
    assert main(["solve", path, "--exact"]) == 0
    assert capsys.readouterr().out.count("ExactResult") == 5
    assert main(["solve", written(PLAN, tmp_path), "--exact"]) == 0
    provable = [has_exact_answer(PLAN, name) for name in ("menu", "single_test", "commitment")]
    assert capsys.readouterr().out.count("ExactResult") == sum(provable)


@pytest.mark.parametrize(
    "arguments",
    [
        ["/nowhere/instance.json"],
        ["BROKEN"],
        ["GAME", "--procedure", "menu"],
        ["UNIFORM", "--exact"],
    ],
)
def test_errors_of_the_command_line_are_one_line(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": "persuasion_lp instance"', encoding="utf-8")
    uniform = tmp_path / "uniform.json"
    uniform.write_text(RationalInstance.of(UNIFORM_PLAN).to_json(), encoding="utf-8")
    paths = {"BROKEN": str(broken), "GAME": written(GAME, tmp_path), "UNIFORM": str(uniform)}
    assert main(["solve", *(paths.get(argument, argument) for argument in arguments)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(r"persuasion-lp: [^\n]+\n", captured.err)


def test_the_command_line_from_outside(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "persuasion_lp", "solve", str(tmp_path / "missing.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
