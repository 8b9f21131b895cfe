"""One deadline for a whole call, and the bracket that is left when it passes."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from persuasion_lp import (
    PersuasionGame,
    Receiver,
    SolverOptions,
    VotingGame,
    compare,
    solve,
)
from persuasion_lp.core import exact_orders, searched
from persuasion_lp.core.exact_orders import prove_best_order
from persuasion_lp.core.family import family_of
from persuasion_lp.core.limits import nothing_known, within_limits
from persuasion_lp.core.orders import best_order
from persuasion_lp.errors import CertificateError, LimitError
from persuasion_lp.limits.deadline import check_time, seconds_left, unlimited, within
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.highs import ProgramLimitError


def passed() -> None:
    """Wait until a deadline of a few milliseconds is over."""
    while seconds_left():
        time.sleep(1e-3)


def test_without_a_deadline_there_is_time() -> None:
    assert seconds_left() == math.inf
    check_time()
    with within(None), within(math.inf):
        assert seconds_left() == math.inf


def test_a_deadline_passes_once_and_is_gone_afterwards() -> None:
    with within(0.01):
        assert 0 < seconds_left() <= 0.01
        passed()
        with pytest.raises(LimitError) as caught:
            check_time()
    assert (caught.value.best_value, caught.value.best_bound) == (-math.inf, math.inf)
    check_time()


def test_the_sooner_deadline_holds() -> None:
    with within(0.5):
        with within(100):
            assert seconds_left() <= 0.5
        with within(0.1):
            assert seconds_left() <= 0.1
        assert 0.1 < seconds_left() <= 0.5


def test_what_is_still_to_be_said_has_time() -> None:
    with within(1e-9):
        passed()
        with unlimited():
            check_time()
        with pytest.raises(LimitError):
            check_time()


def _cut(error: type[LimitError], lower: float, upper: float) -> LimitError:
    def answer() -> None:
        raise error("time", best_bound=upper, best_value=lower)

    with pytest.raises(LimitError) as caught:
        within_limits(answer, None, lambda: (0.0, 1.0))
    assert type(caught.value) is LimitError
    return caught.value


@pytest.mark.parametrize(
    ("error", "said", "bracket"),
    [
        (LimitError, (-math.inf, math.inf), (0.0, 1.0)),
        (LimitError, (0.25, 0.75), (0.25, 0.75)),
        (LimitError, (-1.0, 0.75), (0.0, 0.75)),
        (LimitError, (0.25, 448.0), (0.25, 1.0)),
        (ProgramLimitError, (0.0367, 0.0367), (0.0, 1.0)),
    ],
)
def test_the_bracket_is_what_is_known_and_what_is_proved_of_the_whole(
    error: type[LimitError], said: tuple[float, float], bracket: tuple[float, float]
) -> None:
    left = _cut(error, *said)
    assert (left.best_value, left.best_bound) == bracket


def test_what_is_known_has_time_to_be_said() -> None:
    def known() -> tuple[float, float]:
        check_time()
        return 0.0, 1.0

    with within(1e-9):
        passed()
        with pytest.raises(LimitError) as caught:
            within_limits(check_time, None, known)
    assert (caught.value.best_value, caught.value.best_bound) == (0.0, 1.0)


def test_a_family_may_know_nothing() -> None:
    assert nothing_known(None, "any") == (-math.inf, math.inf)


JUDGES = PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2)
OPPOSED = PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8, payoffs=[0, -2])] * 2)
SURE = PersuasionGame([[0.5, 0.2], [0.2, 0.1]], [Receiver.threshold(0.2)] * 2)
JOINT = PersuasionGame(
    [[0.25, 0.25], [0.25, 0.25]], [Receiver.threshold(0.8)] * 2, payoff=[[0, 1], [1, -1]]
)
THREE = PersuasionGame([[[0.1] * 2] * 2, [[0.15] * 2] * 2], [Receiver.threshold(0.8)] * 3)
COMMITTEE = VotingGame([[0.25, 0.25], [0.25, 0.25]], [0.3, 0.8], 1)


@pytest.mark.parametrize(
    ("problem", "lower", "upper"),
    [
        (JUDGES, 1.0, 2.0),
        (OPPOSED, 0.0, 0.0),
        (SURE, 2.0, 2.0),
        (JOINT, 0.25, 1.0),
        (THREE, 1.6, 3.0),
        (COMMITTEE, 1.0, 1.0),
    ],
)
def test_games_and_votes_know_their_benchmarks(problem: Any, lower: float, upper: float) -> None:
    """Nothing said, everything said, the most that is paid in each state: by hand."""
    known = family_of(problem).known(problem, "simultaneous")
    assert known == pytest.approx((lower, upper), abs=1e-12)
    assert known[1] >= upper
    benchmarks = problem.payoff_without_information(), problem.payoff_with_full_information()
    assert known[0] == pytest.approx(max(benchmarks), abs=1e-12)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("problem", [JUDGES, THREE, COMMITTEE])
@pytest.mark.parametrize("procedure", ["simultaneous", "sequential", "first_best"])
def test_no_time_leaves_what_is_known(problem: Any, procedure: Any, exact: Any) -> None:
    with pytest.raises(LimitError, match="time limit") as caught:
        solve(problem, procedure, exact=exact, options=SolverOptions(time_limit=1e-9))
    known = family_of(problem).known(problem, procedure)
    assert (caught.value.best_value, caught.value.best_bound) == known
    assert solve(problem, procedure, exact=exact).value <= known[1]


def test_a_comparison_has_one_limit_for_all_procedures(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[float] = []

    def timed(*_: Any, **__: Any) -> Any:
        left.append(seconds_left())
        return solve(JUDGES, "simultaneous")

    monkeypatch.setattr(import_module("persuasion_lp.compare"), "solve", timed)
    with contextlib.suppress(CertificateError):  # one answer for all contradicts theory
        compare(JUDGES, options=SolverOptions(time_limit=50))
    assert len(left) == 5
    assert 0 < left[-1] < left[0] <= 50


def test_a_deadline_around_several_calls_holds_for_all() -> None:
    with within(1e-9), pytest.raises(LimitError):
        solve(JUDGES, "simultaneous")


THREE_JUDGES = PersuasionGame(
    [[["1/8", "1/16"], ["1/16", "1/4"]], [["1/16", "1/8"], ["3/16", "1/8"]]],
    [Receiver.threshold(c) for c in ("4/5", "2/3", "3/4")],
)


@pytest.mark.parametrize("procedure", ["sequential", "intermediate"])
@pytest.mark.parametrize("call", range(6))
def test_a_proof_over_all_orders_cut_short_brackets_the_best_one(
    procedure: Any, call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever program it is: the first one, a beginning, or an order."""
    value = solve(THREE_JUDGES, procedure, exact=True).value
    calls = [0]

    def limited(*pair: Any) -> Any:
        calls[0] += 1
        if calls[0] > call:
            raise LimitError("time", best_bound=math.inf, best_value=-math.inf)
        return solve_exactly(*pair)

    monkeypatch.setattr(exact_orders, "solve_exactly", limited)
    monkeypatch.setattr(searched, "likely_order", lambda _, length: tuple(range(length)))
    left = _limit_of(partial(solve, THREE_JUDGES, procedure, exact=True))
    if left is None:
        assert calls[0] <= call
        return
    known = family_of(THREE_JUDGES).known(THREE_JUDGES, procedure)
    assert known[0] <= left.best_value <= value <= left.best_bound <= known[1]
    assert call == 0 or left.best_value > known[0]


