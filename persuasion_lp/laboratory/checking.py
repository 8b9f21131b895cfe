"""Check a theorem on random problems: solve both sides, report the worst discrepancy."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from persuasion_lp.core.closed_form import Agreement
from persuasion_lp.laboratory.statements import draw_instance, statement_named
from persuasion_lp.laboratory.workers import Progress, checked_count, run_chunks

__all__ = ["CheckReport", "check"]


@dataclass(frozen=True, eq=False, repr=False)
class CheckReport:
    """What checking a theorem on random problems found.

    Attributes
    ----------
    name
        The theorem.
    n, seed
        Number of problems, and where they come from.
    drop
        The hypothesis that all of them lack, if any.
    failures
        Number of problems on which the statement fails.
    worst
        The largest discrepancy.
    problem
        The problem on which it occurs.
    seconds
        Time taken.
    """

    name: str
    n: int
    seed: int
    drop: str | None
    failures: int
    worst: Agreement
    problem: Any
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the statement holds on every problem."""
        return self.failures == 0

    def __repr__(self) -> str:
        without = "" if self.drop is None else f" without '{self.drop}'"
        verdict = (
            f"holds on {self.n} problems"
            if self.holds
            else f"FAILS on {self.failures} of {self.n} problems"
        )
        return (
            f"CheckReport: {self.name}{without} {verdict} "
            f"(seed {self.seed}, {self.seconds:.1f} s)\n"
            f"  worst discrepancy {self.worst.excess:.2e}: {self.worst.statement}\n"
            f"  on {self.problem!r}"
        )


def check(
    name: str,
    n: int = 100,
    seed: int = 0,
    *,
    drop: str | None = None,
    workers: int = 1,
    progress: Progress = False,
) -> CheckReport:
    """Check a theorem on random problems that satisfy its hypotheses.

    Parameters
    ----------
    name
        A key of :data:`persuasion_lp.theorems.STATEMENTS`, listed below; those of LX begin with
        ``lx-``.
    n
        Number of problems.
    seed
        Problem k depends on ``seed`` and k only.
    drop
        A hypothesis that the problems shall lack while all others hold, to see whether the theorem
        needs it: the check should then fail. A key of ``STATEMENTS[name].without``.
    workers
        Number of processes. With more than one a script must guard its entry with
        ``if __name__ == "__main__":``.
    progress
        True to write to standard error how far it is, or a function of (done, all).

    Raises
    ------
    OptionError
        For an unknown name or hypothesis, counts that are not positive, or a negative seed.

    Examples
    --------
    >>> from persuasion_lp import theorems
    >>> print(*theorems.STATEMENTS)
    lemma-1 lemma-2 theorem-1 theorem-2 proposition-1 proposition-2 proposition-3 proposition-4
    corollary-1 section-5.2-positive section-5.2-any lx-theorem-1 lx-theorem-2 lx-theorem-3
    lx-lemma-3 lx-corollary-1 lx-corollary-2 lx-proposition-1 lx-pivotal-worker lr-cheap-talk
    >>> theorems.check("theorem-2", n=5).holds
    True
    >>> theorems.check("theorem-2", n=20, drop="binary states").holds
    False
    """
    statement = statement_named(name, drop)
    n, seed = checked_count("n", n), checked_count("seed", seed, 0)
    started = time.perf_counter()
    task = partial(_check_range, name, drop, seed)
    parts = list(run_chunks(task, n, workers=workers, progress=progress))
    _, index, worst = max((found for _, found in parts), key=lambda found: found[0])
    problem, _ = draw_instance(statement, drop, seed, index)
    return CheckReport(
        name=name,
        n=n,
        seed=seed,
        drop=drop,
        failures=sum(failed for failed, _ in parts),
        worst=worst,
        problem=problem,
        seconds=time.perf_counter() - started,
    )


def _check_range(
    name: str, drop: str | None, seed: int, start: int, stop: int
) -> tuple[int, tuple[float, int, Agreement]]:
    """Number of problems that fail, and the worst discrepancy relative to its tolerance."""
    statement = statement_named(name, drop)
    failures = 0
    found: list[tuple[float, int, Agreement]] = []
    for index in range(start, stop):
        problem, form = draw_instance(statement, drop, seed, index)
        judged = list(statement.judge(problem, form))
        failures += any(agreement.verdict == "fails" for agreement in judged)
        found += [(a.excess / a.tolerance, index, a) for a in judged]
    return failures, max(found, key=lambda item: item[0])
