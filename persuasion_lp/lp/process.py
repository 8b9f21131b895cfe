"""What HiGHS keeps once for a whole process: the header it prints, and its threads.

The first ``Highs()`` of a process prints a header to file descriptor 1 before any option can be
set. It is made here, when this module is imported, with that descriptor on the null device, so that
nothing stands in front of what a caller prints.

Each Python thread has HiGHS threads of its own, which are started once; another number of them is
refused afterwards. A solve that asks for another number than the one before it starts them anew.
A forked process has none of the threads that HiGHS believes the forking thread to have, so there
HiGHS runs in Python threads that were started after the fork only.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from types import MappingProxyType

import highspy

from persuasion_lp.errors import OptionError

__all__ = ["SOLVER", "forked", "let_go", "new_solver", "run_solver"]

SOLVER = (
    f"HiGHS {highspy.HIGHS_VERSION_MAJOR}.{highspy.HIGHS_VERSION_MINOR}."
    f"{highspy.HIGHS_VERSION_PATCH}"
)
"""Name and version of the solver."""

_STDOUT = 1

_NEEDED = MappingProxyType({"hipo": "needs an extra of HiGHS's: pip install 'highspy[extras]'"})
"""Values of HiGHS's options that only some of its builds know, and what they need."""


def new_solver(options: Mapping[str, bool | int | float | str]) -> highspy.Highs:
    """An instance of HiGHS with these options set.

    Raises
    ------
    OptionError
        If HiGHS rejects a name or a value.
    """
    solver = highspy.Highs()
    for name, value in options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise OptionError(
                "highs", _NEEDED.get(str(value), "is rejected by HiGHS"), index=name, value=value
            )
    return solver


def run_solver(solver: highspy.Highs) -> highspy.HighsStatus:
    """Run HiGHS with as many threads as the solver's options ask for (0: as HiGHS likes).

    Raises
    ------
    OptionError
        If HiGHS was started with another number of threads outside this library.
    """
    asked = int(solver.getOptionValue("threads")[1])
    if asked != _last.number:
        highspy.Highs.resetGlobalScheduler(True)
        _last.number = asked
    ended = solver.run()
    if (
        asked
        and ended == highspy.HighsStatus.kError
        and solver.getModelStatus() == highspy.HighsModelStatus.kNotset
    ):
        rule = (
            "differs from the number of threads that HiGHS was started with outside this library; "
            "call highspy.Highs.resetGlobalScheduler(True) in this thread first"
        )
        raise OptionError("highs", rule, index="threads", value=asked)
    return ended


def let_go(solver: highspy.Highs) -> None:
    """Give back what an instance takes as soon as nobody refers to it any more.

    Before highspy 1.13 an instance and its callbacks hold each other, with the program and all that
    was computed of it, until Python collects its garbage.
    """
    solver.callbacks = []


_forked_threads: set[int] = set()


def forked() -> bool:
    """Whether this Python thread went through a fork, so that HiGHS must not run in it."""
    return threading.get_ident() in _forked_threads


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _forked_threads.add(threading.get_ident()))


class _Asked(threading.local):
    """The number of threads that the last solve of this Python thread asked for."""

    number = 0


_last = _Asked()


def _print_header_nowhere() -> None:
    """Make the first instance with standard output, if there is any, on the null device."""
    try:
        saved = os.dup(_STDOUT)
    except OSError:
        highspy.Highs()
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STDOUT)
        os.close(nowhere)
        highspy.Highs()
    finally:
        os.dup2(saved, _STDOUT)
        os.close(saved)


_print_header_nowhere()
