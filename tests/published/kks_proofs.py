"""Experiments, multipliers and prices for KKS's examples and the counterexamples to KKS.

Each entry: the claim (slug, procedure, order), the game (prior, receivers in the order in which
they act), the experiment, the multipliers of acceptances by position and information, the prices.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.published.proofs import Path, threshold

__all__ = ["PROOFS"]

F = Fraction
Multipliers = dict[tuple[int, Path], Fraction]

OPPOSITE = {"LH": F(7, 10), "HL": F(3, 10)}
EASY, HARD = threshold(0, F(2, 5), OPPOSITE), threshold(1, F(9, 10), OPPOSITE)
THREE = {"1": F(1, 2), "2": F(3, 10), "3": F(1, 5)}
THIRDS = dict.fromkeys("123", F(1, 3))


def acceptance(*row: Fraction | int) -> dict[str, Fraction]:
    return dict(zip("123", map(F, row), strict=True))


WIDE = acceptance(-1, F(-3, 5), 1)
NARROW = acceptance(F(-3, 2), F(-9, 5), 1)
ALIKE = acceptance(-2, F(-3, 2), 1)
LEFT, RIGHT = acceptance(-2, 1, -5), acceptance(-2, 1, F(-3, 2))

ONE_GUILTY = {"HL": F(1, 2), "LH": F(1, 2)}
BOTH_OR_NONE = {"HH": F(1, 2), "LL": F(1, 2)}
ALICE, BOB = (threshold(i, F(4, 5), ONE_GUILTY) for i in range(2))
MILD, STRICT = threshold(0, F(3, 5), BOTH_OR_NONE), threshold(1, F(4, 5), BOTH_OR_NONE)

PUBLIC: Multipliers = {(1, (1, 1)): F(4, 3), (0, (1, 0)): F(5, 3), (1, (0, 1)): F(2, 3)}
NARROW_FIRST: Multipliers = {(0, ()): F(4, 3), (1, (0,)): F(5, 3)}
ONLY_STATE_3 = {"1": F(0), "2": F(0), "3": F(10, 3)}

PROOFS: dict[str, tuple[Any, ...]] = {
    "Example 1, in public": (
        ("kks-example-1", "simultaneous", None),
        (ONE_GUILTY, [ALICE, BOB]),
        {(1, 0): {"HL": F(1, 2)}, (0, 1): {"LH": F(1, 2)}},
        {(0, (1, 1)): F(5, 3), (1, (1, 1)): F(5, 3)},
        {"HL": F(1), "LH": F(1)},
    ),
    "Example 1, first judge first": (
        ("kks-example-1", "sequential", (0, 1)),
        (ONE_GUILTY, [ALICE, BOB]),
        {
            (1, 1): {"LH": F(1, 8), "HL": F(1, 32)},
            (1, 0): {"HL": F(15, 32)},
            (0, 1): {"LH": F(3, 8)},
        },
        {(0, ()): F(25, 16), (1, (1,)): F(5, 4)},
        {"HL": F(21, 16), "LH": F(1)},
    ),
    "Example 1, second judge first": (
        ("kks-example-1", "sequential", (1, 0)),
        (ONE_GUILTY, [BOB, ALICE]),
        {
            (1, 1): {"HL": F(1, 8), "LH": F(1, 32)},
            (1, 0): {"LH": F(15, 32)},
            (0, 1): {"HL": F(3, 8)},
        },
        {(0, ()): F(25, 16), (1, (1,)): F(5, 4)},
        {"HL": F(1), "LH": F(21, 16)},
    ),
    "Example 2, in public": (
        ("kks-example-2", "simultaneous", None),
        (BOTH_OR_NONE, [MILD, STRICT]),
        {(1, 1): {"HH": F(1, 2), "LL": F(1, 8)}, (0, 0): {"LL": F(3, 8)}},
        {(1, (1, 1)): F(5, 2), (0, (1, 0)): F(5, 3), (1, (0, 1)): F(5, 4)},
        {"HH": F(5, 2), "LL": F(0)},
    ),
    "Example 2, mild judge first": (
        ("kks-example-2", "sequential", (0, 1)),
        (BOTH_OR_NONE, [MILD, STRICT]),
        {
            (1, 1): {"HH": F(1, 2), "LL": F(1, 8)},
            (1, 0): {"LL": F(5, 24)},
            (0, 0): {"LL": F(1, 6)},
        },
        {(0, ()): F(5, 3), (1, (1,)): F(5, 4), (1, (0,)): F(5, 4)},
        {"HH": F(35, 12), "LL": F(0)},
    ),
    "Example 2, strict judge first": (
        ("kks-example-2", "sequential", (1, 0)),
        (BOTH_OR_NONE, [STRICT, MILD]),
        {(1, 1): {"HH": F(1, 2), "LL": F(1, 8)}, (0, 0): {"LL": F(3, 8)}},
        {(0, ()): F(5, 2), (1, (0,)): F(5, 3)},
        {"HH": F(5, 2), "LL": F(0)},
    ),
    "any correlation, easy judge first": (
        ("kks-any-correlation", "sequential", (0, 1)),
        (OPPOSITE, [EASY, HARD]),
        {
            (1, 1): {"LH": F(9, 20), "HL": F(1, 20)},
            (1, 0): {"HL": F(1, 4)},
            (0, 1): {"LH": F(1, 4)},
        },
        {(0, ()): F(25, 9), (1, (1,)): F(10, 9)},
        {"LH": F(1), "HL": F(8, 3)},
    ),
    "any correlation, hard judge first": (
        ("kks-any-correlation", "sequential", (1, 0)),
        (OPPOSITE, [HARD, EASY]),
        {
            (1, 1): {"HL": F(7, 90), "LH": F(7, 60)},
            (1, 0): {"LH": F(7, 12)},
            (0, 1): {"HL": F(2, 9)},
        },
        {(0, ()): F(25, 9), (1, (1,)): F(5, 2)},
        {"LH": F(23, 18), "HL": F(1)},
    ),
    "any correlation, in public": (
        ("kks-any-correlation", "simultaneous", None),
        (OPPOSITE, [EASY, HARD]),
        {(0, 1): {"LH": F(7, 10)}, (1, 0): {"HL": F(3, 10)}},
        {(0, (1, 1)): F(10, 3), (1, (1, 1)): F(10, 3)},
        {"LH": F(1), "HL": F(1)},
    ),
    "any correlation, first best": (
        ("kks-any-correlation", "first_best", None),
        (OPPOSITE, [EASY, HARD]),
        {
            (1, 1): {"LH": F(9, 20), "HL": F(7, 90)},
            (1, 0): {"HL": F(2, 9)},
            (0, 1): {"LH": F(1, 4)},
        },
        {(0, ()): F(5, 2), (1, ()): F(10, 9)},
        {"LH": F(10, 9), "HL": F(5, 2)},
    ),
    "three states, in public": (
        ("kks-three-states", "simultaneous", None),
        (THREE, [WIDE, NARROW]),
        {(1, 1): {"3": F(1, 5), "1": F(2, 15)}, (0, 0): {"1": F(11, 30), "2": F(3, 10)}},
        PUBLIC,
        ONLY_STATE_3,
    ),
    "three states, wide set first": (
        ("kks-three-states", "sequential", (0, 1)),
        (THREE, [WIDE, NARROW]),
        {
            (1, 1): {"3": F(1, 5), "1": F(1, 50), "2": F(17, 180)},
            (1, 0): {"2": F(37, 180)},
            (0, 0): {"1": F(12, 25)},
        },
        {(0, ()): F(7, 6), (1, (1,)): F(5, 9), (1, (0,)): F(2, 3)},
        {"1": F(0), "2": F(3, 10), "3": F(67, 18)},
    ),
    "three states, narrow set first": (
        ("kks-three-states", "sequential", (1, 0)),
        (THREE, [NARROW, WIDE]),
        {(1, 1): {"3": F(1, 5), "1": F(2, 15)}, (0, 0): {"1": F(11, 30), "2": F(3, 10)}},
        NARROW_FIRST,
        ONLY_STATE_3,
    ),
    "three states, first best": (
        ("kks-three-states", "first_best", None),
        (THREE, [WIDE, NARROW]),
        {
            (1, 1): {"3": F(1, 5), "1": F(1, 50)},
            (1, 0): {"2": F(3, 10)},
            (0, 1): {"1": F(2, 15) - F(1, 50)},
            (0, 0): {"1": F(1, 2) - F(2, 15)},
        },
        {(0, ()): F(1), (1, ()): F(2, 3)},
        {"1": F(0), "2": F(2, 5), "3": F(11, 3)},
    ),
    "part 3, in public": (
        ("kks-proposition-3-part-3", "simultaneous", None),
        (THREE, [WIDE, ALIKE]),
        {(1, 1): {"3": F(1, 5), "2": F(2, 15)}, (0, 0): {"1": F(1, 2), "2": F(1, 6)}},
        PUBLIC,
        ONLY_STATE_3,
    ),
    "part 3, wide set first": (
        ("kks-proposition-3-part-3", "sequential", (0, 1)),
        (THREE, [WIDE, ALIKE]),
        {
            (1, 1): {"3": F(1, 5), "2": F(2, 15)},
            (1, 0): {"2": F(1, 6), "1": F(1, 50)},
            (0, 0): {"1": F(12, 25)},
        },
        {(0, ()): F(1), (1, (1,)): F(2, 3), (1, (0,)): F(2, 3)},
        {"1": F(0), "2": F(2, 5), "3": F(11, 3)},
    ),
    "part 3, narrow set first": (
        ("kks-proposition-3-part-3", "sequential", (1, 0)),
        (THREE, [ALIKE, WIDE]),
        {(1, 1): {"3": F(1, 5), "2": F(2, 15)}, (0, 0): {"1": F(1, 2), "2": F(1, 6)}},
        NARROW_FIRST,
        ONLY_STATE_3,
    ),
    "part 3, first best": (
        ("kks-proposition-3-part-3", "first_best", None),
        (THREE, [WIDE, ALIKE]),
        {
            (1, 1): {"3": F(1, 5), "2": F(2, 15)},
            (1, 0): {"2": F(1, 6), "1": F(1, 50)},
            (0, 0): {"1": F(12, 25)},
        },
        {(0, ()): F(1), (1, ()): F(2, 3)},
        {"1": F(0), "2": F(2, 5), "3": F(11, 3)},
    ),
    "no strict nesting, in public": (
        ("kks-theorem-1-three-states", "simultaneous", None),
        (THIRDS, [LEFT, RIGHT]),
        {(1, 1): {"2": F(1, 3), "1": F(1, 6)}, (0, 0): {"1": F(1, 6), "3": F(1, 3)}},
        {(0, (1, 1)): F(1), (0, (1, 0)): F(1, 2), (1, (0, 1)): F(2, 3)},
        {"1": F(0), "2": F(3), "3": F(0)},
    ),
    "no strict nesting, narrow set first": (
        ("kks-theorem-1-three-states", "sequential", (0, 1)),
        (THIRDS, [LEFT, RIGHT]),
        {(1, 1): {"2": F(1, 3), "1": F(1, 6)}, (0, 0): {"1": F(1, 6), "3": F(1, 3)}},
        {(0, ()): F(1), (1, (0,)): F(2, 3)},
        {"1": F(0), "2": F(3), "3": F(0)},
    ),
    "no strict nesting, wide set first": (
        ("kks-theorem-1-three-states", "sequential", (1, 0)),
        (THIRDS, [RIGHT, LEFT]),
        {(1, 1): {"2": F(1, 3), "1": F(1, 6)}, (0, 0): {"1": F(1, 6), "3": F(1, 3)}},
        {(0, ()): F(2, 3), (1, (1,)): F(1, 3), (1, (0,)): F(1, 2)},
        {"1": F(0), "2": F(3), "3": F(0)},
    ),
    "no strict nesting, first best": (
        ("kks-theorem-1-three-states", "first_best", None),
        (THIRDS, [LEFT, RIGHT]),
        {
            (1, 1): {"2": F(1, 3)},
            (1, 0): {"1": F(1, 6)},
            (0, 1): {"3": F(2, 9)},
            (0, 0): {"1": F(1, 6), "3": F(1, 9)},
        },
        {(0, ()): F(1, 2), (1, ()): F(2, 3)},
        {"1": F(0), "2": F(19, 6), "3": F(0)},
    ),
}
