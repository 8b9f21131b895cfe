r"""One public signal, with many receivers: a program in blocks, one for each profile.

A message is a profile a of recommendations that everybody hears, so the obedience rows of one
profile have nothing to do with those of another; only the prior connects them:

    maximize    Σ_{a, s} π(a, s) f(a, s)
    subject to  Σ_a π(a, s) = prior(s)                              every state s
                Σ_s D_i(a_i, s) π(a, s) ≥ 0                         every profile a, receiver i
                π ≥ 0

with |A|^n · S columns (4^n with two actions and binary states) and S + n·|A|^n rows. Three steps:

1. *Interior point.* :mod:`persuasion_lp.lp.interior.blocks` ends inside the optimal face, with
   prices that prove the value; its one factorization is of S × S.
2. *Vertex.* :mod:`persuasion_lp.lp.interior.vertex` finds the columns of a vertex of that face,
   and HiGHS the vertex, from a program with little more than these columns.
3. *Proof.* The experiment is that vertex, made obedient for certain; the bound is that of the
   prices over all profiles. Where it is not narrow enough, the whole program is solved as any
   other.

States that are next to impossible are left out of the first step, and revealed.
"""

from __future__ import annotations

import math
import time
from functools import cached_property
from typing import NoReturn

import numpy as np

from persuasion_lp.arrays import Floats, Integers, frozen
from persuasion_lp.errors import LimitError
from persuasion_lp.families.games.decoding import decode_prices
from persuasion_lp.families.games.programme import all_obedience_rows
from persuasion_lp.families.games.scale.reduced import ReducedProgramme, reduce_programme
from persuasion_lp.families.games.scale.split import OneSplit, too_large
from persuasion_lp.limits.deadline import unlimited
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.highs import CutShort, optimize_lp
from persuasion_lp.lp.interior.blocks import BlockProgram, InteriorPoint, block_memory
from persuasion_lp.lp.interior.iterates import interior_point
from persuasion_lp.lp.interior.vertex import likely_columns

__all__ = ["Public"]

GAP = 1e-12
"""Gap of the interior point, relative to the range of payoffs."""

CLOSE = 1e-11
"""The same of a vertex, to the bound that prices prove."""

ROUNDS = 20
"""Most rounds in which columns are added that turn out to be missing."""

MORE = 8
"""Columns of a state that are added in a round, at most, unless they tie."""


