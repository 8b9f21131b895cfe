"""Programmes of a game, order by order, and a best order proved in rationals against all."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal, assert_never

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.orders import Fixed
from persuasion_lp.core.searched import Chosen, Orders
from persuasion_lp.errors import SizeError
from persuasion_lp.families.games import procedures
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.programme import Programme, build_programme
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.families.games.tree import Shape, Tree
from persuasion_lp.lp.size import BYTES_PER_LINE, MEMORY_LIMIT

__all__ = ["fewest_columns", "game_orders", "game_splits", "tree_of"]

QUICKLY_LAID_OUT = 100_000
"""Columns up to which a programme is laid out in a moment, and then counted exactly."""


def game_orders(
    game: PersuasionGame,
    procedure: Procedure,
    layout: Layout = "nested",
    *,
    memory_limit: int = MEMORY_LIMIT,
    as_written: bool = False,
) -> Orders[Programme]:
    """The programmes of a game under one procedure.

    A beginning stands for all orders that begin so: whoever is left hears private messages.

    Parameters
    ----------
    game, procedure
        What is solved.
    layout
        Of the programme of an order; bounds are laid out stage by stage.
    memory_limit
        Bytes that a programme may take.
    as_written
        Take the numbers in rationals also where the prior, as it was written, does not sum to 1
        exactly.

    Raises
    ------
    SizeError
        If the columns alone, counted before an order is looked for, would take more memory.
    """
    columns = fewest_columns(game, procedure, layout)
    needed = BYTES_PER_LINE * columns
    if columns > QUICKLY_LAID_OUT and needed > memory_limit:
        raise SizeError("linear program", needed=needed, limit=memory_limit, columns=columns)

    def build(order: Fixed) -> Programme:
        splits = game_splits(game, procedure, order, layout)
        return build_programme(game, splits, memory_limit=memory_limit)

    def relax(beginning: tuple[int, ...]) -> Programme:
        if procedure == "intermediate":
            splits = game_splits(game, procedure, beginning, "nested")
        else:
            splits = game_splits(game, "sequential", beginning, "bound")
        return build_programme(game, splits, memory_limit=memory_limit)

    return Orders(
        problem=game,
        procedure=procedure,
        chosen=_chosen(procedure),
        build=build,
        relax=relax,
        exact_symmetry=lambda: interchangeable_receivers(
            game, game.written_numbers if as_written else game.rational_numbers
        ),
        in_rationals=Programme.as_written if as_written else Programme.rational,
    )


KEPT_TREES = 64
KEPT_RECEIVERS = 6
KEPT_STATES = 256
"""Trees that are kept for the next game of the same shape: how many, and up to which size. They are
functions of the shape alone, and read-only: an answer does not depend on what was solved before."""


def fewest_columns(game: PersuasionGame, procedure: Procedure, layout: Layout) -> int:
    """A bound on the columns from below, without laying anything out.

    There is one at least for each profile of recommendations, or, where signals decide who acts,
    for each order (paths) or each group of receivers left with the next of them (nested).
    """
    match procedure:
        case "sequential":
            return math.prod(game.action_counts)
        case "flexible" | "intermediate":
            left = game.n if procedure == "flexible" else game.n - 1
            return math.factorial(left) if layout == "paths" else left * 2**left // 2
        case "simultaneous" | "first_best":  # laid out at once, and then counted
            return 1
        case _:
            assert_never(procedure)


def _chosen(procedure: Procedure) -> Chosen:
    match procedure:
        case "sequential":
            return "order"
        case "intermediate":
            return "first"
        case "simultaneous" | "flexible" | "first_best":
            return "nothing"
        case _:
            assert_never(procedure)


def game_splits(
    game: PersuasionGame,
    procedure: Procedure,
    order: Fixed = None,
    layout: Layout | Literal["bound"] = "nested",
) -> Tree:
    """Stages of the procedure, with the part of the order that is fixed ex ante."""
    return tree_of(Shape.of(game), procedure, order, layout)


def tree_of(
    shape: Shape,
    procedure: Procedure,
    order: Fixed = None,
    layout: Layout | Literal["bound"] = "nested",
) -> Tree:
    """The same of a shape."""
    beginning = None if order is None else tuple(order)
    kept = shape.n <= KEPT_RECEIVERS and shape.states <= KEPT_STATES
    return (_kept if kept else _tree)(shape, procedure, beginning, layout)


def _tree(
    game: Shape, procedure: Procedure, order: Fixed, layout: Layout | Literal["bound"]
) -> Tree:
    if layout == "bound":
        return procedures.order_relaxation(game, order or ())
    match procedure:
        case "simultaneous":
            return procedures.simultaneous(game)
        case "first_best":
            return procedures.first_best(game, layout)
        case "flexible":
            return procedures.flexible(game, layout)
        case "intermediate":
            (first,) = order or ()
            return procedures.intermediate(game, first, layout)
        case "sequential":
            return procedures.sequential(game, order or (), layout)
        case _:
            assert_never(procedure)


_kept = lru_cache(KEPT_TREES)(_tree)
