"""Arguments that a constructor does not have, lacks, or gets twice, answered by name."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import persuasion_lp as plp
from persuasion_lp.errors import OptionError, PersuasionWarning
from persuasion_lp.inputs import answering

JUDGE = plp.Receiver.threshold(0.8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: plp.PersuasionGame(prior=[0.5, 0.5], recievers=[JUDGE]),  # type: ignore[call-arg]
            "recievers is no argument here; .*did you mean 'receivers'",
        ),
        (lambda: plp.PersuasionGame([0.5, 0.5]), "receivers must be given"),  # type: ignore[call-arg]
        (
            lambda: plp.PersuasionGame([0.5, 0.5], [JUDGE], None, True),  # type: ignore[call-arg]
            "arguments must be at most 3 without a name",
        ),
        (
            lambda: plp.PersuasionGame([0.5, 0.5], [JUDGE], prior=[1]),  # type: ignore[call-arg]
            "prior must be given once",
        ),
        (
            lambda: plp.Receiver.threshold(0.5, payoff=[0, 1]),  # type: ignore[call-arg]
            "payoff is no argument here; .*did you mean 'payoffs'",
        ),
        (
            lambda: plp.Receiver.from_utility([[0, 1], [1, 0]]),  # type: ignore[call-arg]
            "payoffs must be given",
        ),
        (
            lambda: plp.VotingGame([[1, 0], [0, 0]], [0.5, 0.5], quotas=1),  # type: ignore[call-arg]
            "did you mean 'quota'",
        ),
        (
            lambda: plp.ManagerProblem(0.5, payments=0.5, types=1.2),  # type: ignore[call-arg]
            "did you mean 'payment'",
        ),
        (
            lambda: plp.SolverOptions(timelimit=3),  # type: ignore[call-arg]
            "did you mean 'time_limit'",
        ),
        (
            lambda: plp.StateGrid([0.2], mass=[1]),  # type: ignore[call-arg]
            "did you mean 'masses'",
        ),
    ],
)
def test_misfits_are_named(call: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        call()


def test_other_errors_of_type_pass() -> None:
    @answering
    def broken(x: int) -> int:
        raise TypeError("from inside")

    with pytest.raises(TypeError, match="from inside"):
        broken(1)


def test_signatures_are_kept() -> None:
    assert list(inspect.signature(plp.PersuasionGame).parameters)[:3] == [
        "prior",
        "receivers",
        "payoff",
    ]
    assert plp.PersuasionGame.__init__.__name__ == "__init__"


def test_warnings_still_point_at_the_caller() -> None:
    with pytest.warns(PersuasionWarning) as seen:
        plp.PersuasionGame([0.5, 0.5], [plp.Receiver.threshold(0.0)])
    assert seen[0].filename == __file__
