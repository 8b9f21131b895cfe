"""Files and arguments that mean harm, from the command line: named at once, on one plain line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from persuasion_lp.cli import main
from persuasion_lp.errors import VerificationError
from persuasion_lp.files import MAX_FILE_BYTES
from persuasion_lp.lp.certificate_file import MAX_CERTIFICATE_BYTES
from tests.certificate_support import HONEST, signed
from tests.unit.core.test_instance_files import FILES
from tests.unit.storage.test_reading import KINDS, special

COMMANDS = ["solve", "verify"]
LOUD = "\x1b]0;title\x07\x1b[2Jproved\r\n\u202e"


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """The one line that is said, and nothing else."""
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    line = said.err.removesuffix("\n")
    assert line.startswith("persuasion-lp: ")
    assert line.isprintable()
    assert len(line) <= 1000
    return line


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_does_not_block(kind: str, command: str, tmp_path: Path) -> None:
    path = special(kind, tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "persuasion_lp", command, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert f"cannot be read: it is {kind}, not a regular file" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("command", "most"), [("solve", MAX_FILE_BYTES), ("verify", MAX_CERTIFICATE_BYTES)]
)
def test_a_large_file_is_not_read(
    command: str,
    most: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "large.json"
    path.touch()
    os.truncate(path, 574 * 2**20)
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("was read"))
    assert f"must have at most {most} bytes" in refused(capsys, [command, str(path)])


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["missing" + LOUD, "nul\0", "é" * 200, "\udcff"])
def test_names_do_not_reach_the_terminal(
    command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "cannot be read" in refused(capsys, [command, str(tmp_path / name)])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_there_by_a_loud_name(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"a{LOUD}.json"
    path.write_text("{")
    assert "JSON" in refused(capsys, [command, str(path)])


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "x", LOUD],
        [LOUD],
        ["solve", "x", "--procedure"],
        ["solve", "x", f"--{LOUD}"],
        ["solve", "x", "--time-limit", LOUD],
        ["reproduce", "a", "b" * 10_000],
    ],
)
def test_arguments_do_not_reach_the_terminal(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.replace("\n", "").isprintable()
    assert max(map(len, said.splitlines())) < 1100


@pytest.mark.parametrize("name", ["receivers", "prior", "problem", "format", "version"])
def test_an_instance_that_gives_a_name_twice_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "twice.json"
    text = json.dumps(FILES["game"])
    path.write_text(text[:-1] + f', "{name}": {json.dumps(FILES["game"][name])}}}')
    assert f"gives a name twice: '{name}'" in refused(capsys, ["solve", str(path)])


def test_a_receiver_that_gives_a_name_twice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "twice.json"
    text = json.dumps(FILES["game"])
    path.write_text(text.replace('"cutoffs": ["4/5"]', '"cutoffs": ["1/5"], "cutoffs": ["4/5"]', 1))
    assert "gives a name twice: 'cutoffs'" in refused(capsys, ["solve", str(path)])


@pytest.mark.parametrize("version", ["1.0", "2", "true", '"1"', "1e0", "null", "[1]", "10" * 9])
def test_other_versions_are_refused(
    version: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "version.json"
    for command, document in (("solve", FILES["game"]), ("verify", HONEST)):
        path.write_text(json.dumps(document).replace('"version": 1', f'"version": {version}'))
        assert "version" in refused(capsys, [command, str(path)])


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "content",
    [b"\xff{", b'{"a": "\xc3"}', b"", b"\0" * 100, b"[" * 10**6, b'{"a":' * 10**6, b"1" * 10**5],
)
def test_what_is_no_document_is_refused(
    command: str, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    refused(capsys, [command, str(path)])


@pytest.mark.parametrize("place", ["prior", "receivers", "payoff", "problem", "version", "format"])
@pytest.mark.parametrize(
    "entry", [LOUD, {LOUD: 1}, [LOUD] * 5, "9" * 10**5, [[[[[[[]]]]]]], 10**4000, -1, 1e300]
)
def test_entries_do_not_reach_the_terminal(
    place: str, entry: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "entries.json"
    path.write_text(json.dumps({**FILES["game"], place: entry}))
    refused(capsys, ["solve", str(path)])


def test_what_a_certificate_says_is_bounded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "talkative.json"
    path.write_text(signed(about={f"{LOUD}{k}": LOUD for k in range(10**5)}))
    assert main(["verify", str(path)]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert len(lines) == 24
    assert all(line.isprintable() and len(line) <= 1000 for line in lines)
    assert lines[20:23] == [
        "and 99980 more that the file says",
        "4 columns, 3 rows, value 3/5",
        "proved",
    ]


@pytest.mark.parametrize("value", [[[0] * 1000] * 1000, {"a": "b" * 10**6}, [LOUD] * 10**5])
def test_what_a_certificate_says_in_lists_is_bounded(
    value: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "talkative.json"
    path.write_text(signed(about={"x": value, "order": [0, 1, 2]}))
    assert main(["verify", str(path)]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert all(line.isprintable() and len(line) <= 1000 for line in lines)
    assert lines[1] == "order: [0, 1, 2]"


def test_a_long_list_is_shown_in_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "long.json"
    path.write_text(signed(about={"x": [0] * 150}))
    assert main(["verify", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "x: [" + "0, " * 100 + "...]"


def test_an_error_is_one_line_whatever_it_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        raise VerificationError(LOUD)

    monkeypatch.setattr("persuasion_lp.cli.commands.verify_file", fails)
    refused(capsys, ["verify", "file"])


def test_names_of_blocks_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "blocks.json"
    columns = [[LOUD, HONEST["columns"][0][1]]] * 2
    path.write_text(signed(columns=columns))
    refused(capsys, ["verify", str(path)])


@pytest.mark.parametrize("procedure", ["simultaneous", "sequential", "intermediate", "flexible"])
def test_very_many_receivers_are_refused_by_name(
    procedure: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "many.json"
    receiver = {"cutoffs": ["4/5"], "payoffs": ["0", "1"], "about": None}
    document = {**FILES["game"], "prior": ["1/2", "1/2"], "receivers": [receiver] * 1100}
    path.write_text(json.dumps(document))
    for more in ([], ["--exact"]):
        started = time.perf_counter()
        arguments = ["solve", str(path), "--procedure", procedure, *more]
        assert "memory_limit (4 GiB) is below" in refused(capsys, arguments)
        assert time.perf_counter() - started < 60
