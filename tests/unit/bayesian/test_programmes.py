"""Programmes against matrices written by hand, and the two numbers of every cell."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.families.bayesian.counts.chain import ChainProgramme
from persuasion_lp.families.bayesian.counts.programme import CountsProgramme
from persuasion_lp.families.bayesian.programmes.adversarial import AdversarialProgramme
from persuasion_lp.families.bayesian.programmes.base import Programme
from persuasion_lp.families.bayesian.programmes.elicited import ElicitedProgramme
from persuasion_lp.families.bayesian.programmes.told import ToldProgramme
from persuasion_lp.families.bayesian.programmes.unelicited import UnelicitedProgramme
from persuasion_lp.families.bayesian.proof.attained import exact_optimum
from persuasion_lp.lp.highs import solve_lp

F = Fraction

CHICKEN = plp.BayesianGame.from_table([[(0, 0), (7, 2)], [(2, 7), (6, 6)]])
FIRM = plp.BayesianGame([["2/5", "1/10"], ["1/10", "2/5"]], [[[0, 0], ["11/20", -1]]], [0, 1])
"""One firm with a signal that is right with probability 4/5."""


def rows(programme: Programme, block: str) -> np.ndarray[Any, Any]:
    """Coefficients of a block of rows, a row each."""
    lp = programme.build()
    return lp.matrix.toarray()[lp.rows[block].span]


def test_obedience_of_chicken() -> None:
    """Columns: (dare, dare), (dare, yield), (yield, dare), (yield, yield)."""
    bce = ToldProgramme(CHICKEN, "max", "bce")
    assert bce.build().objective.tolist() == [0, 9, 9, 12]
    assert rows(bce, "prior").tolist() == [[1, 1, 1, 1]]
    assert rows(bce, "obedience[0]").tolist() == [[-2, 1, 0, 0], [0, 0, 2, -1]]
    assert rows(bce, "obedience[1]").tolist() == [[-2, 0, 1, 0], [0, 2, 0, -1]]
    public = ToldProgramme(CHICKEN, "max", "public")
    assert rows(public, "obedience[0]").tolist() == np.diag([-2, 1, 2, -1]).tolist()
    coarse = ToldProgramme(CHICKEN, "max", "coarse")
    assert rows(coarse, "obedience[0]").tolist() == [[0, 0, 2, -1], [-2, 1, 0, 0]]
    assert ToldProgramme(CHICKEN, "min", "bce").build().objective.tolist() == [0, -9, -9, -12]


def test_reports_of_a_firm() -> None:
    """Columns: out in (G, g), (G, b), (B, g), (B, b), then invest likewise; then z."""
    programme = ElicitedProgramme(FIRM, "max")
    lp = programme.build()
    assert lp.shape[1] == 8 + 4
    assert lp.objective.tolist() == [0, 0, 0, 0, 0.4, 0.1, 0.1, 0.4, 0, 0, 0, 0]
    assert rows(programme, "plan")[:, :8].tolist() == np.hstack([np.eye(4)] * 2).tolist()
    good = [-0.22, 0, 0.1, 0, 0, 0, 0, 0]
    assert rows(programme, "obedience[0]")[0, :8] == pytest.approx(good)
    told = rows(programme, "deviation[0]").reshape(2, 1, 2, 2, 12)
    # of type g, who reports b, is told to stay out, and invests nevertheless
    lied = [0, -0.22, 0, 0.1, 0, 0, 0, 0, 1, 0, 0, 0]
    assert told[0, 0, 0, 1] == pytest.approx(lied)
    # of type b, who reports g and is told to invest, and stays out
    assert told[1, 0, 1, 0] == pytest.approx([0] * 11 + [1])
    honest = [0, 0, 0, 0, 0.22, 0, -0.1, 0, -1, -1, 0, 0]
    assert rows(programme, "honesty[0]")[0] == pytest.approx(honest)
    assert np.isfinite(lp.upper[8:]).all()


def test_maps_of_a_firm() -> None:
    """Columns: maps (g, b) → (0, 0), (0, 1), (1, 0), (1, 1), each in G and in B."""
    programme = UnelicitedProgramme(FIRM, "max")
    assert programme.build().objective == pytest.approx([0, 0, 0.1, 0.4, 0.4, 0.1, 0.5, 0.5])
    kinds = rows(programme, "obedience[0]").reshape(2, 4, 8)
    assert kinds[0, 1] == pytest.approx([0, 0, -0.22, 0.1, 0, 0, 0, 0])  # g of (0, 1)
    assert kinds[1, 1] == pytest.approx([0, 0, 0.055, -0.4, 0, 0, 0, 0])  # b of (0, 1)


def test_flows_on_the_lattice() -> None:
    game = plp.BayesianGame(
        [1.0], [[[[0], [0]], [[1], [2]]], [[[0], [-1]], [[0], [3]]]], [[0, 1], [1, 2]]
    )
    programme = AdversarialProgramme(game, "max")
    lp = programme.build()
    # stops after {}, {1}, {0}, {0, 1}; flows {}→0, {}→1, {1}→0, {0}→1
    assert lp.objective.tolist() == [0, 1, 1, 2, 0, 0, 0, 0]
    flow = rows(programme, "flow")
    assert flow[0].tolist() == [1, 0, 0, 0, 1, 1, 0, 0]
    assert flow[3].tolist() == [0, 0, 0, 1, 0, 0, -1, -1]
    assert rows(programme, "sequential")[0].tolist() == [0, 0, 0, 0, 1, 0, 2, 0]
    assert rows(programme, "sequential")[1].tolist() == [0, 0, 0, 0, 0, -1, 0, 3]
    assert rows(programme, "obedience")[0].tolist() == [-1, -2, 0, 0, 0, 0, 0, 0]
    assert rows(programme, "obedience")[1].tolist() == [1, 0, -3, 0, 0, 0, 0, 0]


def test_counts_of_two_firms() -> None:
    game = plp.AnonymousGame(2, [1.0], [[0, 0], [1, 3]], [0, 0, 4])
    programme = CountsProgramme(game, "max", "bce")
    # counts (out, in): (0, 2), (1, 1), (2, 0)
    assert programme.build().objective.tolist() == [4, 0, 0]
    assert rows(programme, "obedience").tolist() == [[0, -1.5, -1], [3, 0.5, 0]]
    chain = ChainProgramme(game, "max")
    # stops after 0, 1, 2; flows after 0, 1
    assert rows(chain, "flow").tolist() == [[1, 0, 0, 1, 0], [0, 1, 0, -1, 1], [0, 0, 1, 0, -1]]
    assert rows(chain, "sequential").tolist() == [[0, 0, 0, 0.5, 1.5]]
    assert rows(chain, "obedience").tolist() == [[-1, -1.5, 0, 0, 0]]


@pytest.mark.parametrize(
    "programme",
    [
        ToldProgramme(CHICKEN, "max", "bce"),
        ToldProgramme(FIRM, "max", "public"),
        ToldProgramme(CHICKEN, "max", "coarse"),
        ElicitedProgramme(FIRM, "max"),
        UnelicitedProgramme(FIRM, "min"),
    ],
)
def test_sizes_are_known_before_anything_is_laid_out(programme: Programme) -> None:
    lp = programme.build()
    assert (programme.size.rows, programme.size.columns) == lp.shape
    assert programme.size.nonzeros >= lp.nonzeros
    exact = programme.build_rational()
    assert len(exact.objective) == lp.shape[1]
    assert [float(c) for c in exact.objective] == pytest.approx(lp.objective.tolist())


def test_bounds_hold_for_any_prices() -> None:
    """Also for prices that are far from optimal, and for those of rows of the wrong sign."""
    rng = np.random.default_rng(0)
    for programme in (
        ToldProgramme(CHICKEN, "max", "bce"),
        ElicitedProgramme(FIRM, "max"),
        UnelicitedProgramme(FIRM, "max"),
    ):
        lp = programme.build()
        best = plp.solve(programme.game, "bce").lower
        for _ in range(50):
            y = rng.normal(size=lp.shape[0])
            floor = best if programme.game is CHICKEN else 1623 / 2750 - 1e-9
            assert programme.bound(lp, y) >= floor


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_at_optimal_prices_is_above_the_optimum_by_rounding_only(seed: int) -> None:
    rng = np.random.default_rng(seed)
    utilities = [rng.integers(-5, 6, (2, 3, 2)) / 10 for _ in range(2)]
    prior = [[["1/6", "1/12"]], [["1/4", "1/2"]]]
    game = plp.BayesianGame(prior, utilities, rng.integers(-5, 6, (2, 3, 2)) / 10)
    programmes: list[Programme] = [
        ToldProgramme(game, "max", "bce"),
        ElicitedProgramme(game, "min"),
        UnelicitedProgramme(game, "max"),
    ]
    for programme in programmes:
        lp = programme.build()
        best = exact_optimum(programme, lp).value
        bound = F(programme.bound(lp, solve_lp(lp).y))
        assert best <= bound <= best + F(1, 10**12)
