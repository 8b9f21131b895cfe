"""Nothing that an answer rests on can be written to, also after pickling and copying."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from scipy import sparse

import persuasion_lp as plp
from persuasion_lp.arrays import FrozenList, FrozenMapping, ReadOnly, read_only
from persuasion_lp.families.games.improvement import sequential_improvement
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.program import ClosedMatrix
from tests.answers import ANSWERS, COPIES, PROBLEMS, answer, exact_answer
from tests.reachable import writable


@pytest.mark.parametrize("again", COPIES)
@pytest.mark.parametrize("key", ANSWERS, ids=" ".join)
def test_nothing_reachable_can_be_written_to(
    key: tuple[str, str], again: Callable[[Any], Any]
) -> None:
    whole = answer(*key)
    exact = exact_answer(*key)
    assert list(writable(again(whole))) == []
    assert list(writable(again(whole.certificate))) == []
    assert list(writable(again(exact))) == []


@pytest.mark.parametrize("again", COPIES)
def test_neither_can_problems_nor_programs(again: Callable[[Any], Any]) -> None:
    for problem in PROBLEMS.values():
        assert list(writable(again(problem))) == []
    signal = answer("two judges", "simultaneous")
    for whole in (
        sequential_improvement(signal),
        solve_lp(signal.lp),
        signal.lp,
        signal.experiment.stages(),
        answer("plan", "menu").problem.with_difficulty(plp.StateGrid([0.2, 0.4])),
    ):
        found = again(tuple(whole) if isinstance(whole, list) else whole)
        assert list(writable(found)) == []


@pytest.mark.parametrize("again", COPIES)
def test_a_copy_proves_the_same(again: Callable[[Any], Any]) -> None:
    for key in ANSWERS:
        exact = exact_answer(*key)
        if exact is not None:
            copied = again(answer(*key))
            assert copied.certificate.ok
            assert copied.exact().value == exact.value


def test_numbers_as_written_cannot_be_changed() -> None:
    """They once could, and the exact answer then proved 13/8 where 37/32 is right."""
    game = plp.PersuasionGame([[0, "1/2"], ["1/2", 0]], [plp.Receiver.threshold("4/5")] * 2)
    assert game.rational_numbers.prior[1] == Fraction(1, 2)
    with pytest.raises(ValueError, match="read-only"):
        game.rational_numbers.prior[1] = Fraction(3, 4)
    with pytest.raises(ValueError, match="read-only"):
        game.rational_numbers.cones[0][1][0, 0] = Fraction(0)
    assert plp.solve(game, "sequential", exact=True).value == Fraction(37, 32)


def test_no_entry_of_a_program_can_be_added_or_replaced() -> None:
    lp = answer("two judges", "simultaneous").lp
    before = lp.matrix.toarray()
    row, column = np.argwhere(before == 0)[0]
    with pytest.raises(ValueError, match="read-only"):
        lp.matrix[row, column] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        lp.matrix.data = lp.matrix.data + 1
    with pytest.raises(ValueError, match="read-only"):
        lp.matrix.resize(1, 1)
    np.testing.assert_array_equal(lp.matrix.toarray(), before)
    twice = lp.matrix.copy()
    twice.data[:] = 2
    twice.data = twice.data + 1
    assert (lp.matrix + lp.matrix).shape == lp.shape
    np.testing.assert_array_equal(lp.matrix.toarray(), before)


def test_a_program_made_by_hand_is_closed() -> None:
    lp = answer("two judges", "simultaneous").lp
    open_matrix = sparse.csc_array(lp.matrix.toarray())
    assert isinstance(replace(lp, matrix=open_matrix).matrix, ClosedMatrix)


@dataclass(frozen=True, eq=False)
class Leaf(ReadOnly):
    """An object that closes what it holds."""

    array: Any
    listed: Any = ()

    @cached_property
    def doubled(self) -> Any:
        """An array found later."""
        return {"twice": [2 * self.array]}


@dataclass(eq=False)
class Open:
    """One that does not."""

    __slots__ = ("part",)
    part: Any


class Telling:
    """One that tells what can be written to."""

    @property
    def told(self) -> Any:
        """An array."""
        return np.zeros(1)


def test_what_read_only_objects_hold_is_closed() -> None:
    leaf = Leaf(np.zeros(2), [np.ones(1), {"a": [np.ones(1)]}])
    for again in COPIES:
        assert list(writable(again(leaf))) == []
    assert leaf.listed == [np.ones(1), {"a": [np.ones(1)]}]
    assert isinstance(leaf.doubled, FrozenMapping)


def test_frozen_lists_are_lists_that_cannot_change() -> None:
    frozen = read_only([1, [2, "x"]])
    assert frozen == [1, [2, "x"]]
    assert frozen == (1, [2, "x"])
    assert frozen != [1, [2, "y"]]
    assert frozen != 1
    assert pickle.loads(pickle.dumps(frozen)) == frozen  # noqa: S301
    assert isinstance(copy.deepcopy(frozen)[1], FrozenList)
    assert not hasattr(frozen, "append")


@pytest.mark.parametrize(
    ("thing", "paths"),
    [
        (np.zeros(1), ["it: ndarray"]),
        ([1], ["it: list"]),
        ({"a": ()}, ["it: dict"]),
        ({1}, ["it: set"]),
        (bytearray(1), ["it: bytearray"]),
        ((1, ({}, "text")), ["[1][0]: dict"]),
        (sparse.csc_array((1, 1)), ["it: csc_array", ".data: ndarray", ".indices: ndarray"]),
        (Open(Open(np.zeros(1))), [".part.part: ndarray"]),
        (Telling(), [".told: ndarray"]),
        (FrozenMapping({"a": Open([])}), ["['a'].part: list"]),
        (read_only(np.array([[1], 2], dtype=object)), ["[0]: list"]),
    ],
)
def test_the_walk_finds_what_can_be_written_to(thing: Any, paths: list[str]) -> None:
    found = list(writable(thing))
    assert found[: len(paths)] == paths


def test_the_walk_goes_through_answers() -> None:
    """An array that is opened again is found by its path, wherever it is."""
    parts: list[tuple[Any, Callable[[Any], Any]]] = [
        (answer("vote", "sequential"), lambda r: r.experiment.kernel),
        (answer("plan", "menu"), lambda r: r.problem.difficulty.states),
        (answer("two beliefs", "sequential"), lambda r: r.experiment.stages[0].beliefs),
        (answer("means", "simultaneous"), lambda r: r.price.values),
        (answer("two judges", "sequential"), lambda r: r.lp.matrix.indices),
    ]
    for whole, part in parts:
        copied = copy.deepcopy(whole)
        part(copied).setflags(write=True)
        assert any("ndarray" in path for path in writable(copied))
