"""Run the benchmarks: ``python -m benchmarks``; ``--help`` lists the options."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import readme
from benchmarks.journal import Journal, sources
from benchmarks.registry import Spec, load
from benchmarks.report import check_document, document, machine, tables, versions
from benchmarks.runner import Measurement, measure
from persuasion_lp.errors import FileError
from persuasion_lp.storage import check_target, write_text

__all__ = ["main"]

HERE = Path(__file__).resolve().parent

RESULTS = HERE / "results"

UNFINISHED = "unfinished.jsonl"
"""What a run has measured so far, beside its output."""

ROUNDS = 15

QUICK_ROUNDS, QUICK_SECONDS = 3, 1.0
"""Of a quick run; it stays with the sizes of a spec that seem to take so long in all."""

QUICK_GROWTH = 4.0
"""How much longer than the size before it a size is expected to take."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments select, write JSON, print tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--smoke", action="store_true", help="every spec at its smallest size, one round"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, in two minutes")
    parser.add_argument(
        "--resume", action="store_true", help="keep what an interrupted run has measured"
    )
    parser.add_argument(
        "--readme", action="store_true", help="write benchmarks/README.md and its picture"
    )
    parser.add_argument(
        "--only", default="", metavar="SUBSTRING", help="specs whose name contains it"
    )
    parser.add_argument(
        "--repeat", type=int, default=ROUNDS, metavar="N", help=f"rounds at most ({ROUNDS})"
    )
    parser.add_argument(
        "--output", type=Path, metavar="PATH", help="JSON file (benchmarks/results/<time>.json)"
    )
    parser.add_argument("--force", action="store_true", help="replace an output that is there")
    given = parser.parse_args(arguments)
    specs = load(given.only)
    if not specs:
        parser.error(f"no spec has {given.only!r} in its name")
    if given.repeat < 1:
        parser.error("--repeat must be at least 1")

    settings = {
        "smoke": given.smoke,
        "quick": given.quick,
        "only": given.only,
        "repeat": given.repeat,
    }
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = given.output or RESULTS / f"{stamp}.json"
    if path.exists():
        try:
            check_target(path, overwrite=given.force)
        except FileError as error:
            parser.error(str(error))
    key = {**settings, "machine": machine(), "versions": versions(), "sources": sources()}
    journal = Journal(path.parent / UNFINISHED, key, resume=given.resume)
    measurements: list[Measurement] = []
    for done, spec in enumerate(specs, start=1):
        if given.smoke:
            measurements += measure(spec, spec.sizes[0], 1)
        else:
            measurements += _measured(spec, journal, given.repeat, quick=given.quick)
        doc = document(specs[:done], measurements, settings)
        check_document(doc)
        _write(doc, path)
    journal.done()
    print(tables(doc))
    print(f"\nwritten to {path}")
    if given.readme:
        page = HERE / "README.md"
        readme.draw(doc, HERE / "times.png")
        write_text(page, readme.text(doc), overwrite=True)
        print(f"written to {page}")
    return 0


def _measured(spec: Spec, journal: Journal, rounds: int, *, quick: bool) -> list[Measurement]:
    """Every size of a spec, or those that are quick; from the journal where they are in it."""
    found: list[Measurement] = []
    warm = False
    expected = spent = 0.0
    for size in spec.sizes:
        if quick and spent + expected > QUICK_SECONDS:
            break
        known = journal.get(spec.name, size)
        if known is None:
            if not warm:
                measure(spec, spec.sizes[0], 1)  # imports and caches: not counted
                warm = True
            print(f"{spec.name}, {size} {spec.measured_in}", file=sys.stderr, flush=True)
            known = measure(spec, size, min(rounds, QUICK_ROUNDS) if quick else rounds)
            journal.put(spec.name, size, known)
        found += known
        took = sum(sample["total"] for m in known for sample in m.samples)
        spent, expected = spent + took, QUICK_GROWTH * took
    return found


def _write(doc: dict[str, Any], path: Path) -> None:
    """Put a document in the place of the one before it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(doc, indent=1, allow_nan=False) + "\n", overwrite=True)


if __name__ == "__main__":
    sys.exit(main())
