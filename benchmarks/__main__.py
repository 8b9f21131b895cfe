"""Run the benchmarks: ``python -m benchmarks``; ``--help`` lists the options."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.registry import load
from benchmarks.report import check_document, document, tables
from benchmarks.runner import Measurement, measure
from persuasion_lp.errors import FileError
from persuasion_lp.storage import check_target, write_text

__all__ = ["main"]

RESULTS = Path(__file__).resolve().parent / "results"

ROUNDS = 15


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments select, write JSON, print tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--smoke", action="store_true", help="every spec at its smallest size, one round"
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

    settings = {"smoke": given.smoke, "only": given.only, "repeat": given.repeat}
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = given.output or RESULTS / f"{stamp}.json"
    if path.exists():
        try:
            check_target(path, overwrite=given.force)
        except FileError as error:
            parser.error(str(error))
    measurements: list[Measurement] = []
    for done, spec in enumerate(specs, start=1):
        if given.smoke:
            measurements += measure(spec, spec.sizes[0], 1)
        else:
            measure(spec, spec.sizes[0], 1)  # imports and caches: not counted
            for size in spec.sizes:
                print(f"{spec.name}, {size} {spec.measured_in}", file=sys.stderr, flush=True)
                measurements += measure(spec, size, given.repeat)
        doc = document(specs[:done], measurements, settings)
        check_document(doc)
        _write(doc, path)
    print(tables(doc))
    print(f"\nwritten to {path}")
    return 0


def _write(doc: dict[str, Any], path: Path) -> None:
    """Put a document in the place of the one before it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(doc, indent=1, allow_nan=False) + "\n", overwrite=True)


if __name__ == "__main__":
    sys.exit(main())
