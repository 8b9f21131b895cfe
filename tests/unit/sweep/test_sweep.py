"""Sweeps in this process and in others: the same rows in the same order."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import (
    ClusterError,
    FileError,
    InputError,
    OptionError,
    PersuasionError,
    ReceiverError,
    SolveError,
)
from persuasion_lp.sweep import engines
from persuasion_lp.sweep.engines import TARGET, Chunks
from persuasion_lp.sweep.solving import Instance
from persuasion_lp.sweep.table import _less
from tests.unit.sweep.makers import AXES, PROCEDURES, comparable, judges, wanting


@pytest.fixture(scope="module")
def swept() -> plp.Sweep:
    return plp.sweep(judges, AXES, PROCEDURES, progress=False)


def test_every_row_is_what_solve_says(swept: plp.Sweep) -> None:
    frame = swept.to_frame()
    assert list(frame.columns) == [
        *AXES,
        *("procedure", "order", "value", "lower", "upper", "seconds", "error"),
    ]
    assert len(frame) == len(swept) == 16
    assert swept.instances == 8
    row: Any
    for number, row in enumerate(frame.itertuples()):
        threshold: Any = AXES["threshold"][number // 4]
        share = AXES["share"][number // 2 % 2]
        assert row.procedure == PROCEDURES[number % 2]
        assert row.share == share
        assert row.threshold == float(Fraction(threshold))
        if threshold == 1.5:
            assert math.isnan(row.value)
            assert str(row.error).startswith("ReceiverError: cutoffs[0] must lie in [0, 1]")
            continue
        answer: Any = plp.solve(judges(threshold, share), row.procedure)
        assert (row.value, row.lower, row.upper) == (answer.value, answer.lower, answer.upper)
        order = None if answer.order is None else ",".join(map(str, answer.order))
        assert row.order == order or (order is None and pd.isna(row.order))
        assert pd.isna(row.error)
        assert row.seconds > 0


def test_gains_are_bracketed(swept: plp.Sweep) -> None:
    gain = swept.gain("sequential", "simultaneous")
    frame = swept.to_frame()
    later, first = (frame[frame.procedure == name].reset_index() for name in PROCEDURES[::-1])
    assert gain.value.equals(later.value - first.value)
    for k in range(6):
        least = Fraction(later.lower[k]) - Fraction(first.upper[k])
        most = Fraction(later.upper[k]) - Fraction(first.lower[k])
        assert Fraction(gain.lower[k]) <= least
        assert most <= Fraction(gain.upper[k])
        assert gain.upper[k] - gain.lower[k] <= float(most - least) + 1e-15
    assert gain.error.notna().tolist() == [False] * 6 + [True] * 2
    assert gain.value[3] == pytest.approx(0.15625)  # KKS, Example 1
    backwards = swept.gain("simultaneous", "sequential")
    assert backwards.value[3] == -gain.value[3]
    with pytest.raises(OptionError, match="did you mean 'sequential'"):
        swept.gain("sequentiel", "simultaneous")


def test_failures_problems_and_words(swept: plp.Sweep) -> None:
    assert swept.failures().index.tolist() == [12, 13, 14, 15]
    assert swept.problem(3) == judges("4/5", 0.5)
    with pytest.raises(ReceiverError):
        swept.problem(6)
    for number in (8, -1, 1.0, True):
        with pytest.raises(OptionError, match="instance must be one of"):
            swept.problem(number)  # type: ignore[arg-type]
    assert swept.axes == AXES
    assert repr(swept) == (
        "Sweep: 8 instances over threshold (4), share (2); simultaneous, sequential: 16 rows, "
        "4 failed"
    )
    told = swept.describe()
    assert "ReceiverError: cutoffs[0] must lie in [0, 1]; got 1.5" in told
    assert "1.55556" in told  # the most that is reached one after the other
    assert "<table" in swept._repr_html_()


def test_parquet_files_hold_the_frame(swept: plp.Sweep, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    swept.to_parquet(path)
    pd.testing.assert_frame_equal(pd.read_parquet(path), swept.to_frame(), check_dtype=False)
    with pytest.raises(FileError, match="there already"):
        swept.to_parquet(path)
    swept.to_parquet(path, overwrite=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["rows.parquet"]


def test_two_processes_give_the_same(swept: plp.Sweep) -> None:
    assert comparable(plp.sweep(judges, AXES, PROCEDURES, workers=2)) == comparable(swept)


def test_frames_and_templates_give_the_same(swept: plp.Sweep) -> None:
    rows = pd.DataFrame(
        {"receivers[*].threshold": [0.6, 0.6, 0.8, 0.8], "prior[0, 1]": [0.5, 0.3, 0.5, 0.3]}
    )
    template = judges("4/5")
    found = plp.sweep(template, rows, "sequential").to_frame()
    expected = swept.to_frame()[lambda frame: frame.procedure == "sequential"].reset_index()
    assert found.value[0] == expected.value[1]
    assert found.value[2] == expected.value[3]
    assert found.error.str.startswith("InstanceError: prior must sum to 1")[[1, 3]].all()


def test_exact_rows_enclose_the_fraction() -> None:
    runs = {"procedure": "sequential", "exact": True}
    frame = plp.sweep(judges, {"threshold": ["4/5", "7/10"]}, runs).to_frame()
    assert (frame.lower[0], frame.upper[0]) == (1.15625, 1.15625)
    value = plp.solve(judges("7/10"), "sequential", exact=True).value
    assert Fraction(frame.lower[1]) < value < Fraction(frame.upper[1])
    assert frame.upper[1] == np.nextafter(frame.lower[1], 2)


def test_a_limit_leaves_its_bracket() -> None:
    def game(n: int) -> plp.PersuasionGame:
        prior = np.random.default_rng(1).dirichlet(np.ones(2**n)).reshape((2,) * n)
        return plp.PersuasionGame(prior, [plp.Receiver.threshold(0.7)] * n, normalize=True)

    run = {"procedure": "simultaneous", "time_limit": 1e-9}
    frame = plp.sweep(game, {"n": [5]}, run).to_frame()
    assert frame.error[0].startswith("LimitError: the time limit")
    assert math.isnan(frame.value[0])
    assert frame.lower[0] <= plp.solve(game(5), "simultaneous").value <= frame.upper[0]


def test_stores_are_gone_on_with(swept: plp.Sweep, tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as interrupted:
        plp.sweep(judges, AXES, PROCEDURES, store=store, progress=stop)
    done, total = seen[-1]
    assert 0 < done < total == 16
    assert f"{done} of 16 rows are saved" in interrupted.value.__notes__[0]
    later: list[int] = []
    again = plp.sweep(
        judges, AXES, PROCEDURES, store=store, progress=lambda rows, _: later.append(rows)
    )
    assert later[0] > done
    assert comparable(again) == comparable(swept)
    solved_once = plp.sweep(judges, AXES, PROCEDURES, store=store)
    assert solved_once.to_frame().equals(again.to_frame())
    with pytest.raises(FileError, match="resume=True"):
        plp.sweep(judges, AXES, PROCEDURES, store=store, resume=False)
    with pytest.raises(FileError, match="another sweep"):
        plp.sweep(judges, {**AXES, "share": [0.5]}, PROCEDURES, store=store)
    with pytest.raises(FileError, match="another sweep"):
        plp.sweep(judges, AXES, "sequential", store=store)
    with pytest.raises(FileError, match="another sweep"):
        plp.sweep(lambda threshold, share: judges(threshold, share), AXES, PROCEDURES, store=store)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_first_error_is_raised_where_that_is_asked(workers: int, tmp_path: Path) -> None:
    with pytest.raises(ReceiverError, match=r"cutoffs\[0\]") as caught:
        plp.sweep(judges, AXES, PROCEDURES, on_error="raise", workers=workers)
    told = [
        f"instance {6 + k} of the sweep (threshold = 1.5, share = {0.3 + k / 5})" for k in (0, 1)
    ]
    assert caught.value.__notes__[0] in told[:workers]  # of several, whichever is seen first


@pytest.mark.parametrize("workers", [1, 2])
def test_whatever_is_raised_is_recorded(workers: int) -> None:
    frame = plp.sweep(
        wanting, {"threshold": [0.6, 0.75, 0.9]}, "simultaneous", workers=workers
    ).to_frame()
    assert pd.isna(frame.error[0])
    assert frame.error[1].startswith("InputError: problem must be one of")
    assert frame.error[2] == "UnreadableError: cannot be sent"


def test_errors_that_cannot_be_sent_are_told() -> None:
    grid = {"threshold": [0.9, 0.95]}
    with pytest.raises(SolveError, match="UnreadableError: cannot be sent"):
        plp.sweep(wanting, grid, "simultaneous", workers=2, on_error="raise")


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"procedures": "sequentiel"}, InputError, "did you mean 'sequential'"),
        ({"procedures": {"procedure": "sequential", "orders": 1}}, OptionError, "'order'"),
        ({"grid": {"treshold": [0.5]}}, OptionError, "did you mean 'threshold'"),
        ({"build": lambda threshold, share: 3}, OptionError, "build must return a problem"),
        ({"workers": 0}, OptionError, "workers must be"),
        ({"workers": 1.5}, OptionError, "workers must be"),
        ({"backend": "dusk"}, OptionError, "did you mean 'dask'"),
        ({"client": 3}, OptionError, 'backend="dask"'),
        ({"client": 3, "backend": "dask"}, OptionError, "distributed.Client"),
        ({"on_error": "ignore"}, OptionError, "record, raise"),
        ({"resume": 1}, OptionError, "True or False"),
        ({"progress": 1}, OptionError, "True or False"),
        ({"store": 3}, FileError, "must be a path"),
        ({"worker": 2}, OptionError, "did you mean 'workers'"),
    ],
)
def test_what_cannot_be_swept_is_refused(
    change: dict[str, Any], error: type[PersuasionError], told: str
) -> None:
    given: dict[str, Any] = {"build": judges, "grid": AXES, "procedures": PROCEDURES, **change}
    with pytest.raises(error) as caught:
        plp.sweep(**given)
    assert told in str(caught.value)


class Watched(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is watched."""
        return True


