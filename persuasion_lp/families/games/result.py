"""The answer to a persuasion game: value, experiment, prices, multipliers, certificates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.beliefs.experiment import Experiment, InformationSet, Procedure
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.extras import load
from persuasion_lp.families.games.certificate import GameCertificate
from persuasion_lp.families.games.exact import game_orders
from persuasion_lp.families.games.optima.functional import Functional
from persuasion_lp.families.games.optima.ranges import (
    FunctionalRange,
    Uniqueness,
    optimal_range,
    uniqueness,
)
from persuasion_lp.families.games.optima.studied import studied
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.size import ProgramSize
from persuasion_lp.primitives.labels import Names, action_names
from persuasion_lp.primitives.receiver import Receiver

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GameLike", "GameResult"]


class GameLike(Protocol):
    """A game as its results read it: a :class:`PersuasionGame`, or a vote."""

    @property
    def n(self) -> int:
        """Number of receivers."""

    @property
    def receivers(self) -> tuple[Receiver, ...]:
        """The receivers."""

    @property
    def names(self) -> Names:
        """The receivers' names."""

    @property
    def own_states(self) -> Any:
        """Each receiver's own state in each state, shape ``(n, S)``."""

    def payoff_without_information(self) -> float:
        """The sender's payoff when nothing is said."""

    def payoff_with_full_information(self) -> float:
        """The sender's payoff when the state is revealed."""


