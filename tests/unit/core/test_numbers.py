"""Numbers as they are written, and those that cannot be read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, errors
from persuasion_lp.arrays import written

F = Fraction


def test_numbers_are_taken_as_written() -> None:
    given = written("x", [0.1, 1e-3], errors.InputError)
    assert given.rationals().tolist() == [F(1, 10), F(1, 1000)]
    mixed = written("x", [["1/3", 0.25], [F(2, 7), 3]], errors.InputError)
    assert mixed.rationals().tolist() == [[F(1, 3), F(1, 4)], [F(2, 7), 3]]
    np.testing.assert_allclose(mixed.floats, [[1 / 3, 0.25], [2 / 7, 3]])


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        (F(1, 10**400), "large enough for a float"),
        (-F(1, 10**400), "large enough for a float"),
        ("1e-400", "large enough for a float"),
        (1e151, r"at most 1e\+150"),
        (-F(10**160), r"at most 1e\+150"),
        (F(10**400), "finite"),
        (float("-inf"), "finite"),
    ],
    ids=["tiny", "tiny negative", "tiny text", "large", "large negative", "huge", "infinite"],
)
def test_numbers_that_floats_cannot_stand_for_are_refused(number: Any, rule: str) -> None:
    with pytest.raises(errors.PayoffError, match=rule) as caught:
        written("payoffs", [0, number], errors.PayoffError)
    assert caught.value.index == (1,)
    assert written("payoffs", [1e150, -F(1, 10**300), 0], errors.PayoffError).floats[2] == 0


@pytest.mark.parametrize("text", ["1/0", "a", "1/2/3", "", "1e999999999", "0x10", "9" * 500, "nan"])
def test_strings_that_are_no_rationals_are_named(text: str) -> None:
    with pytest.raises(errors.PriorError) as caught:
        PersuasionGame([text, "1/2"], [Receiver.threshold("1/2")])
    assert caught.value.index == (0,)
