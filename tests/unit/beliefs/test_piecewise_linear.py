"""Piecewise-linear functions: values, jumps, closure, refusals."""

import pickle
from fractions import Fraction

import numpy as np
import pytest

from persuasion_lp import PiecewiseLinear
from persuasion_lp.errors import InputError, PayoffError


def test_jumps_take_the_higher_side() -> None:
    up = PiecewiseLinear.steps([0.5], [0, 1])
    down = PiecewiseLinear.steps([0.5], [1, 0])
    np.testing.assert_array_equal(up([0.0, 0.5 - 1e-9, 0.5, 1.0]), [0, 0, 1, 1])
    np.testing.assert_array_equal(down([0.5, 0.5 + 1e-9]), [1, 0])
    assert float((up + down)(0.5)) == 2.0
    assert float((up + down)(0.5 + 1e-9)) == 1.0


def test_state_dependent_steps_are_expectations() -> None:
    f = PiecewiseLinear.steps([0.5], [[0, 2], [4, 1]])
    np.testing.assert_allclose(f([0.25, 0.75]), [0.5, 0.25 * 4 + 0.75])
    assert float(f(0.5)) == 2.5


def test_maximum_breaks_where_pieces_cross() -> None:
    rising, falling = PiecewiseLinear([0, 1], [0, 1]), PiecewiseLinear([0, 1], [0.5, 0])
    top = rising.maximum(falling)
    np.testing.assert_allclose(top.breakpoints, [0, 1 / 3, 1])
    x = np.linspace(0, 1, 31)
    np.testing.assert_allclose(top(x), np.maximum(rising(x), falling(x)), atol=1e-15)


def test_reflection_turns_states_around() -> None:
    f = PiecewiseLinear.steps([0.8], [0, 1]).reflected()
    assert f.breakpoints.tolist() == [0.0, 0.2, 1.0]
    np.testing.assert_array_equal(f([0.2, 0.21]), [1, 0])


def test_envelope_is_exact_at_breakpoints() -> None:
    envelope = PiecewiseLinear.steps([0.3, 0.6], [0, 1, 3]).envelope()
    assert envelope.vertices.tolist() == [0.0, 0.6, 1.0]
    assert float(envelope(0.3)) == 1.5


def test_multiples() -> None:
    f = 2.0 * PiecewiseLinear([0, 1], [1, 2])
    assert float(f(0.5)) == 3.0
    with pytest.raises(PayoffError, match="factor must not be negative"):
        f * -1.0


def test_numbers_are_kept_as_written() -> None:
    f = PiecewiseLinear([0, 0.1, "1/3", 1], [[0, 0.3], ["1/7", 1], [Fraction(2, 3), 0]])
    pieces = f.rational_pieces
    assert pieces.breakpoints.tolist() == [0, Fraction(1, 10), Fraction(1, 3), 1]
    assert pieces.at.tolist() == [0, Fraction(3, 10), 1, 0]
    assert pieces.left.tolist() == [0, Fraction(3, 10), 1, 0]
    assert pieces.right.tolist() == [0, Fraction(1, 7), Fraction(2, 3), 0]
    np.testing.assert_allclose(f.at, pieces.at.astype(float))


def test_what_is_done_to_a_function_is_done_exactly() -> None:
    """A sum jumps down at 2/3, where it takes both higher sides, 1 and (3 · 2/3)/3."""
    f, g = PiecewiseLinear.steps(["1/3"], [0, 1]), PiecewiseLinear.steps(["2/3"], [[0, 3], [3, 0]])
    total = (f.reflected() + "1/3" * g).rational_pieces
    assert total.breakpoints.tolist() == [0, Fraction(2, 3), 1]
    assert total.at.tolist() == [1, Fraction(5, 3), 0]
    assert total.right.tolist() == [1, Fraction(1, 3), 0]
    crossing = PiecewiseLinear([0, 1], [0, 1]).maximum(PiecewiseLinear([0, 1], ["1/2", 0]))
    assert crossing.rational_pieces.breakpoints.tolist() == [0, Fraction(1, 3), 1]
    assert crossing.rational_pieces.at.tolist() == [Fraction(1, 2), Fraction(1, 3), 1]


def test_exact_functions_survive_pickling() -> None:
    f = PiecewiseLinear.steps(["1/3"], [0, 1]) + PiecewiseLinear([0, 1], [0, "1/7"])
    again = pickle.loads(pickle.dumps(f))  # noqa: S301
    assert again.rational_pieces.at.tolist() == f.rational_pieces.at.tolist()


def test_steps_of_a_receiver_who_always_acts() -> None:
    pieces = PiecewiseLinear.steps([], ["1/3"]).rational_pieces
    assert pieces.breakpoints.tolist() == [0, 1]
    assert pieces.at.tolist() == [Fraction(1, 3)] * 2


@pytest.mark.parametrize(
    ("breakpoints", "values", "message"),
    [
        ([0, 0.6, 0.4, 1], [0, 0, 0, 0], r"breakpoints\[2\] must increase .* before is 0\.6"),
        ([0, 0.5, 0.5, 1], [0, 0, 0, 0], r"breakpoints\[2\] must increase"),
        ([0.1, 1], [0, 0], r"breakpoints\[0\] must be 0 here; got 0\.1"),
        ([0, 0.9], [0, 0], r"breakpoints\[1\] must be 1 here; got 0\.9"),
        ([0, 1], [0, np.nan], r"values\[1\] must be finite"),
        ([0, 1], [0, 1, 2], "values must have shape"),
        ([0], [0], "breakpoints must be a sequence"),
        ([0, 1], ["0", "a"], r"values\[1\] must be a number"),
    ],
)
def test_bad_breakpoints_are_named(
    breakpoints: list[float], values: list[float], message: str
) -> None:
    with pytest.raises(PayoffError, match=message):
        PiecewiseLinear(breakpoints, values)


def test_bad_steps_are_named() -> None:
    with pytest.raises(PayoffError, match="payoffs must have shape"):
        PiecewiseLinear.steps([0.5], [1])
    with pytest.raises(PayoffError, match="cutoffs must be a sequence"):
        PiecewiseLinear.steps(0.5, [0, 1])
    with pytest.raises(PayoffError, match="must increase"):
        PiecewiseLinear.steps(["1/2", "1/2"], [0, 1, 2])


def test_beliefs_outside_are_refused() -> None:
    with pytest.raises(InputError, match=r"x\[1\] must lie in \[0, 1\]; got 1\.5"):
        PiecewiseLinear([0, 1], [0, 1])([0.5, 1.5])


def test_functions_are_frozen_copies() -> None:
    values = np.array([0.0, 1.0])
    f = PiecewiseLinear([0, 1], values)
    values[0] = 7.0
    assert float(f(0.0)) == 0.0
    with pytest.raises(ValueError, match="read-only"):
        f.at[0] = 1.0
