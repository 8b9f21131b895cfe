"""Sweeps as people run them: from the command line, killed and gone on with, on a cluster."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import persuasion_lp as plp
from persuasion_lp.cli import main
from tests.people.cluster import EVENTS
from tests.unit.sweep.makers import PROCEDURES, comparable, judges, slow_judges

ROOT = Path(__file__).parents[2]
Captured = pytest.CaptureFixture[str]

WAITS = 60.0
"""Seconds after which a process that should have got somewhere is given up."""


def numbers(count: int, low: float, high: float) -> list[float]:
    return [low + (high - low) * k / (count - 1) for k in range(count)]


def saved(store: Path) -> int:
    """How many rows a store holds, while another process writes it."""
    if not store.exists():
        return 0
    file = sqlite3.connect(store)
    try:
        found: int = file.execute("SELECT count(*) FROM answers").fetchone()[0]
    except sqlite3.OperationalError:
        found = 0
    finally:
        file.close()
    return found


def killed_at(rows: int, command: list[str], store: Path) -> int:
    """Run a command until its store holds so many rows, then kill it and its children."""
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    end = time.monotonic() + WAITS
    while saved(store) < rows:
        assert process.poll() is None, "it ended before it was killed"
        assert time.monotonic() < end
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return saved(store)


def killed_twice(tmp_path: Path, axes: dict[str, list[Any]], at: tuple[int, int]) -> None:
    """A sweep that was killed twice has the rows of one that was not, each once."""
    store = tmp_path / "s.sqlite"
    script = (
        "import sys, json, persuasion_lp as plp\n"
        "from tests.unit.sweep.makers import slow_judges\n"
        "store, axes, procedures, workers = json.loads(sys.argv[1])\n"
        "plp.sweep(slow_judges, axes, procedures, store=store, workers=workers)\n"
    )
    for workers, rows in zip((1, 2), at, strict=True):
        given = json.dumps([str(store), axes, PROCEDURES, workers])
        found = killed_at(rows, [sys.executable, "-c", script, given], store)
        assert rows <= found < len(PROCEDURES) * len(axes["threshold"]) * len(axes["share"])
    after: list[int] = []
    swept = plp.sweep(
        slow_judges, axes, PROCEDURES, store=store, progress=lambda done, _: after.append(done)
    )
    assert after[0] > found
    assert comparable(swept) == comparable(plp.sweep(judges, axes, PROCEDURES))
    assert saved(store) == len(swept)


def test_a_killed_sweep_goes_on_and_loses_and_repeats_nothing(tmp_path: Path) -> None:
    killed_twice(tmp_path, {"threshold": numbers(8, 0.6, 1.02), "share": [0.3, 0.5, 0.9]}, (4, 20))


@pytest.mark.nightly
def test_five_thousand_instances_killed_twice(tmp_path: Path) -> None:
    axes = {"threshold": numbers(100, 0.5, 1.005), "share": numbers(50, 0.0, 1.0)}
    killed_twice(tmp_path, axes, (1500, 5000))


@pytest.mark.nightly
def test_five_thousand_instances_are_the_same_everywhere(tmp_path: Path) -> None:
    axes = {"threshold": numbers(100, 0.5, 1.005), "share": numbers(50, 0.0, 1.0)}
    alone = comparable(plp.sweep(judges, axes, PROCEDURES))
    assert comparable(plp.sweep(judges, axes, PROCEDURES, workers=4)) == alone
    assert on_cluster("nothing", tmp_path / "s.sqlite", axes) == alone


def on_cluster(event: str, store: Path, axes: dict[str, list[Any]]) -> str:
    """The rows of a sweep on a cluster, or what it raised."""
    assert event in EVENTS
    command = [sys.executable, "-m", "tests.people.cluster", event, str(store), json.dumps(axes)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_cluster_that_loses_a_worker_gives_the_same(tmp_path: Path) -> None:
    axes = {"threshold": numbers(8, 0.6, 1.02), "share": [0.3, 0.5, 0.9]}
    found = on_cluster("a worker is killed", tmp_path / "s.sqlite", axes)
    assert found == comparable(plp.sweep(judges, axes, PROCEDURES))


def test_a_cluster_that_goes_away_is_told_with_what_is_saved(tmp_path: Path) -> None:
    axes = {"threshold": numbers(8, 0.6, 1.02), "share": [0.3, 0.5, 0.9]}
    store = tmp_path / "s.sqlite"
    told = on_cluster("the cluster is closed", store, axes)
    assert told.startswith("ClusterError: the cluster ")
    assert f"; {saved(store)} of 48 rows are solved and saved in {store}" in told
    assert 0 < saved(store) < 48
    again = plp.sweep(slow_judges, axes, PROCEDURES, store=store)
    assert comparable(again) == comparable(plp.sweep(judges, axes, PROCEDURES))


def test_from_a_template_to_a_table(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "sweep", "-o", "mine.toml"]) == 0
    assert main(["sweep", "mine.toml", "-o", "mine.csv"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "Sweep over 15 instances" in told.out
    assert "all rows are in mine.sqlite" in told.out
    frame = pd.read_csv("mine.csv")
    assert len(frame) == 30
    answer = frame[(frame["receivers[0].threshold"] == 0.8) & (frame.procedure != "together")]
    assert answer["value"][answer["receivers[1].threshold"] == 0.8].item() == 1.15625
    assert main(["sweep", "mine.toml"]) == 2
    assert "--resume" in capsys.readouterr().err
    arguments = ["sweep", "mine.toml", "--resume", "--workers", "2", "-o", "mine.parquet"]
    assert main(arguments) == 0
    assert pd.read_parquet("mine.parquet")["value"].tolist() == frame["value"].tolist()
    assert main(["sweep", "mine.toml", "--resume", "-o", "mine.xlsx"]) == 2
    assert ".csv, .parquet" in capsys.readouterr().err


SWEEP = """
instance = "judges.toml"
[axes]
"receivers[*].threshold" = { from = "1/2", to = 1, count = 3 }
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("[axes]", "[axis]"), "axis is no key of a sweep file"),
        (("judges", "nowhere"), "nowhere.toml"),
        (("[*].threshold", "[*].treshold"), "or 'receivers[0].threshold'"),
        (('"1/2"', '"1/x"'), "axes.receivers[*].threshold.from must be a number"),
        (("count = 3", "count = 1"), "must be a whole number from 2"),
        (("count", "cuont"), "must be a list of values, or a table"),
        (('"judges.toml"', "3"), "instance must be the name of a file, or a table"),
        (('instance = "judges.toml"', ""), "instance is missing"),
        (('"judges.toml"', '"judges.toml"\nprocedures = ["sequentail"]'), "'sequential'"),
        (('"judges.toml"', '"judges.toml"\nprocedures = []'), "no [[solve]]"),
    ],
)
def test_what_is_wrong_with_a_sweep_file_is_said(
    change: tuple[str, str],
    told: str,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    plp.write(judges("4/5"), "judges.toml")
    with open("judges.toml", "a", encoding="utf-8") as file:
        file.write('\n[[solve]]\nprocedure = "simultaneous"\n')
    Path("sweep.toml").write_text(SWEEP.replace(*change), "utf-8")
    assert main(["sweep", "sweep.toml"]) == 2
    message = capsys.readouterr().err
    assert told in message
    assert message.count("\n") == 1
    Path("sweep.toml").write_text(SWEEP, "utf-8")
    assert main(["sweep", "sweep.toml"]) == 0
    assert "3/4" not in capsys.readouterr().err
