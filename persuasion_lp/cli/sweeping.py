"""The command ``sweep``: a sweep file solved, saved as it goes, written as a table."""

from __future__ import annotations

import argparse
from pathlib import Path

from persuasion_lp.cli.output import FORMATS, deliver
from persuasion_lp.errors import OptionError
from persuasion_lp.inputs import one_of
from persuasion_lp.storage import check_target
from persuasion_lp.sweep import Sweep, sweep
from persuasion_lp.sweep.file import read_sweep_file

__all__ = ["add_sweep", "sweep_file"]

ENDINGS = (".csv", ".parquet")


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside its file."""
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes; 1 if left out"
    )
    parser.add_argument(
        "--backend", choices=("joblib", "dask"), default="joblib", help="who runs them"
    )
    parser.add_argument(
        "--store", metavar="FILE", help="where rows are saved; FILE.sqlite if left out"
    )
    parser.add_argument("--resume", action="store_true", help="go on with a store that is there")
    parser.add_argument(
        "--on-error", choices=("record", "raise"), default="record", help="keep errors, or stop"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="of the summary")


def sweep_file(chosen: argparse.Namespace) -> int:
    """Solve what a sweep file says, and say what came of it."""
    if chosen.output is not None:
        check_target(chosen.output, overwrite=chosen.force)
        if Path(chosen.output).suffix not in ENDINGS:
            rule = one_of(ENDINGS, Path(chosen.output).suffix).replace("be", "end in", 1)
            raise OptionError("--output", rule, value=chosen.output)
    said = read_sweep_file(chosen.file)
    store = chosen.store
    if store is None and chosen.file != "-":
        store = Path(chosen.file).with_suffix(".sqlite")
    swept = sweep(
        said.instance,
        said.axes,
        said.procedures,
        workers=chosen.workers,
        backend=chosen.backend,
        store=store,
        resume=chosen.resume,
        on_error=chosen.on_error,
    )
    if chosen.output is not None:
        _write(swept, chosen.output, force=chosen.force)
    print(FORMATS[chosen.format](swept).rstrip())
    if store is not None:
        print(f"\nall rows are in {store}")
    return 0


def _write(swept: Sweep, output: str, *, force: bool) -> None:
    if Path(output).suffix == ".parquet":
        swept.to_parquet(output, overwrite=force)
    else:
        deliver(swept.to_frame().to_csv(index=False), output, force=force)
