"""The assertion helpers can fail."""

import dataclasses

import pytest

from persuasion_lp import PersuasionGame, Receiver, solve
from tests.support import assert_at_most, assert_certified, assert_close


def test_assert_close_refuses_a_difference() -> None:
    assert_close(1.0, 1.0 + 1e-9)
    with pytest.raises(AssertionError, match="differ by"):
        assert_close(1.0, 1.0 + 1e-7)


def test_assert_close_refuses_nan() -> None:
    with pytest.raises(AssertionError):
        assert_close(float("nan"), 1.0)


def test_assert_at_most_refuses_an_excess() -> None:
    assert_at_most(1.0, 1.0)
    with pytest.raises(AssertionError, match="exceeds"):
        assert_at_most(1.0 + 1e-7, 1.0)


def test_assert_certified_refuses_wrong_prices_and_failed_certificates() -> None:
    result = solve(PersuasionGame([0.7, 0.3], [Receiver.threshold(0.5)]), "simultaneous")
    assert_certified(result)
    with pytest.raises(AssertionError):
        assert_certified(dataclasses.replace(result, prices=result.prices + 1e-6))
    loose = dataclasses.replace(result.certificate, upper=result.value + 1e-6)
    with pytest.raises(AssertionError):
        assert_certified(dataclasses.replace(result, certificate=loose))
