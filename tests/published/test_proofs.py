"""Each condition of a proof by hand, broken alone, is noticed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.published.proofs import (
    assert_attained,
    assert_bounded,
    assert_priced,
    information,
    line,
    threshold,
)

F = Fraction
PRIOR = {"L": F(7, 10), "H": F(3, 10)}
JUDGE = [threshold(0, F(1, 2), PRIOR)]
VALUE = F(3, 5)


def masses(low: Fraction, high: Fraction) -> dict[tuple[int, ...], dict[str, Fraction]]:
    """An experiment by what is convicted; the rest is acquitted."""
    return {(1,): {"L": low, "H": high}, (0,): {"L": F(7, 10) - low, "H": F(3, 10) - high}}


def test_an_experiment_and_its_prices() -> None:
    assert_attained("sequential", PRIOR, JUDGE, masses(F(3, 10), F(3, 10)), VALUE)
    assert_bounded("sequential", PRIOR, JUDGE, {(0, ()): F(2)}, {"L": F(0), "H": F(2)}, VALUE)


@pytest.mark.parametrize(
    ("experiment", "value"),
    [
        pytest.param(masses(F(2, 10), F(4, 10)), VALUE, id="negative mass"),
        pytest.param(
            masses(F(3, 10), F(3, 10)) | {(0,): {"L": F(3, 10)}}, VALUE, id="mass is missing"
        ),
        pytest.param(masses(F(4, 10), F(2, 10)), VALUE, id="disobeyed"),
        pytest.param(masses(F(3, 10), F(3, 10)), VALUE + F(1, 10**9), id="value"),
    ],
)
def test_a_flawed_experiment_is_refused(experiment: Any, value: Fraction) -> None:
    with pytest.raises(AssertionError):
        assert_attained("sequential", PRIOR, JUDGE, experiment, value)


@pytest.mark.parametrize(
    ("multiplier", "prices", "value"),
    [
        pytest.param(F(-1), (F(3, 2), F(1, 2)), F(6, 5), id="negative multiplier"),
        pytest.param(F(2), (F(0), F(19, 10)), F(57, 100), id="price too low"),
        pytest.param(F(2), (F(0), F(2)), VALUE + F(1, 10**9), id="value"),
    ],
)
def test_flawed_prices_are_refused(
    multiplier: Fraction, prices: tuple[Fraction, Fraction], value: Fraction
) -> None:
    listed = dict(zip("LH", prices, strict=True))
    with pytest.raises(AssertionError):
        assert_bounded("sequential", PRIOR, JUDGE, {(0, ()): multiplier}, listed, value)


def points(*values: Fraction | int) -> list[tuple[Fraction, Fraction]]:
    """Values at evenly spaced points of [0, 1]."""
    return [(F(k, len(values) - 1), F(y)) for k, y in enumerate(values)]


ENDS = {F(0): F(1, 2), F(1): F(1, 2)}
POOL = {F(1, 2): F(1)}
TENT = points(0, 1, 0)


def test_a_distribution_of_means_and_its_prices() -> None:
    assert_priced(ENDS, TENT, POOL, points(1, 1), F(1))


@pytest.mark.parametrize(
    ("prior", "payoff", "means", "prices", "value"),
    [
        pytest.param({F(0): F(1), F(1): F(1)}, TENT, {F(1, 2): F(2)}, points(1, 1), 2, id="mass"),
        pytest.param({F(0): F(3, 4), F(1): F(1, 4)}, TENT, POOL, points(1, 1), 1, id="mean"),
        pytest.param(POOL, points(1, 1), ENDS, points(1, 1), 1, id="spread"),
        pytest.param(ENDS, TENT, ENDS, TENT, 0, id="not convex"),
        pytest.param(ENDS, TENT, ENDS, points(0, 0), 0, id="below the payoff"),
        pytest.param(ENDS, points(0, F(9, 10), 0), POOL, points(1, 1), 1, id="not attained"),
        pytest.param(ENDS, TENT, POOL, points(2, 2), 1, id="price of the prior"),
    ],
)
def test_flawed_means_and_prices_are_refused(
    prior: Any, payoff: Any, means: Any, prices: Any, value: int
) -> None:
    with pytest.raises(AssertionError):
        assert_priced(prior, payoff, means, prices, F(value))


def test_a_line_ends_where_its_points_do() -> None:
    assert line(TENT)(F(1, 4)) == F(1, 2)
    with pytest.raises(AssertionError, match="outside"):
        line(TENT)(F(2))


def test_information_is_what_tells_the_procedures_apart() -> None:
    assert information("sequential", 1, (1, 0)) == (1,)
    assert information("simultaneous", 1, (1, 0)) == (1, 0)
    assert information("first_best", 1, (1, 0)) == ()
