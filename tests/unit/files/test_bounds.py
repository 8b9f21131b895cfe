"""Files that mean harm: refused at once, by name, on one plain line; and where files come from."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import persuasion_lp as plp
from persuasion_lp.errors import InstanceError
from persuasion_lp.files import MAX_FILE_BYTES, read, read_file
from tests.unit.files.test_mistakes import GAME, JUDGE, TWO
from tests.unit.storage.test_reading import KINDS, special

HOSTILE: dict[str, tuple[str, str]] = {
    "lists within lists": ("prior = " + "[" * 100_000, "nested more than 64 levels"),
    "closed lists": ("prior = " + "[" * 70 + "]" * 70, "nested more than 64 levels"),
    "tables within tables": ("prior = " + "{a = " * 100_000, "nested more than 64 levels"),
    "a dotted key": (".".join("a" * 2_000_000) + " = 1", "a key has more than 64 parts"),
    "a dotted key in quotes": (
        " . ".join(['"a"', "'b.c'", "d-e"] * 50_000) + " = 1",
        "a key has more than 64 parts",
    ),
    "a dotted table": ("[" + ".".join("a" * 1000) + "]", "a key has more than 64 parts"),
    "a long number": ("prior = " + "9" * 4_000_000, "must be a TOML file"),
    "a large number": (GAME + "prior = [1" + "0" * 400 + "]\n" + JUDGE, "a finite number"),
    "long words": ("a" * 4_000_000, "must be a TOML file"),
    "many keys": ("\n".join(f"k{i} = 1" for i in range(100_000)), "is missing"),
    "control characters": ('problem = "\\u001b[2J\\u202e"', "problem must be one of"),
    "raw control characters": ('problem = "\x1b[2J"', "must be a TOML file"),
    "a key of control characters": (TWO + '"\\u001b[2J\\n" = 1', "no key here"),
    "a date": ("problem = 2024-01-01T00:00:00Z", "problem must be one of"),
    "a date that there is not": ("problem = 2024-13-41", "must be a TOML file"),
    "no text": ("\x00" * 1000, "must be a TOML file"),
    "half a character": ('problem = "\\ud800"', "must be a TOML file"),
    "a number for each state": (
        GAME + "prior = [" + "[" * 22 + "1" + "]" * 22 + ", 1]\n" + JUDGE,
        "prior[1] must be a list of",
    ),
    "too many axes": (GAME + "prior = " + "[" * 30 + "1" + "]" * 30 + "\n" + JUDGE, "24 axes"),
}


def refusal(path: Path) -> InstanceError:
    started = time.perf_counter()
    with pytest.raises(InstanceError) as caught:
        read_file(path)
    assert time.perf_counter() - started < 10
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 600
    return caught.value


@pytest.mark.parametrize("name", HOSTILE)
def test_harm_is_refused(name: str, tmp_path: Path) -> None:
    text, said = HOSTILE[name]
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8", newline="")
    assert said in str(refusal(path))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_refused(kind: str, tmp_path: Path) -> None:
    error = refusal(special(kind, tmp_path))
    assert error.field == "path"
    assert f"cannot be read: it is {kind}, not a regular file" in str(error)


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("#" * (MAX_FILE_BYTES + 1))
    assert f"at most {MAX_FILE_BYTES} bytes" in str(refusal(path))


def test_dotted_text_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    rows = ", ".join(["0.001"] * 1000)
    top = f'{GAME}prior = [{rows}]\ndescription = "{"a. b " * 500}"\n'
    path.write_text(f"{top}{JUDGE}about = [{'1, ' * 1000}]\n")
    assert read(path).prior.size == 1000


def test_line_ends_and_marks_of_other_systems_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(("\ufeff" + TWO).replace("\n", "\r\n").encode())
    assert read(path).n == 2


JSON = '{"problem": "PersuasionGame", "prior": [0.5, 0.5], "receivers": [{"threshold": "1/2"}]}'


@pytest.mark.parametrize("text", [TWO, JSON])
def test_standard_input_is_read(text: str) -> None:
    code = "import persuasion_lp as p; print(p.read('-').n)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == f"{text.count('threshold')}\n"


def given(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    given(b"#" * (MAX_FILE_BYTES + 1), monkeypatch)
    with pytest.raises(InstanceError, match="standard input: path must have at most"):
        read("-")
    given(b"\xff", monkeypatch)
    with pytest.raises(InstanceError, match="it is not UTF-8"):
        read("-")
    given(b"problem = 3", monkeypatch)
    with pytest.raises(InstanceError, match=r"standard input: problem must be one of") as caught:
        read("-")
    assert caught.value.file == "standard input"
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InstanceError, match="cannot be read"):
        read("-")


def test_a_file_may_be_called_minus(tmp_path: Path) -> None:
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        Path("-").write_text(TWO)
        assert read(Path("./-")).n == 2
    finally:
        os.chdir(before)


def test_nothing_is_overwritten_or_left(tmp_path: Path) -> None:
    game = plp.PersuasionGame([0.5, 0.5], [plp.Receiver.threshold(0.5)])
    (tmp_path / "mine.toml").write_text("precious")
    with pytest.raises(plp.errors.FileError, match="is there already"):
        plp.write(game, tmp_path / "mine.toml")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]
    assert (tmp_path / "mine.toml").read_text() == "precious"
