"""What proves an answer cannot be written to, also after pickling and copying."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from persuasion_lp import GameResult, PersuasionGame, Receiver, solve

GAME = PersuasionGame([["1/10", "2/10"], ["3/10", "4/10"]], [Receiver.threshold("3/5")] * 2)


def proofs(result: GameResult) -> Iterator[np.ndarray[Any, Any]]:
    """Arrays that a proof rests on."""
    game, experiment, lp = result.problem, result.experiment, result.lp
    numbers = game.rational_numbers
    yield from (numbers.prior, *numbers.payoffs)
    yield from (cone for cones in numbers.cones for cone in cones)
    yield from (game.prior, *game.own_states, *game.sides[0].__dict__.values())
    for receiver in game.receivers:
        yield from (receiver.payoffs, receiver.cutoffs, *receiver.cones)
    yield from (lp.objective, lp.rhs, lp.lower, lp.upper, lp.senses)
    yield from (lp.matrix.data, lp.matrix.indices, lp.matrix.indptr)
    yield from (experiment.joint, experiment.kernel, experiment.actions, experiment.orders)
    yield result.prices
    yield from result.multipliers.values()


@pytest.mark.parametrize(
    "again",
    [lambda r: r, copy.copy, copy.deepcopy, lambda r: pickle.loads(pickle.dumps(r))],  # noqa: S301
)
def test_proofs_are_read_only(again: Callable[[GameResult], GameResult]) -> None:
    result = solve(GAME, "sequential")
    list(proofs(result))
    changed = again(result)
    for array in proofs(changed):
        with pytest.raises(ValueError, match="read-only"):
            array[(0,) * array.ndim] = 2
    assert changed.certificate.ok
    assert changed.exact().value == result.exact().value
