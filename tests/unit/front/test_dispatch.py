"""What solve refuses before it knows the family."""

from __future__ import annotations

import pytest

from persuasion_lp import errors, solve


def test_something_else_is_no_problem() -> None:
    with pytest.raises(errors.InputError, match="PersuasionGame"):
        solve([0.5, 0.5], "simultaneous")  # type: ignore[call-overload]
