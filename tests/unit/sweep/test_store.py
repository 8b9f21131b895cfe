"""Rows in a file: none lost, none twice, none of another sweep."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import pytest

from persuasion_lp.errors import FileError
from persuasion_lp.sweep.solving import Row
from persuasion_lp.sweep.store import Store

PARTS = {"version": "1", "problem": "a function", "axes": "a"}
ROWS = [
    Row(0, 0, None, 1.0, 0.9999999999999999, 1.0, 0.5, None),
    Row(0, 1, "1,0", 0.1 + 0.2, -math.inf, math.inf, 1e-300, None),
    Row(3, 0, None, math.nan, math.nan, math.nan, 0.0, "an error"),
]


def same(found: list[Row], expected: list[Row]) -> bool:
    return [tuple(map(repr, row)) for row in found] == [tuple(map(repr, row)) for row in expected]


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path, PARTS, resume=True) as store:
        assert list(store.rows()) == []
        store.add(ROWS[1:])
        store.add(ROWS[:1])
    with Store(path, PARTS, resume=True) as store:
        assert same(list(store.rows()), ROWS)
    assert not same(ROWS, ROWS[1:])


def test_rows_are_added_all_or_none_and_never_twice(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite", PARTS, resume=True) as store:
        store.add(ROWS[:1])
        with pytest.raises(FileError, match="UNIQUE"):
            store.add(ROWS[:2])
    with Store(tmp_path / "s.sqlite", PARTS, resume=True) as store:
        assert same(list(store.rows()), ROWS[:1])


def test_a_store_belongs_to_its_sweep(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    Store(path, PARTS, resume=True).close()
    for other in ({**PARTS, "axes": "b"}, {**PARTS, "more": "c"}, {"version": "1"}):
        with pytest.raises(FileError, match="another sweep") as caught:
            Store(path, other, resume=True)
        assert "a there, b here" in str(caught.value) or "nothing" in str(caught.value)
    with pytest.raises(FileError, match="resume=True"):
        Store(path, PARTS, resume=False)


def test_one_sweep_writes_at_a_time_and_all_may_read(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path, PARTS, resume=True) as store:
        store.add(ROWS)
        with pytest.raises(FileError, match="being written by another sweep"):
            Store(path, PARTS, resume=True)
        reader = sqlite3.connect(path)
        assert reader.execute("SELECT count(*) FROM answers").fetchone() == (3,)
        reader.close()
        store.add([ROWS[0]._replace(instance=9)])
    with Store(path, PARTS, resume=True) as store:
        assert len(list(store.rows())) == 4


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a store, and long enough to have a header of its own" * 9)
    with pytest.raises(FileError, match="no store of a sweep"):
        Store(text, PARTS, resume=True)
    assert text.read_text().startswith("not a store")
    other = tmp_path / "other.sqlite"
    file = sqlite3.connect(other)
    file.execute("CREATE TABLE mine (x)")
    file.close()
    with pytest.raises(FileError, match="no store of a sweep"):
        Store(other, PARTS, resume=True)
    with pytest.raises(FileError, match="directory that exists"):
        Store(tmp_path / "no" / "s.sqlite", PARTS, resume=True)
    with pytest.raises(FileError, match="a directory"):
        Store(tmp_path, PARTS, resume=True)


def test_memory_is_not_mistaken_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store(":memory:", PARTS, resume=True) as store:
        store.add(ROWS)
    assert (tmp_path / ":memory:").exists()
