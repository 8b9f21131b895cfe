"""KKS §6.2: Example 4 and Proposition 2."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from persuasion_lp import VotingGame, priors, solve
from tests.support import assert_certified, assert_close

EXAMPLE_4 = VotingGame(priors.from_table({"HHL": 0.5, "LLH": 0.5}), [0.7, 0.8, 0.8], quota=2)


@pytest.mark.parametrize(
    ("procedure", "order", "value"),
    [
        ("simultaneous", None, Fraction(5, 8)),
        ("sequential", (0, 1, 2), Fraction(5, 7)),
        ("sequential", (0, 2, 1), Fraction(5, 7)),
        ("sequential", "best", Fraction(5, 7)),
    ],
)
def test_example_4(procedure: Any, order: object, value: Fraction) -> None:
    settings: dict[str, Any] = {} if order is None else {"order": order}
    result = solve(EXAMPLE_4, procedure, **settings)
    assert_certified(result)
    assert_close(result.value, float(value), tolerance=1e-12)
    assert result.exact().value == value
    verified = solve(EXAMPLE_4, procedure, exact=True, **settings).certificate.verify()
    assert verified.ok
    assert verified.value == value


def test_example_1_with_a_unanimous_vote() -> None:
    """§6.2: the second judge approves only when the first should not have."""
    judges = VotingGame(priors.perfectly_negative(0.5), [0.8, 0.8], quota=2)
    for procedure in ("simultaneous", "sequential", "first_best"):
        assert_close(solve(judges, procedure).value, 0)
