"""One small problem of every kind, solved once under every procedure."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from scipy import stats

import persuasion_lp as plp
from persuasion_lp.core.family import family_of
from persuasion_lp.solve import has_exact_answer

T = plp.Receiver.threshold
ACCEPT = plp.PiecewiseLinear.steps(["2/5"], [0, 1])
LIKELY = [["1/10", "2/10"], ["3/10", "4/10"]]
TWO_STATES = plp.StateGrid(["1/5", "3/10"])


def _bump(beliefs: Any) -> Any:
    return 1.0 - (np.asarray(beliefs)[..., 0] - 0.4) ** 2


PROBLEMS: dict[str, Any] = {
    "two judges": plp.PersuasionGame([[0, "1/2"], ["1/2", 0]], [T("4/5")] * 2),
    "four states": plp.PersuasionGame(LIKELY, [T("3/5")] * 2),
    "utilities": plp.PersuasionGame(
        ["1/3"] * 3,
        [
            plp.Receiver.from_utility([[0, 0, 0], [-1, 1, -2]], [0, 1]),
            plp.Receiver.from_utility([[0, 0, 0], ["-1/2", -1, 2]], [0, 1]),
        ],
    ),
    "table": plp.PersuasionGame(LIKELY, [T("3/5")] * 2, payoff=[[0, 0], [0, 1]]),
    "vote": plp.VotingGame(LIKELY, ["3/5", "4/5"], quota=1),
    "two beliefs": plp.BeliefGame("3/10", [T("1/2"), T("4/5")]),
    "grid of beliefs": plp.BeliefGame([0.5, 0.3, 0.2], [_bump], grid=4),
    "means": plp.PosteriorMeanGame(plp.StateGrid(["1/5", "3/10", "1/2"]), ACCEPT),
    "continuous means": plp.PosteriorMeanGame(stats.uniform(), ACCEPT),
    "plan": plp.ManagerProblem(TWO_STATES, "22/100", ["6/5", "8/5"], ["1/50", "49/50"]),
    "team": plp.ManagerProblem.for_workers(
        TWO_STATES, ["1/10", "1/10"], [["6/5", "8/5"], ["2"]], [["1/4", "3/4"], [1]]
    ),
    "firms": plp.BayesianGame(
        ["1/2", "1/2"],
        [
            [[[0, 0], [0, 0]], [["3/10", -1], ["2/5", "-9/10"]]],
            [[[0, 0], ["3/10", -1]], [[0, 0], ["2/5", "-9/10"]]],
        ],
        [[0, "1/2"], ["1/2", 1]],
    ),
    "crowd": plp.AnonymousGame(
        3,
        ["1/2", "1/2"],
        [[[0, 0]] * 3, [["3/10", -1], ["7/20", "-19/20"], ["2/5", "-9/10"]]],
        [0, "1/3", "2/3", 1],
    ),
    "chicken": plp.BayesianGame.from_table([[(0, 0), (7, 2)], [(2, 7), (6, 6)]]),
    "continuous plan": plp.ManagerProblem(stats.uniform(), 0.5, [1.2, 1.6], [0.02, 0.98]),
}

ANSWERS = [
    (name, procedure)
    for name, problem in PROBLEMS.items()
    for procedure in family_of(problem).procedures_for(problem)
]

COPIES: list[Callable[[Any], Any]] = [
    lambda x: x,
    copy.copy,
    copy.deepcopy,
    lambda x: pickle.loads(pickle.dumps(x)),  # noqa: S301
]


@cache
def answer(name: str, procedure: str) -> Any:
    """The answer in floats."""
    front_door: Any = plp.solve
    return front_door(PROBLEMS[name], procedure)


@cache
def exact_answer(name: str, procedure: str) -> Any:
    """The answer in fractions, ``None`` where there is none."""
    if not has_exact_answer(PROBLEMS[name], procedure):
        return None
    front_door: Any = plp.solve
    return front_door(PROBLEMS[name], procedure, exact=True)
