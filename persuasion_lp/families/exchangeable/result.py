"""The answer to a game of groups: in counts, and for whoever asks what he is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from persuasion_lp.arrays import Integers
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.errors import PriorError
from persuasion_lp.families.exchangeable.groups import overlap
from persuasion_lp.families.games.exact import game_orders
from persuasion_lp.families.games.result import GameResult

__all__ = ["ExchangeableResult"]


@dataclass(frozen=True, eq=False, repr=False)
class ExchangeableResult(GameResult):
    """A certified optimum of an :class:`ExchangeableGame`; see :class:`GameResult`.

    Receivers are groups: an action is the number of members who accept, a state the number who are
    in H. ``draw`` says who is told what.
    """

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved; see :meth:`GameResult.exact`."""
        orders = game_orders(self.problem.counted, self.procedure)
        return orders.prove(self.order, self.programme, searched=self.searched)

    def _parties(self) -> str:
        game = self.problem
        return f"{sum(game.sizes)} receivers in {game.n} group{'s' * (game.n > 1)}"

    def draw(self, state: Sequence[int], rng: np.random.Generator) -> Integers:
        """Draw a message in a state: what each receiver is recommended, as everybody hears it.

        Parameters
        ----------
        state
            Every receiver's own state, 0 = L and 1 = H, group after group.
        rng
            Draws the message, and who of a group is asked.

        Returns
        -------
        Integers
            0 or 1 for each receiver, shape ``(n,)``.

        Raises
        ------
        PriorError
            If there are not as many states, or these counts of H have probability 0.
        """
        game: Any = self.problem
        high = np.asarray(state, dtype=np.int64)
        ends = np.cumsum((0, *game.sizes))
        if high.shape != (ends[-1],) or not np.isin(high, (0, 1)).all():
            raise PriorError("state", f"must be {ends[-1]} zeros and ones", value=high.shape)
        parts = [slice(*pair) for pair in pairwise(ends)]
        counts = tuple(int(high[part].sum()) for part in parts)
        flat = int(np.ravel_multi_index(counts, game.prior.shape))
        place = np.flatnonzero(self.experiment.support == flat)
        if not place.size:
            raise PriorError("state", "must be possible; these counts of H are not", value=counts)
        given = self.experiment.joint[:, place[0]]
        message = rng.choice(given.size, p=given / given.sum())
        told = np.zeros(high.size, dtype=np.int64)
        for g, part in enumerate(parts):
            accepting = int(self.experiment.actions[message, g])
            met = int(overlap(game.members[g], game.sizes[g])[accepting, counts[g]])
            for own, asked in ((1, met), (0, accepting - met)):
                members = np.flatnonzero(high[part] == own) + part.start
                told[rng.permutation(members)[:asked]] = 1
        return told
