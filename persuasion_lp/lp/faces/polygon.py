r"""All vertices of the set of pairs (f·x, g·x) over the feasible points of a program.

The set is a convex polygon, given by its support function: the greatest α f·x + β g·x is a linear
program. Four directions give four points of it. An edge of the hull of the points found is one of
the polygon unless its outward normal has a greater value; then the point that attains it is new.

With k vertices that takes at most 2k + 4 programs: each finds a vertex, or proves an edge, or finds
a point within an edge, which is then proved by the same program.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from persuasion_lp.arrays import ReadOnly
from persuasion_lp.lp.faces.edited import Costs, dot, paying, solved
from persuasion_lp.lp.rational import RationalProgram, RationalSolution

__all__ = ["Corner", "Polygon", "polygon"]

Point = tuple[Fraction, Fraction]
Direction = tuple[Fraction, Fraction]

FIRST = tuple((Fraction(a), Fraction(b)) for a, b in ((1, 0), (0, 1), (-1, 0), (0, -1)))


@dataclass(frozen=True, eq=False)
class Corner(ReadOnly):
    """A point of the polygon.

    Attributes
    ----------
    point
        (f·x, g·x).
    solution
        The program that attains it, with its proof.
    """

    point: Point
    solution: RationalSolution


@dataclass(frozen=True, eq=False)
class Polygon(ReadOnly):
    """The set of pairs.

    Attributes
    ----------
    corners
        Its vertices, counterclockwise from the one with the greatest first coordinate (of those
        the least second); one or two where it has no interior.
    edges
        For each edge, from a corner to the next, the program that proves that nothing is beyond.
    programs
        How many were solved.
    """

    corners: tuple[Corner, ...]
    edges: tuple[RationalSolution, ...]
    programs: int


def polygon(program: RationalProgram, f: Costs, g: Costs) -> Polygon:
    """The polygon of two functionals over the feasible points of a program.

    Parameters
    ----------
    program
        Its objective is not used.
    f, g
        The functionals.

    Raises
    ------
    ExactSizeError, ExactnessError, LimitError
        If a program is not solved in rationals.
    """
    proved: dict[Direction, RationalSolution] = {}
    found: dict[Point, Corner] = {}

    def support(direction: Direction) -> None:
        """Solve in a direction; the point that attains the greatest value is added."""
        a, b = direction
        costs = tuple(a * one + b * other for one, other in zip(f, g, strict=True))
        solution = proved[direction] = solved(paying(program, costs))
        point = dot(f, solution.x), dot(g, solution.x)
        found.setdefault(point, Corner(point, solution))

    for direction in FIRST:
        support(direction)
    while True:
        hull = _hull(list(found))
        open_normals = [normal for _, normal in _edges(hull) if normal not in proved]
        if not open_normals:
            break
        for normal in open_normals:
            support(normal)
    return Polygon(
        tuple(found[point] for point in hull),
        tuple(proved[normal] for _, normal in _edges(hull)),
        len(proved),
    )


def _edges(hull: list[Point]) -> list[tuple[Point, Direction]]:
    """Each point of a hull with the outward normal of the edge to the next, in lowest terms."""
    if len(hull) == 1:
        return []
    following = [*hull[1:], hull[0]]
    return [(one, _normal(one, other)) for one, other in zip(hull, following, strict=True)]


def _normal(one: Point, other: Point) -> Direction:
    """Outward normal of a counterclockwise edge; its larger entry is ±1."""
    a, b = other[1] - one[1], one[0] - other[0]
    size = max(abs(a), abs(b))
    return a / size, b / size


def _hull(points: list[Point]) -> list[Point]:
    """Vertices counterclockwise, from the greatest first coordinate; collinear points left out."""
    ordered = sorted(points)
    if len(ordered) <= 1:
        return ordered
    upper, lower = _chain(ordered[::-1]), _chain(ordered)
    around = [*upper[:-1], *lower[:-1]]
    start = around.index(max(around, key=lambda point: (point[0], -point[1])))
    return around[start:] + around[:start]


def _chain(points: list[Point]) -> list[Point]:
    """One side of the hull of points in order, turning left."""
    kept: list[Point] = []
    for point in points:
        while len(kept) >= 2 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept


def _turn(a: Point, b: Point, c: Point) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
