"""One programme over alternatives: by hand, and refused where it proves nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from persuasion_lp import errors
from persuasion_lp.lp import LPBuilder
from persuasion_lp.lp.alternatives import Priced, prove_best
from persuasion_lp.lp.rational import RationalProgram, RationalSolution

F = Fraction
OBJECT = np.dtype(object)


def one_column(payoff: int, cap: int, offset: int, *, bounded: bool = False) -> RationalProgram:
    """Max payoff·x + offset with x ≤ cap, as a row or as a bound."""
    builder = LPBuilder(OBJECT)
    if bounded:
        builder.columns("x", (1,), objective=F(payoff), upper=F(cap))
    else:
        x = builder.columns("x", (1,), objective=F(payoff))
        builder.entries(builder.rows("cap", (1,), "<=", F(cap)), x, 1)
    return builder.build_rational(offset=F(offset))


BEST = RationalSolution(one_column(2, 3, 1), (F(3),), (F(2),), F(7))


def test_the_programme_of_alternatives_by_hand() -> None:
    """Rows: choice; x − 3w ≤ 0; y − 5v ≤ 0, the bound of y. Columns: w, x, v, y."""
    proof = prove_best("a", BEST, {"b": Priced(one_column(1, 5, 2, bounded=True), ())})
    program = proof.program
    assert list(program.objective) == [1, 2, 2, 1]
    assert list(program.entries) == [{0: 1, 1: -3}, {1: 1}, {0: 1, 2: -5}, {2: 1}]
    assert list(program.senses) == [0, -1, -1]
    assert list(program.rhs) == [1, 0, 0]
    assert list(proof.x) == [1, 3, 0, 0]
    assert list(proof.y) == [7, 2, 1]
    assert proof.value == 7
    assert proof.values("a: x").tolist() == [3]
    assert proof.values("b: weight").tolist() == [0]
    assert proof.duals("choice").tolist() == [7]
    assert proof.duals("b: upper").tolist() == [1]


def test_an_alternative_that_ties_is_no_better() -> None:
    assert prove_best("a", BEST, {"b": Priced(one_column(1, 5, 2), (F(1),))}).value == 7


@pytest.mark.parametrize(
    ("other", "price"),
    [(one_column(1, 6, 2), 1), (one_column(1, 5, 3), 1), (one_column(2, 1, 0), 1)],
    ids=["cap", "offset", "price"],
)
def test_prices_that_do_not_prove_it_are_refused(other: RationalProgram, price: int) -> None:
    """The other is better by its cap, by its offset, or its price is not dual feasible."""
    with pytest.raises(errors.ExactnessError, match="a is not proved to be best"):
        prove_best("a", BEST, {"b": Priced(other, (F(price),))})


def test_columns_must_begin_at_zero() -> None:
    builder = LPBuilder(OBJECT)
    builder.columns("x", (1,), lower=F(1))
    with pytest.raises(ValueError, match="at least 0"):
        prove_best("a", BEST, {"b": Priced(builder.build_rational(offset=F(0)), ())})
