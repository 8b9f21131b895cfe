"""One memory limit for a whole call, which whoever builds a program reads."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, VotingGame, solve
from persuasion_lp.errors import SizeError
from persuasion_lp.limits.memory import check_memory, within_memory
from persuasion_lp.lp import LPBuilder
from persuasion_lp.lp.size import ProgramSize

F = Fraction
GAME = PersuasionGame(
    [["1/4", "1/8"], ["1/8", "1/2"]], [Receiver.threshold("4/5"), Receiver.threshold("2/3")]
)
VOTE = VotingGame([["1/4", "1/8"], ["1/8", "1/2"]], ["4/5", "2/3"], 2)


def small(dtype: Any = None) -> LPBuilder:
    builder = LPBuilder(dtype)
    x = builder.columns("x", (3,), objective=1)
    builder.entries(builder.rows("cap", (1,), "<=", 1), x, 1)
    return builder


SIZE = ProgramSize(3, 1, 3)


def test_without_a_limit_everything_is_allowed() -> None:
    check_memory("anything", 10**18)
    with within_memory(None):
        check_memory("anything", 10**18)


def test_programs_come_and_go() -> None:
    with within_memory(SIZE.memory):
        for _ in range(3):
            small().build()
    with within_memory(SIZE.memory - 1), pytest.raises(SizeError, match="linear program"):
        small().build()
    small().build()


def test_programs_in_fractions_stay() -> None:
    exact = np.dtype(object)
    with within_memory(2 * SIZE.fraction_memory):
        small(exact).build_rational(offset=F(0))
        small(exact).build_rational(offset=F(0))
        with pytest.raises(SizeError, match="in fractions") as caught:
            small(exact).build_rational(offset=F(0))
    assert caught.value.needed == 3 * SIZE.fraction_memory
    assert caught.value.limit == 2 * SIZE.fraction_memory


@pytest.mark.parametrize("problem", [GAME, VOTE])
@pytest.mark.parametrize("formulation", ["nested", "paths"])
@pytest.mark.parametrize("procedure", ["simultaneous", "sequential"])
def test_exact_answers_have_the_same_limit(problem: Any, formulation: Any, procedure: Any) -> None:
    """Enough for the program in floats is not enough for its twins in fractions."""
    lp = solve(problem, procedure, formulation=formulation).lp
    size = ProgramSize(lp.shape[1], lp.shape[0], lp.nonzeros)
    settings: Any = {
        "formulation": formulation,
        "memory_limit": (3 if procedure == "sequential" else 2) * size.memory,
    }
    solve(problem, procedure, **settings)
    with pytest.raises(SizeError):
        solve(problem, procedure, exact=True, **settings)
    settings["memory_limit"] = 2**24
    solve(problem, procedure, exact=True, **settings)


@pytest.mark.parametrize("problem", [GAME, VOTE])
def test_other_orders_are_laid_out_as_the_first_one(problem: Any) -> None:
    """The formulation is that of every order in the proof, not only of the one tried first."""
    names: tuple[Any, ...] = ("nested", "paths")
    answers = {name: solve(problem, "sequential", exact=True, formulation=name) for name in names}
    assert answers["nested"].value == answers["paths"].value
    for name, answer in answers.items():
        order = answer.order or ()
        other = solve(problem, "sequential", exact=True, formulation=name, order=order[::-1])
        proof = answer.certificate.solution.program.columns
        listed = [block for block in proof if block.startswith(f"order {order[1]},{order[0]}: ")]
        assert len(listed) == 1 + len(other.solution.program.columns)
