"""Names of parameters: what they show, and that they are the same in every process."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver
from tests.hostile_values import raising
from tests.readable import LONGEST, readable

JUDGE = Receiver.threshold(0.8)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (lambda x: x + 1, "x + 1"),
        (lambda: np.zeros(3), "np.zeros(3)"),
        ([0, 1], "[0, 1]"),
        ({"b", "a", "c"}, "{'a', 'b', 'c'}"),
        (JUDGE, "Receiver(cutoffs=[0.8], payoffs=[0, 1]; acts 1 from belief 0.8 on)"),
        (raising("__repr__"), "an object of class Raising that cannot be shown"),
        (10**4300, "a whole number of 4301 digits"),
        (PersuasionGame([0.5, 0.5], [JUDGE]), "PersuasionGame"),
        (object(), "<object object>"),
        ("9" * 500, "500 characters"),
    ],
    ids=[
        "lambda",
        "call",
        "list",
        "set",
        "receiver",
        "mute",
        "long",
        "game",
        "address",
        "long text",
    ],
)
def test_names_tell_what_is_tested(value: Any, name: str) -> None:
    assert readable(value) == name


@pytest.mark.parametrize("value", [None, True, 0.5, "a word", b"bytes", ValueError, np.sqrt])
def test_good_names_are_left_to_pytest(value: Any) -> None:
    assert readable(value) in (None, "<ufunc 'sqrt'>")


def test_long_names_are_cut() -> None:
    name = readable(list(range(100)))
    assert name is not None
    assert name.endswith("...")
    assert len(name) == LONGEST