@dataclass(frozen=True, eq=False, repr=False)
class GameResult(Comparable):
    """A certified optimum of a :class:`PersuasionGame` or :class:`VotingGame` under one procedure.

    Attributes
    ----------
    problem
        The game.
    procedure
        The procedure.
    value
        The sender's optimal expected payoff.
    order
        The part of the order fixed ex ante, receivers numbered from 0: all of it in a sequential
        procedure, the first receiver in an intermediate one, otherwise ``None``.
    searched
        Whether ``order`` was searched for and is the best one, rather than given.
    experiment
        An optimal experiment: states → recommendations, stage by stage where there are stages.
    prices
        Marginal value of the prior, in the prior's shape: ``(prices * prior).sum() == value``, and
        ``(prices * mu).sum()`` is at least the value at every other prior ``mu``.
    multipliers
        By block of information sets, the gain in value when an obedience row is
        relaxed by one unit (never negative). The block's name is
        ``obedience[receiver|what he has seen]``; its shape is that of the recommendations seen,
        with the receiver's own axis replaced by his obedience rows. In a vote the block
        ``obedience[receiver]`` has one entry for each information set in which he approves.
    certificate
        Both certificates and the safe upper bound.
    programme
        The linear program and what it was laid out from.
    formulation
        The formulation that was chosen, or forced: ``"nested"``, ``"paths"``, or, of large games,
        ``"blocks"`` or ``"columns"``, which lay out few of the program's columns.
    algorithm, solver, iterations
        How it was solved.
    programmes
        Number of linear programs solved (more than one when an order is searched for).
    times
        Seconds by phase, summed over the programs: ``"build"``, ``"pass"``, ``"run"``,
        ``"extract"``, ``"certify"``, ``"decode"``.
    """

    problem: Any
    procedure: Procedure
    value: float
    order: tuple[int, ...] | None
    searched: bool
    experiment: Experiment
    prices: Floats
    multipliers: Mapping[str, Floats]
    certificate: GameCertificate
    programme: Any
    formulation: str
    algorithm: str
    solver: str
    iterations: int
    programmes: int
    times: Mapping[str, float]

    @property
    def lp(self) -> LinearProgram:
        """The linear program; ``lp.to_cvxpy()`` and ``lp.write(path)`` export it."""
        return self.programme.lp

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros of the linear program, whether or not it was laid out."""
        size: ProgramSize = self.programme.size
        return size

    @property
    def laid_out(self) -> ProgramSize:
        """The same of what was laid out: all of it, or the columns that a vertex may use."""
        laid_out: ProgramSize = self.programme.laid_out_size
        return laid_out

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved.

        The game's numbers are taken as they were written: fractions, strings and integers exactly,
        decimals as decimals (0.1 is 1/10). Where the order was searched for, it is proved too that
        no other order pays more.

        Raises
        ------
        PriorError
            If the prior, so read, does not sum to 1 exactly.
        ExactSizeError
            If the program, or the programs of all orders together, have too many rows for exact
            arithmetic.
        ExactnessError
            If no rational optimum could be proved.
        """
        orders = game_orders(self.problem, self.procedure)
        return orders.prove(self.order, self.programme, searched=self.searched)

    def range(self, functional: Functional) -> FunctionalRange:
        """Least and greatest value of a functional over all optimal experiments, exactly.

        Parameters
        ----------
        functional
            What is asked for; see :class:`Functional`.

        Raises
        ------
        PayoffError, ReceiverError, ProcedureError
            If it does not fit the game, or the problem is no game.
        ExactSizeError, ExactnessError, LimitError
            If the program is not solved in rationals.

        Examples
        --------
        KKS, footnote 12: wrongful convictions at the optima of Example 1.

        >>> import persuasion_lp as plp
        >>> judges = plp.PersuasionGame(
        ...     [[0, "1/2"], ["1/2", 0]], [plp.Receiver.threshold("4/5")] * 2
        ... )
        >>> wrong = plp.Functional.payoffs([[[0, 0], [1, 0]]] * 2, label="wrongful convictions")
        >>> plp.solve(judges, "simultaneous").range(wrong)
        FunctionalRange: wrongful convictions: [0, 1/5]
        >>> plp.solve(judges, "sequential").range(wrong)
        FunctionalRange: wrongful convictions: 5/32 at every optimum
        """
        return optimal_range(studied(self.problem), self.procedure, self.order, functional)

    @cached_property
    def unique(self) -> Uniqueness:
        """What all optimal experiments agree on, and how far they differ; true if they do not."""
        return uniqueness(studied(self.problem), self.procedure, self.order)

    @property
    def lower(self) -> float:
        """Lower end of the bracket on the optimum: what the experiment pays, rounded down."""
        return self.certificate.lower

    @property
    def upper(self) -> float:
        """Upper end of the bracket on the optimum: what the prices prove, rounded up."""
        return self.certificate.upper

    @cached_property
    def no_information(self) -> float:
        """The sender's payoff when nothing is said."""
        return self.problem.payoff_without_information()

    @cached_property
    def full_information(self) -> float:
        """The sender's payoff when the state is revealed to everybody."""
        return self.problem.payoff_with_full_information()

    @cached_property
    def receiver_payoffs(self) -> tuple[float | None, ...]:
        """Each receiver's expected utility from what he does; ``None`` where none is stated."""
        e = self.experiment
        found: list[float | None] = []
        for i, receiver in enumerate(self.problem.receivers):
            if receiver.utility is None:
                found.append(None)
                continue
            own = self.problem.own_states[i][e.support]
            each = receiver.utility[e.actions[:, i]][:, own] * e.joint
            found.append(math.fsum(each.ravel()))
        return tuple(found)

    @cached_property
    def information_sets(self) -> tuple[tuple[InformationSet, ...], ...]:
        """For each receiver his information sets: what he has seen, his posterior, what he does."""
        game: GameLike = self.problem
        return tuple(
            tuple(self.experiment.information_sets(i, game.own_states[i], receiver.state_count))
            for i, receiver in enumerate(game.receivers)
        )

    @property
    def posteriors(self) -> tuple[Floats, ...]:
        """For each receiver his posteriors when he acts, shape ``(information sets, K_i)``."""
        return tuple(
            frozen(np.array([known.posterior for known in sets])) for sets in self.information_sets
        )

    @cached_property
    def profiles(self) -> Mapping[tuple[int, ...], float]:
        """Probability of each action profile that occurs, most likely first."""
        return self.experiment.profiles()

    def to_frame(self) -> pd.DataFrame:
        """The experiment as a table: one row per path of recommendations.

        Columns: ``order`` of play, ``actions`` by receiver, ``probability``, and the probability of
        the path in each possible state (``state`` and its name, or its index in the prior).
        Receivers and actions are named where the problem names them.
        """
        pd = load("pandas", extra="frames", feature="tables")

        e, game = self.experiment, self.problem
        order, actions = e.orders.tolist(), e.actions.tolist()
        if game.called is not None:
            order = [[game.names[i] for i in path] for path in order]
        if any(receiver.action_labels for receiver in game.receivers):
            told = [action_names(receiver) for receiver in game.receivers]
            actions = [[told[i][a] for i, a in enumerate(path)] for path in actions]
        given = e.joint / e.prior.ravel()[e.support]
        frame = pd.DataFrame(
            {
                "order": list(map(tuple, order)),
                "actions": list(map(tuple, actions)),
                "probability": e.probabilities,
            }
        )
        for k, state in enumerate(e.support):
            frame[f"state {game.state_names[state]}"] = given[:, k]
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON."""
        e = self.experiment
        size, laid_out = self.size, self.laid_out
        return {
            "procedure": self.procedure,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "order": None if self.order is None else list(self.order),
            "no_information": self.no_information,
            "full_information": self.full_information,
            "prices": self.prices.tolist(),
            "profiles": [
                {"actions": list(actions), "probability": p} for actions, p in self.profiles.items()
            ],
            "experiment": {
                "orders": e.orders.tolist(),
                "actions": e.actions.tolist(),
                "states": [
                    [int(k) for k in np.unravel_index(state, e.prior.shape)] for state in e.support
                ],
                "joint": e.joint.tolist(),
            },
            "information_sets": [
                [
                    {
                        "seen": [list(pair) for pair in known.seen],
                        "action": known.action,
                        "probability": known.probability,
                        "posterior": known.posterior.tolist(),
                    }
                    for known in sets
                ]
                for sets in self.information_sets
            ],
            "multipliers": {name: block.tolist() for name, block in self.multipliers.items()},
            "certificate": {
                "ok": self.certificate.ok,
                "route": self.certificate.route,
                "gap": self.certificate.gap,
                "upper": self.certificate.upper,
                "primal_residual": self.certificate.lp.primal_residual,
                "dual_residual": self.certificate.lp.dual_residual,
                "complementarity": self.certificate.lp.complementarity,
                "bayes_residual": self.certificate.economic.bayes_residual,
                "obedience_residual": self.certificate.economic.obedience_residual,
            },
            "formulation": self.formulation,
            "size": asdict(size),
            "laid_out": asdict(laid_out),
            "algorithm": self.algorithm,
            "solver": self.solver,
            "iterations": self.iterations,
            "programmes": self.programmes,
            "times": dict(self.times),
        }

    def _parties(self) -> str:
        return f"{self.problem.n} receivers"

    def __repr__(self) -> str:
        size, laid_out = self.size, self.laid_out
        columns = f"{laid_out.columns}" if laid_out.columns else "none"
        whole = "" if laid_out == size else f" of {size.columns}"
        order = "" if self.order is None else f", order {self.order}"
        shown = [f"{actions}: {p:.6f}" for actions, p in list(self.profiles.items())[:4]]
        more = "" if len(self.profiles) <= 4 else f", … ({len(self.profiles)} profiles)"
        economic = self.certificate.economic
        return "\n".join(
            [
                f"GameResult: {self.procedure}{order}, {self._parties()}",
                f"  value        {self.value:.9g}",
                f"  alternatives no information {self.no_information:.9g}, "
                f"full information {self.full_information:.9g}",
                f"  actions      {', '.join(shown)}{more}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}: "
                f"gap {self.certificate.gap:.1e}, Bayes {economic.bayes_residual:.1e}, "
                f"obedience {economic.obedience_residual:.1e}",
                f"  LP           {columns}{whole} columns, {laid_out.rows} rows, "
                f"{laid_out.nonzeros} nonzeros; "
                f"{self.solver} {self.algorithm}, {1e3 * sum(self.times.values()):.3g} ms",
            ]
        )