class Public(OneSplit):
    """The programme of one public signal, in blocks."""

    @cached_property
    def payoff(self) -> Floats:
        """Sender's payoff above the worst, by profile and possible class."""
        shape = (self.profiles, self.mass.size)
        return np.ascontiguousarray(np.broadcast_to(self.payoffs.T, shape))

    @cached_property
    def rows(self) -> Floats:
        """All receivers' rows over possible classes, each scaled to at most 1."""
        return np.concatenate([own.coefficients / own.largest[:, None] for own in self.obedience])

    @cached_property
    def blocks(self) -> BlockProgram:
        """The program of the classes that are not rare, their masses scaled to a mean of 1."""
        told = np.indices(self.game.action_counts).reshape(self.game.n, -1)
        asked = [told[own.receiver][:, None] == own.action for own in self.obedience]
        named = np.concatenate(asked, axis=1)
        width = max(1, int(named.sum(axis=1).max(initial=0)))
        count = named.shape[1]
        listed = np.full((len(named), max(1, count)), count)
        listed[:, :count] = np.sort(np.where(named, np.arange(count), count), axis=1)
        told = listed[:, :width]
        return BlockProgram(
            self.mass[self.common] * self.unit,
            np.ascontiguousarray(self.payoff[:, self.common]),
            np.ascontiguousarray(self.rows[:, self.common]),
            told,
        )

    def check_size(self) -> None:
        """Refuse a program in blocks that needs more memory than the limit.

        Raises
        ------
        SizeError
            With its sizes; nothing has been allocated.
        """
        profiles, states = self.profiles, self.classes.possible.size
        rows = all_obedience_rows(self.game, self.game.numbers)
        asked = sum(int(np.bincount(kept.action, minlength=1).max(initial=0)) for kept in rows)
        needed = block_memory(profiles, states, asked)
        if needed > self.memory_limit:
            raise too_large("program in blocks", self, needed)

    def worth(self, multipliers: Floats) -> Floats:
        """f(a, s) + Σ ν D(s) by profile and possible class, for ν by profile and row, scaled."""
        worth = multipliers @ self.rows
        worth += self.payoff
        return worth

    def duals(self, multipliers: Floats) -> Floats:
        """Duals of the program's rows, whole or reduced, in their order: prices of states first."""
        parts, start = [self.worth(multipliers).max(axis=0)], 0
        for i, action, _, largest in self.obedience:
            block = multipliers[:, start : start + action.size] / largest
            block = block.reshape(*self.game.action_counts, action.size)
            start += action.size
            each = [np.take(block[..., q], told, axis=i) for q, told in enumerate(action)]
            if each:
                parts.append(-np.stack(each, axis=i).ravel())
        return np.concatenate(parts)

    def multipliers(self, duals: Floats) -> Floats:
        """The same the other way round: ν by profile and row, from duals of the program's rows."""
        found = np.zeros((*self.game.action_counts, len(self.rows)))
        start, at = 0, self.mass.size
        for i, action, _, largest in self.obedience:
            sizes = [*self.game.action_counts]
            sizes[i] = action.size
            block = np.maximum(-duals[at : at + math.prod(sizes)], 0.0).reshape(sizes)
            at += block.size
            for q, told in enumerate(action):
                place = (slice(None),) * i + (int(told),)
                found[(*place, ..., start + q)] = np.take(block, q, axis=i) * largest[q]
            start += action.size
        return found.reshape(self.profiles, -1)

    def first_columns(self, point: InteriorPoint) -> Integers:
        """Columns that an optimal vertex may use, and every state revealed, which is feasible."""
        profiles, places = np.nonzero(likely_columns(self.blocks, point))
        likely = profiles * self.mass.size + self.common[places]
        revealed = self.revealed * self.mass.size + np.arange(self.mass.size)
        return np.union1d(likely, revealed)

    def reduced(self, columns: Integers) -> ReducedProgramme:
        """The program of these columns."""
        return reduce_programme(self.game, self.splits, columns, memory_limit=self.memory_limit)

    def bound(self, y: Floats) -> float:
        """Upper bound on the value that prices prove."""
        nothing = self.reduced(np.empty(0, dtype=np.int64))
        return decode_prices(nothing, LPPoint(nothing.laid_out, np.empty(0), frozen(y))).bound

    def solved(self) -> tuple[ReducedProgramme, LPPoint, int, dict[str, float]]:
        """The reduced programme, its optimal vertex with prices, iterations, seconds by phase.

        Raises
        ------
        LimitError
            If the time limit was reached, with the bound that the prices prove by then.
        SolverFailureError, CertificateError
            If floats do not suffice.
        """
        started = time.perf_counter()
        point = interior_point(self.blocks, GAP)
        inside = time.perf_counter()
        inner = self.blocks.spread(point.multipliers)
        if point.ended == "time":
            self._cut_short("time", self.duals(inner))
        programme, vertex, iterations = self._vertex(self.first_columns(point), inner)
        times = {"interior": inside - started, "vertex": time.perf_counter() - inside}
        return programme, vertex, point.iterations + iterations, times

    def _vertex(self, columns: Integers, inner: Floats) -> tuple[ReducedProgramme, LPPoint, int]:
        """An optimal vertex among these columns and those that turn out to be missing."""
        scale = self.blocks.range * float(self.mass.sum())
        best = self.duals(inner)
        iterations = 0
        for _ in range(ROUNDS):
            programme = self.reduced(columns)
            lp = programme.laid_out
            found = optimize_lp(lp, self.options)
            if isinstance(found, CutShort):
                self._cut_short(found.limit, best)
            iterations += found.iterations
            value = float(lp.objective @ found.x)
            if self.mass @ best[: self.mass.size] - value > CLOSE * scale:
                multipliers = self.multipliers(found.y)
                used = multipliers.any(axis=1)
                multipliers[~used] = inner[~used]
                duals = self.duals(multipliers)
                if self.mass @ (duals - best)[: self.mass.size] < 0:
                    best = duals
            gap = float(self.mass @ best[: self.mass.size]) - value
            if gap <= CLOSE * scale:
                break
            gains = self.worth(multipliers) - found.y[: self.mass.size]
            most = np.sort(gains, axis=0)[-MORE:][0]
            more = (gains >= most) & (gains > CLOSE * self.blocks.range)
            wider = np.union1d(columns, np.flatnonzero(more))
            if wider.size == columns.size:
                break
            columns = wider
        return programme, LPPoint(programme.laid_out, found.x, frozen(best)), iterations

    def _cut_short(self, limit: str, duals: Floats) -> NoReturn:
        with unlimited():
            raise LimitError(limit, best_bound=self.bound(duals), best_value=-math.inf)
