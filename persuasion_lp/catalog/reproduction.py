"""Solve a published instance and compare: one row per claim."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.errors import PersuasionError
from persuasion_lp.solve import has_exact_answer, solve

__all__ = ["Reproduction", "reproduce"]


@dataclass(frozen=True)
class Reproduction:
    """A claim beside what was computed.

    Attributes
    ----------
    instance, claim
        What was published.
    computed, gap
        Value, and distance of its proved upper bound; ``None`` if there is no proved answer.
    order
        The order found or given, if the procedure has one.
    seconds
        Time for building, solving, certifying and decoding.
    exact
        The value in exact rationals, if it was asked for.
    error
        Why there is no proved answer.
    """

    instance: Instance
    claim: Claim
    computed: float | None
    gap: float | None
    order: tuple[int, ...] | None
    seconds: float
    exact: Fraction | None = None
    error: str | None = None

    @property
    def difference(self) -> float | None:
        """Computed minus published."""
        return None if self.computed is None else self.computed - float(self.claim.value)

    @property
    def agrees(self) -> bool:
        """Whether a proved answer is the published one."""
        if self.computed is None or not self.claim.agrees(self.computed):
            return False
        return self.exact is None or self.exact == self.claim.value


def reproduce(instance: Instance, *, exact: bool = False) -> Iterator[Reproduction]:
    """Solve every claim of an instance; with ``exact``, also in rationals where possible."""
    for claim in instance.claims:
        started = time.perf_counter()
        try:
            problem = instance.problem()
            procedure: Any = claim.procedure
            result = solve(problem, procedure, **claim.settings)
            provable = exact and has_exact_answer(problem, procedure)
            proved = result.exact().value if provable else None
        except PersuasionError as error:
            seconds = time.perf_counter() - started
            yield Reproduction(instance, claim, None, None, None, seconds, error=str(error))
            continue
        seconds = time.perf_counter() - started
        yield Reproduction(
            instance,
            claim,
            result.value,
            result.certificate.gap,
            getattr(result, "order", None),
            seconds,
            proved,
        )
