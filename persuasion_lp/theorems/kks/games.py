r"""KKS §2 to §4: first best, sequential against simultaneous, flexible, responses of beliefs.

With f_i the payoff from receiver i as a function of his belief, x_i his prior:

=========  ==========================================================================
Lemma 1    every procedure pays at most FB = Σ cav f_i(x_i); private messages pay it
Theorem 1  sequential > simultaneous if and only if simultaneous < FB
Theorem 2  the flexible procedure pays FB
Lemma 2    Pr(ω_j = H | x_i = p) = h_ij(p) is affine in p with slope in [−1, 1], after a
           signal on ω_i that given ω_i is independent of the other states
=========  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

import numpy as np

from persuasion_lp.arrays import Rationals, summed
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.closed_form import (
    CLOSED_FORM_TOLERANCE,
    ClosedForm,
    Relation,
    grant,
    must_be,
)
from persuasion_lp.core.exact import nearest
from persuasion_lp.errors import CertificateError, InputError, ReceiverError
from persuasion_lp.families.games.improvement import sequential_improvement
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.theorems.kks.envelopes import worth_alone

__all__ = [
    "BeliefResponse",
    "first_best_value",
    "game_of",
    "lemma_1",
    "lemma_2",
    "own_priors",
    "positively_correlated",
    "theorem_1",
    "theorem_2",
]

ROUNDING = Fraction(1, 10**12)
"""Of conditional probabilities computed from a prior in floats, relative to themselves."""

PAPER = "Khantadze, Kremer and Skrzypacz, Persuasion with Multiple Actions"


def first_best_value(game: PersuasionGame) -> float:
    """Σ cav f_i(x_i), for receivers about binary states or with one linear acceptance condition."""
    worth = [worth_alone(r, x) for r, x in zip(game.receivers, own_priors(game), strict=True)]
    return nearest(sum(worth, Fraction(0)))


def own_priors(game: PersuasionGame) -> list[Rationals]:
    """Each receiver's prior over his own states, from the numbers as written; sums are 1."""
    prior = game.written_numbers.prior
    return [
        summed(own, prior, receiver.state_count) / prior.sum()
        for receiver, own in zip(game.receivers, game.own_states, strict=True)
    ]


