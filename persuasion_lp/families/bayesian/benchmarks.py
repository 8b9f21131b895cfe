"""What a procedure is worth without the designer's information: none of it, and all.

Players may still be coordinated. Nothing said of the state: the same procedure in the game of
expected utilities given types. Everything said: the same procedure in the game of each state, of
the types that are possible there. Under ``"adversarial"`` nobody coordinates anybody: the smallest
equilibrium, at the prior or in each state.
"""

from __future__ import annotations

import math

import numpy as np

from persuasion_lp.arrays import Rationals
from persuasion_lp.errors import InfeasibleError
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.base import Reading, Sense
from persuasion_lp.families.bayesian.programmes.registry import BayesianProcedure, programme_of
from persuasion_lp.families.bayesian.proof.attained import prove

__all__ = ["revealed_value", "silent_value"]


def revealed_value(game: BayesianGame, procedure: BayesianProcedure, sense: Sense) -> float:
    """What the designer gets when the state is revealed to everybody; NaN if nothing is obedient.

    That happens in public only, where no profile is an equilibrium in some state.
    """
    by_state = game.written_prior.reshape(game.axes.states, -1)
    possible = [k for k in range(game.axes.states) if any(by_state[k])]
    parts = [
        float(sum(by_state[k])) * _value(_restricted(game, by_state, [k]), procedure, sense)
        for k in possible
    ]
    return math.fsum(parts)


def silent_value(game: BayesianGame, procedure: BayesianProcedure, sense: Sense) -> float:
    """The same when nobody learns anything of the state beyond his type."""
    by_state = game.written_prior.reshape(game.axes.states, -1)
    return _value(_restricted(game, by_state, list(range(game.axes.states))), procedure, sense)


def _restricted(game: BayesianGame, by_state: Rationals, states: list[int]) -> BayesianGame:
    """The game of expected utilities over some states, with the types that occur in them."""
    axes, reading = game.axes, Reading(game, "fractions")
    weight = by_state[states].sum(axis=0)
    given = weight.reshape(axes.type_counts)
    kept = [
        np.flatnonzero((np.moveaxis(given, i, 0).reshape(count, -1) != 0).any(axis=1))
        for i, count in enumerate(axes.type_counts)
    ]
    per_state = axes.cells // axes.states
    profile, kinds = np.arange(axes.profiles)[:, None], np.arange(per_state)
    divisor = np.where(weight == 0, 1, weight)

    def expected(values: list[Rationals]) -> Rationals:
        mean = sum(by_state[k] * one for k, one in zip(states, values, strict=True)) / divisor
        whole = np.asarray(mean).reshape(*axes.actions, 1, *axes.type_counts)
        for i, own in enumerate(kept):
            whole = whole.take(own, axis=axes.n + 1 + i)
        return whole

    cells = [kinds + k * per_state for k in states]
    return BayesianGame(
        (given[np.ix_(*kept)] / sum(weight))[None],
        [expected([reading.utility(i, profile, cell) for cell in cells]) for i in range(axes.n)],
        expected([reading.objective(profile, cell) for cell in cells]),
        normalize=True,
    )


def _value(game: BayesianGame, procedure: BayesianProcedure, sense: Sense) -> float:
    if procedure == "adversarial":
        return _smallest_equilibrium(game)
    programme = programme_of(game, procedure, sense)
    try:
        proved = prove(programme, programme.build(), None, game.at_stake)
    except InfeasibleError:
        return math.nan
    return programme.sign * float(proved.value)


def _smallest_equilibrium(game: BayesianGame) -> float:
    """What it pays when players act only if those who act already make them."""
    axes, reading = game.axes, Reading(game, "fractions")
    profile = 0
    while True:
        willing = [
            i
            for i in range(axes.n)
            if not axes.chosen[profile, i]
            and reading.loss(i, axes.instead(profile, i, 1), profile, 0) > 0
        ]
        if not willing:
            return float(reading.objective(profile, 0))
        profile = int(axes.instead(profile, willing[0], 1))
