r"""What all optimal experiments agree on, and how far they differ.

The optimal face is described by exact duals (:func:`persuasion_lp.lp.faces.edited.optimal_face`),
never by a row "within ε of the value": over it a functional is minimized and maximized, in
rationals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from persuasion_lp.arrays import FrozenMapping, ReadOnly
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.exact import ExactCertificate
from persuasion_lp.core.orders import Fixed
from persuasion_lp.families.games.optima.columns import full_programme, study_of
from persuasion_lp.families.games.optima.functional import Functional, check_functional
from persuasion_lp.families.games.optima.studied import Study
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.lp.faces.edited import optimal_face, paying, solved
from persuasion_lp.lp.rational import RationalSolution, shown

__all__ = ["FunctionalRange", "Uniqueness", "optimal_range", "uniqueness"]


@dataclass(frozen=True, eq=False, repr=False)
class FunctionalRange(ReadOnly):
    """What a functional may be at an optimum.

    Attributes
    ----------
    functional
        The functional.
    value
        The optimal value, which every experiment here attains.
    lower, upper
        Its least and its greatest value over all optimal experiments.
    at_lower, at_upper
        Optimal experiments that attain them.
    certificates
        Of the optimum, the minimum (as a maximum of the negative) and the maximum.
    """

    functional: Functional
    value: Fraction
    lower: Fraction
    upper: Fraction
    at_lower: Experiment
    at_upper: Experiment
    certificates: tuple[ExactCertificate, ExactCertificate, ExactCertificate]

    @property
    def determined(self) -> bool:
        """Whether all optimal experiments agree on it."""
        return self.lower == self.upper

    def __repr__(self) -> str:
        found = f"[{shown(self.lower)}, {shown(self.upper)}]"
        if self.determined:
            found = f"{shown(self.lower)} at every optimum"
        return f"FunctionalRange: {self.functional.label}: {found}"


@dataclass(frozen=True, eq=False, repr=False)
class Uniqueness(ReadOnly):
    """What all optimal experiments of a procedure agree on; true if on all that is asked here.

    Attributes
    ----------
    ranges
        By label: of every receiver the probability of each action, in each of his own states; and
        his expected utility, where it was stated.
    """

    ranges: Mapping[str, FunctionalRange]

    @property
    def determined(self) -> tuple[str, ...]:
        """Labels of what is the same at every optimum."""
        return tuple(name for name, found in self.ranges.items() if found.determined)

    @property
    def open(self) -> tuple[str, ...]:
        """Labels of what is not."""
        return tuple(name for name, found in self.ranges.items() if not found.determined)

    def __bool__(self) -> bool:
        return not self.open

    def __repr__(self) -> str:
        lines = [f"Uniqueness: {len(self.determined)} of {len(self.ranges)} determined"]
        lines += [
            f"  {name}: {shown(self.ranges[name].lower)} to {shown(self.ranges[name].upper)}"
            for name in self.open
        ]
        return "\n".join(lines)


def optimal_range(
    problem: Any, procedure: Any, order: Fixed, functional: Functional, **settings: Any
) -> FunctionalRange:
    """Least and greatest value of a functional over the optimal experiments.

    Parameters
    ----------
    problem, procedure, order
        Of the result.
    functional
        What is asked for.
    **settings
        Of the result, where it is no game's.

    Raises
    ------
    PayoffError, ReceiverError
        If the functional does not fit the game, or a receiver has an acceptance set.
    ExactSizeError, ExactnessError, LimitError
        If the program is not solved in rationals.
    """
    check_functional("functional", functional)
    programme = study_of(problem, procedure, order, (functional,), **settings)
    return _range(programme, solved(programme.program), functional)


def _range(programme: Study, optimum: RationalSolution, functional: Functional) -> FunctionalRange:
    face = optimal_face(optimum)
    costs = programme.costs(functional)
    most = solved(paying(face, costs))
    least = solved(paying(face, tuple(-cost for cost in costs)))
    about = {"problem": repr(programme.problem), "procedure": programme.procedure}
    certificates = (
        ExactCertificate(optimum, about),
        ExactCertificate(least, {**about, "minimum of": functional.label}),
        ExactCertificate(most, {**about, "maximum of": functional.label}),
    )
    return FunctionalRange(
        functional,
        programme.sign * optimum.value,
        -least.value,
        most.value,
        programme.experiment(least),
        programme.experiment(most),
        certificates,
    )


def uniqueness(game: PersuasionGame, procedure: Procedure, order: Fixed) -> Uniqueness:
    """Ranges of what people ask of every experiment: who does what when, and utilities."""
    asked = []
    for i, receiver in enumerate(game.receivers):
        own = game.own_states[i].reshape(game.prior.shape)
        asked += [
            Functional.probability(
                i, a, event=own == s, label=f"receiver {i} takes {a} in own state {s}"
            )
            for a in range(receiver.action_count)
            for s in range(receiver.state_count)
        ]
        if receiver.utility is not None:
            asked.append(Functional.utility(i))
    programme = full_programme(game, procedure, order, asked)
    optimum = solved(programme.program)
    return Uniqueness(
        FrozenMapping(
            {functional.label: _range(programme, optimum, functional) for functional in asked}
        )
    )
