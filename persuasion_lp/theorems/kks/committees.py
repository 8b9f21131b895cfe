"""KKS §6.2, Proposition 2: under unanimity the order of forward-looking voters is worthless.

Each votes as if all had approved, so nothing is kept from him that he would want to know.
"""

from __future__ import annotations

from collections.abc import Collection

from persuasion_lp.core.closed_form import ClosedForm, grant, must_be
from persuasion_lp.errors import InputError
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.theorems.kks.games import PAPER

__all__ = ["proposition_2"]


def proposition_2(simultaneous: GameResult, *, assume: Collection[str] = ()) -> ClosedForm:
    """Unanimity: every order pays what one public signal pays (KKS Proposition 2).

    With private messages, too: each voter learns from the vote being decided that all approve.

    Parameters
    ----------
    simultaneous
        A :class:`VotingGame` solved under the simultaneous procedure. The theorem's value is this
        result's.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.
    """
    must_be("result", simultaneous, GameResult)
    game = simultaneous.problem
    if not isinstance(game, VotingGame) or simultaneous.procedure != "simultaneous":
        raise InputError(
            "result",
            "must be that of a VotingGame under the simultaneous procedure",
            value=f"{type(game).__name__}, {simultaneous.procedure}",
        )
    hypotheses = {"unanimity": game.quota == game.n}
    grant("KKS Proposition 2", hypotheses, assume)
    return ClosedForm(
        name="KKS Proposition 2",
        value=simultaneous.value,
        claims={"simultaneous": "==", "sequential": "==", "first_best": "=="},
        conditions=hypotheses,
        source=f"{PAPER}, Proposition 2",
        scale=game.payoff_scale,
    )
