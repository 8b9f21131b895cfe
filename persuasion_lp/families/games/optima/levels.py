"""The programs of credibility, level by level; see :mod:`.credibility`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from persuasion_lp.arrays import ReadOnly
from persuasion_lp.errors import ExactSizeError, PayoffError
from persuasion_lp.families.games.optima.studied import refuse_acceptance_sets, studied
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.programme import all_obedience_rows
from persuasion_lp.lp.exact import EXACT_ROWS
from persuasion_lp.lp.faces.edited import solved, with_sides
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.lp.rational import RationalProgram

__all__ = ["Levels"]

ONE = Fraction(1)


@dataclass(frozen=True, eq=False)
class Levels(ReadOnly):
    """The programs of a game, level by level.

    Attributes
    ----------
    game
        The game.
    profiles, values
        Profiles of actions, and what each is worth to the sender.
    """

    game: PersuasionGame
    profiles: tuple[tuple[int, ...], ...]
    values: tuple[Fraction, ...]

    @classmethod
    def of(cls, problem: Any) -> Levels:
        """The levels of a problem.

        Raises
        ------
        PayoffError, ReceiverError
            If the sender's payoff depends on the state, or a receiver has an acceptance set.
        ExactSizeError
            If there are more rows than rational arithmetic takes on.
        """
        game = studied(problem)
        refuse_acceptance_sets(game)
        _check_rows(game)
        profiles = tuple(product(*map(range, game.action_counts)))
        numbers = game.written_numbers
        if numbers.payoff is not None:
            table = numbers.payoff.reshape(*game.action_counts, -1)
            if not (table == table[..., :1]).all():
                rule = "depends on the state; credibility asks for a sender who cares for actions"
                raise PayoffError("payoff", rule, value=game.payoff)
            values = [table[profile][0] for profile in profiles]
        else:
            for i, table in enumerate(numbers.payoffs):
                if not (table == table[:, :1]).all():
                    rule = (
                        "depend on his state; credibility is for a sender who cares for actions "
                        "only"
                    )
                    raise PayoffError("receivers", f"payoffs {rule}", index=i)
            first = [table[:, 0] for table in numbers.payoffs]
            values = [
                sum((pays[a] for a, pays in zip(profile, first, strict=True)), Fraction(0))
                for profile in profiles
            ]
        return cls(game, profiles, tuple(values))

    @cached_property
    def levels(self) -> tuple[Fraction, ...]:
        """Every value of the sender's payoff, ascending."""
        return tuple(sorted(set(self.values)))

    @cached_property
    def prior(self) -> tuple[Fraction, ...]:
        """Of the possible states."""
        return tuple(self.game.written_numbers.prior[self.game.support])

    def program(self, s: Fraction, *, free: bool = False) -> RationalProgram:
        """The program of one level at χ = 1; with ``free``, that of the least χ."""
        game, states = self.game, len(self.prior)
        prior = np.array(self.prior, dtype=object)
        builder = LPBuilder(dtype=np.dtype(object))
        allowed = [k for k, value in enumerate(self.values) if value >= s]
        blocks = {"x": list(range(len(self.values))), "y": allowed}
        columns = {}
        for name, profiles in blocks.items():
            worth = [s if name == "y" else min(self.values[k], s) for k in profiles]
            pays = np.array([Fraction(0) if free else w for w in worth], dtype=object)
            columns[name] = builder.columns(name, (len(profiles), states), objective=pays[:, None])
        plausible = builder.rows("prior", (states,), "==", prior)
        own = builder.rows("own", (states,), ">=", prior if free else Fraction(0))
        for name in blocks:
            builder.entries(plausible[None, :], columns[name], Fraction(1))
        builder.entries(own[None, :], columns["y"], Fraction(1))
        if free:
            chi = builder.columns("chi", (1,), objective=Fraction(-1), upper=ONE)
            builder.entries(own, chi, prior)
        for i, kept in enumerate(all_obedience_rows(game, game.written_numbers, every_row=True)):
            for name, profiles in blocks.items():
                for place, k in enumerate(profiles):
                    told = np.flatnonzero(kept.action == self.profiles[k][i])
                    if told.size:
                        rows = builder.rows(f"obedience[{i}|{name}{k}]", (told.size,), ">=")
                        cone = kept.cone[told][:, game.own_states[i][game.support]]
                        builder.entries(rows[:, None], columns[name][place][None, :], cone)
        return builder.build_rational(offset=Fraction(0))

    def at(self, program: RationalProgram, chi: Fraction) -> RationalProgram:
        """The program of a level at a credibility."""
        rhs = list(program.rhs)
        rhs[program.rows["own"].span] = [(1 - chi) * mass for mass in self.prior]
        return with_sides(program, rhs)

    def threshold(self, s: Fraction) -> Fraction:
        """The least χ that reaches a level; every level is reached at 1."""
        if s == self.levels[0]:
            return Fraction(0)
        return -solved(self.program(s, free=True)).value


def _check_rows(game: PersuasionGame) -> None:
    count, states = math.prod(game.action_counts), game.support.size
    asked = sum(
        count // actions * sum(map(len, receiver.cones))
        for actions, receiver in zip(game.action_counts, game.receivers, strict=True)
    )
    rows = 2 * (states + asked)
    if rows > EXACT_ROWS:
        columns = 2 * count * states
        raise ExactSizeError(
            "linear program", counted="rows", limit=EXACT_ROWS, rows=rows, columns=columns
        )