def _limit_of(function: Callable[[], Any]) -> LimitError | None:
    """The limit that ends a call, if one does."""
    try:
        function()
    except LimitError as left:
        return left
    return None


def test_bounds_of_what_is_open_bound_the_best_order() -> None:
    limit = LimitError("time", best_bound=math.inf, best_value=-math.inf)
    cut = partial(exact_orders._cut_short, limit, Fraction(1, 4))
    assert cut([Fraction(1, 2), Fraction(1, 8)]).best_bound == 0.5
    assert cut([Fraction(1, 8)]).best_bound == 0.25
    assert cut([Fraction(1, 2), None]).best_bound == math.inf
    assert cut([None]).best_value == 0.25


def test_beginnings_that_wait_bound_the_best_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up values: what begins with 0 is worth 10 at most, with 0 and 3 only 5, an order 1."""

    def value(order: tuple[int, ...], _: Any) -> Any:
        if len(order) == 4 and order[:2] == (0, 3):
            raise LimitError("time", best_bound=math.inf, best_value=-math.inf)
        bounds = {(0,): 10, (0, 3): 5, (1, 0, 2, 3): 1}
        return SimpleNamespace(value=Fraction(bounds.get(order, 0)))

    def relaxed(order: tuple[int, ...]) -> Any:
        return order, SimpleNamespace(shape=(1, 1))

    monkeypatch.setattr(exact_orders, "solve_exactly", value)
    twins: tuple[set[int], ...] = (set(), set(), set(), set())
    left = _limit_of(lambda: prove_best_order(None, "sequential", twins, (1, 0, 2, 3), relaxed))
    assert left is not None
    assert (left.best_value, left.best_bound) == (1.0, 10.0)


class _Found(NamedTuple):
    upper: float


@pytest.mark.parametrize(
    ("stopped", "bound"),
    [((0,), math.inf), ((1,), math.inf), ((2,), 3.0), ((0, 1, 2), 3.0), ((2, 1, 0), None)],
)
def test_a_search_cut_short_bounds_every_order(
    stopped: tuple[int, ...], bound: float | None
) -> None:
    """Of made-up bounds: what begins with i is worth 3 − i at most, less when it is longer."""

    def solved(order: tuple[int, ...], complete: bool) -> _Found:
        if order == stopped:
            raise LimitError("iterations", best_bound=0.0, best_value=-5.0)
        return _Found(3.0 - order[0] - (0.25 if complete else 0.0))

    twins: tuple[set[int], ...] = (set(), set(), set())
    left = _limit_of(lambda: best_order(twins, 1.0, solved))
    assert (left and left.best_bound) == bound
    assert left is None or left.best_value == -5.0
