"""Everything that writes a file: over nothing that is there, whole or not at all, on a full disk.

A disk that is full is played by a process whose files may have so many bytes and no more: the
system refuses the rest, to Python and to HiGHS alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import highspy
import pytest

import persuasion_lp as plp
from benchmarks.__main__ import main as bench
from persuasion_lp import errors, laboratory
from persuasion_lp.cli import main
from persuasion_lp.laboratory import draws
from persuasion_lp.theorems import RationalInstance
from tests.unit.core.test_instance_files import FILES, GAME
from tests.unit.lp.test_highs import public
from tests.unit.storage.test_writing import contents, full

CERTIFICATE = plp.solve(GAME, "sequential", exact=True).certificate


def searched(path: Path, *, overwrite: bool = False) -> None:
    laboratory.search(lambda game: game.n > 3, draws.judges, n=5, path=path, overwrite=overwrite)


WRITERS: dict[str, Callable[..., Any]] = {
    "programme.mps": public(3).write,
    "programme.lp": public(3).write,
    "certificate.json": CERTIFICATE.write,
    "counterexample.json": searched,
}
REFUSED = (errors.FileError, errors.InstanceError)


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_is_there_is_replaced_only_if_that_is_asked_for(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text("before")
    with pytest.raises(REFUSED, match="there already; overwrite=True"):
        WRITERS[name](path)
    assert contents(tmp_path) == {name: "before"}
    WRITERS[name](path, overwrite=True)
    replaced = contents(tmp_path)
    path.unlink()
    WRITERS[name](path)
    assert contents(tmp_path) == replaced != {name: "before"}


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("call", ["open", "fsync"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_fails_leaves_what_was(
    name: str, call: str, overwrite: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if overwrite:
        (tmp_path / name).write_text("before")
    before = contents(tmp_path)
    monkeypatch.setattr(os, call, full)
    with pytest.raises(REFUSED, match="cannot be written: No space left"):
        WRITERS[name](tmp_path / name, overwrite=overwrite)
    monkeypatch.undo()
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", WRITERS)
def test_devices_are_not_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.symlink_to("/dev/full")
    for overwrite in (False, True):
        with pytest.raises(REFUSED, match="it is a device, not a regular file"):
            WRITERS[name](path, overwrite=overwrite)
    assert not Path("/dev/full").is_file()


FULL = """
import pathlib, resource, sys
from tests.people.test_writing_files import WRITERS, contents
name, path, *rooms = sys.argv[1:]
room_before = resource.getrlimit(resource.RLIMIT_FSIZE)
for room in map(int, rooms):
    resource.setrlimit(resource.RLIMIT_FSIZE, room_before)
    pathlib.Path(path).write_text("before")
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room_before[1]))
    try:
        WRITERS[name](path, overwrite=True)
    except Exception as error:
        print(error, contents(pathlib.Path(path).parent) == {name: "before"})
    else:
        print("written")
