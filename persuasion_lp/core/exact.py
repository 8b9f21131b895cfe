"""Exact answers: the optimal value and solution as fractions, with a proof anyone can check."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from persuasion_lp.arrays import Rationals
from persuasion_lp.checks import Checked
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.lp.certificate_file import Verification, certificate_json, verify
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.rational import (
    RationalProgram,
    RationalSolution,
    number_text,
    optimality_failures,
    shown,
)
from persuasion_lp.storage import write_text
from persuasion_lp.words import Report, Section, speak, spoken, words_of

__all__ = [
    "ExactCertificate",
    "ExactResult",
    "enclosed",
    "exact_result",
    "nearest",
    "proved_result",
]


@dataclass(frozen=True, eq=False, repr=False)
class ExactCertificate(Checked):
    """The program, a primal and a dual solution, all rational: they prove each other.

    Attributes
    ----------
    solution
        The optimal pair.
    about
        What the program is, in words.
    """

    solution: RationalSolution
    about: Mapping[str, Any]

    @property
    def failures(self) -> tuple[str, ...]:
        """Why primal and dual solution do not prove each other; empty when they do."""
        return self._failures

    @cached_property
    def _failures(self) -> tuple[str, ...]:
        pair = self.solution
        return tuple(optimality_failures(pair.program, pair.x, pair.y, pair.value))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the program."""
        return len(self.solution.y), len(self.solution.x)

    def to_json(self) -> str:
        """The certificate as a self-contained JSON document (``persuasion-lp verify`` reads it)."""
        return certificate_json(self.solution, self.about)

    def write(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write :meth:`to_json` to a file, whole or not at all.

        Parameters
        ----------
        path
            File to write.
        overwrite
            Whether to replace a file that is there.

        Raises
        ------
        FileError
            If there is such a file and ``overwrite`` is False, or it cannot be written.
        """
        write_text(path, self.to_json(), overwrite=overwrite)

    def verify(self) -> Verification:
        """Re-check the certificate as a reader of the file would, and that it is this answer's."""
        found = verify(self.to_json())
        broken = () if self.seal is None else self.seal.failures
        return replace(found, failures=broken + found.failures)

    def __repr__(self) -> str:
        rows, columns = self.shape
        return (
            f"ExactCertificate({columns} columns, {rows} rows, value {shown(self.solution.value)})"
        )


@dataclass(frozen=True, eq=False, repr=False)
class ExactResult(Comparable):
    """The optimum of a problem in exact rationals.

    Attributes
    ----------
    problem
        The problem.
    procedure
        The procedure.
    order
        The order the value is for, where there is one: the one given, or a best one, proved to be.
    value
        The optimal value.
    solution
        The optimal pair of the linear program.
    certificate
        Program and solution which prove the value: that of ``solution``, or, where an order was
        searched for, the program that mixes it with all alternatives.
    """

    problem: Any
    procedure: str
    order: tuple[int, ...] | None
    value: Fraction
    solution: RationalSolution
    certificate: ExactCertificate

    @property
    def lower(self) -> Fraction:
        """Lower end of the bracket on the optimum: the value."""
        return self.value

    @property
    def upper(self) -> Fraction:
        """Upper end of the bracket on the optimum: the value."""
        return self.value

    def values(self, name: str) -> Rationals:
        """Values of a block of columns of the linear program, in its shape."""
        return self.solution.values(name)

    def duals(self, name: str) -> Rationals:
        """Duals of a block of rows of the linear program, in its shape."""
        return self.solution.duals(name)

    def to_dict(self) -> dict[str, Any]:
        """Procedure, order, value and size in plain Python types, ready for JSON.

        ``"exact"`` is the value as text "p/q", ``"value"`` the float next to it. The proof itself
        is ``certificate.to_json()``.
        """
        rows, columns = self.certificate.shape
        return {
            "procedure": self.procedure,
            "order": None if self.order is None else list(self.order),
            "exact": number_text(self.value),
            "value": float(self.value),
            "certificate": {"columns": columns, "rows": rows},
        }

    def __repr__(self) -> str:
        order = "" if self.order is None else f", order {self.order}"
        return (
            f"ExactResult: {self.procedure}{order}\n"
            f"  value        {shown(self.value)} = {float(self.value):.12g}\n"
            f"  certificate  {self.certificate!r}"
        )


def exact_words(result: ExactResult) -> Report:
    """What an answer in fractions says: the problem, the value, and how it is proved."""
    rows, columns = result.certificate.shape
    stated = words_of(result.problem)
    order = "" if result.order is None else f" Order of play: {list(result.order)}."
    checks = "holds" if result.certificate.ok else "FAILS"
    said = f"The value is {shown(result.value)}, about {float(result.value):.12g}.{order}"
    proof = (
        f"A linear program of {columns} columns and {rows} rows, a primal and a dual solution, all "
        f"in fractions, prove each other; the comparison {checks}. Anyone can repeat it: "
        "certificate.write(path), persuasion-lp verify path."
    )
    sections = (Section("The optimum", (said,)), Section("How it is proved", (proof,)))
    return Report(
        f"{stated.title}: {spoken(result.procedure)}, exactly", (*stated.sections, *sections)
    )


speak(ExactResult, exact_words)


def exact_result(
    problem: Any,
    procedure: str,
    order: tuple[int, ...] | None,
    program: RationalProgram,
    lp: LinearProgram,
) -> ExactResult:
    """Solve a program exactly from the basis of its float twin, and wrap the proof."""
    return proved_result(problem, procedure, order, solve_exactly(program, lp))


def proved_result(
    problem: Any,
    procedure: str,
    order: tuple[int, ...] | None,
    solution: RationalSolution,
    *,
    proof: RationalSolution | None = None,
    value: Fraction | None = None,
    **more: Any,
) -> ExactResult:
    """Wrap a proved solution; ``more`` goes into the certificate's description.

    ``proof`` is the pair that proves it if the solution by itself does not prove enough; ``value``
    is what it is worth if not what its program says, as that of a minimum.
    """
    about = {
        "problem": repr(problem),
        "procedure": procedure,
        "order": None if order is None else list(order),
        **more,
    }
    certificate = ExactCertificate(proof or solution, about)
    worth = solution.value if value is None else value
    return ExactResult(problem, procedure, order, worth, solution, certificate)


def nearest(number: Fraction) -> float:
    """The float next to a rational, the largest one where there is none."""
    try:
        return float(number)
    except OverflowError:
        return math.copysign(float(np.finfo(np.float64).max), number)


def enclosed(value: Fraction) -> tuple[float, float]:
    """The floats next to a rational, below and above; the same where it is a float."""
    near = nearest(value)
    low = near if Fraction(near) <= value else math.nextafter(near, -math.inf)
    high = near if Fraction(near) >= value else math.nextafter(near, math.inf)
    return low, high
