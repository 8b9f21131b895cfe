"""Priors as `scipy` and short floats give them are read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.integrate import quad

import persuasion_lp as plp
from persuasion_lp.errors import PriorError
from persuasion_lp.primitives.priors import written_prior

COUNTS = (np.array([1, 0, 4, 2, 0]), np.array([0.0, 0.1, 0.5, 0.6, 0.9, 1.0]))
STEP = plp.PiecewiseLinear.steps(["3/5"], [0, 1])


def usual_truncnorm(m: float, s: float) -> Any:
    return stats.truncnorm((0 - m) / s, (1 - m) / s, m, s)


def test_supports_that_miss_the_unit_interval_by_rounding_are_read() -> None:
    rng = np.random.default_rng(0)
    missed = 0
    for m, s in rng.uniform((0, 0.01), (1, 1), (300, 2)).round(3):
        low, high = usual_truncnorm(m, s).support()
        missed += not 0 <= low < high <= 1
        read = plp.StateDistribution.from_scipy(usual_truncnorm(m, s))
        assert 0 <= read.low < read.high <= 1
    assert missed > 10
    assert plp.StateDistribution.from_scipy(stats.uniform(-5e-17, 1)).low == 0
    assert plp.StateDistribution.from_scipy(stats.beta(2, 2, 0.7, 0.3 + 1e-16)).high <= 1


@pytest.mark.parametrize("outside", [stats.uniform(-1e-9, 1), stats.uniform(0, 1 + 1e-9)])
def test_supports_that_miss_it_by_more_are_refused(outside: Any) -> None:
    with pytest.raises(PriorError, match="must have all its mass"):
        plp.StateDistribution.from_scipy(outside)


@pytest.mark.parametrize(
    "given",
    [
        stats.rv_histogram(COUNTS, density=False),
        stats.rv_histogram(COUNTS, density=False)(),
        stats.rv_histogram(COUNTS, density=False)(0.2, 0.5),
    ],
)
def test_histograms_are_read_as_scipy_gives_them(given: Any) -> None:
    read = plp.StateDistribution.from_scipy(given)
    frozen = given if hasattr(given, "dist") else given()
    points = np.linspace(0, 1, 23)
    np.testing.assert_allclose(read.cdf(points), frozen.cdf(points), atol=1e-15)
    assert read.mean == pytest.approx(frozen.mean(), abs=1e-14)
    for t in (0.05, 0.3, 0.55, 0.7, 0.95):
        knots = read.edges[(read.edges > t) & (read.edges < 1)]  # type: ignore[attr-defined]
        above = quad(lambda s: 1 - frozen.cdf(s), t, 1, points=knots, limit=200)[0]
        assert float(read.tail_moment(t)) == pytest.approx(
            above + t * (1 - frozen.cdf(t)), abs=1e-12
        )
    shares = np.array([0.05, 0.3, 0.5, 0.9])
    np.testing.assert_allclose(read.cdf(read.quantile(shares)), shares, atol=1e-14)
    assert "histogram of 5 bins" in repr(read)
    game = plp.solve(plp.PosteriorMeanGame(given, STEP), "simultaneous", cells=8)
    assert 0 <= game.lower <= 1
    assert plp.solve(plp.ManagerProblem(given, 0.1, [1.5, 2.0]), "menu").value >= 0


@pytest.mark.parametrize("kind", [np.float32, np.float16])
@pytest.mark.parametrize("shares", [[1, 1, 1], [1, 2, 4], [3, 5, 13, 2, 8, 1, 9]])
def test_short_floats_sum_to_one_up_to_their_own_rounding(kind: Any, shares: list[int]) -> None:
    prior = (np.array(shares) / sum(shares)).astype(kind)
    given = written_prior("prior", prior)
    assert sum(given.rationals()) == 1
    assert given.floats.sum() == pytest.approx(1, abs=1e-15)
    np.testing.assert_allclose(given.floats, prior, rtol=float(np.finfo(kind).eps) * 4)
    grid = plp.StateGrid(np.linspace(0, 1, len(shares)), prior)
    assert plp.solve(plp.PosteriorMeanGame(grid, STEP), "simultaneous", exact=True).value > 0
    wrong = prior.copy()
    wrong[0] += kind(0.03)
    with pytest.raises(PriorError, match="must sum to 1"):
        plp.StateGrid(np.linspace(0, 1, len(shares)), wrong)


def test_short_floats_are_the_decimals_that_print_them() -> None:
    prior = np.array([0.1, 0.2, 0.7], dtype=np.float32)
    assert written_prior("prior", prior).rationals().tolist() == [
        Fraction(1, 10),
        Fraction(1, 5),
        Fraction(7, 10),
    ]
    receiver = plp.Receiver.from_utility([[0, 0, 0], [-1, 1, -1]], [0, 1])
    game = plp.PersuasionGame(prior, receiver)
    assert plp.solve(game, "simultaneous", exact=True).value == Fraction(2, 5)
    types = plp.ManagerProblem(plp.StateGrid([0.5]), 0.2, [1.5, 2.0, 2.5], prior)
    assert types.type_probs is not None
    assert types.type_probs.sum() == pytest.approx(1, abs=1e-15)


THIRDS = np.array([1, 1, 1], dtype=np.float32) / np.float32(3)
STATES = ["HL", "LH", "LL"]


@pytest.mark.parametrize("kind", [np.float32, np.float16])
@pytest.mark.parametrize(
    "given",
    [
        lambda p: plp.priors.from_table(dict(zip(STATES, p, strict=True))),
        lambda p: plp.priors.from_table(pd.Series(p, index=STATES)),
        lambda p: pd.Series(p, index=STATES),
        lambda p: pd.DataFrame([[p[0], p[1]], [p[2], p.dtype.type(0)]], dtype=p.dtype),
        lambda p: pd.DataFrame([[p[0], p[1]], [p[2], 0]], ["H", "L"], ["H", "L"], p.dtype),
        lambda p: pd.DataFrame([[p[0], p[1]], [p[2], 0]], ["a", "b"], ["c", "d"], p.dtype),
    ],
)
def test_short_floats_in_tables_sum_to_one_too(given: Any, kind: Any) -> None:
    prior = given(THIRDS.astype(kind))
    if isinstance(prior, pd.DataFrame):
        assert {*prior.dtypes} == {np.dtype(kind)}
    game = plp.PersuasionGame(prior, [plp.Receiver.threshold("1/2")] * 2)
    assert sorted(game.rational_numbers.prior.ravel()) == [0, *[Fraction(1, 3)] * 3]
    with pytest.raises(PriorError, match="must sum to 1"):
        plp.PersuasionGame(
            given((THIRDS * np.float32(1.1)).astype(kind)), [plp.Receiver.threshold("1/2")] * 2
        )


def test_short_floats_in_a_list_sum_to_one_too() -> None:
    receiver = plp.Receiver.from_utility([[0, 0, 0], [-1, 1, -1]], [0, 1])
    game = plp.PersuasionGame([*THIRDS], receiver)
    assert plp.solve(game, "simultaneous", exact=True).value == Fraction(2, 3)


@pytest.mark.parametrize("given", [stats.uniform, stats.arcsine, stats.uniform()])
def test_distributions_without_parameters_need_not_be_frozen(given: Any) -> None:
    read = plp.StateDistribution.from_scipy(given)
    assert (read.low, read.high) == (0, 1)
    assert float(read.cdf(0.3)) == pytest.approx(float(given.cdf(0.3)), abs=1e-15)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (stats.truncnorm, r"must be frozen, with numbers .*: truncnorm\(a, b\)"),
        (stats.beta, r"must be frozen, with numbers .*: beta\(a, b\)"),
        (stats.triang, r"must be frozen, with numbers .*: triang\(c\)"),
        (stats.norm, "must have all its mass in"),
        (stats.binom, "must be frozen"),
        (stats.binom(3, 0.5), "must be a StateGrid or a continuous"),
    ],
)
def test_what_must_be_frozen_is_told_how(given: Any, words: str) -> None:
    with pytest.raises(PriorError, match=words):
        plp.ManagerProblem(given, 0.2, [1.5])


def test_doubles_are_left_as_they_are() -> None:
    with pytest.raises(PriorError, match="must sum to 1"):
        plp.StateGrid([0, 1], np.array([0.5, 0.50000003]))
