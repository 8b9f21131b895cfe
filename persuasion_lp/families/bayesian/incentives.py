r"""What players would gain by deviating, from the recommendation and the game alone.

Nothing here knows the programmes: joint distribution, kernel, maps or sequences are read, and each
deviation's expected gain is added up over what occurs. A gain is judged relative to the sum of the
absolute differences that enter it, so that neither the unit of a utility, nor what is added to it,
nor the probability of what is told matters; beyond the rounding of the utilities in floating point,
which a difference may be smaller than.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np

from persuasion_lp.arrays import Floats, Integers, ReadOnly, summed
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.base import Reading, shift
from persuasion_lp.families.bayesian.programmes.registry import BayesianProcedure
from persuasion_lp.families.bayesian.programmes.told import ToldProgramme
from persuasion_lp.families.bayesian.recommendation import Recommendation
from persuasion_lp.lp.certificate import EPS

__all__ = ["ULPS", "Incentives", "incentives"]

ULPS = 8
"""Rounding of a utility and of sums of products, relative to the largest term."""


@dataclass(frozen=True, eq=False)
class Incentives(ReadOnly):
    """Gains from deviations of one kind.

    Attributes
    ----------
    name
        ``"obedience[i]"``, ``"honesty[i]"``; of the worst equilibrium ``"sequential"`` and
        ``"obedience"``. The programme's rows have the same names and shapes.
    player
        Who; ``None`` where the first axis is the players.
    gain
        What a deviation gains in expectation: at most 0 if it does not pay. By type, what is told
        and the deviation (all others in order); by type and the type reported, all others in
        order; by player.
    size
        Sum of the absolute differences it consists of; 0 where the player is never told so.
    rounding
        What of a gain may be rounding of the utilities.
    """

    name: str
    player: int | None
    gain: Floats
    size: Floats
    rounding: Floats

    @property
    def violation(self) -> float:
        """Largest gain relative to its size, 0 if none pays."""
        gain = self.gain - self.rounding
        share = np.divide(gain, self.size, out=np.zeros_like(gain), where=self.size > 0)
        return float(share.max(initial=0.0))


def incentives(
    game: BayesianGame, procedure: BayesianProcedure, told: Recommendation
) -> tuple[Incentives, ...]:
    """The gains from every deviation that a procedure rules out.

    Parameters
    ----------
    game, procedure
        What is played.
    told
        The recommendation.
    """
    match procedure:
        case "bce" | "public" | "coarse":
            return tuple(_obedience(ToldProgramme(game, "max", procedure), told))
        case "elicited":
            obeyed = _obedience(ToldProgramme(game, "max", "bce"), told)
            return (*obeyed, *_honesty(game, told))
        case "unelicited":
            return tuple(_maps(game, told))
        case "adversarial":
            return _sequential(game, told)
        case _:
            assert_never(procedure)


def _blocks(
    name: str, player: int, shape: tuple[int, ...], place: Any, gain: Any, terms: Any
) -> Incentives:
    """Add up gains, and the utilities that they are differences of, by place."""
    count = int(np.prod(shape))
    flat = np.ravel_multi_index(place, shape)
    added = (summed(flat, part, count).reshape(shape) for part in (gain, np.abs(gain), terms))
    total, size, utilities = added
    return Incentives(name, player, total, size, ULPS * EPS * utilities)


def _obedience(rule: ToldProgramme, told: Recommendation) -> Iterator[Incentives]:
    game = rule.game
    axes, reading, sizes = game.axes, Reading(game, "floats"), Reading(game, "sizes")
    profile, cell = np.nonzero(told.flat)
    mass = told.flat[profile, cell]
    for i, kinds in enumerate(axes.type_counts):
        slots = axes.actions[i] - (rule.procedure != "coarse")
        heard = {"bce": axes.actions[i], "public": axes.profiles, "coarse": 1}[rule.procedure]
        places, gains, terms = [], [], []
        for slot in range(slots):
            known, action = rule.deviation(i, profile, slot)
            other = axes.instead(profile, i, action)
            gains.append(mass * reading.loss(i, other, profile, cell))
            terms.append(mass * sizes.loss(i, other, profile, cell))
            places.append((axes.kinds[cell, i], known, np.full(cell.shape, slot)))
        shape = (kinds, heard, slots)
        if not slots:
            yield Incentives(f"obedience[{i}]", i, *(np.zeros(shape) for _ in range(3)))
            continue
        place = tuple(np.concatenate(part) for part in zip(*places, strict=True))
        parts = (np.concatenate(part) for part in (gains, terms))
        yield _blocks(f"obedience[{i}]", i, shape, place, *parts)


def _honesty(game: BayesianGame, told: Recommendation) -> Iterator[Incentives]:
    """The best that a type can do after each misreport, against the truth.

    Utilities are measured from what the truth pays in each cell, which changes no gain.
    """
    axes, reading, sizes = game.axes, Reading(game, "floats"), Reading(game, "sizes")
    if told.kernel is None:
        return
    kernel, prior = told.kernel.reshape(told.flat.shape), game.prior.ravel()
    for i, kinds in enumerate(axes.type_counts):
        if kinds == 1:
            continue
        gain, size, terms = (np.zeros((kinds, kinds - 1)) for _ in range(3))
        for kind in range(kinds):
            own = game.support[axes.kinds[game.support, i] == kind]
            every = np.arange(axes.profiles)[:, None]
            mean = (kernel[:, own] * reading.utility(i, every, own)).sum(axis=0)
            profile, column = np.nonzero(told.flat[:, own])
            paid = reading.utility(i, profile, own[column]) - mean[column]
            truth = told.flat[profile, own[column]] * paid
            for slot in range(kinds - 1):
                lied = kernel[:, axes.reporting(own, i, int(shift(kind, slot)))]
                played, column = np.nonzero(lied)
                mass = lied[played, column] * prior[own[column]]
                best = np.zeros((axes.actions[i], axes.actions[i]))
                for action in range(axes.actions[i]):
                    other = axes.instead(played, i, action)
                    paid = mass * (reading.utility(i, other, own[column]) - mean[column])
                    best[:, action] = summed(axes.chosen[played, i], paid, axes.actions[i])
                gain[kind, slot] = best.max(axis=1).sum() - truth.sum()
                size[kind, slot] = np.abs(best).max(axis=1).sum() + np.abs(truth).sum()
                most = sizes.utility(i, every, own).max(axis=0)
                terms[kind, slot] = 2 * axes.actions[i] * float(prior[own] @ most)
        yield Incentives(f"honesty[{i}]", i, gain, size, ULPS * EPS * terms)


def _maps(game: BayesianGame, told: Recommendation) -> Iterator[Incentives]:
    """Every type's gain from not doing its part of the map it is told."""
    axes, reading, sizes = game.axes, Reading(game, "floats"), Reading(game, "sizes")
    maps, chances, prior = told.maps, told.map_chances, game.prior.ravel()
    if maps is None or chances is None:
        return
    ends = np.cumsum((0, *axes.type_counts))
    acts = [maps[:, ends[i] : ends[i + 1]] for i in range(axes.n)]
    row, cell = (
        axis.ravel() for axis in np.meshgrid(np.arange(len(maps)), game.support, indexing="ij")
    )
    mass = chances[row, cell // int(np.prod(axes.types, dtype=np.int64))] * prior[cell]
    row, cell, mass = row[mass > 0], cell[mass > 0], mass[mass > 0]
    profile = np.ravel_multi_index(
        tuple(acts[i][row, axes.kinds[cell, i]] for i in range(axes.n)), axes.actions
    )
    for i, kinds in enumerate(axes.type_counts):
        number = np.ravel_multi_index(tuple(acts[i].T), (axes.actions[i],) * kinds)
        shape = (kinds, axes.actions[i] ** kinds, axes.actions[i] - 1)
        gain, size, terms = (np.zeros(shape) for _ in range(3))
        kind, heard = axes.kinds[cell, i], number[row]
        for slot in range(shape[-1]):
            other = axes.instead(profile, i, shift(axes.chosen[profile, i], slot))
            found = mass * reading.loss(i, other, profile, cell)
            np.add.at(gain[..., slot], (kind, heard), found)
            np.add.at(size[..., slot], (kind, heard), np.abs(found))
            paid = mass * sizes.loss(i, other, profile, cell)
            np.add.at(terms[..., slot], (kind, heard), paid)
        yield Incentives(f"obedience[{i}]", i, gain, size, ULPS * EPS * terms)


def _sequential(game: BayesianGame, told: Recommendation) -> tuple[Incentives, ...]:
    """What players lose by acting when asked to, and gain by acting when not."""
    axes, reading, sizes = game.axes, Reading(game, "floats"), Reading(game, "sizes")
    acted = np.zeros((3, axes.n))
    stayed = np.zeros((3, axes.n))
    sequences, chances = told.sequences or (), told.sequence_chances
    if chances is None:
        return ()
    every: Integers = np.arange(axes.states)
    for sequence, mass in zip(sequences, chances, strict=True):
        profile: Any = 0
        for i in sequence:
            after = axes.instead(profile, i, 1)
            found = mass * reading.loss(i, profile, after, every)
            terms = mass * sizes.loss(i, profile, after, every)
            acted[:, i] += found.sum(), np.abs(found).sum(), terms.sum()
            profile = after
        for i in set(range(axes.n)) - set(sequence):
            after = axes.instead(profile, i, 1)
            found = mass * reading.loss(i, after, profile, every)
            terms = mass * sizes.loss(i, after, profile, every)
            stayed[:, i] += found.sum(), np.abs(found).sum(), terms.sum()
    return (
        Incentives("sequential", None, acted[0], acted[1], ULPS * EPS * acted[2]),
        Incentives("obedience", None, stayed[0], stayed[1], ULPS * EPS * stayed[2]),
    )
