"""Exact menus against floating point on random plans."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persuasion_lp import solve
from tests.strategies import rational_plans

F = Fraction


@pytest.mark.parametrize("pessimistic", [False, True])
@given(st.data())
@settings(max_examples=40, deadline=None)
def test_exact_values_are_those_in_floats(pessimistic: bool, data: st.DataObject) -> None:
    plan = data.draw(rational_plans(pessimistic=pessimistic))
    answer = solve(plan, "menu", exact=True)
    assert float(answer.value) == pytest.approx(solve(plan, "menu").value, abs=1e-12)
    assert answer.certificate.verify().ok
    for _, bound in answer.certificate.about["bounds"]:
        assert Fraction(bound) <= answer.value
