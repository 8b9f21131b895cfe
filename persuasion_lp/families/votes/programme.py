r"""The voting programme: which coalition of exactly m approvers to form in each state.

With S a coalition of exactly m of the n voters, π(S, ω) ≥ 0 the probability that S is asked to
approve in state ω (what is left of the state is failure), and J(S) what voter i has seen of S when
he votes, his *information set* when he approves:

    maximize    Σ_{S, ω} π(S, ω)
    subject to
    prior       Σ_S π(S, ω) ≤ prior(ω)                                         every ω
    obedience   Σ_{S ∋ i, J(S) = J, ω} π(S, ω) (1[ω_i = H] − c_i) ≥ 0          every i, J

Columns C(n, m)·2^n. In every coalition of i's information set his vote decides, so the row is
obedience given that it does. Who is not asked needs no row: with m approvals without him his own
changes nothing, and where nobody approves his approval could only win. The procedures differ in
what voter i has seen, always the recommendations to some others:

=============  =======================================================
simultaneous   everybody's
sequential     those of the voters before him
first_best     nobody's
=============  =======================================================

Where voters see an order's recommendations only, the same programme is laid out stage by stage
(:mod:`~persuasion_lp.families.votes.stages`).

Dual. With λ ≤ 0 the duals of obedience, q(ω) = max(0, max_S 1 − Σ_{i ∈ S} λ_{i, J(S)} (1[ω_i = H] −
c_i)) prices every state, those of probability zero included.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.errors import SizeError
from persuasion_lp.families.games.decoding import BYTES_PER_CELL, KERNEL_NOISE
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.stages import coalition_flow, lay_out_stages, stages_size
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.rational import RationalProgram, RationalSolution
from persuasion_lp.lp.size import MEMORY_LIMIT, LaidOut, ProgramSize

__all__ = [
    "CoalitionProgramme",
    "Sight",
    "StagedProgramme",
    "VotingProgramme",
    "build_voting_programme",
    "build_voting_stages",
    "decode_coalitions",
    "decode_obedience",
    "decode_state_prices",
    "seen_in_order",
    "seen_in_public",
]

Sight = tuple[tuple[int, ...], ...]
"""For each voter the others whose recommendations he has seen when he votes."""


@dataclass(frozen=True, eq=False)
class VotingProgramme(LaidOut, ReadOnly, ABC):
    """A voting programme together with what is needed to read its solution.

    Attributes
    ----------
    game
        The game.
    lp
        The linear program. Rows ``prior`` of shape ``(S,)`` and ``obedience[i]`` with one row for
        each information set of voter i.
    information
        Number of voter i's information set in each coalition, shape ``(n, C)``; meaningless where
        he is no member.
    """

    game: VotingGame
    lp: LinearProgram
    information: Integers

    def rational(self) -> RationalProgram:
        """The same program, column by column and row by row, in exact rationals."""
        _ = self.game.rational_numbers  # raises where the prior does not sum to 1 exactly
        return self.as_written()

    @abstractmethod
    def as_written(self) -> RationalProgram:
        """The same, whether or not the prior sums to 1 exactly."""

    @abstractmethod
    def flow(self, solution: LPPoint | RationalSolution) -> NDArray[Any]:
        """Probability of every coalition in every possible state, shape ``(C, S)``."""


@dataclass(frozen=True, eq=False)
class CoalitionProgramme(VotingProgramme):
    """A voting programme over coalitions: columns ``pi`` of shape ``(C, S)``."""

    def as_written(self) -> RationalProgram:
        """The same program in exact rationals."""
        prior, cutoffs = self.game.written_numbers
        builder = _laid_out(self.game, self.information, prior, cutoffs)
        return builder.build_rational(offset=Fraction(0))

    def flow(self, solution: LPPoint | RationalSolution) -> NDArray[Any]:
        """Probability of every coalition in every possible state, shape ``(C, S)``."""
        return np.maximum(solution.values("pi"), 0)


@dataclass(frozen=True, eq=False)
class StagedProgramme(VotingProgramme):
    """A voting programme stage by stage.

    Attributes
    ----------
    prefix
        The voters whose turns are laid out one after the other, the others being in private.
    """

    prefix: tuple[int, ...]

    def as_written(self) -> RationalProgram:
        """The same program in exact rationals."""
        prior, cutoffs = self.game.written_numbers
        builder = lay_out_stages(self.game, self.prefix, prior, cutoffs)
        return builder.build_rational(offset=Fraction(0))

    def flow(self, solution: LPPoint | RationalSolution) -> NDArray[Any]:
        """Probability of every coalition in every possible state, shape ``(C, S)``."""
        return coalition_flow(self.game, self.prefix, solution)


def seen_in_public(game: VotingGame) -> Sight:
    """Every voter has seen the recommendations to all others."""
    return tuple(tuple(j for j in range(game.n) if j != i) for i in range(game.n))


def seen_in_order(game: VotingGame, prefix: tuple[int, ...]) -> Sight:
    """Voters in ``prefix`` vote in this order, the others on private messages afterwards.

    Everybody in ``prefix`` is a sequential vote, nobody first best. Otherwise the value is at least
    that of every order that begins with ``prefix``.
    """
    return tuple(prefix[: prefix.index(i)] if i in prefix else prefix for i in range(game.n))


def build_voting_programme(
    game: VotingGame, sight: Sight, *, memory_limit: int = MEMORY_LIMIT
) -> CoalitionProgramme:
    """Lay out the programme over coalitions.

    Parameters
    ----------
    game
        The game.
    sight
        Whose recommendations each voter has seen.
    memory_limit
        Bytes the programme may take.

    Raises
    ------
    SizeError
        If it would need more memory than the limit; nothing has been allocated.
    """
    coalitions = math.comb(game.n, game.quota)
    columns = coalitions * game.support.size
    rows = game.support.size + coalitions * game.quota
    ProgramSize(columns, rows, columns * (1 + game.quota)).check(memory_limit)
    information = _information(game, sight)
    builder = _laid_out(game, information, game.prior.ravel(), game.cutoffs)
    return CoalitionProgramme(game, builder.build(), information)


def build_voting_stages(
    game: VotingGame, prefix: tuple[int, ...], *, memory_limit: int = MEMORY_LIMIT
) -> StagedProgramme:
    """Lay out the programme stage by stage, the voters not in ``prefix`` being in private.

    Parameters
    ----------
    game
        The game.
    prefix
        The voters who vote in an order: all of them (or all but one) in a sequential vote, nobody
        for first best.
    memory_limit
        Bytes the programme, and the experiment over coalitions, may take.

    Raises
    ------
    SizeError
        If either would need more memory than the limit; nothing has been allocated.
    """
    stages_size(game, prefix).check(memory_limit)
    coalitions = math.comb(game.n, game.quota)
    needed = BYTES_PER_CELL * coalitions * game.prior.size
    if needed > memory_limit:
        raise SizeError(
            "experiment",
            coalitions=coalitions,
            states=game.prior.size,
            needed=needed,
            limit=memory_limit,
        )
    information = _information(game, seen_in_order(game, prefix))
    builder = lay_out_stages(game, prefix, game.prior.ravel(), game.cutoffs)
    return StagedProgramme(game, builder.build(), information, prefix)


def _information(game: VotingGame, sight: Sight) -> Integers:
    """Number of every voter's information set in each coalition."""
    approve = game.coalitions
    information = np.zeros((game.n, len(approve)), dtype=np.int64)
    for i, seen in enumerate(sight):
        member = approve[:, i]
        _, labels = np.unique(approve[member][:, list(seen)], axis=0, return_inverse=True)
        information[i, member] = labels.ravel()
    return frozen(information)


