"""What a receiver has seen, procedure by procedure, on experiments written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from persuasion_lp.beliefs import Experiment
from persuasion_lp.beliefs.experiment import Procedure


def experiment(
    procedure: Procedure, orders: list[list[int]], actions: list[list[int]]
) -> Experiment:
    """Equally likely paths in a single state."""
    paths = len(orders)
    return Experiment(
        procedure,
        np.array([1.0]),
        np.array(orders),
        np.array(actions),
        np.array([0]),
        np.full((paths, 1), 1 / paths),
    )


def sets(e: Experiment, i: int) -> int:
    return int(e.information_labels(i).max()) + 1


@pytest.mark.parametrize(
    ("procedure", "expected"),
    [
        ("simultaneous", [4, 4]),
        ("sequential", [2, 4]),
        ("first_best", [2, 2]),
    ],
)
def test_information_sets_of_a_fixed_order(procedure: Procedure, expected: list[int]) -> None:
    e = experiment(procedure, [[0, 1]] * 4, [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert [sets(e, i) for i in (0, 1)] == expected


def test_the_second_in_the_order_sees_the_first() -> None:
    e = experiment("sequential", [[1, 0]] * 4, [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert [sets(e, i) for i in (0, 1)] == [4, 2]


def test_who_is_next_is_seen_in_the_intermediate_procedure_only() -> None:
    orders, actions = [[0, 1, 2], [0, 2, 1]], [[0, 0, 0], [0, 0, 0]]
    assert sets(experiment("intermediate", orders, actions), 0) == 2
    assert sets(experiment("flexible", orders, actions), 0) == 1
    assert [sets(experiment("flexible", orders, actions), i) for i in (1, 2)] == [2, 2]


def test_who_acted_before_is_seen_in_the_flexible_procedure() -> None:
    orders, actions = [[0, 1, 2], [1, 0, 2]], [[0, 0, 0], [0, 0, 0]]
    assert [sets(experiment("flexible", orders, actions), i) for i in (0, 1, 2)] == [2, 2, 2]


def test_the_last_to_act_sees_every_recommendation_but_none_to_come() -> None:
    orders = [[0, 1, 2]] * 2
    e = experiment("sequential", orders, [[0, 1, 0], [0, 1, 1]])
    assert [sets(e, i) for i in (0, 1, 2)] == [1, 1, 2]


def test_profiles_add_up_paths() -> None:
    e = experiment("flexible", [[0, 1], [1, 0], [0, 1]], [[0, 1], [0, 1], [1, 1]])
    assert e.profiles() == pytest.approx({(0, 1): 2 / 3, (1, 1): 1 / 3})
    assert repr(e) == "Experiment(flexible: 3 paths in 1 possible states)"
