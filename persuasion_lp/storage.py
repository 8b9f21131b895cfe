"""Files: read within bounds that are known before reading begins, written whole or not at all.

*Reading.* Only regular files are opened for it: a pipe may block for ever, a device may never end
or act on being opened. A file that is larger than its reader takes is refused by its size, and no
more than that is read if it grows. JSON is UTF-8, of bounded depth, and gives no name twice.

*Writing.* What is written goes to a file of another name in the same directory, is synchronized
with the disk, and then takes the name asked for in one step: readers see the file before or the
file after, whatever fails in between. A file that is there is replaced only if that is asked for.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from persuasion_lp.errors import FileError, PersuasionError
from persuasion_lp.inputs import check_flag
from persuasion_lp.shown import shortened, shown

__all__ = [
    "check_levels",
    "check_target",
    "parse_json",
    "path_of",
    "read_input",
    "read_start",
    "read_text",
    "unfinished",
    "write_text",
]

MOST_LEVELS = 64
"""Lists and objects of a JSON document within each other: arrays have at most 24 axes."""

_SPECIAL = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

_BINARY: int = getattr(os, "O_BINARY", 0)
_AT_ONCE: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def read_text(path: str | Path, most: int) -> str:
    """The text of a regular file of at most ``most`` bytes.

    Raises
    ------
    FileError
        For what is no path, no regular file, larger, unreadable, or not UTF-8.
    """
    place = path_of(path)
    with _opened(place, most) as handle:
        content = _read(handle, most + 1)
    _check_size(place, len(content), most)  # it may have grown
    return _decoded(place, content)


def read_start(path: str | Path, count: int, most: int) -> bytes:
    """The first ``count`` bytes of a regular file of at most ``most`` bytes.

    Raises
    ------
    FileError
        For what is no path, no regular file, larger, or unreadable.
    """
    with _opened(path_of(path), most) as handle:
        return _read(handle, count)


@contextmanager
def _opened(place: Path, most: int) -> Iterator[int]:
    """The handle of a regular file that states at most ``most`` bytes."""
    try:
        _refuse_special(place, os.stat(place), "read")
        handle = os.open(place, os.O_RDONLY | _BINARY | _AT_ONCE)
        try:
            opened = os.fstat(handle)
            _refuse_special(place, opened, "read")
            _check_size(place, opened.st_size, most)
            yield handle
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise _failed(place, "read", error) from None


def read_input(most: int) -> str:
    """The text of the standard input, at most ``most`` bytes.

    Raises
    ------
    FileError
        For an input that is closed, larger, or not UTF-8.
    """
    name = "standard input"
    try:
        content = sys.stdin.buffer.read(most + 1)
    except (AttributeError, OSError, ValueError):
        raise FileError(name, "cannot be read") from None
    if len(content) > most:
        raise FileError(name, f"must have at most {most} bytes; it has more")
    return _decoded(name, content)


def parse_json(text: str) -> Any:
    """What a JSON document says.

    Raises
    ------
    ValueError
        For text that is no JSON, gives a name twice in one object (readers differ in which one
        counts), or is nested deeper than :data:`MOST_LEVELS`.
    """
    try:
        data = json.loads(text, object_pairs_hook=_unambiguous)
    except RecursionError:
        raise _too_deep() from None
    return check_levels(data)


def check_levels(data: Any) -> Any:
    """A document whose lists and objects are not too deep within each other.

    Raises
    ------
    ValueError
        For one that is nested deeper than :data:`MOST_LEVELS`.
    """
    level = [data]
    for _ in range(MOST_LEVELS):
        level = [
            entry
            for held in level
            if isinstance(held, list | dict)
            for entry in (held.values() if isinstance(held, dict) else held)
            if isinstance(entry, list | dict)
        ]
        if not level:
            return data
    raise _too_deep()


def write_text(path: str | Path, text: str, *, overwrite: bool = False) -> None:
    """Write a text file, UTF-8, whole or not at all.

    Raises
    ------
    FileError
        As :func:`unfinished`.
    """
    with unfinished(path, overwrite=overwrite) as (handle, _):
        left = memoryview(text.encode("utf-8"))
        while left:
            left = left[os.write(handle, left) :]


@contextmanager
def unfinished(path: str | Path, *, overwrite: bool = False) -> Iterator[tuple[int, Path]]:
    """A new file, open for writing, that takes the place of ``path`` when the block has ended.

    Yields its handle and its name, which has the ending of ``path``. If the block raises, nothing
    is left of it.

    Raises
    ------
    FileError
        As :func:`check_target`, and if the disk is full or anything else fails.
    """
    place = path_of(path)
    check_target(place, overwrite=overwrite)
    target = Path(os.path.realpath(place)) if place.is_symlink() else place
    name = target.with_name(f".{secrets.token_hex(8)}{target.suffix}")
    try:
        handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        try:
            try:
                yield handle, name
                _keep_mode(handle, target)
                os.fsync(handle)
            finally:
                os.close(handle)
            _publish(name, target, overwrite=overwrite)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
        _synchronize(target.parent)
    except FileExistsError:
        raise _taken(place) from None
    except (OSError, ValueError) as error:
        raise _failed(place, "written", error) from None


def check_target(path: str | Path, *, overwrite: bool = False) -> None:
    """Refuse what cannot be written, before the work on what is to be written begins.

    Raises
    ------
    FileError
        For what is no path, is in no directory, is there and no regular file, may not be written,
        or is there without ``overwrite``.
    OptionError
        For an ``overwrite`` that is neither True nor False.
    """
    check_flag("overwrite", overwrite)
    place = path_of(path)
    try:
        if not place.parent.is_dir():
            raise FileError(place, "cannot be written: it must be in a directory that exists")
        _refuse_special(place, os.stat(place), "written")
        if not overwrite:
            raise _taken(place)
        if not os.access(place, os.W_OK):
            raise FileError(place, "cannot be written: permission denied")
    except FileNotFoundError:
        if not overwrite and place.is_symlink():
            raise _taken(place) from None
    except (OSError, ValueError) as error:
        raise _failed(place, "written", error) from None


def _decoded(name: Any, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"cannot be read: it is not UTF-8 (byte {error.start})"
        raise FileError(name, reason) from None


def path_of(path: Any) -> Path:
    """What is given as a path, as one.

    Raises
    ------
    FileError
        For anything else.
    """
    try:
        return Path(path)
    except Exception:
        raise FileError(shown(path), "must be a path") from None


def _refuse_special(place: Path, found: os.stat_result, done: str) -> None:
    for is_one, name in _SPECIAL:
        if is_one(found.st_mode):
            raise FileError(place, f"cannot be {done}: it is {name}, not a regular file")


def _check_size(place: Path, size: int, most: int) -> None:
    if size > most:
        raise FileError(place, f"must have at most {most} bytes; it has {size} or more")


def _failed(place: Path, done: str, error: OSError | ValueError) -> PersuasionError:
    if isinstance(error, PersuasionError):
        return error
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return FileError(place, f"cannot be {done}: {shortened(reason)}")


def _taken(place: Path) -> FileError:
    return FileError(place, "is there already; overwrite=True (--force) replaces it")


def _too_deep() -> ValueError:
    return ValueError(f"it is nested more than {MOST_LEVELS} levels deep")


def _read(handle: int, most: int) -> bytes:
    parts: list[bytes] = []
    while most and (part := os.read(handle, min(most, 1 << 20))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"an object gives a name twice: {shown(name)}")
        found[name] = value
    return found


def _keep_mode(handle: int, target: Path) -> None:
    """Who may read and write is as before."""
    if target.exists() and hasattr(os, "fchmod"):
        os.fchmod(handle, stat.S_IMODE(target.stat().st_mode))


def _publish(name: Path, target: Path, *, overwrite: bool) -> None:
    """Give a finished file its name; without ``overwrite``, only if nothing has it."""
    if overwrite:
        os.replace(name, target)
        return
    try:
        os.link(name, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: the name is claimed first
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        try:
            os.replace(name, target)
        except OSError:
            os.unlink(target)
            raise


def _synchronize(directory: Path) -> None:
    """Make a new name last, where directories can be synchronized."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
