"""Solve many instances: ``sweep(build, grid, procedures)``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Literal, NoReturn

from persuasion_lp.core.saving.version import __version__
from persuasion_lp.errors import ClusterError, InputError, OptionError
from persuasion_lp.extras import load
from persuasion_lp.inputs import answering, check_choice, check_flag, is_whole
from persuasion_lp.sweep.engines import (
    Chunks,
    LostError,
    Outcomes,
    on_cluster,
    on_processes,
    one_by_one,
)
from persuasion_lp.sweep.grid import Grid, check_rows, read_grid
from persuasion_lp.sweep.progress import Progress, Report
from persuasion_lp.sweep.recipe import Recipe, recipe_of
from persuasion_lp.sweep.rows import Rows
from persuasion_lp.sweep.runs import Run, check_runs, read_runs
from persuasion_lp.sweep.solving import Failure, Instance, Job
from persuasion_lp.sweep.store import Store
from persuasion_lp.sweep.table import Sweep
from persuasion_lp.sweep.values import value_text

__all__ = ["sweep"]

TRIED = 20
"""Instances of which one must be well formed for its procedures to be checked before the rest."""

MOST_WORKERS = 1024


@answering
def sweep(
    build: Callable[..., Any] | str | Path | Mapping[str, Any] | Any,
    grid: Mapping[str, Any] | Any,
    procedures: Any,
    *,
    workers: int = 1,
    backend: Literal["joblib", "dask"] = "joblib",
    client: Any = None,
    store: str | Path | None = None,
    resume: bool = True,
    on_error: Literal["record", "raise"] = "record",
    progress: Progress = True,
) -> Sweep:
    """Solve every instance of a grid under every procedure.

    The rows are the same, and in the same order, whatever the number of workers, wherever they are,
    and however often the sweep was interrupted; only ``seconds`` differ.

    Parameters
    ----------
    build
        What makes an instance: a function that takes the axes by name and returns a problem; or an
        instance file (its path), its document or a problem, of which the axes are paths.
    grid
        A mapping of axes to lists of values, all combinations of which are solved, the last axis
        fastest; or a frame (pandas, polars) with a column for each axis and a row for each
        instance. Paths are written as in a file: ``"receivers[0].threshold"``, ``"prior.HL"``,
        ``"prior[0, 1]"``; ``"receivers[*].threshold"`` is that of all receivers.
    procedures
        The name of a procedure, a table of it with its settings
        (``{"procedure": "sequential", "order": [1, 0]}``), a list of such, or a mapping of names
        for the rows to them.
    workers
        Processes of this machine; 1 is this one.
    backend
        ``"joblib"``, or ``"dask"`` for a Dask cluster: the one of ``client``, or one of ``workers``
        processes on this machine.
    client
        A ``distributed.Client``.
    store
        A file in which rows are saved as they arrive (SQLite). Interrupted in whatever way, the
        same call goes on from there.
    resume
        Whether a store that is there is gone on with; otherwise it is refused.
    on_error
        ``"record"`` keeps what a constructor or a solve raises as the row's error; ``"raise"``
        raises the first.
    progress
        Whether to show on a terminal how far it is, or a function to call with (rows done, all).

    Returns
    -------
    Sweep
        All rows: ``to_frame()``, ``to_parquet(path)``, ``gain(a, b)``, ``failures()``.

    Raises
    ------
    InputError
        Before anything is solved: for axes without values or that lead nowhere, too many rows,
        unknown procedures and settings.
    FileError
        For a store that belongs to another sweep, is in use, or cannot be written.
    ClusterError
        If the processes or the cluster went away: what is saved, and how to go on.
    PersuasionError
        With ``on_error="raise"``, whatever an instance raises, with a note which it was.
    MissingExtraError
        If a package is not installed that the backend needs.

    Examples
    --------
    Two defendants, exactly one guilty (KKS, Example 1), for several thresholds of conviction:

    >>> import persuasion_lp as plp
    >>> def judges(threshold):
    ...     receivers = [plp.Receiver.threshold(threshold)] * 2
    ...     return plp.PersuasionGame([[0, 0.5], [0.5, 0]], receivers)
    >>> grid = {"threshold": ["3/5", "4/5", "9/10"]}
    >>> swept = plp.sweep(judges, grid, ["simultaneous", "sequential"])
    >>> gain = swept.gain("sequential", "simultaneous")
    >>> [round(value, 9) for value in gain["value"]]
    [0.555555556, 0.15625, 0.061728395]
    """
    check_choice("backend", backend, ("joblib", "dask"))
    check_choice("on_error", on_error, ("record", "raise"))
    check_flag("resume", resume)
    _check_workers(workers, backend, client)
    runs = read_runs(procedures)
    instances = read_grid(grid)
    check_rows(instances, len(runs))
    recipe = recipe_of(build, instances.axes)
    _check_first(recipe, instances, runs)
    rows = Rows(len(instances), len(runs))
    with ExitStack() as held:
        kept = None
        if store is not None:
            kept = held.enter_context(Store(store, _parts(recipe, instances, runs), resume=resume))
            rows.add(kept.rows())
        report = Report(progress, len(instances) * len(runs), rows.done)
        job = Job(recipe, runs, on_error == "raise")
        missing = len(instances) - int(rows.solved.all(axis=1).sum())
        if missing:
            chunks = Chunks(_missing(instances, rows), missing, int(workers))
            outcomes = _engine(held, job, chunks, int(workers), backend, client)
            _gather(held.enter_context(closing(outcomes)), instances, runs, rows, kept, report)
        report.end()
    return Sweep(instances, recipe, runs, rows)


def _gather(
    outcomes: Outcomes,
    grid: Grid,
    runs: tuple[Run, ...],
    rows: Rows,
    kept: Store | None,
    report: Report,
) -> None:
    """Take rows in and save them as they arrive."""
    total = len(grid) * len(runs)
    path = None if kept is None else str(kept.path)
    try:
        for outcome in outcomes:
            rows.add(outcome.rows)
            if kept is not None:
                kept.add(outcome.rows)
            report.tell(rows.done, len(rows.errors))
            if outcome.failure is not None:
                _raise(outcome.failure, grid, runs)
    except LostError as lost:
        report.end()
        raise ClusterError(str(lost), done=rows.done, rows=total, store=path) from None
    except KeyboardInterrupt as interrupt:
        report.end()
        if path is not None:
            saved = f"{rows.done} of {total} rows are saved in {path}"
            interrupt.add_note(f"{saved}: the same call goes on from there")
        raise


def _raise(failure: Failure, grid: Grid, runs: tuple[Run, ...]) -> NoReturn:
    """Raise what an instance raised, with its axes."""
    values = zip(grid.axes, grid.instance(failure.instance), strict=True)
    at = ", ".join(f"{name} = {value_text(value)}" for name, value in values)
    under = "" if failure.run is None else f" under {runs[failure.run].label}"
    failure.error.add_note(f"instance {failure.instance} of the sweep ({at}){under}")
    raise failure.error


def _engine(
    held: ExitStack, job: Job, chunks: Chunks, workers: int, backend: str, client: Any
) -> Outcomes:
    if backend == "dask":
        if client is None:
            client = held.enter_context(_local(workers))
        return on_cluster(job, chunks, client)
    return one_by_one(job, chunks) if workers == 1 else on_processes(job, chunks, workers)


def _local(workers: int) -> Any:
    """A cluster on this machine, for as long as the sweep takes."""
    distributed = load("distributed", extra="dask", feature="sweeps on a cluster")
    return distributed.Client(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    )


def _missing(grid: Grid, rows: Rows) -> Iterator[Instance]:
    """Instances of which a row is missing, in the order of the grid."""
    for k in range(len(grid)):
        runs = tuple((~rows.solved[k]).nonzero()[0].tolist())
        if runs:
            yield Instance(k, grid.instance(k), runs)


def _check_workers(workers: Any, backend: str, client: Any) -> None:
    if not is_whole(workers) or not 1 <= workers <= MOST_WORKERS:
        rule = f"must be a number of processes, from 1 to {MOST_WORKERS}"
        raise OptionError("workers", rule, value=workers)
    if client is None:
        return
    if backend != "dask":
        raise OptionError("client", 'needs backend="dask"')
    if not all(callable(getattr(client, name, None)) for name in ("submit", "nthreads")):
        raise OptionError("client", "must be a distributed.Client", value=type(client).__name__)
    if workers != 1:
        raise OptionError("workers", "are those of the client: leave them out", value=workers)


def _check_first(recipe: Recipe, grid: Grid, runs: tuple[Run, ...]) -> None:
    """Refuse procedures that the first instance that is well formed does not have."""
    for k in range(min(TRIED, len(grid))):
        try:
            problem = recipe.problem(grid.instance(k))
        except Exception:  # noqa: S112 - it becomes the error of its row
            continue
        try:
            check_runs(runs, problem)
        except InputError as error:
            if error.field != "problem":
                raise
            raise OptionError(
                "build", f"must return a problem (it {error.rule})", value=error.value
            ) from None
        return


def _parts(recipe: Recipe, grid: Grid, runs: tuple[Run, ...]) -> dict[str, str]:
    """What makes a sweep this one."""
    procedures = "; ".join(run.said() for run in runs)
    return {
        "version": __version__,
        "problem": recipe.said(),
        "procedures": procedures,
        **grid.parts(),
    }
