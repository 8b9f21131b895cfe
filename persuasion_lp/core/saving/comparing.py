"""Where an answer that a file states differs from the one that has been computed.

Seconds of computing are not compared. Numbers agree if they differ by at most 1e-9 of the larger of
the payoffs' scale and the largest number of the entry that they are in: sums may be rounded
differently elsewhere. Fractions, whole numbers, words and truth values agree if they are the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from persuasion_lp.shown import shown

__all__ = ["differences"]

TOLERANCE = 1e-9
"""Share of the scale by which two numbers may differ that should be the same."""

NOT_COMPARED = frozenset({"times"})


def differences(stated: Any, computed: Any, scale: float) -> Iterator[str]:
    """Entries that differ, in words: the path, what is stated, and what is computed.

    Parameters
    ----------
    stated, computed
        Tables of an answer's entries, in plain Python.
    scale
        Of the payoffs.
    """
    for name in dict.fromkeys([*computed, *stated]):
        if name not in NOT_COMPARED:
            there, here = stated.get(name, _NOTHING), computed.get(name, _NOTHING)
            within = TOLERANCE * max(scale, _largest(here))
            yield from _differences(name, there, here, within)


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


_NOTHING = _Nothing()


def _largest(value: Any) -> float:
    """The largest finite number in size, 0 if there is none."""
    if isinstance(value, dict):
        return max(map(_largest, value.values()), default=0.0)
    if isinstance(value, list):
        return max(map(_largest, value), default=0.0)
    return abs(value) if isinstance(value, float) and math.isfinite(value) else 0.0


def _differences(path: str, stated: Any, computed: Any, within: float) -> Iterator[str]:
    if isinstance(stated, dict) and isinstance(computed, dict):
        for name in dict.fromkeys([*computed, *stated]):
            there, here = stated.get(name, _NOTHING), computed.get(name, _NOTHING)
            yield from _differences(f"{path}.{name}", there, here, within)
    elif isinstance(stated, list) and isinstance(computed, list) and len(stated) == len(computed):
        for k, (there, here) in enumerate(zip(stated, computed, strict=True)):
            yield from _differences(f"{path}[{k}]", there, here, within)
    elif not _agree(stated, computed, within):
        yield f"{path} is {_words(computed)}, not {_words(stated)}"


def _agree(stated: Any, computed: Any, within: float) -> bool:
    if isinstance(computed, float) and type(stated) in (int, float):
        return stated == computed or abs(stated - computed) <= within
    return type(stated) is type(computed) and stated == computed


def _words(value: Any) -> str:
    if isinstance(value, list | dict):
        return f"a {type(value).__name__} of {len(value)}"
    return shown(value)
