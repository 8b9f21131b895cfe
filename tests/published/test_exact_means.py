"""Posterior-mean persuasion and single tests with values derived by hand, to the last digit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, get_args

import pytest

from persuasion_lp import PiecewiseLinear, PosteriorMeanGame, StateGrid, catalog, solve
from persuasion_lp.cli import main
from persuasion_lp.families.means.programme import MeansFormulation

F = Fraction

TEN_CELLS = StateGrid([F(2 * k + 1, 20) for k in range(10)])
"""The uniform prior on the means of ten cells."""

S_SHAPED = PiecewiseLinear([0, "1/2", "7/10", 1], [0, "1/4", "13/20", "29/40"])
"""Slopes 1/2, 2, 1/4: convex at 1/2, concave at 7/10."""

CONVEX_THEN_FLAT = PiecewiseLinear([0, "1/2", "18/25", 1], [0, 0, "11/25", "11/25"])
"""Slopes 0, 2, 0, the last bend at 18/25."""


@pytest.mark.parametrize("formulation", get_args(MeansFormulation))
def test_the_judge_of_kamenica_and_gentzkow(formulation: Any) -> None:
    """Prior 3/10, the judge convicts at 1/2: as a game about the posterior mean, 3/5."""
    judge = PosteriorMeanGame(
        StateGrid([0, 1], ["7/10", "3/10"]), PiecewiseLinear.steps(["1/2"], [0, 1])
    )
    answer = solve(judge, "simultaneous", exact=True, formulation=formulation)
    assert answer.value == F(3, 5)
    assert answer.value == catalog.get("kamenica-gentzkow-prosecutor").claims[0].value
    floats = PosteriorMeanGame(StateGrid([0, 1], [0.7, 0.3]), judge.payoff)
    assert solve(floats, "simultaneous", exact=True).value == F(3, 5)


@pytest.mark.parametrize("formulation", get_args(MeansFormulation))
def test_upper_censorship_at_the_end_of_a_cell(formulation: Any) -> None:
    """Dworczak and Martini 2019: an S-shaped payoff is censored from above.

    The cells above 2/5 have mean 7/10, where the payoff bends down. The price function is s/2 up to
    2/5 and the line from (2/5, 1/5) to (7/10, 13/20) with slope 3/2 ≥ 1/4 from there on: convex,
    above the payoff at both bends (7/20 ≥ 1/4 at 1/2). The four cells below are revealed, which
    pays (1/20 + 3/20 + 5/20 + 7/20)/20, and 3/5 of the mass is at 7/10.
    """
    game = PosteriorMeanGame(TEN_CELLS, S_SHAPED)
    answer = solve(game, "simultaneous", exact=True, formulation=formulation)
    assert answer.value == F(4, 5) / 20 + F(3, 5) * F(13, 20) == F(43, 100)
    assert answer.certificate.verify().ok


def test_upper_censorship_inside_a_cell() -> None:
    """The cells above 1/2 and 1/18 of mass of the one below have mean 18/25: 5/9 · 11/25.

    The price function is 0 up to that cell's mean 9/20, then the line to (18/25, 11/25).
    """
    answer = solve(PosteriorMeanGame(TEN_CELLS, CONVEX_THEN_FLAT), "simultaneous", exact=True)
    assert answer.value == F(5, 9) * F(11, 25) == F(11, 45)
    weights = dict(zip(answer.certificate.about["means"], answer.values("h"), strict=True))
    assert weights["18/25"] == F(5, 9)
    kinks = dict(zip([F(2 * k + 1, 20) for k in range(1, 9)], answer.duals("spread"), strict=True))
    assert {state: bend for state, bend in kinks.items() if bend} == {F(9, 20): F(44, 27)}


def test_two_tests_on_40_cells() -> None:
    """LX §4.2.1 on the means of 40 cells: under commitment one public test does for the menu."""
    plan = catalog.get("lx-two-tests-40-cells").problem()
    values = {
        name: solve(plan, name, exact=True).value for name in ("menu", "single_test", "commitment")
    }
    assert values == {
        "menu": F(491, 4000),
        "single_test": F(49, 400),
        "commitment": F(491, 4000),
    }


def test_every_claim_on_finitely_many_states_is_reproduced_exactly(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["reproduce", "lx-two-tests-40-cells", "--exact"]) == 0
    computed = [line.split()[2] for line in capsys.readouterr().out.splitlines()[1:4]]
    assert computed == ["491/4000", "49/400", "491/4000"]
    rows = list(catalog.reproduce(catalog.get("lx-two-tests-40-cells"), exact=True))
    assert [row.exact for row in rows] == [row.claim.value for row in rows]


@pytest.mark.parametrize("slug", ["lx-two-tests", "dworczak-martini-upper-censorship-8"])
def test_what_is_continuous_or_without_pieces_is_reproduced_in_floats(slug: str) -> None:
    rows: Any = list(catalog.reproduce(catalog.get(slug), exact=True))
    assert all(row.exact is None and row.agrees for row in rows)
