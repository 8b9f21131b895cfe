r"""The payoff depends on the posterior mean: censorship, bi-pooling, lobbying.

A convex P ≥ v with P = v at the means and ∫ P dF = the value proves an optimum (Dworczak and
Martini 2019, Theorem 1). The derivation, with P, stands in the builder; where v is piecewise linear
P ≥ v has to be checked at breakpoints only.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.catalog.single_receiver import KAMENICA_GENTZKOW
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid

__all__ = ["INSTANCES", "UPPER_CENSORSHIP"]

F = Fraction

_PRICES = "Dworczak and Martini, The Simple Economics of Optimal Persuasion, JPE 2019"
_CENSORSHIP = (
    "Kolotilin, Mylovanov and Zapechelnyuk, Censorship as Optimal Persuasion, "
    "Theoretical Economics 2022"
)
_BI_POOLING = (
    "Arieli, Babichenko, Smorodinsky and Yamashita, Optimal Persuasion via Bi-Pooling, "
    "Theoretical Economics 2023"
)

UPPER_CENSORSHIP = F(539, 1024)
"""Value of 3m² − 2m³ on U[0, 1]: reveal below 1/4, pool the rest at 5/8."""


def _cubic(means: Floats) -> Floats:
    return 3 * means**2 - 2 * means**3


def _censored(cells: int) -> PosteriorMeanGame:
    grid = StateGrid.from_distribution(StateDistribution.uniform(), cells)
    return PosteriorMeanGame(grid, _cubic)


def _censored_8() -> PosteriorMeanGame:
    """Payoff v = 3m² − 2m³, convex up to 1/2, concave after; 8 cell means of U[0, 1].

    On U[0, 1] the states below t are revealed and the others pooled at s = (1 + t)/2, where the
    tangent of v has to meet v at t: v(s) − v(t) = v'(s)(s − t) gives t = 1/4. On n cell means with
    8 | n the pool starts at the end of a cell, and the revealed states are cell means, which loses
    their variance: 539/1024 − 3/(64n²).
    """
    return _censored(8)


def _censored_16() -> PosteriorMeanGame:
    """As ``dworczak-martini-upper-censorship-8``, on 16 cell means."""
    return _censored(16)


def _connected(points: Sequence[tuple[object, object]]) -> PiecewiseLinear:
    """The payoff through points (m, v)."""
    means, values = np.array(points).T
    return PiecewiseLinear(means, values)


def _midpoints(cells: int) -> StateGrid:
    return StateGrid([F(2 * k + 1, 2 * cells) for k in range(cells)])


def _piecewise(cells: int) -> PosteriorMeanGame:
    """Convex with slopes 0, 1, 2, 4 up to 3/4, then concave with slope 1/2."""
    points = [(0, 0), (F(1, 4), 0), (F(1, 2), F(1, 4)), (F(5, 8), F(1, 2)), (F(3, 4), 1)]
    return PosteriorMeanGame(_midpoints(cells), _connected([*points, (1, F(9, 8))]))


def _whole_cells() -> PosteriorMeanGame:
    """Slopes 0, 1, 2, 4, 1/2 with breakpoints 1/4, 1/2, 5/8, 3/4; 8 cell means of U[0, 1].

    The upper four states are pooled at 3/4, the others revealed: 1/2 + (1/16 + 3/16)/8 = 17/32.
    P = v up to 7/16; from there it is the line through v(7/16) = 3/16 and v(3/4) = 1, with slope
    13/5, which is 7/20 at 1/2, 27/40 at 5/8 and 33/20 at 1, above v.
    """
    return _piecewise(8)


def _split_cell() -> PosteriorMeanGame:
    """The same payoff on 5 cell means: the cutoff state 1/2 is revealed in part.

    With 2/25 of its mass 1/5 the two states above it have the mean 3/4: 12/25, and (1/100 + 3/100)
    from the revealed states 3/10 and 1/2: 13/25. P = v up to 1/2; from there it is the line with
    slope 3 through v(1/2) = 1/4 and v(3/4) = 1.
    """
    return _piecewise(5)


def _lower_censorship() -> PosteriorMeanGame:
    """Concave, then convex: slopes 2, 1/4, 7/8, breakpoints 1/4, 1/2; 4 cell means of U[0, 1].

    The lower two states are pooled at 1/4, the others revealed: 1/4 + (43/64 + 57/64)/4 = 41/64.
    P is the line through v(1/4) = 1/2 and v(5/8) = 43/64, with slope 11/24, which is 37/96 at 0 and
    59/96 at 1/2, above v; from 5/8 on P = v.
    """
    points = [(0, 0), (F(1, 4), F(1, 2)), (F(1, 2), F(9, 16)), (1, 1)]
    return PosteriorMeanGame(_midpoints(4), _connected(points))


def _media() -> PosteriorMeanGame:
    """A receiver acts at means above his type, whose density is 1/2, 5/2, 1/2: quasi-concave.

    Breakpoints 1/2, 3/4; 4 cell means of U[0, 1]. The upper two are pooled at 3/4 and the others
    revealed: 7/16 + (1/16 + 3/16)/4 = 1/2. P = v up to 3/8; from there it is the line through
    v(3/8) = 3/16 and v(3/4) = 7/8, with slope 11/6, which is 5/12 at 1/2 and 4/3 at 1, above v.
    """
    points = [(0, 0), (F(1, 2), F(1, 4)), (F(3, 4), F(7, 8)), (1, 1)]
    return PosteriorMeanGame(_midpoints(4), _connected(points))


def _bi_pooled() -> PosteriorMeanGame:
    """States 0, 1/4, 1/2, 3/4, 1, equally likely; v has peaks 1/2 at 1/4, 3/4 at 1/2, 3/2 at 1.

    The lower four states are pooled into both means 1/4 and 1/2, with probability 2/5 each, and 1
    is revealed: (2/5)(1/2) + (2/5)(3/4) + (1/5)(3/2) = 4/5. P = 1/4 + m up to 3/4, then slope 2.
    P = v at the three means only, so the optimum is unique; pooling intervals of states one by one
    cannot give it, since the lowest 2/5 of the states have a mean of 1/8.
    """
    peaks = [(F(1, 4), F(1, 2)), (F(3, 8), 0), (F(1, 2), F(3, 4)), (F(3, 4), 0), (1, F(3, 2))]
    return PosteriorMeanGame(StateGrid([F(k, 4) for k in range(5)]), _connected([(0, 0), *peaks]))


def _lobby(weight: Fraction, shift: Fraction) -> PosteriorMeanGame:
    """The politician wants policy ω, the lobby αω + b, both with quadratic loss.

    He chooses the mean m, so the lobby expects −E[(m − αω − b)²] =
    (2α − 1)m² + 2(1 − α)bm − α²E[ω²] − b² in terms of m. States 0, 1/2, 1: E[ω²] = 5/12.
    """
    a, b = float(weight), float(shift)

    def payoff(means: Floats) -> Floats:
        return (2 * a - 1) * means**2 + 2 * (1 - a) * b * means - a**2 * 5 / 12 - b**2

    return PosteriorMeanGame(StateGrid([F(0), F(1, 2), F(1)]), payoff)


def _moderate_lobby() -> PosteriorMeanGame:
    """The lobby wants 3ω/4 + 1/2, the politician ω; states 0, 1/2, 1, equally likely.

    At a mean m it expects m²/2 + m/4 − 31/64, convex: everything is revealed, and the lobby gets
    −E[(ω/4 − 1/2)²] = −29/192.
    """
    return _lobby(F(3, 4), F(1, 2))


def _extreme_lobby() -> PosteriorMeanGame:
    """The lobby wants ω/4 + 15/16, the politician ω; states 0, 1/2, 1, equally likely.

    At a mean m it expects −m²/2 + 45m/32 − 695/768, concave: nothing is revealed, the policy is
    1/2, and the lobby gets −E[(7/16 + ω/4)²] = −251/768.
    """
    return _lobby(F(1, 4), F(15, 16))


INSTANCES = (
    Instance(
        "dworczak-martini-upper-censorship-8",
        "payoff 3m² − 2m³ of the posterior mean, uniform prior on 8 cell means",
        _PRICES,
        "upper censorship; the discretization is ours",
        _censored_8,
        (Claim("simultaneous", UPPER_CENSORSHIP - F(3, 64 * 8**2), "proved here"),),
    ),
    Instance(
        "dworczak-martini-upper-censorship-16",
        "payoff 3m² − 2m³ of the posterior mean, uniform prior on 16 cell means",
        _PRICES,
        "upper censorship; the discretization is ours",
        _censored_16,
        (Claim("simultaneous", UPPER_CENSORSHIP - F(3, 64 * 16**2), "proved here"),),
    ),
    Instance(
        "dworczak-martini-piecewise-linear",
        "a piecewise linear payoff, convex then concave: the upper half is pooled",
        _PRICES,
        "Theorem 1, upper censorship; the numbers are ours",
        _whole_cells,
        (Claim("simultaneous", F(17, 32), "proved here"),),
    ),
    Instance(
        "dworczak-martini-split-state",
        "the same payoff with five states: the cutoff state is pooled in part",
        _PRICES,
        "Theorem 1, upper censorship; the numbers are ours",
        _split_cell,
        (Claim("simultaneous", F(13, 25), "proved here"),),
    ),
    Instance(
        "kolotilin-upper-censorship",
        "a receiver whose type has a single-peaked density: upper censorship",
        _CENSORSHIP,
        "quasi-concave marginal utility; the numbers are ours",
        _media,
        (Claim("simultaneous", F(1, 2), "proved here"),),
    ),
    Instance(
        "kolotilin-lower-censorship",
        "a receiver whose type has a U-shaped density: lower censorship",
        _CENSORSHIP,
        "the mirror image, quasi-convex marginal utility; the numbers are ours",
        _lower_censorship,
        (Claim("simultaneous", F(41, 64), "proved here"),),
    ),
    Instance(
        "bi-pooling-two-peaks",
        "two peaks below a high one: an interval of states is pooled into two means",
        _BI_POOLING,
        "bi-pooling as the unique solution; the numbers are ours",
        _bi_pooled,
        (Claim("simultaneous", F(4, 5), "proved here"),),
    ),
    Instance(
        "kamenica-gentzkow-lobbying-moderate",
        "a lobby that agrees with the politician for the greater part: all is revealed",
        KAMENICA_GENTZKOW,
        "lobbying; the numbers are ours",
        _moderate_lobby,
        (Claim("simultaneous", F(-29, 192), "proved here"),),
    ),
    Instance(
        "kamenica-gentzkow-lobbying-extreme",
        "a lobby that disagrees with the politician for the greater part: nothing is revealed",
        KAMENICA_GENTZKOW,
        "lobbying; the numbers are ours",
        _extreme_lobby,
        (Claim("simultaneous", F(-251, 768), "proved here"),),
    ),
)
