"""What a theorem says about a problem: a value, how procedures compare with it, when, and where."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.saving.saveable import Saveable
from persuasion_lp.errors import HypothesisError, InputError, ProcedureError
from persuasion_lp.seal import SealedAnswer
from persuasion_lp.words import Described

__all__ = [
    "CLOSED_FORM_TOLERANCE",
    "Agreement",
    "ClosedForm",
    "Comparable",
    "Relation",
    "grant",
    "must_be",
]

Relation = Literal["==", "<=", ">=", "<", ">"]
Side = Literal["above", "below", "equal", "open"]

_SIDES: tuple[Side, ...] = ("below", "equal", "above")
_ALLOWED: Mapping[Relation, frozenset[Side]] = FrozenMapping(
    {
        "==": frozenset({"equal"}),
        "<=": frozenset({"below", "equal"}),
        ">=": frozenset({"above", "equal"}),
        "<": frozenset({"below"}),
        ">": frozenset({"above"}),
    }
)
"""Where a value may be that a relation holds for."""

CLOSED_FORM_TOLERANCE = 1e-8
"""Share of the payoffs' scale: a result is proved to 1e-9 of it, a closed form is a short sum. A
strict inequality must hold by more than this to count as one."""


@dataclass(frozen=True)
class Agreement:
    """A computed value beside a theorem.

    Attributes
    ----------
    statement
        What the theorem says, with its name.
    relation
        How the computed value is to compare with the theorem's.
    difference
        Computed value minus the theorem's; of a bracket, its point closest to the theorem's value.
    side
        Where the computed value is: ``"above"``, ``"below"``, or ``"equal"`` within the tolerance;
        ``"open"`` when it is bounded from below only, by no more than the theorem's value.
    tolerance
        Largest difference that counts as none.
    verdict
        ``"holds"`` or ``"fails"``; ``"open"`` when the computed value is bounded from below only
        and the bound decides nothing.
    """

    statement: str
    relation: Relation
    difference: float
    side: Side
    tolerance: float
    verdict: Literal["holds", "fails", "open"]

    @property
    def excess(self) -> float:
        """By how much the statement is missed; zero when it holds exactly, or is open.

        A strict inequality is missed by what it lacks to hold by more than the tolerance.
        """
        if self.relation == "==" and self.verdict != "open":
            return abs(self.difference)
        return max(abs(self.difference), self.tolerance) if self.verdict == "fails" else 0.0


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ClosedForm:
    """A theorem applied to a problem.

    Attributes
    ----------
    name
        Name of the theorem.
    value
        The value it gives.
    claims
        By procedure, how the optimal value compares with ``value``. For ``"sequential"`` the
        optimum over orders is meant, or that of ``order`` where the theorem names one.
    conditions
        By name, whether each hypothesis of the theorem, and each case it distinguishes, holds.
    source
        Where it is stated.
    scale
        Of the payoffs, for tolerances.
    order
        The order the theorem says is optimal.
    experiment
        The experiment the theorem constructs.
    """

    name: str
    value: float
    claims: Mapping[str, Relation]
    conditions: Mapping[str, bool]
    source: str
    scale: float = 1.0
    order: tuple[int, ...] | None = None
    experiment: Experiment | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "claims", FrozenMapping(self.claims))
        object.__setattr__(self, "conditions", FrozenMapping(self.conditions))

    def __repr__(self) -> str:
        claims = ", ".join(f"{name} {relation}" for name, relation in self.claims.items())
        order = "" if self.order is None else f", order {self.order}"
        words = {True: "yes", False: "NO"}
        listed = "; ".join(f"{name}: {words[holds]}" for name, holds in self.conditions.items())
        return "\n".join(
            [
                f"{type(self).__name__}: {self.source}",
                "  " + f"{claims} {self.value:.9g}{order}".lstrip(),
                f"  conditions  {listed}",
            ]
        )

    def judge(self, procedure: str, value: float, upper: float | None = None) -> Agreement:
        """Compare the optimal value under a procedure with what the theorem says about it.

        Parameters
        ----------
        procedure
            One that the theorem speaks of.
        value
            The optimal value, or the lower end of a bracket on it.
        upper
            The upper end. The comparison is with the point of the bracket that is closest to the
            theorem's value: a bracket around it is neither above nor below. Where there is none
            (``math.inf``), the verdict is what is true of every value from ``value`` on: ``">="``
            and ``">"`` can hold but not fail, ``"=="``, ``"<="`` and ``"<"`` can fail but not hold,
            and all else is open.

        Raises
        ------
        ProcedureError
            If the theorem says nothing about the procedure.
        """
        if procedure not in self.claims:
            known = ", ".join(self.claims) or "no procedure"
            raise ProcedureError(
                "procedure", f"must be one that {self.name} speaks of: {known}", value=procedure
            )
        relation = self.claims[procedure]
        tolerance = CLOSED_FORM_TOLERANCE * self.scale
        closest = value if upper is None else min(max(self.value, value), upper)
        difference = closest - self.value
        unbounded = upper == math.inf
        lowest = value - self.value if unbounded else difference
        first = 0 if lowest < -tolerance else 1 if lowest <= tolerance else 2
        sides = _SIDES[first:] if unbounded else _SIDES[first : first + 1]
        allowed = _ALLOWED[relation]
        return Agreement(
            statement=f"{procedure} {relation} {self.value:.9g} ({self.name})",
            relation=relation,
            difference=difference,
            side=sides[0] if len(sides) == 1 else "open",
            tolerance=tolerance,
            verdict=(
                "holds"
                if allowed.issuperset(sides)
                else ("fails" if allowed.isdisjoint(sides) else "open")
            ),
        )


class Bracketed(Protocol):
    """What :class:`Comparable` reads of a result."""

    @property
    def procedure(self) -> str:
        """The procedure."""

    @property
    def lower(self) -> float | Fraction:
        """Lower end of the bracket on the optimal value."""

    @property
    def upper(self) -> float | Fraction | None:
        """Upper end, ``None`` where nothing bounds the value from above."""


class Comparable(Saveable, SealedAnswer, Described):
    """A result that can be saved, compared with what theorems say, and described."""

    def compare(self: Bracketed, theorem: ClosedForm) -> Agreement:
        """Compare the value with what a theorem of :mod:`persuasion_lp.theorems` says about it.

        Of a sequential procedure theorems speak with the best order, or with the one they name. Of
        a problem that is discretized the bracket ``[lower, upper]`` is compared. Where ``upper`` is
        ``None`` only what every value from ``lower`` on agrees about is concluded; see
        :meth:`ClosedForm.judge`.

        Raises
        ------
        InputError
            If it is no theorem.
        ProcedureError
            If the theorem says nothing about this procedure.
        """
        must_be("theorem", theorem, ClosedForm)
        upper = math.inf if self.upper is None else float(self.upper)
        return theorem.judge(self.procedure, float(self.lower), upper)


def grant(theorem: str, hypotheses: Mapping[str, bool], assume: Collection[str]) -> None:
    """Refuse to apply a theorem outside its hypotheses.

    Parameters
    ----------
    theorem
        Its name.
    hypotheses
        By name, whether each holds.
    assume
        Names of hypotheses (or one name) to take for granted, to see what the theorem needs them
        for. What is then returned is no theorem.

    Raises
    ------
    HypothesisError
        If a hypothesis fails that is not assumed, or an assumed one does not exist.
    """
    assume = (assume,) if isinstance(assume, str) else assume
    for name in assume:
        if name not in hypotheses:
            known = ", ".join(hypotheses)
            raise HypothesisError(theorem, f"has no such hypothesis (it has: {known})", value=name)
    missing = [name for name, holds in hypotheses.items() if not holds and name not in assume]
    if missing:
        raise HypothesisError(theorem, "does not apply; it needs: " + "; ".join(missing))


def must_be(field: str, given: object, kind: type) -> None:
    """Raise :class:`InputError` unless a theorem is asked about what it is about."""
    if isinstance(given, kind):
        return
    raise InputError(field, f"must be a {kind.__name__}", value=type(given).__name__)
