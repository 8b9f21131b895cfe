"""Posterior-mean instances: price functions by hand, upper censorship by every programme."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, combinations, pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import BeliefFunction, PosteriorMeanGame, StateGrid, catalog, solve
from persuasion_lp.catalog.posterior_means import UPPER_CENSORSHIP
from tests.published.proofs import assert_priced, line
from tests.support import assert_close

F = Fraction
Points = Sequence[tuple[Fraction, Fraction]]


def points(*pairs: tuple[Fraction | int, Fraction | int]) -> list[tuple[Fraction, Fraction]]:
    return [(F(x), F(y)) for x, y in pairs]


def prices_from(payoff: Points, upto: Fraction, through: Fraction) -> Points:
    """The payoff up to a point, from there the line through it and another point of the payoff."""
    v = line(payoff)
    slope = (v(through) - v(upto)) / (through - upto)
    kept = [(x, y) for x, y in payoff if x < upto]
    return [*kept, (upto, v(upto)), (F(1), v(upto) + slope * (1 - upto))]


RISING = points(
    (0, 0), (F(1, 4), 0), (F(1, 2), F(1, 4)), (F(5, 8), F(1, 2)), (F(3, 4), 1), (1, F(9, 8))
)
PEAKED = points((0, 0), (F(1, 2), F(1, 4)), (F(3, 4), F(7, 8)), (1, 1))
HOLLOW = points((0, 0), (F(1, 4), F(1, 2)), (F(1, 2), F(9, 16)), (1, 1))
PEAKS = points(
    (0, 0), (F(1, 4), F(1, 2)), (F(3, 8), 0), (F(1, 2), F(3, 4)), (F(3, 4), 0), (1, F(3, 2))
)

PROOFS: dict[str, tuple[list[Fraction], Points, dict[Fraction, Fraction], Points]] = {
    "dworczak-martini-piecewise-linear": (
        [F(2 * k + 1, 16) for k in range(8)],
        RISING,
        {F(2 * k + 1, 16): F(1, 8) for k in range(4)} | {F(3, 4): F(1, 2)},
        prices_from(RISING, F(7, 16), F(3, 4)),
    ),
    "dworczak-martini-split-state": (
        [F(2 * k + 1, 10) for k in range(5)],
        RISING,
        {F(1, 10): F(1, 5), F(3, 10): F(1, 5), F(1, 2): F(3, 25), F(3, 4): F(12, 25)},
        prices_from(RISING, F(1, 2), F(3, 4)),
    ),
    "kolotilin-upper-censorship": (
        [F(2 * k + 1, 8) for k in range(4)],
        PEAKED,
        {F(1, 8): F(1, 4), F(3, 8): F(1, 4), F(3, 4): F(1, 2)},
        prices_from(PEAKED, F(3, 8), F(3, 4)),
    ),
    "kolotilin-lower-censorship": (
        [F(2 * k + 1, 8) for k in range(4)],
        HOLLOW,
        {F(1, 4): F(1, 2), F(5, 8): F(1, 4), F(7, 8): F(1, 4)},
        points((0, F(37, 96)), (F(1, 4), F(1, 2)), (F(5, 8), F(43, 64)), (1, 1)),
    ),
    "bi-pooling-two-peaks": (
        [F(k, 4) for k in range(5)],
        PEAKS,
        {F(1, 4): F(2, 5), F(1, 2): F(2, 5), F(1): F(1, 5)},
        points((0, F(1, 4)), (F(3, 4), 1), (1, F(3, 2))),
    ),
}


@pytest.mark.parametrize("slug", PROOFS)
def test_means_and_prices_meet_at_the_claim(slug: str) -> None:
    """The proof in fractions, of the problem that the catalogue holds."""
    states, payoff, means, prices = PROOFS[slug]
    instance = catalog.get(slug)
    game = instance.problem()
    found, masses = game.prior.rational_numbers
    assert list(found) == states
    assert_priced(
        dict(zip(found, masses, strict=True)), payoff, means, prices, F(instance.claims[0].value)
    )
    x, y = np.array(payoff).T.astype(float)
    np.testing.assert_array_equal(game.breakpoints, x)
    np.testing.assert_array_equal(game.values(x), y)


def test_the_two_peaks_need_bi_pooling() -> None:
    """P touches v at the three means only; pooling whole states interval by interval pays less."""
    result = solve(catalog.get("bi-pooling-two-peaks").problem(), "simultaneous")
    (pool,) = [segment for segment in result.segments if segment.kind != "pooling"]
    assert (pool.kind, pool.low, pool.high) == ("bi-pooling", 0, 3 / 4)
    assert pool.means == pytest.approx((1 / 4, 1 / 2), abs=1e-9)
    states, payoff, means, prices = PROOFS["bi-pooling-two-peaks"]
    v, price = line(payoff), line(prices)
    assert {x for x, _ in (*payoff, *prices) if v(x) == price(x)} == set(means)
    for cuts in chain.from_iterable(combinations(range(1, 5), k) for k in range(5)):
        parts = [states[low:high] for low, high in pairwise((0, *cuts, 5))]
        paid = sum((len(part) * v(sum(part, F(0)) / len(part)) for part in parts), F(0)) / 5
        assert paid < F(4, 5)


def test_lobbies_in_fractions() -> None:
    """−E[(a − a*)²] with the policy a that follows what is revealed."""
    states = [F(0), F(1, 2), F(1)]

    def paid(weight: Fraction, shift: Fraction, policies: list[Fraction]) -> Fraction:
        gaps = [a - weight * w - shift for a, w in zip(policies, states, strict=True)]
        return -sum((gap**2 for gap in gaps), F(0)) / 3

    moderate, extreme = (F(3, 4), F(1, 2)), (F(1, 4), F(15, 16))
    revealed, pooled = states, [F(1, 2)] * 3
    values = {
        slug: catalog.get(f"kamenica-gentzkow-lobbying-{slug}").claims[0].value
        for slug in ("moderate", "extreme")
    }
    assert values["moderate"] == paid(*moderate, revealed) > paid(*moderate, pooled)
    assert values["extreme"] == paid(*extreme, pooled) > paid(*extreme, revealed)


def test_upper_censorship_in_fractions() -> None:
    """Reveal the lower quarter of the cells, pool the rest at 5/8, where the tangent meets v."""

    def v(m: Fraction) -> Fraction:
        return 3 * m**2 - 2 * m**3

    pool, cut = F(5, 8), F(1, 4)
    assert v(pool) - v(cut) == (6 * pool - 6 * pool**2) * (pool - cut)
    assert F(3, 4) * v(pool) + cut**3 - cut**4 / 2 == UPPER_CENSORSHIP
    for cells in (8, 16):
        revealed = sum(v(F(2 * k + 1, 2 * cells)) for k in range(cells // 4)) / cells
        claim = catalog.get(f"dworczak-martini-upper-censorship-{cells}").claims[0]
        assert claim.value == revealed + F(3, 4) * v(pool)


@pytest.mark.parametrize("cells", [8, 16, 24, 32])
@pytest.mark.parametrize("formulation", ["majorization", "transport"])
def test_upper_censorship_on_grids(cells: int, formulation: Any) -> None:
    grid = StateGrid.from_distribution(stats.uniform(), cells)
    game = PosteriorMeanGame(grid, lambda m: 3 * m**2 - 2 * m**3)
    result = solve(game, "simultaneous", formulation=formulation)
    exact = float(UPPER_CENSORSHIP) - 3 / (64 * cells**2)
    assert_close(result.value, exact, tolerance=5e-11)
    assert result.upper is None  # nothing is known of the function between the means
    assert result.certificate.upper - result.lower <= 2e-9
    (pool,) = [s for s in result.segments if s.kind == "pooling"]
    assert pool.means == pytest.approx((5 / 8,), abs=1e-6)
    assert pool.low == pytest.approx(1 / 4 + 1 / (2 * cells))


def test_upper_censorship_is_bracketed() -> None:
    payoff = BeliefFunction(lambda m: 3 * m**2 - 2 * m**3, lipschitz=1.5)
    result = solve(PosteriorMeanGame(stats.uniform(), payoff), "simultaneous")
    assert result.upper is not None
    assert result.lower <= float(UPPER_CENSORSHIP) <= result.upper
    assert result.upper - result.lower <= 4e-5
    assert result.price.values.size == 65