def test_terminals_show_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, progress in ((Watched(), True), (Watched(), False), (io.StringIO(), True)):
        monkeypatch.setattr("sys.stderr", stream)
        plp.sweep(judges, {"threshold": [0.6, 0.7]}, PROCEDURES, progress=progress)
        shown = stream.getvalue()
        assert bool(shown) is (stream.isatty() and progress)
        if shown:
            assert "of 4 rows" in shown
            assert shown.endswith("\r")


def instances(count: int) -> Iterator[Instance]:
    return (Instance(k, (), (0,)) for k in range(count))


def test_chunks_take_about_as_long_as_they_should_and_are_shared() -> None:
    chunks = Chunks(instances(10_000), 10_000, workers=2)
    assert len(next(chunks)) == 1
    chunks.told(1, 0.01)
    assert len(next(chunks)) == round(TARGET / 0.01)
    chunks.told(50, 0.5)
    sizes = [len(chunk) for chunk in chunks]
    assert sum(sizes) == 9_949
    assert max(sizes) == 50
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 1  # at the end all have something to do


def test_workers_that_end_abruptly_are_told(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    with pytest.raises(ClusterError, match="ended abruptly") as caught:
        plp.sweep(deadly, {"threshold": [0.6, 0.7, 0.95]}, "simultaneous", workers=2, store=store)
    assert caught.value.store == str(store)
    assert "the same call goes on from there" in str(caught.value)
    assert caught.value.rows == 3


def deadly(threshold: float) -> plp.PersuasionGame:
    """Ends the process that it runs in, unless that is the first."""
    import multiprocessing
    import os

    if threshold > 0.9 and multiprocessing.parent_process() is not None:
        os._exit(1)
    return judges(threshold)


class Deserted:
    """A client of a cluster that has no workers."""

    status = "running"

    def nthreads(self) -> dict[str, int]:
        """None."""
        return {}

    def submit(self, *arguments: Any, **settings: Any) -> Any:
        """Nothing can be sent."""
        raise AssertionError


def test_a_cluster_without_workers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("ASKED", 0.01), ("LONELY", 0.05), ("POLL", 0.001)):
        monkeypatch.setattr(engines, name, seconds)

    class Never:
        def is_empty(self) -> bool:
            return False

        def next_batch(self, *, block: bool) -> list[Any]:
            return []

    with pytest.raises(engines.LostError, match="no workers"):
        list(engines._arriving(Deserted(), Never()))


def test_differences_are_rounded_outwards_where_they_are_not_exact() -> None:
    rng = np.random.default_rng(3)
    a = np.concatenate([rng.normal(size=500) * 10.0 ** rng.integers(-9, 9, 500), [1.0, 0.0, 0.3]])
    b = np.concatenate([rng.normal(size=500), [0.25, 0.0, 0.1]])
    low, high = _less(a, b, -np.inf), _less(a, b, np.inf)
    for x, y, least, most in zip(a, b, low, high, strict=True):
        exact = Fraction(x) - Fraction(y)
        assert Fraction(least) <= exact <= Fraction(most)
        assert least == most == exact or Fraction(least) < exact < Fraction(most)
    assert (low[-3:-1] == [0.75, 0]).all()
    assert np.isnan(_less(np.array([np.nan]), np.array([1.0]), np.inf)).all()
