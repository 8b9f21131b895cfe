"""Where the rows of a sweep are saved as they arrive, so that it can be ended and gone on with.

A SQLite file with a write-ahead log: rows are added in transactions, so a process that is killed
leaves all rows of the chunks that arrived and nothing of others. A row is keyed by its instance and
procedure and cannot be there twice. The file says what the sweep is, part by part, and belongs to
no other one. Whoever fills it holds SQLite's lock for writing all the time: a second sweep is
refused, readers are not.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from persuasion_lp.errors import FileError
from persuasion_lp.shown import shortened
from persuasion_lp.storage import check_target, path_of
from persuasion_lp.sweep.solving import Row

__all__ = ["Store"]

FORMAT = "persuasion-lp sweep 1"
"""What the file begins its account of the sweep with."""

_TABLES = """
CREATE TABLE sweep (part TEXT PRIMARY KEY, said TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE answers (
    instance INTEGER NOT NULL, run INTEGER NOT NULL, "order" TEXT,
    value REAL, lower REAL, upper REAL, seconds REAL, error TEXT,
    PRIMARY KEY (instance, run)
) WITHOUT ROWID;
"""

MOST_TOLD = 3
"""Parts of a sweep of which it is said how they differ."""


class Store:
    """An open file of rows; close it, or use it in a ``with`` block.

    Parameters
    ----------
    path
        The file; made if it is not there.
    parts
        What the sweep is, by part.
    resume
        Whether a file that is there is gone on with.

    Raises
    ------
    FileError
        For a file that cannot be written, belongs to another sweep or is being written by one, is
        none of a sweep, or is there without ``resume``.
    """

    def __init__(self, path: Any, parts: Mapping[str, str], *, resume: bool) -> None:
        self.path: Path = path_of(path)
        there = self.path.exists() and self.path.stat().st_size > 0
        check_target(self.path, overwrite=self.path.exists())
        if there and not resume:
            raise FileError(self.path, "is there already; resume=True (--resume) goes on with it")
        try:
            self._file = sqlite3.connect(
                self.path.absolute(), timeout=0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise self._failed(error) from None
        try:
            self._open({"format": FORMAT, **parts})
        except sqlite3.Error as error:
            self._file.close()
            raise self._failed(error) from None
        except FileError:
            self._file.close()
            raise

    def _open(self, parts: Mapping[str, str]) -> None:
        run = self._file.execute
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=NORMAL")
        run("BEGIN IMMEDIATE")
        tables = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            for statement in _TABLES.strip().split(";\n"):
                run(statement)
            self._file.executemany("INSERT INTO sweep VALUES (?, ?)", parts.items())
            self._next()
            return
        if not {"sweep", "answers"} <= tables:
            raise FileError(self.path, "is no store of a sweep")
        found = dict(run("SELECT part, said FROM sweep"))
        differing = [name for name in {**parts, **found} if parts.get(name) != found.get(name)]
        if differing:
            told = "; ".join(
                f"{name}: {_short(found.get(name))} there, {_short(parts.get(name))} here"
                for name in differing[:MOST_TOLD]
            )
            more = f" and {len(differing) - MOST_TOLD} more" if len(differing) > MOST_TOLD else ""
            raise FileError(
                self.path, f"belongs to another sweep ({told}{more}); name another store"
            )

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rows(self) -> Iterator[Row]:
        """All rows that are there.

        Raises
        ------
        FileError
            For a file that cannot be read.
        """
        try:
            for row in self._file.execute("SELECT * FROM answers ORDER BY instance, run"):
                instance, run, order, *numbers, error = row
                value, lower, upper, seconds = (math.nan if x is None else x for x in numbers)
                yield Row(instance, run, order, value, lower, upper, seconds, error)
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def add(self, rows: Iterable[Row]) -> None:
        """Save rows, all of them or none.

        Raises
        ------
        FileError
            If the disk is full, or anything else fails.
        """
        try:
            self._file.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._next()
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def close(self) -> None:
        """Close the file; what has been added stays."""
        try:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self._failed(error) from None
        finally:
            self._file.close()

    def _next(self) -> None:
        """End a transaction, and hold the lock with the next one."""
        self._file.execute("COMMIT")
        self._file.execute("BEGIN IMMEDIATE")

    def _failed(self, error: sqlite3.Error) -> FileError:
        said = str(error)
        if "locked" in said:
            return FileError(self.path, "is being written by another sweep")
        if "not a database" in said:
            return FileError(self.path, "is no store of a sweep")
        return FileError(self.path, f"cannot be written: {shortened(said)}")


def _short(said: str | None) -> str:
    return "nothing" if said is None else shortened(said)
