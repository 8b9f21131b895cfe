"""What theory says about the values of a problem's procedures."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persuasion_lp.core.result import Result

__all__ = ["COMPARISON_TOLERANCE", "Check", "at_most", "chain", "equal", "margin"]

COMPARISON_TOLERANCE = 1e-8
"""Two proved values count as equal up to this share of their scale: each is proved to 1e-9, and
differences of several of them are taken."""


@dataclass(frozen=True)
class Check:
    """A statement of theory about the values of a problem.

    Attributes
    ----------
    statement
        The statement, with its source.
    holds
        True or False when the values decide it; ``None`` when they are too close to tell.
    """

    statement: str
    holds: bool | None


def margin(results: Mapping[str, Result]) -> float:
    """What two proved values may differ by and still count as equal."""
    return COMPARISON_TOLERANCE * max(result.certificate.scale for result in results.values())


def at_most(results: Mapping[str, Result], low: str, high: str) -> Check:
    """``low ≤ high``: refuted by brackets that contradict it, open where values do not decide."""
    one, other = results[low], results[high]
    statement = f"{low} ≤ {high}"
    if one.value - other.value <= margin(results):
        return Check(statement, True)
    if other.upper is not None and one.lower - other.upper > margin(results):
        return Check(statement, False)
    return Check(statement, None)


def chain(results: Mapping[str, Result], names: Sequence[str]) -> tuple[Check, ...]:
    """Each procedure is worth no more than the next."""
    return tuple(at_most(results, low, high) for low, high in itertools.pairwise(names))


def equal(results: Mapping[str, Result], one: str, other: str, source: str) -> Check:
    """``one = other``, by a theorem."""
    apart = abs(results[one].value - results[other].value)
    return Check(f"{one} = {other} ({source})", apart <= margin(results))
