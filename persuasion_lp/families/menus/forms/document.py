"""What a file says of a manager's problem."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from persuasion_lp.arrays import Written
from persuasion_lp.core.documents.base import Given, ProblemDocument, Table, plain
from persuasion_lp.core.documents.numbers import Array, Number, check_one_or_more
from persuasion_lp.core.documents.refusals import below
from persuasion_lp.core.documents.states import (
    State,
    named_distribution,
    shares_of,
)
from persuasion_lp.errors import InstanceError
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.workers import Workers
from persuasion_lp.primitives.scipy_functions import reached
from persuasion_lp.reading import shortest

__all__ = ["ManagerDocument"]

WAY_OUT = "must be finitely many, uniform or Beta for a file"


class UniformTypes(Table, tag_field="distribution", tag="uniform", kw_only=True):
    """Capabilities uniform on [low, high]."""

    low: Number
    high: Number


class BetaTypes(Table, tag_field="distribution", tag="beta", kw_only=True):
    """Capabilities low + (high − low) Beta(a, b)."""

    a: Number
    b: Number
    low: Number
    high: Number


NAMED: dict[str, type[Table]] = {"uniform": UniformTypes, "beta": BetaTypes}
_SHAPES = {"uniform": (), "beta": ("a", "b")}


class Each(Given):
    """A number or a list of numbers, or, of several workers, a list for each."""

    @classmethod
    def read(cls, data: Any) -> Each:
        """One number, a list, or lists of any lengths."""
        nested = isinstance(data, list) and any(isinstance(one, list) for one in data)
        for one in data if nested else [data]:
            check_one_or_more(one)
        return cls(data)

    @property
    def numbers(self) -> Any:
        """As constructors take them."""
        if not isinstance(self.value, list):
            return Number(self.value).number
        if any(isinstance(one, list) for one in self.value):
            return [Each(one).numbers for one in self.value]
        return Array(self.value).numbers

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """A number or lists."""
        return {"anyOf": [{"$ref": "#/$defs/Number"}, {"$ref": "#/$defs/Array"}]}


class Types(Given):
    """A list of capabilities, one capability, or a distribution of them."""

    tables = (UniformTypes, BetaTypes)

    @classmethod
    def read(cls, data: Any) -> Types:
        """A number, a list or lists of numbers, or a table with the name of a distribution."""
        if isinstance(data, dict):
            return cls(plain(named_distribution(data, NAMED)))
        return cls(Each.read(data).value)

    @classmethod
    def of_distribution(cls, frozen: Any) -> Types:
        """What a file says of a frozen ``scipy.stats`` distribution of capabilities."""
        name = reached(frozen, "dist", "name")
        if name not in NAMED:
            raise InstanceError("types", WAY_OUT, value=frozen)
        given, location, scale = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
        low, width = _exactly(location), _exactly(scale)
        ends = {"low": _number(low), "high": _number(low + width)}
        shapes = dict(zip(_SHAPES[name], map(_exactly, given), strict=True))
        named = {shape: _number(value) for shape, value in shapes.items()}
        return cls(plain(NAMED[name](**named, **ends)))

    @property
    def types(self) -> Any:
        """As the constructor takes them."""
        if not isinstance(self.value, dict):
            return Each(self.value).numbers
        from scipy import stats

        table = named_distribution(self.value, NAMED)
        low, high = table.low.exactly, table.high.exactly
        if not low < high:
            raise InstanceError("high", f"must be above low, {table.low.value}", value=high)
        ends = float(low), float(high - low)
        if isinstance(table, UniformTypes):
            return stats.uniform(*ends)
        for name, shape in (("a", table.a), ("b", table.b)):
            if not shape.exactly > 0:
                raise InstanceError(name, "must be positive", value=shape.value)
        return stats.beta(float(table.a.number), float(table.b.number), *ends)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """One of the four."""
        kinds = ("Number", "Array", "UniformTypes", "BetaTypes")
        return {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds]}


class ManagerDocument(ProblemDocument, tag="ManagerProblem", kw_only=True):
    """A manager offers tests of a task's difficulty to a worker who knows his capability."""

    difficulty: State
    payment: Each
    types: Types
    type_probs: Each | None = None
    unrestricted: bool = False
    type_labels: list[str] | None = None

    @classmethod
    def from_problem(cls, problem: ManagerProblem) -> ManagerDocument:
        """What a file says of a plan; several workers one by one, if their types are finite."""
        if problem.workers is not None:
            return cls._of_workers(problem.difficulty, problem.workers)
        payment = problem._written_payment
        exactly = payment.rationals().item()
        probs = None
        if problem.types is None or problem.type_probs is None:
            types = Types.of_distribution(reached(problem.type_distribution, "frozen"))
        else:
            floats = Written(problem.types, None), Written(problem.type_probs, None)
            given, given_probs = problem._written_types or floats
            types = Types(Array.of("types", given).value)
            probs = shares_of("type_probs", given_probs)
        labels = problem.type_labels
        return cls(
            difficulty=State.of(problem.difficulty, "difficulty"),
            payment=Each(
                Number.of("payment", problem.payment if payment.entries is None else exactly).value
            ),
            types=types,
            type_probs=None if probs is None else Each(probs.value),
            unrestricted=problem.unrestricted,
            type_labels=None if labels is None else list(labels),
        )

    @classmethod
    def _of_workers(cls, difficulty: Any, workers: Workers) -> ManagerDocument:
        given = workers.types or ()
        return cls(
            difficulty=State.of(difficulty, "difficulty"),
            payment=Each(Array.of("payment", workers.given_payments).value),
            types=Types([Array.of("types", types).value for types, _ in given]),
            type_probs=Each([Array.of("type_probs", probs).value for _, probs in given]),
        )

    def to_problem(self) -> ManagerProblem:
        """The plan."""
        with below("difficulty"):
            difficulty = self.difficulty.state()
        with below("types"):
            types = self.types.types
        probs = None if self.type_probs is None else self.type_probs.numbers
        if isinstance(self.payment.value, list):
            return ManagerProblem.for_workers(difficulty, self.payment.numbers, types, probs)
        return ManagerProblem(
            difficulty,
            self.payment.numbers,
            types,
            probs,
            unrestricted=self.unrestricted,
            type_labels=self.type_labels,
        )


def _exactly(number: Any) -> Fraction:
    return Fraction(shortest(float(number)))


def _number(number: Fraction) -> Number:
    """As a float where that stands for the number."""
    return Number.of("types", float(number) if _exactly(number) == number else number)
