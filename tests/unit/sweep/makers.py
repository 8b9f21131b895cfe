"""What makes the instances of the sweeps in tests; importable in other processes."""

from __future__ import annotations

import threading
import time
from typing import Any

import persuasion_lp as plp

__all__ = ["AXES", "PROCEDURES", "comparable", "judges", "slow_judges", "wanting"]

AXES: dict[str, list[Any]] = {"threshold": [0.6, "4/5", 0.9, 1.5], "share": [0.3, 0.5]}
"""Four thresholds, of which the constructor refuses the last."""

PROCEDURES = ["simultaneous", "sequential"]


def judges(threshold: Any, share: Any = 0.5) -> plp.PersuasionGame:
    """KKS, Example 1, with another prior and other thresholds."""
    receivers = [plp.Receiver.threshold(threshold)] * 2
    return plp.PersuasionGame([[0, share], [1 - share, 0]], receivers)


def slow_judges(threshold: Any, share: Any = 0.5) -> plp.PersuasionGame:
    """The same, at leisure: there is time to stop it."""
    time.sleep(0.02)
    return judges(threshold, share)


class UnreadableError(Exception):
    """Cannot be sent from one process to another."""

    def __init__(self) -> None:
        super().__init__("cannot be sent")
        self.lock = threading.Lock()


def wanting(threshold: Any) -> Any:
    """Fails in ways that no constructor does."""
    if threshold > 0.8:
        raise UnreadableError
    return "no problem" if threshold > 0.7 else judges(threshold)


def comparable(swept: plp.Sweep) -> str:
    """All rows of a sweep byte for byte, but the seconds, which differ."""
    text: str = swept.to_frame().drop(columns="seconds").to_csv(index=False)
    return text