def _laid_out(
    game: VotingGame,
    information: Integers,
    probabilities: NDArray[Any],
    cutoffs: NDArray[Any],
) -> LPBuilder:
    """Blocks of the program over coalitions, in floats or rationals."""
    approve = game.coalitions
    states = game.support
    builder = LPBuilder(dtype=probabilities.dtype)
    pi = builder.columns("pi", (len(approve), states.size), objective=1.0)
    prior = builder.rows("prior", (states.size,), "<=", probabilities[states])
    builder.entries(prior, pi, 1.0)
    for i, (own, cutoff) in enumerate(zip(game.own_states, cutoffs, strict=True)):
        member = approve[:, i]
        labels = information[i, member]
        rows = builder.rows(f"obedience[{i}]", (int(labels.max()) + 1,), ">=")
        builder.entries(rows[labels][:, None], pi[member], own[states] - cutoff)
    return builder


def decode_coalitions(
    programme: VotingProgramme,
    solution: LPPoint | RationalSolution,
    procedure: Procedure,
    order: tuple[int, ...] | None,
) -> Experiment:
    """Read the experiment: coalitions that occur, and failure, by state.

    Normalized in each state, so that it is Bayes plausible whatever the solver's rounding; shares
    of a state below :data:`KERNEL_NOISE` are dropped. A solution in rationals is composed in
    rationals and rounded once.
    """
    game = programme.game
    exact = isinstance(solution, RationalSolution)
    prior: NDArray[Any] = (game.written_numbers[0] if exact else game.prior.ravel())[game.support]
    noise = 0 if exact else KERNEL_NOISE
    flow = programme.flow(solution)
    flow[flow < noise * prior] = 0
    failure = np.maximum(prior - flow.sum(axis=0), 0)
    failure[failure < noise * prior] = 0
    joint = np.concatenate([failure[None], flow])
    joint *= prior / joint.sum(axis=0)
    actions = np.concatenate([np.zeros((1, game.n)), game.coalitions]).astype(np.int64)
    occurs = joint.sum(axis=1) > 0
    orders = np.tile(np.array(order or range(game.n)), (int(occurs.sum()), 1))
    return Experiment(
        procedure,
        game.prior,
        frozen(orders),
        frozen(actions[occurs]),
        game.support,
        frozen(joint[occurs].astype(np.float64)),
    )


def decode_state_prices(programme: VotingProgramme, solution: LPPoint) -> Floats:
    """Price of every state, in the prior's shape: prices · prior = value."""
    game = programme.game
    gain = np.ones((len(game.coalitions), game.prior.size))
    for i, (own, cutoff) in enumerate(zip(game.own_states, game.cutoffs, strict=True)):
        multiplier = np.minimum(solution.duals(f"obedience[{i}]"), 0.0)[programme.information[i]]
        gain -= np.where(game.coalitions[:, i], multiplier, 0.0)[:, None] * (own - cutoff)
    return np.maximum(gain.max(axis=0), 0.0).reshape(game.prior.shape)


def decode_obedience(
    programme: VotingProgramme, solution: LPPoint
) -> tuple[dict[str, Floats], ...]:
    """For each voter, by name of the block, what obedience costs: never negative.

    One entry for each information set in which he approves.
    """
    names = [f"obedience[{i}]" for i in range(programme.game.n)]
    return tuple({name: np.maximum(-solution.duals(name), 0.0)} for name in names)
