"""Search for a counterexample to a property, and make it simple enough to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.errors import FileError, InstanceError, OptionError
from persuasion_lp.laboratory.shrinking import shrink
from persuasion_lp.laboratory.workers import Progress, checked_count, run_chunks
from persuasion_lp.storage import check_target, write_text

__all__ = ["SearchReport", "search"]


@dataclass(frozen=True, eq=False, repr=False)
class SearchReport:
    """What a search for a counterexample found.

    Attributes
    ----------
    tried
        Number of problems up to the counterexample, or of all.
    seed
        Where they come from.
    index
        Number of the problem on which the property fails, ``None`` if there is none.
    drawn
        That problem.
    instance
        The counterexample it was shrunk to, in rationals; ``instance.build()`` is the problem and
        ``instance.to_json()`` the instance file. ``None`` for a problem that has no instance
        file.
    evaluations
        Evaluations of the property spent on shrinking.
    """

    tried: int
    seed: int
    index: int | None
    drawn: Any
    instance: RationalInstance | None
    evaluations: int

    @property
    def found(self) -> bool:
        """Whether there is a counterexample."""
        return self.index is not None

    def __repr__(self) -> str:
        if not self.found:
            return f"SearchReport: no counterexample in {self.tried} problems (seed {self.seed})"
        where = f"SearchReport: counterexample, problem {self.index} of seed {self.seed}"
        if self.instance is None:
            return f"{where}\n  {self.drawn!r}"
        return f"{where}, shrunk in {self.evaluations} evaluations\n{self.instance.to_json()}"


def search(
    holds: Callable[[Any], bool],
    generator: Callable[[Generator], Any],
    n: int = 1000,
    seed: int = 0,
    *,
    path: str | Path | None = None,
    overwrite: bool = False,
    workers: int = 1,
    progress: Progress = False,
) -> SearchReport:
    """Look for a problem on which a property fails.

    Parameters
    ----------
    holds
        The property: from a problem to True or False. Problems it is not about should return
        True. It is called again on simpler problems while the counterexample is shrunk; those on
        which it then raises an exception are passed over.
    generator
        From a ``numpy.random.Generator`` to a problem; :mod:`persuasion_lp.laboratory.draws` and
        :mod:`persuasion_lp.laboratory.problem_draws` have some.
    n
        Number of problems to try.
    seed
        Problem k depends on ``seed`` and k only.
    path
        Where to write the counterexample as an instance file, if one is found.
    overwrite
        Whether to replace a file that is there.
    workers
        Number of processes. With more than one, ``holds`` and ``generator`` must be importable by
        name, and a script must guard its entry with ``if __name__ == "__main__":``.
    progress
        True to write to standard error how far it is, or a function of (done, all).

    Raises
    ------
    OptionError
        For counts that are not positive, a negative seed, a property that returns neither True nor
        False, or functions that cannot be sent to other processes.
    InstanceError
        If ``path`` is given and cannot be written or is there without ``overwrite``, or the
        counterexample has no instance file.
    Exception
        Whatever ``holds`` or ``generator`` raises, with a note of the problem's number.

    Examples
    --------
    Is the best fixed order always first best? KKS, Example 1 says no.

    >>> from persuasion_lp import solve, theorems
    >>> def attains_first_best(game):
    ...     best = solve(game, "sequential").value
    ...     return best >= solve(game, "first_best").value - 1e-7
    >>> report = theorems.search(attains_first_best, theorems.draws.opposed_judges, n=50)
    >>> report.found
    True
    >>> attains_first_best(report.instance.build())
    False

    Do two tests always do? (A third one could be listed without being worth anything; so values
    are compared, exactly.)

    >>> def two_tests_suffice(plan):
    ...     menu = solve(plan, "menu")
    ...     return len(menu.tests) < 3 or menu.exact().value == theorems.value_with_tests(plan, 2)
    >>> draw = theorems.problem_draws.plan_near_three_tests
    >>> report = theorems.search(two_tests_suffice, draw, n=50)
    >>> print(report.instance.to_json())
    {
      "format": "persuasion_lp instance",
      "version": 1,
      "problem": "ManagerProblem",
      "difficulty": {"states": ["1/3", "7/10"], "masses": ["1/3", "2/3"]},
      "payment": "9/20",
      "types": ["3/2", "7/4", "2"],
      "type_probs": ["1/200", "1/200", "99/100"],
      "unrestricted": false
    }
    <BLANKLINE>
    >>> plan = report.instance.build()
    >>> solve(plan, "menu", exact=True).value, theorems.value_with_tests(plan, 2)
    (Fraction(5989, 36000), Fraction(499, 3000))
    """
    seed = checked_count("seed", seed, 0)
    for field, function in (("holds", holds), ("generator", generator)):
        if not callable(function):
            raise OptionError(field, "must be a function", value=function)
    if path is not None:
        with _named():
            check_target(path, overwrite=overwrite)
    tried = 0
    for start, failing in run_chunks(
        partial(_first_failure, holds, generator, seed), n, workers=workers, progress=progress
    ):
        tried = start
        if failing is not None:
            drawn = _drawn(generator, seed, failing)
            given = _rational_form(holds, drawn, required=path is not None)
            if given is None:
                return SearchReport(failing + 1, seed, failing, drawn, None, 0)
            instance, evaluations = shrink(given, lambda problem: not _verdict(holds, problem))
            if path is not None:
                with _named():
                    write_text(path, instance.to_json(), overwrite=overwrite)
            return SearchReport(failing + 1, seed, failing, drawn, instance, evaluations)
    return SearchReport(tried, seed, None, None, None, 0)


def _rational_form(
    holds: Callable[[Any], bool], drawn: Any, *, required: bool
) -> RationalInstance | None:
    """The counterexample in rationals, if it has such a form and the property fails on that too."""
    try:
        instance = RationalInstance.of(drawn)
    except InstanceError:
        if required:
            raise
        return None
    if not _verdict(holds, instance.build()):
        return instance
    if required:
        raise InstanceError("property", "must fail on the problem as an instance file has it, too")
    return None


def _first_failure(
    holds: Callable[[Any], bool],
    generator: Callable[[Generator], Any],
    seed: int,
    start: int,
    stop: int,
) -> tuple[int, int | None]:
    """End of the range, and the first problem in it on which the property fails."""
    for index in range(start, stop):
        try:
            holds_here = _verdict(holds, _drawn(generator, seed, index))
        except Exception as error:
            error.add_note(f"on problem {index} of seed {seed}")
            raise
        if not holds_here:
            return stop, index
    return stop, None


def _verdict(holds: Callable[[Any], bool], problem: Any) -> bool:
    """What the property says; a property that forgets to return would fail on every problem."""
    found: Any = holds(problem)
    if not isinstance(found, bool | np.bool_):
        raise OptionError("holds", "must return True or False", value=found)
    return bool(found)


@contextmanager
def _named() -> Iterator[None]:
    """Errors about the counterexample's file, as errors of the argument."""
    try:
        yield
    except FileError as error:
        raise InstanceError("path", error.reason, value=error.path) from None


def _drawn(generator: Callable[[Generator], Any], seed: int, index: int) -> Any:
    return generator(np.random.default_rng([seed, index]))
