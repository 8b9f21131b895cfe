r"""All pairs of two functionals that obedient experiments achieve: a polygon, every vertex exactly.

The programme is that of :mod:`.columns`; its polygon is found by
:func:`persuasion_lp.lp.faces.polygon.polygon`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from persuasion_lp.arrays import ReadOnly
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.core.exact import ExactCertificate
from persuasion_lp.extras import load
from persuasion_lp.families.games.optima.columns import study_of
from persuasion_lp.families.games.optima.constrained import (
    Constraint,
    check_constraints,
    constrained_program,
)
from persuasion_lp.families.games.optima.functional import Functional, check_functional
from persuasion_lp.inputs import answering, check_flag
from persuasion_lp.lp.faces.polygon import Corner, polygon
from persuasion_lp.lp.rational import shown

__all__ = ["Frontier", "FrontierVertex", "frontier"]


@dataclass(frozen=True, eq=False, repr=False)
class FrontierVertex(ReadOnly):
    """A vertex of a frontier.

    Attributes
    ----------
    f, g
        The two functionals.
    experiment
        One that achieves them.
    """

    f: Fraction | float
    g: Fraction | float
    experiment: Experiment

    def __repr__(self) -> str:
        return f"FrontierVertex({_said(self.f)}, {_said(self.g)})"


@dataclass(frozen=True, eq=False, repr=False)
class Frontier(ReadOnly):
    """The set of achievable pairs, a convex polygon.

    Attributes
    ----------
    f, g
        The functionals.
    vertices
        Counterclockwise, from the greatest f (of those the least g); one or two where the set is a
        point or a segment.
    certificates
        For each edge, from a vertex to the next, that nothing is beyond.
    programs
        How many linear programs that took.
    """

    f: Functional
    g: Functional
    vertices: tuple[FrontierVertex, ...]
    certificates: tuple[ExactCertificate, ...]
    programs: int

    @cached_property
    def points(self) -> tuple[tuple[Fraction | float, Fraction | float], ...]:
        """The vertices as pairs (f, g)."""
        return tuple((vertex.f, vertex.g) for vertex in self.vertices)

    def __contains__(self, point: Sequence[Any]) -> bool:
        """Whether a pair is achievable."""
        x, y = (Fraction(number) for number in point)
        points = [(Fraction(f), Fraction(g)) for f, g in self.points]
        around = [*points[1:], points[0]]
        turns = [
            (c - a) * (y - b) - (d - b) * (x - a)
            for (a, b), (c, d) in zip(points, around, strict=True)
        ]
        within = all(
            min(p[k] for p in points) <= z <= max(p[k] for p in points) for k, z in ((0, x), (1, y))
        )
        return within and all(turn >= 0 for turn in turns)

    def to_frame(self) -> Any:
        """A pandas frame with one row for each vertex: f and g as floats, by their labels."""
        pandas = load("pandas", extra="frames", feature="tables")
        names = [self.f.label, self.g.label]
        return pandas.DataFrame([tuple(map(float, p)) for p in self.points], columns=names)

    def __repr__(self) -> str:
        listed = ", ".join(f"({_said(f)}, {_said(g)})" for f, g in self.points)
        return f"Frontier of ({self.f.label}, {self.g.label}): {listed}"


def _said(number: Fraction | float) -> str:
    return shown(number) if isinstance(number, Fraction) else f"{number:.12g}"


@answering
def frontier(
    problem: Any,
    procedure: str,
    f: Functional,
    g: Functional,
    *,
    order: Any = None,
    constraints: Sequence[Constraint] = (),
    exact: bool = True,
) -> Frontier:
    """All pairs (f, g) that obedient experiments achieve under a procedure.

    Parameters
    ----------
    problem
        A :class:`PersuasionGame`, a :class:`BeliefGame` whose receivers are stated by cutoffs or
        utilities, or a :class:`BayesianGame`.
    procedure
        As for :func:`solve`.
    f, g
        The functionals.
    order
        Of ``"sequential"``, needed there; of ``"intermediate"`` the first receiver.
    constraints
        Further constraints on the experiments.
    exact
        Vertices as fractions; with False as the floats next to them. They are computed in rationals
        in any case.

    Raises
    ------
    InputError
        One of its leaves, before anything is solved.
    InfeasibleError
        If no experiment satisfies the constraints.
    ExactSizeError, ExactnessError, LimitError
        If a program is not solved in rationals.

    Examples
    --------
    Two judges, exactly one of two defendants guilty (KKS, Example 1): convictions, and those that
    are wrong, before judges who hear in sequence.

    >>> import persuasion_lp as plp
    >>> judges = plp.PersuasionGame([[0, "1/2"], ["1/2", 0]], [plp.Receiver.threshold("4/5")] * 2)
    >>> convictions = plp.Functional.sender(label="convictions")
    >>> wrong = plp.Functional.payoffs([[[0, 0], [1, 0]]] * 2, label="wrongful convictions")
    >>> plp.frontier(judges, "sequential", convictions, wrong, order=(0, 1))
    Frontier of (convictions, wrongful convictions): (37/32, 5/32), (9/8, 9/40), (0, 0), (1, 0)
    """
    check_flag("exact", exact)
    check_functional("f", f)
    check_functional("g", g)
    checked = check_constraints(constraints)
    used = [f, g, *(one.functional for one in checked)]
    programme = study_of(problem, procedure, order, used)
    program = constrained_program(programme, checked)
    found = polygon(program, programme.costs(f), programme.costs(g))

    def vertex(corner: Corner) -> FrontierVertex:
        x, y = corner.point
        experiment = programme.experiment(corner.solution)
        return FrontierVertex(x if exact else float(x), y if exact else float(y), experiment)

    about = {"problem": repr(programme.problem), "procedure": procedure, "pair": [f.label, g.label]}
    return Frontier(
        f,
        g,
        tuple(map(vertex, found.corners)),
        tuple(ExactCertificate(edge, about) for edge in found.edges),
        found.programs,
    )
