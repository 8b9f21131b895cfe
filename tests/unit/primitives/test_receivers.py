"""Receivers: what they are willing to do."""

from __future__ import annotations

import numpy as np
import pytest

from persuasion_lp import Receiver


def test_cones_of_cutoffs_by_hand() -> None:
    receiver = Receiver([0.3, 0.7], [0, 1, 3])
    assert [cone.tolist() for cone in receiver.cones] == [
        [[0.3, -0.7]],
        [[-0.3, 0.7], [0.7, -0.30000000000000004]],
        [[-0.7, 0.30000000000000004]],
    ]
    np.testing.assert_array_equal(receiver.payoffs, [[0, 0], [1, 1], [3, 3]])


def test_cones_of_a_utility_by_hand() -> None:
    receiver = Receiver.from_utility([[0, 0], [-1, 2]], [5, 7])
    assert [cone.tolist() for cone in receiver.cones] == [[[1, -2]], [[-1, 2]]]


def test_cone_of_an_acceptance_set_by_hand() -> None:
    receiver = Receiver.accepting([([0, 0, 1], 0.4), ([1, -1, 0], 0)])
    assert receiver.cones[0].shape == (0, 3)
    assert receiver.cones[1].tolist() == [[-0.4, -0.4, 0.6], [1, -1, 0]]


@pytest.mark.parametrize(
    ("belief", "willing"),
    [
        (0.29, [True, False, False]),
        (0.3, [True, True, False]),
        (0.5, [False, True, False]),
        (1, [False, False, True]),
    ],
)
def test_obeys(belief: float, willing: list[bool]) -> None:
    assert Receiver([0.3, 0.7], [0, 1, 3]).obeys([1 - belief, belief]).tolist() == willing


def test_obeys_outside_the_acceptance_set_means_rejecting() -> None:
    receiver = Receiver.accepting([([0, 1], 0.5)])
    assert receiver.obeys([0.5, 0.5]).tolist() == [False, True]
    assert receiver.obeys([0.6, 0.4]).tolist() == [True, False]
