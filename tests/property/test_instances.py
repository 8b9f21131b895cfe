"""Instance files: what is written is read back, and nothing else is read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from persuasion_lp import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    StateGrid,
    VotingGame,
    errors,
)
from persuasion_lp.laboratory.shrinking import shrink
from persuasion_lp.theorems import RationalInstance
from tests.strategies import problems

JUNK = st.sampled_from(
    [
        None,
        True,
        3,
        -1,
        0.25,
        10**30,
        "",
        "abc",
        "1/0",
        "nan",
        "inf",
        "1e999",
        "-2",
        "1/3",
        "9" * 500,
        "9" * 2000,
        [],
        ["1"],
        [["1/2", "1/2"]],
        [["1"], ["1", "0"]],
        [[["0"]]],
        [1, 2],
        {},
        {"labels": [0, 1]},
        {"labels": [[0], [1, 1]]},
        {"distribution": "normal"},
        {"distribution": "uniform", "low": "1", "high": "0"},
    ]
)


def floats_of(problem: Any) -> Iterator[Any]:
    """Every number and label of a problem, as the solvers see it."""
    match problem:
        case PersuasionGame():
            yield from (problem.prior, problem.payoff, *problem.own_states)
            yield from map(parts_of, problem.receivers)
        case VotingGame():
            yield from (problem.prior, problem.cutoffs, problem.quota)
        case ManagerProblem():
            yield from (parts_of(problem.difficulty), problem.payment, problem.unrestricted)
            yield from (problem.types, problem.type_probs)
        case PosteriorMeanGame():
            yield from (parts_of(problem.prior), parts_of(problem.payoff))
        case BeliefGame():
            yield problem.prior
            yield from map(parts_of, problem.payoffs)
        case _:
            raise TypeError(problem)


def parts_of(part: Any) -> Any:
    match part:
        case Receiver():
            return [part.payoffs, part.convex, *part.cones]
        case PiecewiseLinear():
            return [part.breakpoints, part.at, part.left, part.right]
        case StateGrid():
            return [part.states, part.masses]
        case _:
            return [part.a, part.b, part.c, part.d]


def assert_same_numbers(one: Any, other: Any) -> None:
    """Fail unless two problems of a class have the same floats, up to the last digits.

    Sums of functions are rounded once when they are written, and twice when they are computed.
    """
    assert type(one) is type(other)
    for mine, theirs in zip(floats_of(one), floats_of(other), strict=True):
        pairs = zip(mine, theirs, strict=True) if isinstance(mine, list) else [(mine, theirs)]
        for x, y in pairs:
            if x is None:
                assert y is None
            else:
                np.testing.assert_allclose(
                    np.asarray(x, dtype=float), np.asarray(y, dtype=float), rtol=2e-15, atol=2e-15
                )


def test_the_comparison_sees_a_difference() -> None:
    one = VotingGame(np.full((2, 2), 0.25), [0.5, 0.6], 1)
    other = VotingGame(np.full((2, 2), 0.25), [0.5, 0.6 + 1e-14], 1)
    assert_same_numbers(one, one)
    with pytest.raises(AssertionError):
        assert_same_numbers(one, other)
    with pytest.raises(AssertionError):
        assert_same_numbers(one, one.sincere())


@given(problems)
@settings(max_examples=150)
def test_what_is_written_is_read_back(problem: Any) -> None:
    instance = RationalInstance.of(problem)
    again = RationalInstance.from_dict(json.loads(instance.to_json()))
    assert again == instance
    assert hash(again) == hash(instance)
    built = again.build()
    assert_same_numbers(built, problem)
    assert RationalInstance.of(built) == instance


def numbers_of(problem: Any) -> Any:
    """The exact numbers of a problem, flat."""
    numbers = problem.rational_numbers
    match problem:
        case VotingGame():
            parts: Any = numbers
        case ManagerProblem():
            parts = vars(numbers).values()
        case _:
            nested = (numbers.cones, numbers.payoffs, numbers.payoff)
            parts = [numbers.prior, *(cone for own in nested[0] for cone in own), *nested[1]]
            parts += [] if nested[2] is None else [nested[2]]
    return [x for part in parts for x in np.ravel(np.asarray(part, dtype=object))]


@given(problems.filter(lambda p: not isinstance(p, PosteriorMeanGame | BeliefGame)))
@settings(max_examples=100)
def test_numbers_written_exactly_are_kept(problem: Any) -> None:
    """Fractions up to 1/13 are too simple to be mistaken for floats, and floats become such."""
    try:
        given_numbers = numbers_of(problem)
    except errors.InputError:
        reject()
    read = numbers_of(RationalInstance.of(problem).build())
    for mine, theirs in zip(given_numbers, read, strict=True):
        assert isinstance(theirs, Fraction)
        assert mine == theirs or mine == Fraction(repr(float(theirs)))


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a JSON document with every key in it."""
    if isinstance(data, dict | list):
        for key in list(data) if isinstance(data, dict) else range(len(data)):
            yield data, key
            yield from places(data[key])


@given(problems, JUNK, st.data())
@settings(max_examples=400)
def test_a_file_with_something_wrong_is_read_or_refused(
    problem: Any, junk: Any, data: st.DataObject
) -> None:
    """Whatever stands in place of an entry: a problem, or an error of the library."""
    document = json.loads(RationalInstance.of(problem).to_json())
    where, key = data.draw(st.sampled_from(list(places(document))))
    if data.draw(st.booleans()):
        where[key] = junk
    else:
        del where[key]
    built: Any = None
    with suppress(errors.InputError):
        built = RationalInstance.from_dict(document).build()
    assert built is None or RationalInstance.of(built).build() is not None


@given(problems, st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_shrinking_keeps_the_property_failing_and_never_grows(problem: Any, seed: int) -> None:
    """A property that fails on a third of all problems, whatever they are."""
    start = RationalInstance.of(problem)

    def fails(built: Any) -> bool:
        text = f"{seed} {RationalInstance.of(built).to_json()}"
        return zlib.crc32(text.encode()) % 3 == 0

    sizes: list[tuple[int, ...]] = []

    def recorded(built: Any) -> bool:
        failing = fails(built)
        if failing:
            sizes.append(RationalInstance.of(built).size)
        return failing

    shrunk, evaluations = shrink(start, recorded, most_evaluations=40)
    assert evaluations <= 40
    assert shrunk.size <= start.size
    assert shrunk == start or fails(shrunk.build())
    assert sizes == sorted(sizes, reverse=True)


@given(problems)
@settings(max_examples=60)
def test_a_property_that_always_fails_shrinks_to_almost_nothing(problem: Any) -> None:
    start = RationalInstance.of(problem)
    shrunk, _ = shrink(start, lambda _: True, most_evaluations=500)
    assert shrunk.size <= start.size
    for candidate in shrunk.simpler():
        if candidate.size < shrunk.size:
            with pytest.raises(errors.PersuasionError):
                candidate.build()
