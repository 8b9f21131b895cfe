"""Which formulation a game is solved in: chosen by procedure, structure and size, or forced.

=============  ===========================================================================
``"nested"``   the programme stage by stage (:mod:`persuasion_lp.families.games.procedures`)
``"paths"``    a column for each complete path of recommendations, as printed in papers
``"blocks"``   one public signal: an interior point method, profile by profile (:mod:`.public`)
``"columns"``  private messages, a payoff over profiles: columns are generated (:mod:`.private`)
``"auto"``     ``"blocks"`` or ``"columns"`` where they apply and the programme has
               :data:`MANY_ROWS` rows or :data:`MANY_COLUMNS` columns, otherwise ``"nested"``
=============  ===========================================================================
"""

from __future__ import annotations

from typing import Literal

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.errors import OptionError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.lp.options import MANY_ROWS, SolverOptions

__all__ = ["Formulation", "chosen_formulation", "layout_of"]

Formulation = Literal["auto", "nested", "paths", "blocks", "columns"]

MANY_COLUMNS = 3000
"""Columns of private messages from which generating them is faster."""


def chosen_formulation(
    procedure: Procedure, game: PersuasionGame, stated: Formulation, options: SolverOptions | None
) -> Formulation:
    """The formulation that is meant, never ``"auto"``.

    Raises
    ------
    OptionError
        If one is forced whose assumptions do not hold.
    """
    if stated in ("blocks", "columns"):
        _check(procedure, game, stated, options)
    if stated != "auto":
        return stated
    if options is not None and (options.algorithm != "auto" or options.limits_iterations):
        return "nested"
    states = game.support.size
    profiles = 1
    for count in game.action_counts:
        profiles *= count
    if procedure == "simultaneous":
        asked = sum(
            profiles // count * sum(len(cone) for cone in receiver.cones)
            for count, receiver in zip(game.action_counts, game.receivers, strict=True)
        )
        return "blocks" if states + asked // 2 >= MANY_ROWS else "nested"
    if procedure == "first_best" and not game.additive:
        return "columns" if profiles * states >= MANY_COLUMNS else "nested"
    return "nested"


def layout_of(formulation: Formulation) -> Layout:
    """How a tree is laid out."""
    return "paths" if formulation == "paths" else "nested"


def _check(
    procedure: Procedure, game: PersuasionGame, stated: Formulation, options: SolverOptions | None
) -> None:
    rule = None
    if stated == "blocks" and procedure != "simultaneous":
        rule = (
            "'blocks' assumes that every receiver hears the whole profile of recommendations, and "
            f"under {procedure!r} receiver 0 need not; it is for "
            "'simultaneous'"
        )
    elif stated == "columns" and procedure != "first_best":
        rule = (
            "'columns' assumes that every receiver hears his own recommendation only, and under "
            f"{procedure!r} receiver {game.n - 1} hears more; it is for "
            "'first_best'"
        )
    elif stated == "columns" and game.additive:
        rule = (
            "'columns' assumes a payoff over profiles; with additive payoffs receivers 0 to "
            f"{game.n - 1} separate, and 'nested' has a column for each action and own state"
        )
    elif options is not None and options.algorithm != "auto":
        rule = (
            f"{stated!r} has an algorithm of its own; options.algorithm={options.algorithm!r} is "
            "for 'nested' and 'paths'"
        )
    if rule is not None:
        raise OptionError("formulation", rule, value=stated)
