"""Runs of the benchmarks that were interrupted go on; memory, page and picture of a run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import memory, readme
from benchmarks.journal import Journal
from benchmarks.registry import Contender, Outcome, Spec
from benchmarks.report import document
from benchmarks.runner import Measurement, measure


def counted(sizes: tuple[int, ...] = (1, 2, 3), name: str = "toy/count") -> tuple[Spec, list[int]]:
    """A spec, and the sizes at which it was run."""
    runs: list[int] = []

    def build(n: int) -> int:
        runs.append(n)
        return n

    def decode(n: int) -> Outcome:
        return Outcome(float(n), lambda: float(n))

    counting = Contender("counting", build, lambda n: n, decode)
    return Spec(name, "numbers", sizes, int, (counting,)), runs


def test_a_journal_gives_back_what_was_measured(tmp_path: Path) -> None:
    spec, _ = counted()
    path, key = tmp_path / "a.jsonl", {"sources": "1", "versions": {"numpy": "2"}}
    found = measure(spec, 2, 2)
    Journal(path, key, resume=True).put(spec.name, 2, found)
    with path.open("a") as file:
        file.write('{"key": {"sour')
    again = Journal(path, key, resume=True).get(spec.name, 2)
    assert again is not None
    assert again == found
    assert Journal(path, key, resume=True).get(spec.name, 3) is None
    assert Journal(path, {**key, "sources": "2"}, resume=True).get(spec.name, 2) is None
    assert path.read_text() == ""


def test_a_journal_begins_empty_unless_it_goes_on(tmp_path: Path) -> None:
    spec, _ = counted()
    path = tmp_path / "a.jsonl"
    Journal(path, {}, resume=False).put(spec.name, 1, measure(spec, 1, 1))
    journal = Journal(path, {}, resume=False)
    assert journal.get(spec.name, 1) is None
    journal.done()
    assert not path.exists()


def run(
    monkeypatch: pytest.MonkeyPatch, spec: Spec, tmp_path: Path, *options: str
) -> dict[str, Any]:
    monkeypatch.setattr(command, "load", lambda _: (spec,))
    output = tmp_path / "out.json"
    assert command.main(["--output", str(output), "--force", "--repeat", "1", *options]) == 0
    return dict(json.loads(output.read_text()))


def test_an_interrupted_run_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole, runs = counted()
    broken, _ = counted()

    def interrupted(spec: Spec, size: int, rounds: int) -> list[Measurement]:
        if size == 3:
            raise KeyboardInterrupt
        return measure(spec, size, rounds)

    with monkeypatch.context() as patch:
        patch.setattr(command, "measure", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(patch, broken, tmp_path)
    doc = run(monkeypatch, whole, tmp_path, "--resume")
    assert [row["size"] for row in doc["results"]] == [1, 2, 3]
    assert runs == [1, 3]  # once to warm up
    assert not (tmp_path / command.UNFINISHED).exists()


def test_a_quick_run_stops_where_the_next_size_would_take_long(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec, runs = counted()
    monkeypatch.setattr(command, "QUICK_SECONDS", 1e-12)
    assert [row["size"] for row in run(monkeypatch, spec, tmp_path, "--quick")["results"]] == [1]
    assert set(runs) == {1}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells the peak")
def test_the_peak_is_seen() -> None:
    held = memory.start()
    np.ones(2**25)
    (peak,) = memory.above(held)
    assert 0.9 * 2**28 < peak < 1.2 * 2**28
    assert memory.above(None) == []


def test_page_and_picture(tmp_path: Path) -> None:
    specs = [counted(name=name)[0] for name in readme.DRAWN[:3]]
    found = [m for spec in specs for size in spec.sizes for m in measure(spec, size, 1)]
    doc = document(specs, found, {})
    assert all(name in readme.text(doc) for name in readme.DRAWN[:3])
    readme.draw(doc, tmp_path / "times.png")
    assert (tmp_path / "times.png").read_bytes().startswith(b"\x89PNG")
