"""Reading: bounded before it begins, regular files only, JSON that says one thing."""

from __future__ import annotations

import os
import pickle
import socket
from pathlib import Path
from typing import Any

import pytest

from persuasion_lp.errors import FileError
from persuasion_lp.storage import MOST_LEVELS, parse_json, read_text


def special(kind: str, folder: Path) -> Path:
    """Something of this kind that is no regular file, or a link to it."""
    path = folder / "it"
    match kind:
        case "a directory":
            path.mkdir()
        case "a pipe":
            os.mkfifo(path)
        case "a socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(str(path))
        case "a device":
            return Path("/dev/zero")
    return path


KINDS = ["a directory", "a pipe", "a socket", "a device"]


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_regular_file_is_refused_by_name(
    kind: str, linked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = special(kind, tmp_path)
    if linked:
        (tmp_path / "link").symlink_to(path)
        path = tmp_path / "link"
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("was opened"))
    with pytest.raises(FileError, match=f"cannot be read: it is {kind}"):
        read_text(path, 100)


@pytest.mark.parametrize("kind", ["a directory", "a pipe"])
def test_a_file_exchanged_before_it_is_opened_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is of a regular file when it is looked at, of something else when it is opened."""
    path, regular = special(kind, tmp_path), tmp_path / "regular"
    regular.write_text("{}")
    looked_at = os.stat(regular)
    monkeypatch.setattr(os, "stat", lambda _: looked_at)
    with pytest.raises(FileError, match=f"it is {kind}"):
        read_text(path, 100)


def test_a_large_file_is_refused_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large"
    path.touch()
    os.truncate(path, 1 << 40)
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("was read"))
    with pytest.raises(FileError, match=f"at most 1000 bytes; it has {1 << 40}"):
        read_text(path, 1000)


@pytest.mark.parametrize("size", [0, 1, 99, 100])
def test_files_up_to_the_limit_are_read(size: int, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    assert read_text(path, 100) == "x" * size
    assert read_text(str(path), 100) == "x" * size


def test_a_file_that_grows_is_read_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size is small when it is opened; more than the limit comes when it is read."""
    path = tmp_path / "file"
    path.write_bytes(b"x" * 101)
    empty = tmp_path / "empty"
    empty.touch()
    small = os.stat(empty)
    asked: list[int] = []
    read = os.read

    def noted(handle: int, n: int) -> bytes:
        asked.append(n)
        return read(handle, n)

    monkeypatch.setattr(os, "fstat", lambda _: small)
    monkeypatch.setattr(os, "read", noted)
    with pytest.raises(FileError, match="at most 100 bytes"):
        read_text(path, 100)
    assert sum(asked) <= 102


@pytest.mark.parametrize("path", [3, None, b"bytes", ["list"], 2.5, True])
def test_what_is_no_path_is_refused(path: Any) -> None:
    with pytest.raises(FileError, match="must be a path"):
        read_text(path, 100)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "No such file"),
        ("nul\0", "null"),
        ("x" * 300, "name too long"),
        ("a/b", "No such file"),
    ],
)
def test_what_cannot_be_opened_says_why(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=f"(?i)cannot be read: .*{reason}"):
        read_text(tmp_path / name, 100)


def test_names_are_printable(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_text(tmp_path / "a\x1b[2J\nb\x07\u202e\udcff", 100)
    assert str(caught.value).isprintable()
    assert r"a\x1b[2J\nb\x07\u202e\udcff" in str(caught.value)


def test_no_handle_is_left(tmp_path: Path) -> None:
    path = tmp_path / "bad"
    path.write_bytes(b"\xff" * 50)
    before = len(os.listdir("/proc/self/fd"))
    for limit in (10, 100):
        for _ in range(20):
            with pytest.raises(FileError):
                read_text(path, limit)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("content", [b"\xff\xfe{\0", b"ab\xc3", b"\xed\xa0\x80", b"\xc0\xaf"])
def test_other_encodings_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(FileError, match="not UTF-8"):
        read_text(path, 100)


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "a": 1}', '[{"x": {"b": 1, "a": 1, "a": 2}}]', '{"a": 1, "\\u0061": 2}'],
)
def test_names_given_twice_are_named(text: str) -> None:
    with pytest.raises(ValueError, match="gives a name twice: 'a'"):
        parse_json(text)


def test_the_same_name_in_two_objects_is_read() -> None:
    assert parse_json('[{"a": 1}, {"a": {"a": 2}}]') == [{"a": 1}, {"a": {"a": 2}}]


@pytest.mark.parametrize("left", ["[", '{"a":'])
def test_depth_is_bounded(left: str) -> None:
    right = "]" if left == "[" else "}"
    leaf = "1"
    parse_json(left * MOST_LEVELS + leaf + right * MOST_LEVELS)
    for depth in (MOST_LEVELS + 1, 500, 100_000):
        with pytest.raises(ValueError, match="levels deep"):
            parse_json(left * depth + leaf + right * depth)


def test_the_error_travels() -> None:
    error = FileError("a\x1bb", "cannot be read: why")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert isinstance(again, FileError)
    assert isinstance(again, OSError)
    assert str(again) == str(error) == r"a\x1bb cannot be read: why"
    assert (again.path, again.reason) == (error.path, error.reason)