"""


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_is_an_error(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    WRITERS[name](path)
    size, path_text = path.stat().st_size, str(path)
    whole = path.read_text()
    done = subprocess.run(
        [
            *(sys.executable, "-c", FULL, name, path_text),
            *map(str, (0, 1, size // 2, size - 1, size)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    *refused, written = done.stdout.splitlines()
    assert written == "written", done.stderr
    assert contents(tmp_path) == {name: whole}
    assert len(refused) == 4
    for line in refused:
        assert "cannot be written" in line
        assert line.endswith(" True")


def cut(line: bytes) -> Callable[[bytes], bytes]:
    return lambda text: b"".join(part for part in text.splitlines(True) if line not in part)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("a.mps", lambda text: text[:-1]),
        ("a.mps", lambda _: b""),
        ("a.mps", lambda _: b"ENDATA\n"),
        ("a.mps", cut(b"    pi_0_1_2_0_0_0_0")),
        ("a.mps", cut(b"pi_0_1_2_0_0_1_0  Obj")),
        ("a.lp", lambda text: text[:-1]),
        ("a.lp", lambda _: b"end\n"),
        ("a.lp", lambda text: text[:800] + text[1600:]),
    ],
)
def test_a_programme_with_a_gap_is_not_written(
    name: str,
    damage: Callable[[bytes], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """HiGHS reports success whatever the disk did; the last line and the size are looked at."""
    written = highspy.Highs.writeModel

    def with_a_gap(solver: highspy.Highs, path: str) -> Any:
        status = written(solver, path)
        text = Path(path).read_bytes()
        assert damage(text) != text
        Path(path).write_bytes(damage(text))
        return status

    monkeypatch.setattr(highspy.Highs, "writeModel", with_a_gap)
    with pytest.raises(errors.FileError, match="did not finish it"):
        public(3).write(tmp_path / name)
    assert contents(tmp_path) == {}


def test_every_coefficient_is_written(tmp_path: Path) -> None:
    """HiGHS drops coefficients below 1e-9 unless it is told not to."""
    game = plp.PersuasionGame(
        [0.5, 0.5], [plp.Receiver.from_utility([[0, 0], [-1e-3, 1e-11]], [0, 1])]
    )
    lp = plp.solve(game, "simultaneous").lp
    assert abs(lp.matrix.data).min() < 1e-9
    for ending in ("mps", "lp"):
        path = tmp_path / f"a.{ending}"
        lp.write(path)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("small_matrix_value", 1e-12)
        solver.readModel(str(path))
        assert solver.getNumNz() == lp.nonzeros


def instance(tmp_path: Path) -> str:
    path = tmp_path / "game.json"
    path.write_text(RationalInstance.of(GAME).to_json())
    return str(path)


def test_the_command_line_writes_what_it_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["solve", instance(tmp_path), "--procedure", "sequential", "--exact"]
    output = tmp_path / "answers.txt"
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert main([*arguments, "-o", str(output)]) == 0
    assert capsys.readouterr() == ("", "")
    assert output.read_text() == printed
    assert main([*arguments, "--output", str(output)]) == 2
    assert "is there already; overwrite=True (--force) replaces it" in capsys.readouterr().err
    output.write_text("before")
    assert main([*arguments, "--output", str(output), "--force"]) == 0
    assert output.read_text() == printed


def test_the_command_line_refuses_an_output_before_it_solves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "persuasion_lp.cli.commands.solve", lambda *_, **__: pytest.fail("was solved")
    )
    for output in (tmp_path, "/dev/full", tmp_path / "no" / "x", tmp_path / "a\0"):
        assert main(["solve", instance(tmp_path), "-o", str(output), "--force"]) == 2
        assert "cannot be written" in capsys.readouterr().err


def test_a_search_refuses_a_file_before_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "there.json"
    path.write_text("before")
    with pytest.raises(errors.InstanceError, match="there already"):
        laboratory.search(lambda game: game.n / 0 > 1, draws.judges, path=path)


def test_benchmarks_replace_results_only_if_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bench.json"
    path.write_text("before")
    arguments = ["--smoke", "--only", "games/first-best", "--output", str(path)]
    with pytest.raises(SystemExit) as caught:
        bench(arguments)
    assert caught.value.code == 2
    assert "there already" in capsys.readouterr().err
    assert path.read_text() == "before"
    assert bench([*arguments, "--force"]) == 0
    assert json.loads(path.read_text())["results"]


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "1e-9"])
def test_a_time_limit_reaches_the_solver(
    limit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["solve", instance(tmp_path), "--procedure", "flexible", "--time-limit", limit]
    code = main(arguments)
    said = capsys.readouterr()
    if limit == "1e-9":
        assert code == 3
        assert "the time limit ended the run" in said.err
    else:
        assert code == 2
        assert "time_limit must be positive" in said.err
    assert said.out == ""


@pytest.mark.parametrize("name", ["game", "vote", "plan", "uniform", "means", "beliefs"])
def test_a_time_limit_is_taken_by_every_procedure(
    name: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "instance.json"
    path.write_text(json.dumps(FILES[name]))
    assert main(["solve", str(path), "--time-limit", "60"]) == 0
    limited = capsys.readouterr().out
    assert main(["solve", str(path)]) == 0
    values = [line for line in capsys.readouterr().out.splitlines() if "value " in line]
    assert [line for line in limited.splitlines() if "value " in line] == values


@pytest.mark.parametrize("command", [[], ["solve"], ["verify"], ["reproduce"], ["list"]])
def test_the_exit_codes_are_in_the_help(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    said = capsys.readouterr().out
    codes = [line.split()[0] for line in said.split("exit codes:\n")[1].splitlines()]
    assert codes == ["0", "1", "2", "3", "130"]
