"""The five procedures of KKS as trees: they differ only in who acts when and what he has seen.

Two layouts of the same programme. ``"paths"`` is the textbook one (one column for each complete
path of recommendations and each state); ``"nested"`` splits the measure stage by stage and forgets
what no later receiver cares about, which is exact and exponentially smaller. For a simultaneous
procedure they coincide.

=============  ==========================================================================
simultaneous   one public signal; everybody sees the whole profile (Definition 1)
sequential     an order fixed ex ante; each sees the recommendations up to his own (Def. 2)
intermediate   the first receiver fixed ex ante, each next one named by the signal before
               (footnote 9); a receiver sees who is next
flexible       signals decide who acts (Definition 3); waiting adds nothing (footnote 14)
first_best     private messages (Lemma 1); additive payoffs separate by receiver
=============  ==========================================================================
"""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import Literal

from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.tree import Measure, Shape, Split, StateClasses, Tree

__all__ = [
    "Layout",
    "first_best",
    "flexible",
    "intermediate",
    "order_relaxation",
    "sequential",
    "simultaneous",
]

Layout = Literal["nested", "paths"]


def simultaneous(game: PersuasionGame | Shape) -> Tree:
    """One public signal: a single split over profiles."""
    everyone = tuple(range(game.n))
    return Tree([Split(StateClasses.of(game, everyone), (Measure(everyone),))])


def sequential(
    game: PersuasionGame | Shape, order: tuple[int, ...], layout: Layout = "nested"
) -> Tree:
    """One receiver after the other in a fixed order."""
    if layout == "paths":
        return Tree([Split(StateClasses.of(game, order), (Measure(order, see="staged"),))])
    return Tree(_chain(game, order, ()))


def intermediate(game: PersuasionGame | Shape, first: int, layout: Layout = "nested") -> Tree:
    """``first`` acts first; after every signal the next receiver is named."""
    everyone = frozenset(range(game.n))
    if layout == "paths":
        orders = [(first, *rest) for rest in permutations(sorted(everyone - {first}))]
        return _paths(game, orders, "announced")

    @cache
    def left(receivers: frozenset[int], actor: int) -> Split:
        others = receivers - {actor}
        measures = tuple(
            Measure((actor,), (left(others, following),), following=following)
            for following in sorted(others)
        )
        return Split(StateClasses.of(game, receivers), measures or (Measure((actor,)),))

    return Tree([left(everyone, first)])


def flexible(game: PersuasionGame | Shape, layout: Layout = "nested") -> Tree:
    """Each signal names who acts and recommends an action to him."""
    everyone = frozenset(range(game.n))
    if layout == "paths":
        return _paths(game, list(permutations(sorted(everyone))), "staged")

    @cache
    def left(receivers: frozenset[int]) -> Split:
        measures = tuple(
            Measure((i,), (left(receivers - {i}),) if len(receivers) > 1 else ())
            for i in sorted(receivers)
        )
        return Split(StateClasses.of(game, receivers), measures)

    return Tree([left(everyone)])


def first_best(game: PersuasionGame | Shape, layout: Layout = "nested") -> Tree:
    """Private messages: receiver by receiver for additive payoffs, jointly otherwise."""
    separate = game.additive and layout == "nested"
    return Tree(_private(game, tuple(range(game.n)), separate=separate))


def order_relaxation(game: PersuasionGame | Shape, prefix: tuple[int, ...]) -> Tree:
    """Receivers in ``prefix`` act in this order, the others on private messages afterwards.

    Its value is at least that of every order that begins with ``prefix``.
    """
    rest = tuple(i for i in range(game.n) if i not in prefix)
    after = _private(game, rest, separate=game.additive) if rest else ()
    return Tree(_chain(game, prefix, after))


def _chain(
    game: PersuasionGame | Shape, order: tuple[int, ...], then: tuple[Split, ...]
) -> tuple[Split, ...]:
    left = [i for i in range(game.n) if i not in order]
    for i in reversed(order):
        left.append(i)
        then = (Split(StateClasses.of(game, left), (Measure((i,), then),)),)
    return then


def _private(
    game: PersuasionGame | Shape, receivers: tuple[int, ...], *, separate: bool
) -> tuple[Split, ...]:
    groups = [(i,) for i in receivers] if separate else [receivers]
    return tuple(
        Split(StateClasses.of(game, group), (Measure(group, see="private"),)) for group in groups
    )


def _paths(
    game: PersuasionGame | Shape, orders: list[tuple[int, ...]], see: Literal["staged", "announced"]
) -> Tree:
    classes = StateClasses.of(game, range(game.n))
    return Tree([Split(classes, tuple(Measure(order, see=see) for order in orders))])
