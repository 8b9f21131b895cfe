"""One run of HiGHS: in place while it is short, in a thread that can be left when it is long."""

from __future__ import annotations

import time
from typing import Any

import highspy
import pytest

from persuasion_lp.errors import LimitError
from persuasion_lp.limits.deadline import within
from persuasion_lp.lp import SolverOptions, solve_lp
from persuasion_lp.lp.engine import scaled
from persuasion_lp.lp.engine.worker import LeftBehindError
from persuasion_lp.lp.highs import CutShort, LPSolution, ProgramLimitError, optimize_lp
from tests.unit.lp.test_highs import public

LP = public(4)


@pytest.mark.parametrize("algorithm", ["dual-simplex", "ipm"])
def test_a_program_that_takes_long_is_solved_anew_to_the_same_bytes(
    algorithm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = SolverOptions(algorithm=algorithm)
    in_place = solve_lp(LP, options)
    calls: list[float] = []

    def counted(function: Any, stop: Any, seconds: float) -> Any:
        calls.append(seconds)
        return function()

    monkeypatch.setattr(scaled, "call", counted)
    assert solve_lp(LP, options).x.tobytes() == in_place.x.tobytes()
    assert not calls
    monkeypatch.setattr(scaled, "MOMENT", 1e-9)
    assert solve_lp(LP, options).x.tobytes() == in_place.x.tobytes()
    assert len(calls) == 1
    monkeypatch.setattr(scaled, "FEW_NONZEROS", 0)
    assert solve_lp(LP, options).x.tobytes() == in_place.x.tobytes()
    assert len(calls) == 2


def test_a_solver_that_does_not_stop_is_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def left(function: Any, stop: Any, seconds: float) -> Any:
        raise LeftBehindError

    monkeypatch.setattr(scaled, "call", left)
    monkeypatch.setattr(scaled, "FEW_NONZEROS", 0)
    value = 4.0
    with pytest.raises(ProgramLimitError) as caught:
        solve_lp(LP, SolverOptions(time_limit=1))
    assert caught.value.limit == "time"
    assert caught.value.best_bound >= value / 2
    assert scaled.final_basis(LP, "dual-simplex", presolve=True) is None


@pytest.mark.parametrize("without", ["nothing", "interrupt", "time limit"])
def test_asking_a_solver_to_stop_stops_it(without: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two ways, either of which is enough: parts of HiGHS look at one of them only."""
    set_option = highspy.Highs.setOptionValue

    def kept(solver: Any, name: str, value: Any) -> Any:
        if (name, value) == ("time_limit", 0.0):
            return highspy.HighsStatus.kOk
        return set_option(solver, name, value)

    if without == "interrupt":
        monkeypatch.setattr(highspy.Highs, "cancelSolve", lambda _: None)
    if without == "time limit":
        monkeypatch.setattr(highspy.Highs, "setOptionValue", kept)

    def at_once(function: Any, stop: Any, seconds: float) -> Any:
        stop()
        return function()

    monkeypatch.setattr(scaled, "call", at_once)
    monkeypatch.setattr(scaled, "FEW_NONZEROS", 0)
    found = optimize_lp(LP, SolverOptions(algorithm="dual-simplex", presolve=False))
    assert isinstance(found, CutShort)
    assert found.limit == "time"


def test_highs_is_told_how_much_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds: list[float] = []

    def counted(function: Any, stop: Any, left: float) -> Any:
        seconds.append(left)
        return function()

    monkeypatch.setattr(scaled, "call", counted)
    monkeypatch.setattr(scaled, "FEW_NONZEROS", 0)
    with within(20):
        for options in (None, SolverOptions(time_limit=5), SolverOptions(highs={"time_limit": 3})):
            assert isinstance(optimize_lp(LP, options), LPSolution)
    assert seconds == pytest.approx([20, 5, 3], abs=2)
    assert seconds[0] > 15


def test_what_takes_long_to_read_is_not_read_after_a_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    none = SolverOptions(time_limit=1e-9)
    with pytest.raises(ProgramLimitError) as caught:
        solve_lp(LP, none)
    assert caught.value.best_bound < float("inf")
    monkeypatch.setattr("persuasion_lp.lp.highs.READ_LATE", 0)
    with pytest.raises(ProgramLimitError) as caught:
        solve_lp(LP, none)
    assert caught.value.best_bound == float("inf")
    with pytest.raises(ProgramLimitError) as caught:
        solve_lp(LP, SolverOptions(iteration_limit=0, presolve=False))
    assert caught.value.best_bound < float("inf")


def test_a_deadline_that_has_passed_ends_everything_at_once() -> None:
    with within(1e-9):
        time.sleep(1e-3)
        with pytest.raises(LimitError):
            solve_lp(LP)
