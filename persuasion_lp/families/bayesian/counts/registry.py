"""The programme of each procedure for players who are alike."""

from __future__ import annotations

from typing import Literal

from persuasion_lp.errors import PayoffError, PriorError
from persuasion_lp.families.bayesian.counts.chain import ChainProgramme, check_supermodular
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.counts.programme import CountsProgramme
from persuasion_lp.families.bayesian.programmes.base import Programme, Sense

__all__ = ["CountProcedure", "counts_for", "counts_programme"]

CountProcedure = Literal["bce", "public", "adversarial", "coarse"]


def counts_programme(game: AnonymousGame, procedure: CountProcedure, sense: Sense) -> Programme:
    """The programme of a procedure, not laid out.

    Raises
    ------
    PriorError, PayoffError
        If the procedure is not for such a game.
    """
    if procedure == "adversarial":
        check_supermodular(game)
        return ChainProgramme(game, sense)
    if procedure == "coarse" and game.states > 1:
        rule = "must have one state under 'coarse'; 'bce' is for several"
        raise PriorError("prior", rule, value=game.prior.shape)
    return CountsProgramme(game, sense, procedure)


def counts_for(procedure: CountProcedure, game: AnonymousGame) -> bool:
    """Whether a procedure is for a game."""
    try:
        counts_programme(game, procedure, "max")
    except (PriorError, PayoffError):
        return False
    return True
