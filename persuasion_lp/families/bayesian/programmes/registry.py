"""The programme of each procedure, and what it asks of a game."""

from __future__ import annotations

from typing import Literal, assert_never

from persuasion_lp.errors import PayoffError, PriorError
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.adversarial import (
    AdversarialProgramme,
    check_supermodular,
)
from persuasion_lp.families.bayesian.programmes.base import Programme, Sense
from persuasion_lp.families.bayesian.programmes.elicited import ElicitedProgramme
from persuasion_lp.families.bayesian.programmes.told import ToldProgramme
from persuasion_lp.families.bayesian.programmes.unelicited import UnelicitedProgramme

__all__ = ["BayesianProcedure", "is_for", "programme_of"]

BayesianProcedure = Literal["bce", "public", "elicited", "unelicited", "adversarial", "coarse"]


def programme_of(game: BayesianGame, procedure: BayesianProcedure, sense: Sense) -> Programme:
    """The programme of a procedure, not laid out.

    Raises
    ------
    PriorError, PayoffError
        If the procedure is not for such a game.
    """
    match procedure:
        case "bce" | "public":
            return ToldProgramme(game, sense, procedure)
        case "coarse":
            if game.axes.cells > 1:
                raise PriorError(
                    "prior",
                    "must have one state and no types under 'coarse'; 'bce' is for several",
                    value=game.prior.shape,
                )
            return ToldProgramme(game, sense, procedure)
        case "elicited":
            return ElicitedProgramme(game, sense)
        case "unelicited":
            return UnelicitedProgramme(game, sense)
        case "adversarial":
            check_supermodular(game)
            return AdversarialProgramme(game, sense)
        case _:
            assert_never(procedure)


def is_for(procedure: BayesianProcedure, game: BayesianGame) -> bool:
    """Whether a procedure is for a game."""
    try:
        programme_of(game, procedure, "max")
    except (PriorError, PayoffError):
        return False
    return True
