"""The answer to a manager's problem: tests, who takes them, payoffs, multipliers, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from persuasion_lp.arrays import Floats, Integers, frozen
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.extras import load
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.menus.certificate import MenuCertificate
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.proof.bracket import MenuBracket
from persuasion_lp.families.menus.proof.exact import exact_menu
from persuasion_lp.families.menus.proof.exact_single import exact_single_test
from persuasion_lp.families.menus.screening import ScreeningTest
from persuasion_lp.lp.model import LinearProgram

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BindingConstraint", "MenuResult"]

POSITIVE_MULTIPLIER = 1e-9
"""Multipliers below the solver's dual tolerance count as zero."""


@dataclass(frozen=True)
class BindingConstraint:
    """A constraint with a positive multiplier.

    Attributes
    ----------
    constraint
        ``"IC-W"`` (``type`` must not mimic ``other``), ``"excluded"`` (``type``, who is not served,
        must not take the test of ``other``), ``"OB-W"``, ``"OB-M"`` or ``"FSB"``.
    type, other
        Positions in the caller's order; ``None`` where the constraint names none.
    multiplier
        Gain in value when it is relaxed by one unit of the worker's payoff (IC-W, excluded, OB-W),
        or of the manager's (OB-M, FSB: one unit of surplus at the frontier).
    """

    constraint: str
    type: int | None
    other: int | None
    multiplier: float


