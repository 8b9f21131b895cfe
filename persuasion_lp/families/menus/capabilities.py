"""A worker's possible capabilities: a list with probabilities, or a continuous distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from persuasion_lp.arrays import SMALLEST, Floats, Numbers, Written, equal_shares, written
from persuasion_lp.errors import WorkerTypeError
from persuasion_lp.inputs import is_scalar
from persuasion_lp.primitives.priors import written_prior
from persuasion_lp.primitives.priors.tables import check_sum
from persuasion_lp.primitives.scipy_functions import ScipyDistribution

__all__ = ["check_continuous", "check_in_model", "check_slack", "checked_types", "is_distribution"]


NEXT_TO_ONE = 1e-9
"""Types further from 1 than this have a slack that a float holds, as payments are floats."""


def is_distribution(types: Any) -> bool:
    """Whether types are stated as a distribution."""
    return callable(getattr(type(types), "ppf", None))


def check_continuous(distribution: ScipyDistribution, index: int | None) -> Floats:
    """Ends of the support of a continuous distribution of types."""
    if hasattr(distribution.frozen, "pmf"):
        raise WorkerTypeError(
            "types", "must be a continuous distribution, or a list with type_probs", index=index
        )
    ends = np.array(distribution.support())
    if not ends[0] < ends[1]:
        raise WorkerTypeError(
            "types", "must have an interval as support", index=index, value=tuple(ends.tolist())
        )
    return ends


def checked_types(types: Any, type_probs: Numbers | None) -> tuple[Written, Written]:
    """Types and their probabilities, a number standing for a list of one."""
    given_types = written("types", [types] if is_scalar(types) else types, WorkerTypeError)
    x = given_types.floats
    if x.ndim != 1 or x.size == 0:
        raise WorkerTypeError("types", "must be a sequence of at least one type", value=x.shape)
    if (x <= 0).any():
        index = int(np.argmax(x <= 0))
        raise WorkerTypeError("types", "must be positive", index=index, value=float(x[index]))
    given_probs = equal_shares(x.size)
    if type_probs is not None:
        listed: Any = [type_probs] if is_scalar(type_probs) else type_probs
        given_probs = written_prior("type_probs", listed, WorkerTypeError)
    g = given_probs.floats
    if g.shape != x.shape:
        raise WorkerTypeError("type_probs", f"must have the types' shape {x.shape}", value=g.shape)
    if (g < 0).any():
        index = int(np.argmax(g < 0))
        raise WorkerTypeError(
            "type_probs", "must not be negative", index=index, value=float(g[index])
        )
    check_sum(math.fsum(g), g, "type_probs", WorkerTypeError, can_normalize=False)
    return given_types, given_probs


def check_in_model(x: Floats, payment: float, rule: str) -> None:
    """Refuse types below 1, and types with x w ≥ 1, by a rule that begins as given."""
    for wrong, how in ((x < 1.0, "below 1"), (x * payment >= 1.0, "with x·payment ≥ 1")):
        if wrong.any():
            index = int(np.argmax(wrong))
            raise WorkerTypeError(
                "types",
                f"{rule} {how} (admitted with unrestricted=True)",
                index=index,
                value=float(x[index]),
            )


def check_slack(types: Written, payment: float) -> None:
    """Refuse types whose slack (x − 1) w is not 0, but too small for a float."""
    close = np.flatnonzero(np.abs(types.floats - 1.0) < NEXT_TO_ONE)
    if not close.size:
        return
    exactly = types.rationals()
    for index in close.tolist():
        if exactly[index] != 1 and abs(float(exactly[index] - 1)) * payment < SMALLEST:
            raise WorkerTypeError(
                "types",
                f"must be 1, or so far from it that (x - 1) w is at least {SMALLEST:g}",
                index=index,
                value=float(types.floats[index]),
            )
