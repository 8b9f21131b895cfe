"""What HiGHS keeps for a whole process: its header stays away, its threads can be changed."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import highspy
import pytest

from persuasion_lp import errors
from persuasion_lp.lp import LinearProgram, LPBuilder, SolverOptions, process, solve_lp

SOLVING = (
    "import persuasion_lp as plp; "
    "plp.solve(plp.PersuasionGame([.5, .5], [plp.Receiver.threshold(.8)]), 'simultaneous'); "
)


def small() -> LinearProgram:
    """Max x, x ≤ 1."""
    builder = LPBuilder()
    x = builder.columns("x", (1,), objective=1.0)
    builder.entries(builder.rows("cap", (1,), "<=", 1), x, 1.0)
    return builder.build()


def test_nothing_is_printed_but_what_the_caller_prints() -> None:
    script = f"print('before'); {SOLVING} print('after')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.split() == [b"before", b"after"]
    assert done.stderr == b""


def test_a_closed_standard_output_does_not_matter() -> None:
    script = f"import os; os.close(1); {SOLVING}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b""


def test_what_the_caller_has_written_before_the_import_arrives() -> None:
    script = f"import os; os.write(1, b'first '); {SOLVING} os.write(1, b'last')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"first last"


def with_threads(number: int) -> float:
    return solve_lp(small(), SolverOptions(highs={"threads": number})).value


def test_the_number_of_threads_can_change() -> None:
    assert [with_threads(k) for k in (1, 2, 0, 1, 0)] == [1.0] * 5


def test_each_thread_changes_its_own_number() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(with_threads, [1, 2, 0, 2, 1, 0] * 10)) == [1.0] * 60


ANSWER = """
import multiprocessing, sys
import numpy as np
from persuasion_lp import PersuasionGame, Receiver, SolverOptions, solve

def answer(threads):
    options = SolverOptions(algorithm="ipm", highs={"threads": threads})
    found = []
    for n, procedure in ((4, "simultaneous"), (5, "flexible")):
        weights = np.random.default_rng(0).integers(1, 50, (2,) * n)
        receivers = [Receiver.threshold(0.5 + 0.05 * k) for k in range(n)]
        game = PersuasionGame(weights / weights.sum(), receivers)
        result = solve(game, procedure, options=options)
        joint = result.experiment.joint.tobytes()
        found.append((result.lower, result.upper, joint, result.prices.tobytes()))
    return found

if __name__ == "__main__":
    first = answer(1)
    assert answer(8) == first, "8 threads"
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(1) as pool:
            for threads in (1, 8):
                assert pool.apply(answer, (threads,)) == first, (method, threads)
    assert answer(1) == first, "1 thread again"
"""


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_threads_and_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """A program solved by the thread that asks and one handed on, here and in other processes."""
    script = tmp_path / "answers.py"
    script.write_text(ANSWER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert done.returncode == 0, done.stderr


def test_threads_started_elsewhere_are_named() -> None:
    with_threads(1)
    highspy.Highs.resetGlobalScheduler(True)
    foreign = process.new_solver({"output_flag": False, "threads": 2})
    foreign.addVar(0, 1)
    foreign.run()
    with pytest.raises(errors.OptionError, match="resetGlobalScheduler") as caught:
        with_threads(1)
    assert (caught.value.index, caught.value.value) == ("threads", 1)
    highspy.Highs.resetGlobalScheduler(True)
    assert with_threads(1) == 1


def test_a_solver_of_another_build_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highspy.Highs, "setOptionValue", lambda *_: highspy.HighsStatus.kError)
    with pytest.raises(errors.OptionError, match=r"highspy\[extras\]"):
        process.new_solver({"solver": "hipo"})
    with pytest.raises(errors.OptionError, match="rejected by HiGHS"):
        process.new_solver({"solver": "hip"})