@dataclass(frozen=True, eq=False, repr=False)
class MenuResult(Comparable):
    """A certified optimum of a :class:`ManagerProblem`.

    Attributes
    ----------
    problem
        The problem.
    procedure
        ``"menu"`` or ``"single_test"``.
    formulation
        The programme solved: ``"rays"``, ``"reduced"``, ``"full"``, or ``"cutoffs"`` for a single
        test.
    value
        What ``tests`` pay the manager, rounded down.
    lower, upper
        Bracket on the optimum: the value, and a proved upper bound. For finitely many states and
        types both hold for the numbers as they were written; otherwise relative to what the
        distributions' functions say
        (:mod:`~persuasion_lp.families.menus.proof.continuous`).
    tests
        The distinct tests, by increasing p, the last one a threshold test; at most three (LX,
        Theorem 3) where the formulation is ``"rays"``. Empty when the plan is never launched.
    bracket
        The tests by their exact numbers, what they pay, and the bound on all menus, as fractions.
    alternatives
        Types (positions in the caller's order) for whom a test of their own could be added at the
        same value: the optimum is not unique when there are any.
    multipliers
        By block of rows of the programme, what its constraints cost, never negative. For
        ``"rays"`` and ``"reduced"``: ``"upward"`` (j must not mimic j−1), ``"downward"`` (j−1 must
        not mimic j), ``"excluded"``, ``"OB-W"``, ``"OB-M"``, ``"FSB height"``; types in sorted
        order from ``lowest`` on.
    lowest
        Position of the lowest served type; ``None`` if no type can be served, or types are
        continuous.
    certificate
        Both certificates and the upper bound.
    algorithm
        How it was solved: ``"closed form"`` or an algorithm of HiGHS.
    programmes
        Lowest served types (or acceptance cut-offs) for which a programme was solved.
    refinements
        The grids of a continuous difficulty, or of continuous types, that were tried.
    times
        Seconds for ``"solve"`` and ``"decode"``.
    """

    problem: ManagerProblem
    procedure: Literal["menu", "single_test"]
    formulation: str
    value: float
    lower: float
    upper: float
    tests: tuple[ScreeningTest, ...]
    bracket: MenuBracket
    alternatives: tuple[int, ...]
    multipliers: Mapping[str, Floats]
    lowest: int | None
    certificate: MenuCertificate
    algorithm: str
    programmes: int
    refinements: tuple[Refinement, ...]
    times: Mapping[str, float]

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved.

        For finitely many states and types. Their numbers are taken as they were written: fractions,
        strings and integers exactly, decimals as decimals (0.1 is 1/10), equal masses and
        probabilities that were left out as 1/K and 1/J. Whatever ``formulation``:

        * a menu is proved over every lowest served type by one certificate, which mixes the ray
          programmes of all of them; the solution is that of the best one.
        * a single test is proved over every acceptance cut-off by one certificate, that of the
          programme of all cut-offs at once; its description has the test. Needs no solver.

        Raises
        ------
        PriorError, WorkerTypeError
            If states or types are not finitely many, if types were computed from several workers',
            or if masses or probabilities, so read, do not sum to 1 exactly.
        ExactSizeError
            If there are too many types and states; nothing has been solved.
        ExactnessError
            If no rational optimum could be proved.
        """
        if self.procedure == "single_test":
            return exact_single_test(self.problem)
        return exact_menu(self.problem)

    @property
    def lp(self) -> LinearProgram | None:
        """The linear program for the lowest served type; ``None`` if no type can be served."""
        programme = self.certificate.programme
        return None if programme is None else programme.lp

    @property
    def experiment(self) -> tuple[ScreeningTest, ...]:
        """What the manager offers: the tests."""
        return self.tests

    @cached_property
    def prices(self) -> Floats | None:
        """Marginal value of the prior; ``None``: a menu's value is not linear around its prior."""
        return None

    @cached_property
    def no_information(self) -> float:
        """The manager's payoff when nothing is found out before types decide."""
        return PosteriorMeanGame.commitment(self.problem).payoff_without_information()

    @cached_property
    def full_information(self) -> float:
        """The manager's payoff when difficulty is revealed, so that nobody can misreport it."""
        return PosteriorMeanGame.commitment(self.problem).payoff_with_full_information()

    @cached_property
    def choices(self) -> Integers:
        """Test that each type takes, -1 for none, in the caller's order, shape ``(J,)``."""
        count = 0 if self.problem.types is None else self.problem.types.size
        choices = np.full(count, -1, dtype=np.int64)
        for index, test in enumerate(self.tests):
            choices[list(test.takers)] = index
        return frozen(choices)

    @property
    def excluded(self) -> tuple[int, ...]:
        """Types (positions in the caller's order) to whom no test is worth taking."""
        return tuple(np.flatnonzero(self.choices < 0).tolist())

    @cached_property
    def manager_payoffs(self) -> Floats:
        """The manager's payoff from each type, in the caller's order."""
        surplus = [test.r - self.problem.payment * test.p for test in self.tests]
        return frozen(np.array([*surplus, 0.0])[self.choices])

    @cached_property
    def worker_payoffs(self) -> Floats:
        """Each type's own payoff, w p − r/x, in the caller's order."""
        if self.problem.types is None:
            return np.empty(0)
        p, r = (
            np.array([*(getattr(test, name) for test in self.tests), 0.0])[self.choices]
            for name in ("p", "r")
        )
        return frozen(np.asarray(self.problem.payment * p - r / self.problem.types))

    @cached_property
    def binding(self) -> tuple[BindingConstraint, ...]:
        """The constraints with positive multipliers, by block."""
        if self.lowest is None or self.problem.types is None:
            return ()
        order = self.problem.order
        s = int(np.flatnonzero(order == self.lowest)[0])
        found = []
        for name, values in self.multipliers.items():
            for place in zip(*np.nonzero(values > POSITIVE_MULTIPLIER), strict=True):
                multiplier = float(values[place])
                own, other = _who(name, tuple(int(k) for k in place), s)
                constraint = {"upward": "IC-W", "downward": "IC-W"}.get(name, name.split()[0])
                found.append(
                    BindingConstraint(
                        constraint,
                        None if own is None else int(order[own]),
                        None if other is None else int(order[other]),
                        multiplier,
                    )
                )
        return tuple(found)

    def to_frame(self) -> pd.DataFrame:
        """One row per test: p, q, kind, ends of the interval, types that take it."""
        pd = load("pandas", extra="frames", feature="tables")

        return pd.DataFrame(self._rows())

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON."""
        economic = self.certificate.economic
        return {
            "procedure": self.procedure,
            "formulation": self.formulation,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "tests": self._rows(),
            "excluded": list(self.excluded),
            "alternatives": list(self.alternatives),
            "manager_payoffs": self.manager_payoffs.tolist(),
            "worker_payoffs": self.worker_payoffs.tolist(),
            "multipliers": {name: block.tolist() for name, block in self.multipliers.items()},
            "certificate": {
                "ok": self.certificate.ok,
                "gap": self.certificate.gap,
                "route": self.certificate.route,
                "upper": self.certificate.upper,
                "choice_residual": economic.choice_residual,
                "trust_residual": economic.trust_residual,
                "feasibility_residual": economic.feasibility_residual,
            },
            "algorithm": self.algorithm,
            "programmes": self.programmes,
            "refinements": [
                {"size": r.beliefs, "lower": r.lower, "upper": r.upper} for r in self.refinements
            ],
            "times": dict(self.times),
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "p": test.p,
                "q": test.q,
                "kind": test.kind,
                "low": test.interval[0],
                "high": test.interval[1],
                "types": list(test.types),
            }
            for test in self.tests
        ]

    def __repr__(self) -> str:
        economic = self.certificate.economic
        tests = "; ".join(
            f"{test.kind} p={test.p:.6g} q={test.q:.6g} on "
            f"[{test.interval[0]:.6g}, {test.interval[1]:.6g}]"
            for test in self.tests
        )
        excluded = f", {len(self.excluded)} types excluded" if self.excluded else ""
        return "\n".join(
            [
                f"MenuResult: {self.procedure} ({self.formulation}), {self.problem!r}",
                f"  value        {self.value:.9g} in [{self.lower:.12g}, {self.upper:.12g}]",
                f"  tests        {tests or 'none: the plan is never launched'}{excluded}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}: "
                f"gap {self.certificate.gap:.1e}, choice {economic.choice_residual:.1e}, "
                f"trust {economic.trust_residual:.1e}",
                f"  solved       {self.algorithm}, {self.programmes} programmes, "
                f"{max(0, len(self.refinements) - 1)} refinements, "
                f"{1e3 * sum(self.times.values()):.3g} ms",
            ]
        )


def _who(name: str, place: tuple[int, ...], s: int) -> tuple[int | None, int | None]:
    """Sorted positions of the types that a row of a block names."""
    first, *rest = place
    match name, rest:
        case "upward", _:
            return s + first + 1, s + first
        case "downward", _:
            return s + first, s + first + 1
        case "IC-W", [other]:
            return s + first, s + other + (other >= first)
        case "excluded", [other]:
            return first, s + other
        case "excluded", _:
            return s - 1, s
        case (("OB-W" | "OB-M"), _):
            return s + first, None
        case _:
            return None, None
