"""Priors by hand, and numbers as they are written."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import PersuasionGame, Receiver, priors
from persuasion_lp.errors import PriorError, SizeError

T = Receiver.threshold


def test_priors_by_hand() -> None:
    np.testing.assert_allclose(priors.independent([0.5, 0.2]), [[0.4, 0.1], [0.4, 0.1]])
    assert priors.perfectly_correlated(0.25, 3)[1, 1, 1] == 0.25
    assert priors.perfectly_correlated(0.25, 3).sum() == 1
    assert priors.perfectly_negative(0.25).tolist() == [[0, 0.75], [0.25, 0]]
    table = priors.from_table({"HL": 0.5, (0, 1): 0.5})
    assert table.tolist() == [[0, 0.5], [0.5, 0]]


def test_priors_keep_numbers_as_they_are_written() -> None:
    third = Fraction(1, 3)
    assert priors.perfectly_negative("1/3").tolist() == [[0, 1 - third], [third, 0]]
    assert priors.perfectly_correlated(third, 2).tolist() == [[1 - third, 0], [0, third]]
    assert priors.from_table({"L": "1/3", "H": "2/3"}).tolist() == [third, 1 - third]
    assert priors.independent([third, 0.3])[1, 1] == Fraction(1, 10)
    for x in ([0.3, 0.7, 0.1], ["3/10", "7/10", "1/10"]):
        game = PersuasionGame(priors.independent(x), [T(0.8)] * 3)
        assert sum(game.rational_numbers.prior) == 1
    assert priors.independent([0.3, 0.7, 0.1]).dtype == np.float64


@pytest.mark.parametrize(
    "prior",
    [
        lambda n: plp.priors.independent([0.5] * n),
        lambda n: plp.priors.perfectly_correlated(0.5, n),
        lambda n: plp.priors.from_table({"H" * n: 1}),
    ],
)
def test_priors_over_too_many_states_are_refused(prior: Callable[[int], Any]) -> None:
    assert prior(3).shape == (2, 2, 2)
    with pytest.raises(SizeError, match="this prior needs: 1099511627776 states"):
        prior(40)


@pytest.mark.parametrize("n", [0, 2.0, "2", True, None])
def test_receivers_of_a_prior_are_counted(n: Any) -> None:
    with pytest.raises(PriorError, match="n must be at least 1, a whole number"):
        plp.priors.perfectly_correlated(0.5, n)


@pytest.mark.parametrize("table", [None, [("HL", 1)], "HL"])
def test_a_table_is_a_mapping(table: Any) -> None:
    with pytest.raises(PriorError, match="table must be a mapping"):
        plp.priors.from_table(table)
    with pytest.raises(PriorError, match="table must have words in L and H"):
        plp.priors.from_table({1: 1})
