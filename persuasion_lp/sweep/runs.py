"""Procedures of a sweep, with their settings and the names that its rows have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from persuasion_lp.core.family import family_of
from persuasion_lp.core.settings import settings_from
from persuasion_lp.errors import OptionError
from persuasion_lp.inputs import in_order, is_a
from persuasion_lp.lp.options import SolverOptions

__all__ = ["Run", "check_runs", "read_runs"]

RULE = (
    "must be a procedure's name, a table such as {'procedure': 'sequential', 'order': 'best'}, a "
    "list of these, or a mapping of names for the rows to them"
)


@dataclass(frozen=True)
class Run:
    """A procedure with its settings.

    Attributes
    ----------
    label
        What its rows have in the column ``procedure``.
    procedure
        Its name.
    settings
        What ``solve`` takes beside problem and procedure; a ``time_limit``, as files have it, is
        one of its options.
    """

    label: str
    procedure: str
    settings: Mapping[str, Any]

    def said(self) -> str:
        """What it is, in words that differ if it does."""
        settings = ", ".join(f"{k}={v!r}" for k, v in sorted(self.settings.items()))
        return f"{self.label}: {self.procedure}({settings})"


def read_runs(procedures: Any) -> tuple[Run, ...]:
    """Read what is to be solved of every instance.

    Raises
    ------
    OptionError
        For anything but :data:`RULE`, none at all, and two of the same name.
    """
    if is_a(procedures, str) or _is_table(procedures):
        procedures = [procedures]
    if is_a(procedures, Mapping):
        runs = [_run(table, label, label) for label, table in procedures.items()]
    else:
        tables = in_order("procedures", procedures, OptionError, RULE)
        runs = [_run(table, k, None) for k, table in enumerate(tables)]
        often = Counter(run.procedure for run in runs)
        runs = [_told_apart(run) if often[run.procedure] > 1 else run for run in runs]
    if not runs:
        raise OptionError("procedures", "must have at least one")
    for label, count in Counter(run.label for run in runs).items():
        if count > 1:
            raise OptionError("procedures", "must differ", value=label)
    return tuple(runs)


def check_runs(runs: tuple[Run, ...], problem: Any) -> None:
    """Refuse a procedure or a setting that a problem of this class does not have.

    Raises
    ------
    InputError
        As ``solve`` would; also for ``progress``, which belongs to the sweep.
    """
    family = family_of(problem)
    for run in runs:
        own = {name: value for name, value in run.settings.items() if name != "exact"}
        settings_from(family.spec(run.procedure).settings, own)
        if own.get("progress") is not None:
            raise OptionError("progress", "must be given to the sweep, not to its procedures")


def _is_table(given: Any) -> bool:
    return is_a(given, Mapping) and is_a(given.get("procedure"), str)


def _run(given: Any, index: Any, label: Any) -> Run:
    at = (index,)
    if label is not None and not (is_a(label, str) and label):
        raise OptionError("procedures", "must have texts as names", value=label)
    if is_a(given, str):
        return Run(label or given, given, {})
    if not _is_table(given):
        raise OptionError("procedures", RULE, index=at, value=given)
    settings = {key: _plain(value) for key, value in given.items() if key != "procedure"}
    if "time_limit" in settings and "options" not in settings:
        settings["options"] = SolverOptions(time_limit=settings.pop("time_limit"))
    for key in settings:
        if not is_a(key, str):
            raise OptionError("procedures", "must have settings by name", index=at, value=key)
    return Run(label or given["procedure"], given["procedure"], settings)


def _told_apart(run: Run) -> Run:
    if not run.settings:
        return run
    settings = ", ".join(f"{name}={value}" for name, value in run.settings.items())
    return Run(f"{run.procedure}, {settings}", run.procedure, run.settings)


def _plain(value: Any) -> Any:
    """Lists as tuples: what is told of them is then the same however they were given."""
    return tuple(value) if is_a(value, list) else value
