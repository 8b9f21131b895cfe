"""How an answer came about: what ``solve`` was asked for, and what the solver found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from persuasion_lp.arrays import FrozenMapping, ReadOnly
from persuasion_lp.inputs import is_a
from persuasion_lp.lp.engine.tape import Entry

__all__ = ["Recorded", "stated"]


@dataclass(frozen=True, eq=False)
class Recorded(ReadOnly):
    """How an answer came about.

    Attributes
    ----------
    settings
        What was passed to ``solve`` beside problem and procedure, and what stands for all that was
        not; functions, which only watch, are left out.
    exact
        Whether the answer in rationals was asked for.
    tape
        What the solver answered, by number of the question.
    """

    settings: Mapping[str, Any]
    exact: bool
    tape: Mapping[int, Entry]


def stated(settings: Any) -> FrozenMapping[str, Any]:
    """Settings by name, as plain values; lists and arrays as tuples."""
    given = ((field.name, getattr(settings, field.name)) for field in fields(settings))
    return FrozenMapping({name: _plain(value) for name, value in given if not callable(value)})


def _plain(value: Any) -> Any:
    if is_a(value, np.ndarray):
        return _plain(value.tolist())
    if is_a(value, (list, tuple, range)):
        return tuple(one.item() if is_a(one, np.generic) else one for one in value)
    return value
