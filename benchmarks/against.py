"""Compare this tree with another checkout: ``python -m benchmarks.against PATH``.

Two workers, one for each tree, solve every case of :mod:`benchmarks.cases` in turn within one run;
the ratio of a case is that of the two medians, and the last line is the median of all ratios. A
case that the other tree cannot solve is named and left out of the median.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.cases import CASES

__all__ = ["main"]

HERE = Path(__file__).resolve().parents[1]


class Worker:
    """A process that solves cases with the package of one tree."""

    def __init__(self, tree: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the command is this folder's own
            [sys.executable, str(HERE / "benchmarks" / "cases.py")],
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def seconds(self, case: str) -> float | None:
        """Seconds of one solve; ``None`` if the worker ended instead of answering."""
        try:
            print(case, file=self._process.stdin, flush=True)
        except BrokenPipeError:
            return None
        for line in self._process.stdout or ():
            if line.startswith(("{", "[")) or line.strip()[:1].isdigit():
                return float(json.loads(line))
        return None

    def end(self) -> None:
        """Let the process end."""
        self._process.kill()
        self._process.communicate()


def compared(case: str, trees: Sequence[Path], rounds: int) -> list[float] | None:
    """Median seconds of a case in each tree, solved in turn; ``None`` if one cannot solve it."""
    workers = [Worker(tree) for tree in trees]
    try:
        samples: list[list[float]] = [[] for _ in trees]
        for turn in range(rounds):
            for k in range(len(trees)):
                which = (k + turn) % len(trees)
                seconds = workers[which].seconds(case)
                if seconds is None:
                    return None
                samples[which].append(seconds)
        return [median(sample) for sample in samples]
    finally:
        for worker in workers:
            worker.end()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratio of every case and their median; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__)
    parser.add_argument("tree", type=Path, help="checkout to compare with: has persuasion_lp/")
    parser.add_argument("--only", default="", metavar="SUBSTRING", help="cases whose name has it")
    parser.add_argument("--repeat", type=int, default=15, metavar="N", help="rounds (15)")
    given = parser.parse_args(arguments)
    if not (given.tree / "persuasion_lp").is_dir():
        parser.error(f"{given.tree} has no folder persuasion_lp")
    chosen = [case for case in CASES if given.only in case]
    if not chosen or given.repeat < 1:
        parser.error("no case has that in its name, or --repeat is below 1")

    ratios: list[float] = []
    print(f"{'case':28} {'there/ms':>9} {'here/ms':>9} {'ratio':>6}")
    for case in chosen:
        medians = compared(case, (given.tree.resolve(), HERE), given.repeat)
        if medians is None:
            print(f"{case:28} one of the trees does not solve it", flush=True)
            continue
        there, here = medians
        ratios.append(here / there)
        print(f"{case:28} {1e3 * there:9.2f} {1e3 * here:9.2f} {ratios[-1]:6.2f}", flush=True)
    if ratios:
        print(f"median of {len(ratios)} ratios: {median(ratios):.3f}")
    return 0 if ratios else 1


if __name__ == "__main__":
    sys.exit(main())
