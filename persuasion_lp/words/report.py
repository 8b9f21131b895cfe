"""What is said of a problem or an answer: sections of sentences and tables, not yet set.

Families fill these; :mod:`~persuasion_lp.words.setting` sets them as text, Markdown, LaTeX or
HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

__all__ = ["MOST_ROWS", "Cell", "Report", "Section", "Table", "listed", "number", "spoken", "table"]

Cell: TypeAlias = "str | int | float | Fraction | None"
"""An entry of a table: words, a number, or nothing."""

MOST_ROWS = 40
"""Rows of a table; what is left out is counted below it."""

MOST_LISTED = 8
"""Things that a sentence lists."""

ZERO = 5e-13
"""Numbers that are nothing but rounding of 0 are printed as 0."""


@dataclass(frozen=True)
class Table:
    """A table with a caption.

    Attributes
    ----------
    caption
        What it shows, without a full stop.
    columns
        Heads of the columns.
    rows
        Entries, as many in each row as there are columns.
    left_out
        Rows that are not shown.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0

    def numeric(self, column: int) -> bool:
        """Whether a column has numbers only."""
        return all(not isinstance(row[column], str) for row in self.rows)


@dataclass(frozen=True)
class Section:
    """Sentences and tables under a heading."""

    heading: str
    parts: tuple[str | Table, ...]


@dataclass(frozen=True)
class Report:
    """A title, and what is said under it."""

    title: str
    sections: tuple[Section, ...]


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    """A table of at most :data:`MOST_ROWS` rows."""
    entries = [tuple(row) for row in rows]
    left_out = max(0, len(entries) - MOST_ROWS)
    return Table(caption, tuple(columns), tuple(entries[:MOST_ROWS]), left_out)


def number(value: float | Fraction | None) -> str:
    """A number in at most six digits, a fraction as it is, nothing as a dash.

    Examples
    --------
    >>> number(37 / 32), number(Fraction(37, 32)), number(1e-17), number(None)
    ('1.15625', '37/32', '0', '-')
    """
    if value is None:
        return "-"
    if isinstance(value, Fraction):
        return str(value) if len(str(value)) <= 24 else f"{float(value):.9g}"
    if isinstance(value, (int, np.integer)):
        return str(value)
    return f"{0.0 if abs(value) < ZERO else value:.6g}"


def spoken(name: str) -> str:
    """A name of the package's as a sentence has it: ``first_best`` as first best."""
    return name.replace("_", " ")


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    shown = list(words[:MOST_LISTED])
    if len(words) > MOST_LISTED:
        return ", ".join(shown) + f", … ({len(words)})"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)
