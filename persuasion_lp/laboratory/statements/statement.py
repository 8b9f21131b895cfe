"""What it takes to check a theorem on random problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.random import Generator

from persuasion_lp.core.closed_form import Agreement, ClosedForm, Relation
from persuasion_lp.solve import solve

__all__ = ["Draw", "Statement", "all_equal", "claim", "counted", "judge_claims"]

Draw = Callable[[Generator], Any]


def judge_claims(problem: Any, form: ClosedForm) -> Iterator[Agreement]:
    """Solve every procedure that a closed form speaks of, in the order it names, and compare."""
    listed: tuple[Any, ...] = tuple(form.claims)
    for procedure in listed:
        named = procedure == "sequential" and form.order is not None
        settings: dict[str, Any] = {"order": form.order} if named else {}
        yield solve(problem, procedure, **settings).compare(form)


def claim(name: str, what: str, relation: Relation, value: float, scale: float = 1.0) -> ClosedForm:
    """A single claim about ``what``."""
    return ClosedForm(
        name=name, value=value, claims={what: relation}, conditions={}, source=name, scale=scale
    )


def counted(statement: str, broken: int) -> Agreement:
    """That something is so without exception, from the number of exceptions."""
    return Agreement(
        statement=statement,
        relation="<=",
        difference=float(broken),
        side="above" if broken else "equal",
        tolerance=0.5,
        verdict="fails" if broken else "holds",
    )


def all_equal(
    form: ClosedForm, what: str, values: Iterable[float], expected: float
) -> Iterator[Agreement]:
    """That every value is the expected one."""
    for value in values:
        yield claim(form.name, what, "==", expected).judge(what, float(value))


@dataclass(frozen=True, eq=False)
class Statement:
    """A theorem that can be checked on random problems.

    Attributes
    ----------
    name
        By which :func:`check` finds it.
    draw
        Draws a problem, which may lack a hypothesis; such problems are drawn again.
    apply
        From a problem, and hypotheses to assume, to the closed form.
    judge
        Solves the other side and compares.
    without
        By hypothesis, how to draw problems that may lack it.
    """

    name: str
    draw: Draw
    apply: Callable[[Any, Collection[str]], ClosedForm]
    judge: Callable[[Any, Any], Iterator[Agreement]] = judge_claims
    without: Mapping[str, Draw] = field(default_factory=dict)