def lemma_1(game: PersuasionGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """First best: the sum of what the receivers are worth alone (KKS Lemma 1).

    Parameters
    ----------
    game
        With additive payoffs; receivers are about binary states or accept on one linear condition.
    assume
        Hypotheses to take for granted; see :func:`persuasion_lp.core.closed_form.grant`.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.
    """
    must_be("game", game, PersuasionGame)
    hypotheses = {"additive payoffs": game.additive}
    grant("KKS Lemma 1", hypotheses, assume)
    claims: dict[str, Relation] = dict.fromkeys(get_args(Procedure), "<=")
    claims["first_best"] = "=="
    return ClosedForm(
        name="KKS Lemma 1",
        value=first_best_value(game),
        claims=claims,
        conditions=hypotheses,
        source=f"{PAPER}, Lemma 1",
        scale=game.payoff_scale,
    )


def theorem_2(game: PersuasionGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """The flexible procedure pays first best (KKS Theorem 2).

    The procedure that the proof constructs is :class:`persuasion_lp.Pacman`: it has no last step,
    so it is no finite experiment.

    Parameters
    ----------
    game
        With additive payoffs and binary own states.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.
    """
    must_be("game", game, PersuasionGame)
    hypotheses = {"additive payoffs": game.additive, "binary states": game.binary}
    grant("KKS Theorem 2", hypotheses, assume)
    return ClosedForm(
        name="KKS Theorem 2",
        value=first_best_value(game),
        claims={"flexible": "==", "first_best": "=="},
        conditions=hypotheses,
        source=f"{PAPER}, Theorem 2",
        scale=game.payoff_scale,
    )


def theorem_1(simultaneous: GameResult, *, assume: Collection[str] = ()) -> ClosedForm:
    """The best order beats one public signal if and only if that misses first best (Theorem 1).

    Parameters
    ----------
    simultaneous
        The game solved under the simultaneous procedure. The theorem's value is this result's.
    assume
        Hypotheses to take for granted.

    Returns
    -------
    ClosedForm
        If the signal misses first best, with the sequential procedure that the proof builds from
        it (:func:`~persuasion_lp.sequential_improvement`), unless that cannot be certified for
        rounding.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.
    """
    game = game_of(simultaneous, "simultaneous")
    hypotheses = {"additive payoffs": game.additive, "binary states": game.binary}
    grant("KKS Theorem 1", hypotheses, assume)
    missing = first_best_value(game) - simultaneous.value
    least = CLOSED_FORM_TOLERANCE * game.payoff_scale
    misses = missing > least
    better = None
    if misses and game.additive and game.binary:
        with suppress(CertificateError):
            better = sequential_improvement(simultaneous)
    return ClosedForm(
        name="KKS Theorem 1",
        value=simultaneous.value,
        claims={"sequential": ">" if misses else "=="},
        conditions={**hypotheses, "simultaneous < first best": misses},
        source=f"{PAPER}, Theorem 1",
        scale=game.payoff_scale,
        experiment=better.experiment if better is not None and better.gain > least else None,
    )


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class BeliefResponse(ClosedForm):
    """How the belief about one state answers to a signal on another: h(p) = intercept + value·p.

    Attributes
    ----------
    intercept
        Pr(ω_j = H | ω_i = L); ``value`` is the slope.
    """

    intercept: float

    def __call__(self, p: float) -> float:
        """Belief in ω_j = H when the belief in ω_i = H has become p."""
        return self.intercept + self.value * p


def lemma_2(game: PersuasionGame, i: int, j: int) -> BeliefResponse:
    """Response h_ij of the belief about ω_j to a signal on ω_i (KKS Lemma 2).

    The signal must be independent of the other states given ω_i.

    Parameters
    ----------
    game
        With binary own states.
    i, j
        Receivers.

    Raises
    ------
    HypothesisError
        If own states are not binary, or ω_i is known.
    """
    must_be("game", game, PersuasionGame)
    for name, receiver in (("i", i), ("j", j)):
        if not isinstance(receiver, int | np.integer) or not 0 <= receiver < game.n:
            raise ReceiverError(name, f"must be a receiver from 0 to {game.n - 1}", value=receiver)
    hypotheses = {"binary states": game.binary, "ω_i is not known": not _known(game, i)}
    grant("KKS Lemma 2", hypotheses, ())
    if_high, if_low = _beliefs_given(game, i, j)
    return BeliefResponse(
        name="KKS Lemma 2",
        value=nearest(if_high - if_low),
        intercept=nearest(if_low),
        claims={},
        conditions=hypotheses,
        source=f"{PAPER}, Lemma 2 and its proof in §8.2",
    )


def game_of(result: GameResult, procedure: Procedure) -> PersuasionGame:
    """The game of a result under the procedure that a theorem starts from."""
    must_be("result", result, GameResult)
    if result.procedure != procedure or not isinstance(result.problem, PersuasionGame):
        raise InputError(
            "result",
            f"must be that of a PersuasionGame under the {procedure} procedure",
            value=f"{type(result.problem).__name__}, {result.procedure}",
        )
    return result.problem


def positively_correlated(game: PersuasionGame) -> bool:
    """Whether no belief answers to good news on another state by falling.

    Decided in the numbers as written; where these sum to 1 up to rounding only, they were computed,
    and it is decided up to rounding.
    """
    rounding = 0 if game.written_numbers.prior.sum() == 1 else ROUNDING
    pairs = (
        _beliefs_given(game, i, j)
        for i in range(game.n)
        if not _known(game, i)
        for j in range(game.n)
    )
    return all(if_high - if_low >= -rounding * (if_high + if_low) for if_high, if_low in pairs)


def _beliefs_given(game: PersuasionGame, i: int, j: int) -> tuple[Fraction, Fraction]:
    """Pr(ω_j = H | ω_i = H) and Pr(ω_j = H | ω_i = L), as written."""
    prior = game.written_numbers.prior
    high, other = game.own_states[i] == 1, game.own_states[j] == 1
    if_high, if_low = (prior[own & other].sum() / prior[own].sum() for own in (high, ~high))
    return if_high, if_low


def _known(game: PersuasionGame, i: int) -> bool:
    """Whether ω_i is the same in all possible states: sums of probabilities are rounded."""
    return len(np.unique(game.own_states[i][game.support])) == 1
