"""Writing: whole or not at all, over nothing that is there, and a failure is an error."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from persuasion_lp.errors import FileError, OptionError
from persuasion_lp.storage import check_target, unfinished, write_text
from tests.hostile_values import raising
from tests.unit.storage.test_reading import KINDS, special


def contents(folder: Path) -> dict[str, str]:
    """What is in a folder, hidden files included."""
    return {entry.name: entry.read_text() for entry in folder.iterdir() if entry.is_file()}


def test_a_new_file(tmp_path: Path) -> None:
    write_text(tmp_path / "new", "θ\n" * 100_000)
    assert contents(tmp_path) == {"new": "θ\n" * 100_000}
    write_text(str(tmp_path / "empty"), "")
    assert contents(tmp_path)["empty"] == ""


def test_who_may_read_it_is_as_for_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_text(tmp_path / "new", "x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    with pytest.raises(FileError, match="there already; overwrite=True"):
        write_text(path, "after")
    assert contents(tmp_path) == {"file": "before"}


def test_a_file_is_replaced_if_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    path.chmod(0o640)
    with path.open() as opened:
        write_text(path, "after", overwrite=True)
        assert opened.read() == "before"
    assert contents(tmp_path) == {"file": "after"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_that_appears_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    unfinished_here = unfinished(path)
    handle, _ = unfinished_here.__enter__()
    os.write(handle, b"ours")
    path.write_text("theirs")
    with pytest.raises(FileError, match="there already"):
        unfinished_here.__exit__(None, None, None)
    assert contents(tmp_path) == {"file": "theirs"}


def test_without_links_nothing_is_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "file"
    write_text(path, "first")
    with pytest.raises(FileError, match="there already"):
        write_text(path, "second")
    other = tmp_path / "other"
    with pytest.raises(FileError, match="there already"), unfinished(other):
        other.write_text("theirs")
    assert contents(tmp_path) == {"file": "first", "other": "theirs"}
    monkeypatch.setattr(os, "replace", no_links)
    with pytest.raises(FileError, match="no links here"):
        write_text(tmp_path / "third", "x")
    assert contents(tmp_path) == {"file": "first", "other": "theirs"}


def test_links_are_kept(tmp_path: Path) -> None:
    link, far = tmp_path / "link", tmp_path / "far"
    far.mkdir()
    link.symlink_to(far / "file")
    with pytest.raises(FileError, match="there already"):
        write_text(link, "x")
    for text in ("first", "second"):
        write_text(link, text, overwrite=True)
        assert link.is_symlink()
        assert contents(far) == {"file": text}


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_regular_file_is_not_written(kind: str, overwrite: bool, tmp_path: Path) -> None:
    path = special(kind, tmp_path)
    before = path.stat().st_mode
    for act in (check_target, lambda place, overwrite: write_text(place, "", overwrite=overwrite)):
        with pytest.raises(FileError, match=f"cannot be written: it is {kind}"):
            act(path, overwrite=overwrite)
    assert path.stat().st_mode == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [("no/where", "directory that exists"), ("x" * 300, "(?i)too long"), ("nul\0", "null")],
)
def test_what_cannot_be_written_says_why(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=reason):
        write_text(tmp_path / name, "x")
    assert contents(tmp_path) == {}


def test_a_file_that_may_not_be_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FileError, match="permission"):
        write_text(path, "after", overwrite=True)
    assert contents(tmp_path) == {"file": "before"}


@pytest.mark.parametrize("overwrite", ["False", 1, None, np.array(True)])
def test_truthiness_is_no_consent(overwrite: Any, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="overwrite must be True or False"):
        write_text(tmp_path / "file", "x", overwrite=overwrite)


def test_a_flag_of_numpy_is_one(tmp_path: Path) -> None:
    write_text(tmp_path / "file", "before", overwrite=np.bool_(False))  # type: ignore[arg-type]
    write_text(tmp_path / "file", "after", overwrite=np.bool_(True))  # type: ignore[arg-type]
    assert contents(tmp_path) == {"file": "after"}


@pytest.mark.parametrize("path", [raising("__fspath__")])
def test_what_raises_is_no_path(path: Any) -> None:
    with pytest.raises(FileError, match="must be a path"):
        write_text(path, "x")


def full(*_: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("call", ["write", "fsync", "open"])
def test_a_full_disk_is_an_error_and_leaves_what_was(
    call: str, overwrite: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    if overwrite:
        path.write_text("before")
    before = contents(tmp_path)
    monkeypatch.setattr(os, call, full)
    with pytest.raises(FileError, match="cannot be written: No space left on device"):
        write_text(path, "after", overwrite=overwrite)
    monkeypatch.undo()
    assert contents(tmp_path) == before


def test_the_disk_has_it_before_the_name_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def noted(name: str) -> Callable[..., Any]:
        act = getattr(os, name)

        def call(*given: Any) -> Any:
            done.append(name)
            return act(*given)

        return call

    for name in ("write", "fsync", "link", "replace"):
        monkeypatch.setattr(os, name, noted(name))
    write_text(tmp_path / "file", "x")
    assert done == ["write", "fsync", "link", "fsync"]
    done.clear()
    write_text(tmp_path / "file", "x", overwrite=True)
    assert done == ["write", "fsync", "replace", "fsync"]


def test_a_short_write_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:3]))
    write_text(tmp_path / "file", "0123456789")
    assert contents(tmp_path) == {"file": "0123456789"}


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ZeroDivisionError, MemoryError])
def test_whatever_interrupts_nothing_is_left(failure: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")

    def interrupted() -> None:
        with unfinished(path, overwrite=True) as (handle, name):
            os.write(handle, b"half")
            assert name.parent == tmp_path
            assert name.read_text() == "half"
            raise failure

    with pytest.raises(failure):
        interrupted()
    assert contents(tmp_path) == {"file": "before"}


def test_no_handle_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        write_text(tmp_path / "file", "x", overwrite=True)
    monkeypatch.setattr(os, "write", full)
    for _ in range(20):
        with pytest.raises(FileError):
            write_text(tmp_path / "file", "x", overwrite=True)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_directory_that_cannot_be_synchronized_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, calls = os.fsync, []

    def of_files_only(handle: int) -> None:
        calls.append(handle)
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not of directories")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", of_files_only)
    write_text(tmp_path / "file", "x")
    assert len(calls) == 2
    assert contents(tmp_path) == {"file": "x"}
