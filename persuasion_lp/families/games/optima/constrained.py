r"""Side constraints: lower ≤ g(experiment) ≤ upper, as rows over the recommendation programme.

Obedience stays homogeneous, so the rest of the theory stays: the multiplier of a constraint is the
price of its bound, in units of the sender's payoff. Constraints that no obedient experiment
satisfies are refused with a proof, and with the least r such that all bounds hold when each is
moved outwards by r.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from persuasion_lp.arrays import FrozenMapping, ReadOnly, written
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.exact import ExactCertificate
from persuasion_lp.core.orders import Fixed
from persuasion_lp.errors import InfeasibleError, OptionError, PayoffError
from persuasion_lp.families.games.optima.columns import studies_of
from persuasion_lp.families.games.optima.functional import Functional, check_functional
from persuasion_lp.families.games.optima.studied import Study
from persuasion_lp.inputs import answers_for_arguments, in_order, is_a
from persuasion_lp.lp.faces.edited import ExtraRow, dot, solved, with_rows
from persuasion_lp.lp.rational import RationalProgram, RationalSolution, shown

__all__ = [
    "ConstrainedResult",
    "Constraint",
    "check_constraints",
    "constrained",
    "constrained_program",
]


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class Constraint(ReadOnly):
    """A bound on a functional, from below, from above, or both.

    Parameters
    ----------
    functional
        What is bounded.
    lower, upper
        The bounds; at least one.

    Raises
    ------
    PayoffError
        If there is no bound, one is no number, or the lower one is above the upper one.

    Examples
    --------
    >>> from persuasion_lp import Constraint, Functional
    >>> Constraint(Functional.probability(0, 1, label="convictions"), upper="1/20")
    Constraint(convictions ≤ 1/20)
    """

    functional: Functional
    lower: Fraction | None
    upper: Fraction | None

    def __init__(self, functional: Functional, *, lower: Any = None, upper: Any = None) -> None:
        object.__setattr__(self, "functional", check_functional("functional", functional))
        bounds = [_bound(name, end) for name, end in (("lower", lower), ("upper", upper))]
        low, high = bounds
        if low is None and high is None:
            raise PayoffError("lower", "or upper must be given", value=None)
        if low is not None and high is not None and low > high:
            rule = f"is above upper ({shown(high)}): nothing lies between"
            raise PayoffError("lower", rule, value=lower)
        object.__setattr__(self, "lower", low)
        object.__setattr__(self, "upper", high)

    @property
    def said(self) -> str:
        """The constraint as a formula."""
        if self.upper is None and self.lower is not None:
            return f"{self.functional.label} ≥ {shown(self.lower)}"
        low = "" if self.lower is None else f"{shown(self.lower)} ≤ "
        high = "" if self.upper is None else f" ≤ {shown(self.upper)}"
        return f"{low}{self.functional.label}{high}"

    def __repr__(self) -> str:
        return f"Constraint({self.said})"


def _bound(name: str, end: Any) -> Fraction | None:
    if end is None:
        return None
    read = written(name, end, PayoffError)
    if read.floats.shape != ():
        raise PayoffError(name, "must be one number", value=read.floats.shape)
    found: Fraction = read.rationals().item()
    return found


@dataclass(frozen=True, eq=False, repr=False)
class ConstrainedResult(ReadOnly):
    """The optimum of a game under side constraints, proved in rationals.

    Attributes
    ----------
    problem, procedure, order
        What was solved; the best order where none was fixed.
    value
        The optimal value.
    experiment
        An optimal experiment.
    multipliers
        For each constraint, in the order given, what its bound costs: the value gained when the
        bound is moved outwards by one unit. Zero where it does not bind.
    amounts
        The functionals of the constraints at the experiment.
    solution
        The optimal pair of the program.
    certificate
        Program and pair, which anyone can verify.
    """

    problem: Any
    procedure: Procedure
    order: Fixed
    constraints: tuple[Constraint, ...]
    value: Fraction
    experiment: Experiment
    multipliers: tuple[Fraction, ...]
    amounts: tuple[Fraction, ...]
    solution: RationalSolution
    certificate: ExactCertificate

    @property
    def lower(self) -> Fraction:
        """Lower end of the bracket: the value."""
        return self.value

    @property
    def upper(self) -> Fraction:
        """Upper end of the bracket: the value."""
        return self.value

    def to_dict(self) -> Mapping[str, Any]:
        """Value, constraints and multipliers in plain types."""
        return {
            "procedure": self.procedure,
            "order": None if self.order is None else list(self.order),
            "exact": str(self.value),
            "value": float(self.value),
            "constraints": [
                {"constraint": repr(one), "amount": str(amount), "multiplier": str(price)}
                for one, amount, price in zip(
                    self.constraints, self.amounts, self.multipliers, strict=True
                )
            ],
        }

    def __repr__(self) -> str:
        order = "" if self.order is None else f", order {self.order}"
        lines = [
            f"ConstrainedResult: {self.procedure}{order}",
            f"  value  {shown(self.value)} = {float(self.value):.12g}",
        ]
        lines += [
            f"  {one!r}: at {shown(amount)}, multiplier {shown(price)}"
            for one, amount, price in zip(
                self.constraints, self.amounts, self.multipliers, strict=True
            )
        ]
        return "\n".join(lines)


def check_constraints(constraints: Any) -> tuple[Constraint, ...]:
    """Raise ``OptionError`` unless these are constraints."""
    listed = (constraints,) if is_a(constraints, Constraint) else constraints
    found = in_order("constraints", listed, OptionError, "must be a list of constraints")
    for index, one in enumerate(found):
        if not is_a(one, Constraint):
            rule = "must be Constraint(functional, lower=, upper=)"
            raise OptionError("constraints", rule, index=index, value=one)
    return found


def constrained_program(programme: Study, constraints: Sequence[Constraint]) -> RationalProgram:
    """The program with a row for each bound.

    Raises
    ------
    InfeasibleError
        If no obedient experiment satisfies them, with the least relaxation that helps.
    """
    rows = [
        ExtraRow(f"constraint[{k}].{name}", programme.costs(one.functional), sense, bound)
        for k, one in enumerate(constraints)
        for name, sense, bound in (("lower", 1, one.lower), ("upper", -1, one.upper))
        if bound is not None
    ]
    if rows:
        _check_feasible(programme, rows, constraints)
    return with_rows(programme.program, rows)


def constrained(
    problem: Any,
    procedure: Any,
    constraints: Sequence[Constraint],
    *,
    order: Any = None,
    **settings: Any,
) -> ConstrainedResult:
    """Solve a game under side constraints; for ``solve(…, constraints=…)``.

    Raises
    ------
    InfeasibleError
        If no obedient experiment satisfies them, with the least relaxation that helps.
    """
    checked = check_constraints(constraints)
    used = [one.functional for one in checked]
    best: ConstrainedResult | None = None
    refusal: InfeasibleError | None = None
    for programme in studies_of(problem, procedure, order, used, **settings):
        try:
            solution = solved(constrained_program(programme, checked))
        except InfeasibleError as error:
            refusal = refusal or error
            continue
        if best is None or solution.value > best.value:
            best = _result(problem, programme, checked, solution)
    if best is None:
        raise refusal or InfeasibleError("no order satisfies the constraints")
    return best


def _result(
    problem: Any,
    programme: Study,
    constraints: tuple[Constraint, ...],
    solution: RationalSolution,
) -> ConstrainedResult:
    prices = [
        sum(
            (
                abs(solution.duals(f"constraint[{k}].{name}").item())
                for name, end in (("lower", one.lower), ("upper", one.upper))
                if end is not None
            ),
            Fraction(0),
        )
        for k, one in enumerate(constraints)
    ]
    about = {
        "problem": repr(programme.problem),
        "procedure": programme.procedure,
        "order": None if programme.order is None else list(programme.order),
        "constraints": [repr(one) for one in constraints],
    }
    return ConstrainedResult(
        problem,
        programme.procedure,
        programme.order,
        constraints,
        programme.sign * solution.value,
        programme.experiment(solution),
        tuple(prices),
        tuple(dot(programme.costs(one.functional), solution.x) for one in constraints),
        solution,
        ExactCertificate(solution, about),
    )


def _check_feasible(
    programme: Study, rows: Sequence[ExtraRow], constraints: Sequence[Constraint]
) -> None:
    """Find the least r such that all bounds hold when each is moved outwards by r."""
    least = solved(_relaxed(programme.program, rows))
    if least.value < 0:
        listed = "; ".join(one.said for one in constraints)
        raise InfeasibleError(
            f"no obedient experiment satisfies the constraints ({listed}): each bound would have "
            f"to be moved outwards by {shown(-least.value)}, about {float(-least.value):.6g}; "
            "proved by a dual solution in rationals"
        )


def _relaxed(program: RationalProgram, rows: Sequence[ExtraRow]) -> RationalProgram:
    """Maximize −r subject to the rows, each relaxed by r ≥ 0."""
    extended = with_rows(program, rows)
    first = len(program.rhs)
    relaxing = {first + k: Fraction(row.sense) for k, row in enumerate(rows)}
    nothing = (Fraction(0),) * len(program.objective)
    return replace(
        extended,
        objective=(*nothing, Fraction(-1)),
        offset=Fraction(0),
        entries=(*extended.entries, FrozenMapping(relaxing)),
        lower=(*extended.lower, Fraction(0)),
        upper=(*extended.upper, None),
    )
