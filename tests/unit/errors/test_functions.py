"""A function of the user's that raises or gives no number is named, with the argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import persuasion_lp as plp
from persuasion_lp import errors
from tests.hostile_values import DefinedByCode, OwnDistribution, SilentError, raise_silent

GRID = plp.StateGrid([0.2, 0.6, 1.0])
JUDGE = plp.Receiver.threshold(0.8)


def divides(*_: Any) -> Any:
    """Raise."""
    return 1 // 0


def cell_bound(function: Callable[..., Any]) -> Any:
    """A game whose bound on cells is a function."""
    return plp.solve(
        plp.BeliefGame(0.3, [plp.BeliefFunction(np.sin, cell_bound=function)], grid=4),
        "simultaneous",
    )


def progress(function: Callable[..., Any]) -> Any:
    """A refinement that reports to a function."""
    game = plp.BeliefGame(0.3, [plp.BeliefFunction(np.sin, lipschitz=1.0)], grid=4)
    return plp.solve(game, "simultaneous", tol=0.1, progress=function)


def late(function: Callable[..., Any]) -> Any:
    """A density that is no number at states that are not tried first."""
    tried = {(k + 0.5) / 256 for k in range(256)}
    return plp.StateDistribution.from_density(lambda t: 1.0 if t in tried else function(t))


USES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "payoff of a mean": (lambda f: plp.PosteriorMeanGame(GRID, f), r"payoff .*at mean 0"),
    "density": (plp.StateDistribution.from_density, r"density .*at 0\.00195"),
    "density while it is integrated": (late, r"density .*at 0\."),
    "function of a belief": (
        lambda f: plp.solve(plp.BeliefGame(0.3, [f], grid=4), "simultaneous"), "function must"
    ),
    "bound on cells": (cell_bound, "cell_bound"),
    "concavify": (lambda f: plp.concavify([0, 0.5, 1], f), "f must"),
}  # fmt: skip


@pytest.mark.parametrize("name", USES)
def test_what_a_function_raises_is_the_cause(name: str) -> None:
    use, words = USES[name]
    with pytest.raises(errors.InputError, match=words) as caught:
        use(divides)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert "ZeroDivisionError" in str(caught.value)
    with pytest.raises(errors.InputError) as caught:
        use(lambda *_: raise_silent())
    assert isinstance(caught.value.__cause__, SilentError)


GIVEN = {
    "NaN": lambda x, *_: np.full(np.shape(x), np.nan),
    "complex": lambda x, *_: np.full(np.shape(x), 1.0 + 1j),
    "masked": lambda x, *_: np.ma.masked_array(np.ones(np.shape(x)), mask=True),
    "nothing": lambda *_: None,
    "words": lambda *_: "half",
    "of another shape": lambda *_: np.zeros((2, 7)),
}


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("name", USES)
def test_what_a_function_gives_is_a_number(name: str, given: str) -> None:
    use, words = USES[name]
    with pytest.raises(errors.InputError, match=words.partition(" ")[0]):
        use(GIVEN[given])


def test_progress_that_raises_is_named() -> None:
    with pytest.raises(errors.OptionError, match="progress raised ZeroDivisionError") as caught:
        progress(divides)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(errors.OptionError, match="progress raised ZeroDivisionError"):
        plp.theorems.check("theorem-2", n=1, progress=divides)


@pytest.mark.parametrize("method", ["cdf", "ppf", "support"])
@pytest.mark.parametrize("gives", [divides, raise_silent, 1j, "half", None])
def test_distributions_are_named_with_their_method(method: str, gives: Any) -> None:
    with pytest.raises(errors.InputError, match=rf"difficulty\.{method}"):
        asked(DefinedByCode(method, gives))


def asked(own: DefinedByCode) -> Any:
    """Use every method of a distribution."""
    given = plp.StateDistribution.from_scipy(own)
    return given.cdf([0.5]), given.quantile([0.5])


def test_distributions_of_types_are_named() -> None:
    types: Any = stats.uniform(1.1, 0.4)
    types.cdf = divides
    with pytest.raises(errors.WorkerTypeError, match=r"types\.cdf raised ZeroDivisionError"):
        plp.solve(plp.ManagerProblem(GRID, 0.4, types), "menu", tol=0.1)
    with pytest.raises(errors.WorkerTypeError, match=r"types\[0\]\.cdf raised ZeroDivisionError"):
        plp.ManagerProblem.for_workers(GRID, [0.4], [types]).share_at_least(1.2)


@pytest.mark.parametrize("gives", ["half", None, float("nan"), 1j, [1, 2]])
def test_distributions_of_a_users_own_are_checked(gives: Any) -> None:
    with pytest.raises(errors.PriorError, match=r"OwnDistribution\.(cdf|quantile|tail_moment)"):
        plp.StateGrid.from_distribution(OwnDistribution(gives), 4)


def test_good_distributions_pass() -> None:
    types = stats.uniform(1.1, 0.4)
    found = plp.solve(plp.ManagerProblem(GRID, 0.4, types), "menu", tol=1e-3)
    assert found.certificate.ok
    assert plp.StateDistribution.from_scipy(stats.triang(0.5)).mean == pytest.approx(0.5)


def test_errors_of_the_library_pass_unchanged() -> None:
    line = plp.PiecewiseLinear([0, 1], [0, 1])
    with pytest.raises(errors.InputError, match=r"x.* must lie in \[0, 1\]"):
        plp.StateDistribution.from_density(lambda t: float(line(2 * t + 1)))
