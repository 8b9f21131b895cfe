"""The answer to a Bayesian game: value, recommendation, prices, incentives, certificates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats, ReadOnly, frozen
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.errors import PayoffError
from persuasion_lp.extras import load
from persuasion_lp.families.bayesian.benchmarks import revealed_value, silent_value
from persuasion_lp.families.bayesian.certificate import BayesianCertificate, expectation
from persuasion_lp.families.bayesian.incentives import Incentives, incentives
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.base import Sense, shift
from persuasion_lp.families.bayesian.programmes.registry import BayesianProcedure, programme_of
from persuasion_lp.families.bayesian.proof.attained import exact_optimum
from persuasion_lp.families.bayesian.recommendation import Recommendation
from persuasion_lp.families.games.optima.functional import Functional
from persuasion_lp.families.games.optima.ranges import FunctionalRange, optimal_range
from persuasion_lp.inputs import is_whole
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.size import ProgramSize

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BayesianResult", "Deviation"]

TIGHT = 1e-9
"""Gains from a deviation that are this small, relative to what they consist of, are none."""


@dataclass(frozen=True)
class Deviation(ReadOnly):
    """A deviation that is ruled out, and holds the designer back.

    Attributes
    ----------
    player, kind
        Who, and his type.
    told
        What he is told, in words; of a misreport, the type he reports.
    instead
        What he would do; of a misreport, the best after it.
    gain
        What that gains him in expectation: 0 where it binds, otherwise less.
    price
        What it would be worth to the designer if it lost him one unit more: its multiplier.
    """

    player: str
    kind: str
    told: str
    instead: str
    gain: float
    price: float

    @property
    def binds(self) -> bool:
        """Whether it has a price."""
        return self.price > 0


@dataclass(frozen=True, eq=False, repr=False)
class BayesianResult(Comparable):
    """A certified optimum of a :class:`BayesianGame` under one procedure.

    Attributes
    ----------
    problem
        The game.
    procedure
        The procedure.
    sense
        Whether the objective was maximized or minimized.
    value
        The designer's optimal expected payoff; under ``"adversarial"`` a supremum, which is not
        attained.
    experiment
        The recommendation: its joint distribution with states and types, and what brings it about.
    prices
        Marginal value of the probability of each state and profile of types, in the prior's shape:
        ``(prices * prior).sum() == value``. Under ``"bce"``, ``"public"`` and ``"adversarial"``
        ``(prices * mu).sum()`` bounds the value at every other prior ``mu`` too.
    multipliers
        By block of deviations, what they cost the designer, never negative.
    certificate
        What is recomputed, and the bracket.
    lp
        The linear program; that of a minimum maximizes the negative.
    algorithm, solver, iterations
        How it was solved.
    times
        Seconds by phase.
    """

    problem: BayesianGame
    procedure: BayesianProcedure
    sense: Sense
    value: float
    experiment: Recommendation
    prices: Floats
    multipliers: Mapping[str, Floats]
    certificate: BayesianCertificate
    lp: LinearProgram
    algorithm: str
    solver: str
    iterations: int
    times: Mapping[str, float]

    def range(self, functional: Functional) -> FunctionalRange:
        """Least and greatest value of a functional over all optimal recommendations, exactly.

        Parameters
        ----------
        functional
            What is asked for; see :class:`Functional`. ``Functional.utility(i)`` is player i's,
            ``Functional.sender()`` the objective.

        Raises
        ------
        PayoffError
            If it does not fit the game.
        ExactSizeError, ExactnessError, LimitError
            If the program is not solved in rationals.

        Examples
        --------
        >>> import persuasion_lp as plp
        >>> chicken = plp.BayesianGame.from_table([[(0, 0), (7, 2)], [(2, 7), (6, 6)]])
        >>> plp.solve(chicken, "bce").range(plp.Functional.utility(0))
        FunctionalRange: utility of receiver 0: 21/4 at every optimum
        """
        return optimal_range(self.problem, self.procedure, None, functional, sense=self.sense)

    @property
    def lower(self) -> float:
        """Lower end of the bracket on the optimum."""
        return self.certificate.lower

    @property
    def upper(self) -> float:
        """Upper end of the bracket on the optimum."""
        return self.certificate.upper

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros of the linear program."""
        return ProgramSize.of(self.lp)

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved.

        Raises
        ------
        PriorError
            If the prior, as it was written, does not sum to 1 exactly.
        ExactSizeError, ExactnessError
            If exact arithmetic is refused, or proves nothing.
        """
        _ = self.problem.rational_prior
        programme = programme_of(self.problem, self.procedure, self.sense)
        solution = exact_optimum(programme, self.lp)
        value = programme.sign * solution.value
        return proved_result(
            self.problem, self.procedure, None, solution, value=value, sense=self.sense
        )

    @cached_property
    def no_information(self) -> float:
        """The designer's payoff under the same procedure when she says nothing of the state.

        Players are still coordinated (not under ``"adversarial"``). NaN where in public nothing is
        obedient.
        """
        return silent_value(self.problem, self.procedure, self.sense)

    @cached_property
    def full_information(self) -> float:
        """The same when the state is revealed to everybody."""
        return revealed_value(self.problem, self.procedure, self.sense)

    @cached_property
    def payoffs(self) -> Floats:
        """Each player's expected utility, shape ``(n,)``."""
        profile, cell = np.nonzero(self.experiment.flat)
        mass = self.experiment.flat[profile, cell]
        paid = (mass * one.at(profile, cell, exact=False) for one in self.problem.payoffs)
        return frozen(np.array([expectation(terms) for terms in paid]))

    @property
    def profiles(self) -> Mapping[tuple[int, ...], float]:
        """Probability of each profile of actions that occurs, most likely first."""
        return self.experiment.profiles

    def belief(self, player: int, action: int, kind: int = 0) -> Floats:
        """What a player believes who is told an action.

        Parameters
        ----------
        player, action, kind
            Who, what he is told, and his type, all from 0.

        Returns
        -------
        Floats
            Joint probability of the others' actions, the state and the types, shape
            ``(A_1, …, A_n, *prior.shape)``; NaN if he is never told that.

        Raises
        ------
        PayoffError
            For numbers that name nobody or nothing.
        """
        axes = self.problem.axes
        for field, number, count in (
            ("player", player, axes.n),
            ("action", action, axes.actions[player] if _in(player, axes.n) else 1),
            ("kind", kind, axes.type_counts[player] if _in(player, axes.n) else 1),
        ):
            if not _in(number, count):
                rule = f"must be a whole number from 0 to {count - 1}"
                raise PayoffError(field, rule, value=number)
        return self.experiment.belief(int(player), int(action), int(kind))

    @cached_property
    def incentives(self) -> tuple[Incentives, ...]:
        """Gains from every deviation that is ruled out, recomputed from the recommendation."""
        return incentives(self.problem, self.procedure, self.experiment)

    @cached_property
    def deviations(self) -> tuple[Deviation, ...]:
        """The deviations from what does occur, dearest first, then by what they gain."""
        found = [self._deviation(one, place) for one in self.incentives for place in _places(one)]
        return tuple(sorted(found, key=lambda one: (-one.price, -one.gain)))

    def _deviation(self, one: Incentives, place: tuple[int, ...]) -> Deviation:
        game, axes = self.problem, self.problem.axes
        gain = float(one.gain[place])
        if abs(gain) <= max(TIGHT * float(one.size[place]), float(one.rounding[place])):
            gain = 0.0
        player = place[0] if one.player is None else one.player
        acts = game.action_names[player]
        if one.player is None:
            asked = one.name == "sequential"
            words = ("to act", "not to act") if asked else ("not to act", "to act")
            price = float(self.multipliers[one.name][place])
            return Deviation(game.names[player], "", words[0], words[1], gain, price)
        kind = game.type_names[player][place[0]] if axes.types else ""
        if one.name.startswith("honesty"):
            told = f"reports {game.type_names[player][int(shift(place[0], place[1]))]}"
            instead = "the best after each recommendation"
        else:
            own, told = self._heard(player, place)
            instead = acts[place[2] if own is None else int(shift(own, place[2]))]
        price = float(self.multipliers[one.name][place])
        return Deviation(game.names[player], kind, told, instead, gain, price)

    def _heard(self, player: int, place: tuple[int, ...]) -> tuple[int | None, str]:
        """The action that a player is told, and all he is told, in words."""
        game, axes = self.problem, self.problem.axes
        acts, heard = game.action_names[player], place[1]
        match self.procedure:
            case "public":
                profile = axes.chosen[heard].tolist()
                told = [game.action_names[i][a] for i, a in enumerate(profile)]
                return profile[player], ", ".join(told)
            case "unelicited":
                count = axes.type_counts[player]
                own = np.unravel_index(heard, (axes.actions[player],) * count)
                chosen = [acts[int(a)] for a in own]
                return int(own[place[0]]), " / ".join(chosen)
            case "coarse":
                return None, "anything"
            case _:
                return heard, acts[heard]

    def to_frame(self) -> pd.DataFrame:
        """The recommendation as a table: one row for each profile that occurs.

        Columns: ``actions`` by player, ``probability``, and its probability in each state.
        """
        pandas = load("pandas", extra="frames", feature="tables")
        game, axes = self.problem, self.problem.axes
        by_state = self.experiment.flat.reshape(axes.profiles, axes.states, -1).sum(axis=2)
        chance = by_state.sum(axis=0)
        rows = []
        for profile, probability in self.profiles.items():
            number = int(np.ravel_multi_index(profile, axes.actions))
            told: tuple[Any, ...] = profile
            if game.action_labels is not None:
                told = tuple(game.action_names[i][a] for i, a in enumerate(profile))
            given = {
                f"state {game.state_names[k]}": by_state[number, k] / chance[k]
                for k in range(axes.states)
                if chance[k] > 0
            }
            rows.append({"actions": told, "probability": probability, **given})
        return pandas.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON."""
        told, certificate = self.experiment, self.certificate
        return {
            "procedure": self.procedure,
            "sense": self.sense,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "no_information": _known(self.no_information),
            "full_information": _known(self.full_information),
            "payoffs": self.payoffs.tolist(),
            "prices": self.prices.tolist(),
            "profiles": [
                {"actions": list(actions), "probability": p} for actions, p in self.profiles.items()
            ],
            "joint": told.joint.tolist(),
            "maps": None if told.maps is None else told.maps.tolist(),
            "map_chances": None if told.map_chances is None else told.map_chances.tolist(),
            "sequences": None if told.sequences is None else list(map(list, told.sequences)),
            "sequence_chances": (
                None if told.sequence_chances is None else told.sequence_chances.tolist()
            ),
            "multipliers": {name: block.tolist() for name, block in self.multipliers.items()},
            "certificate": {
                "ok": certificate.ok,
                "route": certificate.route,
                "gap": certificate.gap,
                "bayes_residual": certificate.economic.bayes_residual,
                "incentive_residual": certificate.economic.incentive_residual,
            },
            "size": asdict(self.size),
            "algorithm": self.algorithm,
            "solver": self.solver,
            "iterations": self.iterations,
            "times": dict(self.times),
        }

    def __repr__(self) -> str:
        shown = [f"{actions}: {p:.6f}" for actions, p in list(self.profiles.items())[:4]]
        more = "" if len(self.profiles) <= 4 else f", … ({len(self.profiles)} profiles)"
        economic, size = self.certificate.economic, self.size
        least = "" if self.sense == "max" else ", least"
        return "\n".join(
            [
                f"BayesianResult: {self.procedure}{least}, {self.problem.n} players",
                f"  value        {self.value:.9g}",
                f"  payoffs      {', '.join(f'{u:.6g}' for u in self.payoffs)}",
                f"  actions      {', '.join(shown)}{more}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}: "
                f"gap {self.certificate.gap:.1e}, Bayes {economic.bayes_residual:.1e}, "
                f"incentives {economic.incentive_residual:.1e}",
                f"  LP           {size.columns} columns, {size.rows} rows, {size.nonzeros} "
                f"nonzeros; {self.solver} {self.algorithm}, "
                f"{1e3 * sum(self.times.values()):.3g} ms",
            ]
        )


def _in(number: Any, count: int) -> bool:
    return is_whole(number) and 0 <= number < count


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def _places(one: Incentives) -> list[tuple[int, ...]]:
    """Where something occurs from which one could deviate."""
    return [tuple(place) for place in np.argwhere(one.size > 0).tolist()]
